//! The tenant's part of the transparency log, for its owner and privacy officer: its lines, page
//! by page, one of them with its proof, and the evidence of one interaction.

use app::LedgerLine;
use askama::Template;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::{LeafIndex, Purpose};

use super::me::Me;
use super::overview::Moment;
use super::{Oops, page};
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;
use crate::{State, t};

/// Lines of a page.
const LOOKED_AT: u64 = 200;
/// How many pages back a kind is looked for at once.
const FAR: usize = 25;
/// Kinds that can be asked for.
const KINDS: &[&str] = &[
    "refused",
    "opened",
    "found",
    "sealed",
    "taken_in",
    "filed",
    "held",
    "released",
    "disclosed",
    "erasing",
    "erased",
    "purged",
    "account",
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
    /// Where the page begins, unless at the newest.
    before: Option<u64>,
    /// Where the next page begins.
    older: Option<String>,
}

struct Kind {
    name: String,
    count: usize,
    chosen: bool,
    href: String,
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
    let asked = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let kind = asked("kind");
    let before: Option<u64> = match asked("before") {
        "" => None,
        leaf => Some(
            leaf.parse()
                .map_err(|_| Problem::input(t("problem-a-leaf-is-a-number")))?,
        ),
    };
    let is =
        |line: &LedgerLine, kind: &str| line.what.as_ref().is_some_and(|deed| deed.kind == kind);
    let mut lines: Vec<LedgerLine> = Vec::new();
    let (mut from, mut full) = (before.map(LeafIndex), true);
    // A kind that is rare lies far back: it is looked for until there is one.
    for _ in 0..FAR {
        let found = lines.iter().any(|line| kind.is_empty() || is(line, kind));
        if found || !full {
            break;
        }
        let more = state.app.ledger(&scope, from, LOOKED_AT).await?;
        full = u64::try_from(more.len()).unwrap_or(0) >= LOOKED_AT;
        from = more.last().map(|line| line.leaf).or(from);
        lines.extend(more);
    }
    let kinds = KINDS
        .iter()
        .map(|key| Kind {
            name: key.replace('_', " "),
            count: lines.iter().filter(|line| is(line, key)).count(),
            chosen: *key == kind,
            href: address(key, before),
        })
        .filter(|kind| kind.count > 0 || kind.chosen)
        .collect();
    let looked_at = lines.len();
    let last = lines.last().map(|line| line.leaf.0);
    Ok(page(&LedgerPage {
        me,
        kinds,
        looked_at,
        all: kind.is_empty(),
        before,
        older: last.filter(|_| full).map(|leaf| address(kind, Some(leaf))),
        lines: lines
            .into_iter()
            .filter(|line| kind.is_empty() || is(line, kind))
            .map(row)
            .collect(),
    }))
}

fn address(kind: &str, before: Option<u64>) -> String {
    match (kind, before) {
        ("", None) => "/ledger".to_owned(),
        ("", Some(leaf)) => format!("/ledger?before={leaf}"),
        (kind, None) => format!("/ledger?kind={kind}"),
        (kind, Some(leaf)) => format!("/ledger?kind={kind}&before={leaf}"),
    }
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

#[derive(Template)]
#[template(path = "leaf.html")]
struct LeafPage {
    me: Me,
    line: Line,
    resource: String,
    origin: String,
    keys: Vec<String>,
    /// The proof, where a checkpoint covers the leaf.
    proof: Option<String>,
}

/// One line with its proof, and how to check it.
pub(super) async fn leaf(
    Shared(state): Shared<State>,
    person: Person,
    Path(leaf): Path<u64>,
) -> Result<Response, Oops> {
    let me = may(&state, &person).await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let found = state.app.ledger_line(&scope, LeafIndex(leaf)).await?;
    // A leaf of this moment waits for its checkpoint; asking for a proof makes one.
    state.app.checkpoint().await?;
    Ok(page(&LeafPage {
        me,
        resource: found
            .what
            .as_ref()
            .map_or_else(String::new, |deed| deed.resource.clone()),
        line: row(found),
        origin: state.app.ledger_origin().to_owned(),
        keys: state.app.ledger_keys().await?,
        proof: state.app.prove_leaf(LeafIndex(leaf)).await.ok(),
    }))
}

/// The offline proof of one line, to keep and verify elsewhere.
pub(super) async fn proof(
    Shared(state): Shared<State>,
    person: Person,
    Path(leaf): Path<u64>,
) -> Result<Response, Oops> {
    may(&state, &person).await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    // Asked for first, so that a leaf of somebody else is not there.
    state.app.ledger_line(&scope, LeafIndex(leaf)).await?;
    state.app.checkpoint().await?;
    let text = state.app.prove_leaf(LeafIndex(leaf)).await?;
    Ok(attached(
        &format!("leaf-{leaf}.tlog-proof"),
        "text/plain; charset=utf-8",
        text,
    ))
}

/// Every leaf about one interaction with its proof, in a file that verifies by itself.
pub(super) async fn evidence(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    may(&state, &person).await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id = crate::routes::interactions::parse(&id)?;
    let text = state.app.evidence_bundle(&scope, id).await?;
    Ok(attached(
        &format!("{id}.evidence.json"),
        "application/json",
        text,
    ))
}

fn attached(name: &str, kind: &'static str, text: String) -> Response {
    let mut response = text.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        fields.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn may(state: &State, person: &Person) -> Result<Me, Oops> {
    let me = Me::of(state, person, "ledger").await?;
    if me.ledger {
        Ok(me)
    } else {
        Err(Problem::not_your_role(t("problem-the-log-is-for")).into())
    }
}
