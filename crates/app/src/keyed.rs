//! Values with rules in stored records: written as their keys, read through `FromStr`.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

fn parse<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(text: &str) -> Result<T, D::Error> {
    text.parse().map_err(D::Error::custom)
}

/// One value.
pub(crate) mod one {
    use super::*;

    pub(crate) fn serialize<T: Display, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D, T>(from: D) -> Result<T, D::Error>
    where
        D: Deserializer<'de>,
        T: FromStr<Err: Display>,
    {
        parse::<D, T>(&String::deserialize(from)?)
    }
}

/// One value or none.
pub(crate) mod maybe {
    use super::*;

    pub(crate) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
    where
        D: Deserializer<'de>,
        T: FromStr<Err: Display>,
    {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| parse::<D, T>(&text)).transpose()
    }
}

/// Several values.
pub(crate) mod many {
    use super::*;

    pub(crate) fn serialize<'a, C, T, S>(values: &'a C, to: S) -> Result<S::Ok, S::Error>
    where
        &'a C: IntoIterator<Item = &'a T>,
        T: Display + 'a,
        S: Serializer,
    {
        to.collect_seq(values.into_iter().map(ToString::to_string))
    }

    pub(crate) fn deserialize<'de, D, C, T>(from: D) -> Result<C, D::Error>
    where
        D: Deserializer<'de>,
        C: FromIterator<T>,
        T: FromStr<Err: Display>,
    {
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|text| parse::<D, T>(text))
            .collect()
    }
}

/// Text that belongs to a person: readable only inside a sealed record.
pub(crate) mod secret {
    use super::*;
    use domain::Secret;

    pub(crate) fn serialize<S: Serializer>(value: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(value.expose())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        Ok(Secret::new(String::deserialize(from)?))
    }
}

/// Such text or none.
pub(crate) mod maybe_secret {
    use super::*;
    use domain::Secret;

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Secret>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(text) => to.serialize_some(text.expose()),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Secret>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(Secret::new))
    }
}

/// An instant.
pub(crate) mod at {
    use super::*;
    use domain::Timestamp;

    pub(crate) fn serialize<S: Serializer>(value: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(value.0)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        Ok(Timestamp(i64::deserialize(from)?))
    }
}

/// An instant or none.
pub(crate) mod maybe_at {
    use super::*;
    use domain::Timestamp;

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Timestamp>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(at) => to.serialize_some(&at.0),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        Ok(Option::<i64>::deserialize(from)?.map(Timestamp))
    }
}
