//! What people write to the operator or call about: each message has somebody who answers it and a
//! day. The operator's desk only.

use app::inquiries::{InquiryView, KINDS, WrittenDown};
use askama::Template;
use axum::extract::{Path, Query, Request, State as Shared};
use axum::response::Response;
use domain::{InquiryId, Secret};

use super::leaves::{self, Leaf};
use super::requests::Clock;
use super::sent::{self, operators_only};
use super::uploads::Upload;
use super::{At, Desk, acting, short};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Why somebody of a customer does not act here.
const OPERATORS: Say = t("problem-messages-lie-at-the-operator");

#[derive(Template)]
#[template(path = "desk/inquiries.html")]
struct InquiriesPage {
    me: Me,
    desk: Desk,
    states: Vec<Choice>,
    rows: Vec<Row>,
    kinds: &'static [&'static str],
    handle: String,
    /// Letters can leave from here.
    letters: bool,
}

struct Choice {
    name: Say,
    count: usize,
    href: &'static str,
    chosen: bool,
}

struct Row {
    id: String,
    received: Moment,
    kind: String,
    way: Say,
    from: String,
    subject: String,
    owner: String,
    state: Say,
    colour: &'static str,
    clock: Clock,
}

/// Names of the states with their addresses.
const STATES: &[(&str, Say, &str)] = &[
    ("", t("desk-inquiries-all"), "/desk/inquiries"),
    (
        "open",
        t("desk-inquiries-waiting"),
        "/desk/inquiries?state=open",
    ),
    (
        "answered",
        t("desk-inquiries-answered"),
        "/desk/inquiries?state=answered",
    ),
];

pub(super) async fn list(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/inquiries").await?;
    let all = state.app.inquiries(&at.scope).await?;
    let asked = pairs.iter().find(|(name, _)| name == "state");
    let asked = asked.map_or("", |(_, value)| value.as_str());
    let fits = |view: &&InquiryView, wanted: &str| wanted.is_empty() || view.state == wanted;
    let now = state.app.now();
    Ok(page(&InquiriesPage {
        me: at.me,
        desk: at.desk,
        states: STATES
            .iter()
            .map(|(key, name, href)| Choice {
                name: *name,
                count: all.iter().filter(|view| fits(view, key)).count(),
                href,
                chosen: *key == asked,
            })
            .collect(),
        rows: all
            .iter()
            .filter(|view| fits(view, asked))
            .map(|view| row(view, now))
            .collect(),
        kinds: KINDS,
        handle: person.caller.handle().to_owned(),
        letters: state.app.writes_letters(),
    }))
}

fn row(view: &InquiryView, now: domain::Timestamp) -> Row {
    let inquiry = &view.inquiry;
    let open = inquiry.answer.is_none();
    Row {
        id: view.id.to_string(),
        received: Moment::of(view.received),
        kind: inquiry.kind.clone(),
        way: match inquiry.way.as_str() {
            "letter" => t("desk-inquiries-a-letter"),
            "call" => t("desk-inquiries-by-call"),
            _ => t("desk-inquiries-mail"),
        },
        from: inquiry.from.expose().to_owned(),
        subject: inquiry.subject.expose().to_owned(),
        owner: inquiry.owner.clone(),
        state: if open {
            t("desk-inquiries-waits-for-an-answer")
        } else {
            t("desk-inquiries-is-answered")
        },
        colour: match (open, inquiry.due < now) {
            (true, true) => "bad",
            (true, false) => "busy",
            (false, _) => "good",
        },
        clock: Clock::of(inquiry.due, now, open),
    }
}

#[derive(Template)]
#[template(path = "desk/inquiry.html")]
struct InquiryPage {
    me: Me,
    desk: Desk,
    row: Row,
    text: String,
    request: Option<String>,
    judged: Option<Judged>,
    answer: Option<Answered>,
    /// An answer leaves as a letter.
    by_mail: bool,
    leaves: Vec<Leaf>,
}

struct Judged {
    at: Moment,
    version: String,
    short: String,
}

struct Answered {
    by: String,
    at: Moment,
    text: String,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/inquiries").await?;
    let view = state.app.inquiry(&at.scope, sent::id(&id)?).await?;
    let leaves = leaves::of(&state, &at, &id).await?;
    let inquiry = &view.inquiry;
    let judged = inquiry.facts_at.zip(inquiry.judged_by.clone());
    Ok(page(&InquiryPage {
        me: at.me,
        desk: at.desk,
        row: row(&view, state.app.now()),
        text: inquiry.text.expose().trim().to_owned(),
        request: inquiry.request.map(|id| id.to_string()),
        judged: judged.map(|(at, version)| Judged {
            at: Moment::of(at),
            short: short(&version),
            version,
        }),
        answer: inquiry.answer.as_ref().map(|answer| Answered {
            by: answer.by.clone(),
            at: Moment::of(answer.at),
            text: answer.text.expose().to_owned(),
        }),
        by_mail: inquiry.has_mail(),
        leaves,
    }))
}

/// Writes a letter or a call down, or opens a dispute.
pub(super) async fn write_down(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    operators_only(&person, OPERATORS)?;
    let id = match fields.get("act") {
        "dispute" => {
            let day = app::parse_time(&format!("{}T12:00:00Z", fields.get("day").trim()))?;
            let facts = fields.get("text");
            let from = Secret::new(fields.get("from").trim());
            if from.expose().is_empty() {
                return Err(Problem::input(t("problem-say-who-disputes-it")).into());
            }
            state.app.open_dispute(&scope, &from, facts, day).await?
        }
        _ => {
            let new = WrittenDown {
                way: fields.get("way").to_owned(),
                kind: fields.get("kind").to_owned(),
                from: fields.secret("from"),
                subject: fields.secret("subject"),
                text: fields.secret("text"),
                owner: fields.get("owner").to_owned(),
            };
            state.app.write_down(&scope, &new).await?
        }
    };
    Ok(see(&format!("/desk/inquiries/{id}")))
}

/// Takes messages in that a mail program saved.
pub(super) async fn take(
    Shared(state): Shared<State>,
    person: Person,
    request: Request,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let scope = acting(&state, &person)?;
    let form = Upload::read(&person, request, "message").await?;
    let owner = person.caller.handle();
    form.file()?;
    let mut taken = None;
    for message in form.files() {
        taken = Some(state.app.take_desk_mail(&scope, owner, message).await?);
    }
    Ok(match taken {
        Some(one) if form.files().count() == 1 => see(&format!("/desk/inquiries/{}", one.id)),
        _ => see("/desk/inquiries"),
    })
}

/// Answers a message.
pub(super) async fn answer(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let (scope, id) = (acting(&state, &person)?, sent::id::<InquiryId>(&id)?);
    state
        .app
        .answer_inquiry(&scope, id, fields.get("text"))
        .await?;
    Ok(see(&format!("/desk/inquiries/{id}")))
}
