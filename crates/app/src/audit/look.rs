//! What a planted secret looks like where it should not be.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use aho_corasick::AhoCorasick;
use analysis::planting::Sample;
use analysis::redact;
use domain::{RedactedTranscript, Token};

use crate::error::AppError;

/// Digits of a number that are enough to have seen it.
const ENOUGH: usize = 5;
/// Letters and digits that are not found by chance in other text or in sealed bytes.
const TELLING: usize = 6;
/// Bytes of a file that are looked at at once.
const PIECE: usize = 1 << 20;
/// Types that are told by their words; of the others (numbers, dates) a word such as `seventeen`
/// stands in any conversation, and only the whole tells.
const OF_WORDS: &[&str] = &["person", "address", "email", "url", "username", "password"];
/// Words of detectors' names, which exports tell of each removal: they say nothing of what was
/// removed.
const OF_DETECTORS: &[&str] = &["street", "postcode"];
/// Letters of a word that a recogniser hears and does not invent.
const HEARD: usize = 5;

/// One planted secret.
pub(super) struct Needle {
    /// Words of the secret that stand nowhere else in its conversation, in lower case.
    words: BTreeSet<String>,
    /// Its digits, spoken ones too.
    digits: String,
    /// Forms of it that stand for themselves wherever they are found.
    telling: Vec<String>,
}

impl Needle {
    pub(super) fn of(sample: &Sample) -> Option<Self> {
        let planted = sample.secret?;
        let said = sample.said()?;
        let mut around = BTreeSet::new();
        for (turn, (_, line)) in sample.lines.iter().enumerate() {
            for (at, word) in line.split_whitespace().enumerate() {
                if turn != planted.turn || !(planted.first..=planted.last).contains(&at) {
                    around.extend(tokens(word));
                }
            }
        }
        let words: BTreeSet<String> = tokens(&said)
            .filter(|word| !around.contains(word))
            .collect();
        let digits: String = redact::digit_runs(&said).concat();
        let whole = said.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let of_words = OF_WORDS.contains(&sample.kind);
        let long = words.iter().filter(|word| {
            word.chars().count() >= TELLING && !OF_DETECTORS.contains(&word.as_str())
        });
        let mut telling: Vec<String> = long.filter(|_| of_words).cloned().collect();
        if digits.len() > TELLING {
            telling.push(digits.clone());
        }
        if whole.len() > TELLING {
            telling.push(whole);
        }
        Some(Self {
            words,
            digits,
            telling,
        })
    }

    /// Whether any word of it stands in a written text.
    pub(super) fn is_written_in(&self, text: &str) -> bool {
        tokens(text).any(|word| self.words.contains(&word))
    }

    /// Whether a recognised text says it: five of its digits in a row, or a longer word of it.
    pub(super) fn is_said_in(&self, text: &str) -> bool {
        let enough = self.digits.len().min(ENOUGH);
        if enough >= 3 {
            let runs = redact::digit_runs(text);
            let parts = self.digits.as_bytes().windows(enough);
            let mut parts = parts.filter_map(|part| std::str::from_utf8(part).ok());
            return parts.any(|part| runs.iter().any(|run| run.contains(part)));
        }
        let long = |word: &String| word.chars().count() >= HEARD;
        tokens(text).any(|word| long(&word) && self.words.contains(&word))
    }

    /// The word of it to search for, if it has one of some length.
    pub(super) fn search_word(&self) -> Option<&str> {
        let plain = |word: &&String| word.chars().all(char::is_alphanumeric) && word.len() >= 3;
        let longest = self
            .words
            .iter()
            .filter(plain)
            .max_by_key(|word| word.len());
        longest.map(String::as_str)
    }
}

/// Every needle's telling forms, looked for in any bytes at once.
pub(super) struct Haystack {
    forms: Vec<String>,
    automaton: AhoCorasick,
}

impl Haystack {
    pub(super) fn of<'a>(needles: impl Iterator<Item = &'a Needle>) -> Result<Self, AppError> {
        let forms: BTreeSet<String> = needles
            .flat_map(|needle| needle.telling.iter().cloned())
            .collect();
        Self::for_forms(forms.into_iter().collect())
    }

    /// The same without forms that stood somewhere before anything was planted (in the policy's
    /// text, say): they tell nothing.
    pub(super) fn without(self, known: &BTreeSet<usize>) -> Result<Self, AppError> {
        let forms = self.forms.into_iter().enumerate();
        let unknown = forms.filter(|(number, _)| !known.contains(number));
        Self::for_forms(unknown.map(|(_, form)| form).collect())
    }

    fn for_forms(forms: Vec<String>) -> Result<Self, AppError> {
        // A database writes bytes in hexadecimal; each form has its second one in the same order.
        let in_hex = forms.iter().map(hex::encode);
        let in_lower = forms.iter().map(|form| hex::encode(form.to_lowercase()));
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(forms.iter().cloned().chain(in_hex).chain(in_lower))
            .map_err(|_| AppError::Input("too many secrets are planted at once".to_owned()))?;
        Ok(Self { forms, automaton })
    }

    /// The forms that stand in some bytes, by number.
    pub(super) fn found(&self, bytes: &[u8]) -> BTreeSet<usize> {
        let many = self.forms.len().max(1);
        self.automaton
            .find_overlapping_iter(bytes)
            .map(|found| found.pattern().as_usize() % many)
            .collect()
    }

    /// As [`Self::found`] of a file that may be large and may go away meanwhile.
    pub(super) fn found_in(&self, path: &Path) -> Result<BTreeSet<usize>, AppError> {
        let mut found = self.found(path.to_string_lossy().as_bytes());
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(AppError::io("read the data folder")(error)),
        };
        let kept = self.automaton.max_pattern_len().saturating_sub(1);
        let mut window = Vec::with_capacity(kept + PIECE);
        loop {
            let read = file
                .by_ref()
                .take(u64::try_from(PIECE).unwrap_or(u64::MAX))
                .read_to_end(&mut window)
                .map_err(AppError::io("read the data folder"))?;
            if read == 0 {
                return Ok(found);
            }
            found.extend(self.found(&window));
            window.drain(..window.len().saturating_sub(kept));
        }
    }

    /// How many different forms stand in some bytes.
    pub(super) fn seen(&self, bytes: &[u8]) -> u64 {
        count(&self.found(bytes))
    }
}

pub(super) fn count(found: &BTreeSet<usize>) -> u64 {
    u64::try_from(found.len()).unwrap_or(u64::MAX)
}

/// The words that are left, a line a turn; placeholders are left out.
pub(super) fn left(redacted: &RedactedTranscript) -> String {
    let mut text = String::new();
    for turn in redacted.turns() {
        for word in redacted.turn_words(turn) {
            if let Token::Word(word) = &word.token {
                text.push_str(word.expose());
                text.push(' ');
            }
        }
        text.push('\n');
    }
    text
}

fn tokens(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::planting::Planted;
    use domain::EntityKind;

    fn card(said: &str) -> Needle {
        planted(("card", EntityKind::Card), said)
    }

    fn planted((kind, expected): (&'static str, EntityKind), said: &str) -> Needle {
        let first = 4;
        let last = first + said.split_whitespace().count() - 1;
        let sample = Sample {
            kind,
            expected,
            lines: vec![
                (0, "Which one should it be?".to_owned()),
                (1, format!("my {kind} number is {said} thanks")),
            ],
            secret: Some(Planted {
                turn: 1,
                first,
                last,
            }),
        };
        Needle::of(&sample).unwrap()
    }

    #[test]
    fn a_rest_of_a_secret_is_seen_and_talk_around_it_is_not() {
        let spoken = card("four one one one two two two two three three three three");
        assert!(spoken.is_written_in("my card number is [CARD] three thanks"));
        assert!(!spoken.is_written_in("Which one should it be? my card number is thanks"));
        assert!(spoken.is_said_in("so that is 1222 23 then"));
        assert!(!spoken.is_said_in("it was 23 days and 12 hours"));
    }

    #[test]
    fn the_name_of_what_found_a_secret_is_no_sight_of_it() {
        let needle = planted(("address", EntityKind::Address), "12 Granite Street");
        let haystack = Haystack::of([needle].iter()).unwrap();
        assert_eq!(haystack.seen(br#""detector":"address.street""#), 0);
        assert_eq!(haystack.seen(b"at granite hill"), 1);
    }

    #[test]
    fn what_is_left_in_a_file_is_seen_in_any_case() {
        let needle = card("4929420573595709");
        let needles = [needle];
        let haystack = Haystack::of(needles.iter()).unwrap();
        assert_eq!(haystack.seen(b"xx4929420573595709yy"), 1);
        assert_eq!(haystack.seen(b"49294205735 95709"), 0);
        let in_hex = hex::encode("xx4929420573595709yy");
        assert_eq!(haystack.seen(format!("\\x{in_hex}").as_bytes()), 1);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("large");
        let mut bytes = vec![b'.'; PIECE - 5];
        bytes.extend(b"4929420573595709");
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(haystack.found_in(&file).unwrap().len(), 1, "over a seam");
        let known = haystack.found(b"a manual says 4929420573595709");
        let haystack = haystack.without(&known).unwrap();
        assert_eq!(haystack.seen(b"xx4929420573595709yy"), 0);
    }
}
