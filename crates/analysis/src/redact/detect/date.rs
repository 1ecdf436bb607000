//! Dates of events, down to the month: 45 CFR 164.514(b)(2)(i)(C) leaves the year alone. Only
//! where the profile asks for it, since most talk of dates is about nobody.

use domain::EntityKind;

use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::lexicon;

const KIND: EntityKind = EntityKind::Date;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    if !scan.profile.event_dates {
        return;
    }
    for date in &scan.dates {
        hits.extend(scan.hit((date.first, date.last), KIND, "date.event", 0.8));
    }
    for at in 0..scan.stream.tokens().len() {
        if is_month(scan, at) {
            hits.extend(scan.hit((at, at), KIND, "date.month", 0.6));
        }
    }
}

/// A month alone; the two that are words as well only behind what goes before a month.
fn is_month(scan: &Scan<'_>, at: usize) -> bool {
    let word = scan.stream.word(at);
    let before = matches!(
        scan.behind_word(at),
        "in" | "since"
            | "until"
            | "till"
            | "last"
            | "next"
            | "of"
            | "early"
            | "late"
            | "mid"
            | "this"
    );
    let short = word.len() <= 3;
    lexicon::month(word).is_some() && (before || !short && word != "march")
}
