//! A thousand categories over one transcript of a thousand words, as a battery of queries and as
//! plain regular expressions over the text, in one run on one core:
//! `cargo run --release -p analysis --example battery -- [categories] [words] [transcripts]`.
//!
//! The expressions only look for each category's phrases in the joined text: they know no
//! speaker, no time and no distance, so they do less than the battery.

use std::time::{Duration, Instant};

use analysis::search::{Battery, Resolved, Terms, index_text, parse};
use domain::query::{Fields, IndexText, Query, TokenId};
use domain::{
    Confidence, LanguageTag, Millis, PartyIndex, RedactedTranscript, RedactedWord, Secret, Span,
    Speaker, SpeakerBasis, SpeakerLabel, Token, Turn, WordIndex,
};
use regex::Regex;

/// Words that every conversation is full of, the commonest first.
const COMMON: &str = "i you the to a and it that is of for have so on in we my can just was with be \
    what this do if your me not but are know like get yeah okay right as at will all they one need \
    there don't would up or out about let see got think now i'm that's from time back here when no how \
    go an thank want any then because call help please email number name address";
/// Words that categories are about.
const TOPICS: &str = "cancel refund complaint manager supervisor invoice charge charged billing \
    subscription contract upgrade downgrade delivery parcel tracking warranty repair replacement \
    password account locked login website outage internet router signal roaming mortgage payment \
    overdue instalment deposit balance statement fraud dispute chargeback insurance claim policy \
    premium appointment doctor prescription flight luggage booking hotel voucher discount loyalty \
    competitor switching terrible unacceptable ridiculous frustrated disappointed excellent brilliant \
    recorded verification consent marketing unsubscribe lawyer ombudsman regulator vulnerable bereavement";
const WRAPS: [&str; 8] = [
    "{p} OR {q} OR {r}",
    "consumer:({p} OR {q}) NOT agent:{r}",
    "[{p}, {q}, {r}] NEAR:10 {x}",
    "first:60s(agent:({p} OR {q}))",
    "{p} BEFORE:15 {q}",
    "({p} OR {q}) NOTIN {r}",
    "agent:{p} NOT NEAR:20 consumer:{q}",
    "NOT first:30%({p} OR {q})",
];

/// Numbers from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).unwrap_or(0) % limit.max(1)
    }

    /// Rank r about as often as 1/r.
    fn ranked<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let halvings = self.below(words.len().max(2).ilog2().try_into().unwrap_or(1));
        let limit = words.len() >> halvings;
        words.get(self.below(limit)).copied().unwrap_or("a")
    }
}

struct Language {
    common: Vec<&'static str>,
    topics: Vec<&'static str>,
    rare: Vec<String>,
}

impl Language {
    fn new() -> Self {
        Self {
            common: COMMON.split_whitespace().collect(),
            topics: TOPICS.split_whitespace().collect(),
            rare: (0..4_000).map(|number| format!("term{number}")).collect(),
        }
    }

    /// Four words in five are common, one in twelve is a topic.
    fn word(&self, dice: &mut Dice) -> String {
        match dice.below(60) {
            0..48 => dice.ranked(&self.common).to_owned(),
            48..53 => dice.ranked(&self.topics).to_owned(),
            _ => self
                .rare
                .get(dice.below(self.rare.len()))
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// A topic word, mostly among common ones, as analysts write phrases.
    fn phrase(&self, dice: &mut Dice) -> String {
        let topic = self
            .topics
            .get(dice.below(self.topics.len()))
            .copied()
            .unwrap_or("refund");
        match dice.below(4) {
            0 => format!("\"{topic}\""),
            1 => format!("\"{} {topic}\"", dice.ranked(&self.common)),
            2 => format!(
                "\"{} {} {topic}\"",
                dice.ranked(&self.common),
                dice.ranked(&self.common)
            ),
            _ => format!("\"{topic} {}\"", self.word(dice)),
        }
    }

    fn category(&self, dice: &mut Dice) -> (String, Vec<String>) {
        let mut text = WRAPS
            .get(dice.below(WRAPS.len()))
            .copied()
            .unwrap_or("{p}")
            .to_owned();
        let mut phrases = Vec::new();
        for slot in ["{p}", "{q}", "{r}", "{x}"] {
            if text.contains(slot) {
                let phrase = self.phrase(dice);
                text = text.replace(slot, &phrase);
                phrases.push(phrase.trim_matches('"').to_owned());
            }
        }
        (text, phrases)
    }

    fn transcript(&self, dice: &mut Dice, length: usize) -> RedactedTranscript {
        let mut words = Vec::with_capacity(length);
        let mut turns: Vec<Turn> = Vec::new();
        let mut start = 0;
        for at in 0..length {
            let index = WordIndex(u32::try_from(at).unwrap_or(u32::MAX));
            if dice.below(14) == 0 || turns.is_empty() {
                start += 600;
                let speaker = u8::from(dice.below(2) == 1);
                let span = Span::between(Millis(start), Millis(start));
                turns.push(Turn {
                    speaker,
                    first: index,
                    last: index,
                    span,
                    quoted: false,
                });
            }
            let Some(turn) = turns.last_mut() else {
                continue;
            };
            turn.last = index;
            words.push(RedactedWord {
                token: Token::Word(Secret::new(self.word(dice))),
                speaker: turn.speaker,
                span: Span::between(Millis(start), Millis(start + 280)),
                confidence: Confidence::CERTAIN,
                closing: None,
            });
            start += 320;
        }
        let speaker = |party, label| Speaker {
            label,
            party: PartyIndex(party),
            basis: SpeakerBasis::Channel,
            role_confidence: Confidence::CERTAIN,
        };
        let speakers = vec![
            speaker(0, SpeakerLabel::Agent),
            speaker(1, SpeakerLabel::Consumer),
        ];
        let language = LanguageTag::english();
        let engine = "generated".to_owned();
        #[expect(clippy::disallowed_methods, reason = "generated words hide nobody")]
        RedactedTranscript::assume_redacted(
            speakers,
            words,
            turns,
            Vec::new(),
            language,
            engine,
            Millis(start),
        )
    }
}

/// FNV-1a, standing for the store's keyed hash: the time of hashing is not measured.
fn token(word: &str) -> TokenId {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    TokenId(hash)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<usize>());
    let categories = arguments.next().transpose()?.unwrap_or(1_000);
    let length = arguments.next().transpose()?.unwrap_or(1_000);
    let rounds = arguments.next().transpose()?.unwrap_or(50);
    let language = Language::new();
    let mut dice = Dice(7);
    let written: Vec<(String, Vec<String>)> = (0..categories)
        .map(|_| language.category(&mut dice))
        .collect();
    let queries: Vec<Query> = written
        .iter()
        .map(|(text, _)| parse(text))
        .collect::<Result<_, _>>()?;
    let texts: Vec<IndexText> = (0..rounds)
        .map(|_| index_text(&language.transcript(&mut dice, length)))
        .collect();
    let begun = Instant::now();
    let battery = battery(&queries);
    println!(
        "compiled {categories} categories in {:.1} ms",
        millis(begun.elapsed())
    );
    let regexes = regexes(&written)?;
    run_battery(&battery, &texts);
    run_regexes(&regexes, &texts);
    Ok(())
}

fn battery(queries: &[Query]) -> Battery {
    let mut all = Terms::default();
    queries.iter().for_each(|query| all.add(query));
    let mut resolved = Resolved::default();
    all.words()
        .for_each(|word| resolved.word(word, token(word)));
    Battery::new(queries, &resolved)
}

fn regexes(written: &[(String, Vec<String>)]) -> Result<Vec<Regex>, regex::Error> {
    let pattern = |phrases: &[String]| {
        let phrases: Vec<String> = phrases.iter().map(|phrase| regex::escape(phrase)).collect();
        format!(r"\b(?:{})\b", phrases.join("|"))
    };
    written
        .iter()
        .map(|(_, phrases)| Regex::new(&pattern(phrases)))
        .collect()
}

fn run_battery(battery: &Battery, texts: &[IndexText]) {
    let streams: Vec<_> = texts
        .iter()
        .map(|text| text.stream(Fields::default(), token))
        .collect();
    let mut hits = 0;
    let mut times = Vec::new();
    for stream in &streams {
        let begun = Instant::now();
        hits += battery.run(stream, &stream.fields).len();
        times.push(begun.elapsed());
    }
    report("battery", times, hits);
}

fn run_regexes(regexes: &[Regex], texts: &[IndexText]) {
    let mut hits = 0;
    let mut times = Vec::new();
    for text in texts {
        let words: Vec<&str> = text.words().iter().map(|word| word.text.as_str()).collect();
        let joined = words.join(" ");
        let begun = Instant::now();
        hits += regexes
            .iter()
            .map(|regex| regex.find_iter(&joined).count())
            .filter(|n| *n > 0)
            .count();
        times.push(begun.elapsed());
    }
    report("naive regexes", times, hits);
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn report(name: &str, mut times: Vec<Duration>, hits: usize) {
    times.sort();
    let at = |share: usize| {
        times
            .get((times.len().max(1) - 1) * share / 100)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "{name}: median {:.3} ms, p99 {:.3} ms a transcript; {hits} hits in {} transcripts",
        millis(at(50)),
        millis(at(99)),
        times.len()
    );
}

/// Keeps the example's queries honest: one category's terms are what its phrases say.
#[cfg(test)]
mod tests {
    use analysis::search::terms;

    use super::*;

    #[test]
    fn categories_parse_and_name_words() {
        let language = Language::new();
        let mut dice = Dice(1);
        for _ in 0..200 {
            let (text, _) = language.category(&mut dice);
            let query = parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(terms(&query).words().count() > 0);
        }
    }
}
