//! Chats as our JSON (docs/formats/chat.md) and as rows (docs/formats/csv.md).

mod csv;
mod json;

pub(crate) use csv::{looks_like_csv, read_csv};
pub(crate) use json::read_json;
