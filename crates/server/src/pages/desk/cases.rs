//! One person's request at one tenant: its steps, its clock, and what answers it.

use app::Scope;
use app::requests::{CaseView, CorrectionOrder, RequestKind};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{CaseId, Timestamp};

use super::requests::{
    Clock, Row, case_number, colour, ended, kind_in_words, reasons, state_in_words,
};
use super::{At, Desk, acting, file};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page};
use crate::{State, t};

#[derive(Template)]
#[template(path = "desk/case.html")]
struct CasePage {
    me: Me,
    desk: Desk,
    row: Row,
    request: String,
    message: String,
    steps: Vec<Step>,
    outcome: Option<String>,
    reasons: Vec<(&'static str, &'static str)>,
    open: bool,
    paused: bool,
    extendable: bool,
    wants_pack: bool,
    wants_erasure: bool,
    /// Where something may be corrected; empty for another kind of request.
    correctable: Vec<String>,
    receipt: Option<Receipt>,
}

struct Step {
    at: Option<Moment>,
    what: String,
}

/// Shown once, after an erasure.
struct Receipt {
    count: usize,
    taken_out: usize,
    text: String,
}

pub(super) fn row(view: &CaseView, now: Timestamp) -> Row {
    let case = &view.case;
    let runs = case.outcome.is_none() && case.paused.is_none();
    Row {
        id: view.id.to_string(),
        kind: kind_in_words(case.kind),
        law: case.law.key().to_uppercase(),
        who: case.identifier.expose().to_owned(),
        received: Moment::of(case.received),
        key: view.state,
        state: state_in_words(view.state),
        colour: colour(view.state),
        clock: Clock::of(case.due, now, runs),
        more: if case.extension.is_some() {
            t("desk-requests-is-extended").to_string()
        } else {
            String::new()
        },
    }
}

pub(super) async fn one(state: &State, at: At, id: CaseId) -> Result<Response, Oops> {
    shown(state, at, id, None).await
}

async fn shown(
    state: &State,
    at: At,
    id: CaseId,
    receipt: Option<Receipt>,
) -> Result<Response, Oops> {
    let view = state.app.case_view(&at.scope, id).await?;
    let (row, case) = (row(&view, state.app.now()), &view.case);
    let correctable = if case.kind == RequestKind::Rectification && case.outcome.is_none() {
        state.app.interactions_of_case(&at.scope, id).await?
    } else {
        Vec::new()
    };
    Ok(page(&CasePage {
        me: at.me,
        desk: at.desk,
        row,
        request: case.request.to_string(),
        message: case.message.expose().trim().to_owned(),
        steps: steps(&view),
        outcome: case.outcome.as_ref().map(ToString::to_string),
        reasons: reasons(),
        open: case.outcome.is_none(),
        paused: case.paused.is_some(),
        extendable: case.extension.is_none() && state.app.now() <= case.due,
        wants_pack: matches!(case.kind, RequestKind::Access | RequestKind::Portability),
        wants_erasure: case.kind == RequestKind::Erasure,
        correctable: correctable.iter().map(ToString::to_string).collect(),
        receipt,
    }))
}

/// What happened to a case, in order.
fn steps(view: &CaseView) -> Vec<Step> {
    let case = &view.case;
    let mut steps = vec![
        Step {
            at: Some(Moment::of(case.received)),
            what: t("desk-case-received-by-the-operator-the").to_string(),
        },
        Step {
            at: None,
            what: t("desk-case-the-person-proved-the-number").to_string(),
        },
        Step {
            at: None,
            what: t("desk-case-your-keyed-hashes-hold-a").to_string(),
        },
    ];
    if let Some(why) = &case.extension {
        steps.push(Step {
            at: None,
            what: t("desk-case-more-time-was-taken-and")
                .a("why", why)
                .to_string(),
        });
    }
    if let Some(since) = case.paused {
        steps.push(Step {
            at: Some(Moment::of(since)),
            what: t("desk-case-the-clock-stands-until-the").to_string(),
        });
    }
    if let Some(back) = case.escalated {
        steps.push(Step {
            at: Some(Moment::of(back)),
            what: t("desk-case-its-day-passed-so-it").to_string(),
        });
    }
    if case.outcome.is_some() {
        steps.push(Step {
            at: None,
            what: t("desk-case-ended-and-the-person-told").to_string(),
        });
    }
    steps
}

/// Extends, pauses, resumes or ends a case.
pub(super) async fn act(
    state: &State,
    scope: &Scope,
    id: CaseId,
    fields: &Fields,
) -> Result<(), Oops> {
    match fields.get("act") {
        "extend" => {
            state
                .app
                .extend_case(scope, id, fields.get("reason"))
                .await?
        }
        "pause" => {
            state
                .app
                .pause_case(scope, id, fields.get("question"))
                .await?
        }
        "resume" => state.app.resume_case(scope, id).await?,
        "rectify" => {
            state
                .app
                .rectify_for(scope, id, &correction(fields)?)
                .await?;
        }
        _ => state.app.end_case(scope, id, &ended(fields)?).await?,
    }
    Ok(())
}

/// What the person says instead, as the form has it.
fn correction(fields: &Fields) -> Result<CorrectionOrder, Oops> {
    let moment = |name: &str| match fields.get(name).trim() {
        "" => Ok(None),
        text => app::review::moment_of(text).map(Some),
    };
    let interaction = fields.get("interaction").parse();
    Ok(CorrectionOrder {
        interaction: interaction.map_err(app::AppError::Id)?,
        says: fields.secret("says"),
        stretch: moment("from")?.zip(moment("until")?),
    })
}

/// Everything that is held about the person, as one file.
pub(super) async fn pack(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let id = case_number(&id)?;
    let pack = state.app.access_pack(&scope, id).await?;
    Ok(file(
        &format!("{id}.zip"),
        "application/zip",
        pack.bytes.to_vec(),
    ))
}

/// Erases what is held about the person; the receipt is on the page that answers.
pub(super) async fn erase(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let id = case_number(&id)?;
    if fields.get("sure") != "yes" {
        return Err(crate::problem::Problem::input(t("problem-nothing-was-erased")).into());
    }
    let receipt = state.app.erase_for(&scope, id).await?;
    let at = At::of(&state, &person, "/desk/requests").await?;
    let receipt = Receipt {
        count: receipt.erased.len(),
        taken_out: receipt.taken_out.len(),
        text: receipt.text,
    };
    shown(&state, at, id, Some(receipt)).await
}
