//! One audit: plant, process, look.

use std::path::{Path, PathBuf};
use std::time::Instant;

use analysis::planting::{self, Dice, Sample};
use analysis::redact::Operator;
use domain::{EntityKind, InteractionId, Purpose, TenantRole};
use engine::audio;
use policy::Scope;

use super::look::{Haystack, Needle, left};
use super::report::{AuditReport, FalseAlarms, PlaceFound, Skipped, TypeFound};
use super::voice::{self, Line};
use super::{AuditOrder, plant};
use crate::app::App;
use crate::config::Config;
use crate::error::AppError;
use crate::exporting::ExportFormat;
use crate::intake::{IntakeOrder, Outcome};
use crate::pipeline::{Engines, Until};
use crate::reading::rfc3339;
use crate::redaction::RedactionRules;
use crate::runtime::new_uuid;
use crate::tenants::TenantOrder;

/// Version of the report's form.
const VERSION: u32 = 1;

/// A planted conversation that was taken in.
struct Taken {
    id: InteractionId,
    /// Its place in the order of planting, from 1.
    number: usize,
    sample: Sample,
    needle: Option<Needle>,
    form: &'static str,
    /// Milliseconds of sound.
    sound: u64,
}

/// An installation that goes away with the audit.
struct Scratch {
    app: App,
    folder: PathBuf,
    scope: Scope,
    /// Every file's bytes before anything is planted.
    before: Vec<Vec<u8>>,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, "the audit's scratch installation could not be removed");
        }
    }
}

pub(super) async fn audit(
    app: &App,
    order: &AuditOrder,
    settings: &RedactionRules,
    seen: &(dyn Fn(&str) + Send + Sync),
) -> Result<AuditReport, AppError> {
    let (began, clock) = (app.now(), Instant::now());
    let scratch = Scratch::make(app, settings).await?;
    let mut dice = Dice::new(order.seed);
    seen("planting");
    let (kinds, mut skipped) = plantable(settings);
    let mut taken = scratch.write(order, &kinds, &mut dice).await?;
    if order.spoken > 0 && voice::is_here() {
        taken.extend(scratch.speak(order, &kinds, &mut dice).await?);
    } else {
        let why = if order.spoken == 0 {
            "not asked for"
        } else {
            "`espeak-ng` is not installed here; install it from your distribution"
        };
        skipped.push(Skipped {
            what: "spoken".to_owned(),
            why: why.to_owned(),
        });
    }
    for (number, one) in taken.iter_mut().enumerate() {
        one.number = number + 1;
    }
    seen(&format!("processing {} conversations", taken.len()));
    let done = scratch.app.work(Until::Drained, |_| {}).await?;
    if done.poisoned + done.denied > 0 {
        return Err(AppError::Input(format!(
            "{} planted conversations could not be processed, so nothing is measured; \
             `privity doctor` says what is missing",
            done.poisoned + done.denied
        )));
    }
    seen("looking");
    let mut looker = Looker::new(&scratch, &taken)?;
    for one in &taken {
        looker.look(one).await?;
    }
    looker.look_at_files(order.log.as_deref())?;
    Ok(AuditReport {
        version: VERSION,
        began: rfc3339(began),
        seconds: clock.elapsed().as_secs(),
        seed: order.seed,
        ruleset: settings.ruleset(),
        engine: app.config.engine.key().to_owned(),
        types: looker.types,
        places: looker.places,
        false_alarms: looker.alarms,
        skipped,
    })
}

type Kind = (&'static str, EntityKind);

/// The types that must be gone under these settings, and the others with the reason.
fn plantable(settings: &RedactionRules) -> (Vec<Kind>, Vec<Skipped>) {
    let mut kinds = Vec::new();
    let mut skipped = Vec::new();
    for (name, kind) in planting::TYPES {
        let why = match settings.rules.profile.operator(*kind) {
            Operator::Redact | Operator::Surrogate => {
                kinds.push((*name, *kind));
                continue;
            }
            Operator::Keep => "the settings keep it",
            Operator::Mask | Operator::Shift | Operator::Generalise => {
                "the settings leave a part of it on purpose"
            }
        };
        skipped.push(Skipped {
            what: (*name).to_owned(),
            why: why.to_owned(),
        });
    }
    (kinds, skipped)
}

impl Scratch {
    async fn make(app: &App, settings: &RedactionRules) -> Result<Self, AppError> {
        let name = new_uuid(&*app.clock, &*app.chance)?;
        let folder = app.config.data.join(format!("audit-{name}"));
        std::fs::create_dir_all(&folder).map_err(AppError::io("make the scratch folder"))?;
        let config = Config {
            database: format!("sqlite://{}", folder.join("privity.db").display()),
            blobs: format!("file://{}", folder.join("blobs").display()),
            key_file: folder.join("keys/root.key"),
            passphrase: None,
            data: folder.clone(),
            ..(*app.config).clone()
        };
        let scratch = App::create(&config).await;
        let scratch = match scratch {
            Ok(scratch) => scratch,
            Err(error) => {
                std::fs::remove_dir_all(&folder)
                    .map_err(AppError::io("remove the scratch folder"))?;
                return Err(error);
            }
        };
        let tenant = scratch
            .add_tenant(&TenantOrder {
                slug: "audit".parse()?,
                name: "Audit".to_owned(),
                instruction: "audit of redaction".to_owned(),
                basis: "contract".to_owned(),
                without: Vec::new(),
            })
            .await?;
        let scope = scratch.local_scope(tenant.id, TenantRole::Owner, Purpose::Storage);
        if !settings.text.is_empty() {
            scratch.set_redaction_rules(&scope, &settings.text).await?;
        }
        let scope = scratch.local_scope(tenant.id, TenantRole::Analyst, Purpose::Storage);
        let before = contents(&folder)?;
        Ok(Self {
            app: scratch,
            folder,
            scope,
            before,
        })
    }

    async fn write(
        &self,
        order: &AuditOrder,
        kinds: &[Kind],
        dice: &mut Dice,
    ) -> Result<Vec<Taken>, AppError> {
        let mut samples = Vec::new();
        for kind in kinds {
            samples.extend(plant::written(*kind, order.written, dice));
        }
        for number in 0..order.written * 4 {
            samples.push(planting::without_secret(plant::wording(number), dice));
        }
        let mut taken = Vec::with_capacity(samples.len());
        for (number, sample) in samples.into_iter().enumerate() {
            let bytes = plant::file(&sample, number);
            taken.push(self.take(bytes, sample, "written", 0).await?);
        }
        Ok(taken)
    }

    async fn speak(
        &self,
        order: &AuditOrder,
        kinds: &[Kind],
        dice: &mut Dice,
    ) -> Result<Vec<Taken>, AppError> {
        let mut samples = Vec::new();
        for kind in kinds.iter().filter(|kind| plant::SPOKEN.contains(&kind.0)) {
            let count = if kind.0 == "card" {
                order.spoken
            } else {
                order.spoken.div_ceil(5)
            };
            for number in 0..count {
                samples.extend(plant::sayable(*kind, number, dice));
            }
        }
        for number in 0..order.spoken.div_ceil(2) {
            samples.push(planting::without_secret(plant::wording(number), dice));
        }
        let mut taken = Vec::new();
        for line in Line::ALL {
            for (number, sample) in samples.iter().enumerate() {
                let bytes = voice::record(&sample.lines, number, line, &self.folder)?;
                let sound = audio::decode(&bytes, &self.app.config.limits)?.duration();
                let sample = sample.clone();
                taken.push(self.take(bytes, sample, line.form(), sound.0).await?);
            }
        }
        Ok(taken)
    }

    async fn take(
        &self,
        bytes: Vec<u8>,
        sample: Sample,
        form: &'static str,
        sound: u64,
    ) -> Result<Taken, AppError> {
        let order = IntakeOrder {
            idempotency_key: Some(new_uuid(&*self.app.clock, &*self.app.chance)?.to_string()),
            ..IntakeOrder::default()
        };
        let outcomes = self.app.take_in(&self.scope, bytes, &order).await?;
        let id = match outcomes.as_slice() {
            [Outcome::Taken { id, .. } | Outcome::Known { id }] => *id,
            other => {
                return Err(AppError::Input(format!(
                    "a planted conversation was not taken in: {other:?}"
                )));
            }
        };
        Ok(Taken {
            id,
            number: 0,
            needle: Needle::of(&sample),
            sample,
            form,
            sound,
        })
    }
}

/// Looks at one place after the other and counts.
struct Looker<'a> {
    scratch: &'a Scratch,
    haystack: Haystack,
    engines: Engines,
    types: Vec<TypeFound>,
    places: Vec<PlaceFound>,
    alarms: FalseAlarms,
}

impl<'a> Looker<'a> {
    fn new(scratch: &'a Scratch, taken: &[Taken]) -> Result<Self, AppError> {
        let config = &scratch.app.config;
        Ok(Self {
            scratch,
            haystack: Haystack::of(
                taken.iter().filter_map(|one| one.needle.as_ref()),
                &scratch.before,
            )?,
            engines: Engines::new(config.models.clone(), config.engine),
            types: Vec::new(),
            places: Vec::new(),
            alarms: FalseAlarms::default(),
        })
    }

    async fn look(&mut self, one: &Taken) -> Result<(), AppError> {
        let (app, scope) = (&self.scratch.app, &self.scratch.scope);
        let view = app.view(scope, one.id).await?;
        let redacted = view.transcript.map_err(AppError::Withheld)?;
        let events = redacted.redactions();
        let Some(needle) = &one.needle else {
            let removed = u64::try_from(events.len()).unwrap_or(u64::MAX);
            if one.form == "written" {
                self.alarms.conversations += 1;
                self.alarms.written += removed;
            } else {
                self.alarms.spoken += removed;
                self.alarms.speech_ms += one.sound;
            }
            return Ok(());
        };
        let text = left(&redacted);
        let spoken = one.form != "written";
        let in_words = if spoken {
            needle.is_said_in(&text)
        } else {
            needle.is_written_in(&text)
        };
        let in_sound = spoken && needle.is_said_in(&self.heard_again(one.id).await?);
        let in_index = match needle.search_word() {
            Some(word) if !spoken => self.is_found(word, one.id).await?,
            _ => false,
        };
        let detected = events.iter().any(|span| span.kind == one.sample.expected);
        let found = self.found(one);
        found.planted += 1;
        found.detected += u64::from(detected);
        found.left_in_words += u64::from(in_words);
        found.left_in_sound += u64::from(in_sound);
        found.left_in_index += u64::from(in_index);
        self.look_at_exports(one, spoken).await
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "the place was found or made just before"
    )]
    fn found(&mut self, one: &Taken) -> &mut TypeFound {
        let known = |found: &TypeFound| found.kind == one.sample.kind && found.form == one.form;
        let place = self.types.iter().position(known).unwrap_or_else(|| {
            self.types.push(TypeFound {
                kind: one.sample.kind.to_owned(),
                form: one.form.to_owned(),
                planted: 0,
                detected: 0,
                left_in_words: 0,
                left_in_sound: 0,
                left_in_index: 0,
            });
            self.types.len() - 1
        });
        &mut self.types[place]
    }

    /// What the recogniser makes of the redacted sound, channel by channel.
    async fn heard_again(&mut self, id: InteractionId) -> Result<String, AppError> {
        let (app, scope) = (&self.scratch.app, &self.scratch.scope);
        let wav = app.export(scope, id, ExportFormat::Wav).await?;
        let sound = audio::decode(&wav, &app.config.limits)?;
        let recogniser = self.engines.recogniser()?;
        let mut text = String::new();
        for channel in &sound.channels {
            let heard = recogniser.transcribe(&audio::to_16k(channel, sound.rate)?)?;
            for word in heard.words {
                text.push_str(word.text.expose());
                text.push(' ');
            }
            text.push('\n');
        }
        Ok(text)
    }

    async fn is_found(&mut self, word: &str, id: InteractionId) -> Result<bool, AppError> {
        let (app, scope) = (&self.scratch.app, &self.scratch.scope);
        let found = app.search(scope, &format!("\"{word}\""), 0, 200).await?;
        Ok(found.hits.iter().any(|hit| hit.summary.id == id))
    }

    async fn look_at_exports(&mut self, one: &Taken, spoken: bool) -> Result<(), AppError> {
        for (name, format) in ExportFormat::ALL {
            if *format == ExportFormat::Wav && !spoken {
                continue;
            }
            let (app, scope) = (&self.scratch.app, &self.scratch.scope);
            let bytes = app.export(scope, one.id, *format).await?;
            let seen = self.haystack.seen(&bytes);
            let of = format!("{} {} {}", one.sample.kind, one.form, one.number);
            self.place(&format!("export {name}"), seen, Some(of));
        }
        Ok(())
    }

    /// Every byte of the scratch installation: database, blobs, index, configuration, logs.
    fn look_at_files(&mut self, log: Option<&Path>) -> Result<(), AppError> {
        let mut files = Vec::new();
        collect(&self.scratch.folder, &mut files)?;
        for path in files {
            let bytes = std::fs::read(&path).map_err(AppError::io("read the scratch folder"))?;
            let mut seen = self.haystack.seen(&bytes);
            seen += self.haystack.seen(path.to_string_lossy().as_bytes());
            let name = path.strip_prefix(&self.scratch.folder).unwrap_or(&path);
            let first = name.components().next();
            let place = first.map_or_else(String::new, |part| {
                part.as_os_str().to_string_lossy().into_owned()
            });
            self.place(&format!("data folder: {place}"), seen, None);
        }
        if let Some(log) = log {
            let bytes = std::fs::read(log).map_err(AppError::io("read the log"))?;
            let seen = self.haystack.seen(&bytes);
            self.place("log", seen, None);
        }
        Ok(())
    }

    /// Counts one look at a place, and notes whose it was where a secret was seen.
    fn place(&mut self, name: &str, seen: u64, of: Option<String>) {
        let of = of.filter(|_| seen > 0);
        match self.places.iter_mut().find(|place| place.place == name) {
            Some(place) => {
                place.looked_at += 1;
                place.seen += seen;
                place.of.extend(of);
            }
            None => self.places.push(PlaceFound {
                place: name.to_owned(),
                looked_at: 1,
                seen,
                of: of.into_iter().collect(),
            }),
        }
    }
}

/// Every file's bytes.
fn contents(folder: &Path) -> Result<Vec<Vec<u8>>, AppError> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let read =
        |path: &PathBuf| std::fs::read(path).map_err(AppError::io("read the scratch folder"));
    files.iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), AppError> {
    let during = || AppError::io("list the scratch folder");
    for entry in std::fs::read_dir(folder).map_err(during())? {
        let path = entry.map_err(during())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
