//! The crate's one error: what of a model file, a library or a computation failed, and what to
//! do. No message holds a spoken word.

use std::path::PathBuf;

/// Why an engine could not be loaded or could not finish.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A file of a model is not where the catalogue puts it.
    #[error("`{}` is missing; hint: run `privity models pull`", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A model that is not among the default ones was never fetched.
    #[error("the model `{model}` is not there; hint: run `privity models pull {model}`")]
    NotPulled {
        /// Its name in the catalogue.
        model: &'static str,
    },
    /// A file of a model could not be read.
    #[error("`{}` could not be read; hint: check its permissions", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file of a model was read and makes no sense.
    #[error(
        "`{}` is damaged or of another model: {what}; hint: delete it and run `privity models pull`",
        path.display()
    )]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        what: &'static str,
    },
    /// A tokenizer file was refused.
    #[error(
        "the tokenizer `{}` could not be loaded; hint: delete it and run `privity models pull`",
        path.display()
    )]
    Tokenizer {
        /// Which file.
        path: PathBuf,
        /// The tokenizer library's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The ONNX Runtime library could not be loaded.
    #[error(
        "the ONNX Runtime library `{}` could not be loaded; hint: run `privity models pull`, or \
         see `privity doctor`",
        path.display()
    )]
    OnnxLibrary {
        /// Which library.
        path: PathBuf,
        /// The loader's reason.
        #[source]
        source: ort::LoadDynamicError,
    },
    /// ONNX Runtime refused a model or failed in it.
    #[error("the model `{model}` failed in {step}; hint: see `privity doctor`")]
    Onnx {
        /// Short name of the model.
        model: &'static str,
        /// What was being done, such as `loading`.
        step: &'static str,
        /// The runtime's reason.
        #[source]
        source: ort::Error,
    },
    /// A model answered with another shape than it is known to have.
    #[error("the model `{model}` answered unexpectedly: {what}; hint: run `privity models pull`")]
    Unexpected {
        /// Short name of the model.
        model: &'static str,
        /// What does not fit.
        what: &'static str,
    },
    /// CTranslate2 could not be loaded, refused a model, or failed in it.
    #[error("the speech library failed in {step}: {reason}; hint: see `privity doctor`")]
    Ct2 {
        /// What was being done, such as `loading the library`.
        step: &'static str,
        /// Its own words; they name files and shapes only.
        reason: String,
    },
    /// No engine has this key.
    #[error(
        "`{key}` is no speech engine; hint: use `whisper-tiny.en`, `whisper-base` or \
         `moonshine-tiny.en`"
    )]
    UnknownEngine {
        /// As given.
        key: String,
    },
}

impl EngineError {
    /// For `map_err` on a failed step of an ONNX model.
    pub(crate) fn onnx<R>(
        model: &'static str,
        step: &'static str,
    ) -> impl FnOnce(ort::Error<R>) -> Self
    where
        ort::Error: From<ort::Error<R>>,
    {
        move |source| Self::Onnx {
            model,
            step,
            source: source.into(),
        }
    }
}
