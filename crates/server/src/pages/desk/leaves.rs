//! What the log says of one record of a register: each act on it is a leaf, with its proof.

use app::LedgerLine;
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::LeafIndex;

use super::{At, Desk, file};
use crate::door::Person;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page};
use crate::problem::Problem;
use crate::{State, t};

/// An act on a record.
pub(super) struct Leaf {
    pub(super) number: u64,
    pub(super) at: Moment,
    pub(super) what: String,
    pub(super) by: String,
    pub(super) clauses: Vec<String>,
}

/// The acts on a record, oldest first.
pub(super) async fn of(state: &State, at: &At, record: &str) -> Result<Vec<Leaf>, Oops> {
    let lines = state.app.record_leaves(&at.scope, record).await?;
    let found = lines.into_iter().enumerate();
    Ok(found.map(|(place, line)| leaf(line, place == 0)).collect())
}

fn leaf(line: LedgerLine, first: bool) -> Leaf {
    let (by, clauses, kind) = line.what.map_or_else(Default::default, |deed| {
        (deed.actor, deed.clauses, deed.kind)
    });
    Leaf {
        number: line.leaf.0,
        at: Moment::of(line.at),
        what: match kind {
            "filed" if first => t("desk-leaves-entered").to_string(),
            "filed" => t("desk-leaves-changed").to_string(),
            other => other.to_owned(),
        },
        by,
        clauses,
    }
}

#[derive(Template)]
#[template(path = "desk/record.html")]
struct RecordPage {
    me: Me,
    desk: Desk,
    record: String,
    leaves: Vec<Leaf>,
}

/// Every act on one record.
pub(super) async fn record(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/records").await?;
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !plain || id.len() > 40 {
        return Err(Problem::input(t("problem-no-number-of-a-record")).into());
    }
    let leaves = of(&state, &at, &id).await?;
    Ok(page(&RecordPage {
        me: at.me,
        desk: at.desk,
        record: id,
        leaves,
    }))
}

#[derive(Template)]
#[template(path = "desk/leaf.html")]
struct LeafPage {
    me: Me,
    desk: Desk,
    leaf: Leaf,
    resource: String,
    purpose: String,
    origin: String,
    keys: Vec<String>,
    proof: Option<String>,
}

/// One act with its proof.
pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(number): Path<u64>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/records").await?;
    let line = state.app.desk_leaf(&at.scope, LeafIndex(number)).await?;
    // A leaf of this moment waits for its checkpoint; asking for a proof makes one.
    state.app.checkpoint().await?;
    let deed = line.what.as_ref();
    let (resource, purpose) = deed.map_or_else(Default::default, |deed| {
        (deed.resource.clone(), deed.purpose.clone())
    });
    Ok(page(&LeafPage {
        me: at.me,
        desk: at.desk,
        leaf: leaf(line, false),
        resource,
        purpose,
        origin: state.app.ledger_origin().to_owned(),
        keys: state.app.ledger_keys().await?,
        proof: state.app.prove_leaf(LeafIndex(number)).await.ok(),
    }))
}

/// The proof as a file that verifies by itself.
pub(super) async fn proof(
    Shared(state): Shared<State>,
    person: Person,
    Path(number): Path<u64>,
) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/records").await?;
    // Asked for first, so that a leaf of somebody else is not there.
    state.app.desk_leaf(&at.scope, LeafIndex(number)).await?;
    state.app.checkpoint().await?;
    let text = state.app.prove_leaf(LeafIndex(number)).await?;
    Ok(file(
        &format!("leaf-{number}.tlog-proof"),
        "text/plain; charset=utf-8",
        text.into_bytes(),
    ))
}
