//! Walking JSON so that every complaint names its path.

use domain::{Secret, Timestamp};
use serde_json::{Map, Value};

use crate::FormatError;
use crate::time::instant;

/// A value and where it stands.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    path: String,
    format: &'static str,
}

/// Parses a whole document.
pub(crate) fn document(bytes: &[u8], format: &'static str) -> Result<Value, FormatError> {
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf".as_slice())
        .unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        FormatError::malformed(
            format,
            format!("line {}, column {}", error.line(), error.column()),
            "this is no JSON, or it ends too early",
        )
    })
}

impl<'a> Node<'a> {
    pub(crate) fn root(value: &'a Value, format: &'static str) -> Self {
        Self {
            value,
            path: "$".to_owned(),
            format,
        }
    }

    pub(crate) const fn value(&self) -> &'a Value {
        self.value
    }

    pub(crate) fn wrong(&self, what: impl Into<String>) -> FormatError {
        FormatError::malformed(self.format, self.path.clone(), what)
    }

    /// A member that is there and not null.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self {
            value,
            path: format!("{}.{key}", self.path),
            format: self.format,
        })
    }

    /// The first of several spellings of a member.
    pub(crate) fn either(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().find_map(|key| self.get(key))
    }

    pub(crate) fn need(&self, key: &str) -> Result<Self, FormatError> {
        self.get(key)
            .ok_or_else(|| self.wrong(format!("`{key}` is missing")))
    }

    pub(crate) fn object(&self) -> Result<&'a Map<String, Value>, FormatError> {
        self.value
            .as_object()
            .ok_or_else(|| self.wrong("an object is expected"))
    }

    pub(crate) fn items(&self) -> Result<Vec<Self>, FormatError> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| self.wrong("a list is expected"))?;
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| Self {
                value,
                path: format!("{}[{index}]", self.path),
                format: self.format,
            })
            .collect())
    }

    /// The items of a list that may be missing.
    pub(crate) fn list(&self, key: &str) -> Result<Vec<Self>, FormatError> {
        self.get(key)
            .map_or_else(|| Ok(Vec::new()), |node| node.items())
    }

    pub(crate) fn text(&self) -> Result<&'a str, FormatError> {
        self.value
            .as_str()
            .ok_or_else(|| self.wrong("a text is expected"))
    }

    pub(crate) fn text_at(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// A member that is not empty, as a person's text.
    pub(crate) fn secret(&self, key: &str) -> Option<Secret> {
        let text = self.text_at(key)?.trim();
        (!text.is_empty()).then(|| Secret::new(text))
    }

    pub(crate) fn index(&self) -> Result<u16, FormatError> {
        let number = self
            .value
            .as_u64()
            .and_then(|number| u16::try_from(number).ok());
        number.ok_or_else(|| self.wrong("a position from 0 is expected"))
    }

    /// An instant as text, or as seconds since 1970.
    pub(crate) fn time(&self) -> Result<Timestamp, FormatError> {
        let found = match self.value {
            Value::String(text) => instant(text),
            Value::Number(number) => number.as_f64().and_then(seconds),
            _ => None,
        };
        found.ok_or_else(|| self.wrong("an instant such as `2026-10-08T16:20:05Z` is expected"))
    }
}

fn seconds(seconds: f64) -> Option<Timestamp> {
    let millis = domain::Millis::from_secs_f64(seconds);
    i64::try_from(millis.0).ok().map(Timestamp)
}
