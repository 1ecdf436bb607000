//! Reading a query without searching: its standard form, what it means, its faults, and what
//! could stand at a cursor.

use analysis::search::{self, FieldSet};
use policy::Scope;

use crate::app::App;
use crate::error::AppError;
use crate::finding::refused;

/// A query as understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadQuery {
    /// Its standard form.
    pub standard: String,
    /// What it asks for in plain English, and which words are looked up first.
    pub explained: String,
}

/// Reads a query; references to categories stay names.
///
/// # Errors
/// [`AppError::Query`] with the column.
pub fn read_query(text: &str, fields: &FieldSet) -> Result<ReadQuery, AppError> {
    let query = search::parse_with(text, fields).map_err(refused)?;
    Ok(ReadQuery {
        standard: search::format(&query),
        explained: search::explain(&query),
    })
}

/// Every fault of a query, in order; empty where there is none.
#[must_use]
pub fn query_faults(text: &str, fields: &FieldSet) -> Vec<search::QueryError> {
    match search::parse_with(text, fields) {
        Ok(_) => Vec::new(),
        Err(error) => error.all().cloned().collect(),
    }
}

/// What could stand where the cursor is, in characters from 0.
#[must_use]
pub fn complete_query(
    text: &str,
    cursor: usize,
    (fields, categories): (&FieldSet, &[String]),
) -> Vec<search::Completion> {
    search::completions(text, cursor, fields, categories)
}

impl App {
    /// Names of the published categories, for an editor.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn category_names(&self, scope: &Scope) -> Result<Vec<String>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        Ok(self.book(&permit).await?.category_names())
    }

    /// Throws a tenant's search index away and makes it again from the sealed words.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Store`].
    pub async fn rebuild_index(&self, scope: &Scope) -> Result<(), AppError> {
        let permit = self.ask_to_define(scope).await?;
        Ok(self.store.rebuild_index(permit.tenant()).await?)
    }
}
