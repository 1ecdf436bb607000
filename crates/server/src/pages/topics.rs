//! Topics: what was asked for, and of each search its topics, trends, drift and example turns.

use app::AppError;
use app::review::week_start;
use app::topics::{FoundTopics, NewTopics, TopicState, TopicView, TopicsRow};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{Purpose, Timestamp, TopicRunId};

use super::forms::Fields;
use super::me::Me;
use super::overview::Moment;
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;
use crate::{Say, State, t};

/// Weeks shown of a trend, the newest.
const WEEKS: usize = 8;

#[derive(Template)]
#[template(path = "topics.html")]
struct TopicsPage {
    me: Me,
    runs: Vec<RunRow>,
}

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage {
    me: Me,
    run: RunRow,
    found: Option<Found>,
}

struct RunRow {
    id: String,
    asked: Moment,
    query: String,
    split: Option<Moment>,
    seed: u64,
    stands: String,
    class: &'static str,
    interactions: usize,
    cut: bool,
    open: bool,
}

struct Found {
    topics: Vec<TopicRow>,
    turns: usize,
    unclassified: usize,
    unclassified_share: String,
    short: usize,
    beyond: usize,
    interactions: usize,
    unread: usize,
    weeks: Vec<String>,
    halves: Option<(usize, usize)>,
    drift: Option<String>,
}

struct TopicRow {
    name: String,
    interactions: usize,
    share: String,
    turns: usize,
    likeness: String,
    weeks: Vec<String>,
    before: String,
    after: String,
    change: String,
    examples: Vec<ExampleRow>,
}

struct ExampleRow {
    interaction: String,
    at: String,
    at_ms: u64,
    text: String,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let runs = state.app.topic_runs(&scope).await?;
    Ok(page(&TopicsPage {
        me: Me::of(&state, &person, "topics").await?,
        runs: runs.iter().map(run).collect(),
    }))
}

pub(super) async fn ask(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let new = NewTopics {
        query: fields.get("query").to_owned(),
        split: day(fields.get("split"))?,
        seed: number(fields.get("seed"), t("topics-the-seed"))?.unwrap_or(1),
        most: number(fields.get("most"), t("topics-the-number-of-topics"))?,
    };
    let id = state.app.ask_for_topics(&scope, &new).await?;
    Ok(see(&format!("/topics/{id}")))
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: TopicRunId = id.parse().map_err(AppError::Id)?;
    let view = state.app.topics(&scope, id).await?;
    Ok(page(&TopicPage {
        me: Me::of(&state, &person, "topics").await?,
        run: run(&view.row),
        found: view.found.as_ref().map(found),
    }))
}

pub(super) async fn remove(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: TopicRunId = id.parse().map_err(AppError::Id)?;
    state.app.drop_topics(&scope, id).await?;
    Ok(see("/topics"))
}

/// A day as a date field sends it: its beginning in UTC.
fn day(text: &str) -> Result<Option<Timestamp>, Problem> {
    match text.trim() {
        "" => Ok(None),
        day => Ok(Some(app::parse_time(&format!("{day}T00:00:00Z"))?)),
    }
}

fn number<T: std::str::FromStr>(text: &str, what: Say) -> Result<Option<T>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Problem::input(
                t("problem-is-a-whole-number").a("what", what),
            )),
        },
    }
}

fn run(row: &TopicsRow) -> RunRow {
    let (stands, class) = match &row.state {
        TopicState::Waiting => (t("topics-waiting").to_string(), "busy"),
        TopicState::Begun { done, .. } => (
            t("topics-so-many-read")
                .a("done", *done)
                .a("interactions", row.interactions)
                .to_string(),
            "busy",
        ),
        TopicState::Ready => (t("topics-ready").to_string(), "good"),
        TopicState::Failed(why) => (t("topics-failed").a("why", why).to_string(), "bad"),
    };
    RunRow {
        id: row.id.to_string(),
        asked: Moment::of(row.at),
        query: row.query.expose().to_owned(),
        split: row.split.map(Moment::of),
        seed: row.seed,
        stands,
        class,
        interactions: row.interactions,
        cut: row.cut,
        open: class == "busy",
    }
}

fn found(found: &FoundTopics) -> Found {
    let weeks: Vec<i64> = {
        let mut newest: Vec<i64> = found.weeks.keys().rev().take(WEEKS).copied().collect();
        newest.reverse();
        newest
    };
    let halves = Some(found.halves).filter(|halves| *halves != (0, 0));
    Found {
        topics: found
            .topics
            .iter()
            .map(|topic| topic_row(topic, found, &weeks))
            .collect(),
        turns: found.turns,
        unclassified: found.unclassified,
        unclassified_share: percent(found.unclassified, found.turns),
        short: found.short,
        beyond: found.beyond,
        interactions: found.interactions,
        unread: found.unread,
        weeks: weeks
            .iter()
            .map(|week| app::rfc3339(week_start(*week)).chars().take(10).collect())
            .collect(),
        halves,
        drift: found.drift.map(|drift| format!("{drift:.3}")),
    }
}

fn topic_row(topic: &TopicView, all: &FoundTopics, weeks: &[i64]) -> TopicRow {
    let phrases: Vec<&str> = topic.phrases.iter().map(|one| one.expose()).collect();
    let (before, after) = (
        tenths(topic.halves.0, all.halves.0),
        tenths(topic.halves.1, all.halves.1),
    );
    let change = after - before;
    let sign = if change < 0 { "−" } else { "+" };
    let size = change.unsigned_abs();
    let of_week = |week: &i64| {
        let own = topic.weeks.get(week).copied().unwrap_or(0);
        percent(own, all.weeks.get(week).copied().unwrap_or(0))
    };
    TopicRow {
        name: match phrases.as_slice() {
            [] => t("topics-no-phrase-in-enough-interactions").to_string(),
            some => some.join(", "),
        },
        interactions: topic.interactions,
        share: percent(topic.interactions, all.interactions),
        turns: topic.turns,
        likeness: format!("{:.2}", topic.closeness),
        weeks: weeks.iter().map(of_week).collect(),
        before: percent(topic.halves.0, all.halves.0),
        after: percent(topic.halves.1, all.halves.1),
        change: t("topics-points")
            .a("change", format!("{sign}{}.{}", size / 10, size % 10))
            .to_string(),
        examples: topic
            .examples
            .iter()
            .map(|one| ExampleRow {
                interaction: one.interaction.to_string(),
                at: one.at.to_string(),
                at_ms: one.at.0,
                text: one.text.expose().to_owned(),
            })
            .collect(),
    }
}

/// A share in tenths of a per cent.
fn tenths(part: usize, of: usize) -> i64 {
    let tenths = part.saturating_mul(1_000) / of.max(1);
    i64::try_from(tenths).unwrap_or(i64::MAX)
}

fn percent(part: usize, of: usize) -> String {
    let tenths = tenths(part, of);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
