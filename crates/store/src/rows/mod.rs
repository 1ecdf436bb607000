//! One module per table; raw ids and numbers live here and nowhere else.

#![expect(unreachable_pub, reason = "the entity derive wants `pub` items")]

pub(crate) mod access;
pub(crate) mod api_key;
pub(crate) mod index_token;
pub(crate) mod interaction;
pub(crate) mod job;
pub(crate) mod migration;
pub(crate) mod object;
pub(crate) mod refusal;
pub(crate) mod source;
pub(crate) mod tenant;
pub(crate) mod vocabulary;
