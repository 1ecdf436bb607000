//! What a person who signs in is known by.

use std::fmt;
use std::str::FromStr;

use crate::IdError;

/// The address that a person signs in with, lower-cased. It hides itself: `Debug` shows nothing
/// of it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MailAddress(String);

impl MailAddress {
    /// The address; each use is a place to look at in review.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for MailAddress {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fault = IdError::Name("a mail address is written name@host");
        let address = text.trim().to_lowercase();
        let (name, host) = address.rsplit_once('@').ok_or_else(|| fault.clone())?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
        let well_formed = !name.is_empty()
            && !host.is_empty()
            && address.len() <= 254
            && name.chars().all(plain)
            && host.chars().all(plain);
        if well_formed {
            Ok(Self(address))
        } else {
            Err(fault)
        }
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_however_it_is_written_and_hides_itself() {
        let one: MailAddress = " Ada@Example.org ".parse().unwrap();
        assert_eq!(Ok(one.clone()), "ada@example.ORG".parse());
        assert_eq!(format!("{one:?}"), "MailAddress");
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a da@example.org",
            "a@b@c",
        ] {
            assert!(bad.parse::<MailAddress>().is_err(), "{bad}");
        }
    }
}
