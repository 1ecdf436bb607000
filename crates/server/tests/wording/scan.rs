//! Looks through templates and code for messages that are asked for, and for words outside them.

use std::collections::BTreeSet;

use regex::Regex;

/// A message that is asked for.
pub(super) struct Use {
    pub(super) id: String,
    pub(super) arguments: BTreeSet<String>,
}

/// Names that are the same in every language.
const NAMES: &[&str] = &[
    "Privity",
    "· Privity",
    "vcon",
    "json",
    "txt",
    "csv",
    "vtt",
    "JSON",
    "int_…",
    "0:00",
    "Folder.Name",
    "Europe/Berlin",
    // Examples of what is typed.
    "HGB",
    "acme.example",
    "groups",
    "quality = coach",
];

/// Every `t("…")`, `rich("…")` and `say("…")`, with the names of the arguments behind it.
pub(super) fn uses(text: &str) -> Vec<Use> {
    let call = Regex::new(r#"\b(?:t|rich|say)\(\s*"([a-z0-9-]+)",?\s*\)"#).unwrap();
    let named = Regex::new(r#"^\s*\.a\(\s*"([a-z0-9-]+)""#).unwrap();
    let link = Regex::new(r"^\s*\.link\(").unwrap();
    let mut found = Vec::new();
    for one in call.captures_iter(text) {
        let mut arguments = BTreeSet::new();
        let mut rest = &text[one.get(0).unwrap().end()..];
        loop {
            if let Some(next) = named.captures(rest) {
                arguments.insert(next[1].to_owned());
            } else if !link.is_match(rest) {
                break;
            }
            rest = after_call(rest);
        }
        found.push(Use {
            id: one[1].to_owned(),
            arguments,
        });
    }
    found
}

/// What follows the first pair of parentheses.
fn after_call(text: &str) -> &str {
    let (mut depth, mut quoted) = (0_u32, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return &text[at + 1..];
                }
            }
            _ => {}
        }
    }
    ""
}

/// Words in text nodes and in the attributes that people see or hear.
pub(super) fn words(template: &str) -> Vec<String> {
    let code = Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}").unwrap();
    let still =
        Regex::new(r"(?s)<(pre|code|kbd|svg|script)\b.*?</(?:pre|code|kbd|svg|script)>").unwrap();
    let spoken =
        Regex::new(r#"\s(?:title|placeholder|aria-label|alt)=(?:"([^"]*)"|'([^']*)')"#).unwrap();
    let tag = Regex::new(r"(?s)</?[a-zA-Z!][^>]*>").unwrap();
    let word = Regex::new(r"\p{Alphabetic}{2}").unwrap();
    let bare = code.replace_all(template, "\u{0}");
    let mut found: Vec<String> = spoken
        .captures_iter(&bare)
        .flat_map(|one| {
            one.iter()
                .skip(1)
                .flatten()
                .map(|m| m.as_str().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|text| !text.starts_with("agent:("))
        .collect();
    let without = still.replace_all(&bare, "\u{0}");
    let without = tag.replace_all(&without, "\u{0}");
    found.extend(without.split(['\u{0}', '\n']).map(str::to_owned));
    found.retain(|text| word.is_match(text) && !NAMES.contains(&text.trim()));
    found
}
