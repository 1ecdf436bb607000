//! Every foreign shape in and out: vCon, mail, captions, chat as JSON and CSV, exports.
//!
//! Pure: bytes to [`domain::Interaction`] and views to text. What a file is, its content says.
//! Sound is recognised here and decoded elsewhere. Knows no storage and no network: what a
//! file names by address only is refused, never fetched. Messages hold places, never content.

#![warn(missing_docs)]

mod captions;
mod chat;
mod error;
mod export;
mod identify;
mod incoming;
mod json;
mod mail;
pub mod rights;
mod time;
mod vcon;

pub use error::FormatError;
pub use export::{
    ExportAudio, ExportCorrection, ExportParty, ExportView, PersonalParty, PersonalTurn,
    PersonalView, export_csv, export_json, export_personal_vcon, export_txt, export_vcon,
    export_vtt,
};
pub use identify::{HEAD, Kind, identify};
pub use incoming::{Hints, Incoming, read, recording};
pub use mail::{DeskMail, MailThreads, desk_mail, mbox_threads};
