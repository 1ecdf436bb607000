//! Random transcripts and queries, and the comparison of the matcher with the reference.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use analysis::search::{
    Battery, CandidatePlan, Matcher, Resolved, Terms, bounds, follow, format, index_text, parse,
    terms,
};
use domain::query::{Evidence, FieldValue, Fields, IndexText, Query, TokenId, WordStream};
use domain::{
    Confidence, EntityKind, LanguageTag, Millis, PartyIndex, RedactedTranscript, RedactedWord,
    Secret, Span, Speaker, SpeakerBasis, SpeakerLabel, Timestamp, Token, Turn, WordIndex,
};

use super::Reference;

/// Small numbers from a seed (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

pub(crate) fn token(word: &str) -> TokenId {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    TokenId(hasher.finish())
}

const WORDS: &[&str] = &[
    "cancel",
    "cancelled",
    "Refund",
    "order",
    "the",
    "a",
    "not",
    "problem",
    "twenty",
    "five",
    "25",
    "[CARD]",
    "Okay.",
    "well-known",
    "the",
    "a",
];

/// Up to `length` words of three speakers, with overlaps, equal starts and pauses.
pub(crate) fn transcript(dice: &mut Dice, length: u64) -> RedactedTranscript {
    let written = dice.below(4) == 0;
    let mut start = 0;
    let mut speaker = 0_u8;
    let mut words: Vec<RedactedWord> = Vec::new();
    let mut turns: Vec<Turn> = Vec::new();
    for at in 0..dice.below(length + 1) {
        if dice.below(4) == 0 {
            speaker = dice.below(3) as u8;
            start += dice.below(6_000);
        } else if !written {
            start += dice.below(4) * 400;
        }
        let long = if written { 0 } else { dice.below(1_500) };
        let span = Span::between(Millis(start), Millis(start + long));
        let index = WordIndex(at as u32);
        match turns.last_mut() {
            Some(turn) if turn.speaker == speaker && dice.below(8) > 0 => turn.last = index,
            _ => turns.push(Turn {
                speaker,
                first: index,
                last: index,
                span,
                quoted: false,
            }),
        }
        let token = match dice.one(WORDS) {
            "[CARD]" => Token::Redacted(EntityKind::Card),
            word => Token::Word(Secret::from(word)),
        };
        words.push(RedactedWord {
            token,
            speaker,
            span,
            confidence: Confidence::CERTAIN,
            closing: None,
        });
    }
    // The transcript's order is by start, then by speaker.
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by_key(|at| (words[*at].span.start(), words[*at].speaker));
    if order.windows(2).any(|pair| pair[0] > pair[1]) {
        turns.clear();
    }
    let words = order.into_iter().map(|at| words[at].clone()).collect();
    built(words, turns, Millis(start + dice.below(3_000)))
}

fn built(words: Vec<RedactedWord>, turns: Vec<Turn>, duration: Millis) -> RedactedTranscript {
    let labels = [
        SpeakerLabel::Agent,
        SpeakerLabel::Consumer,
        SpeakerLabel::Other(1),
    ];
    let speakers = (0_u16..)
        .zip(labels)
        .map(|(party, label)| Speaker {
            label,
            party: PartyIndex(party),
            basis: SpeakerBasis::Channel,
            role_confidence: Confidence::CERTAIN,
        })
        .collect();
    #[expect(clippy::disallowed_methods, reason = "random words hide nobody")]
    RedactedTranscript::assume_redacted(
        speakers,
        words,
        turns,
        Vec::new(),
        LanguageTag::english(),
        "random".to_owned(),
        duration,
    )
}

pub(crate) fn fields(dice: &mut Dice) -> Fields {
    let mut fields = Fields::default();
    if dice.below(3) > 0 {
        fields.text("channel", dice.one(&["voice", "Chat", "email"]));
        fields.number("duration", dice.below(100) as f64);
        fields.instant(
            "started",
            Timestamp(1_764_000_000_000 + dice.below(5) as i64 * 43_200_000),
        );
        for _ in 0..dice.below(3) {
            fields.text("tag", dice.one(&["vip", "Second Line"]));
        }
    }
    fields
}

const FIELDS: &[&str] = &[
    "channel:voice",
    "channel != chat",
    "duration>50",
    "duration:20..1m",
    "duration<=99",
    "tag:\"second line\"",
    "tag!=vip",
    "started>=2025-11-25",
    "started:2025-11-24",
    "started!=2025-11-25",
    "started<2025-11-26T04:00",
];

/// A query's text; with `placed`, one that a relation takes.
pub(crate) fn query(dice: &mut Dice, depth: u64, placed: bool) -> String {
    if depth == 0 {
        return leaf(dice, placed);
    }
    let inner = depth - 1;
    match dice.below(12) {
        0 => format!(
            "({} OR {})",
            query(dice, inner, placed),
            query(dice, inner, placed)
        ),
        1 => format!(
            "({} {})",
            query(dice, inner, placed),
            query(dice, inner, false)
        ),
        2 if !placed => format!("(NOT {})", query(dice, inner, false)),
        3 => format!("[{}, {}]", query(dice, inner, placed), leaf(dice, placed)),
        4 => format!(
            "{}({})",
            dice.one(&["agent:", "consumer:", "speaker1:"]),
            query(dice, inner, placed)
        ),
        5 => format!(
            "{}({})",
            dice.one(&[
                "first:4s",
                "first:20%",
                "first:5w",
                "last:4.4s",
                "last:33.3%",
                "last:6w",
                "first:0",
                "last:100%"
            ]),
            query(dice, inner, placed)
        ),
        6 => format!(
            "({} NOTIN {})",
            query(dice, inner, true),
            query(dice, inner, true)
        ),
        7..=9 => relation(dice, inner),
        _ => leaf(dice, placed),
    }
}

fn relation(dice: &mut Dice, depth: u64) -> String {
    let left = query(dice, depth, true);
    let not = dice.one(&["", "", "NOT "]);
    let order = dice.one(&["NEAR", "BEFORE", "AFTER"]);
    let amount = dice.one(&["", ":0", ":1", ":.5s", ":3.25", ":10", ":0w", ":1w", ":4w"]);
    format!("({left} {not}{order}{amount} {})", query(dice, depth, true))
}

fn leaf(dice: &mut Dice, placed: bool) -> String {
    match dice.below(if placed { 8 } else { 9 }) {
        0 => format!("\"{}\"", unquoted(dice, 2)),
        1 => format!("\"{}\"~{}", unquoted(dice, 3), dice.below(4)),
        2 => dice
            .one(&[
                "cancel~", "can*", "?efund", "/the?|a/", "pro*m", "/.*/", "or?er*", "zz*",
            ])
            .to_owned(),
        3 => dice
            .one(&["[CARD]", "[the, a]", "CAT:[A.One]", "CAT:[A.Two]"])
            .to_owned(),
        8 => dice.one(FIELDS).to_owned(),
        _ => phrase_word(dice).to_owned(),
    }
}

fn unquoted(dice: &mut Dice, words: usize) -> String {
    let words: Vec<&str> = (0..words).map(|_| phrase_word(dice)).collect();
    words.join(" ").replace('"', "")
}

fn phrase_word(dice: &mut Dice) -> &'static str {
    match dice.below(12) {
        0 => "\"twenty five\"",
        1 => "25",
        2 => "well-known",
        3 => "okay",
        _ => [
            "cancel", "refund", "order", "the", "a", "\"not\"", "problem", "five",
        ][dice.below(8) as usize],
    }
}

pub(crate) fn category(name: &str) -> Option<Query> {
    let text = match name {
        "A.One" => "refund NEAR:2 [order, cancel~]",
        "A.Two" => "CAT:[A.One] OR agent:problem",
        _ => return None,
    };
    parse(text).ok()
}

/// Parses a text that the generator made, and checks that its standard form means the same.
pub(crate) fn parsed(text: &str) -> Query {
    let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(parse(&format(&query)), Ok(query.clone()), "{text}");
    follow(&query, &category).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Resolves a query as a store would: hashes for words, the vocabulary for patterns.
pub(crate) fn resolved(terms: &Terms, text: &IndexText) -> Resolved {
    let mut resolved = Resolved::default();
    terms
        .words()
        .for_each(|word| resolved.word(word, token(word)));
    for pattern in terms.patterns() {
        let words = text
            .words()
            .iter()
            .filter(|word| pattern.matches(&word.text));
        resolved.pattern(
            pattern,
            words
                .map(|word| token(&word.text))
                .collect::<Vec<TokenId>>(),
        );
    }
    resolved
}

/// One random interaction and some random queries; panics where two answers differ.
/// Gives how many of the queries matched.
pub(crate) fn check(seed: u64, length: u64, depth: u64, queries: usize) -> usize {
    let mut dice = Dice(seed);
    let text = index_text(&transcript(&mut dice, length));
    let fields = fields(&mut dice);
    let stream = text.stream(fields.clone(), token);
    let texts: Vec<String> = (0..queries)
        .map(|_| query(&mut dice, depth, false))
        .collect();
    let trees: Vec<Query> = texts.iter().map(|text| parsed(text)).collect();
    let mut all = Terms::default();
    trees.iter().for_each(|tree| all.add(tree));
    let battery = Battery::new(&trees, &resolved(&all, &text));
    let hits = battery.run(&stream, &fields);
    let mut matched = 0;
    for (number, (tree, written)) in trees.iter().zip(&texts).enumerate() {
        let evidence = compare(tree, written, &text, &stream, &fields, seed);
        matched += usize::from(evidence.is_some());
        let hit = hits.iter().find(|hit| hit.query == number);
        assert_eq!(
            hit.map(|hit| &hit.evidence),
            evidence.as_ref(),
            "battery: {written} (seed {seed})"
        );
    }
    matched
}

/// What an index knows of an interaction, by its definition.
fn in_index(leaf: &CandidatePlan, stream: &WordStream, fields: &Fields) -> bool {
    match leaf {
        CandidatePlan::Token(token) => stream.words.iter().any(|word| word.token == *token),
        CandidatePlan::Next(first, second) => stream.words.iter().enumerate().any(|(at, word)| {
            let mut later = stream.words.iter().skip(at + 1);
            let next = later.find(|other| other.speaker == word.speaker);
            word.token == *first && next.is_some_and(|next| next.token == *second)
        }),
        CandidatePlan::Near(nearby) => nearby.holds(stream),
        CandidatePlan::Unbroken(unbroken) => unbroken.holds(stream),
        CandidatePlan::Value { field, value } => fields.get(field).iter().any(
            |known| matches!(known, FieldValue::Text(text) if domain::fold(text.trim()) == *value),
        ),
        CandidatePlan::Started { from, until } => fields.get("started").iter().any(|known| {
            let FieldValue::Instant(at) = known else {
                return false;
            };
            from.is_none_or(|from| *at >= from) && until.is_none_or(|until| *at < until)
        }),
        other => panic!("{other:?} is made of others"),
    }
}

fn compare(
    query: &Query,
    written: &str,
    text: &IndexText,
    stream: &WordStream,
    fields: &Fields,
    seed: u64,
) -> Option<Vec<Evidence>> {
    let resolved = resolved(&terms(query), text);
    let evidence = Matcher::new(query, &resolved)
        .expect("resolved")
        .evaluate(stream, fields);
    let expected = Reference::new(text, fields).answer(query);
    assert_eq!(
        evidence.is_some(),
        expected.holds,
        "{written} (seed {seed})"
    );
    let bounds = bounds(query, &resolved);
    let known = |leaf: &CandidatePlan| in_index(leaf, stream, fields);
    assert!(
        !expected.holds || bounds.needs.meets(&known),
        "needs: {written} (seed {seed})"
    );
    assert!(
        expected.holds || !bounds.sure.meets(&known),
        "sure: {written} (seed {seed})"
    );
    let evidence = evidence?;
    let found: BTreeSet<(WordIndex, Span)> = evidence
        .iter()
        .map(|found| (found.first, found.span))
        .collect();
    let wanted: BTreeSet<(WordIndex, Span)> = expected
        .found
        .iter()
        .map(|(first, _, end)| {
            let word = &text.words()[*first];
            (word.word, Span::between(word.span.start(), *end))
        })
        .collect();
    assert_eq!(found, wanted, "{written} (seed {seed})");
    assert_eq!(
        evidence.len(),
        expected.found.len(),
        "{written} (seed {seed})"
    );
    Some(evidence)
}
