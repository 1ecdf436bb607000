//! Stored form of a word stream: keyed hashes with times and speakers, no word. Its fields are not
//! stored with it: they are read from where they are kept, so that they are never stale.
//!
//! Version 1 is JSON. Version 2 is bytes, far fewer, because a search opens many: the byte 2;
//! the duration; the speakers' labels, each with its length; the distinct tokens, the most used
//! first, eight bytes each; then the words. Numbers are LEB128, seven bits a byte, the lowest
//! first; signed ones are zigzag. A word is its token's number times four, plus 2 where the speaker
//! changes and 1 where its place does not follow the word before; then, where they apply, the
//! speaker's number and the place (signed, against the one expected) with its length; then the
//! start (signed, against the start before) and the length in milliseconds.

use std::collections::HashMap;

use domain::query::{Fields, StreamWord, TokenId, WordStream};
use domain::{Millis, Span, SpeakerLabel, WordIndex};
use serde::Deserialize;

use super::{Record, unwrap_v1};
use crate::StoreError;

const V2: u8 = 2;
const SPEAKER: u64 = 2;
const PLACE: u64 = 1;

#[derive(Deserialize)]
struct StreamV1 {
    /// Labels that the words' numbers point to.
    speakers: Vec<String>,
    words: Vec<WordV1>,
    duration: u64,
}

/// Token, speaker's number, start, end, first and last place in the redacted transcript.
#[derive(Deserialize)]
struct WordV1(u64, u8, u64, u64, u32, u32);

impl Record for WordStream {
    const WHAT: &'static str = "word stream";
    const VERSION: u16 = 2;

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let mut speakers: Vec<SpeakerLabel> = Vec::new();
        let mut uses: HashMap<TokenId, u32> = HashMap::new();
        for word in &self.words {
            if !speakers.contains(&word.speaker) {
                speakers.push(word.speaker);
            }
            *uses.entry(word.token).or_default() += 1;
        }
        let mut tokens: Vec<(TokenId, u32)> = uses.into_iter().collect();
        tokens.sort_unstable_by_key(|(token, uses)| (std::cmp::Reverse(*uses), *token));
        let mut out = Vec::with_capacity(16 + tokens.len() * 8 + self.words.len() * 7);
        out.push(V2);
        put(&mut out, self.duration.0);
        put(&mut out, size(speakers.len()));
        for speaker in &speakers {
            let label = speaker.to_string();
            put(&mut out, size(label.len()));
            out.extend_from_slice(label.as_bytes());
        }
        put(&mut out, size(tokens.len()));
        for (token, _) in &tokens {
            out.extend_from_slice(&token.0.to_be_bytes());
        }
        put(&mut out, size(self.words.len()));
        let numbers: HashMap<TokenId, u64> = (0..)
            .zip(&tokens)
            .map(|(number, (token, _))| (*token, number))
            .collect();
        let mut before = Before::default();
        for word in &self.words {
            let speaker = speakers.iter().position(|label| *label == word.speaker);
            let number = numbers.get(&word.token).copied().unwrap_or(0);
            before.write(&mut out, word, number, size(speaker.unwrap_or(0)));
        }
        Ok(out)
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        match bytes.split_first() {
            Some((&V2, rest)) => Bytes(rest)
                .stream()
                .ok_or_else(|| StoreError::record(Self::WHAT, "its bytes end or do not fit")),
            _ => of_json(bytes),
        }
    }
}

/// What the next word is written against.
#[derive(Default)]
struct Before {
    speaker: u64,
    start: u64,
    /// The place that is expected next.
    place: u32,
}

impl Before {
    fn write(&mut self, out: &mut Vec<u8>, word: &StreamWord, number: u64, speaker: u64) {
        let follows = word.word.0 == self.place && word.last == word.word;
        let mut flags = 0;
        if speaker != self.speaker {
            flags |= SPEAKER;
        }
        if !follows {
            flags |= PLACE;
        }
        put(out, number << 2 | flags);
        if flags & SPEAKER != 0 {
            put(out, speaker);
        }
        if flags & PLACE != 0 {
            put(out, zigzag(i64::from(word.word.0) - i64::from(self.place)));
            put(out, u64::from(word.last.0.wrapping_sub(word.word.0)));
        }
        let (start, end) = (word.span.start().0, word.span.end().0);
        put(out, zigzag(start.wrapping_sub(self.start).cast_signed()));
        put(out, end.saturating_sub(start));
        self.speaker = speaker;
        self.start = start;
        self.place = word.last.0.wrapping_add(1);
    }
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn stream(&mut self) -> Option<WordStream> {
        let duration = Millis(self.number()?);
        let mut speakers = Vec::new();
        for _ in 0..self.number()? {
            let length = usize::try_from(self.number()?).ok()?;
            let label = std::str::from_utf8(self.take(length)?).ok()?;
            speakers.push(label.parse::<SpeakerLabel>().ok()?);
        }
        let count = usize::try_from(self.number()?).ok()?;
        let (tokens, _) = self.take(count.checked_mul(8)?)?.as_chunks::<8>();
        let tokens: Vec<TokenId> = tokens
            .iter()
            .map(|bytes| TokenId(u64::from_be_bytes(*bytes)))
            .collect();
        let count = usize::try_from(self.number()?).ok()?;
        // A word has three bytes at least.
        if count > self.0.len() / 3 {
            return None;
        }
        let mut words = Vec::with_capacity(count);
        let mut before = Before::default();
        for _ in 0..count {
            words.push(self.word(&mut before, &speakers, &tokens)?);
        }
        self.0.is_empty().then_some(WordStream {
            words,
            duration,
            fields: Fields::default(),
            alike: Vec::new(),
        })
    }

    fn word(
        &mut self,
        before: &mut Before,
        speakers: &[SpeakerLabel],
        tokens: &[TokenId],
    ) -> Option<StreamWord> {
        let head = self.number()?;
        if head & SPEAKER != 0 {
            before.speaker = self.number()?;
        }
        let (mut first, mut last) = (before.place, before.place);
        if head & PLACE != 0 {
            let place = i64::from(first).checked_add(unzigzag(self.number()?))?;
            first = u32::try_from(place).ok()?;
            last = first.wrapping_add(u32::try_from(self.number()?).ok()?);
        }
        let start = before.start.wrapping_add_signed(unzigzag(self.number()?));
        let end = start.checked_add(self.number()?)?;
        before.start = start;
        before.place = last.wrapping_add(1);
        Some(StreamWord {
            token: *tokens.get(usize::try_from(head >> 2).ok()?)?,
            speaker: *speakers.get(usize::try_from(before.speaker).ok()?)?,
            span: Span::new(Millis(start), Millis(end)).ok()?,
            word: WordIndex(first),
            last: WordIndex(last),
        })
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

const fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn of_json(bytes: &[u8]) -> Result<WordStream, StoreError> {
    let what = WordStream::WHAT;
    let stored: StreamV1 = unwrap_v1::<WordStream, _>(bytes)?;
    let labels: Result<Vec<_>, _> = stored.speakers.iter().map(|label| label.parse()).collect();
    let labels = labels?;
    let mut words = Vec::with_capacity(stored.words.len());
    for WordV1(token, speaker, start, end, word, last) in stored.words {
        let label = labels.get(usize::from(speaker));
        let speaker = label.ok_or_else(|| StoreError::record(what, "a speaker is missing"))?;
        words.push(StreamWord {
            token: TokenId(token),
            speaker: *speaker,
            span: Span::new(Millis(start), Millis(end))?,
            word: WordIndex(word),
            last: WordIndex(last),
        });
    }
    Ok(WordStream {
        words,
        duration: Millis(stored.duration),
        fields: Fields::default(),
        alike: Vec::new(),
    })
}
