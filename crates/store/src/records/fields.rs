//! Stored form of the fields that a search may ask for beside words.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::query::{FieldValue, Fields};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueV1 {
    Text(String),
    Number(f64),
    Instant(i64),
}

impl Record for Fields {
    const WHAT: &'static str = "search fields";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let value = |value: &FieldValue| match value {
            FieldValue::Text(text) => ValueV1::Text(text.clone()),
            FieldValue::Number(number) => ValueV1::Number(*number),
            FieldValue::Instant(at) => ValueV1::Instant(at.0),
        };
        let all: BTreeMap<&str, Vec<ValueV1>> = self
            .iter()
            .map(|(name, values)| (name, values.iter().map(value).collect()))
            .collect();
        wrap::<Self>(all)
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: BTreeMap<String, Vec<ValueV1>> = unwrap_v1::<Self, _>(bytes)?;
        let mut fields = Self::default();
        for (name, values) in stored {
            for value in values {
                let value = match value {
                    ValueV1::Text(text) => FieldValue::Text(text),
                    ValueV1::Number(number) => FieldValue::Number(number),
                    ValueV1::Instant(at) => FieldValue::Instant(Timestamp(at)),
                };
                fields.insert(name.clone(), value);
            }
        }
        Ok(fields)
    }
}
