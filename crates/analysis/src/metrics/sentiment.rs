//! How the consumers' words sound: VADER (Hutto and Gilbert, ICWSM 2014) over each of their turns.
//!
//! The lexicon is of English words, rated by people; it knows negation ("not good"), degrees ("very
//! good") and "but". Words only: what a voice sounds like is not looked at, and an agent's words
//! are not judged, because inferring the emotions of people at work is no purpose of ours.

use std::sync::LazyLock;

use domain::{Millis, RedactedTranscript, Sentiment, SpeakerLabel, Token, Tone, Turn};
use vader_sentimental::SentimentIntensityAnalyzer;

use super::{Medium, is_back_channel};

/// The only language of the lexicon.
const LANGUAGE: &str = "en";

static LEXICON: LazyLock<SentimentIntensityAnalyzer<'static>> =
    LazyLock::new(SentimentIntensityAnalyzer::new);

/// How a stretch of English words sounds.
#[must_use]
pub fn tone_of(text: &str) -> Tone {
    Tone::of(LEXICON.polarity_scores(text).compound)
}

/// None in another language, or where no consumer says more than back-channels.
pub(super) fn of(
    transcript: &RedactedTranscript,
    medium: Medium,
    duration: Millis,
) -> Option<Sentiment> {
    let language = transcript.language().as_str();
    let base = language.split('-').next().unwrap_or(language);
    if !base.eq_ignore_ascii_case(LANGUAGE) {
        return None;
    }
    let speakers = transcript.speakers();
    let consumers = |turn: &&Turn| {
        let speaker = speakers.get(usize::from(turn.speaker));
        speaker.is_some_and(|speaker| speaker.label == SpeakerLabel::Consumer)
    };
    let turns: Vec<&Turn> = super::turns::own_turns(transcript);
    let all = turns.len().max(1);
    let mut sums = [(0.0, 0u32); 4];
    for (place, turn) in turns.iter().enumerate().filter(|(_, turn)| consumers(turn)) {
        let Some(text) = text(transcript, turn) else {
            continue;
        };
        let quarter = match medium {
            Medium::Spoken => quarter_of(turn.span.start().0, duration.0),
            // Messages may lie days apart: their order tells more than their times.
            Medium::Written => place.saturating_mul(4) / all,
        };
        if let Some((sum, number)) = sums.get_mut(quarter.min(3)) {
            *sum += tone_of(&text).get();
            *number += 1;
        }
    }
    let (sum, turns) = sums.iter().fold((0.0, 0u32), |(sum, number), one| {
        (sum + one.0, number + one.1)
    });
    Some(Sentiment {
        overall: mean((sum, turns))?,
        quarters: sums.map(mean),
        turns,
    })
}

fn mean((sum, number): (f64, u32)) -> Option<Tone> {
    (number > 0).then(|| Tone::of(sum / f64::from(number)))
}

fn quarter_of(start: u64, duration: u64) -> usize {
    let quarter = start.saturating_mul(4).checked_div(duration).unwrap_or(0);
    usize::try_from(quarter).unwrap_or(3)
}

/// The words of a turn; what was removed sounds like nothing. None of a turn that is nothing but
/// back-channels.
fn text(transcript: &RedactedTranscript, turn: &Turn) -> Option<String> {
    let mut text = String::new();
    let mut says = false;
    for word in transcript.turn_words(turn) {
        if let Token::Word(word) = &word.token {
            says |= !is_back_channel(word.expose());
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word.expose());
        }
    }
    says.then_some(text)
}
