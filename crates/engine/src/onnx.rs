//! ONNX Runtime: the library is loaded once per process from the models folder; every session
//! runs on its caller's thread alone. The number of workers decides how many cores are used.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::SessionBuilder;

use crate::EngineError;

/// Built by the first session and kept to the end of the process. ONNX Runtime knows one
/// environment per process, so a second `lib` is ignored once one is loaded.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// A single-threaded session of the `.onnx` or `.ort` file at `path`, with the runtime at `lib`;
/// `model` is a short name for messages.
///
/// # Errors
/// [`EngineError::Missing`] for a file that is not there, [`EngineError::OnnxLibrary`] or
/// [`EngineError::Onnx`] where the runtime refuses.
pub(crate) fn session(
    lib: &Path,
    model: &'static str,
    path: &Path,
) -> Result<Session, EngineError> {
    if !path.is_file() {
        return Err(EngineError::Missing {
            path: path.to_owned(),
        });
    }
    let environment = environment(lib)?;
    builder(&environment)
        .and_then(|mut builder| builder.commit_from_file(path))
        .map_err(EngineError::onnx(model, "loading"))
}

/// As [`session`], of a model that was put together in memory.
///
/// # Errors
/// [`EngineError::Missing`] for the library, [`EngineError::OnnxLibrary`] or
/// [`EngineError::Onnx`] where the runtime refuses.
pub(crate) fn session_in_memory(
    lib: &Path,
    name: &'static str,
    model: &[u8],
) -> Result<Session, EngineError> {
    let environment = environment(lib)?;
    builder(&environment)
        .and_then(|mut builder| builder.commit_from_memory(model))
        .map_err(EngineError::onnx(name, "loading"))
}

fn builder(environment: &Environment) -> Result<SessionBuilder, ort::Error> {
    Ok(Session::builder(environment)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?
        .with_inter_op_spinning(false)?)
}

fn environment(lib: &Path) -> Result<Environment, EngineError> {
    let mut shared = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = shared.as_ref() {
        return Ok(environment.clone());
    }
    if !lib.is_file() {
        return Err(EngineError::Missing {
            path: lib.to_owned(),
        });
    }
    // A relative path would be looked for beside the executable.
    let lib = lib.canonicalize().map_err(|source| EngineError::Read {
        path: lib.to_owned(),
        source,
    })?;
    let environment = ort::init_from(&lib)
        .map_err(|source| EngineError::OnnxLibrary { path: lib, source })?
        .with_name("privity")
        .with_telemetry(false)
        .build()
        .map_err(EngineError::onnx("onnxruntime", "starting"))?;
    *shared = Some(environment.clone());
    Ok(environment)
}
