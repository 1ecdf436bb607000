//! Orders of courts and authorities in numbers: counted from the register, for anybody.

use app::orders::{ReportRow, SMALL};
use app::rfc3339;
use askama::Template;
use axum::Json;
use axum::extract::State as Shared;
use axum::response::Response;
use serde::Serialize;

use crate::pages::desk::orders::kind_in_words;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page};
use crate::problem::Problem;
use crate::{State, t};

#[derive(Template)]
#[template(path = "public/transparency.html")]
struct TransparencyPage {
    counted: Moment,
    rows: Vec<[String; 6]>,
    small: u64,
}

/// Country, kind, received, answered, turned down, customers.
pub(crate) fn in_words(row: &ReportRow) -> [String; 6] {
    let few = |n: Option<u64>| {
        n.map_or_else(
            || {
                t("public-transparency-fewer-than")
                    .a("small", SMALL)
                    .to_string()
            },
            |n| n.to_string(),
        )
    };
    let part = |n: Option<u64>| {
        n.map_or_else(
            || t("public-transparency-not-printed").to_string(),
            |n| n.to_string(),
        )
    };
    [
        row.country.clone(),
        kind_in_words(&row.kind).to_string(),
        few(row.received),
        part(row.complied),
        part(row.rejected),
        few(row.tenants),
    ]
}

pub(super) async fn show(Shared(state): Shared<State>) -> Result<Response, Oops> {
    let (at, rows) = state.app.published_transparency().await?;
    Ok(page(&TransparencyPage {
        counted: Moment::of(at),
        rows: rows.iter().map(in_words).collect(),
        small: SMALL,
    }))
}

#[derive(Serialize)]
struct ReportWire {
    format: &'static str,
    /// When it was counted, RFC 3339.
    counted: String,
    /// A count below this is `null`, and so is a part from which one could be worked out.
    printed_from: u64,
    rows: Vec<RowWire>,
}

#[derive(Serialize)]
struct RowWire {
    country: String,
    kind: String,
    received: Option<u64>,
    answered: Option<u64>,
    turned_down: Option<u64>,
    customers: Option<u64>,
}

/// The same for programs.
pub(super) async fn json(Shared(state): Shared<State>) -> Result<Response, Problem> {
    use axum::response::IntoResponse as _;
    let (at, rows) = state.app.published_transparency().await?;
    let report = ReportWire {
        format: "privity.transparency/1",
        counted: rfc3339(at),
        printed_from: SMALL,
        rows: rows
            .into_iter()
            .map(|row| RowWire {
                country: row.country,
                kind: row.kind,
                received: row.received,
                answered: row.complied,
                turned_down: row.rejected,
                customers: row.tenants,
            })
            .collect(),
    };
    Ok(Json(report).into_response())
}
