//! A short message that tells a recipient that something is there to be looked up: ids and times.

use std::fmt;

use domain::DataCategory;
use serde_json::{Value, json};

use crate::parcel::Sticky;

/// What is told. A receiver knows it by its id: the same id is the same message.
pub struct Notice {
    /// Its id: `webhook-id`, Message-ID and file name.
    pub id: String,
    /// What it is, such as `alert.raised`.
    pub kind: &'static str,
    /// When it was made, in RFC 3339; not when it is sent, so that it is the same each time.
    pub made: String,
    /// Kinds of data in it; each is asked of every permit.
    pub categories: Vec<DataCategory>,
    /// What it says, for programs.
    pub data: Value,
    /// A letter's subject; never personal.
    pub subject: String,
    /// What it says, for people.
    pub text: String,
    /// What it stands under.
    pub sticky: Sticky,
}

impl Notice {
    pub(crate) fn body(&self) -> Vec<u8> {
        json!({
            "type": self.kind,
            "timestamp": self.made,
            "data": self.data,
            "policy": self.sticky,
        })
        .to_string()
        .into_bytes()
    }
}

impl fmt::Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notice({}, {})", self.id, self.kind)
    }
}
