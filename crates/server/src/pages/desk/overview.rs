//! What waits at the desk today, each figure with its definition and the page behind it.

use app::policy_desk::ClauseStatus;
use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;
use domain::Timestamp;

use super::{At, Desk};
use crate::State;
use crate::door::Person;
use crate::pages::me::Me;
use crate::pages::{Oops, page};

/// Days ahead in which a clock counts as near.
const NEAR: i64 = 7 * 86_400_000;

#[derive(Template)]
#[template(path = "desk/overview.html")]
struct OverviewPage {
    me: Me,
    desk: Desk,
    figures: Vec<Figure>,
}

struct Figure {
    name: &'static str,
    value: String,
    definition: String,
    href: &'static str,
    bad: bool,
}

impl Figure {
    fn count(name: &'static str, count: usize, definition: &str, href: &'static str) -> Self {
        Self {
            name,
            value: count.to_string(),
            definition: definition.to_owned(),
            href,
            bad: false,
        }
    }

    fn worrying(self) -> Self {
        Self {
            bad: self.value != "0",
            ..self
        }
    }
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk").await?;
    let mut figures = if at.me.operator {
        of_operator(&state, &at).await?
    } else {
        of_tenant(&state, &at).await?
    };
    let standing = state.app.clause_standing().await?;
    let count = |status| {
        let clauses = standing.clauses.iter();
        clauses.filter(|one| one.status == status).count()
    };
    figures.push(Figure::count(
        "Clauses kept",
        count(ClauseStatus::Kept),
        "every test of theirs passed, of this build or within a week, and the installation agrees",
        "/desk/clauses?state=kept",
    ));
    figures.push(
        Figure::count(
            "Clauses broken",
            count(ClauseStatus::Broken),
            "the latest word of a test or of the installation speaks against them",
            "/desk/clauses?state=broken",
        )
        .worrying(),
    );
    figures.push(redaction(&state).await?);
    Ok(page(&OverviewPage {
        me: at.me,
        desk: at.desk,
        figures,
    }))
}

async fn of_tenant(state: &State, at: &At) -> Result<Vec<Figure>, Oops> {
    let (app, scope, now) = (&state.app, &at.scope, state.app.now());
    let cases = app.cases(scope).await?;
    let open = || cases.iter().filter(|view| view.case.outcome.is_none());
    let near = open().filter(|view| is_near(view.case.due, now)).count();
    let holds = app.holds(scope).await?;
    let held: usize = holds.iter().map(|view| view.interactions.len()).sum();
    let overdue = app.retention_preview(scope).await?;
    let due = overdue.iter().filter(|one| !one.on_hold).count();
    let asked = app.openings(scope).await?;
    let waiting = asked.iter().filter(|view| view.state == "asked").count();
    let recipients = app.recipients(scope).await?;
    let short = recipients
        .iter()
        .filter(|view| view.recipient.stopped.is_none() && !view.lacks.is_empty())
        .count();
    let sent = app.disclosures(scope).await?;
    let unclosed = sent
        .iter()
        .filter(|view| view.disclosure.slip.is_none())
        .count();
    Ok(vec![
        Figure::count(
            "Requests open",
            open().count(),
            "persons who wait for an answer",
            "/desk/requests?state=open",
        ),
        Figure::count(
            "Due in a week",
            near,
            "open requests whose day is within seven days or over",
            "/desk/requests?state=open",
        )
        .worrying(),
        Figure::count(
            "Asking to be let in",
            waiting,
            "openings by the operator that wait for your word",
            "/desk/openings",
        )
        .worrying(),
        Figure::count(
            "Held interactions",
            held,
            "kept from erasure, counted once for each case",
            "/desk/holds",
        ),
        Figure::count(
            "Overdue",
            due,
            "their time is over and no hold keeps them; the next run erases them",
            "/desk/retention",
        ),
        Figure::count(
            "Disclosures",
            sent.len(),
            "every time that something left, delivered or not",
            "/desk/disclosures",
        ),
        Figure::count(
            "Not confirmed",
            unclosed,
            "disclosures without a receipt of the other side",
            "/desk/disclosures?state=open",
        )
        .worrying(),
        Figure::count(
            "Exposures told",
            app.breach_notices(scope).await?.len(),
            "what the operator told you of data that was exposed",
            "/desk/exposures",
        ),
        Figure::count(
            "Recipients that lack",
            short,
            "granted, but weaker than the policy asks for today; nothing goes there",
            "/desk/recipients",
        )
        .worrying(),
    ])
}

async fn of_operator(state: &State, at: &At) -> Result<Vec<Figure>, Oops> {
    use app::disclosures::Registered as _;
    let (app, scope, now) = (&state.app, &at.scope, state.app.now());
    let requests = app.requests(scope).await?;
    let state_is = |wanted: &str| requests.iter().filter(|view| view.state == wanted).count();
    let late = requests
        .iter()
        .filter(|view| view.outcome.is_none() && is_near(view.due, now));
    let orders = app.orders(scope).await?;
    let orders_in = |wanted: &str| {
        orders
            .iter()
            .filter(|view| view.order.state() == wanted)
            .count()
    };
    let messages = app.inquiries(scope).await?;
    let waiting = messages.iter().filter(|view| view.inquiry.answer.is_none());
    let breaches = app.breaches(scope).await?;
    let untold = breaches
        .iter()
        .filter(|view| view.breach.customers_told.is_none() && !view.breach.drill);
    let again = orders
        .iter()
        .filter(|view| view.order.look_back_by().is_some());
    Ok(vec![
        Figure::count(
            "Messages waiting",
            waiting.count(),
            "mails, letters and calls without an answer",
            "/desk/inquiries?state=open",
        ),
        Figure::count(
            "Exposures not told",
            untold.count(),
            "known, their 72 hours run, and the customers are not told",
            "/desk/exposures",
        )
        .worrying(),
        Figure::count(
            "Emergencies to look at again",
            again.count(),
            "answered without a court; a third person writes down what they find",
            "/desk/orders",
        )
        .worrying(),
        Figure::count(
            "Came back",
            state_is("escalated"),
            "requests that a customer did not answer in time",
            "/desk/requests?state=escalated",
        )
        .worrying(),
        Figure::count(
            "Passed on",
            state_is("passed_on"),
            "proven requests that lie with whoever holds a match",
            "/desk/requests?state=passed_on",
        ),
        Figure::count(
            "Not proven",
            state_is("unproven"),
            "requests whose code did not come back",
            "/desk/requests?state=unproven",
        ),
        Figure::count(
            "Due in a week",
            late.count(),
            "not ended, and their day is within seven days or over",
            "/desk/requests",
        )
        .worrying(),
        Figure::count(
            "Orders to review",
            orders_in("received"),
            "received, not yet narrowed",
            "/desk/orders",
        ),
        Figure::count(
            "Orders to approve",
            orders_in("reviewed"),
            "reviewed, with fewer than two approvals",
            "/desk/orders",
        ),
    ])
}

async fn redaction(state: &State) -> Result<Figure, Oops> {
    let report = state.app.redaction_report().await?;
    let (value, definition) = match &report {
        None => (
            "–".to_owned(),
            "no audit was run yet; `privity redact audit` plants secrets and looks for them"
                .to_owned(),
        ),
        Some(report) => {
            let missed = report.miss_rate();
            let day: String = report.began.chars().take(10).collect();
            let planted: u64 = report.types.iter().map(|found| found.planted).sum();
            (
                format!("{:.2} %", missed.share * 100.0),
                format!(
                    "of {planted} planted secrets left readable, 95 % interval {:.2} to {:.2} %, {day}",
                    missed.low * 100.0,
                    missed.high * 100.0
                ),
            )
        }
    };
    Ok(Figure {
        name: "Redaction misses",
        value,
        definition,
        href: "/desk/redaction",
        bad: report.is_some_and(|report| report.sightings() > 0),
    })
}

fn is_near(due: Timestamp, now: Timestamp) -> bool {
    due.0 - now.0 <= NEAR
}
