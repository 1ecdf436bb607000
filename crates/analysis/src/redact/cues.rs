//! Cues: phrases that say what the number, code or name beside them is.
//!
//! Phrases are matched on normalised tokens, so `first` reads `1` and `three digits` `3 digits`.

mod composed;
mod phrases;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::tokens::{Stream, Token};
use phrases::PHRASES;

/// What a phrase announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    /// The number of a card, asked for or announced.
    CardNumber,
    /// A card, in passing.
    Card,
    LastFour,
    Cvv,
    /// A place on a card where a code is printed.
    CardBack,
    Expiry,
    BankAccount,
    /// An account of some kind, in passing.
    Account,
    Routing,
    SortCode,
    Iban,
    Social,
    TaxId,
    NationalInsurance,
    Passport,
    Licence,
    NationalId,
    Phone,
    Email,
    Birth,
    Age,
    Address,
    HouseNumber,
    Postcode,
    Username,
    Password,
    Pin,
    OneTimeCode,
    SecurityAnswer,
    Medical,
    Plate,
    /// A vehicle, in passing.
    Car,
    Vin,
    Mac,
    /// A number of the business: order, ticket, invoice.
    Reference,
}

/// A cue at tokens `first..=last`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cued {
    pub(crate) cue: Cue,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// Every cue in order; of phrases that begin at one token the longest counts.
pub(crate) fn find(stream: &Stream) -> Vec<Cued> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(table);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = stream.get(at) {
        match longest(table, stream, at, token) {
            // In `account number is` the account counts, not the telephone's `number is`.
            Some((Cue::Phone, length))
                if token.word() == "number" && length == 2 && adjoins(&found, at) =>
            {
                at += length;
            }
            Some((Cue::Card, 1)) if token.word() == "card" && !pays(stream, &found, at) => at += 1,
            Some((cue, length)) => {
                found.push(Cued {
                    cue,
                    first: at,
                    last: at + length - 1,
                });
                at += length;
            }
            None => at += 1,
        }
    }
    composed::add(stream, &mut found);
    found
}

fn adjoins(found: &[Cued], at: usize) -> bool {
    found
        .last()
        .is_some_and(|cued: &Cued| cued.last + 1 == at && cued.cue != Cue::Phone)
}

/// Whether a card is one to pay with: not `national id card`, `network card`, `insurance card`.
fn pays(stream: &Stream, found: &[Cued], at: usize) -> bool {
    let other = found.last().is_some_and(|cued| {
        cued.last + 1 == at
            && matches!(
                cued.cue,
                Cue::Social
                    | Cue::TaxId
                    | Cue::NationalInsurance
                    | Cue::Passport
                    | Cue::Licence
                    | Cue::NationalId
                    | Cue::Medical
                    | Cue::Username
                    | Cue::Mac
                    | Cue::Phone
            )
    });
    let before = at
        .checked_sub(1)
        .filter(|i| stream.turn(*i) == stream.turn(at));
    let qualified = matches!(
        before.map_or("", |i| stream.word(i)),
        "id" | "identity"
            | "identification"
            | "network"
            | "sim"
            | "memory"
            | "sd"
            | "graphics"
            | "video"
            | "sound"
            | "wifi"
            | "library"
            | "insurance"
            | "health"
            | "business"
            | "birthday"
            | "post"
            | "residence"
            | "access"
            | "key"
            | "voter"
            | "student"
    );
    !(other || qualified)
}

type Table = HashMap<&'static str, Vec<(Vec<&'static str>, Cue)>>;

fn longest(table: &Table, stream: &Stream, at: usize, token: &Token) -> Option<(Cue, usize)> {
    if token.text.is_empty() || token.glued && token.text.len() < 3 {
        return None;
    }
    let mut best: Option<(Cue, usize)> = None;
    for (rest, cue) in table.get(singular(&token.text))? {
        if best.is_none_or(|(_, length)| length < rest.len() + 1)
            && follows(stream, at, token, rest)
        {
            best = Some((*cue, rest.len() + 1));
        }
    }
    best
}

fn follows(stream: &Stream, at: usize, head: &Token, rest: &[&str]) -> bool {
    rest.iter().enumerate().all(|(offset, word)| {
        stream.get(at + 1 + offset).is_some_and(|token| {
            let mark = word.chars().next().is_some_and(|c| token.is_mark(c));
            token.turn == head.turn
                && (mark || !token.text.is_empty() && singular(&token.text) == *word)
        })
    })
}

/// `driver's` as `driver`, so that one phrase serves both.
fn singular(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}

fn table() -> Table {
    let mut table = Table::new();
    for (cue, phrases) in PHRASES {
        for phrase in phrases.split(" | ") {
            let mut words = phrase.split(' ');
            if let Some(head) = words.next() {
                table.entry(head).or_default().push((words.collect(), *cue));
            }
        }
    }
    table
}
