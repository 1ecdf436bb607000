//! The list, the search and what did not get through.

use app::{AppError, ListFilter, Page, Summary, Trouble, rfc3339};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use domain::Purpose;
use serde::Deserialize;

use super::{Oops, page};
use crate::State;
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    id: String,
    started: String,
    channel: &'static str,
    length: String,
    status: String,
    warned: bool,
    warnings: String,
    turns: u32,
    words: u32,
    removed: Vec<String>,
}

impl From<&Summary> for Row {
    fn from(summary: &Summary) -> Self {
        Self {
            id: summary.id.to_string(),
            started: when(&rfc3339(summary.started)),
            channel: summary.channel.key(),
            length: summary
                .duration
                .map_or_else(String::new, |long| long.to_string()),
            status: summary.status_text(),
            warned: !summary.warnings.is_empty(),
            warnings: summary.warnings.join("; "),
            turns: summary.turns,
            words: summary.words,
            removed: summary
                .redactions
                .iter()
                .map(|(kind, count)| format!("{} {count}", kind.tag()))
                .collect(),
        }
    }
}

/// `2026-10-05 09:12:00`.
pub(super) fn when(rfc3339: &str) -> String {
    rfc3339.trim_end_matches('Z').replace('T', " ")
}

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<String>,
}

pub(super) async fn list(
    Shared(state): Shared<State>,
    Person(caller): Person,
    Query(query): Query<After>,
) -> Result<Response, Oops> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let wanted = Page {
        limit: PER_PAGE,
        after: query
            .after
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(AppError::Id)?,
    };
    let found = state
        .app
        .list(&scope, &ListFilter::default(), &wanted)
        .await?;
    let full = found.len() >= usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    Ok(page(&ListPage {
        next: found
            .last()
            .filter(|_| full)
            .map(|last| last.id.to_string()),
        rows: found.iter().map(Row::from).collect(),
    }))
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    query: String,
    fault: Option<Fault>,
    found: Option<Results>,
}

struct Fault {
    caret: String,
    message: String,
}

struct Results {
    total: usize,
    examined: usize,
    explained: String,
    hits: Vec<Hit>,
}

struct Hit {
    id: String,
    started: String,
    channel: &'static str,
    matches: usize,
    snippets: Vec<Snippet>,
}

struct Snippet {
    at: String,
    at_ms: u64,
    speaker: String,
    pieces: Vec<app::Piece>,
}

pub(super) async fn ask(Person(_): Person) -> Response {
    page(&SearchPage {
        query: String::new(),
        fault: None,
        found: None,
    })
}

#[derive(Deserialize)]
pub(super) struct Asked {
    query: String,
}

/// Searches by POST, so that a query reaches no address bar, history or log.
pub(super) async fn search(
    Shared(state): Shared<State>,
    Person(caller): Person,
    Form(asked): Form<Asked>,
) -> Result<Response, Oops> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let (fault, found) = match state.app.search(&scope, &asked.query, 0, 50).await {
        Ok(found) => (None, Some(results(&found))),
        Err(AppError::Query { message, column }) => (
            Some(Fault {
                caret: format!("{:>column$}", "^"),
                message,
            }),
            None,
        ),
        Err(other) => return Err(Problem::from(other).into()),
    };
    Ok(page(&SearchPage {
        query: asked.query,
        fault,
        found,
    }))
}

fn results(found: &app::Found) -> Results {
    Results {
        total: found.total,
        examined: found.examined,
        explained: found.explained.clone(),
        hits: found
            .hits
            .iter()
            .map(|hit| Hit {
                id: hit.summary.id.to_string(),
                started: when(&rfc3339(hit.summary.started)),
                channel: hit.summary.channel.key(),
                matches: hit.matches,
                snippets: hit
                    .snippets
                    .iter()
                    .map(|snippet| Snippet {
                        at: snippet.at.to_string(),
                        at_ms: snippet.turn_start.0,
                        speaker: snippet.speaker.to_string(),
                        pieces: snippet.pieces.clone(),
                    })
                    .collect(),
            })
            .collect(),
    }
}

#[derive(Template)]
#[template(path = "troubles.html")]
struct TroublesPage {
    rows: Vec<TroubleRow>,
}

struct TroubleRow {
    at: String,
    what: String,
    stage: String,
    reason: String,
    sentence: String,
}

pub(super) async fn troubles(
    Shared(state): Shared<State>,
    Person(caller): Person,
) -> Result<Response, Oops> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.troubles(&scope).await?;
    let rows = found.into_iter().map(|trouble: Trouble| TroubleRow {
        at: when(&rfc3339(trouble.at)),
        what: trouble.what,
        stage: trouble.stage,
        reason: trouble.reason,
        sentence: trouble.sentence,
    });
    Ok(page(&TroublesPage {
        rows: rows.collect(),
    }))
}
