//! Why a file could not be read or written. Places, never content.

/// Why a foreign shape was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Nothing at all.
    #[error("the file is empty (0 bytes); hint: export it again from its source")]
    Empty,
    /// An archive around something.
    #[error("the file is {what}; hint: unpack it and hand in what is inside")]
    Archive {
        /// Which kind, with its article.
        what: &'static str,
    },
    /// No shape known here.
    #[error(
        "the file looks like {looks_like}, which is not taken in; hint: hand in a recording, \
         vCon, chat JSON or CSV, .eml, mbox, WebVTT or SRT"
    )]
    Unknown {
        /// What its first bytes say.
        looks_like: &'static str,
    },
    /// A known shape in a form that is not read.
    #[error("{what} is not supported; hint: {hint}")]
    Unsupported {
        /// What it is.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// A known shape with a mistake in it.
    #[error("the {format} file is wrong at `{at}`: {what}; hint: correct it and hand it in again")]
    Malformed {
        /// Name of the format.
        format: &'static str,
        /// JSON path, line or column.
        at: String,
        /// What is expected there.
        what: String,
    },
    /// Nothing to keep in it.
    #[error("the {format} file holds no message, recording or caption; hint: check its export")]
    Nothing {
        /// Name of the format.
        format: &'static str,
    },
    /// The source of the bytes failed.
    #[error("the file could not be read")]
    Io(#[source] std::io::Error),
    /// The export could not be written.
    #[error("the export could not be written as {format}")]
    Write {
        /// Name of the format.
        format: &'static str,
        /// What failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl FormatError {
    /// A short stable key for records and counts.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Archive { .. } => "archive",
            Self::Unknown { .. } => "unknown",
            Self::Unsupported { .. } => "unsupported",
            Self::Malformed { .. } => "malformed",
            Self::Nothing { .. } => "nothing",
            Self::Io(_) => "io",
            Self::Write { .. } => "write",
        }
    }

    pub(crate) fn malformed(
        format: &'static str,
        at: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        Self::Malformed {
            format,
            at: at.into(),
            what: what.into(),
        }
    }
}
