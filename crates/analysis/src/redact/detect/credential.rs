//! What opens an account: passwords, PINs, one-time codes, security answers, user names.
//! Numbers are given to their cues in `claims`; this module takes the words.

use domain::EntityKind;

use crate::redact::cues::{Cue, Cued};
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{Token, TokenKind, lexicon};

/// Words that a spoken password or answer may have.
const LONGEST: usize = 8;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for cued in &scan.cues {
        let (kind, detector) = match cued.cue {
            Cue::Password => (EntityKind::Credential, "credential.password"),
            Cue::SecurityAnswer => (EntityKind::Credential, "credential.security_answer"),
            Cue::Username => (EntityKind::Username, "credential.username"),
            Cue::Pin | Cue::OneTimeCode => (EntityKind::Credential, "credential.pin"),
            _ => continue,
        };
        let pin = matches!(cued.cue, Cue::Pin | Cue::OneTimeCode);
        let mut shapes = Vec::new();
        if !pin && cued.cue != Cue::SecurityAnswer {
            shapes = shaped(scan, cued);
            hits.extend(
                shapes
                    .iter()
                    .filter_map(|at| scan.hit((*at, *at), kind, detector, 0.7)),
            );
        }
        // Where the answer shows what it is by its form, the words around it are none.
        let worded_answer = || {
            let none = pin || !shapes.is_empty();
            if none { None } else { replied(scan, cued) }
        };
        if let Some(span) = stated(scan, cued).or_else(worded_answer) {
            let worded = scan
                .stream
                .slice(span.0, span.1 + 1)
                .iter()
                .any(|t| t.kind == TokenKind::Word);
            if !pin || worded {
                hits.extend(scan.hit(span, kind, detector, 0.8));
            }
        }
    }
}

/// Words beside a cue that look like nothing but a password or a user name: letters and digits in
/// one, or letters around an underscore. In the cue's sentence, and in the answer to a question.
fn shaped(scan: &Scan<'_>, cued: &Cued) -> Vec<usize> {
    let end = scan.sentence_end(cued.last);
    let mut start = cued.first;
    while scan.stream.turn(start.wrapping_sub(1)) == scan.stream.turn(cued.first)
        && !closes(scan, start.wrapping_sub(1))
    {
        start -= 1;
    }
    let asked = scan
        .stream
        .slice(cued.last, end + 1)
        .iter()
        .any(|t| t.is_mark('?'));
    let answer = scan.stream.turn(end + 1).filter(|_| asked);
    let mut last = end;
    while answer.is_some() && scan.stream.turn(last + 1) == answer {
        last += 1;
    }
    (start..=last).filter(|at| is_shaped(scan, *at)).collect()
}

/// Whether a sentence ends at a token: not with the mark at the end of a password that a word in
/// small letters follows, as in `Xy7! but it is refused`.
fn closes(scan: &Scan<'_>, at: usize) -> bool {
    let inside = |token: &Token| {
        token.is_mark('!')
            && token.glued
            && scan.previous(at).is_some_and(Token::is_number)
            && scan
                .stream
                .get(at + 1)
                .is_some_and(|next| next.turn == token.turn && !next.capital)
    };
    scan.stream
        .get(at)
        .is_some_and(|token| token.ends_sentence() && !inside(token))
}

fn is_shaped(scan: &Scan<'_>, at: usize) -> bool {
    let position = scan.stream.get(at).map(|t| t.first);
    let text = position
        .and_then(|at| scan.words.items.get(at))
        .map_or("", |item| item.text);
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    let letters = core.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let mixed = letters >= 3 && digits >= 2 || letters >= 2 && digits >= 3;
    mixed && !core.contains(['@', '/', ':']) || core.contains('_') && letters >= 3
}

/// `password is blue horse seven`, `password: Tr0ub4dor&3`, `username = jdoe`.
fn stated(scan: &Scan<'_>, cued: &Cued) -> Option<(usize, usize)> {
    let turn = scan.stream.turn(cued.last);
    let mut at = cued.last + 1;
    let mut linked = false;
    while let Some(token) = scan
        .stream
        .get(at)
        .filter(|t| Some(t.turn) == turn && at <= cued.last + 8)
    {
        match token.kind {
            TokenKind::Mark(':' | '=') => linked = true,
            TokenKind::Mark('"' | '\'' | '-' | ',' | '>') => {}
            TokenKind::Word if matches!(token.word(), "is" | "was" | "it's" | "will") => {
                linked = true
            }
            TokenKind::Word if is_lead(token.word()) || lexicon::is_filler(token.word()) => {}
            _ => break,
        }
        at += 1;
    }
    let token = scan.stream.get(at).filter(|t| Some(t.turn) == turn)?;
    let written = digits_and_letters(scan, at);
    if !(linked || written)
        || is_state(token)
        || matches!(token.kind, TokenKind::Placeholder(_))
        || token.ends_sentence()
    {
        return None;
    }
    Some((at, value_end(scan, at, cued.cue)))
}

/// The answer in the next turn of another speaker, its lead-in left standing.
fn replied(scan: &Scan<'_>, cued: &Cued) -> Option<(usize, usize)> {
    let end = scan.sentence_end(cued.last);
    let asked = scan
        .stream
        .slice(cued.last, end + 1)
        .iter()
        .any(|t| t.is_mark('?'));
    let mut at = end + 1;
    let opens = scan.stream.get(at)?;
    if !asked || opens.speaker == scan.stream.get(end)?.speaker {
        return None;
    }
    let turn = opens.turn;
    let mut skipped = 0;
    while let Some(token) = scan.stream.get(at).filter(|t| t.turn == turn) {
        let lead = is_lead(token.word())
            || lexicon::is_filler(token.word())
            || matches!(token.kind, TokenKind::Mark(_))
            || matches!(
                token.word(),
                "is" | "it's"
                    | "yes"
                    | "sure"
                    | "okay"
                    | "ok"
                    | "of"
                    | "course"
                    | "yeah"
                    | "so"
                    | "name"
                    | "that's"
                    | "was"
                    | "let"
                    | "me"
                    | "see"
                    | "would"
                    | "be"
                    | "think"
            );
        if !lead || skipped > 10 {
            break;
        }
        skipped += 1;
        at += 1;
    }
    let token = scan.stream.get(at).filter(|t| t.turn == turn)?;
    let rest = value_end(scan, at, cued.cue) - at;
    if is_state(token)
        || matches!(token.kind, TokenKind::Placeholder(_))
        || rest > LONGEST + 4
        || declines(token.word())
    {
        return None;
    }
    Some((at, at + rest))
}

fn declines(word: &str) -> bool {
    matches!(
        word,
        "i" | "no"
            | "can"
            | "could"
            | "what"
            | "why"
            | "don't"
            | "sorry"
            | "which"
            | "how"
            | "one"
            | "we"
            | "hold"
            | "hang"
            | "where"
            | "you"
            | "i'm"
            | "i've"
            | "i'd"
            | "do"
    )
}

fn is_lead(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "my"
            | "for"
            | "this"
            | "that"
            | "account"
            | "on"
            | "to"
            | "portal"
            | "online"
            | "your"
            | "it"
            | "set"
            | "currently"
            | "site"
            | "app"
            | "and"
            | "actually"
            | "just"
            | "all"
            | "lowercase"
            | "letters"
    )
}

/// `password is not working`, `is refused`: says how it is, not what it is.
fn is_state(token: &Token) -> bool {
    let participle = token.word().ends_with("ed") || token.word().ends_with("ing");
    participle && lexicon::is_everyday(token.word())
        || matches!(
            token.word(),
            "not"
                | "wrong"
                | "incorrect"
                | "expired"
                | "working"
                | "being"
                | "required"
                | "correct"
                | "invalid"
                | "locked"
                | "reset"
                | "no"
                | "missing"
                | "case"
                | "too"
                | "still"
                | "never"
                | "out"
                | "in"
                | "there"
                | "right"
                | "what"
                | "something"
                | "protected"
                | "needed"
                | "on"
                | "different"
                | "the"
                | "a"
                | "sent"
                | "changed"
                | "blocked"
                | "also"
                | "always"
                | "so"
                | "very"
                | "please"
                | "be"
                | "you"
                | "i"
                | "we"
                | "they"
                | "and"
                | "or"
                | "but"
                | "then"
                | "if"
                | "manager"
                | "box"
                | "field"
                | "page"
                | "screen"
                | "again"
                | "because"
                | "asking"
                | "saved"
                | "stored"
                | "shared"
                | "safe"
                | "secret"
                | "optional"
                | "strong"
                | "weak"
        )
}

/// A word that mixes digits and letters, as written passwords do.
fn digits_and_letters(scan: &Scan<'_>, at: usize) -> bool {
    let position = scan.stream.get(at).map(|t| t.first);
    let text = position
        .and_then(|at| scan.words.items.get(at))
        .map_or("", |item| item.text);
    text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// A written value is one word; a spoken one goes to the sentence's end or a turn of phrase.
fn value_end(scan: &Scan<'_>, at: usize, cue: Cue) -> usize {
    let end = scan.sentence_end(at);
    let turn = scan.stream.turn(at);
    let mut last = at;
    for place in at..=end.min(at + LONGEST * 3) {
        let Some(token) = scan.stream.get(place).filter(|t| Some(t.turn) == turn) else {
            break;
        };
        let breaks = !token.glued
            && place > at
            && (token.ends_sentence()
                || matches!(
                    token.word(),
                    "and"
                        | "but"
                        | "because"
                        | "so"
                        | "please"
                        | "thanks"
                        | "thank"
                        | "if"
                        | "can"
                        | "it"
                        | "is"
                )
                || cue == Cue::Username
                    && token.kind == TokenKind::Word
                    && lexicon::is_common(token.word())
                    && token.word() != "dot"
                    && token.word() != "underscore"
                || matches!(token.kind, TokenKind::Placeholder(_)));
        if breaks {
            break;
        }
        last = place;
    }
    last
}
