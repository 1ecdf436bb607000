//! A number or address by which a person can be found and asked.

use std::fmt;
use std::str::FromStr;

use crate::{IdError, Party, Secret};

/// How somebody is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// An e-mail address.
    Mail,
    /// A telephone number.
    Tel,
}

impl IdentifierKind {
    /// Key in records.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Mail => "mailto",
            Self::Tel => "tel",
        }
    }
}

/// A number or address in one written form, so that equal ones compare equal: addresses in
/// lower case, numbers as digits with their plus sign.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    kind: IdentifierKind,
    value: Secret,
}

impl Identifier {
    /// How the person is reached.
    #[must_use]
    pub const fn kind(&self) -> IdentifierKind {
        self.kind
    }

    /// The number or address itself.
    #[must_use]
    pub const fn value(&self) -> &Secret {
        &self.value
    }

    /// The bytes that keyed hashes are taken over.
    #[must_use]
    pub fn canonical(&self) -> Secret {
        Secret::new(format!("{}:{}", self.kind.key(), self.value.expose()))
    }

    /// Every number and address that a party is known by.
    pub fn of(party: &Party) -> impl Iterator<Item = Self> {
        [&party.mailto, &party.tel, &party.name]
            .into_iter()
            .flatten()
            .filter_map(|text| text.expose().parse().ok())
    }
}

impl FromStr for Identifier {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        let text = text
            .strip_prefix("mailto:")
            .or_else(|| text.strip_prefix("tel:"))
            .unwrap_or(text);
        if let Some((name, host)) = text.rsplit_once('@') {
            let plain = |part: &str| {
                !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control())
            };
            if plain(name) && plain(host) && !host.starts_with('.') && text.len() <= 254 {
                return Ok(Self {
                    kind: IdentifierKind::Mail,
                    value: Secret::new(text.to_lowercase()),
                });
            }
        }
        let number = text.strip_prefix("00").map(|rest| format!("+{rest}"));
        let number = number.as_deref().unwrap_or(text);
        let spaced = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
        let digits = number.strip_prefix('+').unwrap_or(number);
        let kept: String = digits.chars().filter(char::is_ascii_digit).collect();
        if digits.chars().all(spaced) && (5..=15).contains(&kept.len()) {
            let plus = if number.starts_with('+') { "+" } else { "" };
            return Ok(Self {
                kind: IdentifierKind::Tel,
                value: Secret::new(format!("{plus}{kept}")),
            });
        }
        Err(IdError::Name(
            "expected a mail address or a telephone number with its country code, as in +44 20 7946 0000",
        ))
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identifier({})", self.kind.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_or_address_has_one_form() {
        let same = |a: &str, b: &str| {
            let (a, b): (Identifier, Identifier) = (a.parse().unwrap(), b.parse().unwrap());
            assert_eq!(a, b);
        };
        same("Tom.Hill@Example.ORG", "mailto:tom.hill@example.org");
        same("+44 (20) 7946-0000", "tel:+442079460000");
        same("0044 20 7946 0000", "+442079460000");
        for text in ["", "Tom Hill", "12", "@x", "a@", "+49 abc", "a b@c d"] {
            assert!(text.parse::<Identifier>().is_err(), "{text}");
        }
    }
}
