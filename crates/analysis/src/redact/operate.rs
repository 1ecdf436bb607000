//! What stands in a removed stretch's place where it is not a plain placeholder.
//!
//! A replacement is one word in brackets: the type's tag, a colon, a value, as in
//! `[PERSON:k3f9wq]`. Where a value cannot be made (no key, a date that cannot be read) the plain
//! placeholder takes its place: an operator never leaves more than it says.

use domain::EntityKind;

use super::merge::Removed;
use super::profile::{Locale, Operator, Profile};
use super::tokens::{Stream, Token, lexicon};
use super::words::Words;

/// Characters of a surrogate: 40 bits, so that a tenant's million names rarely meet.
const SURROGATE: usize = 8;
/// Digits that a mask leaves of a long number, as PCI DSS 3.4.1 permits.
const SHOWN: usize = 4;
/// Shortest number of which a mask leaves digits.
const LONG: usize = 8;
/// Longest row of masks; a longer secret does not tell its length.
const ROW: usize = 24;
/// Birth years before this one are told as no year: HIPAA wants ages over 89 without one.
const OLDEST: i64 = 1940;

/// The word for a removed stretch; `None` for the plain placeholder.
pub(crate) fn replacement(
    words: &Words<'_>,
    removed: &Removed,
    profile: &Profile,
) -> Option<String> {
    let operator = profile.operator(removed.kind);
    if matches!(operator, Operator::Redact | Operator::Keep) || removed.is_old() {
        return None;
    }
    let own = Words {
        items: words.items.get(removed.first..=removed.last)?.to_vec(),
        ..Words::default()
    };
    let stream = Stream::of_words(&own, &vec![None; own.items.len()]);
    let value = match operator {
        Operator::Mask => mask(stream.tokens()),
        Operator::Surrogate => surrogate(stream.tokens(), removed.kind, profile)?,
        Operator::Shift => {
            let days = i64::from(profile.shift_days?);
            let (year, month, day) = civil_of(days_of(date(stream.tokens(), profile)?) + days);
            format!("{year:04}-{month:02}-{day:02}")
        }
        Operator::Generalise => generalised(stream.tokens(), removed.kind, profile)?,
        Operator::Redact | Operator::Keep => return None,
    };
    Some(format!("[{}:{value}]", removed.kind.tag()))
}

/// Letters and digits of a stretch in lower case, spoken digits as digits, `at` and `dot` of
/// spoken addresses left out: the same for every way of saying the same.
fn canonical(tokens: &[Token]) -> String {
    tokens
        .iter()
        .filter(|token| !matches!(token.word(), "at" | "dot"))
        .flat_map(|token| token.text.chars())
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn mask(tokens: &[Token]) -> String {
    let text = canonical(tokens);
    let length = text.chars().count();
    let number = text.chars().all(|c| c.is_ascii_digit());
    let shown = if number && length >= LONG { SHOWN } else { 0 };
    let row = "*".repeat((length - shown).min(ROW));
    row + text.get(text.len() - shown..).unwrap_or_default()
}

fn surrogate(tokens: &[Token], kind: EntityKind, profile: &Profile) -> Option<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let key = profile.surrogates.as_ref()?;
    let hash = key.hash(format!("{}\0{}", kind.tag(), canonical(tokens)).as_bytes());
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).copied().map(char::from);
    hash.iter().take(SURROGATE).map(letter).collect()
}

fn generalised(tokens: &[Token], kind: EntityKind, profile: &Profile) -> Option<String> {
    match kind {
        EntityKind::DateOfBirth | EntityKind::Date => {
            let (year, ..) = date(tokens, profile)?;
            (year >= OLDEST).then(|| year.to_string())
        }
        EntityKind::Age => {
            let number = tokens.iter().find(|token| token.is_number())?;
            let age: u32 = number.digits().parse().ok()?;
            let decade = age / 10 * 10;
            Some(if age >= 90 {
                "90+".to_owned()
            } else {
                format!("{decade}-{}", decade + 9)
            })
        }
        _ => None,
    }
}

/// Year, month and day of a date that is said or written with all three.
fn date(tokens: &[Token], profile: &Profile) -> Option<(i64, i64, i64)> {
    let month = tokens.iter().find_map(|t| lexicon::month(t.word()));
    let numbers: Vec<&str> = tokens
        .iter()
        .filter(|token| token.is_number())
        .map(Token::digits)
        .collect();
    let value = |text: &&str| text.parse::<i64>().ok();
    let (year, month, day) = match (month, numbers.as_slice()) {
        (Some(month), [year, day]) if year.len() == 4 => {
            (value(year)?, i64::from(month), value(day)?)
        }
        (Some(month), [day, rest @ ..]) => (year_of(rest)?, i64::from(month), value(day)?),
        (None, [year, month, day]) if year.len() == 4 => (value(year)?, value(month)?, value(day)?),
        (None, [a, b, rest @ ..]) => {
            let (a, b) = (value(a)?, value(b)?);
            let month_first = b > 12 || a <= 12 && profile.speaks_for(Locale::UnitedStates);
            let (month, day) = if month_first { (a, b) } else { (b, a) };
            (year_of(rest)?, month, day)
        }
        _ => return None,
    };
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    (fits && (1880..=2100).contains(&year)).then_some((year, month, day))
}

/// `1983`, `19 83`, `83`.
fn year_of(numbers: &[&str]) -> Option<i64> {
    match numbers {
        [year] if year.len() == 4 => year.parse().ok(),
        [century, rest] if century.len() == 2 && rest.len() == 2 => {
            format!("{century}{rest}").parse().ok()
        }
        [short] if short.len() == 2 => {
            let short: i64 = short.parse().ok()?;
            Some(short + if short < 30 { 2_000 } else { 1_900 })
        }
        _ => None,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar (H. Hinnant's `days_from_civil`).
fn days_of((year, month, day): (i64, i64, i64)) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_of`].
fn civil_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = shifted + if shifted < 10 { 3 } else { -9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::redact::{self, Surrogates};

    fn with(kind: EntityKind, operator: Operator) -> Profile {
        let mut profile = Profile {
            shift_days: Some(-40),
            surrogates: Some(Surrogates::new(Arc::new(|bytes: &[u8]| {
                let mut sum = [7u8; 32];
                for (at, byte) in bytes.iter().enumerate() {
                    sum[at % 32] = sum[at % 32].wrapping_mul(31).wrapping_add(*byte);
                }
                sum
            }))),
            ..Profile::default()
        };
        profile.operators.insert(kind, operator);
        profile
    }

    fn left(text: &str, profile: &Profile) -> String {
        redact::redact_text(text, profile).0
    }

    #[test]
    fn a_mask_leaves_four_digits_of_a_card_and_nothing_of_a_name() {
        let profile = with(EntityKind::Card, Operator::Mask);
        let spoken =
            "my card number is four one one one one one one one one one one one one one one one";
        assert_eq!(
            left(spoken, &profile),
            "my card number is [CARD:************1111]"
        );
        let profile = with(EntityKind::Person, Operator::Mask);
        assert_eq!(
            left("my name is Dan Roe", &profile),
            "my name is [PERSON:******]"
        );
    }

    #[test]
    fn the_same_secret_gets_the_same_surrogate_however_it_is_said() {
        let profile = with(EntityKind::Card, Operator::Surrogate);
        let spoken = left(
            "card number four one one one one one one one one one one one one one one one",
            &profile,
        );
        let written = left("card number 4111-1111-1111-1111", &profile);
        assert_eq!(spoken, written);
        assert!(
            spoken.starts_with("card number [CARD:") && !spoken.contains("1111"),
            "{spoken}"
        );
        let other = left("card number 4012-8888-8888-1881", &profile);
        assert_ne!(written, other);
        let keyless = Profile {
            surrogates: None,
            ..profile
        };
        assert_eq!(
            left("card number 4111-1111-1111-1111", &keyless),
            "card number [CARD]"
        );
    }

    #[test]
    fn dates_shift_by_whole_days_and_ages_become_decades() {
        let profile = with(EntityKind::DateOfBirth, Operator::Shift);
        for said in [
            "March 12, 1983",
            "12 March 1983",
            "1983-03-12",
            "03/12/1983",
            "march twelfth nineteen eighty three",
        ] {
            assert_eq!(
                left(&format!("my date of birth is {said}"), &profile),
                "my date of birth is [DATE_OF_BIRTH:1983-01-31]",
                "{said}"
            );
        }
        let profile = with(EntityKind::DateOfBirth, Operator::Generalise);
        assert_eq!(
            left("I was born on March 12, 1983", &profile),
            "I was born on [DATE_OF_BIRTH:1983]"
        );
        let profile = with(EntityKind::Age, Operator::Generalise);
        assert_eq!(left("I am 47 years old", &profile), "I am [AGE:40-49]");
        assert_eq!(left("I am 93 years old", &profile), "I am [AGE:90+]");
    }

    #[test]
    fn verification_codes_are_removed_under_every_operator() {
        for operator in [
            Operator::Mask,
            Operator::Surrogate,
            Operator::Keep,
            Operator::Generalise,
        ] {
            let profile = with(EntityKind::Cvv, operator);
            assert_eq!(left("the cvv is 739", &profile), "the cvv is [CVV]");
        }
    }

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        for days in (-40_000..60_000).step_by(97) {
            assert_eq!(days_of(civil_of(days)), days);
        }
        assert_eq!(civil_of(0), (1970, 1, 1));
    }
}
