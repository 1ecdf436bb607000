//! The characters of a query and the small tokens made of them.

use domain::query::Place;

/// Characters that end a bare word.
const MARKS: &str = "()[]\",:|&<>=!~/\u{201c}\u{201d}";

/// Words with a meaning of their own where a word could stand.
pub(super) const KEYWORDS: &[&str] = &["or", "and", "not", "near", "before", "after", "notin"];

pub(super) struct Cursor {
    chars: Vec<char>,
    at: usize,
}

impl Cursor {
    pub(super) fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            at: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn reset(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<char> {
        self.chars.get(self.at + by).copied()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes the character if it is next.
    pub(super) fn take(&mut self, c: char) -> bool {
        let next = self.peek() == Some(c);
        self.at += usize::from(next);
        next
    }

    pub(super) fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&keep) {
            self.at += 1;
        }
        self.text(start, self.at)
    }

    /// A bare word, possibly empty.
    pub(super) fn word(&mut self) -> String {
        self.take_while(|c| !c.is_whitespace() && !MARKS.contains(c))
    }

    /// The keyword that stands next, if one does; takes nothing. A word before a colon or a
    /// tilde is a keyword only where `NEAR:5` makes it one.
    pub(super) fn keyword(&mut self) -> Option<&'static str> {
        let start = self.at;
        let word = self.word().to_lowercase();
        let next = self.peek();
        self.at = start;
        let keyword = KEYWORDS.iter().find(|keyword| **keyword == word)?;
        let relation = matches!(*keyword, "near" | "before" | "after");
        let another = next == Some('~') || (next == Some(':') && !relation);
        (!another).then_some(*keyword)
    }

    /// Takes the keyword if it is next.
    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let next = self.keyword() == Some(keyword);
        if next {
            self.at += keyword.len();
        }
        next
    }

    /// Text up to a closing mark, which is taken; none if it never comes.
    pub(super) fn until(&mut self, closes: impl Fn(char) -> bool) -> Option<String> {
        let start = self.at;
        let length = self.chars.get(start..)?.iter().position(|c| closes(*c))?;
        self.at = start + length + 1;
        Some(self.text(start, start + length))
    }

    pub(super) fn text(&self, start: usize, end: usize) -> String {
        self.chars
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .collect()
    }

    pub(super) fn place(&self, start: usize) -> Place {
        let column = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        Place {
            start: column(start),
            end: column(self.at.max(start)),
        }
    }

    /// What stands next, for a message.
    pub(super) fn found(&self) -> String {
        match self.peek() {
            None => "the end".to_owned(),
            Some(c) if c.is_whitespace() => "a space".to_owned(),
            Some(c) => {
                let length = self
                    .chars
                    .iter()
                    .skip(self.at)
                    .take(24)
                    .take_while(|c| !c.is_whitespace() && !MARKS.contains(**c))
                    .count();
                if length == 0 {
                    format!("`{c}`")
                } else {
                    format!("`{}`", self.text(self.at, self.at + length))
                }
            }
        }
    }
}
