//! How every clause stands, and any decision explained.

use app::AppError;
use app::policy_desk::{
    ACTIONS, Answer, ClauseStanding, ClauseStatus, Question, RIGHTS, TestReport,
};
use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use domain::{DataCategory, InteractionId, Purpose};

use super::{At, Desk, acting, short};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::{Say, State, t};

#[derive(Template)]
#[template(path = "desk/clauses.html")]
struct BoardPage {
    me: Me,
    desk: Desk,
    version: String,
    states: Vec<Choice>,
    planes: Vec<Choice>,
    rows: Vec<Row>,
    definition: Say,
    found: bool,
    build: Option<BuildTests>,
    source: String,
}

/// What the tests of the program that runs showed.
struct BuildTests {
    named: usize,
    named_passed: usize,
    passed: usize,
    failed: usize,
    ran: String,
    /// They ran with the version that is in force.
    same_policy: bool,
}

struct Choice {
    name: Say,
    count: usize,
    href: String,
    chosen: bool,
}

struct Row {
    id: String,
    kind: String,
    plane: String,
    status: Say,
    state: &'static str,
    prose: String,
    why: String,
    /// The installation's own word counts over all customers, so only the operator reads it.
    found: String,
    last: Option<Moment>,
    tests: usize,
    /// How many of them passed of this build, and how many ran.
    ran: Option<(usize, usize)>,
}

/// Each state with its definition.
const STATES: &[(ClauseStatus, Say, Say)] = &[
    (
        ClauseStatus::Kept,
        t("desk-clauses-is-kept"),
        t("desk-clauses-kept-means"),
    ),
    (
        ClauseStatus::Broken,
        t("desk-clauses-is-broken"),
        t("desk-clauses-broken-means"),
    ),
    (
        ClauseStatus::Untested,
        t("desk-clauses-is-untested"),
        t("desk-clauses-untested-means"),
    ),
    (
        ClauseStatus::Waived,
        t("desk-clauses-is-waived"),
        t("desk-clauses-waived-means"),
    ),
];

const PLANES: &[(&str, Say)] = &[
    ("hosting", t("desk-clauses-plane-hosting")),
    ("site", t("desk-clauses-plane-site")),
    ("both", t("desk-clauses-plane-both")),
];

pub(super) async fn board(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/clauses").await?;
    let standing = state.app.clause_standing().await?;
    let asked = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (status, plane) = (asked("state"), asked("plane"));
    let fits = |one: &ClauseStanding, status: &str, plane: &str| {
        (status.is_empty() || one.status.key() == status)
            && (plane.is_empty() || one.plane == plane)
    };
    let choice = |name: Say, status: &str, plane: &str, chosen: bool| Choice {
        name,
        count: standing
            .clauses
            .iter()
            .filter(|one| fits(one, status, plane))
            .count(),
        href: address(status, plane),
        chosen,
    };
    let mut states = vec![choice(t("desk-clauses-all"), "", plane, status.is_empty())];
    states.extend(STATES.iter().map(|(one, name, _)| {
        let key = one.key();
        choice(*name, key, plane, status == key)
    }));
    let mut planes = vec![choice(
        t("desk-clauses-both-planes"),
        status,
        "",
        plane.is_empty(),
    )];
    planes.extend(
        PLANES
            .iter()
            .map(|(key, name)| choice(*name, status, key, plane == *key)),
    );
    let operator = at.me.operator;
    let build = state.app.build();
    let definition = STATES.iter().find(|(one, ..)| one.key() == status);
    Ok(page(&BoardPage {
        me: at.me,
        desk: at.desk,
        version: short(&standing.version),
        states,
        planes,
        rows: standing
            .clauses
            .iter()
            .filter(|one| fits(one, status, plane))
            .map(|one| row(one, operator, build.report.as_ref()))
            .collect(),
        build: build.report.as_ref().map(|report| BuildTests {
            named: report.named(),
            named_passed: report.named_passed(),
            passed: report.passed,
            failed: report.failed,
            ran: report.ran.clone(),
            same_policy: report.policy == standing.version,
        }),
        source: short(&build.source),
        definition: definition.map_or(t("desk-clauses-a-clause-stands-as-its"), |(_, _, words)| {
            *words
        }),
        found: operator,
    }))
}

fn status_in_words(status: ClauseStatus) -> Say {
    let known = STATES.iter().find(|(one, ..)| *one == status);
    known.map_or(t("desk-clauses-is-untested"), |(_, name, _)| *name)
}

fn address(status: &str, plane: &str) -> String {
    match (status, plane) {
        ("", "") => "/desk/clauses".to_owned(),
        ("", plane) => format!("/desk/clauses?plane={plane}"),
        (status, "") => format!("/desk/clauses?state={status}"),
        (status, plane) => format!("/desk/clauses?state={status}&plane={plane}"),
    }
}

fn row(one: &ClauseStanding, operator: bool, report: Option<&TestReport>) -> Row {
    Row {
        id: one.clause.to_string(),
        kind: one.kind.clone(),
        plane: one.plane.clone(),
        status: status_in_words(one.status),
        state: match one.status {
            ClauseStatus::Kept => "good",
            ClauseStatus::Broken => "bad",
            ClauseStatus::Untested | ClauseStatus::Waived => "busy",
        },
        prose: one.prose.clone(),
        why: one.sentence.clone(),
        found: one.live.clone().filter(|_| operator).unwrap_or_default(),
        last: one.last.map(Moment::of),
        tests: one.tests.len(),
        ran: report.map(|report| report.of_clause(&one.clause)),
    }
}

/// Asks the installation about every clause now.
pub(super) async fn look(
    Shared(state): Shared<State>,
    person: Person,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    state.app.enter_desk(&scope).await?;
    state.app.may_keep_registers(&scope)?;
    state.app.clause_status().await?;
    Ok(see("/desk/clauses"))
}

#[derive(Template)]
#[template(path = "desk/ask.html")]
struct AskPage {
    me: Me,
    desk: Desk,
    rights: Vec<Offer>,
    actions: Vec<Offer>,
    purposes: Vec<Offer>,
    kinds: Vec<Offer>,
    about: String,
    answer: Option<Explained>,
    fault: Option<String>,
}

struct Offer {
    key: &'static str,
    name: String,
    chosen: bool,
}

struct Explained {
    allowed: bool,
    sentence: String,
    clauses: Vec<(String, String)>,
    version: String,
}

pub(super) async fn ask(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/ask").await?;
    let one = |name: &str, usual: &'static str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map_or(usual.to_owned(), |(_, value)| value.clone())
    };
    let asked = pairs.iter().any(|(name, _)| name == "right");
    let (right, action) = (one("right", "analyst"), one("action", "read"));
    let (purpose, about) = (one("purpose", Purpose::Review.key()), one("about", ""));
    let mut kinds: Vec<&str> = pairs
        .iter()
        .filter(|(name, _)| name == "data")
        .map(|(_, value)| value.as_str())
        .collect();
    if !asked {
        kinds.push(DataCategory::RedactedContent.key());
    }
    let (answer, fault) = if asked {
        match explained(&state, &at, (&right, &action, &purpose, &about), &kinds).await {
            Ok(answer) => (Some(answer), None),
            Err(AppError::Input(why)) => (None, Some(why)),
            Err(AppError::Id(why)) => (None, Some(why.to_string())),
            Err(other) => return Err(other.into()),
        }
    } else {
        (None, None)
    };
    let policy = state.app.policy();
    let noun = |key: &str| {
        let entry = policy.purposes().iter().find(|entry| entry.key == key);
        entry.map_or_else(|| key.to_owned(), |entry| entry.noun.clone())
    };
    Ok(page(&AskPage {
        me: at.me,
        desk: at.desk,
        rights: offers(RIGHTS, &right),
        actions: offers(ACTIONS, &action),
        purposes: Purpose::ALL
            .iter()
            .map(|one| Offer {
                key: one.key(),
                name: noun(one.key()),
                chosen: one.key() == purpose,
            })
            .collect(),
        kinds: DataCategory::ALL
            .iter()
            .map(|one| Offer {
                key: one.key(),
                name: kind_in_words(*one).to_string(),
                chosen: kinds.contains(&one.key()),
            })
            .collect(),
        about,
        answer,
        fault,
    }))
}

fn offers(all: &[(&'static str, &str)], chosen: &str) -> Vec<Offer> {
    all.iter()
        .map(|(key, name)| Offer {
            key,
            name: (*name).to_owned(),
            chosen: *key == chosen,
        })
        .collect()
}

/// The interaction that is asked about is the asking person's own tenant's.
async fn explained(
    state: &State,
    at: &At,
    (right, action, purpose, about): (&str, &str, &str, &str),
    kinds: &[&str],
) -> Result<Explained, AppError> {
    let categories: Result<Vec<DataCategory>, _> = kinds.iter().map(|key| key.parse()).collect();
    let about = match about.trim() {
        "" => None,
        id => Some((at.scope.tenant(), id.parse::<InteractionId>()?)),
    };
    let question = Question {
        right: right.to_owned(),
        action: action.to_owned(),
        purpose: purpose.parse()?,
        categories: categories?,
        about,
    };
    let Answer {
        allowed,
        clauses,
        sentence,
        words,
        version,
    } = state.app.ask_policy(&question).await?;
    Ok(Explained {
        allowed,
        sentence,
        clauses: clauses.into_iter().zip(words).collect(),
        version: short(&version),
    })
}

/// A kind of data as people say it.
pub(super) const fn kind_in_words(kind: DataCategory) -> Say {
    match kind {
        DataCategory::Voice => t("desk-frame-data-recorded-voice"),
        DataCategory::RawContent => t("desk-frame-data-words-before-redaction"),
        DataCategory::RedactedContent => t("desk-frame-data-redacted-words"),
        DataCategory::RedactedAudio => t("desk-frame-data-redacted-sound"),
        DataCategory::Contact => t("desk-frame-data-names-numbers-and"),
        DataCategory::InteractionMetadata => t("desk-frame-data-times-and-measures"),
    }
}

/// Kinds of data in a row.
pub(super) fn kinds_in_words<'a>(kinds: impl IntoIterator<Item = &'a DataCategory>) -> String {
    let said = kinds
        .into_iter()
        .map(|kind| kind_in_words(*kind).to_string());
    said.collect::<Vec<_>>().join(", ")
}

/// Kinds of data to tick, with what they are called.
pub(super) fn kinds_offered(kinds: &[DataCategory]) -> Vec<(&'static str, Say)> {
    let offered = kinds.iter().map(|kind| (kind.key(), kind_in_words(*kind)));
    offered.collect()
}
