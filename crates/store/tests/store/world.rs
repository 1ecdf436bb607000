//! A store of its own for each test, a clock that the test moves, and permits from the policy.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::query::{IndexText, IndexWord};
use domain::{
    Actor, ActorKind, Chance, Channel, Clock, Confidence, Content, DataCategory, DetectorId,
    Dialog, DialogKind, Direction, EntityKind, Interaction, InteractionId, LanguageTag,
    LawfulBasis, Metadata, Millis, NoChance, Party, PartyIndex, Purpose, RawTranscript,
    RedactedTranscript, RedactedWord, RedactionSpan, Regulation, Role, Secret, SourceKey, Span,
    Speaker, SpeakerBasis, SpeakerLabel, Stage, TenantId, TenantRole, Timestamp, Token, Turn, Word,
    WordIndex,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use policy::{
    Action, Facts, Find, Interactions, Permit, Policy, Read, Resource, Scope, Seal, decide,
};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use sea_orm::{ConnectionTrait, Database};
use store::{
    Instruction, Lease, NewInteraction, NewTenant, StageOutput, Store, StoreConfig, TakeIn, Tenant,
    TenantSettings,
};

const START: i64 = 1_790_000_000_000;
const LEASE: Millis = Millis(60_000);

pub(crate) struct MovedClock(AtomicI64);

impl MovedClock {
    pub(crate) fn forward(&self, by: Millis) {
        self.0
            .fetch_add(i64::try_from(by.0).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<MovedClock>,
    pub(crate) config: StoreConfig,
    pub(crate) folder: tempfile::TempDir,
    /// Where the blob store keeps its files.
    pub(crate) objects: PathBuf,
    pub(crate) policy: Policy,
    pub(crate) tenant: Tenant,
    _database: Option<Throwaway>,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/privity.db", folder.path().display());
        let objects = folder.path().join("blobs");
        let blobs = format!("file://{}", objects.display());
        Self::on(folder, url, (blobs, objects), None).await
    }

    pub(crate) async fn postgres() -> Self {
        let database = Throwaway::create().await;
        let url = database.url.clone();
        let folder = tempfile::tempdir().unwrap();
        let objects = folder.path().join("s3/privity");
        let blobs = bucket(&objects).await;
        Self::on(folder, url, (blobs, objects), Some(database)).await
    }

    async fn on(
        folder: tempfile::TempDir,
        url: String,
        (blobs, objects): (String, PathBuf),
        database: Option<Throwaway>,
    ) -> Self {
        let at = folder.path();
        let config = StoreConfig {
            database: url,
            blobs,
            key_file: at.join("key"),
            passphrase: None,
            index: at.join("index"),
            search: None,
            origin: "store.test/ledger".to_owned(),
        };
        let clock = Arc::new(MovedClock(AtomicI64::new(START)));
        let store = Store::create(&config, clock.clone(), Arc::new(Dice))
            .await
            .unwrap();
        let tenant = store.add_tenant(&new_tenant("acme")).await.unwrap();
        Self {
            store,
            clock,
            config,
            folder,
            objects,
            policy: Policy::shipped().unwrap(),
            tenant,
            _database: database,
        }
    }

    /// The test's PostgreSQL database as its server's superuser sees it.
    pub(crate) fn superuser_url(&self) -> String {
        superuser_url(&self.config.database)
    }

    /// The same installation opened a second time, as another process would.
    pub(crate) async fn reopened(&self) -> Store {
        Store::open(&self.config, self.clock.clone(), Arc::new(Dice))
            .await
            .unwrap()
    }

    pub(crate) fn new_id(&self) -> InteractionId {
        let mut random = [0u8; 10];
        Dice.fill(&mut random).unwrap();
        let millis = u64::try_from(self.clock.now().0).unwrap();
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        InteractionId::from_uuid(uuid)
    }

    pub(crate) fn facts(&self) -> Facts {
        Facts {
            instruction: Some("order 1".to_owned()),
            subjects: 2,
            lawful_bases: vec![basis()],
            collected_under: Some(self.policy.version().to_owned()),
            collected_at: Some(self.clock.now()),
            ..Facts::default()
        }
    }

    /// A permit for the pipeline.
    pub(crate) fn pipeline<A: Action>(
        &self,
        tenant: TenantId,
        purpose: Purpose,
        id: InteractionId,
        categories: &[DataCategory],
    ) -> Permit<A, InteractionId> {
        let actor = Actor {
            kind: ActorKind::Pipeline,
            handle: "pipeline".to_owned(),
        };
        self.ask(tenant, actor, purpose, id, categories)
    }

    /// A permit of somebody else of the tenant for an upload.
    pub(crate) fn pipeline_upload(&self, id: domain::UploadId) -> Permit<Seal, domain::UploadId> {
        let actor = Actor {
            kind: ActorKind::Pipeline,
            handle: "pipeline".to_owned(),
        };
        let content = [DataCategory::RawContent];
        self.ask(self.tenant.id, actor, Purpose::Storage, id, &content)
    }

    /// A permit for a person of the tenant.
    pub(crate) fn person<A: Action, R: Resource>(
        &self,
        tenant: TenantId,
        role: TenantRole,
        purpose: Purpose,
        resource: R,
        categories: &[DataCategory],
    ) -> Permit<A, R> {
        let kind = ActorKind::TenantUser {
            role,
            own: Vec::new(),
        };
        let actor = Actor {
            kind,
            handle: "somebody".to_owned(),
        };
        self.ask(tenant, actor, purpose, resource, categories)
    }

    fn ask<A: Action, R: Resource>(
        &self,
        tenant: TenantId,
        actor: Actor,
        purpose: Purpose,
        resource: R,
        categories: &[DataCategory],
    ) -> Permit<A, R> {
        let scope = Scope::for_test(tenant, actor, purpose, self.clock.now());
        decide(&self.policy, &scope, resource, categories, &self.facts()).unwrap()
    }

    pub(crate) fn review(
        &self,
        tenant: TenantId,
        id: InteractionId,
    ) -> Permit<Read, InteractionId> {
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        self.person(tenant, TenantRole::Analyst, Purpose::Review, id, &both)
    }

    pub(crate) fn find(&self, tenant: TenantId) -> Permit<Find, Interactions> {
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        self.person(
            tenant,
            TenantRole::Analyst,
            Purpose::Review,
            Interactions,
            &both,
        )
    }

    /// A permit of an agent who took part in some interactions.
    pub(crate) fn agent_finds(
        &self,
        tenant: TenantId,
        own: Vec<InteractionId>,
    ) -> Permit<Find, Interactions> {
        let actor = Actor {
            kind: ActorKind::TenantUser {
                role: TenantRole::Agent,
                own,
            },
            handle: "agent".to_owned(),
        };
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        self.ask(tenant, actor, Purpose::Review, Interactions, &both)
    }

    pub(crate) fn raw(&self, tenant: TenantId, id: InteractionId) -> Permit<Read, InteractionId> {
        let both = [DataCategory::RawContent, DataCategory::Contact];
        self.pipeline(tenant, Purpose::Transcription, id, &both)
    }

    pub(crate) fn seal(&self, lease: &Lease) -> Permit<Seal, InteractionId> {
        let categories: &[DataCategory] = match lease.stage {
            Stage::Decode | Stage::Measure => &[DataCategory::InteractionMetadata],
            Stage::Transcribe | Stage::Speakers => &[DataCategory::RawContent],
            Stage::RedactText | Stage::Index => &[DataCategory::RedactedContent],
            Stage::RedactAudio => &[DataCategory::RedactedAudio],
        };
        self.pipeline(
            lease.tenant,
            lease.stage.purpose(),
            lease.interaction,
            categories,
        )
    }

    /// Takes an interaction in for a tenant.
    pub(crate) async fn take(&self, tenant: TenantId, interaction: &Interaction) -> TakeIn {
        let keys = interaction.source.iter().cloned().collect();
        self.take_with(tenant, interaction, keys, self.facts())
            .await
    }

    pub(crate) async fn take_with(
        &self,
        tenant: TenantId,
        interaction: &Interaction,
        source_keys: Vec<SourceKey>,
        facts: Facts,
    ) -> TakeIn {
        let all = [
            DataCategory::RawContent,
            DataCategory::Contact,
            DataCategory::Voice,
        ];
        let permit = self.pipeline(tenant, Purpose::Storage, self.new_id(), &all);
        let new = NewInteraction {
            interaction,
            source_keys,
            facts,
            warnings: Vec::new(),
        };
        self.store.take_in(&permit, &new).await.unwrap()
    }

    /// A chat taken in, by the text of its messages.
    pub(crate) async fn chat(&self, tenant: TenantId, lines: &[&str]) -> InteractionId {
        match self.take(tenant, &chat(self.clock.now(), lines)).await {
            TakeIn::Taken(id) | TakeIn::Known(id) | TakeIn::Continued(id, _) => id,
        }
    }

    pub(crate) async fn lease(&self) -> Lease {
        self.store.lease("worker", LEASE).await.unwrap().unwrap()
    }

    pub(crate) async fn finish(&self, lease: &Lease, outputs: Vec<StageOutput>) {
        self.store
            .finish_stage(lease, &self.seal(lease), outputs)
            .await
            .unwrap();
    }

    /// Runs every queued stage with outputs made of the given words.
    pub(crate) async fn process_all(&self, words: &[&str]) {
        while let Some(lease) = self.store.lease("worker", LEASE).await.unwrap() {
            let outputs = match lease.stage {
                Stage::Transcribe => vec![StageOutput::Raw(raw(words))],
                Stage::RedactText => vec![StageOutput::Redacted(redacted(words))],
                Stage::RedactAudio => vec![StageOutput::RedactedAudio(wav())],
                Stage::Index => vec![StageOutput::Index(index_text(words))],
                Stage::Decode | Stage::Speakers | Stage::Measure => {
                    vec![StageOutput::Nothing {
                        reason: "nothing to do".to_owned(),
                    }]
                }
            };
            self.finish(&lease, outputs).await;
        }
    }

    /// A processed call with these words and a recording.
    pub(crate) async fn ready_call(&self, tenant: TenantId, words: &[&str]) -> InteractionId {
        let call = call(self.clock.now(), b"RIFF and so on");
        let TakeIn::Taken(id) = self.take(tenant, &call).await else {
            panic!("the call is new")
        };
        self.process_all(words).await;
        id
    }

    /// A processed interaction with these words.
    pub(crate) async fn ready(&self, tenant: TenantId, words: &[&str]) -> InteractionId {
        let unlike_every_other = self.new_id().to_string();
        let id = self
            .chat(tenant, &[&words.join(" "), &unlike_every_other])
            .await;
        self.process_all(words).await;
        id
    }
}

pub(crate) fn basis() -> LawfulBasis {
    LawfulBasis {
        basis: "contract".to_owned(),
        expires: None,
        grants: Purpose::ALL
            .iter()
            .map(|purpose| (*purpose, true))
            .collect(),
    }
}

pub(crate) fn new_tenant(slug: &str) -> NewTenant {
    NewTenant {
        slug: slug.parse().unwrap(),
        name: format!("{slug} Ltd"),
        instruction: Instruction {
            id: "order 1".to_owned(),
            basis: basis(),
        },
        settings: TenantSettings::default(),
    }
}

pub(crate) fn chat(at: Timestamp, lines: &[&str]) -> Interaction {
    let text = lines.join("\n");
    Interaction {
        channel: Channel::Chat,
        direction: Direction::Inbound,
        started: at,
        subject: Some("About the parcel".into()),
        parties: vec![Party::of_role(Role::Consumer), Party::of_role(Role::Agent)],
        dialogs: lines.iter().map(|line| message(at, line)).collect(),
        metadata: Metadata::new(),
        source: Some(SourceKey::from_source("chat", &text)),
        lawful_bases: Vec::new(),
    }
}

fn message(at: Timestamp, line: &str) -> Dialog {
    Dialog {
        kind: DialogKind::Text,
        start: at,
        duration: None,
        parties: vec![Some(PartyIndex(0))],
        originator: Some(PartyIndex(0)),
        message_id: None,
        content: Content::Text {
            body: line.into(),
            quoted: None,
        },
    }
}

/// A call with one recording of these bytes.
pub(crate) fn call(at: Timestamp, media: &[u8]) -> Interaction {
    let mut call = chat(at, &[]);
    call.channel = Channel::Voice;
    call.source = Some(SourceKey::from_source("pbx", &at.0.to_string()));
    call.dialogs.push(Dialog {
        kind: DialogKind::Recording,
        content: Content::Media(media.to_vec()),
        ..message(at, "")
    });
    call
}

pub(crate) fn wav() -> Vec<u8> {
    (0..200_000u32).flat_map(|n| n.to_le_bytes()).collect()
}

fn speaker() -> Speaker {
    Speaker {
        label: SpeakerLabel::Consumer,
        party: PartyIndex(0),
        basis: SpeakerBasis::Sender,
        role_confidence: Confidence::CERTAIN,
    }
}

fn second(place: usize) -> Span {
    let at = u64::try_from(place).unwrap() * 1_000;
    Span::between(Millis(at), Millis(at + 900))
}

fn index(place: usize) -> WordIndex {
    WordIndex(u32::try_from(place).unwrap())
}

fn turn(words: usize) -> Turn {
    Turn {
        speaker: 0,
        first: index(0),
        last: index(words - 1),
        span: second(0).hull(&second(words - 1)),
        quoted: false,
    }
}

pub(crate) fn raw(words: &[&str]) -> RawTranscript {
    RawTranscript {
        speakers: vec![speaker()],
        words: words
            .iter()
            .enumerate()
            .map(|(place, text)| Word {
                text: Secret::new(*text),
                speaker: 0,
                span: second(place),
                confidence: Confidence::new(0.5),
            })
            .collect(),
        turns: vec![turn(words.len())],
        language: LanguageTag::english(),
        engine: "written".to_owned(),
        duration: Millis(60_000),
    }
}

/// The words with the first one removed as a name.
#[expect(clippy::disallowed_methods, reason = "a test's own words")]
pub(crate) fn redacted(words: &[&str]) -> RedactedTranscript {
    let place = |(place, text): (usize, &&str)| RedactedWord {
        token: match place {
            0 => Token::Redacted(EntityKind::Person),
            _ => Token::Word(Secret::from(*text)),
        },
        speaker: 0,
        span: second(place),
        confidence: Confidence::new(0.5),
        closing: None,
    };
    let removed = RedactionSpan {
        kind: EntityKind::Person,
        regulation: Regulation::Gdpr,
        party: PartyIndex(0),
        speaker: SpeakerLabel::Consumer,
        first: index(0),
        last: index(0),
        span: second(0),
        detector: DetectorId("name.test".to_owned()),
        confidence: Confidence::CERTAIN,
    };
    RedactedTranscript::assume_redacted(
        vec![speaker()],
        words.iter().enumerate().map(place).collect(),
        vec![turn(words.len())],
        vec![removed],
        LanguageTag::english(),
        "written".to_owned(),
        Millis(60_000),
    )
}

/// As `analysis` would make it, but splitting at spaces only: all but the first word.
pub(crate) fn index_text(words: &[&str]) -> IndexText {
    IndexText::new(&redacted(words), |_| {
        words
            .iter()
            .enumerate()
            .map(|(place, text)| IndexWord {
                text: if place == 0 {
                    "[person]".to_owned()
                } else {
                    (*text).to_owned()
                },
                speaker: SpeakerLabel::Consumer,
                span: second(place),
                word: index(place),
                last: index(place),
            })
            .collect()
    })
}

/// An S3 server in this process that keeps one bucket in a folder.
pub(crate) async fn bucket(folder: &Path) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let root = folder.parent().unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single("id", "secret"));
    let service = service.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                builder
                    .serve_connection(TokioIo::new(socket), service)
                    .await
                    .ok()
            });
        }
    });
    format!("s3://id:secret@privity?endpoint=http://127.0.0.1:{port}&region=eu-central-1")
}

/// A database that goes away with the test. Its owner is no superuser, so that row-level
/// security binds it.
pub(crate) struct Throwaway {
    admin: String,
    name: String,
    pub(crate) url: String,
}

impl Throwaway {
    pub(crate) async fn create() -> Self {
        let admin = admin_url();
        let mut random = [0u8; 8];
        Dice.fill(&mut random).unwrap();
        let name = format!("privity_test_{}", hex::encode(random));
        let conn = Database::connect(&admin)
            .await
            .expect("PostgreSQL answers at PRIVITY_TEST_POSTGRES or 127.0.0.1:5432");
        let role = "do $$ begin create role privity_test login nosuperuser; \
                    exception when duplicate_object or unique_violation then null; end $$";
        conn.execute_unprepared(role).await.unwrap();
        let create = format!("create database {name} owner privity_test");
        conn.execute_unprepared(&create).await.unwrap();
        conn.close().await.unwrap();
        let (_, host) = admin.split_once('@').unwrap();
        let host = host.split('/').next().unwrap();
        let url = format!("postgres://privity_test@{host}/{name}");
        Self { admin, name, url }
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let conn = Database::connect(&admin).await.unwrap();
                let drop = format!("drop database {name} with (force)");
                conn.execute_unprepared(&drop).await.unwrap();
            });
        });
        assert!(
            dropping.join().is_ok(),
            "the test's database was not dropped"
        );
    }
}

/// A test's database as its server's superuser sees it.
pub(crate) fn superuser_url(url: &str) -> String {
    let (_, name) = url.rsplit_once('/').unwrap();
    let admin = admin_url();
    let (server, _) = admin.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's server is named by its environment"
)]
fn admin_url() -> String {
    std::env::var("PRIVITY_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}
