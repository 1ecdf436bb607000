//! Telephone numbers: announced, in a national grouping, or valid by libphonenumber's tables.

use domain::EntityKind;
use phonenumber::country::Id;

use super::claims::{Value, Verdict};
use crate::redact::profile::Locale;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::runs::Run;

pub(super) fn accept(value: &Value<'_>) -> Option<Verdict> {
    value
        .fits(7, 15)
        .then_some(Verdict::Secret(EntityKind::Phone, "phone.announced", 0.85))
}

/// A run that has the shape of a number nobody announced.
pub(super) fn shape(scan: &Scan<'_>, run: &Run) -> Option<Verdict> {
    if !(7..=15).contains(&run.len()) {
        return None;
    }
    let secret =
        |detector, confidence| Some(Verdict::Secret(EntityKind::Phone, detector, confidence));
    if run.plus {
        return secret("phone.international", 0.9);
    }
    let grouped = matches!(
        run.blocks.as_slice(),
        [3, 4]
            | [3, 3, 4]
            | [1, 3, 3, 4]
            | [3, 4, 4]
            | [5, 6]
            | [5, 3, 3]
            | [4, 3, 4]
            | [4, 7]
            | [3, 7]
            | [2, 2, 2, 2, 2]
            | [2, 4, 4]
            | [3, 3, 2, 2]
            | [4, 3, 3]
            | [5, 5]
    );
    if grouped {
        return secret("phone.grouped", 0.75);
    }
    is_valid(scan, &run.digits).then_some(())?;
    secret("phone.valid", 0.7)
}

/// Valid in a country whose numbers are looked for.
fn is_valid(scan: &Scan<'_>, digits: &str) -> bool {
    let countries = [
        (Locale::UnitedStates, Id::US),
        (Locale::UnitedKingdom, Id::GB),
    ];
    let national = match digits.len() {
        10 => true,
        11 => digits.starts_with('0') || digits.starts_with('1'),
        _ => false,
    };
    national
        && countries
            .iter()
            .filter(|(locale, _)| scan.profile.speaks_for(*locale))
            .any(|(_, id)| {
                phonenumber::parse(Some(*id), digits)
                    .is_ok_and(|number| phonenumber::is_valid(&number))
            })
}

/// `(212) 555-0187`: the bracket before the first digit belongs to the number, as does a plus.
pub(super) fn find_written(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for run in scan
        .runs
        .iter()
        .filter(|run| run.plus && (7..=15).contains(&run.len()))
    {
        let first = run.first.saturating_sub(1);
        hits.extend(scan.hit(
            (first, run.last),
            EntityKind::Phone,
            "phone.international",
            0.9,
        ));
    }
}
