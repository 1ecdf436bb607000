//! Operands: phrases, words, lists, scopes, categories and fields.

use domain::EntityKind;
use domain::query::{Amount, Edge, Node, Query, Reach, WordTest};

use super::cursor::KEYWORDS;
use super::error::{self, QueryError};
use super::fields::{self, Comparison, FieldKind};
use super::parser::{Parser, Part};
use super::{numbers, pattern, words};

/// Names that a colon makes a scope or a reference.
pub(super) const RESERVED: &[&str] = &["agent", "consumer", "ivr", "bot", "first", "last", "cat"];
/// Words between the words of a phrase, at most.
const MAX_GAP: u32 = 1_000;
/// What other products call the person who calls.
pub(super) const CONSUMER_NAMES: &[&str] = &["customer", "client", "caller", "user", "end_user"];

fn opens_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}')
}

impl Parser<'_> {
    /// `None` where a part inside had a fault that is already noted.
    pub(super) fn operand(&mut self) -> Part<Option<Query>> {
        self.cursor.skip_space();
        match self.cursor.peek() {
            Some('(') => self.nested(Self::group),
            Some('[') => self.nested(Self::list),
            Some('/') => self.regex().map(Some),
            Some(c) if opens_quote(c) => self.phrase().map(Some),
            _ => self.nested(Self::named),
        }
    }

    fn group(&mut self) -> Part<Option<Query>> {
        let start = self.cursor.at();
        if !self.cursor.take('(') {
            return Err(self.expected("`(`"));
        }
        let inner = self.query();
        self.cursor.skip_space();
        if self.cursor.take(')') {
            return Ok(inner);
        }
        let fault = self.expected("`)`");
        let fault = match self.cursor.peek() {
            None => QueryError::new(start, "a `)` for this `(`", "the end")
                .try_instead(format!("{})", self.cursor.text(start, self.cursor.len()))),
            Some(_) => fault,
        };
        Err(fault)
    }

    /// `[CARD]`, or one of several operands.
    fn list(&mut self) -> Part<Option<Query>> {
        let start = self.cursor.at();
        self.cursor.bump();
        if let Some(tag) = self.tag()? {
            return Ok(Some(self.one(start, WordTest::Exact(tag))));
        }
        let mut items = Vec::new();
        let mut whole = true;
        loop {
            match self.operand() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => whole = false,
                Err(fault) => {
                    whole = false;
                    self.fault(fault);
                    self.cursor.take_while(|c| !matches!(c, ',' | ']'));
                }
            }
            self.cursor.skip_space();
            if self.cursor.take(']') {
                break;
            }
            if !self.cursor.take(',') {
                let fault = match self.cursor.peek() {
                    None => QueryError::new(start, "a `]` for this `[`", "the end"),
                    Some(_) => self.expected("`,` or `]` (several words of one item are quoted)"),
                };
                return Err(fault);
            }
        }
        Ok(whole.then(|| Query {
            node: Node::AnyOf(items),
            place: self.cursor.place(start),
        }))
    }

    /// The placeholder after `[`, taken with its `]`. One name in capitals is always a
    /// placeholder, so a mistyped one is refused and not read as a word.
    fn tag(&mut self) -> Part<Option<String>> {
        let start = self.cursor.at();
        let name = self
            .cursor
            .take_while(|c| c.is_ascii_uppercase() || c == '_');
        if name.len() < 2 || !self.cursor.take(']') {
            self.cursor.reset(start);
            return Ok(None);
        }
        if let Ok(kind) = name.parse::<EntityKind>() {
            return Ok(Some(words::placeholder(kind)));
        }
        let tags = EntityKind::ALL.iter().map(|kind| kind.tag());
        let nearest = error::nearest(&name, tags).map_or_else(
            || format!("[{}]", name.to_lowercase()),
            |tag| format!("[{tag}]"),
        );
        let expected = "a kind of redaction (a word in a list is written in small letters)";
        Err(QueryError::new(start, expected, format!("`{name}`")).try_instead(nearest))
    }

    fn one(&self, start: usize, test: WordTest) -> Query {
        Query {
            node: Node::Phrase {
                words: vec![test],
                gap: 0,
            },
            place: self.cursor.place(start),
        }
    }

    fn regex(&mut self) -> Part<Query> {
        let start = self.cursor.at();
        self.cursor.bump();
        let mut source = String::new();
        loop {
            match self.cursor.bump() {
                Some('/') => break,
                Some('\\') if self.cursor.peek() == Some('/') => {
                    source.extend(self.cursor.bump());
                }
                Some('\\') => {
                    source.push('\\');
                    source.extend(self.cursor.bump());
                }
                Some(c) => source.push(c),
                None => {
                    let fault = QueryError::new(start, "a `/` that closes the pattern", "the end");
                    return Err(fault.try_instead(format!("/{source}/")));
                }
            }
        }
        pattern::check_regex(&source)
            .map_err(|reason| QueryError::new(start, reason, format!("`/{source}/`")))?;
        Ok(self.one(start, WordTest::Regex(source)))
    }

    fn phrase(&mut self) -> Part<Query> {
        let start = self.cursor.at();
        let opening = self.cursor.bump();
        let inside = self.cursor.at();
        let curly = opening == Some('\u{201c}');
        let Some(text) = self
            .cursor
            .until(|c| c == '"' || (curly && c == '\u{201d}'))
        else {
            let text = self.cursor.text(inside, self.cursor.len());
            self.cursor.reset(self.cursor.len());
            let fault = QueryError::new(start, "a quote that closes this one", "the end");
            return Err(fault.try_instead(format!("\"{}\"", text.trim())));
        };
        let mut tests = Vec::new();
        let mut at = inside;
        for piece in text.split(char::is_whitespace) {
            self.phrase_word(piece, at, &mut tests)?;
            at += piece.chars().count() + 1;
        }
        if tests.is_empty() {
            return Err(QueryError::new(start, "words between the quotes", "none"));
        }
        let words = joined(tests);
        let gap = self.phrase_gap()?;
        let gap = if words.len() > 1 { gap } else { 0 };
        Ok(Query {
            node: Node::Phrase { words, gap },
            place: self.cursor.place(start),
        })
    }

    fn phrase_gap(&mut self) -> Part<u32> {
        if !self.cursor.take('~') {
            return Ok(0);
        }
        let start = self.cursor.at();
        let digits = self.cursor.take_while(|c| c.is_ascii_digit());
        let gap = digits.parse().ok().filter(|gap| *gap <= MAX_GAP);
        gap.ok_or_else(|| {
            let found = if digits.is_empty() {
                self.cursor.found()
            } else {
                format!("`{digits}`")
            };
            let expected = format!("how many words may stand between, 0 to {MAX_GAP}");
            QueryError::new(start, expected, found).try_instead("\"…\"~2")
        })
    }

    fn phrase_word(&self, piece: &str, at: usize, tests: &mut Vec<WordTest>) -> Part<()> {
        let tag = piece
            .strip_prefix('[')
            .and_then(|tag| tag.strip_suffix(']'))
            .and_then(|tag| tag.parse::<EntityKind>().ok());
        if let Some(kind) = tag {
            tests.push(WordTest::Exact(words::placeholder(kind)));
            return Ok(());
        }
        if let Some(base) = piece.strip_suffix('~') {
            tests.push(inflected(base, at)?);
            return Ok(());
        }
        tests.extend(word_tests(piece, at)?);
        Ok(())
    }

    /// Whatever begins with a name: a word, a scope, a category or a field.
    fn named(&mut self) -> Part<Option<Query>> {
        let start = self.cursor.at();
        let keyword = self.cursor.keyword();
        let word = self.cursor.word();
        if word.is_empty() {
            return Err(self.expected("a word, a quoted phrase, `(` or `[`"));
        }
        if let Some(keyword) = keyword {
            self.cursor.reset(start);
            let fault = self.expected("a word, a quoted phrase, `(` or `[`");
            let quoted = format!("\"{keyword}\"");
            self.cursor.reset(start + word.chars().count());
            return Err(fault.try_instead(quoted));
        }
        let after = self.cursor.at();
        self.cursor.skip_space();
        if let Some(comparison) = self.comparison() {
            return self.field(start, &word, comparison).map(Some);
        }
        self.cursor.reset(after);
        if self.cursor.take(':') {
            return self.after_colon(start, &word);
        }
        if self.cursor.take('~') {
            if self.cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
                return Err(self
                    .expected("a quoted phrase before `~` and a number")
                    .try_instead(format!("\"{word} …\"~2")));
            }
            let test = inflected(&word, start)?;
            return Ok(Some(self.one(start, test)));
        }
        let tests = joined(word_tests(&word, start)?);
        if tests.is_empty() {
            return Err(QueryError::new(start, "a word", format!("`{word}`")));
        }
        Ok(Some(Query {
            node: Node::Phrase {
                words: tests,
                gap: 0,
            },
            place: self.cursor.place(start),
        }))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let next = (self.cursor.peek()?, self.cursor.ahead(1));
        let (comparison, length) = match next {
            ('!', Some('=')) => (Comparison::IsNot, 2),
            ('>', Some('=')) => (Comparison::AtLeast, 2),
            ('<', Some('=')) => (Comparison::AtMost, 2),
            ('>', _) => (Comparison::Above, 1),
            ('<', _) => (Comparison::Below, 1),
            ('=', _) => (Comparison::Is, 1),
            _ => return None,
        };
        self.cursor.reset(self.cursor.at() + length);
        Some(comparison)
    }

    fn after_colon(&mut self, start: usize, word: &str) -> Part<Option<Query>> {
        let name = word.to_lowercase();
        match name.as_str() {
            "cat" => return self.category(start).map(Some),
            "first" => return self.edge(start, Edge::First, "first"),
            "last" => return self.edge(start, Edge::Last, "last"),
            _ => {}
        }
        if let Some(speaker) = Self::speaker(&name) {
            let inner = self.operand()?;
            return Ok(inner.map(|inner| Query {
                node: Node::Speaker(speaker, Box::new(inner)),
                place: self.cursor.place(start),
            }));
        }
        self.field(start, word, Comparison::Is).map(Some)
    }

    fn category(&mut self, start: usize) -> Part<Query> {
        let example = "CAT:[Folder.Name]";
        if !self.cursor.take('[') {
            return Err(self
                .expected("`[` and a category's name")
                .try_instead(example));
        }
        let inside = self.cursor.at();
        let name = self.cursor.until(|c| c == ']');
        let Some(name) = name.map(|name| name.trim().to_owned()) else {
            self.cursor.reset(self.cursor.len());
            let fault = QueryError::new(start, "a `]` that closes the name", "the end");
            return Err(fault.try_instead(example));
        };
        if name.is_empty() || name.contains('[') {
            let found = format!("`{name}`");
            return Err(QueryError::new(inside, "a category's name", found).try_instead(example));
        }
        Ok(Query {
            node: Node::Category { name, body: None },
            place: self.cursor.place(start),
        })
    }

    fn edge(&mut self, start: usize, edge: Edge, name: &str) -> Part<Option<Query>> {
        let reach = self.reach(name)?;
        self.cursor.skip_space();
        if self.cursor.peek() != Some('(') {
            return Err(self
                .expected("`(` and what to look for there")
                .try_instead(format!("{name}:30s(…)")));
        }
        let inner = self.group()?;
        Ok(inner.map(|inner| Query {
            node: Node::Edge(edge, reach, Box::new(inner)),
            place: self.cursor.place(start),
        }))
    }

    fn reach(&mut self, name: &str) -> Part<Reach> {
        let start = self.cursor.at();
        let digits = self.cursor.take_while(|c| c.is_ascii_digit() || c == '.');
        if !self.cursor.take('%') {
            self.cursor.reset(start);
            let amount: Amount = self.amount(name)?;
            return Ok(Reach::Amount(amount));
        }
        let (whole, tenth) = digits.split_once('.').unwrap_or((&digits, "0"));
        let share = whole
            .parse::<u32>()
            .ok()
            .zip(tenth.parse::<u32>().ok().filter(|_| tenth.len() == 1))
            .filter(|(whole, _)| *whole <= 100)
            .map(|(whole, tenth)| whole * 10 + tenth)
            .filter(|share| *share <= 1_000);
        share.map(Reach::Share).ok_or_else(|| {
            let expected = "a share from 0% to 100%, one decimal at most";
            QueryError::new(start, expected, format!("`{digits}%`"))
                .try_instead(format!("{name}:10%(…)"))
        })
    }

    fn field(&mut self, start: usize, word: &str, comparison: Comparison) -> Part<Query> {
        let name = word.to_lowercase();
        let Some(kind) = self.fields.kind(&name) else {
            return Err(self.unknown_name(start, &name));
        };
        self.cursor.skip_space();
        let at = self.cursor.at();
        let quoted = self.cursor.peek().is_some_and(opens_quote);
        let text = if quoted {
            let curly = self.cursor.bump() == Some('\u{201c}');
            let text = self
                .cursor
                .until(|c| c == '"' || (curly && c == '\u{201d}'));
            text.ok_or_else(|| QueryError::new(at, "a quote that closes this one", "the end"))?
        } else {
            self.cursor
                .take_while(|c| !c.is_whitespace() && !"()[]\",|&\u{201c}\u{201d}".contains(c))
        };
        let test = fields::test(kind, comparison, &text, quoted).map_err(|bad| {
            let found = if text.is_empty() {
                self.cursor.found()
            } else {
                format!("`{text}`")
            };
            let value = match kind {
                FieldKind::Text if !text.trim().is_empty() => text.as_str(),
                _ => bad.example,
            };
            QueryError::new(at, bad.expected, found).try_instead(format!("{name}:{value}"))
        })?;
        Ok(Query {
            node: Node::Field { name, test },
            place: self.cursor.place(start),
        })
    }

    fn unknown_name(&self, start: usize, name: &str) -> QueryError {
        let fault = QueryError::new(start, "the name of a field or scope", format!("`{name}`"));
        if CONSUMER_NAMES.contains(&name) {
            return fault.try_instead("consumer:");
        }
        let scope = error::nearest(name, RESERVED.iter().chain(KEYWORDS).copied());
        match self.fields.nearest(name).or(scope) {
            Some(nearest) => fault.try_instead(format!("{nearest}:")),
            None => fault,
        }
    }
}

fn inflected(word: &str, at: usize) -> Part<WordTest> {
    let mut parts = words::split(word);
    match (parts.pop(), parts.is_empty()) {
        (Some(base), true)
            if base.chars().any(char::is_alphabetic) && !word.contains(['*', '?']) =>
        {
            Ok(WordTest::Inflected(base))
        }
        _ => Err(
            QueryError::new(at, "one word before `~`", format!("`{word}`")).try_instead("cancel~"),
        ),
    }
}

/// A piece between white space, as words and wildcards.
fn word_tests(piece: &str, at: usize) -> Part<Vec<WordTest>> {
    if !piece.contains(['*', '?']) {
        return Ok(words::split(piece)
            .into_iter()
            .map(WordTest::Exact)
            .collect());
    }
    let mut tests = Vec::new();
    let keeps = |c: char| words::is_letter(c) || matches!(c, '\'' | '*' | '?');
    for part in words::fold(piece).split(|c| !keeps(c)) {
        let part = part.trim_matches('\'');
        if !part.contains(['*', '?']) {
            tests.extend(words::split(part).into_iter().map(WordTest::Exact));
            continue;
        }
        if part.chars().filter(|c| words::is_letter(*c)).count() < 2 {
            let expected = "at least two letters beside `*` and `?`";
            return Err(QueryError::new(at, expected, format!("`{part}`")));
        }
        let mut wildcard = part.to_owned();
        while wildcard.contains("**") {
            wildcard = wildcard.replace("**", "*");
        }
        tests.push(WordTest::Wildcard(wildcard));
    }
    Ok(tests)
}

/// Number words that stand side by side become one, as they do in the index.
fn joined(tests: Vec<WordTest>) -> Vec<WordTest> {
    let mut out = Vec::with_capacity(tests.len());
    let mut run: Vec<String> = Vec::new();
    let flush = |run: &mut Vec<String>, out: &mut Vec<WordTest>| {
        let numbers = numbers::runs(&std::mem::take(run)).into_iter();
        out.extend(numbers.map(|number| WordTest::Exact(number.text)));
    };
    for test in tests {
        match test {
            WordTest::Exact(word) => run.push(word),
            other => {
                flush(&mut run, &mut out);
                out.push(other);
            }
        }
    }
    flush(&mut run, &mut out);
    out
}
