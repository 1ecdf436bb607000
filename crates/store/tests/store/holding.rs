//! Holds, erasure, retention and restored backups in every order: a model of them is searched
//! whole, then walked beside the real store, which must say the same at every step.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domain::{Clock as _, DataCategory, HoldId, InteractionId, Millis, Purpose, TenantRole};
use policy::{Erase, Permit, Read};
use serde::{Deserialize, Serialize};
use stateright::{Checker as _, Model, Property};
use store::{Registered, Store, StoreConfig, StoreError};

use crate::registers::{desk_find, desk_read, desk_seal};
use crate::world::{Dice, Throwaway, World, bucket, superuser_url};

/// What there is of one interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Present {
    /// It can be opened.
    Open,
    /// It came back with a backup under a hold: kept, never opened.
    Shut,
    /// Its keys are gone.
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Backup {
    present: Present,
    holds: [bool; 2],
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    present: Present,
    holds: [bool; 2],
    overdue: bool,
    erased: bool,
    backup: Option<Backup>,
    /// An erasure took place while a hold lay on it.
    broken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Act {
    Place(usize),
    Lift(usize),
    /// The privacy officer erases.
    Erase,
    /// Its time of keeping ends.
    TimePasses,
    /// The job that erases what is overdue.
    Sweep,
    BackUp,
    Restore,
}

const ACTS: [Act; 9] = [
    Act::Place(0),
    Act::Place(1),
    Act::Lift(0),
    Act::Lift(1),
    Act::Erase,
    Act::TimePasses,
    Act::Sweep,
    Act::BackUp,
    Act::Restore,
];

struct Rules;

impl Rules {
    fn destroy(state: &mut State) {
        if state.present == Present::Gone || state.holds.contains(&true) {
            return;
        }
        state.broken |= state.holds.contains(&true);
        state.present = Present::Gone;
        state.erased = true;
    }
}

impl Model for Rules {
    type State = State;
    type Action = Act;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            present: Present::Open,
            holds: [false; 2],
            overdue: false,
            erased: false,
            backup: None,
            broken: false,
        }]
    }

    fn actions(&self, _: &State, acts: &mut Vec<Act>) {
        acts.extend(ACTS);
    }

    fn next_state(&self, last: &State, act: Act) -> Option<State> {
        let mut next = last.clone();
        match act {
            Act::Place(case) if last.present == Present::Open => next.holds[case] = true,
            Act::Place(_) => {}
            Act::Lift(case) => next.holds[case] = false,
            Act::Erase => Self::destroy(&mut next),
            Act::TimePasses => next.overdue = true,
            Act::Sweep if last.overdue => Self::destroy(&mut next),
            Act::Sweep => {}
            Act::BackUp => {
                next.backup = Some(Backup {
                    present: last.present,
                    holds: last.holds,
                });
            }
            Act::Restore => {
                let backup = last.backup?;
                next.holds = backup.holds;
                next.present = match (last.erased, backup.present) {
                    (true, Present::Open | Present::Shut) if backup.holds.contains(&true) => {
                        Present::Shut
                    }
                    (true, _) => Present::Gone,
                    (false, present) => present,
                };
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is erased under a hold", |_, state: &State| {
                !state.broken
            }),
            Property::always("what was erased never opens again", |_, state: &State| {
                !(state.erased && state.present == Present::Open)
            }),
            Property::sometimes(
                "an erased one comes back under a hold",
                |_, state: &State| state.present == Present::Shut,
            ),
            Property::sometimes("the second hold outlives the first", |_, state: &State| {
                state.overdue && state.holds == [false, true] && state.present == Present::Open
            }),
        ]
    }
}

/// The hold's record, as small as it may be.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Case {
    lifted: bool,
}

impl Registered for Case {
    type Id = HoldId;
    const REGISTER: &'static str = "holds";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.lifted { "lifted" } else { "placed" }
    }
}

/// The real store, driven by the model's actions.
struct Real {
    world: World,
    id: InteractionId,
    holds: [Option<HoldId>; 2],
    backup: Option<(tempfile::TempDir, [Option<HoldId>; 2])>,
    restored: Vec<(tempfile::TempDir, Option<Throwaway>)>,
    config: StoreConfig,
    /// Where the blobs of the store lie that is open now.
    objects: PathBuf,
}

impl Real {
    async fn new(world: World) -> Self {
        let mut facts = world.facts();
        facts.keep_until = Some(world.clock.now().plus(Millis(DAY)));
        let chat = crate::world::chat(world.clock.now(), &["the parcel is late"]);
        let taken = world
            .take_with(world.tenant.id, &chat, Vec::new(), facts)
            .await;
        let store::TakeIn::Taken(id) = taken else {
            panic!("{taken:?}")
        };
        Self {
            config: world.config.clone(),
            objects: world.objects.clone(),
            world,
            id,
            holds: [None; 2],
            backup: None,
            restored: Vec::new(),
        }
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Place(case) if self.holds[case].is_none() => {
                let items = BTreeSet::from([self.id]);
                let body = Case { lifted: false };
                let permit = desk_seal(&self.world);
                let placed = self.world.store.place_hold(&permit, &body, &items).await;
                self.holds[case] = placed.ok();
            }
            Act::Lift(case) => {
                if let Some(hold) = self.holds[case].take() {
                    let seen = self
                        .world
                        .store
                        .filed::<Case>(&desk_read(&self.world), hold)
                        .await
                        .unwrap();
                    let (none, items) = (BTreeSet::new(), BTreeSet::from([self.id]));
                    self.world
                        .store
                        .change_hold(
                            &desk_seal(&self.world),
                            &seen,
                            &Case { lifted: true },
                            &none,
                            &items,
                        )
                        .await
                        .unwrap();
                }
            }
            Act::Erase => self.erase().await,
            Act::TimePasses => self.world.clock.forward(Millis(2 * DAY)),
            Act::Sweep => {
                let overdue = self
                    .world
                    .store
                    .overdue(&desk_find(&self.world), self.world.clock.now())
                    .await
                    .unwrap();
                if overdue.iter().any(|one| one.interaction == self.id) {
                    self.erase().await;
                }
            }
            Act::BackUp => self.back_up(),
            Act::Restore => self.restore().await,
            Act::Place(_) => {}
        }
    }

    /// Database, blobs and index of the store that is open now; never the key file.
    fn back_up(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        match self.config.database.strip_prefix("sqlite://") {
            Some(file) => copy(
                Path::new(file).parent().unwrap(),
                &at.join("database"),
                &["blobs", "index", "key"],
            ),
            None => postgres_tool("pg_dump", &self.config.database, |tool| {
                tool.arg("--format=custom");
                tool.arg("--file").arg(at.join("dump"));
            }),
        }
        copy(&self.objects, &at.join("blobs"), &[]);
        copy(&self.config.index, &at.join("index"), &[]);
        self.backup = Some((folder, self.holds));
    }

    /// The backup beside what is there: another database, other blobs, the same key file.
    async fn restore(&mut self) {
        let Some((backup, holds)) = &self.backup else {
            return;
        };
        let (backup, folder) = (backup.path(), tempfile::tempdir().unwrap());
        let at = folder.path();
        copy(&backup.join("index"), &at.join("index"), &[]);
        let index = at.join("index");
        let (database, blobs, throwaway);
        if self.config.database.starts_with("sqlite://") {
            copy(&backup.join("database"), at, &[]);
            self.objects = at.join("blobs");
            database = format!("sqlite://{}/privity.db", at.display());
            blobs = format!("file://{}", self.objects.display());
            throwaway = None;
        } else {
            let fresh = Throwaway::create().await;
            postgres_tool("pg_restore", &fresh.url, |tool| {
                tool.arg(backup.join("dump"));
            });
            self.objects = at.join("s3/privity");
            database = fresh.url.clone();
            blobs = bucket(&self.objects).await;
            throwaway = Some(fresh);
        }
        copy(&backup.join("blobs"), &self.objects, &[]);
        self.config = StoreConfig {
            database,
            blobs,
            index,
            ..self.config.clone()
        };
        self.holds = *holds;
        self.world.store = Store::open(&self.config, self.world.clock.clone(), Arc::new(Dice))
            .await
            .unwrap();
        self.restored.push((folder, throwaway));
    }

    async fn erase(&self) {
        let permit: Permit<Erase, InteractionId> = self.world.person(
            self.world.tenant.id,
            TenantRole::PrivacyOfficer,
            Purpose::Erasure,
            self.id,
            &[DataCategory::RawContent],
        );
        match self.world.store.erase(permit).await {
            Ok(receipt) => assert!(receipt.complete(), "{receipt:?}"),
            Err(StoreError::OnHold { .. } | StoreError::NotFound { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Whether it opens, and whether it is there at all.
    async fn look(&self) -> Present {
        let tenant = self.world.tenant.id;
        let facts = self.world.store.facts(tenant, self.id).await.unwrap();
        let Some(facts) = facts else {
            return Present::Gone;
        };
        let opened = self
            .world
            .store
            .interaction(&self.world.raw(tenant, self.id))
            .await;
        match (opened, facts.on_hold) {
            (Ok(_), _) => Present::Open,
            // Overdue things are not read either; a hold is what keeps them.
            (Err(StoreError::Withheld(domain::Withheld::OnHold)), true) => Present::Open,
            (Err(StoreError::Withheld(_)), true) => Present::Shut,
            (Err(StoreError::Withheld(_)), false) => {
                let overdue = self
                    .world
                    .store
                    .overdue(&desk_find(&self.world), self.world.clock.now())
                    .await
                    .unwrap();
                let waits = overdue.iter().any(|one| one.interaction == self.id);
                if waits && !self.keys_are_gone().await {
                    Present::Open
                } else {
                    Present::Gone
                }
            }
            (Err(other), _) => panic!("{other:?}"),
        }
    }

    /// Only a finished erasure or a shut backup leaves a row whose status is `erasing`.
    async fn keys_are_gone(&self) -> bool {
        let permit: Permit<Read, InteractionId> = self.world.person(
            self.world.tenant.id,
            TenantRole::PrivacyOfficer,
            Purpose::Erasure,
            self.id,
            &[DataCategory::InteractionMetadata],
        );
        let summary = self.world.store.summary(&permit).await.unwrap();
        summary.status == store::Status::Erasing
    }
}

const DAY: u64 = 86_400_000;

fn copy(from: &Path, to: &Path, without: &[&str]) {
    std::fs::create_dir_all(to).unwrap();
    let Ok(entries) = std::fs::read_dir(from) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if without
            .iter()
            .any(|one| name.to_string_lossy().starts_with(one))
        {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name), &[]);
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Runs one of PostgreSQL's programs as the server's superuser on a test's database.
fn postgres_tool(name: &str, url: &str, more: impl FnOnce(&mut Command)) {
    let mut tool = Command::new(name);
    tool.arg("--dbname").arg(superuser_url(url));
    more(&mut tool);
    let ran = tool.output().unwrap();
    assert!(
        ran.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// The store walks the model, each step compared: walks of 14 steps.
async fn walks(count: usize, world: impl AsyncFn() -> World) {
    let mut seed = 7u64;
    for walk in 0..count {
        let mut real = Real::new(world().await).await;
        let mut model = Rules.init_states().remove(0);
        let mut trail = Vec::new();
        for _ in 0..14 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let act = ACTS[usize::try_from((seed >> 33) % 9).unwrap()];
            let Some(next) = Rules.next_state(&model, act) else {
                continue;
            };
            trail.push(act);
            real.act(act).await;
            model = next;
            let seen = real.look().await;
            // From outside, what is shut and held by nobody looks like what is gone.
            let shut = model.present == Present::Shut && !model.holds.contains(&true);
            let expected = if shut { Present::Gone } else { model.present };
            assert_eq!(seen, expected, "walk {walk}: {trail:?}");
        }
    }
}

#[test]
fn hold_erasure_retention_and_restore_hold_as_a_model() {
    let checked = Rules.checker().spawn_bfs().join();
    checked.assert_properties();
    assert!(checked.unique_state_count() > 50);
}

#[tokio::test]
async fn hold_erasure_retention_and_restore_never_lose_what_is_held() {
    walks(12, World::sqlite).await;
}

#[tokio::test]
async fn hold_erasure_retention_and_restore_never_lose_what_is_held_on_postgresql() {
    walks(5, World::postgres).await;
}
