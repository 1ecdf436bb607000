//! The kinds of things that the model names.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::EngineError;

macro_rules! labels {
    ($($(#[$doc:meta])* $variant:ident = $key:literal,)*) => {
        /// What a stretch of text is taken for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NameLabel {
            $($(#[$doc])* $variant,)*
        }

        impl NameLabel {
            /// Every label, in the order of the model's classes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The model's own word for it.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }
        }
    };
}

labels! {
    /// First and middle names.
    GivenName = "GIVEN_NAME",
    /// Family names.
    Surname = "SURNAME",
    /// Mail addresses, also with "at" and "dot".
    Email = "EMAIL",
    /// Telephone numbers; also mistakes social security numbers for them.
    Phone = "PHONE",
    /// Web addresses.
    Url = "URL",
    /// Tax numbers.
    TaxId = "TAX_ID",
    /// Account numbers.
    BankAccount = "BANK_ACCOUNT",
    /// Bank routing numbers.
    RoutingNumber = "ROUTING_NUMBER",
    /// Other numbers of a state's registers.
    GovernmentId = "GOVERNMENT_ID",
    /// Passport numbers.
    Passport = "PASSPORT",
    /// Numbers of driving licences.
    DriversLicense = "DRIVERS_LICENSE",
    /// House numbers.
    BuildingNumber = "BUILDING_NUMBER",
    /// Streets.
    StreetName = "STREET_NAME",
    /// Flats, floors, units.
    SecondaryAddress = "SECONDARY_ADDRESS",
    /// Towns.
    City = "CITY",
    /// States and provinces.
    State = "STATE",
    /// Postal codes.
    ZipCode = "ZIP_CODE",
}

#[derive(Deserialize)]
struct Config {
    id2label: BTreeMap<usize, String>,
}

/// Refuses a model whose classes are not the ones known here: a wrong name for a class would
/// let personal data through.
pub(super) fn check(path: &Path) -> Result<(), EngineError> {
    let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => EngineError::Missing {
            path: path.to_owned(),
        },
        _ => EngineError::Read {
            path: path.to_owned(),
            source,
        },
    })?;
    let malformed = |what| EngineError::Malformed {
        path: path.to_owned(),
        what,
    };
    let config: Config =
        serde_json::from_str(&text).map_err(|_| malformed("it holds no table of labels"))?;
    let begun = |label: &NameLabel| [format!("B-{}", label.key()), format!("I-{}", label.key())];
    let known = std::iter::once("O".to_owned()).chain(NameLabel::ALL.iter().flat_map(begun));
    if known.eq(config.id2label.into_values()) {
        Ok(())
    } else {
        Err(malformed("its labels are others"))
    }
}
