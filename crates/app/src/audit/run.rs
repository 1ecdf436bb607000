//! One audit: plant, process, look.

use std::path::Path;
use std::time::Instant;

use analysis::planting::{self, Dice, Sample};
use analysis::redact::Operator;
use domain::{EntityKind, InteractionId};
use engine::audio;

use super::ground::Ground;
use super::look::{Haystack, Needle, count, left};
use super::report::{AuditReport, FalseAlarms, PlaceFound, Skipped, TypeFound};
use super::voice::{self, Line};
use super::{AuditOrder, plant};
use crate::app::App;
use crate::error::AppError;
use crate::exporting::ExportFormat;
use crate::intake::{IntakeOrder, Outcome};
use crate::pipeline::{Engines, Until};
use crate::reading::rfc3339;
use crate::redaction::RedactionRules;
use crate::runtime::new_uuid;

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

/// A conversation to be planted.
struct Planting {
    sample: Sample,
    needle: Option<Needle>,
    form: Form,
}

/// How a conversation is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Written,
    Spoken(Line),
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Spoken(line) => line.form(),
        }
    }
}

pub(super) async fn audit(
    app: &App,
    order: &AuditOrder,
    settings: &RedactionRules,
    seen: &(dyn Fn(&str) + Send + Sync),
) -> Result<AuditReport, AppError> {
    let ground = if order.live {
        Ground::live(app, settings).await?
    } else {
        Ground::scratch(app, settings).await?
    };
    let measured = measure(&ground, order, settings, seen).await;
    if !ground.is_live() {
        return measured;
    }
    // Also where nothing could be measured: no canary stays.
    seen("erasing the canaries");
    let erased = ground.clear().await;
    let mut report = measured?;
    report.erased = erased?;
    Ok(report)
}

async fn measure(
    ground: &Ground,
    order: &AuditOrder,
    settings: &RedactionRules,
    seen: &(dyn Fn(&str) + Send + Sync),
) -> Result<AuditReport, AppError> {
    let (began, clock) = (ground.app.now(), Instant::now());
    let (kinds, mut skipped) = plantable(settings);
    let plantings = plantings(order, &kinds, &mut skipped);
    let needles = plantings.iter().filter_map(|one| one.needle.as_ref());
    let haystack = Haystack::of(needles)?;
    let known = ground.known(&haystack).await?;
    let haystack = haystack.without(&known)?;
    seen("planting");
    let taken = plant_all(ground, plantings).await?;
    seen(&format!("processing {} conversations", taken.len()));
    let done = ground.app.work(Until::Drained, |_| {}).await?;
    // What else failed in an installation that is at work is not the audit's matter.
    if done.poisoned + done.denied > 0 && !ground.is_live() {
        return Err(AppError::Input(format!(
            "{} planted conversations could not be processed, so nothing is measured; \
             `privity doctor` says what is missing",
            done.poisoned + done.denied
        )));
    }
    seen("looking");
    let mut looker = Looker::new(ground, haystack);
    for one in &taken {
        looker.look(one).await?;
    }
    looker.look_everywhere(order.log.as_deref()).await?;
    Ok(AuditReport {
        version: VERSION,
        began: rfc3339(began),
        seconds: clock.elapsed().as_secs(),
        seed: order.seed,
        ruleset: settings.ruleset(),
        engine: ground.app.config.engine.key().to_owned(),
        live: ground.is_live(),
        erased: 0,
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

/// What is planted, written first.
fn plantings(order: &AuditOrder, kinds: &[Kind], skipped: &mut Vec<Skipped>) -> Vec<Planting> {
    let mut dice = Dice::new(order.seed);
    let planting = |sample: Sample, form| Planting {
        needle: Needle::of(&sample),
        sample,
        form,
    };
    let mut all = Vec::new();
    for kind in kinds {
        let samples = plant::written(*kind, order.written, &mut dice);
        all.extend(samples.into_iter().map(|one| planting(one, Form::Written)));
    }
    for number in 0..order.written * 4 {
        let sample = planting::without_secret(plant::wording(number), &mut dice);
        all.push(planting(sample, Form::Written));
    }
    if order.spoken > 0 && voice::is_here() {
        let samples = sayable(order.spoken, kinds, &mut dice);
        for line in Line::ALL {
            let said = samples.iter().cloned();
            all.extend(said.map(|one| planting(one, Form::Spoken(line))));
        }
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
    all
}

/// What voices say, with secrets and without.
fn sayable(count: usize, kinds: &[Kind], dice: &mut Dice) -> Vec<Sample> {
    let mut samples = Vec::new();
    for kind in kinds.iter().filter(|kind| plant::SPOKEN.contains(&kind.0)) {
        let count = if kind.0 == "card" {
            count
        } else {
            count.div_ceil(5)
        };
        for number in 0..count {
            samples.extend(plant::sayable(*kind, number, dice));
        }
    }
    for number in 0..count.div_ceil(2) {
        samples.push(planting::without_secret(plant::wording(number), dice));
    }
    samples
}

/// Takes everything in, as anybody would.
async fn plant_all(ground: &Ground, plantings: Vec<Planting>) -> Result<Vec<Taken>, AppError> {
    let mut taken = Vec::with_capacity(plantings.len());
    let mut of_form = 0;
    let mut last = None;
    for (place, planting) in plantings.into_iter().enumerate() {
        // Numbers begin anew with each form.
        of_form = if last == Some(planting.form) {
            of_form + 1
        } else {
            0
        };
        last = Some(planting.form);
        let (bytes, sound) = match planting.form {
            Form::Written => (plant::file(&planting.sample, of_form), 0),
            Form::Spoken(line) => {
                let folder = &ground.app.config.data;
                let bytes = voice::record(&planting.sample.lines, of_form, line, folder)?;
                let sound = audio::decode(&bytes, &ground.app.config.limits)?.duration();
                (bytes, sound.0)
            }
        };
        taken.push(Taken {
            id: take(ground, bytes).await?,
            number: place + 1,
            needle: planting.needle,
            sample: planting.sample,
            form: planting.form.name(),
            sound,
        });
    }
    Ok(taken)
}

async fn take(ground: &Ground, bytes: Vec<u8>) -> Result<InteractionId, AppError> {
    let app = &ground.app;
    let order = IntakeOrder {
        idempotency_key: Some(new_uuid(&*app.clock, &*app.chance)?.to_string()),
        ..IntakeOrder::default()
    };
    let outcomes = app.take_in(&ground.scope, bytes, &order).await?;
    match outcomes.as_slice() {
        [Outcome::Taken { id, .. } | Outcome::Known { id }] => Ok(*id),
        other => Err(AppError::Input(format!(
            "a planted conversation was not taken in: {other:?}"
        ))),
    }
}

/// Looks at one place after the other and counts.
struct Looker<'a> {
    ground: &'a Ground,
    haystack: Haystack,
    engines: Engines,
    types: Vec<TypeFound>,
    places: Vec<PlaceFound>,
    alarms: FalseAlarms,
}

impl<'a> Looker<'a> {
    fn new(ground: &'a Ground, haystack: Haystack) -> Self {
        let config = &ground.app.config;
        Self {
            ground,
            haystack,
            engines: Engines::new(config.models.clone(), config.engine),
            types: Vec::new(),
            places: Vec::new(),
            alarms: FalseAlarms::default(),
        }
    }

    async fn look(&mut self, one: &Taken) -> Result<(), AppError> {
        let (app, scope) = (&self.ground.app, &self.ground.scope);
        let view = app.view(scope, one.id).await?;
        let redacted = view.transcript.map_err(AppError::Withheld)?;
        let events = redacted.redactions();
        let Some(needle) = &one.needle else {
            let spoken = one.form != "written";
            self.alarms.conversations += u64::from(!spoken);
            self.alarms.speech_ms += one.sound;
            for event in events {
                self.alarms.add(event.kind.tag(), spoken);
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
        let (app, scope) = (&self.ground.app, &self.ground.scope);
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
        let (app, scope) = (&self.ground.app, &self.ground.scope);
        let found = app.search(scope, &format!("\"{word}\""), 0, 200).await?;
        Ok(found.hits.iter().any(|hit| hit.summary.id == id))
    }

    async fn look_at_exports(&mut self, one: &Taken, spoken: bool) -> Result<(), AppError> {
        for (name, format) in ExportFormat::ALL {
            if *format == ExportFormat::Wav && !spoken {
                continue;
            }
            let (app, scope) = (&self.ground.app, &self.ground.scope);
            let bytes = app.export(scope, one.id, *format).await?;
            let seen = self.haystack.seen(&bytes);
            let of = format!("{} {} {}", one.sample.kind, one.form, one.number);
            self.place(&format!("export {name}"), seen, Some(of));
        }
        Ok(())
    }

    /// Every byte of database, blobs, index, configuration and logs.
    async fn look_everywhere(&mut self, log: Option<&Path>) -> Result<(), AppError> {
        for (place, (looked_at, seen)) in self.ground.everywhere(&self.haystack).await? {
            self.places.push(PlaceFound {
                place,
                looked_at,
                seen,
                of: Vec::new(),
            });
        }
        if let Some(log) = log {
            let seen = count(&self.haystack.found_in(log)?);
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
