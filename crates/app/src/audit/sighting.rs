//! What tells others that an audit saw a secret: a file in a folder that is watched.

use std::path::Path;

use serde_json::json;

use super::AuditReport;
use crate::error::AppError;

/// Writes an alert that an audit saw secrets: counts, places and the seed, never a secret. Nothing
/// is written where it saw none.
///
/// # Errors
/// [`AppError::Io`] where the folder cannot be written.
pub fn deliver_sightings(report: &AuditReport, folder: &Path) -> Result<bool, AppError> {
    let seen = report.sightings();
    if seen == 0 {
        return Ok(false);
    }
    let places: Vec<_> = report
        .places
        .iter()
        .filter(|place| place.seen > 0)
        .map(|place| json!({ "place": place.place, "seen": place.seen, "of": place.of }))
        .collect();
    let types: Vec<_> = report
        .types
        .iter()
        .filter(|one| one.left() > 0)
        .map(|one| json!({ "type": one.kind, "form": one.form, "left": one.left() }))
        .collect();
    let text = json!({
        "type": "redaction.sighted",
        "timestamp": report.began,
        "data": { "sightings": seen, "seed": report.seed, "types": types, "places": places },
    });
    let name = format!("redaction-{}", report.began.replace(':', ""));
    deliver(folder, &name, &text).map(|()| true)
}

/// A file of the folder: whole or not there.
fn deliver(folder: &Path, name: &str, text: &serde_json::Value) -> Result<(), AppError> {
    let failed = || AppError::io(format!("write the alerts to `{}`", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed())?;
    let part = folder.join(format!("{name}.part"));
    let whole = folder.join(format!("{name}.json"));
    std::fs::write(&part, format!("{text}\n")).map_err(failed())?;
    std::fs::rename(&part, &whole).map_err(failed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{FalseAlarms, PlaceFound};

    #[test]
    fn a_sighting_is_delivered_with_its_places_and_none_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let place = |seen: u64| PlaceFound {
            place: "export vcon".to_owned(),
            looked_at: 4,
            seen,
            of: if seen > 0 {
                vec!["card written 3".to_owned()]
            } else {
                Vec::new()
            },
        };
        let mut report = AuditReport {
            version: 1,
            began: "2026-10-08T16:20:05Z".to_owned(),
            seconds: 1,
            seed: 9,
            ruleset: "rules".to_owned(),
            engine: "whisper-tiny.en".to_owned(),
            live: false,
            erased: 0,
            types: Vec::new(),
            places: vec![place(0)],
            false_alarms: FalseAlarms::default(),
            skipped: Vec::new(),
        };
        assert!(!deliver_sightings(&report, folder.path()).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        report.places = vec![place(2)];
        assert!(deliver_sightings(&report, folder.path()).unwrap());
        let path = folder.path().join("redaction-2026-10-08T162005Z.json");
        let text = std::fs::read_to_string(path).unwrap();
        let alert: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(alert["data"]["sightings"], 2);
        assert_eq!(alert["data"]["places"][0]["of"][0], "card written 3");
    }
}
