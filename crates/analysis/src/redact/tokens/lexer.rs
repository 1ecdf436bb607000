//! Cuts words into words, digits and marks.

use std::borrow::Cow;

use domain::EntityKind;
use unicode_normalization::UnicodeNormalization;

use super::{NumberUse, Token, TokenKind};
use crate::redact::output::trimmed;
use crate::redact::words::{Item, Words};

/// Cuts every word. Words already `taken` become placeholders, neighbours of one kind one. Where
/// marks stay, those at the ends of a taken stretch are cut as they will stand in the output.
pub(super) fn lex(words: &Words<'_>, taken: &[Option<EntityKind>]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(words.items.len() * 2);
    let kind_at = |at: usize| taken.get(at).copied().flatten();
    for (position, item) in words.items.iter().enumerate() {
        let Some(kind) = kind_at(position) else {
            cut(&mut tokens, item, position, item.text);
            continue;
        };
        let old = placeholder(item.text).is_some();
        let (head, _, tail) = trimmed(item.text);
        let opens = position.checked_sub(1).and_then(kind_at) != Some(kind);
        if words.keeps_marks && (opens || old) {
            cut(&mut tokens, item, position, head.trim_end_matches('['));
        }
        push_placeholder(&mut tokens, item, position, kind);
        if words.keeps_marks && (kind_at(position + 1) != Some(kind) || old) {
            cut(&mut tokens, item, position, tail.trim_start_matches(']'));
        }
    }
    tokens
}

/// The kind of a word that is a tag, such as `[CARD]` or `([CARD]),`.
pub(crate) fn placeholder(text: &str) -> Option<EntityKind> {
    let (head, tag) = text.split_once('[')?;
    let (tag, tail) = tag.split_once(']')?;
    let bare = |marks: &str| !marks.chars().any(char::is_alphanumeric);
    (bare(head) && bare(tail))
        .then(|| tag.parse().ok())
        .flatten()
}

fn push_placeholder(tokens: &mut Vec<Token>, item: &Item<'_>, position: usize, kind: EntityKind) {
    if let Some(previous) = tokens.last_mut()
        && previous.kind == TokenKind::Placeholder(kind)
        && previous.turn == item.turn
    {
        previous.last = position;
        return;
    }
    tokens.push(token(
        item,
        position,
        TokenKind::Placeholder(kind),
        String::new(),
    ));
}

fn token(item: &Item<'_>, position: usize, kind: TokenKind, text: String) -> Token {
    Token {
        kind,
        text,
        first: position,
        last: position,
        turn: item.turn,
        speaker: item.speaker,
        capital: false,
        upper: false,
        glued: false,
        spelt: false,
    }
}

fn cut(tokens: &mut Vec<Token>, item: &Item<'_>, position: usize, text: &str) {
    let text = plain(text);
    let before = tokens.len();
    let mut rest = text.as_ref();
    while let Some(head) = rest.chars().next() {
        let (kind, length) = if head.is_ascii_digit() {
            let digits = rest.find(|c: char| !c.is_ascii_digit());
            (TokenKind::Number(NumberUse::Plain), digits)
        } else if head.is_alphabetic() {
            (
                TokenKind::Word,
                rest.find(|c: char| !(c.is_alphabetic() || c == '\'')),
            )
        } else {
            (TokenKind::Mark(head), Some(head.len_utf8()))
        };
        let (piece, tail) = rest.split_at(length.unwrap_or(rest.len()));
        rest = tail;
        let mut cut = token(item, position, kind, String::new());
        match kind {
            TokenKind::Word => {
                cut.capital = head.is_uppercase();
                cut.upper = !piece.chars().any(char::is_lowercase);
                cut.text = piece.trim_end_matches('\'').to_lowercase();
            }
            TokenKind::Number(_) => piece.clone_into(&mut cut.text),
            TokenKind::Mark(_) | TokenKind::Placeholder(_) => {}
        }
        cut.glued = tokens.len() > before;
        tokens.push(cut);
    }
}

/// Compatibility forms folded, every decimal digit as ASCII, invisible characters dropped,
/// dashes and apostrophes in one spelling: so that `４１１１` or digits with zero-width
/// characters between them are no way around the detectors.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().filter_map(fold).collect())
}

fn fold(c: char) -> Option<char> {
    match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => Some('\''),
        _ => Some(ascii_digit(c).unwrap_or(c)),
    }
}

/// Decimal digits of the scripts in use, by the first code point of each block of ten.
fn ascii_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 12] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xe50, 0xed0, 0x1040,
    ];
    let code = u32::from(c);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}
