//! Numbers that a state gives a person: SSN, ITIN, NINO, passports, licences, national ids.
//!
//! Announced numbers of a fitting length are removed whether or not their check digit holds:
//! a misheard digit leaves them recognisable. Unannounced ones need a shape that no harmless
//! number has.

mod national;

use domain::EntityKind;

use super::claims::{Value, Verdict};
use crate::redact::cues::{Cue, Cued};
use crate::redact::profile::Locale;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::codes::Code;
use crate::redact::tokens::runs::Run;

const KIND: EntityKind = EntityKind::GovernmentId;

pub(super) fn accept(cued: &Cued, value: &Value<'_>) -> Option<Verdict> {
    let distance = value.first.abs_diff(cued.last);
    let (detector, confidence) = match cued.cue {
        Cue::Social if value.text.len() == 9 => ("us.ssn", 0.95),
        Cue::Social if value.text.len() == 4 && distance <= 25 => ("us.ssn", 0.8),
        Cue::Social if value.fits(7, 11) => ("us.ssn", 0.8),
        Cue::TaxId if value.fits(8, 16) => ("tax.id", 0.8),
        Cue::TaxId if value.text.len() == 4 && distance <= 15 => ("tax.id", 0.7),
        Cue::NationalInsurance if value.fits(6, 10) => ("uk.nino", 0.9),
        Cue::Passport if value.fits(6, 10) => ("passport.number", 0.85),
        Cue::Licence if value.fits(5, 18) => ("licence.driving", 0.8),
        Cue::NationalId if national::is_valid(value.text) => ("eu.national_id", 0.97),
        Cue::NationalId if value.fits(6, 16) => ("eu.national_id", 0.75),
        _ => return None,
    };
    Some(Verdict::Secret(KIND, detector, confidence))
}

/// `078-05-1120`, and nine digits spoken in the same groups.
pub(super) fn shape(scan: &Scan<'_>, run: &Run) -> Option<Verdict> {
    let grouped = run.blocks.as_slice() == [3, 2, 4];
    let us = scan.profile.speaks_for(Locale::UnitedStates);
    (us && grouped && !run.digits.starts_with("000")).then(|| {
        let itin = run.digits.starts_with('9');
        Verdict::Secret(KIND, if itin { "us.itin" } else { "us.ssn" }, 0.85)
    })
}

/// Codes whose letters and check digits speak for themselves.
pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for code in &scan.codes {
        for (first, last, text) in windows(code) {
            if let Some(detector) = speaks_for_itself(scan, text) {
                hits.extend(scan.hit((first, last), KIND, detector, 0.9));
            }
        }
    }
}

fn speaks_for_itself(scan: &Scan<'_>, text: &str) -> Option<&'static str> {
    let uk = scan.profile.speaks_for(Locale::UnitedKingdom);
    let eu = scan.profile.speaks_for(Locale::EuropeanUnion);
    if uk && national::nino(text) {
        return Some("uk.nino");
    }
    if uk && national::uk_driver(text) {
        return Some("uk.driving_licence");
    }
    (eu && national::is_lettered(text)).then_some("eu.national_id")
}

/// The stretches of a code that begin and end where its tokens do.
fn windows(code: &Code) -> impl Iterator<Item = (usize, usize, &str)> {
    let begins = |at: usize| at == 0 || code.tokens.get(at) != code.tokens.get(at - 1);
    let lengths = [8usize, 9, 10, 11, 16];
    (0..code.text.len())
        .filter(move |at| begins(*at))
        .flat_map(move |start| {
            lengths.into_iter().filter_map(move |length| {
                let end = start + length;
                let text = code.text.get(start..end)?;
                let whole = end == code.text.len() || begins(end);
                let first = *code.tokens.get(start)?;
                let last = *code.tokens.get(end - 1)?;
                whole.then_some((first, last, text))
            })
        })
}
