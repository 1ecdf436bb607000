//! Which of a model's spans can be what it takes them for.

use domain::EntityKind;

use super::words::stem;
use super::{may_be_name, misheard};
use crate::redact::cues::Cue;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{NumberUse, Token, TokenKind, lexicon};

/// Words between a street's name and the number of a house or a postcode.
const NEAR_STREET: usize = 8;
/// Confidence from which a model is believed of any word.
const SURE: f32 = 0.5;

/// A model's spans without those that can be none: numbers that the normaliser knows better, what
/// stands for an order and the like, words of everyday talk, words that announce a secret
/// (`NINO`, `MAC`, `Visa`), and kinds that lack what all of theirs have. What the model is not
/// sure of is believed of a word that is in no lexicon.
pub(in crate::redact) fn sensible(scan: &Scan<'_>, model: Vec<Hit>) -> Vec<Hit> {
    let worded: Vec<usize> = model
        .iter()
        .filter(|hit| hit.kind == EntityKind::Address && is_worded(scan, hit))
        .filter(|hit| !is_the_street(scan, hit))
        .map(|hit| hit.first)
        .collect();
    let sensible = |hit: Hit| {
        let fits = match hit.kind {
            // A number alone locates nobody: one of a house stands by a street.
            EntityKind::Address if is_the_street(scan, &hit) => false,
            EntityKind::Address => {
                is_worded(scan, &hit)
                    || worded
                        .iter()
                        .any(|at| at.abs_diff(hit.first) <= NEAR_STREET)
            }
            EntityKind::Url | EntityKind::Email => is_online(scan, &hit),
            EntityKind::GovernmentId | EntityKind::BankAccount | EntityKind::Phone => {
                touched(scan, &hit).any(|(_, token)| token.is_number())
            }
            _ => true,
        };
        if fits { trimmed(scan, hit) } else { None }
    };
    model.into_iter().filter_map(sensible).collect()
}

/// A hit without the words at its ends that tell nothing; of an address only what announces one
/// goes, since a street may have any word's name.
fn trimmed(scan: &Scan<'_>, hit: Hit) -> Option<Hit> {
    let telling = |(at, token): &(usize, &Token)| is_telling(scan, &hit, *at, token);
    if !touched(scan, &hit).any(|one| telling(&one)) {
        return None;
    }
    let address = hit.kind == EntityKind::Address;
    let kept = |one: &(usize, &Token)| {
        let heard_with_it = scan.hears_capitals && one.1.capital;
        let named = (address || heard_with_it) && !is_cue(scan, one.0);
        telling(one) || named && one.1.kind == TokenKind::Word
    };
    let first = touched(scan, &hit).find(kept)?.1.first;
    let last = touched(scan, &hit).filter(kept).last()?.1.last;
    Some(Hit { first, last, ..hit })
}

/// `the high street`, `the main road`: a street that every town has.
fn is_the_street(scan: &Scan<'_>, hit: &Hit) -> bool {
    let plain = |token: &Token| {
        let word = token.word();
        let heard = scan.words.heard.then(|| word.strip_suffix('s')).flatten();
        matches!(
            heard.unwrap_or(word),
            "the" | "high" | "main" | "street" | "road" | "avenue" | "corner" | "of"
        )
    };
    let mut tokens = touched(scan, hit).peekable();
    let article = tokens
        .peek()
        .is_some_and(|(at, token)| token.word() == "the" || scan.behind_word(*at) == "the");
    article && tokens.all(|(_, token)| plain(token))
}

/// The tokens of a hit with their places.
pub(super) fn touched<'s>(
    scan: &'s Scan<'_>,
    hit: &Hit,
) -> impl Iterator<Item = (usize, &'s Token)> {
    let last = hit.last;
    let tokens = scan.stream.tokens();
    let from = tokens.partition_point(|token| token.last < hit.first);
    let tokens = tokens.get(from..).unwrap_or_default().iter();
    tokens
        .take_while(move |token| token.first <= last)
        .enumerate()
        .map(move |(offset, token)| (from + offset, token))
}

/// Whether a token alone makes a hit believable.
fn is_telling(scan: &Scan<'_>, hit: &Hit, at: usize, token: &Token) -> bool {
    let person = hit.kind == EntityKind::Person;
    match token.kind {
        TokenKind::Number(usage) => {
            usage == NumberUse::Plain
                && !person
                && hit.confidence >= SURE
                && !is_reference(scan, at)
        }
        TokenKind::Word => {
            let word = stem(token.word());
            let named = may_be_name(word);
            let everyday = lexicon::is_everyday(word) && !named;
            let capital = token.capital && is_inside(scan, at);
            let believed = match hit.kind {
                EntityKind::Person => !everyday || capital && !lexicon::is_common(word),
                EntityKind::Address => !everyday || capital || is_placed(scan, at),
                _ => true,
            };
            believed
                && misheard::is_credible(scan, hit, at, token)
                && (hit.confidence >= SURE || !everyday && !named)
                && !scan.profile.keep.contains(word)
                && !lexicon::is_filler(word)
                && (named || !is_cue(scan, at))
                && !matches!(
                    word,
                    "st" | "nd" | "rd" | "th" | "am" | "pm" | "dollars" | "cents"
                )
        }
        TokenKind::Mark(_) | TokenKind::Placeholder(_) => false,
    }
}

/// Whether the talk announces a place right before a token.
pub(super) fn is_placed(scan: &Scan<'_>, at: usize) -> bool {
    scan.before(at)
        .take_while(|cued| at - cued.last <= NEAR_STREET)
        .any(|cued| cued.cue == Cue::Address)
}

/// Whether a token stands within its sentence, where a capital tells.
fn is_inside(scan: &Scan<'_>, at: usize) -> bool {
    let before = scan.previous(at);
    before.is_some_and(|token| !matches!(token.kind, TokenKind::Mark(_)))
}

/// Whether a hit has what every address in a network has: a dot, an at, or their names.
fn is_online(scan: &Scan<'_>, hit: &Hit) -> bool {
    let words = scan.words.items.get(hit.first..=hit.last);
    words.unwrap_or_default().iter().any(|item| {
        let word = item.text.trim_end_matches(['.', ',', '?', '!', ';', ':']);
        word.contains(['.', '@', '/']) || matches!(word.to_lowercase().as_str(), "dot" | "at")
    })
}

/// Whether a hit has a word beside numbers and marks that tells something.
fn is_worded(scan: &Scan<'_>, hit: &Hit) -> bool {
    touched(scan, hit)
        .any(|(at, token)| token.kind == TokenKind::Word && is_telling(scan, hit, at, token))
}

/// Whether a token is part of what announces a secret.
fn is_cue(scan: &Scan<'_>, at: usize) -> bool {
    let next = scan.cues.partition_point(|cued| cued.last < at);
    scan.cues.get(next).is_some_and(|cued| cued.first <= at)
}

/// Whether a number answers for an order, a ticket or the like.
fn is_reference(scan: &Scan<'_>, at: usize) -> bool {
    const NEAR: usize = 4;
    let cued = scan.before(at).next();
    cued.is_some_and(|cued| cued.cue == Cue::Reference && at - cued.last <= NEAR)
}
