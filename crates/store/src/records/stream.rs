//! Stored form of a word stream: keyed hashes with times and speakers, no word. Its fields are not
//! stored with it: they are read from where they are kept, so that they are never stale.

use domain::query::{Fields, StreamWord, TokenId, WordStream};
use domain::{Millis, Span, WordIndex};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct StreamV1 {
    /// Labels that the words' numbers point to.
    speakers: Vec<String>,
    words: Vec<WordV1>,
    duration: u64,
}

/// Token, speaker's number, start, end, first and last place in the redacted transcript.
#[derive(Serialize, Deserialize)]
struct WordV1(u64, u8, u64, u64, u32, u32);

impl Record for WordStream {
    const WHAT: &'static str = "word stream";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let mut labels = Vec::new();
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let place = labels.iter().position(|label| *label == word.speaker);
            let place = place.unwrap_or_else(|| {
                labels.push(word.speaker);
                labels.len() - 1
            });
            let speaker = u8::try_from(place)
                .map_err(|_| StoreError::record(Self::WHAT, "it has more than 256 speakers"))?;
            let (start, end) = (word.span.start().0, word.span.end().0);
            words.push(WordV1(
                word.token.0,
                speaker,
                start,
                end,
                word.word.0,
                word.last.0,
            ));
        }
        wrap::<Self>(StreamV1 {
            speakers: labels.iter().map(ToString::to_string).collect(),
            words,
            duration: self.duration.0,
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: StreamV1 = unwrap_v1::<Self, _>(bytes)?;
        let labels: Result<Vec<_>, _> = stored.speakers.iter().map(|label| label.parse()).collect();
        let labels = labels?;
        let mut words = Vec::with_capacity(stored.words.len());
        for WordV1(token, speaker, start, end, word, last) in stored.words {
            let label = labels.get(usize::from(speaker));
            let speaker =
                label.ok_or_else(|| StoreError::record(Self::WHAT, "a speaker is missing"))?;
            words.push(StreamWord {
                token: TokenId(token),
                speaker: *speaker,
                span: Span::new(Millis(start), Millis(end))?,
                word: WordIndex(word),
                last: WordIndex(last),
            });
        }
        Ok(Self {
            words,
            duration: Millis(stored.duration),
            fields: Fields::default(),
        })
    }
}
