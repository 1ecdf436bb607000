//! What facets include and exclude, put to a query.

use std::collections::BTreeMap;

use analysis::search::{self, FieldKind, FieldSet, FieldSpec};
use domain::query::{Node, Place, Query};

use crate::error::AppError;
use crate::results::{FacetValue, SearchRequest};

/// The query with what the facets include and exclude.
pub(crate) fn narrowed(query: Query, request: &SearchRequest) -> Result<Query, AppError> {
    if request.include.is_empty() && request.exclude.is_empty() {
        return Ok(query);
    }
    let mut by_field: BTreeMap<&str, Vec<Query>> = BTreeMap::new();
    for one in &request.include {
        let values = by_field.entry(&one.field).or_default();
        values.push(field(one, "=")?);
    }
    let mut parts = vec![query];
    parts.extend(by_field.into_values().map(|values| whole(Node::Or(values))));
    for one in &request.exclude {
        parts.push(field(one, "!=")?);
    }
    Ok(whole(Node::And(parts)))
}

/// Any text field may be a facet, also one that only this tenant has.
fn field(one: &FacetValue, sign: &str) -> Result<Query, AppError> {
    let mut fields = FieldSet::standard();
    if fields.kind(&one.field).is_none() {
        let spec = FieldSpec {
            kind: FieldKind::Text,
            about: String::new(),
            values: Vec::new(),
        };
        fields.declare(&one.field, spec);
    }
    let value = one.value.replace('"', " ");
    let text = format!("{} {sign} \"{value}\"", one.field);
    let parsed = search::parse_with(&text, &fields);
    match parsed {
        Ok(query) if matches!(query.node, Node::Field { .. }) => Ok(query),
        Ok(_) => Err(AppError::Input(format!("`{}` is no field", one.field))),
        Err(error) => Err(AppError::Input(format!("`{}`: {error}", one.field))),
    }
}

const fn whole(node: Node) -> Query {
    Query {
        node,
        place: Place { start: 0, end: 0 },
    }
}
