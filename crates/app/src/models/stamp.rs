//! A note beside a checked model, so that the next look needs no reading of its files.
//!
//! It holds each file's pinned checksum with the size and time of change that it had when it was
//! checked; whatever differs makes the note worthless and the files are read again.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use engine::catalogue::Model;

use super::{ModelsError, place};

pub(super) fn holds(folder: &Path, model: &Model) -> bool {
    let noted = fs::read_to_string(path(folder, model.name));
    let now = describe(folder, model);
    noted.is_ok_and(|text| now.is_some_and(|now| now == text))
}

pub(super) fn write(folder: &Path, model: &Model) -> Result<(), ModelsError> {
    let target = place(folder, &format!(".stamps/{}", model.name))?;
    let text = describe(folder, model).unwrap_or_default();
    fs::write(&target, text).map_err(|source| ModelsError::io(&target, source))
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(".stamps").join(name)
}

fn describe(folder: &Path, model: &Model) -> Option<String> {
    let mut text = String::new();
    for file in model.files {
        let meta = fs::metadata(folder.join(file.path)).ok()?;
        let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        writeln!(
            text,
            "{} {} {} {}",
            file.sha256,
            meta.len(),
            changed.as_nanos(),
            file.path
        )
        .ok()?;
    }
    Some(text)
}
