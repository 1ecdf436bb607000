//! Requests of persons: a tenant's cases, or what came in at the operator; one list, one page.

use app::requests::{Justification, Outcome, RequestView};
use askama::Template;
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use domain::{CaseId, RequestId, Timestamp};

use super::{At, Desk, acting, cases, distance};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

#[derive(Template)]
#[template(path = "desk/requests.html")]
struct ListPage {
    me: Me,
    desk: Desk,
    states: Vec<Choice>,
    rows: Vec<Row>,
    all: bool,
}

pub(super) struct Choice {
    pub(super) name: Say,
    pub(super) count: usize,
    pub(super) href: String,
    pub(super) chosen: bool,
}

/// A line of the list.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) kind: Say,
    pub(super) law: String,
    pub(super) who: String,
    pub(super) received: Moment,
    /// By which the list is filtered.
    pub(super) key: &'static str,
    pub(super) state: Say,
    pub(super) colour: &'static str,
    pub(super) clock: Clock,
    pub(super) more: String,
}

/// The clock of a request.
pub(super) struct Clock {
    pub(super) due: Moment,
    /// How far its day is; empty where it stands still.
    pub(super) away: String,
    pub(super) late: bool,
}

impl Clock {
    pub(super) fn of(due: Timestamp, now: Timestamp, runs: bool) -> Self {
        Self {
            due: Moment::of(due),
            away: if runs {
                distance(due, now)
            } else {
                String::new()
            },
            late: runs && due < now,
        }
    }
}

/// What is asked for, as people say it.
pub(super) fn kind_in_words(kind: app::requests::RequestKind) -> Say {
    use app::requests::RequestKind as Kind;
    match kind {
        Kind::Access => t("desk-requests-kind-access-to-what-is-held"),
        Kind::Erasure => t("desk-requests-kind-erasure"),
        Kind::Rectification => t("desk-requests-kind-correction"),
        Kind::Restriction => t("desk-requests-kind-restriction-of-use"),
        Kind::Objection => t("desk-requests-kind-objection-to-a-use"),
        Kind::Portability => t("desk-requests-kind-a-copy-to-take-elsewhere"),
        Kind::Locate => t("desk-requests-kind-who-holds-it"),
        Kind::Complaint => t("desk-requests-kind-a-complaint"),
    }
}

pub(super) fn colour(state: &str) -> &'static str {
    match state {
        "ended" => "good",
        "escalated" => "bad",
        _ => "busy",
    }
}

pub(super) async fn list(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/requests").await?;
    let asked = pairs.iter().find(|(name, _)| name == "state");
    let asked = asked.map_or("", |(_, value)| value.as_str());
    let now = state.app.now();
    let (known, all): (&[&'static str], Vec<Row>) = if at.me.operator {
        let found = state.app.requests(&at.scope).await?;
        (
            &["unproven", "passed_on", "escalated", "ended"],
            found.iter().map(|view| row(view, now)).collect(),
        )
    } else {
        let found = state.app.cases(&at.scope).await?;
        (
            &["open", "paused", "escalated", "ended"],
            found.iter().map(|view| cases::row(view, now)).collect(),
        )
    };
    let count = |state: &str| all.iter().filter(|row| row.key == state).count();
    let mut states = vec![Choice {
        name: t("desk-requests-all"),
        count: all.len(),
        href: "/desk/requests".to_owned(),
        chosen: asked.is_empty(),
    }];
    states.extend(known.iter().map(|key| Choice {
        name: state_in_words(key),
        count: count(key),
        href: format!("/desk/requests?state={key}"),
        chosen: *key == asked,
    }));
    Ok(page(&ListPage {
        me: at.me,
        desk: at.desk,
        states,
        all: asked.is_empty(),
        rows: all
            .into_iter()
            .filter(|row| asked.is_empty() || row.key == asked)
            .collect(),
    }))
}

pub(super) fn state_in_words(state: &str) -> Say {
    match state {
        "open" => t("desk-requests-is-open"),
        "paused" => t("desk-requests-is-waits-for-the-person"),
        "escalated" => t("desk-requests-is-back-at-the-operator"),
        "ended" => t("desk-requests-is-ended"),
        "unproven" => t("desk-requests-is-not-proven"),
        "passed_on" => t("desk-requests-is-passed-on"),
        _ => t("desk-requests-is-unknown"),
    }
}

fn row(view: &RequestView, now: Timestamp) -> Row {
    let back: Vec<&str> = view.escalated.iter().map(|one| one.why.as_str()).collect();
    Row {
        id: view.id.to_string(),
        kind: kind_in_words(view.kind),
        law: String::new(),
        who: String::new(),
        received: Moment::of(view.received),
        key: view.state,
        state: state_in_words(view.state),
        colour: colour(view.state),
        clock: Clock::of(view.due, now, view.outcome.is_none()),
        more: back.join("; "),
    }
}

pub(super) async fn show(
    shared: Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let Shared(state) = &shared;
    let at = At::of(state, &person, "/desk/requests").await?;
    if at.me.operator {
        one(state, at, number(&id)?).await
    } else {
        cases::one(state, at, case_number(&id)?).await
    }
}

/// Carries out what a form of the page asks for.
pub(super) async fn act(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    if person.caller.is_operator() {
        let outcome = ended(&fields)?;
        state
            .app
            .end_request(&scope, number(&id)?, &outcome)
            .await?;
    } else {
        cases::act(&state, &scope, case_number(&id)?, &fields).await?;
    }
    Ok(see(&format!("/desk/requests/{id}")))
}

#[derive(Template)]
#[template(path = "desk/request.html")]
struct RequestPage {
    me: Me,
    desk: Desk,
    row: Row,
    back: Vec<(Moment, String)>,
    outcome: Option<String>,
    reasons: Vec<(&'static str, &'static str)>,
    /// Proven and not ended: the desk can end it.
    open: bool,
}

async fn one(state: &State, at: At, id: RequestId) -> Result<Response, Oops> {
    let view = state.app.request(&at.scope, id).await?;
    let row = row(&view, state.app.now());
    Ok(page(&RequestPage {
        me: at.me,
        desk: at.desk,
        open: view.outcome.is_none() && view.state != "unproven",
        row,
        back: view
            .escalated
            .iter()
            .map(|one| (Moment::of(one.at), one.why.clone()))
            .collect(),
        outcome: view.outcome.as_ref().map(ToString::to_string),
        reasons: reasons(),
    }))
}

/// The reasons that the law knows for a refusal.
pub(super) fn reasons() -> Vec<(&'static str, &'static str)> {
    let all = Justification::ALL.iter();
    all.map(|(key, _, words)| (*key, *words)).collect()
}

/// How a form ends a request or a case.
pub(super) fn ended(fields: &Fields) -> Result<Outcome, Oops> {
    Ok(match fields.get("act") {
        "fulfil" => Outcome::Fulfilled {
            what: fields.get("what").trim().to_owned(),
        },
        "refuse" => Outcome::Refused {
            why: fields.get("why").parse().map_err(app::AppError::Id)?,
            sentence: fields.get("sentence").trim().to_owned(),
        },
        "refer" => Outcome::referred_to(fields.get("country").trim())?,
        _ => return Err(Problem::input(t("problem-choose-for-the-request")).into()),
    })
}

fn number(id: &str) -> Result<RequestId, Oops> {
    Ok(id.parse::<RequestId>().map_err(app::AppError::Id)?)
}

pub(super) fn case_number(id: &str) -> Result<CaseId, Oops> {
    Ok(id.parse::<CaseId>().map_err(app::AppError::Id)?)
}
