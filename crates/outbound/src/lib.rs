//! The one gate through which data leaves an installation.
//!
//! A parcel goes out under the permit that allows this disclosure; the gate asks the permit again
//! for every kind of data in the parcel, seals or signs what it sends, and returns a slip that
//! closes the register's row. The policy that the data stands under travels with it. No other
//! crate opens a connection to anything but the configured database and blob store; a lint guards
//! that. Invariant: there is no recipient without a kind, and the kinds are a closed list.

#![warn(missing_docs)]

mod bundle;
mod error;
mod gateway;
mod identity;
mod letter;
mod notice;
mod parcel;
mod webhook;
mod witness;

pub use bundle::{open_bundle, seal_pack};
pub use error::OutboundError;
pub use gateway::Gateway;
pub use identity::{CodeForToken, Exchanged, IdentityProvider};
pub use letter::{Letter, Post};
pub use notice::Notice;
pub use parcel::{Endpoint, Parcel, Slip, Sticky};
pub use webhook::verify_webhook;
pub use witness::WitnessAnswer;
