//! What needs a model file or FFI: recognition of speech, voice activity, speakers, names,
//! vectors of sentences, decoding and encoding of audio.
//!
//! Knows no tenant, policy, storage or network. The only crate with `unsafe`, each use in its
//! own module. One engine instance works on one thread; callers run as many as they have cores.

pub mod audio;
pub mod catalogue;
mod error;
pub mod names;
mod onnx;
pub mod sentences;
pub mod speakers;
pub mod speech;
pub mod vad;
mod wire;

pub use error::EngineError;
