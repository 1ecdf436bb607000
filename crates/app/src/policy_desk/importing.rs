//! A policy text of somebody else's as numbered sentences, to be mapped by a person.

/// One sentence, not yet a clause: its predicates are for a person to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its number in the text, from 1.
    pub number: usize,
    /// The heading it stands under.
    pub heading: String,
    /// Where it stands: bytes from and to.
    pub span: (usize, usize),
    /// Its words.
    pub words: String,
    /// A guess at its kind from its verbs, for the person to judge.
    pub guess: &'static str,
}

/// Abbreviations that do not end a sentence.
const NOT_AN_END: &[&str] = &[
    "e.g.", "i.e.", "Inc.", "Ltd.", "Corp.", "No.", "Art.", "etc.", "U.S.",
];

/// Divides a text into its sentences. Lines that begin with `#`, and short lines without a full
/// stop before an empty line, are headings.
#[must_use]
pub fn import(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut heading = String::new();
    let mut at = 0;
    for paragraph in text.split_inclusive("\n\n") {
        let begin = at;
        at += paragraph.len();
        let words = paragraph.trim();
        if words.is_empty() {
            continue;
        }
        let ends = words.ends_with(['.', '!', '?', ':', ';']);
        if words.starts_with('#') || (!ends && words.len() < 80 && !words.contains('\n')) {
            heading = words.trim_start_matches('#').trim().to_owned();
            continue;
        }
        for (from, to) in sentences(paragraph) {
            let Some(one) = paragraph.get(from..to) else {
                continue;
            };
            let words: Vec<&str> = one.split_whitespace().collect();
            let words = words.join(" ");
            if words.is_empty() {
                continue;
            }
            found.push(Sentence {
                number: found.len() + 1,
                heading: heading.clone(),
                span: (begin + from, begin + to),
                guess: guess(&words),
                words,
            });
        }
    }
    found
}

fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut begin = 0;
    for (place, c) in text.char_indices() {
        let next = place + c.len_utf8();
        let rest = text.get(next..).unwrap_or_default();
        let stops = matches!(c, '.' | '!' | '?') && rest.starts_with(char::is_whitespace);
        let so_far = text.get(begin..next).unwrap_or_default();
        let abbreviated = NOT_AN_END.iter().any(|short| so_far.ends_with(short));
        if stops && !abbreviated {
            all.push((begin, next));
            begin = next;
        }
    }
    all.push((begin, text.len()));
    all
}

fn guess(words: &str) -> &'static str {
    let lower = words.to_lowercase();
    let has = |needles: &[&str]| needles.iter().any(|needle| lower.contains(needle));
    if has(&[" never ", "does not ", "do not ", "will not "]) {
        "never"
    } else if has(&[
        "not responsible",
        "cannot guarantee",
        "no guarantee",
        "not liable",
    ]) {
        "disclaimer"
    } else if has(&["you may ", "you can ", "opt out", "opt-out", "unsubscribe"]) {
        "choice"
    } else if has(&["we may ", "may be ", "may also ", "may use "]) {
        "may"
    } else if has(&["certified", "certification", "complies with", "member of"]) {
        "claim"
    } else if has(&["we will ", "we have ", "we take ", "shall ", "must "]) {
        "duty"
    } else {
        "fact"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_numbered_sentences_under_their_headings() {
        let text = "Privacy Policy\n\nWe may use cookies, e.g. for login. You can opt out.\n\n\
                    # Security\n\nAcme Inc. does not sell data! We will tell you.\n";
        let found = import(text);
        let kinds: Vec<&str> = found.iter().map(|one| one.guess).collect();
        assert_eq!(kinds, ["may", "choice", "never", "duty"]);
        assert_eq!(found[0].heading, "Privacy Policy");
        assert_eq!(found[2].words, "Acme Inc. does not sell data!");
        assert_eq!(found[3].heading, "Security");
        for one in &found {
            let (from, to) = one.span;
            let words: Vec<&str> = text[from..to].split_whitespace().collect();
            assert_eq!(words.join(" "), one.words);
        }
    }
}
