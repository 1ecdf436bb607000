//! Invents conversations with one secret of a known type at a known place, and harmless ones full
//! of numbers: what recall is measured with and what the audit plants. Seeded: the same seed
//! says the same. Several wordings, so that a rate can be taken on sentences that no rule was
//! written for.

#![expect(
    clippy::indexing_slicing,
    reason = "places are drawn below the length of the tables and numbers of this module"
)]

mod carriers;
mod lists;
mod saying;
mod values;

use domain::{
    Confidence, EntityKind, LanguageTag, Millis, PartyIndex, RawTranscript, Span, Speaker,
    SpeakerBasis, SpeakerLabel, Turn, Word, WordIndex,
};

use carriers::carriers;

/// Which sentences stand around the secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wording {
    /// Those that the rules were tuned with.
    #[default]
    Tuned,
    /// Others, in wording, syntax and names: held out once, then repaired with.
    Repaired,
    /// Others again: held out for one measurement, then repaired with as well.
    Later,
    /// The fourth: held out, then repaired with.
    Mended,
    /// The fifth: held out, then repaired with.
    Smoothed,
    /// The sixth; no rule may be written after them.
    HeldOut,
}

/// A small generator of unpredictable-looking numbers (`SplitMix64`); not for keys.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from(z % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// One of several; the list is never empty.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// Decimal digits.
    pub fn digits(&mut self, length: usize) -> String {
        (0..length)
            .filter_map(|_| char::from_digit(u32::try_from(self.below(10)).ok()?, 10))
            .collect()
    }

    fn letters(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEGHJKLMNPRSTVWXYZ";
        (0..length)
            .map(|_| char::from(LETTERS[self.below(LETTERS.len())]))
            .collect()
    }
}

/// Where a secret stands in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planted {
    /// Its line.
    pub turn: usize,
    /// Its first word in the line, from 0.
    pub first: usize,
    /// Its last word, inclusive.
    pub last: usize,
}

/// An invented conversation.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Type as reports name it; `none` without a secret.
    pub kind: &'static str,
    /// What redaction should call it.
    pub expected: EntityKind,
    /// Who (0 agent, 1 consumer) says what.
    pub lines: Vec<(u8, String)>,
    /// The secret's place.
    pub secret: Option<Planted>,
}

impl Sample {
    /// The secret as it is said, with the marks around its ends.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        let planted = self.secret?;
        let (_, line) = self.lines.get(planted.turn)?;
        let words = line
            .split_whitespace()
            .skip(planted.first)
            .take(planted.last + 1 - planted.first);
        Some(words.collect::<Vec<_>>().join(" "))
    }

    /// The conversation as the pipeline gets it.
    #[must_use]
    pub fn transcript(&self) -> RawTranscript {
        transcript(self.lines.iter().map(|(who, text)| (*who, text.as_str())))
    }
}

/// The types, as reports name them.
pub const TYPES: &[(&str, EntityKind)] = &[
    ("card", EntityKind::Card),
    ("card_bare", EntityKind::Card),
    ("cvv", EntityKind::Cvv),
    ("expiry", EntityKind::CardExpiry),
    ("iban", EntityKind::BankAccount),
    ("bank_account", EntityKind::BankAccount),
    ("routing", EntityKind::BankAccount),
    ("sort_code", EntityKind::BankAccount),
    ("ssn", EntityKind::GovernmentId),
    ("itin", EntityKind::GovernmentId),
    ("nino", EntityKind::GovernmentId),
    ("passport", EntityKind::GovernmentId),
    ("licence", EntityKind::GovernmentId),
    ("national_id", EntityKind::GovernmentId),
    ("phone", EntityKind::Phone),
    ("email", EntityKind::Email),
    ("url", EntityKind::Url),
    ("ip", EntityKind::NetworkAddress),
    ("mac", EntityKind::NetworkAddress),
    ("plate", EntityKind::Vehicle),
    ("vin", EntityKind::Vehicle),
    ("birth_date", EntityKind::DateOfBirth),
    ("age", EntityKind::Age),
    ("address", EntityKind::Address),
    ("person", EntityKind::Person),
    ("username", EntityKind::Username),
    ("password", EntityKind::Credential),
    ("pin", EntityKind::Credential),
    ("medical", EntityKind::MedicalId),
];

/// A payment card number of a known network with its check digit.
#[must_use]
pub fn card(dice: &mut Dice) -> String {
    values::card(dice)
}

/// Digits in one of the ways that people say and recognisers and writers write them, in groups
/// of these lengths.
#[must_use]
pub fn say(digits: &str, groups: &[usize], dice: &mut Dice) -> String {
    saying::say(digits, groups, dice)
}

/// Digits read out one by one.
#[must_use]
pub fn read_out(digits: &str) -> String {
    let words = digits.chars().map(|digit| saying::digit_word(digit, false));
    words.collect::<Vec<_>>().join(" ")
}

/// One conversation with a secret of a type from [`TYPES`].
#[must_use]
pub fn with_secret(
    (kind, expected): (&'static str, EntityKind),
    wording: Wording,
    dice: &mut Dice,
) -> Sample {
    let words = carriers(wording);
    let said = values::value(kind, wording, dice);
    let (asks, states) = words.of(kind);
    let reply = !asks.is_empty() && (states.is_empty() || dice.below(2) == 0);
    let mut lines = Vec::new();
    if dice.below(2) == 0 {
        lines.push((0, dice.pick(words.openers).to_owned()));
    }
    let carrier = if reply {
        lines.push((0, dice.pick(asks).to_owned()));
        dice.pick(words.replies)
    } else {
        dice.pick(states)
    };
    let (head, tail) = carrier.split_once("{}").unwrap_or((carrier, ""));
    let first = head.split_whitespace().count();
    let last = first + said.split_whitespace().count() - 1;
    let lower = dice.below(3) == 0;
    let text = format!("{head}{said}{tail}");
    let text = if lower && kind != "password" && kind != "person" {
        text.to_lowercase()
    } else {
        text
    };
    lines.push((1, text));
    let turn = lines.len() - 1;
    if dice.below(2) == 0 {
        lines.push((0, dice.pick(words.closers).to_owned()));
    }
    Sample {
        kind,
        expected,
        lines,
        secret: Some(Planted { turn, first, last }),
    }
}

/// One harmless conversation.
#[must_use]
pub fn without_secret(wording: Wording, dice: &mut Dice) -> Sample {
    let words = carriers(wording);
    let mut lines = vec![(0, dice.pick(words.openers).to_owned())];
    for turn in 0..1 + dice.below(3) {
        let text = harmless(words.harmless, dice);
        let text = if dice.below(4) == 0 {
            text.to_lowercase()
        } else {
            text
        };
        lines.push((u8::from(turn % 2 == 0), text));
    }
    Sample {
        kind: "none",
        expected: EntityKind::Number,
        lines,
        secret: None,
    }
}

fn harmless(from: &[&str], dice: &mut Dice) -> String {
    let small = 2 + dice.below(28);
    let amount = dice.digits(3);
    let text = dice.pick(from);
    text.replace("{n}", &small.to_string())
        .replace("{w}", &saying::number_words(small))
        .replace("{amount}", amount.trim_start_matches('0'))
        .replace("{order}", &dice.digits(5))
        .replace(
            "{day}",
            dice.pick(&["Monday", "Tuesday", "Thursday", "Friday"]),
        )
        .replace(
            "{month}",
            dice.pick(&["January", "May", "October", "March"]),
        )
}

/// A transcript of lines of talk: who (0 agent, 1 consumer) says what. A word lasts 250 ms.
pub fn transcript<'a>(lines: impl IntoIterator<Item = (u8, &'a str)>) -> RawTranscript {
    let index = |at: usize| WordIndex(u32::try_from(at).unwrap_or(u32::MAX));
    let mut words: Vec<Word> = Vec::new();
    let mut turns = Vec::new();
    let mut now = 0;
    for (speaker, text) in lines {
        let first = words.len();
        let began = now;
        for word in text.split_whitespace() {
            words.push(Word {
                text: word.into(),
                speaker,
                span: Span::between(Millis(now), Millis(now + 250)),
                confidence: Confidence::CERTAIN,
            });
            now += 300;
        }
        if words.len() > first {
            turns.push(Turn {
                speaker,
                first: index(first),
                last: index(words.len() - 1),
                span: Span::between(Millis(began), Millis(now - 50)),
                quoted: false,
            });
        }
        now += 600;
    }
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

const fn speaker(label: SpeakerLabel, party: u16) -> Speaker {
    Speaker {
        label,
        party: PartyIndex(party),
        basis: SpeakerBasis::Channel,
        role_confidence: Confidence::CERTAIN,
    }
}
