//! Words in reading order, whatever they come from.

use domain::{RawTranscript, Turn, Word, WordIndex};

/// What transcripts of what people wrote name as their engine.
const WRITTEN: [&str; 2] = ["written", "statement"];

/// One word with its place.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) text: &'a str,
    pub(crate) turn: usize,
    pub(crate) speaker: u8,
    pub(crate) index: WordIndex,
    /// How sure a recogniser was of it, from 0 to 1.
    pub(crate) clear: f32,
}

/// Every word of a transcript or text, turn by turn.
#[derive(Clone, Default)]
pub(crate) struct Words<'a> {
    pub(crate) items: Vec<Item<'a>>,
    /// Marks at the ends of a removed stretch stay: so in texts, not in transcripts.
    pub(crate) keeps_marks: bool,
    /// A recogniser wrote them, and may have heard wrongly.
    pub(crate) heard: bool,
}

impl<'a> Words<'a> {
    /// Turn by turn. Words that no turn covers follow as turns of their own, so that a
    /// malformed transcript hides nothing from the detectors.
    pub(crate) fn of_transcript(raw: &'a RawTranscript) -> Self {
        let mut words = Self {
            items: Vec::with_capacity(raw.words.len()),
            keeps_marks: false,
            heard: !WRITTEN.contains(&raw.engine.as_str()),
        };
        let mut seen = vec![false; raw.words.len()];
        for (number, turn) in raw.turns.iter().enumerate() {
            words.take_turn(raw, turn, number, &mut seen);
        }
        let mut turn = raw.turns.len();
        let mut previous: Option<u8> = None;
        for (at, word) in raw.words.iter().enumerate() {
            if seen.get(at) == Some(&true) {
                continue;
            }
            if previous.is_some_and(|speaker| speaker != word.speaker) {
                turn += 1;
            }
            previous = Some(word.speaker);
            words.push(turn, word, at);
        }
        words
    }

    fn take_turn(&mut self, raw: &'a RawTranscript, turn: &Turn, number: usize, seen: &mut [bool]) {
        let first = usize::try_from(turn.first.0).unwrap_or(usize::MAX);
        let last = usize::try_from(turn.last.0).unwrap_or(usize::MAX);
        let Some(range) = raw
            .words
            .get(first..=last.min(raw.words.len().saturating_sub(1)))
        else {
            return;
        };
        for (offset, word) in range.iter().enumerate() {
            let at = first + offset;
            if word.speaker != turn.speaker {
                continue;
            }
            match seen.get_mut(at) {
                Some(done) if !*done => *done = true,
                _ => continue,
            }
            self.push(number, word, at);
        }
    }

    /// The words of one text between white space.
    pub(crate) fn of_text(text: &'a str) -> Self {
        let mut words = Self {
            keeps_marks: true,
            ..Self::default()
        };
        for (at, word) in text.split_whitespace().enumerate() {
            words.items.push(Item {
                text: word,
                turn: 0,
                speaker: 0,
                index: index(at),
                clear: 1.0,
            });
        }
        words
    }

    fn push(&mut self, turn: usize, word: &'a Word, at: usize) {
        self.items.push(Item {
            text: word.text.expose(),
            turn,
            speaker: word.speaker,
            index: index(at),
            clear: word.confidence.get(),
        });
    }

    /// Each turn's text, its words joined by one space, with the position of its first word.
    pub(crate) fn texts(&self) -> Vec<(usize, String)> {
        let mut texts: Vec<(usize, String)> = Vec::new();
        for (position, item) in self.items.iter().enumerate() {
            while texts.len() <= item.turn {
                texts.push((position, String::new()));
            }
            if let Some((_, text)) = texts.get_mut(item.turn) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(item.text);
            }
        }
        texts
    }

    /// The words that bytes `start..end` of a turn's text touch.
    pub(crate) fn touched(&self, first: usize, start: usize, end: usize) -> Option<(usize, usize)> {
        let turn = self.items.get(first)?.turn;
        let mut offset = 0;
        let mut found: Option<(usize, usize)> = None;
        for (position, item) in self.items.iter().enumerate().skip(first) {
            if item.turn != turn || offset >= end {
                break;
            }
            if offset + item.text.len() > start {
                found = Some((found.map_or(position, |(from, _)| from), position));
            }
            offset += item.text.len() + 1;
        }
        found
    }
}

fn index(at: usize) -> WordIndex {
    WordIndex(u32::try_from(at).unwrap_or(u32::MAX))
}
