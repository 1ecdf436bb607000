//! Categories and scorecards: texts in versions, drafts and publication, and what they found.

mod book;
mod components;
mod evaluating;
mod questions;
pub(crate) mod text;

use std::collections::{BTreeMap, BTreeSet};

use analysis::categories::{Change, changes};
use analysis::search::Terms;
use domain::query::Query;
use domain::{DataCategory, DefinitionId, DefinitionKind, DefinitionName, Secret, VersionNumber};
use policy::{Find, Interactions, Permit, Scope};
use store::{Definition, DefinitionVersion, FoundBy, Page, Progress, VersionText};

use crate::app::App;
use crate::error::AppError;
use crate::sentences;

pub(crate) use book::Book;
use book::Entry;
pub(crate) use evaluating::decide;
use text::Parsed;

const SEEN: &[DataCategory] = &[
    DataCategory::RedactedContent,
    DataCategory::InteractionMetadata,
];

/// A text that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Folders and name.
    pub name: DefinitionName,
    /// What it defines.
    pub kind: DefinitionKind,
    /// Its version; an earlier one where the text is the newest one's.
    pub version: VersionNumber,
}

/// A definition in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct DefinitionSummary {
    /// Name, versions and what is read.
    pub definition: Definition,
    /// What it is for, as its newest version says.
    pub about: String,
    /// In how many interactions the live version found something.
    pub found: u64,
    /// How far the next version is with history, where one is waiting.
    pub progress: Option<Progress>,
    /// The model that it cannot be evaluated without and that is not there.
    pub lacks: Option<&'static str>,
}

/// A definition with its versions.
#[derive(Debug, Clone, PartialEq)]
pub struct DefinitionView {
    /// As in the list.
    pub summary: DefinitionSummary,
    /// Every version, newest first.
    pub versions: Vec<DefinitionVersion>,
}

impl App {
    /// Takes a definition's text in as a draft: nothing is evaluated with it before it is
    /// published. References to other definitions are checked then.
    ///
    /// # Errors
    /// [`AppError::Input`] that says where the text is wrong; [`AppError::Denied`].
    pub async fn import_definition(
        &self,
        scope: &Scope,
        text: &str,
        reason: &str,
    ) -> Result<Imported, AppError> {
        let parsed = text::parse(text)?;
        let permit = self.ask_to_define(scope).await?;
        let fields = self.field_set(scope.tenant()).await?;
        for query in parsed.queries() {
            if let Some(fault) = analysis::search::undeclared(query, &fields) {
                return Err(AppError::Input(fault.to_string()));
            }
        }
        let says = VersionText {
            name: parsed.name().clone(),
            text: Secret::new(text),
            author: permit.actor().handle.clone(),
            reason: Secret::new(reason),
        };
        let saved = self.store.save_definition(&permit, parsed.kind(), &says);
        let (_, version) = saved.await?;
        Ok(Imported {
            name: says.name,
            kind: parsed.kind(),
            version,
        })
    }

    /// A tenant's definitions of a kind, by name.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn definitions(
        &self,
        scope: &Scope,
        kind: DefinitionKind,
    ) -> Result<Vec<DefinitionSummary>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let counts = self.store.finding_counts(&permit).await?;
        let mut all = Vec::new();
        for definition in self.store.definitions(&permit, kind).await? {
            all.push(self.summarised(&permit, definition, &counts).await?);
        }
        Ok(all)
    }

    /// A tenant's published definitions of a kind, by name, without what they found.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn published_definitions(
        &self,
        scope: &Scope,
        kind: DefinitionKind,
    ) -> Result<Vec<Definition>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let mut all = self.store.definitions(&permit, kind).await?;
        all.retain(|one| one.live.is_some());
        Ok(all)
    }

    async fn summarised(
        &self,
        permit: &Permit<Find, Interactions>,
        definition: Definition,
        counts: &BTreeMap<DefinitionId, u64>,
    ) -> Result<DefinitionSummary, AppError> {
        let versions = self
            .store
            .definition_versions(permit, definition.id)
            .await?;
        let newest = versions.first().map(|one| one.says.text.clone());
        let about = newest.and_then(|text| text::parse(text.expose()).ok());
        let progress = match definition.next {
            Some(_) => {
                self.store
                    .definition_progress(permit, definition.id)
                    .await?
            }
            None => None,
        };
        let used = definition.live.is_some() || definition.next.is_some();
        let own = about.iter().flat_map(Parsed::queries).cloned();
        let lacks = used && compares(&own.collect::<Vec<Query>>());
        Ok(DefinitionSummary {
            lacks: (lacks && sentences::lacking(&self.config.models).is_some())
                .then_some(engine::sentences::MODEL),
            about: about.map_or_else(String::new, |parsed| parsed.about().to_owned()),
            found: counts.get(&definition.id).copied().unwrap_or(0),
            progress,
            definition,
        })
    }

    /// One definition with its versions.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn definition(
        &self,
        scope: &Scope,
        kind: DefinitionKind,
        name: &str,
    ) -> Result<DefinitionView, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let definition = self.named(&permit, kind, name).await?;
        let counts = self.store.finding_counts(&permit).await?;
        let versions = self
            .store
            .definition_versions(&permit, definition.id)
            .await?;
        Ok(DefinitionView {
            summary: self.summarised(&permit, definition, &counts).await?,
            versions,
        })
    }

    /// What changed from one version of a definition to another, line by line. Without numbers:
    /// from what is read to the newest.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn definition_changes(
        &self,
        scope: &Scope,
        kind: DefinitionKind,
        name: &str,
        (from, to): (Option<VersionNumber>, Option<VersionNumber>),
    ) -> Result<Vec<Change>, AppError> {
        let view = self.definition(scope, kind, name).await?;
        let definition = &view.summary.definition;
        let before = VersionNumber(definition.newest.0.saturating_sub(1));
        let live = definition.live.map_or(before, |edition| edition.version);
        let to = view.text(to.unwrap_or(definition.newest))?;
        let from = match from.unwrap_or(live) {
            VersionNumber(0) => "",
            number => view.text(number)?,
        };
        Ok(changes(from, to))
    }

    /// Publishes the newest versions of the named definitions together, with those that refer to
    /// them: all history is evaluated, and until that is done the versions before are read.
    /// Gives the names of everything that is evaluated anew. A form is put to use at once.
    ///
    /// # Errors
    /// [`AppError::Input`] for a reference that is unknown, not published or in a circle;
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn publish_definitions(
        &self,
        scope: &Scope,
        names: &[DefinitionName],
    ) -> Result<Vec<DefinitionName>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let (_, published) = self.store.published_definitions(&permit).await?;
        let mut book = Book::of(&published, true);
        let (mut wanted, mut forms) = (BTreeSet::new(), Vec::new());
        for name in names {
            let definition = self.named_any(&permit, name.as_str()).await?;
            let versions = self
                .store
                .definition_versions(&permit, definition.id)
                .await?;
            let newest = versions
                .first()
                .ok_or_else(|| missing("definition", name))?;
            if definition.kind == DefinitionKind::Form {
                let version = (definition.id, newest.number);
                self.store.use_version(&permit, version).await?;
                forms.push(definition.name);
                continue;
            }
            book.put(Entry {
                id: definition.id,
                version: newest.number,
                parsed: text::parse(newest.says.text.expose())?,
            });
            wanted.insert(name.to_string());
        }
        let mut touched = book.dependents(&wanted);
        touched.extend(wanted.iter().filter_map(|name| book.get(name)));
        for entry in &touched {
            let queries = book.queries(&entry.parsed)?;
            if compares(&queries)
                && let Some(lacking) = sentences::lacking(&self.config.models)
            {
                let name = entry.parsed.name();
                return Err(AppError::Input(format!(
                    "`{name}` compares turns with examples: {lacking}"
                )));
            }
        }
        let editions: Vec<_> = touched.iter().map(|one| (one.id, one.version)).collect();
        if !editions.is_empty() {
            self.store.publish_definitions(&permit, &editions).await?;
        }
        forms.extend(touched.iter().map(|entry| entry.parsed.name().clone()));
        Ok(forms)
    }

    /// Takes a definition out of use; its versions are kept.
    ///
    /// # Errors
    /// [`AppError::Input`] while another published definition refers to it;
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn retire_definition(
        &self,
        scope: &Scope,
        kind: DefinitionKind,
        name: &str,
    ) -> Result<(), AppError> {
        let permit = self.ask_to_define(scope).await?;
        let definition = self.named(&permit, kind, name).await?;
        let (_, published) = self.store.published_definitions(&permit).await?;
        let own = BTreeSet::from([definition.name.to_string()]);
        for book in [Book::of(&published, false), Book::of(&published, true)] {
            if let Some(other) = book.dependents(&own).first() {
                return Err(AppError::Input(format!(
                    "`{}` refers to `{}`; retire or change it first",
                    other.parsed.name(),
                    definition.name
                )));
            }
        }
        Ok(self.store.retire_definition(&permit, definition.id).await?)
    }

    /// A page of the interactions in which a definition found something, newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn found_by(
        &self,
        scope: &Scope,
        kind: DefinitionKind,
        name: &str,
        page: &Page,
    ) -> Result<Vec<FoundBy>, AppError> {
        let permit = self.ask_to_define(scope).await?;
        let definition = self.named(&permit, kind, name).await?;
        Ok(self.store.found_by(&permit, definition.id, page).await?)
    }

    /// The published categories by name, for following references and for editors.
    pub(crate) async fn book(&self, permit: &Permit<Find, Interactions>) -> Result<Book, AppError> {
        let (_, published) = self.store.published_definitions(permit).await?;
        Ok(Book::of(&published, false))
    }

    /// Reading and writing definitions is for those who may search: a definition asks what a
    /// search asks.
    pub(crate) async fn ask_to_define(
        &self,
        scope: &Scope,
    ) -> Result<Permit<Find, Interactions>, AppError> {
        let scope = scope.for_purpose(domain::Purpose::Review);
        self.ask_to_find(&scope, SEEN).await
    }

    pub(crate) async fn named(
        &self,
        permit: &Permit<Find, Interactions>,
        kind: DefinitionKind,
        name: &str,
    ) -> Result<Definition, AppError> {
        let all = self.store.definitions(permit, kind).await?;
        let wanted = name.to_lowercase();
        let same = |one: &Definition| one.name.as_str().to_lowercase() == wanted;
        let found = all.into_iter().find(same);
        found.ok_or_else(|| missing(kind.key(), name))
    }

    async fn named_any(
        &self,
        permit: &Permit<Find, Interactions>,
        name: &str,
    ) -> Result<Definition, AppError> {
        for kind in DefinitionKind::ALL {
            match self.named(permit, *kind, name).await {
                Err(AppError::NotFound { .. }) => {}
                other => return other,
            }
        }
        Err(missing("category, scorecard, alert or form", name))
    }
}

impl DefinitionView {
    /// A version's text.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such version.
    pub fn text(&self, number: VersionNumber) -> Result<&str, AppError> {
        let found = self.versions.iter().find(|one| one.number == number);
        let found = found.ok_or_else(|| missing("version", number))?;
        Ok(found.says.text.expose())
    }

    /// The definition as its newest version says it.
    pub(crate) fn newest(&self) -> Result<Parsed, AppError> {
        text::parse(self.text(self.summary.definition.newest)?)
    }
}

fn compares(queries: &[Query]) -> bool {
    let mut terms = Terms::default();
    queries.iter().for_each(|query| terms.add(query));
    !terms.similar().is_empty()
}

pub(crate) fn missing(what: &'static str, name: impl ToString) -> AppError {
    AppError::NotFound {
        what,
        name: name.to_string(),
    }
}
