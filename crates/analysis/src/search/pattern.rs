//! Wildcards and regular expressions over one normalised word.
//!
//! Matching is linear in the word's length whatever the pattern; its compiled size is bounded.
//! A pattern never matches a placeholder: what was removed is found by its name only.

use std::fmt;

use domain::query::WordTest;
use regex::{Regex, RegexBuilder};

use super::words;

/// Characters of a regular expression.
const MAX_LENGTH: usize = 200;
/// Bytes of a compiled one.
const MAX_SIZE: usize = 1 << 18;

/// A pattern of a query, to be compared with each word of a tenant's vocabulary.
#[derive(Clone)]
pub struct Pattern {
    test: WordTest,
    regex: Regex,
}

impl Pattern {
    /// None for exact words and inflections, and for a pattern that the parser refuses.
    #[must_use]
    pub fn of(test: &WordTest) -> Option<Self> {
        let regex = match test {
            WordTest::Wildcard(wildcard) => compile(&translated(wildcard), false).ok()?,
            WordTest::Regex(source) => compile(source, true).ok()?,
            WordTest::Exact(_) | WordTest::Inflected(_) => return None,
        };
        Some(Self {
            test: test.clone(),
            regex,
        })
    }

    /// Whether the whole of a normalised word matches.
    #[must_use]
    pub fn matches(&self, word: &str) -> bool {
        !words::is_placeholder(word) && self.regex.is_match(word)
    }

    /// What every word that matches begins with.
    #[must_use]
    pub fn begin(&self) -> &str {
        match &self.test {
            WordTest::Wildcard(wildcard) => {
                let plain = wildcard.split(['*', '?']).next();
                plain.unwrap_or_default()
            }
            WordTest::Exact(_) | WordTest::Inflected(_) | WordTest::Regex(_) => "",
        }
    }

    /// The part of the query.
    #[must_use]
    pub const fn test(&self) -> &WordTest {
        &self.test
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.test == other.test
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.test)
    }
}

fn translated(wildcard: &str) -> String {
    let mut source = String::new();
    for c in wildcard.chars() {
        match c {
            '*' => source.push_str(".*"),
            '?' => source.push('.'),
            c => source.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    source
}

fn compile(source: &str, any_case: bool) -> Result<Regex, regex::Error> {
    // The pattern stands alone first, so that it cannot close the group that anchors it.
    RegexBuilder::new(source).size_limit(MAX_SIZE).build()?;
    RegexBuilder::new(&format!(r"\A(?:{source})\z"))
        .case_insensitive(any_case)
        .size_limit(MAX_SIZE)
        .dfa_size_limit(1 << 20)
        .nest_limit(32)
        .build()
}

/// What a regular expression should be, if it is not.
pub(super) fn check_regex(source: &str) -> Result<(), String> {
    if source.is_empty() {
        return Err("a pattern between the slashes".to_owned());
    }
    if source.chars().count() > MAX_LENGTH {
        return Err(format!("a pattern of at most {MAX_LENGTH} characters"));
    }
    match compile(source, true) {
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => {
            Err("a smaller pattern (fewer or shorter repetitions)".to_owned())
        }
        Err(_) => Err(
            "a regular expression over one word, without look-around or back-references".to_owned(),
        ),
    }
}
