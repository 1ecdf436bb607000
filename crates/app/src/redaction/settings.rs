//! What an installation or a tenant wants removed, and how: the form of its settings.

use std::collections::{BTreeMap, BTreeSet};

use analysis::redact::{self, CustomPattern, Locale, Operator, Profile};
use domain::{EntityKind, Regulation};
use serde::Deserialize;

/// What becomes of sensitive authentication data (PCI DSS 3.3) in the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthenticationData {
    /// The original is rewritten without it.
    #[default]
    Remove,
    /// The original may not be altered, so the interaction is stopped.
    Refuse,
}

/// Settings that were read and checked.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// What the detectors go by.
    pub profile: Profile,
    /// What becomes of sensitive authentication data.
    pub authentication_data: AuthenticationData,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// No valid TOML, or an unknown key.
    #[error("the redaction settings are not valid: {0}")]
    Form(String),
    /// A value is not one of those that exist.
    #[error("`{key}` cannot be `{value}`; it is one of {known}")]
    Value {
        /// The key.
        key: &'static str,
        /// The offered value.
        value: String,
        /// What it can be.
        known: String,
    },
    /// An operator that a type cannot have.
    #[error("`{operator}` does not fit {kind}: {hint}")]
    Operator {
        /// The operator.
        operator: String,
        /// The type's tag.
        kind: &'static str,
        /// Why, and what to do.
        hint: &'static str,
    },
    /// A pattern that cannot be used.
    #[error(transparent)]
    Pattern(#[from] redact::PatternError),
}

/// The file's form. Unknown keys are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    regulations: Option<Vec<String>>,
    locales: Option<Vec<String>>,
    authentication_data: Option<String>,
    never_names: Vec<String>,
    operators: BTreeMap<String, String>,
    pattern: Vec<Pattern>,
    words: Vec<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    name: String,
    regex: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    name: String,
    list: Vec<String>,
}

const REGULATIONS: &[Regulation] = &[
    Regulation::PciDss,
    Regulation::Hipaa,
    Regulation::Gdpr,
    Regulation::Tenant,
];

impl Rules {
    /// Reads settings; what is not said is as in the default, which removes everything.
    ///
    /// # Errors
    /// [`RulesError`] naming the key and what it can be.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        // The parser's own message would show the line, which may hold a tenant's words.
        let file: File =
            toml::from_str(text).map_err(|error| RulesError::Form(error.message().to_owned()))?;
        let mut profile = Profile::default();
        if let Some(names) = &file.regulations {
            profile.regulations = names
                .iter()
                .map(|name| regulation(name))
                .collect::<Result<_, _>>()?;
            profile.event_dates = profile.regulations.contains(&Regulation::Hipaa);
            // What a tenant declares itself is always removed.
            profile.regulations.insert(Regulation::Tenant);
        }
        if let Some(names) = &file.locales {
            profile.locales = names
                .iter()
                .map(|name| one_of("locales", name, Locale::ALL))
                .collect::<Result<BTreeSet<_>, _>>()?;
        }
        for (tag, name) in &file.operators {
            let (kind, operator) = operator(tag, name)?;
            profile.operators.insert(kind, operator);
        }
        for pattern in &file.pattern {
            profile
                .custom
                .push(CustomPattern::regex(&pattern.name, &pattern.regex)?);
        }
        for words in &file.words {
            profile
                .custom
                .push(CustomPattern::words(&words.name, &words.list));
        }
        profile
            .keep
            .extend(file.never_names.iter().map(|word| word.to_lowercase()));
        let authentication_data = match file.authentication_data.as_deref() {
            None | Some("remove") => AuthenticationData::Remove,
            Some("refuse") => AuthenticationData::Refuse,
            Some(other) => {
                return Err(RulesError::Value {
                    key: "authentication_data",
                    value: other.to_owned(),
                    known: "remove, refuse".to_owned(),
                });
            }
        };
        Ok(Self {
            profile,
            authentication_data,
        })
    }

    /// Settings to begin with: every key with its default, commented out.
    #[must_use]
    pub const fn template() -> &'static str {
        TEMPLATE
    }
}

const TEMPLATE: &str = r#"# What redaction removes, and what takes its place. What is not said is as in the default:
# everything is removed, for every locale, and a typed placeholder takes its place.

# Rule sets in force: pci_dss, hipaa, gdpr. Card data is removed under each of them.
# regulations = ["pci_dss", "hipaa", "gdpr"]

# Whose official numbers are looked for: us, uk, eu.
# locales = ["us", "uk", "eu"]

# Verification codes, PINs and track data in the original: "remove" rewrites the original without
# them; "refuse" stops an interaction that holds any.
# authentication_data = "remove"

# Words that are never taken for a name, such as names of products.
# never_names = ["Aurora"]

# What takes a type's place where it is no placeholder: mask, surrogate, shift, generalise, keep.
# [operators]
# PERSON = "surrogate"
# DATE_OF_BIRTH = "generalise"
# AGE = "generalise"
# CARD = "mask"
# URL = "keep"

# Patterns and word lists of your own; what they find is removed as [CUSTOM].
# [[pattern]]
# name = "loyalty number"
# regex = 'LY-\d{6}'
#
# [[words]]
# name = "projects"
# list = ["Blue Heron"]
"#;

fn one_of<T: Copy>(key: &'static str, text: &str, known: &[(&str, T)]) -> Result<T, RulesError> {
    let found = known.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        RulesError::Value {
            key,
            value: text.to_owned(),
            known: names.join(", "),
        }
    })
}

fn regulation(text: &str) -> Result<Regulation, RulesError> {
    let known: Vec<(&str, Regulation)> = REGULATIONS.iter().map(|one| (one.key(), *one)).collect();
    one_of("regulations", text, &known)
}

fn operator(tag: &str, name: &str) -> Result<(EntityKind, Operator), RulesError> {
    let kinds: Vec<(&str, EntityKind)> = EntityKind::ALL
        .iter()
        .map(|kind| (kind.tag(), *kind))
        .collect();
    let kind = one_of("operators", tag, &kinds)?;
    let operator = one_of("operators", name, Operator::ALL)?;
    if operator.fits(kind) {
        return Ok((kind, operator));
    }
    Err(RulesError::Operator {
        operator: name.to_owned(),
        kind: kind.tag(),
        hint: match operator {
            Operator::Keep => "card data is never kept; `mask` leaves four digits",
            Operator::Shift => "only a date of birth can be shifted",
            Operator::Generalise => "only a date of birth and an age can be generalised",
            Operator::Mask | Operator::Surrogate | Operator::Redact => {
                "nothing may be left of verification codes, track data and credentials; `redact` them"
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_the_default_and_every_key_of_it_is_read() {
        let rules = Rules::parse(TEMPLATE).unwrap();
        assert_eq!(rules.authentication_data, AuthenticationData::Remove);
        assert!(rules.profile.operators.is_empty() && rules.profile.custom.is_empty());
        let all: String = TEMPLATE
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.starts_with('[') || line.contains(" = "))
            .map(|line| format!("{line}\n"))
            .collect();
        let rules = Rules::parse(&all).unwrap();
        assert_eq!(rules.profile.operators.len(), 5);
        assert_eq!(rules.profile.custom.len(), 2);
        assert!(rules.profile.keep.contains("aurora"));
    }

    #[test]
    fn card_data_alone_is_removed_where_only_pci_dss_is_in_force() {
        let rules = Rules::parse("regulations = [\"pci_dss\"]").unwrap();
        let left = redact::redact_text(
            "my card is 4111 1111 1111 1111 and my mail is dan@example.com",
            &rules.profile,
        );
        assert_eq!(left.0, "my card is [CARD] and my mail is dan@example.com");
    }

    #[test]
    fn what_may_not_be_is_refused_with_what_may() {
        for (text, says) in [
            ("regulations = [\"pci\"]", "pci_dss"),
            ("locale = [\"us\"]", "locale"),
            ("[operators]\nCVV = \"mask\"", "redact"),
            ("[operators]\nCARD = \"keep\"", "mask"),
            ("[operators]\nPHONE = \"shift\"", "date of birth"),
            ("authentication_data = \"keep\"", "refuse"),
            ("[[pattern]]\nname = \"x\"\nregex = \"a*\"", "empty"),
        ] {
            let error = Rules::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
