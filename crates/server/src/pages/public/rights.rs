//! Where a person proves a request that an agent made for them (`user_verification_url`): the
//! code from the letter, nothing else. The page says who asked.

use app::AppError;
use askama::Template;
use axum::extract::{Path, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{RequestId, Secret};
use serde::Deserialize;

use super::requests::unknown;
use crate::pace::{Guest, Paced};
use crate::pages::forms::{Bound, Fields};
use crate::pages::{Oops, page};
use crate::problem::Problem;
use crate::{State, t};

#[derive(Template)]
#[template(path = "public/verify_request.html")]
struct ProvePage {
    csrf: String,
    id: String,
    agent: String,
    /// Back to the agent, on its own site only.
    back: String,
    fault: Option<String>,
    /// A new code is on its way.
    renewed: bool,
    proven: bool,
}

/// What the agent adds to the address.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Added {
    redirect_to: String,
    request_id: String,
}

pub(super) async fn form(
    Shared(state): Shared<State>,
    guest: Guest,
    Path(id): Path<String>,
    Query(added): Query<Added>,
    request: Request,
) -> Result<Response, Oops> {
    state.pace.take(&guest, Paced::Trying)?;
    // The protocol lets the agent name the request a second time: it must be the same.
    if !added.request_id.is_empty() && added.request_id != id {
        return Err(mismatch().into());
    }
    let (agent, site) = behind(&state, &id).await?;
    let bound = Bound::new(&state, &request)?;
    let shown = page(&ProvePage {
        csrf: bound.csrf.clone(),
        id,
        agent,
        back: back(&added.redirect_to, &site),
        fault: None,
        renewed: false,
        proven: false,
    });
    Ok(bound.on(shown))
}

pub(super) async fn prove(
    Shared(state): Shared<State>,
    guest: Guest,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    state.pace.take(&guest, Paced::Trying)?;
    let (agent, site) = behind(&state, &id).await?;
    let number = number(&id)?;
    let renews = fields.get("act") == "renew";
    let outcome = if renews {
        state.app.renew_code(number).await
    } else {
        let digits: String = fields
            .get("code")
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let code = Secret::new(digits);
        state.app.prove_for_agent(number, &code).await
    };
    let (status, fault) = match outcome.map_err(unknown) {
        Ok(()) => (StatusCode::OK, None),
        Err(problem) if problem.status().is_server_error() => return Err(problem.into()),
        Err(problem) => (problem.status(), Some(problem.detail().to_owned())),
    };
    let shown = page(&ProvePage {
        csrf: fields.get("csrf").to_owned(),
        id,
        agent,
        back: back(fields.get("back"), &site),
        renewed: renews && fault.is_none(),
        proven: !renews && fault.is_none(),
        fault,
    });
    Ok((status, shown).into_response())
}

/// Who asked, and the origin of their site.
async fn behind(state: &State, id: &str) -> Result<(String, String), Problem> {
    state.app.agent_behind(number(id)?).await.map_err(unknown)
}

fn number(id: &str) -> Result<RequestId, Problem> {
    id.parse().map_err(|_| {
        unknown(AppError::NotFound {
            what: "request",
            name: String::new(),
        })
    })
}

fn mismatch() -> Problem {
    Problem::input(t("problem-two-requests"))
}

/// An address on the agent's own site, else its front page.
fn back(wanted: &str, site: &str) -> String {
    let path = wanted.strip_prefix(site);
    let fits = path.is_some_and(|path| path.is_empty() || path.starts_with('/'));
    if fits { wanted } else { site }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        let site = "https://agent.example";
        assert_eq!(
            back("https://agent.example/done?x=1", site),
            "https://agent.example/done?x=1"
        );
        for foreign in [
            "https://agent.example.evil.example/",
            "https://agent.example@evil.example/",
            "//evil.example",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(back(foreign, site), site, "{foreign}");
        }
    }
}
