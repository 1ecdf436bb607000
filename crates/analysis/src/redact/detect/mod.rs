//! The detectors, one module each, and their registry.

mod address;
mod bank;
mod birth;
mod card;
mod checksums;
mod claims;
mod credential;
mod custom;
mod date;
mod email;
mod government;
mod heard;
pub(super) mod name;
mod network;
mod numbers;
mod phone;
mod vehicle;

use super::scan::{Hit, Scan};

/// Everything that the rules find. Names are found by [`name`], which also knows the model's.
pub(super) fn all(scan: &Scan<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for detector in DETECTORS {
        detector(scan, &mut hits);
    }
    hits
}

type Detector = fn(&Scan<'_>, &mut Vec<Hit>);

const DETECTORS: &[Detector] = &[
    numbers::find,
    heard::find,
    card::find_expiry,
    card::find_track,
    bank::find_sort_code,
    government::find,
    phone::find_written,
    email::find,
    network::find,
    vehicle::find,
    birth::find,
    date::find,
    address::find,
    credential::find,
    custom::find,
];

#[cfg(test)]
mod tests;
