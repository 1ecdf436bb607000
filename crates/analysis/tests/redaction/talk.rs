//! Builds transcripts from lines of talk, and reads them back.

use domain::{
    Confidence, LanguageTag, Millis, PartyIndex, RawTranscript, RedactedTranscript, Span, Speaker,
    SpeakerBasis, SpeakerLabel, Token, Turn, Word, WordIndex,
};

/// A transcript of turns: who (0 agent, 1 consumer) and what.
pub(crate) fn transcript(lines: &[(u8, &str)]) -> RawTranscript {
    let mut words = Vec::new();
    let mut turns = Vec::new();
    let mut now = 0;
    for (speaker, text) in lines {
        let first = words.len();
        for word in text.split_whitespace() {
            words.push(Word {
                text: word.into(),
                speaker: *speaker,
                span: Span::between(Millis(now), Millis(now + 250)),
                confidence: Confidence::CERTAIN,
            });
            now += 300;
        }
        let index = |at: usize| WordIndex(u32::try_from(at).unwrap());
        if words.len() > first {
            let span = words[first].span.hull(&words[words.len() - 1].span);
            turns.push(Turn {
                speaker: *speaker,
                first: index(first),
                last: index(words.len() - 1),
                span,
                quoted: false,
            });
        }
        now += 600;
    }
    of_parts(words, turns)
}

pub(crate) fn of_parts(words: Vec<Word>, turns: Vec<Turn>) -> RawTranscript {
    let speaker = |label, party| Speaker {
        label,
        party: PartyIndex(party),
        basis: SpeakerBasis::Channel,
        role_confidence: Confidence::CERTAIN,
    };
    RawTranscript {
        speakers: vec![
            speaker(SpeakerLabel::Agent, 0),
            speaker(SpeakerLabel::Consumer, 1),
        ],
        duration: words.last().map_or(Millis::ZERO, |word| word.span.end()),
        words,
        turns,
        language: LanguageTag::english(),
        engine: "written".to_owned(),
    }
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
