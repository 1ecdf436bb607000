//! Exposures of data: at the operator's desk a register with the clock of 72 hours; for a tenant
//! what it was told, with the letters that it sends.

use std::collections::BTreeMap;

use app::breaches::{Breach, BreachNotice, BreachView};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{BreachId, DataCategory, Millis, TenantSlug, Timestamp};

use super::clauses::{kinds_in_words, kinds_offered};
use super::leaves::{self, Leaf};
use super::sent::{self, operators_only};
use super::{At, Desk, acting, file};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::{Moment, lasting};
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Why somebody of a customer does not act here.
const OPERATORS: Say = t("problem-exposures-are-the-operators");

#[derive(Template)]
#[template(path = "desk/exposures.html")]
struct ExposuresPage {
    me: Me,
    desk: Desk,
    rows: Vec<Row>,
    told: Vec<Told>,
    kinds: Vec<(&'static str, Say)>,
    now: String,
}

struct Row {
    id: String,
    known: Moment,
    due: Moment,
    /// What of the 72 hours is left, or how far they are over.
    clock: String,
    late: bool,
    what: String,
    customers: usize,
    drill: bool,
    state: Say,
    colour: &'static str,
}

/// What a tenant was told.
struct Told {
    id: String,
    known: Moment,
    what: String,
    kinds: String,
    interactions: usize,
    consequences: String,
    measures: String,
    drill: bool,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/exposures").await?;
    let now = state.app.now();
    let (mut rows, mut told) = (Vec::new(), Vec::new());
    if at.me.operator {
        let all = state.app.breaches(&at.scope).await?;
        rows = all.iter().map(|view| row(view, now)).collect();
    } else {
        let all = state.app.breach_notices(&at.scope).await?;
        told = all.iter().map(notice).collect();
    }
    Ok(page(&ExposuresPage {
        me: at.me,
        desk: at.desk,
        rows,
        told,
        kinds: kinds_offered(DataCategory::ALL),
        now: minute(now),
    }))
}

/// An instant as a field of the kind `datetime-local` has it, in UTC.
fn minute(at: Timestamp) -> String {
    app::rfc3339(at).chars().take(16).collect()
}

fn row(view: &BreachView, now: Timestamp) -> Row {
    let breach = &view.breach;
    let due = breach.due();
    let open = breach.customers_told.is_none();
    let apart = |from: Timestamp, to: Timestamp| lasting(Millis(to.since(from).0));
    let (state, colour) = match view.state {
        "known" => (t("desk-exposures-nobody-is-told-yet"), "bad"),
        "customers_told" => (t("desk-exposures-the-customers-are-told"), "busy"),
        _ => (t("desk-exposures-all-told"), "good"),
    };
    Row {
        id: view.id.to_string(),
        known: Moment::of(breach.known),
        due: Moment::of(due),
        clock: match (open, now > due) {
            (true, false) => t("desk-exposures-left")
                .a("time", apart(now, due))
                .to_string(),
            (true, true) => t("desk-exposures-over")
                .a("time", apart(due, now))
                .to_string(),
            (false, _) => String::new(),
        },
        late: breach.is_late(now),
        what: breach.what.expose().to_owned(),
        customers: breach.concerned.len(),
        drill: breach.drill,
        state,
        colour,
    }
}

fn notice(told: &BreachNotice) -> Told {
    Told {
        id: told.breach.to_string(),
        known: Moment::of(told.known),
        what: told.what.expose().to_owned(),
        kinds: kinds_in_words(&told.categories),
        interactions: told.interactions.len(),
        consequences: told.consequences.expose().to_owned(),
        measures: told.measures.expose().to_owned(),
        drill: told.drill,
    }
}

#[derive(Template)]
#[template(path = "desk/exposure.html")]
struct ExposurePage {
    me: Me,
    desk: Desk,
    row: Row,
    kinds: String,
    concerned: Vec<(String, String)>,
    consequences: String,
    measures: String,
    customers_told: Option<Moment>,
    authority_told: Option<Moment>,
    delay: Option<String>,
    /// The 72 hours are over, so telling needs a reason.
    over: bool,
    form: String,
    leaves: Vec<Leaf>,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let at = At::of(&state, &person, "/desk/exposures").await?;
    let number: BreachId = sent::id(&id)?;
    let view = state.app.breach_view(&at.scope, number).await?;
    let leaves = leaves::of(&state, &at, &id).await?;
    let breach = &view.breach;
    let mut concerned = Vec::new();
    for (tenant, ids) in &breach.concerned {
        let which = t("desk-exposures-which-interactions")
            .a("count", ids.len())
            .to_string();
        concerned.push((state.app.tenant_by_id(*tenant).await?.name, which));
    }
    Ok(page(&ExposurePage {
        row: row(&view, state.app.now()),
        kinds: kinds_in_words(&breach.categories),
        concerned,
        consequences: breach.consequences.expose().to_owned(),
        measures: breach.measures.expose().to_owned(),
        customers_told: breach.customers_told.map(Moment::of),
        authority_told: breach.authority_told.map(Moment::of),
        delay: breach.delay.clone(),
        over: state.app.now() > breach.due(),
        form: state.app.breach_form(&at.scope, number).await?,
        leaves,
        me: at.me,
        desk: at.desk,
    }))
}

/// Writes an exposure down: the clock runs from when it became known.
pub(super) async fn report(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let scope = acting(&state, &person)?;
    let slugs: Vec<&str> = sent::words(fields.get("customers")).collect();
    let ids = sent::interactions(&fields, "ids")?;
    if !ids.is_empty() && slugs.len() != 1 {
        let why = t("problem-an-interaction-is-of-one-customer");
        return Err(Problem::input(why).into());
    }
    let mut concerned = BTreeMap::new();
    for slug in slugs {
        let slug: TenantSlug = sent::id(slug)?;
        concerned.insert(state.app.tenant(&slug).await?.id, ids.clone());
    }
    let breach = Breach {
        known: app::parse_time(&format!("{}:00Z", fields.get("known").trim()))?,
        what: fields.secret("what"),
        categories: sent::kinds(&fields)?,
        concerned,
        consequences: fields.secret("consequences"),
        measures: fields.secret("measures"),
        drill: fields.get("drill") == "yes",
        customers_told: None,
        authority_told: None,
        delay: None,
    };
    let id = state.app.report_breach(&scope, &breach).await?;
    Ok(see(&format!("/desk/exposures/{id}")))
}

/// Tells the customers, or writes down that the authority was told.
pub(super) async fn act(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    operators_only(&person, OPERATORS)?;
    let (scope, id) = (acting(&state, &person)?, sent::id::<BreachId>(&id)?);
    match fields.get("act") {
        "tell" => {
            let delay = Some(fields.get("delay")).filter(|why| !why.trim().is_empty());
            state.app.tell_customers(&scope, id, delay).await?;
        }
        "authority" => state.app.told_authority(&scope, id).await?,
        _ => return Err(Problem::input(t("problem-choose-for-the-exposure")).into()),
    }
    Ok(see(&format!("/desk/exposures/{id}")))
}

/// The authority's form, or for a tenant the letter to its persons, as a file.
pub(super) async fn text(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/exposures").await?;
    let number: BreachId = sent::id(&id)?;
    let (name, text) = if at.me.operator {
        let form = state.app.breach_form(&at.scope, number).await?;
        (format!("{number}-form.txt"), form)
    } else {
        let all = state.app.breach_notices(&at.scope).await?;
        let told = all.iter().find(|told| told.breach == number);
        let told = told.ok_or_else(|| app::AppError::NotFound {
            what: "exposure",
            name: id,
        })?;
        let letter = told.letter(&state.app.policy().head().contact);
        (format!("{number}-letter.txt"), letter)
    };
    Ok(file(&name, "text/plain; charset=utf-8", text.into_bytes()))
}
