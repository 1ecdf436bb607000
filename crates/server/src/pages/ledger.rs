//! The tenant's part of the transparency log, for its owner and privacy officer.

use app::LedgerLine;
use askama::Template;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::{LeafIndex, Purpose};

use super::me::Me;
use super::overview::Moment;
use super::{Oops, page};
use crate::State;
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;

/// Newest lines that are looked at.
const LOOKED_AT: u64 = 400;
/// Kinds that can be asked for.
const KINDS: &[&str] = &[
    "refused",
    "opened",
    "found",
    "sealed",
    "taken_in",
    "disclosed",
    "erasing",
    "erased",
    "published",
];

#[derive(Template)]
#[template(path = "ledger.html")]
struct LedgerPage {
    me: Me,
    kinds: Vec<Kind>,
    lines: Vec<Line>,
    looked_at: usize,
    all: bool,
}

struct Kind {
    key: &'static str,
    name: String,
    count: usize,
    chosen: bool,
}

struct Line {
    leaf: u64,
    at: Moment,
    kind: String,
    state: &'static str,
    actor: String,
    role: String,
    purpose: String,
    interaction: Option<String>,
    clauses: Vec<String>,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let me = may(&state, &person).await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let asked = pairs.iter().find(|(name, _)| name == "kind");
    let asked = asked.map(|(_, kind)| kind.as_str()).unwrap_or_default();
    let lines = state.app.ledger(&scope, LOOKED_AT).await?;
    let is =
        |line: &LedgerLine, kind: &str| line.what.as_ref().is_some_and(|deed| deed.kind == kind);
    let kinds = KINDS
        .iter()
        .map(|key| Kind {
            key,
            name: key.replace('_', " "),
            count: lines.iter().filter(|line| is(line, key)).count(),
            chosen: *key == asked,
        })
        .filter(|kind| kind.count > 0)
        .collect();
    let looked_at = lines.len();
    Ok(page(&LedgerPage {
        me,
        kinds,
        looked_at,
        all: asked.is_empty(),
        lines: lines
            .into_iter()
            .filter(|line| asked.is_empty() || is(line, asked))
            .take(200)
            .map(row)
            .collect(),
    }))
}

fn row(line: LedgerLine) -> Line {
    let (leaf, at) = (line.leaf.0, Moment::of(line.at));
    let Some(deed) = line.what else {
        return Line {
            leaf,
            at,
            kind: "forgotten".to_owned(),
            state: "busy",
            actor: String::new(),
            role: String::new(),
            purpose: String::new(),
            interaction: None,
            clauses: Vec::new(),
        };
    };
    Line {
        leaf,
        at,
        kind: deed.kind.replace('_', " "),
        state: match deed.kind {
            "refused" => "bad",
            "opened" | "disclosed" => "busy",
            _ => "good",
        },
        actor: deed.actor,
        role: deed.role.replace('_', " "),
        purpose: deed.purpose,
        interaction: Some(deed.resource).filter(|name| name.starts_with("int_")),
        clauses: deed.clauses,
    }
}

/// The offline proof of one line, to keep and verify elsewhere.
pub(super) async fn proof(
    Shared(state): Shared<State>,
    person: Person,
    Path(leaf): Path<u64>,
) -> Result<Response, Oops> {
    may(&state, &person).await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let text = state.app.ledger_proofs(&scope, LeafIndex(leaf), 1).await?;
    let mut response = text.into_response();
    let fields = response.headers_mut();
    fields.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/jsonl"),
    );
    let name = format!("attachment; filename=\"leaf-{leaf}.jsonl\"");
    if let Ok(value) = HeaderValue::from_str(&name) {
        fields.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

async fn may(state: &State, person: &Person) -> Result<Me, Oops> {
    let me = Me::of(state, person, "ledger").await?;
    if me.ledger {
        Ok(me)
    } else {
        Err(Problem::not_your_role("the log is for an owner or the privacy officer").into())
    }
}
