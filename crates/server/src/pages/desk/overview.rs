//! What waits at the desk today, each figure with its definition and the page behind it.

use app::policy_desk::ClauseStatus;
use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;
use domain::Timestamp;

use super::{At, Desk};
use crate::door::Person;
use crate::pages::me::Me;
use crate::pages::{Oops, page};
use crate::{Say, State, t};

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
    name: Say,
    value: String,
    definition: String,
    href: &'static str,
    bad: bool,
}

impl Figure {
    fn count(name: Say, count: usize, definition: Say, href: &'static str) -> Self {
        Self {
            name,
            value: count.to_string(),
            definition: definition.to_string(),
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
        t("desk-overview-clauses-kept"),
        count(ClauseStatus::Kept),
        t("desk-overview-every-test-of-theirs-passed-of"),
        "/desk/clauses?state=kept",
    ));
    figures.push(
        Figure::count(
            t("desk-overview-clauses-broken"),
            count(ClauseStatus::Broken),
            t("desk-overview-the-latest-word-of-a-test"),
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
            t("desk-overview-requests-open"),
            open().count(),
            t("desk-overview-persons-who-wait-for-an-answer"),
            "/desk/requests?state=open",
        ),
        Figure::count(
            t("desk-overview-due-in-a-week"),
            near,
            t("desk-overview-open-requests-whose-day-is-within"),
            "/desk/requests?state=open",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-asking-to-be-let-in"),
            waiting,
            t("desk-overview-openings-by-the-operator-that-wait"),
            "/desk/openings",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-held-interactions"),
            held,
            t("desk-overview-kept-from-erasure-counted-once-for"),
            "/desk/holds",
        ),
        Figure::count(
            t("desk-overview-overdue"),
            due,
            t("desk-overview-their-time-is-over-and-no"),
            "/desk/retention",
        ),
        Figure::count(
            t("desk-overview-disclosures"),
            sent.len(),
            t("desk-overview-every-time-that-something-left-delivered"),
            "/desk/disclosures",
        ),
        Figure::count(
            t("desk-overview-not-confirmed"),
            unclosed,
            t("desk-overview-disclosures-without-a-receipt-of-the"),
            "/desk/disclosures?state=open",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-exposures-told"),
            app.breach_notices(scope).await?.len(),
            t("desk-overview-what-the-operator-told-you-of"),
            "/desk/exposures",
        ),
        Figure::count(
            t("desk-overview-recipients-that-lack"),
            short,
            t("desk-overview-granted-but-weaker-than-the-policy"),
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
            t("desk-overview-messages-waiting"),
            waiting.count(),
            t("desk-overview-mails-letters-and-calls-without-an"),
            "/desk/inquiries?state=open",
        ),
        Figure::count(
            t("desk-overview-exposures-not-told"),
            untold.count(),
            t("desk-overview-known-their-72-hours-run-and"),
            "/desk/exposures",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-emergencies-to-look-at-again"),
            again.count(),
            t("desk-overview-answered-without-a-court-a-third"),
            "/desk/orders",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-came-back"),
            state_is("escalated"),
            t("desk-overview-requests-that-a-customer-did-not"),
            "/desk/requests?state=escalated",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-passed-on"),
            state_is("passed_on"),
            t("desk-overview-proven-requests-that-lie-with-whoever"),
            "/desk/requests?state=passed_on",
        ),
        Figure::count(
            t("desk-overview-not-proven"),
            state_is("unproven"),
            t("desk-overview-requests-whose-code-did-not-come"),
            "/desk/requests?state=unproven",
        ),
        Figure::count(
            t("desk-overview-due-in-a-week"),
            late.count(),
            t("desk-overview-not-ended-and-their-day-is"),
            "/desk/requests",
        )
        .worrying(),
        Figure::count(
            t("desk-overview-orders-to-review"),
            orders_in("received"),
            t("desk-overview-received-not-yet-narrowed"),
            "/desk/orders",
        ),
        Figure::count(
            t("desk-overview-orders-to-approve"),
            orders_in("reviewed"),
            t("desk-overview-reviewed-with-fewer-than-two-approvals"),
            "/desk/orders",
        ),
    ])
}

async fn redaction(state: &State) -> Result<Figure, Oops> {
    let report = state.app.redaction_report().await?;
    let (value, definition) = match &report {
        None => (
            "–".to_owned(),
            t("desk-overview-no-audit-was-run-yet").to_string(),
        ),
        Some(report) => {
            let missed = report.miss_rate();
            let day: String = report.began.chars().take(10).collect();
            let planted: u64 = report.types.iter().map(|found| found.planted).sum();
            (
                format!("{:.2} %", missed.share * 100.0),
                t("desk-overview-of-planted")
                    .a("planted", planted)
                    .a("low", format!("{:.2}", missed.low * 100.0))
                    .a("high", format!("{:.2}", missed.high * 100.0))
                    .a("day", day)
                    .to_string(),
            )
        }
    };
    Ok(Figure {
        name: t("desk-overview-redaction-misses"),
        value,
        definition,
        href: "/desk/redaction",
        bad: report.is_some_and(|report| report.sightings() > 0),
    })
}

fn is_near(due: Timestamp, now: Timestamp) -> bool {
    due.0 - now.0 <= NEAR
}
