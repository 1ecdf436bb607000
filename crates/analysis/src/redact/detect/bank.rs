//! Bank accounts: IBAN (ISO 13616), US routing number, UK sort code, account numbers.

use domain::EntityKind;

use super::checksums;
use super::claims::{Value, Verdict};
use crate::redact::cues::{Cue, Cued};
use crate::redact::scan::{Hit, Scan};

pub(super) fn accept(cued: &Cued, value: &Value<'_>) -> Option<Verdict> {
    let distance = value.first.abs_diff(cued.last);
    let digits = value.text.bytes().all(|b| b.is_ascii_digit());
    let (detector, confidence) = match cued.cue {
        Cue::Routing if checksums::routing(value.text) => ("bank.routing", 0.99),
        Cue::Routing if digits && value.fits(6, 12) => ("bank.routing", 0.7),
        Cue::SortCode if digits && value.fits(6, 8) => ("bank.sort_code", 0.9),
        Cue::Iban if value.text.len() >= 8 => ("bank.iban", 0.8),
        Cue::Account if digits && value.fits(7, 17) => ("bank.account", 0.6),
        Cue::BankAccount if value.fits(6, 17) => ("bank.account", 0.8),
        Cue::BankAccount if value.fits(4, 17) && distance <= 8 => ("bank.account", 0.6),
        _ => return None,
    };
    Some(Verdict::Secret(
        EntityKind::BankAccount,
        detector,
        confidence,
    ))
}

/// Country letters, check digits and a valid remainder speak for themselves.
pub(super) fn ibans(scan: &Scan<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for code in &scan.codes {
        for start in 0..code.text.len().saturating_sub(14) {
            let Some(rest) = code.text.get(start..) else {
                continue;
            };
            let Some(length) = rest.get(..2).and_then(checksums::iban_length) else {
                continue;
            };
            if rest.get(..length).is_some_and(checksums::iban)
                && let (Some(first), Some(last)) =
                    (code.tokens.get(start), code.tokens.get(start + length - 1))
            {
                found.push((*first, *last));
            }
        }
    }
    found
}

/// A sort code that reads like a date: `05-27-06`.
pub(super) fn find_sort_code(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for date in &scan.dates {
        let cue = scan.before(date.first).next();
        if cue.is_some_and(|cued| cued.cue == Cue::SortCode) {
            hits.extend(scan.hit(
                (date.first, date.last),
                EntityKind::BankAccount,
                "bank.sort_code",
                0.9,
            ));
        }
    }
}
