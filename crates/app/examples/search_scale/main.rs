//! The search over many calls, and PostgreSQL's full-text search over the same ones:
//! `cargo run --release --workspace --example search_scale -- [--keep] WORDS FOLDER [CALLS] [SERVER]`.
//!
//! WORDS has a word and its frequency a line; FOLDER is made anew; SERVER is a PostgreSQL URL
//! without a database. With `--keep`, what an earlier run kept is measured again, and what this run
//! makes is kept. Measured on our side is [`app::App::matches`]: the permit, the vocabulary,
//! the index, every sealed word stream that the page needs, the matcher with evidence, the count
//! and the ledger's leaf. Not measured there are the twenty redacted transcripts that a page of
//! results opens for its snippets: the calls have none.

mod calls;
mod peer;
mod shapes;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{App, Config, Matches, Overrides, SearchRequest, TenantOrder};
use calls::{Call, Language};
use domain::query::TokenId;
use domain::{
    Actor, ActorKind, Chance, Clock, DataCategory, LawfulBasis, NoChance, Purpose, TenantId,
    TenantRole, Timestamp,
};
use peer::Peer;
use policy::{Facts, Find, Interactions, Permit, Policy, Scope, Seal};
use shapes::{SHAPES, Shape};
use store::{Store, StoreConfig};

/// Calls sealed in one transaction.
const BATCH: u64 = 2_000;
/// Runs of each kind of query, each with other words; PostgreSQL is asked the first of them.
const RUNS: u64 = 200;
const PEER_RUNS: u64 = 50;
/// Results on a page.
const PAGE: usize = 20;
/// Says in the folder that it is whole, and of how many calls.
const WHOLE: &str = "calls";

/// The machine's clock.
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

/// The system's randomness, for keys and nonces.
struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let keep = arguments.iter().any(|argument| argument == "--keep");
    arguments.retain(|argument| argument != "--keep");
    let [words, folder, rest @ ..] = arguments.as_slice() else {
        return Err("usage: search_scale [--keep] WORDS FOLDER [CALLS] [SERVER]".into());
    };
    let calls: u64 = rest.first().map_or(Ok(20_000), |text| text.parse())?;
    let language = Language::read(Path::new(words))?;
    let folder = PathBuf::from(folder);
    let whole = folder.join(WHOLE);
    let kept = std::fs::read_to_string(&whole).is_ok_and(|made| made == calls.to_string());
    let server = rest.get(1).map(String::as_str);
    let (place, peer) = if keep && kept {
        let place = Place::open(&folder).await?;
        // Another form of the index is made anew.
        place.index(calls).await?;
        (place, server.map(Peer::kept))
    } else {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        let peer = server.map(Peer::create).transpose()?;
        let place = Place::make(&folder).await?;
        place.fill(&language, calls, peer.as_ref()).await?;
        place.index(calls).await?;
        if let Some(peer) = &peer {
            index_peer(peer)?;
        }
        std::fs::write(&whole, calls.to_string())?;
        (place, peer)
    };
    println!(
        "\n{:<28} {:>9} {:>9} {:>9} {:>9}  {:<34} {:>9} {:>9} {:>9}",
        "query",
        "first ms",
        "p50 ms",
        "p99 ms",
        "opened",
        "results (last run)",
        "PG p50",
        "PG p99",
        "PG count"
    );
    for shape in SHAPES {
        place.measure(&language, shape, peer.as_ref()).await?;
    }
    if let Some(peer) = peer.filter(|_| !keep) {
        peer.drop()?;
    }
    Ok(())
}

fn index_peer(peer: &Peer) -> Outcome<()> {
    println!(
        "PostgreSQL: indexes and statistics in {:.0} s",
        peer.index()?.as_secs_f64()
    );
    let sizes = "select pg_table_size('calls'), pg_relation_size('calls_by_word');";
    println!(
        "PostgreSQL: bytes of table and word index: {}",
        peer.run(sizes)?.trim()
    );
    Ok(())
}

/// An installation with one tenant.
struct Place {
    app: App,
    store: Store,
    tenant: TenantId,
    folder: PathBuf,
}

impl Place {
    async fn make(folder: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(folder)?;
        let config = Config::load(folder, &Overrides::default())?;
        let app = App::create(&config).await?;
        let order = TenantOrder {
            slug: "bench".parse()?,
            name: "Bench".to_owned(),
            instruction: "planted".to_owned(),
            basis: "contract".to_owned(),
            without: Vec::new(),
        };
        let tenant = app.add_tenant(&order).await?.id;
        Self::of(&config, app, tenant, folder).await
    }

    /// What an earlier run made.
    async fn open(folder: &Path) -> Outcome<Self> {
        let config = Config::load(folder, &Overrides::default())?;
        let app = App::open(&config).await?;
        let tenant = app.tenant(&"bench".parse()?).await?.id;
        Self::of(&config, app, tenant, folder).await
    }

    async fn of(config: &Config, app: App, tenant: TenantId, folder: &Path) -> Outcome<Self> {
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
        Ok(Self {
            app,
            store,
            tenant,
            folder: folder.to_owned(),
        })
    }

    fn now(&self) -> Timestamp {
        self.app.now()
    }

    fn facts(&self) -> Facts {
        Facts {
            instruction: Some("planted".to_owned()),
            subjects: 2,
            lawful_bases: vec![LawfulBasis {
                basis: "contract".to_owned(),
                expires: None,
                grants: Vec::new(),
            }],
            collected_under: Some(self.app.policy().version().to_owned()),
            collected_at: Some(self.now()),
            ..Facts::default()
        }
    }

    fn sealing(&self) -> Outcome<Permit<Seal, Interactions>> {
        let actor = Actor {
            kind: ActorKind::Pipeline,
            handle: "pipeline".to_owned(),
        };
        let scope = Scope::for_test(self.tenant, actor, Purpose::Analysis, self.now());
        let words = [DataCategory::RedactedContent];
        let policy: &Policy = &self.app.policy();
        policy::decide(policy, &scope, Interactions, &words, &self.facts()).map_err(refused)
    }

    fn finding(&self) -> Outcome<Permit<Find, Interactions>> {
        let scope = self
            .app
            .local_scope(self.tenant, TenantRole::Analyst, Purpose::Review);
        let words = [DataCategory::RedactedContent];
        let policy: &Policy = &self.app.policy();
        policy::decide(policy, &scope, Interactions, &words, &self.facts()).map_err(refused)
    }

    /// Makes the calls, batch by batch, and hands each to both.
    async fn fill(&self, language: &Language, calls: u64, peer: Option<&Peer>) -> Outcome<()> {
        let words: Vec<&str> = language.words.iter().map(String::as_str).collect();
        let tokens: Vec<TokenId> = self.store.token_ids(&self.finding()?, &words).await?;
        let mut loading = peer.map(Peer::loading).transpose()?;
        let (mut ours, mut spoken) = (Duration::ZERO, 0);
        for first in (0..calls).step_by(usize::try_from(BATCH)?) {
            let batch: Vec<Call> = (first..calls.min(first + BATCH))
                .map(|number| Call::of(language, number, calls))
                .collect();
            spoken += batch.iter().map(Call::length).sum::<usize>();
            let begun = Instant::now();
            let mut uses = vec![0u64; words.len()];
            for place in batch.iter().flat_map(Call::distinct) {
                if let Some(count) = uses.get_mut(place) {
                    *count += 1;
                }
            }
            let uses: Vec<(&str, u64)> = words
                .iter()
                .zip(uses)
                .filter(|(_, count)| *count > 0)
                .map(|(word, count)| (*word, count))
                .collect();
            let planted: Vec<_> = batch.iter().map(|call| call.planted(&tokens)).collect();
            self.store.plant(&self.sealing()?, &planted, &uses).await?;
            ours += begun.elapsed();
            if let Some(loading) = &mut loading {
                for call in &batch {
                    loading.add(language, call)?;
                }
            }
            if (first + BATCH).is_multiple_of(100_000) {
                eprintln!("{} calls sealed", first + BATCH);
            }
        }
        if let Some(loading) = loading {
            loading.finish()?;
        }
        println!(
            "{calls} calls, {:.0} words each: sealed in {:.0} s, {:.0} a second",
            ratio(spoken, calls),
            ours.as_secs_f64(),
            rate(calls, ours)
        );
        Ok(())
    }

    async fn index(&self, calls: u64) -> Outcome<()> {
        let begun = Instant::now();
        self.store.level_indexes().await?;
        let took = begun.elapsed();
        println!(
            "indexed in {:.0} s, {:.0} a second; index {} bytes a call, sealed words and facts {} bytes a call",
            took.as_secs_f64(),
            rate(calls, took),
            bytes_under(&self.folder.join("index"))? / calls,
            std::fs::metadata(self.folder.join("privity.db"))?.len() / calls,
        );
        Ok(())
    }

    async fn measure(
        &self,
        language: &Language,
        shape: &Shape,
        peer: Option<&Peer>,
    ) -> Outcome<()> {
        let scope = self
            .app
            .local_scope(self.tenant, TenantRole::Analyst, Purpose::Review);
        let (mut times, mut opened, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        let mut last: Option<Matches> = None;
        for run in 0..RUNS {
            let (query, condition) = shape.fill(language, run);
            theirs.extend(condition.filter(|_| run < PEER_RUNS));
            let request = SearchRequest {
                limit: PAGE,
                ..SearchRequest::new(query)
            };
            let begun = Instant::now();
            let found = self.app.matches(&scope, &request).await?;
            times.push(begun.elapsed());
            opened.push(found.examined);
            last = Some(found);
        }
        opened.sort_unstable();
        let middle = opened.get(opened.len() / 2).copied().unwrap_or(0);
        let first = times.first().map_or(f64::NAN, |time| millis(*time));
        let total = last.as_ref().map(|found| found.total).unwrap_or_default();
        let partial = last.is_some_and(|found| found.partial);
        let told = format!("{total}{}", if partial { ", partial" } else { "" });
        print!(
            "{:<28} {first:>9.1} {:>9.1} {:>9.1} {middle:>9}  {told:<34}",
            shape.name,
            share(&mut times, 50),
            share(&mut times, 99),
        );
        match peer.filter(|_| !theirs.is_empty()) {
            Some(peer) => compare(peer, shape, &theirs, &total),
            None => {
                println!(" {:>9} {:>9} {:>9}", "-", "-", "-");
                Ok(())
            }
        }
    }
}

/// The same first pages, and the counts, from PostgreSQL; where both ask for the same, their
/// numbers are compared.
fn compare(peer: &Peer, shape: &Shape, conditions: &[String], total: &app::Total) -> Outcome<()> {
    let pages: Vec<String> = conditions
        .iter()
        .map(|condition| {
            format!("select number from calls where {condition} order by started desc, number desc limit {PAGE}")
        })
        .collect();
    let (mut pages, _) = peer.timed(&pages)?;
    let counts: Vec<String> = conditions
        .iter()
        .rev()
        .take(5)
        .map(|condition| format!("select 'count ' || count(*) from calls where {condition}"))
        .collect();
    let (mut counted, said) = peer.timed(&counts)?;
    let count = said.lines().find_map(|line| line.strip_prefix("count "));
    let count: usize = count.ok_or("PostgreSQL did not count")?.parse()?;
    let within = total.at_least <= count && total.at_most.is_none_or(|most| count <= most);
    let verdict = match (shape.same(), within) {
        (true, true) => format!("{count}, agrees"),
        (true, false) => format!("{count}, DIFFERS"),
        (false, _) => format!("{count}, of any speaker"),
    };
    println!(
        " {:>9.1} {:>9.1} {:>9.1}  {verdict}",
        share(&mut pages, 50),
        share(&mut pages, 99),
        share(&mut counted, 50)
    );
    Ok(())
}

fn refused(denial: policy::Denial) -> Box<dyn Error> {
    denial.sentence.into()
}

/// The time in milliseconds that a share of the runs does not exceed.
fn share(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).map_or(f64::NAN, |time| millis(*time))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "for a person to read")]
fn rate(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "for a person to read")]
fn ratio(of: usize, by: u64) -> f64 {
    of as f64 / by as f64
}

fn bytes_under(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            bytes_under(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}
