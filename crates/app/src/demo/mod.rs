//! A tenant with something to show: believable conversations made from a script, the same ones
//! for the same day, taken in through the real door like anybody's.

mod chance;
mod definitions;
pub mod desk;
mod forms;
mod rarer;
mod review;
mod script;

use domain::{Channel, Timestamp};

pub use self::definitions::DEFINITIONS;

use self::chance::Dice;
use self::script::{Line, Script};

/// Days that the conversations are spread over.
const DAYS: u64 = 60;
const DAY_MS: i64 = 86_400_000;
/// Weekdays have more than weekends; Monday first.
const BY_WEEKDAY: [u64; 7] = [22, 19, 18, 17, 15, 6, 3];
/// Fixed for life: other seeds would make other conversations beside those already taken in.
const SEED: u64 = 0x50_52_49_56_49_54_59;

/// Where the tenant's people get their mail: tells agent from consumer.
const MAILBOX: &str = "support@harbor.example";

/// The people who answer, with their teams.
const AGENTS: &[(&str, &str)] = &[
    ("Priya Nair", "self-service"),
    ("Samuel Ortiz", "self-service"),
    ("Emily Carter", "billing"),
    ("Jonas Keller", "billing"),
    ("Amara Okafor", "billing"),
    ("Lucia Romano", "field"),
    ("Owen Hughes", "field"),
    ("Mei Tanaka", "field"),
];

/// A file of the demo: what it would be called and what is in it.
#[derive(Debug, Clone)]
pub struct DemoFile {
    /// Such as `chat-0017.json`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What has to be declared of the agent; the other forms say it themselves.
    pub agent: Option<&'static str>,
}

/// One conversation before it has a form.
struct Conversation {
    number: usize,
    channel: Channel,
    started: Timestamp,
    agent: &'static str,
    team: &'static str,
    consumer: Consumer,
    reason: String,
    lines: Vec<Line>,
}

/// Who calls or writes.
struct Consumer {
    name: String,
    mail: String,
}

/// So many conversations of the sixty days before `until`, the newest last.
#[must_use]
pub fn conversations(until: Timestamp, count: usize) -> Vec<DemoFile> {
    let all = scripted(until, count).into_iter();
    all.map(|(_, file)| file).collect()
}

/// Mail addresses of the consumers of these conversations, the last first, each once.
fn consumers(until: Timestamp, count: usize) -> Vec<String> {
    let mut mails: Vec<String> = Vec::new();
    for (mail, _) in scripted(until, count).into_iter().rev() {
        if !mails.contains(&mail) {
            mails.push(mail);
        }
    }
    mails
}

/// Each conversation's file with its consumer's mail address.
fn scripted(until: Timestamp, count: usize) -> Vec<(String, DemoFile)> {
    let script = Script::shipped();
    let mut dice = Dice::new(SEED);
    let midnight = until.0 - until.0.rem_euclid(DAY_MS);
    let mut starts: Vec<i64> = (0..count).map(|_| start(&mut dice, midnight)).collect();
    starts.sort_unstable();
    starts
        .into_iter()
        .enumerate()
        .map(|(number, at)| {
            let conversation = make(&script, &mut dice, number, Timestamp(at));
            let mail = conversation.consumer.mail.clone();
            (mail, forms::file(&conversation, &mut dice))
        })
        .collect()
}

/// A working hour of one of the days before, oftener on a weekday.
fn start(dice: &mut Dice, midnight: i64) -> i64 {
    loop {
        let day = i64::try_from(1 + dice.below(DAYS)).unwrap_or(1);
        let at = midnight - day * DAY_MS;
        // 1970-01-01 was a Thursday.
        let weekday = (at.div_euclid(DAY_MS) + 3).rem_euclid(7);
        let weight = usize::try_from(weekday)
            .ok()
            .and_then(|weekday| BY_WEEKDAY.get(weekday))
            .copied()
            .unwrap_or(0);
        if dice.below(22) < weight {
            let minute = 8 * 60 + (dice.below(330) + dice.below(330));
            let second = minute * 60 + dice.below(60);
            return at + i64::try_from(second * 1_000).unwrap_or(0);
        }
    }
}

fn make(script: &Script, dice: &mut Dice, number: usize, started: Timestamp) -> Conversation {
    let channel = match dice.below(100) {
        0..42 => Channel::Chat,
        42..80 => Channel::Voice,
        _ => Channel::Email,
    };
    let (agent, team) = *dice.pick(AGENTS).unwrap_or(&("Priya Nair", "self-service"));
    let (consumer, slots) = script::consumer(dice);
    let (reason, lines) = script.play(dice, agent, &slots);
    Conversation {
        number,
        channel,
        started,
        agent,
        team,
        consumer,
        reason,
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn the_same_day_gives_the_same_conversations_and_each_can_be_read() {
        let files = conversations(UNTIL, 120);
        let again = conversations(UNTIL, 120);
        assert!(files.iter().zip(&again).all(|(a, b)| a.bytes == b.bytes));
        let hints = formats::Hints {
            received: UNTIL,
            agents: vec![MAILBOX.to_owned()],
        };
        let mut seen = std::collections::BTreeMap::new();
        for file in &files {
            let kind = formats::identify(&file.bytes);
            let read: Vec<_> = if kind == formats::Kind::Mbox {
                formats::mbox_threads(file.bytes.as_slice(), &hints)
                    .map(|thread| thread.unwrap())
                    .collect()
            } else {
                formats::read(kind, &file.bytes, &hints).unwrap()
            };
            assert_eq!(read.len(), 1, "{}", file.name);
            let interaction = &read[0].interaction;
            assert!(
                read[0].warnings.is_empty(),
                "{}: {:?}",
                file.name,
                read[0].warnings
            );
            assert!(interaction.started < UNTIL);
            assert_eq!(interaction.parties.len(), 2, "{}", file.name);
            *seen.entry(interaction.channel.key()).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 3, "{seen:?}");
        assert!(seen.values().all(|count| *count > 10), "{seen:?}");
    }
}
