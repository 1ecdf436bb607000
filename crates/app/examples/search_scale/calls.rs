//! Calls by a seed: real words as often as people use them, two speakers who take turns, and
//! phrases that calls are full of.

use std::error::Error;
use std::path::Path;

use analysis::search::normalise;
use domain::query::{Fields, StreamWord, TokenId, WordStream};
use domain::{Channel, Direction, InteractionId, Millis, Span, SpeakerLabel, Timestamp, WordIndex};
use store::Planted;
use uuid::Uuid;

/// Words of the vocabulary.
const WORDS: usize = 50_000;
/// Fewest and most words of a call.
const LENGTH: (u64, u64) = (200, 1_500);
/// The calls are spread over this time before their latest.
const SPREAD: i64 = 3 * 365 * 86_400_000;
const LATEST: i64 = 1_790_000_000_000;
const QUEUES: [&str; 8] = [
    "billing",
    "technical",
    "sales",
    "retention",
    "claims",
    "returns",
    "complaints",
    "second line",
];

/// Who says it, what, and in how many of a thousand calls.
const PHRASES: &[(bool, &str, u64)] = &[
    (true, "thank you for calling", 700),
    (true, "this call is recorded", 420),
    (true, "is there anything else i can help you with", 480),
    (true, "can i take your name please", 520),
    (true, "i am sorry to hear that", 180),
    (true, "let me check that for you", 350),
    (true, "your refund will be processed", 60),
    (true, "the refund takes a few days", 45),
    (true, "let me put you through to a supervisor", 12),
    (true, "may i place you on hold", 150),
    (false, "i want to cancel my subscription", 40),
    (false, "i would like to cancel my order", 55),
    (false, "i would like a refund", 75),
    (false, "i want to speak to a supervisor", 15),
    (false, "this is not a problem", 25),
    (false, "i have a problem with my bill", 90),
    (false, "nobody called me back", 30),
    (false, "i will take legal action", 4),
    (false, "you have overcharged me", 22),
    (false, "my parcel has not arrived", 65),
    (false, "i am going to the ombudsman", 2),
    (false, "that is great thank you", 300),
];

/// Numbers from a seed (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    pub(crate) fn place(&mut self, length: usize) -> usize {
        let limit = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.below(limit)).unwrap_or(0)
    }
}

/// Words with how often each is said, the most frequent first.
pub(crate) struct Language {
    pub(crate) words: Vec<String>,
    /// Walker's alias table: how much of a slot is its own word's, of 2^32, and whose the rest is.
    slots: Vec<(u64, usize)>,
    phrases: Vec<(bool, Vec<usize>, u64)>,
}

impl Language {
    /// Reads `word<TAB>frequency` lines. A word that the language reads as something else, as it
    /// does spoken numbers, is left out.
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut known: Vec<(String, f64)> = Vec::new();
        for line in std::fs::read_to_string(path)?.lines() {
            if let Some((word, often)) = line.split_once('\t')
                && normalise(word) == [word]
                && word.bytes().all(|b| b.is_ascii_lowercase())
                && known.len() < WORDS
            {
                known.push((word.to_owned(), often.parse()?));
            }
        }
        let mut words: Vec<String> = known.iter().map(|(word, _)| word.clone()).collect();
        let slots = slots(&known.iter().map(|(_, often)| *often).collect::<Vec<f64>>());
        let mut phrases = Vec::new();
        for (agent, text, often) in PHRASES {
            let places = text.split(' ').map(|word| {
                let known = words.iter().position(|known| known == word);
                known.unwrap_or_else(|| {
                    words.push(word.to_owned());
                    words.len() - 1
                })
            });
            phrases.push((*agent, places.collect(), *often));
        }
        Ok(Self {
            words,
            slots,
            phrases,
        })
    }

    fn word(&self, dice: &mut Dice) -> usize {
        let slot = dice.place(self.slots.len());
        match self.slots.get(slot) {
            Some((own, other)) if dice.below(1 << 32) >= *own => *other,
            _ => slot,
        }
    }
}

/// Walker's method, so that a word is chosen in the same time whatever its rank.
fn slots(often: &[f64]) -> Vec<(u64, usize)> {
    const WHOLE: f64 = 4_294_967_296.0;
    let sum: f64 = often.iter().sum();
    let scale = WHOLE * f64::from(u32::try_from(often.len()).unwrap_or(u32::MAX)) / sum;
    let mut left: Vec<f64> = often.iter().map(|often| often * scale).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) =
        (0..left.len()).partition(|place| left.get(*place).is_some_and(|own| *own < WHOLE));
    let mut slots = vec![(1 << 32, 0); left.len()];
    while let (Some(few), Some(many)) = (small.pop(), large.last().copied()) {
        let own = left.get(few).copied().unwrap_or(0.0);
        if let Some(slot) = slots.get_mut(few) {
            *slot = (rounded(own), many);
        }
        if let Some(rest) = left.get_mut(many) {
            *rest -= WHOLE - own;
            if *rest < WHOLE {
                large.pop();
                small.push(many);
            }
        }
    }
    slots
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 2^32"
)]
fn rounded(value: f64) -> u64 {
    value.max(0.0) as u64
}

/// A call as both engines take it.
pub(crate) struct Call {
    pub(crate) number: u64,
    pub(crate) started: Timestamp,
    pub(crate) queue: &'static str,
    /// Whether the agent says it, which word, from when to when.
    said: Vec<(bool, usize, u64, u64)>,
    length: Millis,
}

impl Call {
    /// The call of a number: the same words each time. Calls come in about the order of their
    /// start, as they do in life.
    pub(crate) fn of(language: &Language, number: u64, calls: u64) -> Self {
        let mut dice = Dice(number.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 7);
        let step = SPREAD / i64::try_from(calls.max(1)).unwrap_or(1);
        let late = i64::try_from(dice.below(3_600_000)).unwrap_or(0);
        let back = i64::try_from(calls - number)
            .unwrap_or(0)
            .saturating_mul(step);
        let length = LENGTH.0 + dice.below(LENGTH.1 - LENGTH.0 + 1);
        let mut due: Vec<&(bool, Vec<usize>, u64)> = language
            .phrases
            .iter()
            .filter(|(_, _, often)| dice.below(1_000) < *often)
            .collect();
        // A greeting comes first; the rest anywhere.
        let mut said = Vec::new();
        let (mut agent, mut at) = (true, 400);
        while u64::try_from(said.len()).unwrap_or(u64::MAX) < length {
            let fits = due.iter().position(|(by, ..)| *by == agent);
            if let Some(place) = fits.filter(|_| said.is_empty() || dice.below(4) == 0) {
                let (_, words, _) = due.remove(place);
                for word in words {
                    at = say(&mut said, agent, *word, at, &mut dice);
                }
            }
            for _ in 0..2 + dice.below(22) {
                let word = language.word(&mut dice);
                at = say(&mut said, agent, word, at, &mut dice);
            }
            agent = !agent;
            at += 100 + dice.below(1_900);
        }
        Self {
            number,
            started: Timestamp(LATEST - back + late),
            queue: QUEUES
                .get(dice.place(QUEUES.len()))
                .copied()
                .unwrap_or("sales"),
            said,
            length: Millis(at),
        }
    }

    /// The distinct words.
    pub(crate) fn distinct(&self) -> Vec<usize> {
        let mut words: Vec<usize> = self.said.iter().map(|(_, word, ..)| *word).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    pub(crate) fn length(&self) -> usize {
        self.said.len()
    }

    /// What our store takes.
    pub(crate) fn planted(&self, tokens: &[TokenId]) -> Planted {
        let mut dice = Dice(self.number);
        let mut random = [0u8; 10];
        for byte in &mut random {
            *byte = u8::try_from(dice.below(256)).unwrap_or(0);
        }
        let millis = u64::try_from(self.started.0).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        let mut fields = Fields::default();
        fields.text("queue", self.queue);
        fields.text("language", "en");
        let words = (0..)
            .zip(&self.said)
            .map(|(place, (agent, word, start, end))| StreamWord {
                token: tokens.get(*word).copied().unwrap_or(TokenId(0)),
                speaker: if *agent {
                    SpeakerLabel::Agent
                } else {
                    SpeakerLabel::Consumer
                },
                span: Span::between(Millis(*start), Millis(*end)),
                word: WordIndex(place),
                last: WordIndex(place),
            });
        Planted {
            id: InteractionId::from_uuid(Uuid::from_u128(id.as_u128())),
            started: self.started,
            channel: Channel::Voice,
            direction: Direction::Inbound,
            fields,
            stream: WordStream {
                words: words.collect(),
                duration: self.length,
                fields: Fields::default(),
                alike: Vec::new(),
            },
        }
    }

    /// A line of PostgreSQL's COPY: number, start, queue, words with their positions.
    pub(crate) fn line(&self, language: &Language, line: &mut String) {
        use std::fmt::Write as _;
        line.clear();
        // Writing to a String cannot fail.
        let mut ok = write!(
            line,
            "{}\t{}\t{}\t",
            self.number, self.started.0, self.queue
        )
        .is_ok();
        for (place, (_, word, ..)) in self.said.iter().enumerate() {
            let word = language.words.get(*word).map_or("", String::as_str);
            ok &= write!(line, "{word}:{} ", place + 1).is_ok();
        }
        debug_assert!(ok);
        line.push('\n');
    }
}

/// Says a word; gives when the next may begin.
fn say(
    said: &mut Vec<(bool, usize, u64, u64)>,
    agent: bool,
    word: usize,
    at: u64,
    dice: &mut Dice,
) -> u64 {
    let end = at + 120 + dice.below(300);
    said.push((agent, word, at, end));
    end + dice.below(90)
}
