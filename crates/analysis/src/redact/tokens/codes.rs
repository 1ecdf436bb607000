//! Codes: digits and letters that belong together, written or spelt, as in `AB 12 34 56 C` or
//! `a b one two three four five six charlie`.

use super::{Stream, Token, TokenKind, lexicon};

/// One code in one turn: tokens `first..=last`.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Upper-case letters and digits.
    pub(crate) text: String,
    /// The token of each character of `text`.
    pub(crate) tokens: Vec<usize>,
}

impl Code {
    /// What is left of it behind a token.
    pub(crate) fn behind(&self, token: usize) -> Option<Self> {
        let cut = self.tokens.partition_point(|at| *at <= token);
        Some(Self {
            first: *self.tokens.get(cut)?,
            last: self.last,
            text: self.text.get(cut..)?.to_owned(),
            tokens: self.tokens.get(cut..)?.to_vec(),
        })
    }

    /// Digits among its characters.
    pub(crate) fn digits(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_digit).count()
    }
}

/// Every code of at least four characters with a digit and a letter.
pub(crate) fn find(stream: &Stream) -> Vec<Code> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = stream.get(at) {
        let Some(code) = begins(stream, at, token).then(|| grow(stream, at, token.turn)) else {
            at += 1;
            continue;
        };
        at = code.last.max(at) + 1;
        let letters = code.text.len() - code.digits();
        if code.text.len() >= 4 && letters > 0 && letters < code.text.len() {
            found.push(code);
        }
    }
    found
}

/// A code begins with a digit or with letters that are no word of a sentence: the article and
/// the pronoun do not begin one.
fn begins(stream: &Stream, at: usize, token: &Token) -> bool {
    let glued = stream
        .get(at + 1)
        .is_some_and(|next| next.glued && next.is_number());
    let pair = token.word().len() == 2
        && !lexicon::is_common(token.word())
        && !lexicon::is_filler(token.word())
        && stream
            .get(at + 1)
            .is_some_and(|next| next.turn == token.turn && next.is_plain_number());
    match piece(token, glued || pair) {
        None => false,
        Some(_) if glued || token.is_number() => true,
        Some(_) => {
            !matches!(token.word(), "a" | "i")
                || stream
                    .get(at + 1)
                    .is_some_and(|next| next.letter().is_some() || next.is_number() && token.upper)
        }
    }
}

fn grow(stream: &Stream, start: usize, turn: usize) -> Code {
    let mut code = Code {
        first: start,
        last: start,
        text: String::new(),
        tokens: Vec::new(),
    };
    let mut gap = 0;
    let mut at = start;
    while let Some(token) = stream
        .get(at)
        .filter(|token| token.turn == turn && gap <= 3)
    {
        let digit_beside =
            token.glued && at > start && stream.get(at - 1).is_some_and(Token::is_number)
                || stream
                    .get(at + 1)
                    .is_some_and(|next| next.glued && next.is_number());
        let pair = token.word().len() == 2
            && !lexicon::is_common(token.word())
            && !lexicon::is_filler(token.word())
            && stream
                .get(at + 1)
                .is_some_and(|next| next.turn == turn && next.is_plain_number());
        let bank = token.word().len() == 4 && is_iban_head(&code.text);
        if let Some(text) = piece(token, digit_beside || pair || bank) {
            code.tokens.extend(std::iter::repeat_n(at, text.len()));
            code.text.push_str(&text);
            code.last = at;
            gap = 0;
        } else if matches!(
            token.kind,
            TokenKind::Mark('-' | ' ' | '.' | ',' | '/' | '_')
        ) || lexicon::is_filler(token.word())
        {
            gap += 1;
        } else {
            break;
        }
        at += 1;
    }
    without_article(stream, code)
}

/// `4 1 1 1 … 7 3 1 2 a minute ago`: behind so many digits an `a` before a word is the article.
/// No id ends so; one of fewer digits keeps the letter.
fn without_article(stream: &Stream, mut code: Code) -> Code {
    let article = stream
        .get(code.last)
        .is_some_and(|t| matches!(t.word(), "a" | "i") && !t.upper && !t.glued);
    let next = stream
        .get(code.last + 1)
        .filter(|t| t.kind == TokenKind::Word);
    let goes_on = next.is_some_and(|t| stream.turn(code.last) == Some(t.turn));
    if article && goes_on && code.digits() >= 13 && code.digits() + 1 == code.text.len() {
        code.tokens.pop();
        code.text.pop();
        code.last = code.tokens.last().copied().unwrap_or(code.first);
    }
    code
}

/// `GB29`: behind it, letters of a bank are part of the code in any case.
fn is_iban_head(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).all(u8::is_ascii_digit)
}

/// What a token adds: its digits, one spelt letter, or a few letters written in capitals or
/// against a digit.
fn piece(token: &Token, digit_beside: bool) -> Option<String> {
    if token.is_plain_number() {
        return Some(token.digits().to_owned());
    }
    let word = token.word();
    if let Some(letter) = token.letter().filter(char::is_ascii_alphabetic) {
        return Some(letter.to_ascii_uppercase().to_string());
    }
    let short = (1..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
    (short && (token.upper || digit_beside)).then(|| word.to_ascii_uppercase())
}
