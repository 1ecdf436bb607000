//! What is said: the script's lines with names, numbers and days filled in. The numbers are those
//! that card networks, telephone authorities and example domains set aside for such uses.

use super::Consumer;
use super::chance::Dice;

const TEXT: &str = include_str!("scripts.txt");

const FIRST: &[&str] = &[
    "Daniel", "Olivia", "Thomas", "Hannah", "Marcus", "Sofia", "Peter", "Grace", "Victor", "Elena",
    "Simon", "Laura", "Henry", "Nadia", "Oscar", "Ruth",
];
const LAST: &[&str] = &[
    "Brooks", "Grant", "Wright", "Meyer", "Lindgren", "Costa", "Novak", "Turner", "Silva", "Bauer",
    "Foster", "Chandra", "Moreau", "Kowalski", "Price", "Walsh",
];
const STREETS: &[&str] = &[
    "Oak Street",
    "Birch Lane",
    "Mission Street",
    "Harbor Road",
    "Mill Avenue",
    "Park View",
    "Station Road",
    "Cedar Court",
];
const CITIES: &[&str] = &[
    "Springfield",
    "Riverton",
    "Fairview",
    "Lakewood",
    "Ashford",
    "Milton",
];
const CARDS: &[&str] = &[
    "4111 1111 1111 1111",
    "5555 5555 5555 4444",
    "4012 8888 8888 1881",
    "3782 822463 10005",
];
const IBANS: &[&str] = &["GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00"];
const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Something said.
pub(super) struct Line {
    pub(super) by_agent: bool,
    /// The agent looks something up before.
    pub(super) waits: bool,
    pub(super) text: String,
}

pub(super) struct Script {
    reasons: Vec<Reason>,
    weight: u64,
}

struct Reason {
    name: &'static str,
    weight: u64,
    turns: Vec<Turn>,
}

struct Turn {
    by_agent: bool,
    waits: bool,
    ways: Vec<&'static str>,
}

impl Script {
    /// The script that comes with the program. Lines that are none are passed over.
    pub(super) fn shipped() -> Self {
        let mut reasons: Vec<Reason> = Vec::new();
        for line in TEXT.lines() {
            if let Some(head) = line.strip_prefix("= ") {
                let (name, weight) = head.rsplit_once(' ').unwrap_or((head, "1"));
                reasons.push(Reason {
                    name,
                    weight: weight.parse().unwrap_or(1),
                    turns: Vec::new(),
                });
                continue;
            }
            let waits = line.starts_with('~');
            let Some((who, said)) = line.trim_start_matches('~').split_once(": ") else {
                continue;
            };
            if let (Some(reason), "a" | "c") = (reasons.last_mut(), who) {
                reason.turns.push(Turn {
                    by_agent: who == "a",
                    waits,
                    ways: said.split(" | ").collect(),
                });
            }
        }
        let weight = reasons.iter().map(|reason| reason.weight).sum();
        Self { reasons, weight }
    }

    /// One conversation: its reason and its lines.
    pub(super) fn play(
        &self,
        dice: &mut Dice,
        agent: &str,
        slots: &[(&'static str, String)],
    ) -> (String, Vec<Line>) {
        let mut left = dice.below(self.weight);
        let reason = self.reasons.iter().find(|reason| {
            let here = left < reason.weight;
            left = left.saturating_sub(reason.weight);
            here
        });
        let Some(reason) = reason.or(self.reasons.first()) else {
            return (String::new(), Vec::new());
        };
        let name = agent.split(' ').next().unwrap_or(agent);
        let mut lines = vec![Line {
            by_agent: true,
            waits: false,
            text: format!(
                "Thank you for calling Harbor Home Energy. My name is {name}. How can I help you?"
            ),
        }];
        for turn in &reason.turns {
            let way = dice.pick(&turn.ways).copied().unwrap_or_default();
            lines.push(Line {
                by_agent: turn.by_agent,
                waits: turn.waits,
                text: fill(way, slots, dice),
            });
        }
        (reason.name.to_owned(), lines)
    }
}

fn fill(way: &str, slots: &[(&'static str, String)], dice: &mut Dice) -> String {
    let mut text = way.to_owned();
    for (slot, value) in slots {
        text = text.replace(&format!("{{{slot}}}"), value);
    }
    while let Some((before, rest)) = text.split_once('{') {
        let Some((slot, after)) = rest.split_once('}') else {
            break;
        };
        let value = match slot {
            "day" => dice.pick(DAYS).copied().unwrap_or_default().to_owned(),
            "month" => dice.pick(MONTHS).copied().unwrap_or_default().to_owned(),
            "amount" => dice.between(9, 180).to_string(),
            "hour" => format!("{} o'clock", dice.between(2, 9)),
            _ => String::new(),
        };
        text = format!("{before}{value}{after}");
    }
    text
}

/// Somebody, and what is known of them.
pub(super) fn consumer(dice: &mut Dice) -> (Consumer, Vec<(&'static str, String)>) {
    let one = |dice: &mut Dice, list: &[&'static str]| dice.pick(list).copied().unwrap_or_default();
    let (first, last) = (one(dice, FIRST), one(dice, LAST));
    let name = format!("{first} {last}");
    let mail = format!(
        "{}.{}@example.net",
        first.to_lowercase(),
        last.to_lowercase()
    );
    let slots = vec![
        ("name", name.clone()),
        ("mail", mail.clone()),
        ("card", one(dice, CARDS).to_owned()),
        ("iban", one(dice, IBANS).to_owned()),
        ("city", one(dice, CITIES).to_owned()),
        (
            "street",
            format!("{} {}", dice.between(1, 240), one(dice, STREETS)),
        ),
        ("phone", format!("+1 212 555 01{:02}", dice.below(100))),
        ("order", format!("HH-{}", dice.between(100_000, 999_999))),
        (
            "birth",
            format!(
                "{} {} {}",
                dice.between(1, 28),
                one(dice, MONTHS),
                dice.between(1948, 2004)
            ),
        ),
    ];
    (Consumer { name, mail }, slots)
}
