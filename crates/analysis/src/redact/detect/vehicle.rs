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
