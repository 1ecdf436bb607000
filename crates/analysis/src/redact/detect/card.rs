//! Payment cards: number, verification code, expiry date, track data.
//!
//! `card.pan`: 13 to 19 digits and more, in any grouping, are removed always; checksum and
//! issuer range only say how sure it is. `card.split`: the same in pieces over turns.
//! `card.partial`, `card.last_four`: what is announced as a part of a card number.

use domain::EntityKind;

use super::checksums;
use super::claims::{Value, Verdict};
use crate::redact::cues::{Cue, Cued};
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::TokenKind;
use crate::redact::tokens::runs::Run;

/// How far behind its question an expiry date may come, in tokens.
const EXPIRY_REACH: usize = 24;

/// A run of 13 digits and more. Another claim keeps its label only where it has proof.
pub(super) fn long(scan: &Scan<'_>, run: &Run, claimed: Option<Verdict>) -> Verdict {
    let luhn = checksums::luhn(&run.digits);
    let issuer = is_issuer(&run.digits);
    if let Some(verdict @ Verdict::Secret(kind, _, confidence)) = claimed {
        let own = matches!(kind, EntityKind::Card | EntityKind::Phone) && !(luhn && issuer);
        let other = !matches!(
            kind,
            EntityKind::Card | EntityKind::Cvv | EntityKind::Phone | EntityKind::Address
        );
        if kind != EntityKind::Card && (own && run.plus || other && (confidence > 0.9 || !luhn)) {
            return verdict;
        }
    }
    if run.plus && run.len() <= 15 {
        return Verdict::Secret(EntityKind::Phone, "phone.international", 0.8);
    }
    let reference = claimed == Some(Verdict::Harmless)
        || scan
            .before(run.first)
            .next()
            .is_some_and(|cued| cued.cue == Cue::Reference);
    if run.len() > 19 && !holds_card(&run.digits) || reference && !luhn {
        return Verdict::Secret(EntityKind::Number, "number.long", 0.7);
    }
    let confidence = match (luhn, issuer) {
        (true, true) => 0.99,
        (true, false) => 0.9,
        (false, true) => 0.8,
        (false, false) => 0.7,
    };
    Verdict::Secret(EntityKind::Card, "card.pan", confidence)
}

pub(super) fn accept(scan: &Scan<'_>, cued: &Cued, value: &Value<'_>) -> Option<Verdict> {
    let length = value.text.len();
    let distance = value.first.abs_diff(cued.last);
    match cued.cue {
        Cue::CardNumber => {
            let reply = scan.stream.turn(cued.last) != scan.stream.turn(value.first);
            let part = length >= 3
                && (reply && scan.asks(cued.last) || distance <= 6)
                && !asks_other(scan, cued);
            (length >= 8 || part).then_some(Verdict::Secret(EntityKind::Card, "card.partial", 0.75))
        }
        Cue::Card => {
            (length >= 8).then_some(Verdict::Secret(EntityKind::Card, "card.partial", 0.7))
        }
        Cue::LastFour if (3..=6).contains(&length) && distance <= 12 => Some(last_four(scan, cued)),
        // Three digits in pairs sound like two: `forty two` for 4, 0, 2.
        Cue::Cvv if (3..=8).contains(&length) || length == 2 && distance <= 12 => {
            Some(Verdict::Secret(EntityKind::Cvv, "card.cvv", 0.9))
        }
        Cue::CardBack if matches!(length, 3 | 4) && distance <= 10 => {
            Some(Verdict::Secret(EntityKind::Cvv, "card.cvv", 0.7))
        }
        Cue::Expiry if is_month_year(value.text) && distance <= 20 => {
            Some(Verdict::Secret(EntityKind::CardExpiry, "card.expiry", 0.9))
        }
        _ => None,
    }
}

/// Whether the sentence of a card speaks of another short number first: `the pin for the card is`,
/// `the date on the card is`.
fn asks_other(scan: &Scan<'_>, cued: &Cued) -> bool {
    const NEAR: usize = 10;
    let turn = scan.stream.turn(cued.last);
    scan.before(cued.first)
        .take_while(|other| scan.stream.turn(other.last) == turn && cued.first - other.last <= NEAR)
        .any(|other| {
            matches!(
                other.cue,
                Cue::Pin
                    | Cue::OneTimeCode
                    | Cue::Expiry
                    | Cue::Cvv
                    | Cue::CardBack
                    | Cue::Postcode
            )
        })
}

/// Whose last four digits: of what the sentence names.
fn last_four(scan: &Scan<'_>, cued: &Cued) -> Verdict {
    let other = |found: &&Cued| found.cue != Cue::LastFour && found.last.abs_diff(cued.last) <= 10;
    let of = scan
        .behind(cued.last)
        .find(other)
        .or_else(|| scan.before(cued.first).find(other));
    match of.map(|found| found.cue) {
        Some(Cue::Social | Cue::TaxId) => Verdict::Secret(EntityKind::GovernmentId, "us.ssn", 0.85),
        Some(Cue::BankAccount) => Verdict::Secret(EntityKind::BankAccount, "bank.account", 0.8),
        Some(Cue::Phone) => Verdict::Secret(EntityKind::Phone, "phone.part", 0.7),
        Some(Cue::Reference) => Verdict::Harmless,
        _ => Verdict::Secret(EntityKind::Card, "card.last_four", 0.8),
    }
}

/// `1129`, `0426`, `429`, `112029`.
fn is_month_year(digits: &str) -> bool {
    let split = |month: usize| {
        let (Some(month), Some(year)) = (digits.get(..month), digits.get(month..)) else {
            return false;
        };
        let month_fits = month.parse::<u32>().is_ok_and(|m| (1..=12).contains(&m));
        let year_fits = match year.len() {
            2 => year.parse::<u32>().is_ok_and(|y| (15..=55).contains(&y)),
            4 => year
                .parse::<u32>()
                .is_ok_and(|y| (2015..=2055).contains(&y)),
            _ => false,
        };
        month_fits && year_fits
    };
    split(2) || split(1)
}

/// `expires November 2029`, and a date that answers for a card's expiry.
pub(super) fn find_expiry(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for date in &scan.dates {
        let cue = scan.before(date.first).find(|cued| {
            matches!(cued.cue, Cue::Expiry | Cue::Birth | Cue::Reference)
                && date.first - cued.last <= EXPIRY_REACH
        });
        if cue.is_some_and(|cued| cued.cue == Cue::Expiry)
            && !scan.holds(
                cue.map_or(0, |cued| cued.last),
                date.first,
                EntityKind::CardExpiry,
            )
            && is_short_date(scan, date.first, date.last)
        {
            hits.extend(scan.hit(
                (date.first, date.last),
                EntityKind::CardExpiry,
                "card.expiry",
                0.85,
            ));
        }
    }
}

/// A month and a year without a day: what a card shows. A day counts only beside a card.
fn is_short_date(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    let numbers = scan
        .stream
        .slice(first, last + 1)
        .iter()
        .filter(|t| t.is_number())
        .count();
    numbers <= 2
        && scan
            .stream
            .slice(first, last + 1)
            .iter()
            .any(|t| t.digits().len() >= 2)
        || scan.cued(first, &[Cue::CardNumber, Cue::Card, Cue::Cvv])
        || scan
            .before(first)
            .any(|cued| scan.holds(cued.first, first, EntityKind::Card))
}

/// A stripe's tracks: `%B4111…^NAME^2911…?` and `;4111…=2911…?`.
pub(super) fn find_track(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    let mut at = 0;
    while let Some(token) = scan.stream.get(at) {
        if let TokenKind::Mark(mark @ ('%' | ';')) = token.kind
            && let Some(last) = track(scan, at, mark)
        {
            hits.extend(scan.hit((at, last), EntityKind::TrackData, "card.track", 0.99));
            at = last;
        }
        at += 1;
    }
}

fn track(scan: &Scan<'_>, at: usize, mark: char) -> Option<usize> {
    const LONGEST: usize = 80;
    let number = if mark == '%' {
        scan.stream.get(at + 1).filter(|t| t.word() == "b")?;
        at + 2
    } else {
        at + 1
    };
    let separator = if mark == '%' { '^' } else { '=' };
    scan.stream.get(number).filter(|t| t.digits().len() >= 12)?;
    scan.stream
        .get(number + 1)
        .filter(|t| t.is_mark(separator))?;
    let turn = scan.stream.turn(at);
    let mut last = number + 1;
    for i in number + 2..number + 2 + LONGEST {
        let Some(token) = scan.stream.get(i).filter(|t| Some(t.turn) == turn) else {
            break;
        };
        if token.is_mark('?') {
            return Some(i);
        }
        if token.glued || mark == '%' && !token.ends_sentence() {
            last = i;
        } else {
            break;
        }
    }
    Some(last)
}

/// Issuer ranges of the networks, with their lengths.
pub(super) fn is_issuer(digits: &str) -> bool {
    let prefix = |length: usize| {
        digits
            .get(..length)
            .and_then(|p| p.parse::<u32>().ok())
            .unwrap_or(0)
    };
    let (two, three, four, six) = (prefix(2), prefix(3), prefix(4), prefix(6));
    match digits.len() {
        14 => matches!(two, 36 | 38 | 39) || (300..=305).contains(&three),
        15 => matches!(two, 34 | 37) || matches!(four, 2131 | 1800),
        13 | 16..=19 => {
            prefix(1) == 4
                || (51..=55).contains(&two)
                || (2221..=2720).contains(&four)
                || matches!(two, 60 | 62 | 64 | 65 | 81)
                || matches!(two, 50 | 56..=58 | 63 | 67)
                || (3528..=3589).contains(&four)
                || (220_000..=220_499).contains(&six)
        }
        _ => false,
    }
}

/// Whether a longer run holds a card number somewhere.
fn holds_card(digits: &str) -> bool {
    (13..=19).any(|length| {
        (0..=digits.len().saturating_sub(length)).any(|start| {
            digits
                .get(start..start + length)
                .is_some_and(|part| is_issuer(part) && checksums::luhn(part))
        })
    })
}
