//! Mentions of special categories of personal data (Article 9 GDPR), flagged, not removed: a
//! complaint about a wheelchair ramp means nothing without the wheelchair. Word lists; a mention
//! says nothing about whom it concerns.

use domain::{RedactedTranscript, SpeakerLabel, Token, WordIndex};

/// A special category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecialCategory {
    /// Health.
    Health,
    /// Religious or philosophical belief.
    Belief,
    /// Political opinion.
    Politics,
    /// Membership of a trade union.
    Union,
    /// Sex life or sexual orientation.
    Sexuality,
    /// Racial or ethnic origin.
    Origin,
    /// Genetic or biometric data.
    Biometry,
}

impl SpecialCategory {
    /// Key in lists.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Belief => "belief",
            Self::Politics => "politics",
            Self::Union => "union",
            Self::Sexuality => "sexuality",
            Self::Origin => "origin",
            Self::Biometry => "biometry",
        }
    }
}

/// One mention; never the word itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What is mentioned.
    pub category: SpecialCategory,
    /// Who mentions it.
    pub speaker: SpeakerLabel,
    /// Where, in the redacted transcript.
    pub word: WordIndex,
}

const WORDS: &[(SpecialCategory, &[&str])] = &[
    (
        SpecialCategory::Health,
        &[
            "diagnosis",
            "diagnosed",
            "cancer",
            "chemotherapy",
            "diabetes",
            "diabetic",
            "insulin",
            "pregnant",
            "pregnancy",
            "miscarriage",
            "abortion",
            "depression",
            "depressed",
            "anxiety",
            "bipolar",
            "schizophrenia",
            "autism",
            "autistic",
            "adhd",
            "hiv",
            "aids",
            "hepatitis",
            "asthma",
            "epilepsy",
            "seizure",
            "stroke",
            "dementia",
            "alzheimer's",
            "parkinson's",
            "disability",
            "disabled",
            "wheelchair",
            "prescription",
            "medication",
            "surgery",
            "oncologist",
            "psychiatrist",
            "therapist",
            "dialysis",
            "addiction",
            "rehab",
            "arthritis",
            "covid",
        ],
    ),
    (
        SpecialCategory::Belief,
        &[
            "christian",
            "catholic",
            "protestant",
            "orthodox",
            "muslim",
            "islam",
            "jewish",
            "judaism",
            "hindu",
            "buddhist",
            "sikh",
            "atheist",
            "mosque",
            "synagogue",
            "church",
            "ramadan",
            "kosher",
            "halal",
            "baptism",
        ],
    ),
    (
        SpecialCategory::Politics,
        &[
            "republican",
            "democrat",
            "socialist",
            "communist",
            "conservative",
            "libertarian",
        ],
    ),
    (
        SpecialCategory::Union,
        &["union", "unionised", "unionized", "steward", "picket"],
    ),
    (
        SpecialCategory::Sexuality,
        &[
            "gay",
            "lesbian",
            "bisexual",
            "transgender",
            "homosexual",
            "heterosexual",
            "queer",
        ],
    ),
    (
        SpecialCategory::Origin,
        &[
            "ethnicity",
            "ethnic",
            "roma",
            "asylum",
            "refugee",
            "mixed-race",
        ],
    ),
    (
        SpecialCategory::Biometry,
        &[
            "fingerprint",
            "fingerprints",
            "voiceprint",
            "faceprint",
            "genome",
            "dna",
        ],
    ),
];

/// Every mention, in the words' order.
#[must_use]
pub fn mentions(redacted: &RedactedTranscript) -> Vec<Mention> {
    let labels = redacted.speakers();
    let mut found = Vec::new();
    for (at, word) in redacted.words().iter().enumerate() {
        let Token::Word(text) = &word.token else {
            continue;
        };
        let lower = text.expose().to_lowercase();
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let category = WORDS
            .iter()
            .find(|(_, words)| words.contains(&bare))
            .map(|(category, _)| *category);
        if let Some(category) = category {
            let speaker = labels.get(usize::from(word.speaker));
            found.push(Mention {
                category,
                speaker: speaker.map_or(SpeakerLabel::Other(word.speaker), |one| one.label),
                word: WordIndex(u32::try_from(at).unwrap_or(u32::MAX)),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planting;
    use crate::redact::{self, Profile};

    #[test]
    fn a_mention_is_flagged_and_the_word_stays() {
        let raw = planting::transcript([(1, "I am diabetic and our church has no ramp.")]);
        let redacted = redact::redact(&raw, &[], &Profile::default());
        let found: Vec<_> = mentions(&redacted).iter().map(|one| one.category).collect();
        assert_eq!(found, [SpecialCategory::Health, SpecialCategory::Belief]);
        assert!(redacted.redactions().is_empty());
    }
}
