//! The privacy desk: registers, requests, holds, orders, the standing of the clauses. What
//! somebody may see or do here is the policy's answer for their role; a form that they could not
//! send is not shown.

mod cases;
mod clauses;
mod disclosures;
mod exposures;
mod holds;
mod inquiries;
mod leaves;
mod obligations;
mod openings;
pub(crate) mod orders;
mod overview;
mod recipients;
mod redaction;
mod releases;
mod requests;
mod retention;
mod sent;
mod successions;
mod uploads;

use app::{AppError, Scope};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::{Purpose, Timestamp};

use super::Oops;
use super::me::Me;
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;
use crate::{Say, State, t};

pub(super) fn router() -> Router<State> {
    Router::new()
        .route("/desk", get(overview::show))
        .route("/desk/clauses", get(clauses::board).post(clauses::look))
        .route("/desk/ask", get(clauses::ask))
        .route(
            "/desk/disclosures",
            get(disclosures::list).post(disclosures::send),
        )
        .route(
            "/desk/recipients",
            get(recipients::list).post(recipients::grant),
        )
        .route("/desk/recipients/{id}/stop", post(recipients::stop))
        .route("/desk/requests", get(requests::list))
        .route(
            "/desk/requests/{id}",
            get(requests::show).post(requests::act),
        )
        .route("/desk/requests/{id}/pack", post(cases::pack))
        .route("/desk/requests/{id}/erase", post(cases::erase))
        .route("/desk/holds", get(holds::list).post(holds::place))
        .route("/desk/holds/{id}", post(holds::change))
        .route("/desk/retention", get(retention::show).post(retention::set))
        .route("/desk/retention/run", post(retention::run))
        .route("/desk/retention/{id}/end", post(retention::end))
        .route("/desk/openings", get(openings::list).post(openings::ask))
        .route("/desk/openings/{id}", post(openings::answer))
        .route("/desk/orders", get(orders::list).post(orders::receive))
        .route("/desk/orders/{id}", get(orders::show).post(orders::act))
        .route("/desk/redaction", get(redaction::show))
        .merge(rarer())
}

/// Registers that are seldom used, and what the log says of any record.
fn rarer() -> Router<State> {
    let large = || DefaultBodyLimit::max(uploads::LARGEST);
    Router::new()
        .route(
            "/desk/inquiries",
            get(inquiries::list).post(inquiries::write_down),
        )
        .route("/desk/inquiries/mail", post(inquiries::take).layer(large()))
        .route(
            "/desk/inquiries/{id}",
            get(inquiries::show).post(inquiries::answer),
        )
        .route(
            "/desk/exposures",
            get(exposures::list).post(exposures::report),
        )
        .route(
            "/desk/exposures/{id}",
            get(exposures::show).post(exposures::act),
        )
        .route("/desk/exposures/{id}/text", get(exposures::text))
        .route("/desk/releases", get(releases::list).post(releases::act))
        .route(
            "/desk/successions",
            get(successions::list).merge(post(successions::plan).layer(large())),
        )
        .route(
            "/desk/successions/received",
            post(successions::receive).layer(large()),
        )
        .route(
            "/desk/successions/{id}",
            get(successions::show).post(successions::act),
        )
        .route(
            "/desk/obligations",
            get(obligations::list).post(obligations::enter),
        )
        .route("/desk/obligations/{id}", post(obligations::end))
        .route("/desk/records/{id}", get(leaves::record))
        .route("/desk/leaves/{leaf}", get(leaves::show))
        .route("/desk/leaves/{leaf}/proof", get(leaves::proof))
}

/// A page of the desk as somebody stands before it.
struct At {
    me: Me,
    desk: Desk,
    scope: Scope,
}

/// What every page of the desk shows around its own content.
struct Desk {
    parts: Vec<Part>,
    /// Forms are for them.
    acts: bool,
    /// Why they are not, and by which clauses.
    why_not: String,
    clauses: Vec<String>,
}

struct Part {
    href: &'static str,
    name: Say,
    here: bool,
}

/// Address, name, for customers' people, for the operator's.
const PARTS: &[(&str, Say, bool, bool)] = &[
    ("/desk", t("desk-frame-today"), true, true),
    ("/desk/requests", t("desk-frame-requests"), true, true),
    ("/desk/inquiries", t("desk-frame-messages"), false, true),
    ("/desk/holds", t("desk-frame-holds"), true, false),
    ("/desk/retention", t("desk-frame-retention"), true, false),
    (
        "/desk/disclosures",
        t("desk-frame-disclosures"),
        true,
        false,
    ),
    ("/desk/recipients", t("desk-frame-recipients"), true, false),
    ("/desk/releases", t("desk-frame-figures"), true, false),
    (
        "/desk/obligations",
        t("desk-frame-duties-by-law"),
        true,
        false,
    ),
    ("/desk/orders", t("desk-frame-orders"), true, true),
    ("/desk/exposures", t("desk-frame-exposures"), true, true),
    ("/desk/successions", t("desk-frame-passing-on"), true, true),
    ("/desk/openings", t("desk-frame-letting-in"), true, true),
    ("/desk/clauses", t("desk-frame-clauses"), true, true),
    ("/desk/ask", t("desk-frame-explain"), true, true),
    ("/desk/redaction", t("desk-frame-redaction"), true, true),
];

impl At {
    /// Asks the policy whether somebody may look into the registers, and whether they may act.
    async fn of(state: &State, person: &Person, here: &'static str) -> Result<Self, Oops> {
        let scope = scope(state, &person.caller, Purpose::Governance)?;
        state.app.enter_desk(&scope).await?;
        let me = Me::of(state, person, "desk").await?;
        let refused = match state.app.may_keep_registers(&scope) {
            Ok(()) => None,
            Err(AppError::Denied(denial)) => Some(denial),
            Err(other) => return Err(other.into()),
        };
        let operator = me.operator;
        let known = PARTS.iter().find(|(href, ..)| *href == here);
        if let Some((_, _, theirs, ours)) = known
            && !(if operator { *ours } else { *theirs })
        {
            return Err(Problem::not_your_role(t("problem-a-customers-own-register")).into());
        }
        let parts = PARTS
            .iter()
            .filter(|(_, _, theirs, ours)| if operator { *ours } else { *theirs })
            .map(|(href, name, ..)| Part {
                href,
                name: *name,
                here: *href == here,
            })
            .collect();
        Ok(Self {
            desk: Desk {
                parts,
                acts: refused.is_none(),
                why_not: refused
                    .as_ref()
                    .map_or_else(String::new, |denial| denial.sentence.clone()),
                clauses: refused
                    .iter()
                    .flat_map(|denial| &denial.clauses)
                    .map(ToString::to_string)
                    .collect(),
            },
            me,
            scope,
        })
    }
}

/// The scope of whoever sends a form; the act itself asks the policy.
fn acting(state: &State, person: &Person) -> Result<Scope, Oops> {
    Ok(scope(state, &person.caller, Purpose::Governance)?)
}

/// A file that is handed to the browser to keep.
fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        fields.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// How far away a day is, as people say it: `in 12 days`, `3 days late`.
fn distance(due: Timestamp, now: Timestamp) -> String {
    const DAY: i64 = 86_400_000;
    let days = (due.0 - now.0).div_euclid(DAY);
    match days {
        0 => t("desk-frame-due-today").to_string(),
        1 => t("desk-frame-due-tomorrow").to_string(),
        2.. => t("desk-frame-due-in-days").a("days", days).to_string(),
        -1 => t("desk-frame-due-a-day-late").to_string(),
        _ => t("desk-frame-due-days-late").a("days", -days).to_string(),
    }
}

/// A version's hash as people see it.
fn short(version: &str) -> String {
    version.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_says_how_far_its_day_is() {
        let now = Timestamp(1_000_000_000_000);
        let at = |hours: i64| Timestamp(now.0 + hours * 3_600_000);
        let said: Vec<String> = [-30, -1, 5, 30, 24 * 9]
            .map(|h| distance(at(h), now))
            .into();
        assert_eq!(
            said,
            [
                "2 days late",
                "a day late",
                "today",
                "tomorrow",
                "in 9 days"
            ]
        );
    }
}
