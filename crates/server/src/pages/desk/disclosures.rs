//! The register of disclosures: every time that something left, to whom, why, on what basis.

use app::ExportFormat;
use app::disclosures::{DisclosureView, RecipientView, Registered as _};
use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use domain::{InteractionId, RecipientId, Timestamp};

use super::clauses::kinds_in_words;
use super::{At, Desk, acting, sent, short};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::{Say, State, t};

#[derive(Template)]
#[template(path = "desk/disclosures.html")]
struct RegisterPage {
    me: Me,
    desk: Desk,
    states: Vec<Choice>,
    rows: Vec<Row>,
    all: bool,
    granted: Vec<(String, String)>,
    formats: Vec<&'static str>,
    about: String,
}

struct Choice {
    name: Say,
    count: usize,
    href: &'static str,
    chosen: bool,
}

struct Row {
    id: String,
    at: Moment,
    interaction: String,
    what: String,
    to: String,
    why: String,
    basis: String,
    by: String,
    version: String,
    clauses: Vec<String>,
    state: &'static str,
    colour: &'static str,
    receipt: Option<Slip>,
    failure: String,
}

struct Slip {
    at: Moment,
    transport: String,
    answer: String,
    sha256: String,
    bytes: u64,
}

pub(super) async fn list(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/disclosures").await?;
    let asked = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let wanted = asked("state");
    let recipients = state.app.recipients(&at.scope).await?;
    let found = state.app.disclosures(&at.scope).await?;
    let is_open = |view: &DisclosureView| view.disclosure.slip.is_none();
    let open = found.iter().filter(|view| is_open(view)).count();
    let choice = |name, count, href, key: &str| Choice {
        name,
        count,
        href,
        chosen: wanted == key,
    };
    Ok(page(&RegisterPage {
        me: at.me,
        desk: at.desk,
        states: vec![
            choice(
                t("desk-disclosures-all"),
                found.len(),
                "/desk/disclosures",
                "",
            ),
            choice(
                t("desk-disclosures-delivered"),
                found.len() - open,
                "/desk/disclosures?state=delivered",
                "delivered",
            ),
            choice(
                t("desk-disclosures-not-confirmed"),
                open,
                "/desk/disclosures?state=open",
                "open",
            ),
        ],
        all: wanted.is_empty(),
        rows: found
            .iter()
            .filter(|view| match wanted {
                "open" => is_open(view),
                "delivered" => !is_open(view),
                _ => true,
            })
            .map(|view| row(view, &recipients))
            .collect(),
        granted: recipients
            .iter()
            .filter(|view| view.recipient.stopped.is_none())
            .map(|view| (view.id.to_string(), view.recipient.name.expose().to_owned()))
            .collect(),
        formats: ExportFormat::ALL.iter().map(|(name, _)| *name).collect(),
        about: asked("about").to_owned(),
    }))
}

fn row(view: &DisclosureView, recipients: &[RecipientView]) -> Row {
    let told = &view.disclosure;
    let known = recipients.iter().find(|one| Some(one.id) == told.recipient);
    let state = told.state();
    Row {
        id: view.id.to_string(),
        at: Moment::of(view.at),
        interaction: told.interaction.to_string(),
        what: t("desk-disclosures-kinds-as")
            .a("kinds", kinds_in_words(&told.categories))
            .a("format", &told.format)
            .to_string(),
        to: known.map_or_else(
            || told.kind.key().to_owned(),
            |one| format!("{} ({})", one.recipient.name.expose(), told.kind),
        ),
        why: told.reason.expose().to_owned(),
        basis: told.basis.clone(),
        by: told.by.clone(),
        version: short(&told.policy_version),
        clauses: told.clauses.clone(),
        state,
        colour: match state {
            "delivered" => "good",
            "failed" => "bad",
            _ => "busy",
        },
        receipt: told.slip.as_ref().map(|slip| Slip {
            at: Moment::of(Timestamp(slip.at)),
            transport: slip.transport.clone(),
            answer: slip.answer.clone(),
            sha256: slip.sent_sha256.clone(),
            bytes: slip.sent,
        }),
        failure: told.failure.clone().unwrap_or_default(),
    }
}

/// Discloses one interaction. What the policy refuses, and what did not arrive, is told; what did
/// not arrive stands in the register too.
pub(super) async fn send(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let to: RecipientId = sent::id(fields.get("to"))?;
    let id: InteractionId = sent::id(fields.get("id"))?;
    let format: ExportFormat = fields.get("format").parse()?;
    let reason = fields.get("reason");
    match state.app.disclose(&scope, to, id, format, reason).await {
        Ok(_) | Err(app::AppError::Outbound(_)) => Ok(see("/desk/disclosures")),
        Err(other) => Err(other.into()),
    }
}
