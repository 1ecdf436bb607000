//! Words beside and inside names.

use crate::redact::tokens::lexicon;

pub(in crate::redact) fn stem(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}

pub(super) fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "van"
            | "von"
            | "de"
            | "der"
            | "den"
            | "la"
            | "le"
            | "del"
            | "della"
            | "di"
            | "da"
            | "dos"
            | "al"
            | "el"
            | "bin"
            | "ibn"
            | "san"
            | "of"
            | "the"
            | "and"
            | "st"
    )
}

/// What is told of a name instead of the name: `her name was spelt wrong`.
pub(super) fn is_told_of_name(word: &str) -> bool {
    matches!(
        word,
        "spelt"
            | "spelled"
            | "misspelt"
            | "misspelled"
            | "mispronounced"
            | "mistyped"
            | "typed"
            | "written"
            | "printed"
            | "wrong"
            | "incorrect"
            | "missing"
            | "misprinted"
            | "hyphenated"
    )
}

pub(in crate::redact) fn is_title(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "mister"
            | "dr"
            | "doctor"
            | "prof"
            | "professor"
            | "sir"
            | "madam"
            | "mx"
    )
}

/// Words with a capital that are no name: roles, days, products of everyday talk.
pub(in crate::redact) fn is_role(word: &str) -> bool {
    lexicon::month(word).is_some() && word.len() > 3 && !matches!(word, "april" | "june" | "august")
        || matches!(
            word,
            "monday"
                | "tuesday"
                | "wednesday"
                | "thursday"
                | "friday"
                | "saturday"
                | "sunday"
                | "customer"
                | "sir"
                | "madam"
                | "team"
                | "agent"
                | "colleague"
                | "all"
                | "everyone"
                | "god"
                | "english"
                | "spanish"
                | "internet"
                | "wifi"
                | "iphone"
                | "android"
                | "visa"
                | "mastercard"
                | "amex"
                | "paypal"
                | "google"
                | "amazon"
                | "facebook"
                | "christmas"
                | "easter"
                | "ssn"
                | "pin"
                | "cvv"
                | "usa"
                | "uk"
                | "ok"
        )
}

/// Words that make a capitalised phrase an organisation's name.
pub(super) fn is_business(word: &str) -> bool {
    matches!(
        word,
        "energy"
            | "furniture"
            | "dental"
            | "bank"
            | "inc"
            | "llc"
            | "ltd"
            | "company"
            | "services"
            | "service"
            | "insurance"
            | "health"
            | "clinic"
            | "support"
            | "department"
            | "billing"
            | "group"
            | "corp"
            | "corporation"
            | "hospital"
            | "university"
            | "solutions"
            | "wireless"
            | "telecom"
            | "mobile"
            | "electric"
            | "airlines"
            | "airways"
            | "hotel"
            | "hotels"
            | "pharmacy"
            | "store"
            | "stores"
            | "bureau"
            | "agency"
            | "team"
            | "office"
            | "center"
            | "centre"
            | "systems"
            | "network"
            | "networks"
            | "financial"
            | "motors"
            | "logistics"
            | "media"
            | "foundation"
            | "gas"
            | "water"
            | "utilities"
            | "communications"
            | "plumbing"
            | "heating"
            | "careline"
            | "helpdesk"
            | "desk"
            | "technologies"
            | "software"
            | "gmbh"
    )
}
