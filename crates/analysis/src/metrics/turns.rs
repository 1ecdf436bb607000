//! What is counted in turns: questions and the wait for an answer.

use domain::{GapStats, Millis, Ratio, RedactedTranscript, RedactedWord, Token, Turn};

/// Words that open a question even where no question mark was written.
pub const QUESTION_WORDS: &[&str] = &[
    "how", "what", "what's", "when", "where", "which", "who", "who's", "whom", "whose", "why",
];

/// Turns in order of start; a quoted reply is nobody's turn.
pub(super) fn own_turns(transcript: &RedactedTranscript) -> Vec<&Turn> {
    let mut turns: Vec<&Turn> = transcript
        .turns()
        .iter()
        .filter(|turn| !turn.quoted)
        .collect();
    turns.sort_by_key(|turn| (turn.span.start(), turn.first));
    turns
}

pub(super) fn count(transcript: &RedactedTranscript, speaker: u8) -> u32 {
    let turns = own_turns(transcript);
    let own = turns.iter().filter(|turn| turn.speaker == speaker).count();
    u32::try_from(own).unwrap_or(u32::MAX)
}

pub(super) fn question_rate(transcript: &RedactedTranscript, speaker: u8) -> Ratio {
    let mut turns = 0_u32;
    let mut questions = 0_u32;
    for turn in own_turns(transcript) {
        if turn.speaker == speaker {
            turns += 1;
            questions += u32::from(asks(transcript, turn));
        }
    }
    Ratio((turns > 0).then(|| f64::from(questions) / f64::from(turns)))
}

fn asks(transcript: &RedactedTranscript, turn: &Turn) -> bool {
    let mut words = transcript.turn_words(turn);
    let Some(opens) = words.next() else {
        return false;
    };
    let closes = words.last().unwrap_or(opens);
    let text = |word: &'_ RedactedWord| match &word.token {
        Token::Word(text) => text.expose().to_owned(),
        Token::Redacted(_) => word
            .closing
            .map(|closing| closing.mark().to_string())
            .unwrap_or_default(),
    };
    let (first, last) = (text(opens), text(closes));
    let opening = first
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase()
        .replace('\u{2019}', "'");
    last.trim_end_matches(['"', '\u{201d}', ')']).ends_with('?')
        || QUESTION_WORDS.contains(&opening.as_str())
}

/// Waits before this speaker's turns that follow another speaker's.
pub(super) fn response_gap(transcript: &RedactedTranscript, speaker: u8) -> GapStats {
    let turns = own_turns(transcript);
    let mut gaps = Vec::new();
    for (before, after) in turns.iter().zip(turns.iter().skip(1)) {
        if after.speaker == speaker && before.speaker != speaker {
            gaps.push(after.span.start().saturating_sub(before.span.end()));
        }
    }
    let sum: u64 = gaps.iter().map(|gap| gap.0).sum();
    let count = u64::try_from(gaps.len()).unwrap_or(u64::MAX);
    GapStats {
        count: u32::try_from(gaps.len()).unwrap_or(u32::MAX),
        first: gaps.first().copied(),
        mean: (count > 0).then(|| Millis((sum + count / 2) / count.max(1))),
        longest: gaps.iter().copied().max(),
    }
}
