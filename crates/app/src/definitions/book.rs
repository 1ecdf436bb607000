//! A tenant's definitions together: who refers to whom.

use std::collections::{BTreeMap, BTreeSet};

use analysis::search::{self, Terms};
use domain::query::Query;
use domain::{DefinitionId, VersionNumber};
use store::Published;

use super::text::{self, Parsed};
use crate::error::AppError;

/// Definitions by name; names that differ by case only are one.
#[derive(Debug, Default)]
pub(crate) struct Book {
    entries: BTreeMap<String, Entry>,
}

/// One definition of a book.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: DefinitionId,
    pub(crate) version: VersionNumber,
    pub(crate) parsed: Parsed,
}

impl Book {
    /// The published versions: where two are, the live one, or the next one if `next`.
    /// One that cannot be read is left out, so that references to it are unknown.
    pub(crate) fn of(published: &[Published], next: bool) -> Self {
        let mut book = Self::default();
        for one in published {
            let Ok(parsed) = text::parse(one.says.text.expose()) else {
                continue;
            };
            let key = one.says.name.as_str().to_lowercase();
            if one.next == next || !book.entries.contains_key(&key) {
                book.entries.insert(
                    key,
                    Entry {
                        id: one.id,
                        version: one.edition.version,
                        parsed,
                    },
                );
            }
        }
        book
    }

    pub(crate) fn put(&mut self, entry: Entry) {
        let key = entry.parsed.name().as_str().to_lowercase();
        self.entries.insert(key, entry);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&name.to_lowercase())
    }

    /// The names of categories, for an editor.
    pub(crate) fn category_names(&self) -> Vec<String> {
        let category = |entry: &&Entry| matches!(entry.parsed, Parsed::Category(_));
        let named = self.entries.values().filter(category);
        named.map(|entry| entry.parsed.name().to_string()).collect()
    }

    /// The query with every category that it refers to in place.
    ///
    /// # Errors
    /// [`search::QueryError`] at the reference: unknown, or in a circle.
    pub(crate) fn follow(&self, query: &Query) -> Result<Query, search::QueryError> {
        search::follow(query, &|name| match &self.get(name)?.parsed {
            Parsed::Category(category) => category.query().ok(),
            Parsed::Scorecard(_) | Parsed::Alert(_) | Parsed::Form(_) => None,
        })
    }

    /// A definition's queries with every reference in place, in order.
    ///
    /// # Errors
    /// [`AppError::Input`] naming the definition and the reference, or the scorecard that is not
    /// there.
    pub(crate) fn queries(&self, parsed: &Parsed) -> Result<Vec<Query>, AppError> {
        let followed: Result<Vec<Query>, _> = parsed
            .queries()
            .into_iter()
            .map(|query| self.follow(query))
            .collect();
        if let Some(card) = scored(parsed)
            && !matches!(
                self.get(card).map(|entry| &entry.parsed),
                Some(Parsed::Scorecard(_))
            )
        {
            return Err(AppError::Input(format!(
                "`{}`: there is no published scorecard `{card}`",
                parsed.name()
            )));
        }
        followed.map_err(|error| AppError::Input(format!("`{}`: {error}", parsed.name())))
    }

    /// Every entry that refers to one of the named, directly or through others; the named ones
    /// are not among them.
    pub(crate) fn dependents(&self, named: &BTreeSet<String>) -> Vec<&Entry> {
        let mut touched: BTreeSet<String> = named.iter().map(|name| name.to_lowercase()).collect();
        let own = touched.clone();
        loop {
            let more: Vec<String> = self
                .entries
                .iter()
                .filter(|(key, _)| !touched.contains(*key))
                .filter(|(_, entry)| refers(&entry.parsed, &touched))
                .map(|(key, _)| key.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            touched.extend(more);
        }
        self.entries
            .iter()
            .filter(|(key, _)| touched.contains(*key) && !own.contains(*key))
            .map(|(_, entry)| entry)
            .collect()
    }
}

fn refers(parsed: &Parsed, to: &BTreeSet<String>) -> bool {
    let mut terms = Terms::default();
    for query in parsed.queries() {
        terms.add(query);
    }
    terms
        .categories()
        .chain(scored(parsed))
        .any(|name| to.contains(&name.to_lowercase()))
}

/// The scorecard whose score an alert goes by.
fn scored(parsed: &Parsed) -> Option<&str> {
    match parsed {
        Parsed::Alert(rule) => rule.score.as_ref().map(|score| score.scorecard.as_str()),
        Parsed::Category(_) | Parsed::Scorecard(_) | Parsed::Form(_) => None,
    }
}
