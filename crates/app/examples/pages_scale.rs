//! Many planted calls for the measurement of pages (`cargo xtask bench pages`):
//! `pages_scale FOLDER CALLS`. FOLDER is an installation with a tenant `bench`; the calls spread
//! over the year that ends now, with numbers, removed spans and labels as processed ones have. They
//! have no original and no transcript: pages of single interactions are measured on real ones.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use app::{App, Config, Overrides};
use domain::query::{Fields, StreamWord, TokenId, WordStream};
use domain::{
    Actor, ActorKind, Chance, Channel, Clock, DataCategory, Direction, EntityKind, InteractionId,
    LawfulBasis, Millis, NoChance, Purpose, Secret, Span, SpeakerLabel, TenantRole, Timestamp,
    Tone, WordIndex,
};
use policy::{Facts, Find, Interactions, Permit, Scope, Seal};
use store::{Planted, PlantedNumbers, Store, StoreConfig};

/// Calls sealed in one transaction.
const BATCH: u64 = 2_000;
/// The calls spread over so many milliseconds.
const YEAR: u64 = 365 * 86_400_000;
/// One in so many bears a label beside its team's.
const LABELLED: u64 = 25;
/// What is said, over and over.
const WORDS: &[&str] = &[
    "refund",
    "order",
    "parcel",
    "late",
    "invoice",
    "account",
    "cancel",
    "change",
    "address",
    "delivery",
    "thank",
    "you",
    "please",
    "wait",
    "moment",
    "check",
    "number",
    "name",
    "payment",
    "card",
    "return",
    "damaged",
    "replacement",
    "tomorrow",
    "today",
    "manager",
    "complaint",
    "help",
];
const TEAMS: &[&str] = &["team: north", "team: south", "team: night", "team: web"];
const LABELS: &[&str] = &["call back", "quality", "escalated", "training", "praise"];

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Watch;

impl Clock for Watch {
    #[expect(
        clippy::disallowed_methods,
        reason = "records are stamped when they are made"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
    }
}

struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

/// A sequence that is the same in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, calls] = arguments.as_slice() else {
        return Err("usage: pages_scale FOLDER CALLS".into());
    };
    let calls: u64 = calls.parse()?;
    let config = Config::load(Path::new(folder), &Overrides::default())?;
    let app = App::open(&config).await?;
    let parts = StoreConfig {
        database: config.database.clone(),
        blobs: config.blobs.clone(),
        key_file: config.key_file.clone(),
        passphrase: None,
        index: config.index(),
        search: config.search,
        origin: config.origin.clone(),
    };
    let store = Store::open(&parts, Arc::new(Watch), Arc::new(Dice)).await?;
    let tenant = app.tenant(&"bench".parse()?).await?.id;
    let scope = app.local_scope(tenant, TenantRole::Owner, Purpose::Review);
    let words = [DataCategory::RedactedContent];
    let finding: Result<Permit<Find, _>, _> =
        policy::decide(&app.policy(), &scope, Interactions, &words, &facts(&app));
    let finding = finding.map_err(|denial| denial.sentence)?;
    let tokens = store.token_ids(&finding, WORDS).await?;
    let mut dice = Sequence(1);
    let begins = app.now().0 - i64::try_from(YEAR)?;
    for first in (0..calls).step_by(usize::try_from(BATCH)?) {
        let until = calls.min(first + BATCH);
        let at = |number: u64| {
            let since = i64::try_from(number * (YEAR / calls.max(1))).unwrap_or(0);
            Timestamp(begins + since)
        };
        let made: Vec<(Planted, PlantedNumbers)> = (first..until)
            .map(|number| call(at(number), &tokens, &mut dice))
            .collect();
        let uses: Vec<(&str, u64)> = WORDS.iter().map(|word| (*word, until - first)).collect();
        let permit = sealing(&app, tenant)?;
        let planted: Vec<Planted> = made.iter().map(|(one, _)| one.clone()).collect();
        store.plant(&permit, &planted, &uses).await?;
        let numbers: Vec<PlantedNumbers> = made.into_iter().map(|(_, one)| one).collect();
        store.plant_numbers(&permit, &numbers).await?;
        if until.is_multiple_of(20_000) {
            eprintln!("{until} calls planted");
        }
    }
    Ok(())
}

fn facts(app: &App) -> Facts {
    Facts {
        instruction: Some("planted".to_owned()),
        subjects: 2,
        lawful_bases: vec![LawfulBasis {
            basis: "contract".to_owned(),
            expires: None,
            grants: Vec::new(),
        }],
        collected_under: Some(app.policy().version().to_owned()),
        collected_at: Some(app.now()),
        ..Facts::default()
    }
}

fn sealing(app: &App, tenant: domain::TenantId) -> Outcome<Permit<Seal, Interactions>> {
    let actor = Actor {
        kind: ActorKind::Pipeline,
        handle: "pipeline".to_owned(),
    };
    let scope = Scope::for_test(tenant, actor, Purpose::Analysis, app.now());
    let words = [DataCategory::RedactedContent];
    policy::decide(&app.policy(), &scope, Interactions, &words, &facts(app))
        .map_err(|denial| denial.sentence.into())
}

fn one_of(words: &[&str], dice: &mut Sequence) -> Secret {
    let place = dice.below(u64::try_from(words.len()).unwrap_or(1));
    let place = usize::try_from(place).unwrap_or(0);
    Secret::new(words.get(place).copied().unwrap_or("other"))
}

fn call(started: Timestamp, tokens: &[TokenId], dice: &mut Sequence) -> (Planted, PlantedNumbers) {
    let mut random = [0u8; 10];
    for byte in &mut random {
        *byte = u8::try_from(dice.below(256)).unwrap_or(0);
    }
    let millis = u64::try_from(started.0).unwrap_or(0);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    let id = InteractionId::from_uuid(uuid);
    let channel = match dice.below(10) {
        0..6 => Channel::Voice,
        6..9 => Channel::Chat,
        _ => Channel::Email,
    };
    let count = 40 + dice.below(160);
    let words: Vec<StreamWord> = (0u32..)
        .zip(0..count)
        .map(|(place, number)| StreamWord {
            token: usize::try_from(dice.below(28))
                .ok()
                .and_then(|word| tokens.get(word).copied())
                .unwrap_or(TokenId(0)),
            speaker: if number % 20 < 10 {
                SpeakerLabel::Agent
            } else {
                SpeakerLabel::Consumer
            },
            span: Span::between(Millis(number * 400), Millis(number * 400 + 300)),
            word: WordIndex(place),
            last: WordIndex(place),
        })
        .collect();
    let long = count * 400;
    let mut removed = BTreeMap::new();
    if dice.below(3) == 0 {
        removed.insert(EntityKind::Person, 1);
    }
    if dice.below(20) == 0 {
        removed.insert(EntityKind::Card, 1);
    }
    let mut labels = vec![one_of(TEAMS, dice)];
    if dice.below(LABELLED) == 0 {
        labels.push(one_of(LABELS, dice));
    }
    let numbers = PlantedNumbers {
        id,
        labels,
        talk: Millis(long * 3 / 4),
        silence: Millis(dice.below(4) * 3_000),
        overtalk: Millis(dice.below(3) * 1_000),
        gap: Millis(dice.below(12_000)),
        sentiment: Some(Tone(i32::try_from(dice.below(1_200)).unwrap_or(0) - 500)),
        removed,
    };
    let planted = Planted {
        id,
        started,
        channel,
        direction: Direction::Inbound,
        fields: Fields::default(),
        stream: WordStream {
            words,
            duration: Millis(long),
            fields: Fields::default(),
            alike: Vec::new(),
        },
    };
    (planted, numbers)
}
