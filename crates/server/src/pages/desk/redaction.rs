//! Audits of redaction: what was planted, what was missed, where it was seen.

use app::{AuditReport, Interval};
use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;

use super::{At, Desk};
use crate::door::Person;
use crate::pages::me::Me;
use crate::pages::{Oops, page};
use crate::{State, t};

/// Audits that are shown.
const SHOWN: u64 = 20;

#[derive(Template)]
#[template(path = "desk/redaction.html")]
struct RedactionPage {
    me: Me,
    desk: Desk,
    latest: Option<Latest>,
    earlier: Vec<Earlier>,
}

struct Latest {
    began: String,
    seconds: u64,
    rate: String,
    interval: String,
    planted: u64,
    sightings: u64,
    ruleset: String,
    engine: String,
    live: bool,
    erased: u64,
    types: Vec<Type>,
    places: Vec<(String, u64, u64)>,
    false_written: String,
    false_spoken: String,
    skipped: Vec<(String, String)>,
}

struct Type {
    kind: String,
    form: String,
    planted: u64,
    detected: u64,
    words: u64,
    sound: u64,
    index: u64,
    missed: String,
    interval: String,
    bad: bool,
}

struct Earlier {
    began: String,
    planted: u64,
    rate: String,
    interval: String,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/redaction").await?;
    let reports = state.app.redaction_reports(SHOWN).await?;
    Ok(page(&RedactionPage {
        me: at.me,
        desk: at.desk,
        latest: reports.first().map(latest),
        earlier: reports.iter().skip(1).map(earlier).collect(),
    }))
}

fn latest(report: &AuditReport) -> Latest {
    let rate = report.miss_rate();
    let alarms = &report.false_alarms;
    Latest {
        began: day(report),
        seconds: report.seconds,
        rate: percent(rate.share),
        interval: interval(rate),
        planted: planted(report),
        sightings: report.sightings(),
        ruleset: report.ruleset.clone(),
        engine: report.engine.clone(),
        live: report.live,
        erased: report.erased,
        types: report
            .types
            .iter()
            .map(|found| Type {
                kind: found.kind.clone(),
                form: found.form.clone(),
                planted: found.planted,
                detected: found.detected,
                words: found.left_in_words,
                sound: found.left_in_sound,
                index: found.left_in_index,
                missed: percent(found.missed().share),
                interval: interval(found.missed()),
                bad: found.left() > 0,
            })
            .collect(),
        places: report
            .places
            .iter()
            .map(|place| (place.place.clone(), place.looked_at, place.seen))
            .collect(),
        false_written: t("desk-redaction-in-conversations-without-a-secret")
            .a("found", alarms.written)
            .a("conversations", alarms.conversations)
            .a("found-kinds", alarms.written)
            .a("kinds", alarms.by_kind(|one| one.written))
            .to_string(),
        false_spoken: alarms.per_ten_minutes().map_or_else(
            || t("desk-redaction-no-speech-without-a-secret").to_string(),
            |rate| {
                t("desk-redaction-for-each-ten-minutes-of")
                    .a("rate", format!("{rate:.1}"))
                    .a("found-kinds", alarms.spoken)
                    .a("kinds", alarms.by_kind(|one| one.spoken))
                    .to_string()
            },
        ),
        skipped: report
            .skipped
            .iter()
            .map(|one| (one.what.clone(), one.why.clone()))
            .collect(),
    }
}

fn earlier(report: &AuditReport) -> Earlier {
    Earlier {
        began: day(report),
        planted: planted(report),
        rate: percent(report.miss_rate().share),
        interval: interval(report.miss_rate()),
    }
}

fn planted(report: &AuditReport) -> u64 {
    report.types.iter().map(|found| found.planted).sum()
}

fn day(report: &AuditReport) -> String {
    report
        .began
        .chars()
        .take(16)
        .collect::<String>()
        .replace('T', " ")
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

fn interval(of: Interval) -> String {
    t("desk-redaction-interval-from-to")
        .a("low", format!("{:.2}", of.low * 100.0))
        .a("high", format!("{:.2}", of.high * 100.0))
        .to_string()
}
