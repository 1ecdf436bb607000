//! Word errors between two texts, after writing both the same way: lower case, no punctuation,
//! contractions in full, numbers as digits (the idea of Whisper's English normaliser).

/// Errors of a recognised text against what was said.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Score {
    pub(super) words: usize,
    pub(super) substituted: usize,
    pub(super) deleted: usize,
    pub(super) inserted: usize,
}

impl Score {
    pub(super) fn errors(&self) -> usize {
        self.substituted + self.deleted + self.inserted
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.words += other.words;
        self.substituted += other.substituted;
        self.deleted += other.deleted;
        self.inserted += other.inserted;
    }

    #[expect(clippy::cast_precision_loss, reason = "word counts are small")]
    pub(super) fn percent(&self) -> f64 {
        100.0 * self.errors() as f64 / (self.words as f64).max(1.0)
    }
}

/// The fewest substitutions, deletions and insertions that turn `said` into `heard`.
pub(super) fn compare(said: &[String], heard: &[String]) -> Score {
    // One row of the edit table: for each prefix of `heard`, the cheapest way as counts.
    let mut row: Vec<Score> = (0..=heard.len())
        .map(|inserted| Score {
            inserted,
            ..Score::default()
        })
        .collect();
    for word in said {
        let mut next: Vec<Score> = Vec::with_capacity(row.len());
        for (column, above) in row.iter().enumerate() {
            let mut best = Score {
                deleted: above.deleted + 1,
                ..*above
            };
            if let Some(before) = column.checked_sub(1) {
                if let (Some(diagonal), Some(other)) = (row.get(before), heard.get(before)) {
                    let changed = usize::from(word != other);
                    best = cheaper(
                        best,
                        Score {
                            substituted: diagonal.substituted + changed,
                            ..*diagonal
                        },
                    );
                }
                if let Some(left) = next.get(before) {
                    best = cheaper(
                        best,
                        Score {
                            inserted: left.inserted + 1,
                            ..*left
                        },
                    );
                }
            }
            next.push(best);
        }
        row = next;
    }
    let mut score = row.last().copied().unwrap_or_default();
    score.words = said.len();
    score
}

fn cheaper(a: Score, b: Score) -> Score {
    if b.errors() <= a.errors() { b } else { a }
}

/// Words written one way.
pub(super) fn normalise(text: &str) -> Vec<String> {
    let mut text = format!(" {} ", text.to_lowercase().replace('’', "'"));
    for (from, to) in SPELLINGS {
        text = text.replace(from, to);
    }
    let plain: String = text
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    numbers(&plain.split_whitespace().collect::<Vec<_>>())
}

/// Contractions and spellings, applied in order to text in lower case.
const SPELLINGS: [(&str, &str); 22] = [
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("let's", "let us"),
    ("n't ", " not "),
    ("'re ", " are "),
    ("'ve ", " have "),
    ("'ll ", " will "),
    ("'d ", " would "),
    ("'m ", " am "),
    ("it's ", "it is "),
    ("that's ", "that is "),
    ("there's ", "there is "),
    ("okay", "ok"),
    (" o.k. ", " ok "),
    (" mr. ", " mister "),
    (" dr. ", " doctor "),
    ("e-mail", "email"),
    ("voice mail", "voicemail"),
    ("%", " percent "),
    ("#", " pound "),
    ("*", " star "),
];

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// By their first digit; there is no name for nought and ten here.
const TENS: [&str; 10] = [
    "-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// Number words as digits; digits side by side become one number, as they are said alike.
fn numbers(words: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut after_number = false;
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let number = if let Some(ten) = TENS.iter().position(|name| name == word) {
            let unit = rest
                .peek()
                .and_then(|next| unit(next))
                .filter(|u| (1..10).contains(u));
            if unit.is_some() {
                rest.next();
            }
            Some((ten * 10 + unit.unwrap_or(0)).to_string())
        } else if word.chars().all(|c| c.is_ascii_digit()) {
            Some((*word).to_owned())
        } else {
            unit(word).map(|value| value.to_string())
        };
        match (number, out.last_mut()) {
            (Some(number), Some(last)) if after_number => last.push_str(&number),
            (Some(number), _) => {
                out.push(number);
                after_number = true;
            }
            (None, _) => {
                out.push((*word).to_owned());
                after_number = false;
            }
        }
    }
    out
}

fn unit(word: &str) -> Option<usize> {
    UNITS.iter().position(|name| *name == word)
}
