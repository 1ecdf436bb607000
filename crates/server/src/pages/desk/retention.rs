//! How long what is kept: rules, what a run would erase, the runs.

use app::retention::{Overdue, Reach, RetentionOrder, RunView};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{Channel, RetentionRuleId};

use super::{At, Desk, acting, sent};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Overdue interactions that are listed by name; the counts are of all.
const LISTED: usize = 50;
/// Runs that are shown.
const RUNS: usize = 20;

#[derive(Template)]
#[template(path = "desk/retention.html")]
struct RetentionPage {
    me: Me,
    desk: Desk,
    rules: Vec<Rule>,
    promised: Vec<(String, String, String)>,
    /// Overdue, erased as a whole; only their recordings; kept by a hold.
    whole: usize,
    voice: usize,
    held: usize,
    overdue: Vec<Row>,
    unlisted: usize,
    runs: Vec<Run>,
}

struct Rule {
    id: String,
    channel: String,
    reach: Say,
    days: u32,
    query: Option<String>,
    set: Moment,
}

struct Row {
    id: String,
    channel: Say,
    reach: Say,
    since: Moment,
    on_hold: bool,
}

struct Run {
    at: Moment,
    by: String,
    erased: usize,
    voice: usize,
    held: usize,
    failed: Vec<(String, String)>,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/retention").await?;
    let rules = state.app.retention_rules(&at.scope).await?;
    let overdue = state.app.retention_preview(&at.scope).await?;
    let runs = state.app.retention_runs(&at.scope).await?;
    let free = |reach: Reach| {
        let gone = overdue
            .iter()
            .filter(|one| !one.on_hold && one.reach == reach);
        gone.count()
    };
    let policy = state.app.policy();
    let promised = policy.retention().iter();
    Ok(page(&RetentionPage {
        me: at.me,
        desk: at.desk,
        rules: rules
            .iter()
            .map(|view| Rule {
                id: view.id.to_string(),
                channel: view
                    .rule
                    .channel
                    .clone()
                    .unwrap_or_else(|| t("desk-retention-of-every-channel").to_string()),
                reach: reach_in_words(&view.rule.reach),
                days: view.rule.days,
                query: view.rule.query.clone(),
                set: Moment::of(view.set),
            })
            .collect(),
        promised: promised
            .map(|rule| {
                (
                    policy.noun_of(&rule.category).to_owned(),
                    rule.words.clone(),
                    rule.clause.to_string(),
                )
            })
            .collect(),
        whole: free(Reach::Whole),
        voice: free(Reach::Voice),
        held: overdue.iter().filter(|one| one.on_hold).count(),
        unlisted: overdue.len().saturating_sub(LISTED),
        overdue: overdue.iter().take(LISTED).map(row).collect(),
        runs: runs.iter().take(RUNS).map(run_row).collect(),
    }))
}

fn row(one: &Overdue) -> Row {
    Row {
        id: one.interaction.to_string(),
        channel: crate::pages::said::channel(one.channel),
        reach: reach_in_words(one.reach.key()),
        since: Moment::of(one.since),
        on_hold: one.on_hold,
    }
}

fn reach_in_words(key: &str) -> Say {
    if key == Reach::Voice.key() {
        t("desk-retention-reach-recordings")
    } else {
        t("desk-retention-reach-everything")
    }
}

fn run_row(view: &RunView) -> Run {
    Run {
        at: Moment::of(view.at),
        by: match view.run.by.as_str() {
            "pipeline" => t("desk-retention-by-the-clock").to_string(),
            other => other.to_owned(),
        },
        erased: view.run.erased.len(),
        voice: view.run.voice_erased.len(),
        held: view.run.held.len(),
        failed: view.run.failed.clone(),
    }
}

pub(super) async fn set(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let channel: Option<Channel> = match fields.get("channel") {
        "" => None,
        key => Some(sent::id(key)?),
    };
    let reach = match fields.get("reach") {
        "voice" => Reach::Voice,
        _ => Reach::Whole,
    };
    let days: u32 = sent::whole(fields.get("days"), t("problem-days-are-a-whole-number"))?;
    let order = RetentionOrder {
        channel,
        reach,
        days,
        query: Some(fields.get("query").to_owned()),
    };
    state.app.set_retention(&scope, &order).await?;
    Ok(see("/desk/retention"))
}

pub(super) async fn end(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let id: RetentionRuleId = sent::id(&id)?;
    state.app.end_retention(&scope, id).await?;
    Ok(see("/desk/retention"))
}

/// Runs the job, where the form names the number that its page showed.
pub(super) async fn run(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let overdue = state.app.retention_preview(&scope).await?;
    let count = overdue.iter().filter(|one| !one.on_hold).count();
    if fields.get("count") != count.to_string() {
        return Err(Problem::input(t("problem-overdue-changed").a("count", count)).into());
    }
    state.app.retention_run(&scope).await?;
    Ok(see("/desk/retention"))
}
