//! What could stand where an editor's cursor is.

use super::cursor::KEYWORDS;
use super::fields::FieldSet;

/// One proposal of an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// First character to replace, from 0.
    pub from: usize,
    /// Character after the last one to replace: the cursor.
    pub to: usize,
    /// What to put there.
    pub text: String,
    /// What it is.
    pub about: String,
}

const SCOPES: &[(&str, &str)] = &[
    ("agent:", "only the agent's words"),
    ("consumer:", "only the consumer's words"),
    ("ivr:", "only the recorded menu"),
    ("bot:", "only the bot's words"),
    ("first:30s(", "only the start of the interaction"),
    ("last:10%(", "only the end of the interaction"),
    ("CAT:[", "matches of a category"),
];

const OPERATORS: &[(&str, &str)] = &[
    ("AND", "both, anywhere in the interaction"),
    ("OR", "at least one"),
    ("NOT", "not there"),
    ("NEAR:5", "at most 5 seconds apart"),
    ("BEFORE:5", "first one first, at most 5 seconds apart"),
    ("AFTER:5", "second one first, at most 5 seconds apart"),
    ("NOTIN", "not part of"),
];

/// Proposals for `text` with the cursor after `cursor` characters: operators, scopes, field
/// names, a field's values, category names. Nothing inside a quoted phrase.
#[must_use]
pub fn completions(
    text: &str,
    cursor: usize,
    fields: &FieldSet,
    categories: &[String],
) -> Vec<Completion> {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let to = before.len();
    let made = |from: usize, text: &str, about: &str| Completion {
        from,
        to,
        text: text.to_owned(),
        about: about.to_owned(),
    };
    if let Some((from, prefix)) = open_category(&before) {
        return categories
            .iter()
            .filter(|name| name.to_lowercase().contains(&prefix))
            .map(|name| made(from, &format!("{name}]"), "category"))
            .collect();
    }
    if before.iter().filter(|c| **c == '"').count() % 2 == 1 {
        return Vec::new();
    }
    let (from, word) = last_word(&before);
    if let Some((name, typed)) = word.split_once([':', '=']) {
        let from = to - typed.chars().count();
        let spec = fields.iter().find(|(known, _)| *known == name);
        let values = spec
            .map(|(_, spec)| spec.values.as_slice())
            .unwrap_or_default();
        return values
            .iter()
            .filter(|value| value.to_lowercase().starts_with(typed))
            .map(|value| made(from, value, name))
            .collect();
    }
    let fits = |text: &str| text.to_lowercase().starts_with(&word);
    let fixed = OPERATORS.iter().chain(SCOPES);
    let mut all: Vec<Completion> = fixed
        .filter(|(text, _)| fits(text))
        .map(|(text, about)| made(from, text, about))
        .collect();
    all.extend(
        fields
            .iter()
            .filter(|(name, _)| fits(name))
            .map(|(name, spec)| {
                let sign = if KEYWORDS.contains(&name) || name == "agent" {
                    "="
                } else {
                    ":"
                };
                made(from, &format!("{name}{sign}"), &spec.about)
            }),
    );
    all
}

/// Where the name after an unclosed `CAT:[` begins, and what is typed of it, in lower case.
fn open_category(before: &[char]) -> Option<(usize, String)> {
    let open = before.iter().rposition(|c| *c == '[')?;
    let typed = before.get(open + 1..)?;
    let head: String = before.get(open.checked_sub(4)?..open)?.iter().collect();
    let inside = head.eq_ignore_ascii_case("cat:") && !typed.contains(&']');
    inside.then(|| (open + 1, typed.iter().collect::<String>().to_lowercase()))
}

/// The piece after the last space or bracket, in lower case.
fn last_word(before: &[char]) -> (usize, String) {
    let from = before
        .iter()
        .rposition(|c| c.is_whitespace() || "()[],|&".contains(*c))
        .map_or(0, |at| at + 1);
    let word: String = before.get(from..).unwrap_or_default().iter().collect();
    (from, word.to_lowercase())
}
