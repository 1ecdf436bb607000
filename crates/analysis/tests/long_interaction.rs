//! One interaction of 50,000 turns is read, and asked a battery of queries, within bounded memory
//! and without work that grows with the square of its length. A binary of its own, so that the
//! memory is its own.

use std::collections::HashMap;

use analysis::search::{Battery, Resolved, Terms, index_text, parse, rank};
use domain::query::{Fields, TokenId};
use domain::{
    Confidence, LanguageTag, Millis, PartyIndex, RedactedTranscript, RedactedWord, Secret, Span,
    Speaker, SpeakerBasis, SpeakerLabel, Token, Turn, WordIndex,
};

const TURNS: u32 = 50_000;
const SAID: [&str; 10] = [
    "please", "cancel", "my", "order", "I", "would", "like", "a", "refund", "today",
];
/// Of the whole program, in kB: twice what was measured.
const MOST: u64 = 300_000;

#[test]
fn fifty_thousand_turns_fit() {
    let text = index_text(&transcript());
    let mut tokens: HashMap<String, TokenId> = HashMap::new();
    let stream = text.stream(Fields::default(), |word| {
        let next = TokenId(tokens.len() as u64);
        *tokens.entry(word.to_owned()).or_insert(next)
    });
    assert_eq!(stream.words.len(), TURNS as usize * SAID.len());
    let asked = [
        "refund",
        "\"cancel my order\"",
        "consumer:(refund NEAR:5 cancel)",
        "order NOT NEAR:2w refund",
        "refund NOTIN \"a refund\"",
        "first:60s(agent:please) AND last:10%(consumer:today)",
        "(refund OR order) BEFORE:600 (please OR today)",
        "NOT absent",
    ];
    let queries: Vec<_> = asked.iter().map(|text| parse(text).unwrap()).collect();
    let mut terms = Terms::default();
    queries.iter().for_each(|query| terms.add(query));
    let mut resolved = Resolved::default();
    for word in terms.words() {
        resolved.word(word, tokens.get(word).copied().unwrap_or(TokenId(u64::MAX)));
    }
    let hits = Battery::new(&queries, &resolved).run(&stream, &stream.fields);
    let matched: Vec<usize> = hits.iter().map(|hit| hit.query).collect();
    assert_eq!(matched, [0, 1, 2, 3, 5, 6, 7]);
    assert_eq!(hits[0].evidence.len(), TURNS as usize);
    assert!(rank(&hits[0].evidence, stream.words.len()).0 > 0);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
        let peak: u64 = peak.unwrap().parse().unwrap();
        println!("at most {peak} kB");
        assert!(peak < MOST, "{peak} kB");
    }
}

/// Two speakers by turns, a word every 0.3 s.
fn transcript() -> RedactedTranscript {
    let (mut words, mut turns) = (Vec::new(), Vec::new());
    let at = |word: u32| Millis(u64::from(word) * 300);
    let long: u32 = SAID.iter().map(|_| 1).sum();
    for number in 0..TURNS {
        let (first, speaker) = (number * long, u8::from(number % 2 == 1));
        turns.push(Turn {
            speaker,
            first: WordIndex(first),
            last: WordIndex(first + long - 1),
            span: Span::between(at(first), at(first + long)),
            quoted: false,
        });
        for (place, word) in (first..).zip(SAID) {
            words.push(RedactedWord {
                token: Token::Word(Secret::from(word)),
                speaker,
                span: Span::between(at(place), at(place + 1)),
                confidence: Confidence::CERTAIN,
                closing: None,
            });
        }
    }
    let labels = [SpeakerLabel::Agent, SpeakerLabel::Consumer];
    let speaker = |(party, label)| Speaker {
        label,
        party: PartyIndex(party),
        basis: SpeakerBasis::Channel,
        role_confidence: Confidence::CERTAIN,
    };
    #[expect(clippy::disallowed_methods, reason = "made-up words hide nobody")]
    RedactedTranscript::assume_redacted(
        (0_u16..).zip(labels).map(speaker).collect(),
        words,
        turns,
        Vec::new(),
        LanguageTag::english(),
        "made up".to_owned(),
        at(TURNS * long),
    )
}
