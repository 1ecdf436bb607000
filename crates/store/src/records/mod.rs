//! Stored formats, numbered for life: what is sealed is one of these records.
//!
//! The domain knows no serialisation; each record is a shape of its own, converted by hand. Every
//! record starts with its version, every version ever written stays readable, and a golden file
//! of each is read by a test. A new version is a new shape beside the old one.

mod fields;
mod finding;
mod interaction;
mod metrics;
mod sound;
mod stream;
mod tenant;
mod transcript;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::StoreError;

pub(crate) use tenant::{bases_from_text, bases_to_text, settings_from_text, settings_to_text};

/// Something with a stored form.
pub(crate) trait Record: Sized {
    /// Name in messages.
    const WHAT: &'static str;
    /// The version that is written.
    const VERSION: u16 = 1;

    /// The stored form, newest version.
    fn encode(&self) -> Result<Vec<u8>, StoreError>;
    /// Reads any version.
    fn decode(bytes: &[u8]) -> Result<Self, StoreError>;
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    v: u16,
    data: T,
}

#[derive(Deserialize)]
struct Version {
    v: u16,
}

fn wrap<R: Record>(data: impl Serialize) -> Result<Vec<u8>, StoreError> {
    let envelope = Envelope {
        v: R::VERSION,
        data,
    };
    serde_json::to_vec(&envelope).map_err(|error| problem(R::WHAT, &error))
}

fn version<R: Record>(bytes: &[u8]) -> Result<u16, StoreError> {
    let found: Version = serde_json::from_slice(bytes).map_err(|e| problem(R::WHAT, &e))?;
    Ok(found.v)
}

fn unwrap<R: Record, T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    let envelope: Envelope<T> =
        serde_json::from_slice(bytes).map_err(|error| problem(R::WHAT, &error))?;
    Ok(envelope.data)
}

/// Reads version 1, the only one so far, and refuses others.
fn unwrap_v1<R: Record, T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    match version::<R>(bytes)? {
        1 => unwrap::<R, T>(bytes),
        other => Err(StoreError::record(
            R::WHAT,
            format!("version {other} is not known to this program"),
        )),
    }
}

/// Where a record breaks its shape. The parser's own message may quote content, so only its
/// class and place are kept.
fn problem(what: &'static str, error: &serde_json::Error) -> StoreError {
    StoreError::record(
        what,
        format!("{:?} error at byte {}", error.classify(), error.column()),
    )
}

#[cfg(test)]
mod tests;
