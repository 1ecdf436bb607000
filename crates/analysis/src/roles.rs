//! Which speaker of a call is the tenant's agent, by what they say and who speaks first.
//!
//! Each cue is evidence for one side with a weight in log-odds, set by judgement: a company's
//! greeting says nearly everything, "your account" a little. English only; without evidence the
//! guess rests on who speaks first and says so by its confidence.

mod cues;

use std::collections::BTreeMap;

use domain::{Confidence, Direction};

use cues::{ASKED, ASKING, CUES, GREETING, INTRODUCING, Side};

/// A cue counts this often for one speaker, so that a habit of speech does not decide alone.
const REPEATS: usize = 2;
/// An agent asks for what identifies a person.
const ASKS: f32 = 2.0;
/// Greeting and introducing oneself in the first words.
const ANSWERS: f32 = 1.2;
/// Words between asking and what is asked for.
const REACH: usize = 8;

/// Who the agent is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleGuess {
    /// The speaker taken for the agent.
    pub agent: u8,
    /// Probability that this is right by the cues' weights: 0.5 is a coin's throw between two
    /// speakers, 0 where nobody speaks.
    pub confidence: Confidence,
}

/// Guesses the agent from the turns in order of time, each with its speaker and words.
#[must_use]
pub fn map_roles(turns: &[(u8, &str)], direction: Direction) -> RoleGuess {
    let mut speakers: BTreeMap<u8, Evidence> = BTreeMap::new();
    for (place, (speaker, text)) in turns.iter().enumerate() {
        let evidence = speakers
            .entry(*speaker)
            .or_insert_with(|| Evidence::new(place));
        evidence.hear(&plain(text), direction);
    }
    let mut ranked: Vec<(f32, u8)> = speakers
        .iter()
        .map(|(speaker, evidence)| (evidence.score + first_words(evidence, direction), *speaker))
        .collect();
    // Stable: of equals the one with the lower number stays first.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut ranked = ranked.into_iter();
    match (ranked.next(), ranked.next()) {
        (Some((best, agent)), Some((second, _))) => RoleGuess {
            agent,
            confidence: Confidence::new(1.0 / (1.0 + (second - best).exp())),
        },
        // Alone, a speaker is the agent exactly if more speaks for it than against it.
        (Some((score, agent)), None) => RoleGuess {
            agent,
            confidence: Confidence::new(1.0 / (1.0 + (-score).exp())),
        },
        (None, _) => RoleGuess {
            agent: 0,
            confidence: Confidence::new(0.0),
        },
    }
}

/// What speaks for one speaker being the agent.
struct Evidence {
    /// Turn with which the speaker begins.
    first: usize,
    score: f32,
    heard: Vec<usize>,
    turns: usize,
}

impl Evidence {
    fn new(first: usize) -> Self {
        Self {
            first,
            score: 0.0,
            heard: vec![0; CUES.len()],
            turns: 0,
        }
    }

    fn hear(&mut self, text: &str, direction: Direction) {
        for (cue, heard) in CUES.iter().zip(&mut self.heard) {
            if *heard < REPEATS && cue.phrases.iter().any(|phrase| holds(text, phrase)) {
                *heard += 1;
                self.score += match cue.side {
                    Side::Agent => cue.weight,
                    Side::Consumer => -cue.weight,
                    // "I am calling about": whoever called says it.
                    Side::Caller => match direction {
                        Direction::Outbound => cue.weight,
                        Direction::Inbound | Direction::Unknown => -cue.weight,
                    },
                };
            }
        }
        if asks_for_identity(text) {
            self.score += ASKS;
        }
        if self.turns == 0 && any(text, GREETING) && any(text, INTRODUCING) {
            self.score += ANSWERS;
        }
        self.turns += 1;
    }
}

/// On an inbound call the agent answers; on an outbound one the consumer does.
fn first_words(evidence: &Evidence, direction: Direction) -> f32 {
    if evidence.first > 0 {
        return 0.0;
    }
    match direction {
        Direction::Inbound => 1.0,
        Direction::Outbound => -0.7,
        Direction::Unknown => 0.4,
    }
}

/// Lower case, apostrophes gone, everything else that is no letter or digit a single space, with
/// a space at both ends, so that phrases match whole words.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !matches!(c, '\'' | '\u{2019}') && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).is_some_and(|head| head.ends_with(' '));
        let after = text
            .get(at + phrase.len()..)
            .is_some_and(|tail| tail.starts_with(' '));
        before && after
    })
}

fn any(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| holds(text, phrase))
}

fn asks_for_identity(text: &str) -> bool {
    ASKING.iter().any(|asking| {
        text.match_indices(asking).any(|(at, _)| {
            let tail = text.get(at + asking.len()..).unwrap_or_default();
            let near: Vec<&str> = tail.split_whitespace().take(REACH).collect();
            any(&format!(" {} ", near.join(" ")), ASKED)
        })
    })
}

#[cfg(test)]
mod tests;
