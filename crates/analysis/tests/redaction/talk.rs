//! Builds transcripts from lines of talk, and reads them back.

use analysis::planting;
use domain::{RawTranscript, RedactedTranscript, Token, Turn};

/// A transcript of turns: who (0 agent, 1 consumer) and what.
pub(crate) fn transcript(lines: &[(u8, &str)]) -> RawTranscript {
    planting::transcript(lines.iter().copied())
}

/// The turns' texts with tags, one turn a line.
pub(crate) fn read(redacted: &RedactedTranscript) -> String {
    let line = |turn: &Turn| {
        let words = redacted.turn_words(turn).map(|word| match &word.token {
            Token::Word(text) => text.expose().to_owned(),
            Token::Redacted(kind) => kind.to_string(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    redacted
        .turns()
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}
