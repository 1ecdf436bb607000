//! Vehicle plates and identification numbers.

use domain::EntityKind;

use super::checksums;
use crate::redact::profile::Locale;
use crate::redact::scan::{Hit, Scan};

/// A VIN with its check digit; a British plate in its spacing, `AB12 CDE`. Others need a cue,
/// see `claims`.
pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for code in &scan.codes {
        if code.text.len() == 17 && checksums::vin(&code.text) {
            hits.extend(scan.hit(
                (code.first, code.last),
                EntityKind::Vehicle,
                "vehicle.vin",
                0.97,
            ));
        } else if code.text.len() == 17 && is_vehicle(&code.text) {
            hits.extend(scan.hit(
                (code.first, code.last),
                EntityKind::Vehicle,
                "vehicle.vin",
                0.8,
            ));
        }
        let uk = scan.profile.speaks_for(Locale::UnitedKingdom);
        if uk && is_british(&code.text) && code.last - code.first <= 3 {
            hits.extend(scan.hit(
                (code.first, code.last),
                EntityKind::Vehicle,
                "vehicle.plate",
                0.75,
            ));
        }
    }
}

/// The form of ISO 3779 without its check digit, which Europe does not use: no I, O or Q, five
/// letters and six digits at least, the last four digits.
fn is_vehicle(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.len() - digits;
    let last = text.bytes().rev().take(4).all(|b| b.is_ascii_digit());
    let allowed = |b: u8| b.is_ascii_digit() || b.is_ascii_alphabetic() && !b"IOQioq".contains(&b);
    letters >= 5 && digits >= 6 && last && text.bytes().all(allowed)
}

fn is_british(text: &str) -> bool {
    let shape = |c: char, letter: bool| {
        if letter {
            c.is_ascii_uppercase()
        } else {
            c.is_ascii_digit()
        }
    };
    text.len() == 7
        && text
            .chars()
            .zip([true, true, false, false, true, true, true])
            .all(|(c, l)| shape(c, l))
}
