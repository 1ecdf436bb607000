//! E-mail addresses, written (`laura@example.com`) and spoken (`laura dot bennett at example
//! dot com`, with spelt letters and spelling alphabets).

use domain::EntityKind;

use crate::redact::cues::Cue;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{Token, TokenKind, lexicon};

/// Tokens that a spoken local part may have.
const LONGEST_LOCAL: usize = 60;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for (position, item) in scan.words.items.iter().enumerate() {
        if is_written(item.text) {
            hits.push(Hit {
                first: position,
                last: position,
                kind: EntityKind::Email,
                detector: "email.written".into(),
                confidence: 0.98,
            });
        }
    }
    for at in 0..scan.stream.tokens().len() {
        if let Some(span) = spoken(scan, at) {
            hits.extend(scan.hit(span, EntityKind::Email, "email.spoken", 0.9));
        }
    }
    find_spelt(scan, hits);
}

fn is_written(word: &str) -> bool {
    word.split_once(['@', '\u{ff20}', '\u{fe6b}'])
        .is_some_and(|(local, host)| {
            local.ends_with(|c: char| c.is_alphanumeric() || "._%+-\"'".contains(c))
                && host.starts_with(char::is_alphanumeric)
        })
}

/// The tokens of an address around an `at`.
fn spoken(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let token = scan.stream.get(at)?;
    if !(token.is_mark('@') || matches!(token.word(), "at" | "add")) {
        return None;
    }
    if token.glued {
        return None;
    }
    let (last, top) = domain(scan, at + 1, 1)?;
    let first = local(scan, at, top)?;
    Some((first, last))
}

/// A domain from a token on: its last token and whether its end is a known top-level domain.
/// `labels` are demanded before the end.
pub(super) fn domain(scan: &Scan<'_>, start: usize, labels: usize) -> Option<(usize, bool)> {
    const LONGEST: usize = 24;
    let turn = scan.stream.turn(start)?;
    let mut at = start;
    let mut seen = 0;
    let mut in_label = 0;
    let mut best = None;
    while at < start + LONGEST {
        let Some(token) = scan.stream.get(at).filter(|t| t.turn == turn) else {
            break;
        };
        if is_dot(scan, at) && in_label > 0 {
            seen += 1;
            in_label = 0;
            let (end, known) = top_level(scan, at + 1, turn)?;
            if known {
                best = Some((end, true));
                at = end + 1;
                in_label = 1;
                continue;
            }
        } else if is_label(token) && in_label < 16 && (best.is_none() || in_label == 0) {
            in_label += 1;
        } else if !(token.is_mark('-') || matches!(token.word(), "dash" | "hyphen")) {
            break;
        }
        at += 1;
    }
    best.filter(|_| seen + 1 >= labels)
}

/// A dot that joins: said, or written without white space behind it.
fn is_dot(scan: &Scan<'_>, at: usize) -> bool {
    let glued = scan.stream.get(at + 1).is_some_and(|next| next.glued);
    scan.stream
        .get(at)
        .is_some_and(|t| matches!(t.word(), "dot" | "period") || t.is_mark('.') && glued)
}

fn is_label(token: &Token) -> bool {
    token.is_number()
        || token.kind == TokenKind::Word
            && !matches!(token.word(), "is" | "and" | "or" | "the" | "at" | "to")
}

/// The last label from a token on, in one piece or spelt (`c o m`), and whether it is known.
fn top_level(scan: &Scan<'_>, at: usize, turn: usize) -> Option<(usize, bool)> {
    let token = scan.stream.get(at).filter(|t| t.turn == turn)?;
    if token.word().len() > 1 {
        return Some((at, is_top_level(token.word())));
    }
    let mut spelt = String::new();
    for place in at..at + 4 {
        let Some(letter) = scan
            .stream
            .get(place)
            .filter(|t| t.turn == turn)
            .and_then(Token::letter)
        else {
            break;
        };
        spelt.push(letter);
        if spelt.len() >= 2 && is_top_level(&spelt) {
            return Some((place, true));
        }
    }
    Some((at, false))
}

/// Walks back from the `at` over what may be a local part.
fn local(scan: &Scan<'_>, at: usize, known: bool) -> Option<usize> {
    let turn = scan.stream.turn(at);
    let announced = scan.cued(at, &[Cue::Email]);
    let mut first = None;
    let mut words = 0;
    let mut joined = true;
    let mut after_letter = false;
    let letter_at = |at: Option<usize>| {
        at.and_then(|at| scan.stream.get(at))
            .is_some_and(|t| Some(t.turn) == turn && t.word().chars().count() == 1)
    };
    for place in (at.saturating_sub(LONGEST_LOCAL)..at).rev() {
        let Some(token) = scan.stream.get(place).filter(|t| Some(t.turn) == turn) else {
            break;
        };
        let separator = matches!(
            token.word(),
            "dot" | "underscore" | "dash" | "hyphen" | "period" | "plus" | "point"
        ) || matches!(token.kind, TokenKind::Mark('.' | '_' | '-' | '+'));
        if separator {
            joined = true;
            continue;
        }
        if matches!(token.kind, TokenKind::Mark(','))
            || lexicon::is_filler(token.word())
            || is_spelling_aid(scan, place)
        {
            continue;
        }
        let spelt =
            token.word().chars().count() == 1 && (after_letter || letter_at(place.checked_sub(1)));
        let piece = token.is_number()
            || spelt
            || token.letter().is_some() && !matches!(token.word(), "a" | "i" if !joined);
        let word = token.kind == TokenKind::Word
            && (joined || !lexicon::is_common(token.word()) || announced && first.is_none());
        let stop = matches!(
            token.word(),
            "is" | "it's" | "its" | "email" | "mail" | "address" | "to" | "me" | "at"
        );
        if stop || !(piece || word) || words >= 4 && !piece && !joined {
            break;
        }
        if joined
            && !spelt
            && first.is_none()
            && lexicon::is_common(token.word())
            && !announced
            && !has_separator(scan, place)
        {
            break;
        }
        words += usize::from(word && !piece);
        first = Some(place);
        joined = false;
        after_letter = token.word().chars().count() == 1;
    }
    first.filter(|_| known || announced)
}

/// `b as in boy`, `m for mike`: the words behind the letter.
fn is_spelling_aid(scan: &Scan<'_>, at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).map_or("", |i| scan.stream.word(i));
    let letter = |back: usize| {
        at.checked_sub(back)
            .and_then(|i| scan.stream.get(i))
            .is_some_and(|t| t.word().len() == 1)
    };
    let here = scan.stream.word(at);
    here == "as" && letter(1)
        || here == "in" && word(1) == "as"
        || word(1) == "in" && word(2) == "as" && letter(3)
        || matches!(here, "for" | "like") && letter(1)
        || matches!(word(1), "for" | "like") && letter(2)
}

fn has_separator(scan: &Scan<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|i| {
        matches!(
            scan.stream.word(i),
            "dot" | "underscore" | "dash" | "hyphen" | "period"
        )
    })
}

/// Letters spelt one by one where an address is asked for, in case the `at` is missing or said
/// in another turn.
fn find_spelt(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    const FEWEST: usize = 4;
    for (first, last, letters) in scan.spelt() {
        if letters.len() >= FEWEST
            && scan
                .before(first)
                .take(2)
                .any(|cued| cued.cue == Cue::Email)
        {
            hits.extend(scan.hit((first, last), EntityKind::Email, "email.spelt", 0.7));
        }
    }
}

/// Top-level domains that callers name; a word that is none makes no address.
pub(super) fn is_top_level(label: &str) -> bool {
    matches!(
        label.to_ascii_lowercase().as_str(),
        "com"
            | "net"
            | "org"
            | "edu"
            | "gov"
            | "mil"
            | "int"
            | "info"
            | "biz"
            | "io"
            | "co"
            | "me"
            | "us"
            | "uk"
            | "ca"
            | "au"
            | "de"
            | "fr"
            | "es"
            | "it"
            | "nl"
            | "be"
            | "ch"
            | "at"
            | "se"
            | "no"
            | "dk"
            | "fi"
            | "pl"
            | "pt"
            | "ie"
            | "eu"
            | "in"
            | "nz"
            | "jp"
            | "cn"
            | "br"
            | "mx"
            | "ru"
            | "za"
            | "app"
            | "dev"
            | "ai"
            | "tv"
            | "cc"
            | "xyz"
            | "online"
            | "shop"
            | "store"
            | "site"
            | "tech"
            | "health"
            | "bank"
            | "cloud"
            | "example"
            | "test"
            | "invalid"
            | "localhost"
            | "local"
            | "gr"
            | "cz"
            | "sk"
            | "hu"
            | "ro"
            | "bg"
            | "hr"
            | "si"
            | "lt"
            | "lv"
            | "ee"
            | "lu"
            | "mt"
            | "cy"
            | "name"
            | "pro"
            | "mobi"
            | "email"
            | "live"
            | "blog"
            | "club"
            | "world"
            | "agency"
            | "media"
            | "solutions"
            | "support"
    )
}
