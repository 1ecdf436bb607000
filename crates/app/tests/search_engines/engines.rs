//! An installation on each engine, filled with random interactions and asked random queries.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use analysis::search::{index_text, parse, rank};
use app::{App, Config, Overrides, Ranking, SearchRequest, TenantOrder};
use domain::query::{Fields, IndexText, TokenId};
use domain::{
    Actor, ActorKind, Chance, Channel, Clock, DataCategory, Direction, InteractionId, LawfulBasis,
    Millis, NoChance, Purpose, TenantId, TenantRole, Timestamp,
};
use policy::{Action, Facts, Interactions, Permit, Scope};
use store::{Beside, Planted, Store, StoreConfig};
use tempfile::TempDir;

use crate::reference::{Reference, cases};

/// More than are looked at without paging.
const INTERACTIONS: u64 = 450;
const QUERIES: u64 = 60;

#[tokio::test]
async fn a_folder_beside_sqlite_answers_as_the_reference_does() {
    Place::new(None, "folder").await.answers(1).await;
}

#[tokio::test]
async fn a_table_beside_the_records_answers_as_the_reference_does() {
    Place::new(Some(Database::new()), "table")
        .await
        .answers(2)
        .await;
}

#[tokio::test]
async fn a_folder_beside_postgresql_answers_as_the_reference_does() {
    Place::new(Some(Database::new()), "folder")
        .await
        .answers(3)
        .await;
}

#[tokio::test]
async fn p83_a_folder_beside_sqlite_hides_what_was_refused() {
    Place::new(None, "folder").await.hides(8).await;
}

#[tokio::test]
async fn p83_a_table_beside_the_records_hides_what_was_refused() {
    Place::new(Some(Database::new()), "table")
        .await
        .hides(9)
        .await;
}

#[tokio::test]
async fn p83_a_folder_beside_postgresql_hides_what_was_refused() {
    Place::new(Some(Database::new()), "folder")
        .await
        .hides(10)
        .await;
}

#[tokio::test]
async fn a_change_of_the_engine_leaves_nothing_in_the_other_and_changes_no_answer() {
    let mut place = Place::new(Some(Database::new()), "table").await;
    place.plant(4, 20).await;
    let before = place.found("the", 50).await;
    assert!(!before.is_empty() && place.table_rows() > 0);
    place.reopen("folder").await;
    assert_eq!(place.found("the", 50).await, before);
    assert_eq!(place.table_rows(), 0);
    assert!(place.folder.path().join("index").exists());
    place.reopen("table").await;
    assert_eq!(place.found("the", 50).await, before);
    assert!(!place.folder.path().join("index").exists());
    let scope = place.scope();
    place.app.rebuild_index(&scope).await.unwrap();
    assert_eq!(place.found("the", 50).await, before);
}

#[tokio::test]
async fn what_arrives_between_two_pages_changes_nothing_after_the_first() {
    let mut place = Place::new(None, "folder").await;
    place.plant(5, INTERACTIONS).await;
    let all = place.found("the", 1_000).await;
    assert!(all.len() > 150, "{}", all.len());
    let first = place.page("the", 100, None).await;
    place.plant(6, 100).await;
    let second = place.page("the", 1_000, first.next).await;
    let ids = |page: &app::Matches| page.found.iter().map(|one| one.place.id()).collect();
    let (mut told, rest): (Vec<InteractionId>, Vec<InteractionId>) = (ids(&first), ids(&second));
    told.extend(rest.into_iter().filter(|id| all.contains(id)));
    assert_eq!(told, all);
}

/// Absence: what has the words for sure is passed over, not opened.
#[tokio::test]
async fn what_was_not_said_is_found_without_opening_where_it_was() {
    let mut place = Place::new(None, "folder").await;
    place.plant(7, INTERACTIONS).await;
    for text in ["agent:the", "first:20s(consumer:the)", "first:8w(\"the\")"] {
        let said = place.found(text, 1_000).await;
        assert!(said.len() > 40, "{text}: {}", said.len());
        let page = place.page(&format!("NOT {text}"), 1_000, None).await;
        let unsaid = place.planted.len() - said.len();
        assert_eq!(page.found.len(), unsaid, "NOT {text}");
        // Speakers who are neither agent nor consumer are told apart by the sealed words only.
        let most = unsaid + said.len() / 2;
        assert!(
            page.examined <= most,
            "NOT {text}: {} opened",
            page.examined
        );
    }
}

#[tokio::test]
async fn what_is_planted_has_facts_that_a_decision_can_go_by() {
    let mut place = Place::new(None, "folder").await;
    place.plant(8, 3).await;
    let ids: Vec<InteractionId> = place.planted.iter().map(|(id, ..)| *id).collect();
    let facts = place.store.facts_of(place.tenant, &ids).await.unwrap();
    assert_eq!(facts.len(), 3);
}

/// An installation without models: nothing is recognised here.
struct Place {
    app: App,
    store: Store,
    tenant: TenantId,
    planted: Vec<(InteractionId, Timestamp, IndexText)>,
    folder: TempDir,
    database: Option<Database>,
}

impl Place {
    async fn new(database: Option<Database>, engine: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = configured(folder.path(), database.as_ref(), engine);
        let app = App::create(&config).await.unwrap();
        let order = TenantOrder {
            slug: "acme".parse().unwrap(),
            name: "Acme".to_owned(),
            instruction: "order 1".to_owned(),
            basis: "contract".to_owned(),
            without: Vec::new(),
        };
        let tenant = app.add_tenant(&order).await.unwrap().id;
        Self {
            store: opened(&config).await,
            app,
            tenant,
            planted: Vec::new(),
            folder,
            database,
        }
    }

    async fn reopen(&mut self, engine: &str) {
        let config = configured(self.folder.path(), self.database.as_ref(), engine);
        self.app = App::open(&config).await.unwrap();
    }

    fn scope(&self) -> Scope {
        self.app
            .local_scope(self.tenant, TenantRole::Analyst, Purpose::Review)
    }

    fn permit<A: Action>(&self, kind: ActorKind, purpose: Purpose) -> Permit<A, Interactions> {
        let actor = Actor {
            kind,
            handle: "test".to_owned(),
        };
        let scope = Scope::for_test(self.tenant, actor, purpose, self.app.now());
        let basis = LawfulBasis {
            basis: "contract".to_owned(),
            expires: None,
            grants: Vec::new(),
        };
        let facts = Facts {
            instruction: Some("order 1".to_owned()),
            subjects: 2,
            lawful_bases: vec![basis],
            collected_under: Some(self.app.policy().version().to_owned()),
            collected_at: Some(self.app.now()),
            ..Facts::default()
        };
        let words = [DataCategory::RedactedContent];
        policy::decide(&self.app.policy(), &scope, Interactions, &words, &facts).unwrap()
    }

    fn finding(&self) -> Permit<policy::Find, Interactions> {
        let role = TenantRole::Analyst;
        let own = Vec::new();
        self.permit(ActorKind::TenantUser { role, own }, Purpose::Review)
    }

    /// Random interactions; many start at the same moment.
    async fn plant(&mut self, seed: u64, count: u64) {
        let mut dice = cases::Dice(seed);
        for number in 0..count {
            let text = index_text(&cases::transcript(&mut dice, 4 + number % 24));
            let words: BTreeSet<&str> = text.words().iter().map(|word| &*word.text).collect();
            let words: Vec<&str> = words.into_iter().collect();
            let tokens: Vec<TokenId> = self.store.token_ids(&self.finding(), &words).await.unwrap();
            let stream = text.stream(Fields::default(), |word| {
                tokens[words.binary_search(&word).unwrap()]
            });
            let started = Timestamp(1_764_000_000_000 + below(&mut dice, 40) * 5_400_000);
            let mut fields = Fields::default();
            for _ in 0..dice.below(3) {
                fields.text("tag", ["vip", "Second Line"][dice_place(&mut dice, 2)]);
            }
            let channels = [Channel::Voice, Channel::Chat, Channel::Email];
            let one = Planted {
                id: InteractionId::from_uuid(uuid::Uuid::new_v4()),
                started,
                channel: channels[dice_place(&mut dice, 3)],
                direction: Direction::Inbound,
                fields,
                stream,
            };
            self.planted.push((one.id, started, text.clone()));
            let uses: Vec<(&str, u64)> = words.iter().map(|word| (*word, 1)).collect();
            let permit = self.permit(ActorKind::Pipeline, Purpose::Analysis);
            self.store.plant(&permit, &[one], &uses).await.unwrap();
        }
        self.planted
            .sort_by_key(|(id, started, _)| std::cmp::Reverse((*started, *id)));
    }

    async fn page(&self, text: &str, limit: usize, after: Option<app::Cursor>) -> app::Matches {
        let request = SearchRequest {
            limit,
            after,
            // Nobody waits here.
            budget: Millis(600_000),
            ..SearchRequest::new(text)
        };
        self.app.matches(&self.scope(), &request).await.unwrap()
    }

    async fn found(&self, text: &str, limit: usize) -> Vec<InteractionId> {
        let page = self.page(text, limit, None).await;
        page.found.iter().map(|one| one.place.id()).collect()
    }

    async fn answers(mut self, seed: u64) {
        self.plant(seed, INTERACTIONS).await;
        let ids: Vec<InteractionId> = self.planted.iter().map(|(id, ..)| *id).collect();
        let permit = self.finding();
        let streams = self
            .store
            .word_streams(&permit, &ids, Beside::Facts)
            .await
            .unwrap();
        let mut dice = cases::Dice(seed ^ 77);
        let (mut some, mut asked) = (0, 0);
        while asked < QUERIES {
            let text = cases::query(&mut dice, asked % 4, false);
            // Categories are another promise.
            if text.contains("CAT:") {
                continue;
            }
            asked += 1;
            let query = parse(&text).unwrap();
            let holds = |place: &usize| {
                let (_, _, words) = &self.planted[*place];
                Reference::new(words, &streams[*place].1.fields)
                    .answer(&query)
                    .holds
            };
            let expected: Vec<InteractionId> = (0..ids.len())
                .filter(holds)
                .map(|place| ids[place])
                .collect();
            some += usize::from(!expected.is_empty());
            self.compare(&text, &expected).await;
        }
        assert!(some > 20, "few queries match anything: {some}");
    }

    /// What a person refused to have found is not found, page by page, by rank, in lists and
    /// figures, nor after the index was made anew, until it is lifted.
    async fn hides(mut self, seed: u64) {
        self.plant(seed, 200).await;
        let before = self.found("the", 1_000).await;
        assert!(before.len() > 60, "{}", before.len());
        // The newest, one inside a page, one where a page ends, the oldest; of another only its
        // export is refused, which hides nothing.
        let victims = [before[0], before[30], before[49], before[before.len() - 1]];
        for id in victims {
            self.refuse(id, &[Purpose::Review, Purpose::Export]).await;
        }
        self.refuse(before[10], &[Purpose::Export]).await;
        let left: Vec<InteractionId> = before
            .iter()
            .copied()
            .filter(|id| !victims.contains(id))
            .collect();
        let all = self.planted.len() - victims.len();
        self.shows(&left, all).await;
        self.app.rebuild_index(&self.scope()).await.unwrap();
        self.shows(&left, all).await;
        for id in victims {
            self.refuse(id, &[]).await;
        }
        self.shows(&before, self.planted.len()).await;
    }

    async fn shows(&self, expected: &[InteractionId], all: usize) {
        self.compare("the", expected).await;
        let (mut turned, mut after) = (Vec::new(), None);
        loop {
            let page = self.page("the", 50, after).await;
            turned.extend(page.found.iter().map(|one| one.place.id()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(turned, expected);
        let filter = app::ListFilter::default();
        let page = app::Page {
            limit: 1_000,
            after: None,
        };
        let listed = self.app.list(&self.scope(), &filter, &page).await.unwrap();
        assert_eq!(listed.len(), all, "in the list");
        let counted = self.app.overview(&self.scope(), &filter).await.unwrap();
        assert_eq!(counted.totals.count, all as u64, "in the figures");
    }

    async fn refuse(&self, id: InteractionId, purposes: &[Purpose]) {
        let actor = Actor {
            kind: ActorKind::TenantUser {
                role: TenantRole::PrivacyOfficer,
                own: Vec::new(),
            },
            handle: "test".to_owned(),
        };
        let scope = Scope::for_test(self.tenant, actor, Purpose::Governance, self.app.now());
        let held = [DataCategory::Contact, DataCategory::InteractionMetadata];
        let facts = Facts::default();
        let policy = self.app.policy();
        let permit = policy::decide(&policy, &scope, policy::Desk, &held, &facts).unwrap();
        let purposes = purposes.iter().copied().collect();
        self.store.refuse(&permit, id, &purposes).await.unwrap();
    }

    async fn compare(&self, text: &str, expected: &[InteractionId]) {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.page(text, 100, after).await;
            assert!(!page.partial, "{text}");
            let most = page.total.at_most.unwrap_or(usize::MAX);
            let bounds = page.total.at_least..=most;
            assert!(
                bounds.contains(&expected.len()),
                "{text}: {bounds:?} {}",
                expected.len()
            );
            found.extend(page.found.iter().map(|one| one.place.id()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{text}");
        let best = SearchRequest {
            limit: 1_000,
            ranking: Ranking::Best,
            // Nobody waits here.
            budget: Millis(600_000),
            ..SearchRequest::new(text)
        };
        let best = self.app.matches(&self.scope(), &best).await.unwrap();
        assert_eq!(best.total, expected.len(), "{text}");
        let place = |one: &app::Match| {
            let id = one.place.id();
            let (_, started, words) = self.planted.iter().find(|(own, ..)| *own == id).unwrap();
            (rank(&one.evidence, words.words().len()), *started, id)
        };
        let ranked: Vec<_> = best.found.iter().map(place).collect();
        assert!(ranked.is_sorted_by(|a, b| a > b), "{text}: {ranked:?}");
        let mut same: Vec<InteractionId> = ranked.iter().map(|(.., id)| *id).collect();
        assert_eq!(
            self.best(text, 7, 3).await,
            same.get(..same.len().min(21)).unwrap(),
            "{text}"
        );
        same.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(same, expected, "{text}");
    }

    /// The first pages of the best.
    async fn best(&self, text: &str, limit: usize, pages: usize) -> Vec<InteractionId> {
        let mut request = SearchRequest {
            limit,
            ranking: Ranking::Best,
            budget: Millis(600_000),
            ..SearchRequest::new(text)
        };
        let mut found = Vec::new();
        for _ in 0..pages {
            let page = self.app.matches(&self.scope(), &request).await.unwrap();
            found.extend(page.found.iter().map(|one| one.place.id()));
            request.after = page.next;
            if page.next.is_none() {
                break;
            }
        }
        found
    }

    /// Rows of the table of hashes.
    fn table_rows(&self) -> usize {
        let database = self.database.as_ref().unwrap();
        let told = psql(&database.0, "select count(*) from index_tokens");
        told.trim().parse().unwrap()
    }
}

fn below(dice: &mut cases::Dice, limit: u64) -> i64 {
    i64::try_from(dice.below(limit)).unwrap()
}

fn dice_place(dice: &mut cases::Dice, limit: u64) -> usize {
    usize::try_from(dice.below(limit)).unwrap()
}

struct Watch;

impl Clock for Watch {
    #[expect(
        clippy::disallowed_methods,
        reason = "records are stamped when they are made"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(i64::try_from(since.unwrap().as_millis()).unwrap())
    }
}

struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

/// A PostgreSQL database of its own, dropped with the test.
struct Database(String);

impl Database {
    fn new() -> Self {
        let name = format!("privity_search_{}", uuid::Uuid::new_v4().simple());
        psql("postgres", &format!("create database {name}"));
        Self(name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        psql(
            "postgres",
            &format!("drop database if exists {} with (force)", self.0),
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where PostgreSQL is"
)]
fn server() -> String {
    std::env::var("PRIVITY_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://root@127.0.0.1:5432".to_owned())
}

fn psql(database: &str, statement: &str) -> String {
    let url = format!("{}/{database}", server());
    let ran = std::process::Command::new("psql")
        .args(["-q", "-A", "-t", "-d", &url, "-c", statement])
        .output()
        .expect("psql comes with the PostgreSQL that the tests use");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).unwrap()
}

fn configured(folder: &Path, database: Option<&Database>, engine: &str) -> Config {
    let line = format!("search_index = \"{engine}\"\n");
    std::fs::write(folder.join(app::CONFIG_FILE), line).unwrap();
    let over = Overrides {
        database: database.map(|database| format!("{}/{}", server(), database.0)),
        ..Overrides::default()
    };
    Config::load(folder, &over).unwrap()
}

async fn opened(config: &Config) -> Store {
    let parts = StoreConfig {
        database: config.database.clone(),
        blobs: config.blobs.clone(),
        key_file: config.key_file.clone(),
        passphrase: None,
        index: config.index(),
        search: config.search,
        origin: config.origin.clone(),
    };
    Store::open(&parts, Arc::new(Watch), Arc::new(Dice))
        .await
        .unwrap()
}
