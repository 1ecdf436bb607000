//! Which turns a name model need not read.

use super::detect::name;
use super::tokens::lexicon;

/// Whether a text may hold a name: false only where every word is a number, a mark or a word
/// of everyday talk that is nobody's name. Most short turns (`yes please`, `one moment`) are
/// skipped so; a test puts every listed name through it.
#[must_use]
pub fn needs_names(text: &str) -> bool {
    text.split(|c: char| !(c.is_alphabetic() || matches!(c, '\'' | '\u{2019}')))
        .filter(|word| word.chars().count() > 1)
        .any(|word| {
            let lower = word.to_lowercase().replace('\u{2019}', "'");
            let stem = lower.strip_suffix("'s").unwrap_or(&lower);
            name::may_be_name(stem) || !lexicon::is_common(&lower)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_listed_name_is_lost_in_any_case_or_carrier() {
        for name in name::every_listed() {
            for form in [
                name.to_owned(),
                name.to_uppercase(),
                format!("{name}'s"),
                format!("thank you, {name}."),
                format!("yes it is {name} here"),
            ] {
                assert!(needs_names(&form), "{form}");
            }
        }
    }

    #[test]
    fn everyday_turns_are_skipped() {
        for text in [
            "Yes, please.",
            "One moment.",
            "4111 1111",
            "Thank you for calling.",
            "Okay, that is all.",
        ] {
            assert!(!needs_names(text), "{text}");
        }
    }
}
