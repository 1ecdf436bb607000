//! Categories, scorecards, alerts and forms: the list with what each found, one with its versions, an editor
//! whose preview is rendered here, and saving a search as a category.

use app::{AppError, Change, DefinitionSummary, DefinitionView};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{DefinitionKind, DefinitionName, Purpose};

use super::forms::Fields;
use super::me::Me;
use super::overview::{Moment, lasting};
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;
use crate::{Say, State, t};

/// Interactions shown of those that a definition found, or a preview matches.
const SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "definitions.html")]
struct DefinitionsPage {
    me: Me,
    shelves: [Shelf; 4],
    draft: Draft,
}

struct Shelf {
    title: Say,
    rows: Vec<Row>,
}

/// A definition that is being written.
struct Draft {
    text: String,
    reason: String,
    fault: Option<String>,
    preview: Vec<Preview>,
}

impl Draft {
    const fn of(text: String) -> Self {
        Self {
            text,
            reason: String::new(),
            fault: None,
            preview: Vec::new(),
        }
    }
}

/// What one query of a draft matches now.
struct Preview {
    query: String,
    fault: Option<String>,
    total: app::Total,
    hits: Vec<PreviewHit>,
}

struct PreviewHit {
    id: String,
    started: Moment,
    at: String,
    speaker: String,
    pieces: Vec<app::Piece>,
}

struct Row {
    id: String,
    name: String,
    about: String,
    found: u64,
    state: &'static str,
    stands: String,
}

/// What a new definition begins with.
const BEGINNING: &str = "category = \"Folder.Name\"\nabout = \"what it is for\"\n\n[[component]]\nname = \"says so\"\nquery = 'consumer:(cancel~ NEAR:5 [order, contract])'\n";

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    all(&state, &person, Draft::of(BEGINNING.to_owned())).await
}

async fn all(state: &State, person: &Person, draft: Draft) -> Result<Response, Oops> {
    let me = Me::of(state, person, "categories").await?;
    let scope = scope(state, &person.caller, Purpose::Review)?;
    let rows = async |kind| -> Result<Vec<Row>, AppError> {
        let found = state.app.definitions(&scope, kind).await?;
        Ok(found.iter().map(row).collect())
    };
    Ok(page(&DefinitionsPage {
        me,
        shelves: [
            Shelf {
                title: t("definitions-categories"),
                rows: rows(DefinitionKind::Category).await?,
            },
            Shelf {
                title: t("definitions-scorecards"),
                rows: rows(DefinitionKind::Scorecard).await?,
            },
            Shelf {
                title: t("definitions-alerts"),
                rows: rows(DefinitionKind::Alert).await?,
            },
            Shelf {
                title: t("definitions-forms"),
                rows: rows(DefinitionKind::Form).await?,
            },
        ],
        draft,
    }))
}

fn row(summary: &DefinitionSummary) -> Row {
    let definition = &summary.definition;
    let (state, stands) = match (definition.live, &summary.progress) {
        _ if summary.lacks.is_some() => {
            let model = summary.lacks.unwrap_or_default();
            ("bad", format!("waits for the model {model}"))
        }
        (_, Some(progress)) => (
            "busy",
            t("definitions-evaluating-history-of")
                .a("done", progress.done)
                .a("total", progress.total)
                .to_string(),
        ),
        (Some(edition), None) if edition.version == definition.newest => (
            "good",
            t("definitions-in-version")
                .a("version", edition.version.to_string())
                .to_string(),
        ),
        (Some(edition), None) => (
            "good",
            t("definitions-version-is-a-draft")
                .a("version", edition.version.to_string())
                .a("draft", definition.newest.to_string())
                .to_string(),
        ),
        (None, None) => ("busy", t("definitions-is-a-draft").to_string()),
    };
    Row {
        id: definition.id.to_string(),
        name: definition.name.to_string(),
        about: summary.about.clone(),
        found: summary.found,
        state,
        stands,
    }
}

#[derive(Template)]
#[template(path = "definition.html")]
struct DefinitionPage {
    me: Me,
    row: Row,
    kind: &'static str,
    reference: String,
    draft: Draft,
    versions: Vec<VersionRow>,
    changes: Vec<ChangeRow>,
    found: Vec<FoundRow>,
}

struct VersionRow {
    number: String,
    at: Moment,
    author: String,
    reason: String,
}

struct ChangeRow {
    kind: &'static str,
    mark: &'static str,
    line: String,
}

struct FoundRow {
    id: String,
    started: Moment,
    channel: Say,
    length: String,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    one(&state, &person, &id, None).await
}

async fn one(
    state: &State,
    person: &Person,
    id: &str,
    draft: Option<Draft>,
) -> Result<Response, Oops> {
    let me = Me::of(state, person, "categories").await?;
    let scope = scope(state, &person.caller, Purpose::Review)?;
    let view = by_id(state, &scope, id).await?;
    let (kind, name) = (
        view.summary.definition.kind,
        view.summary.definition.name.as_str(),
    );
    let newest = view.text(view.summary.definition.newest)?.to_owned();
    let changes = if view.versions.len() > 1 {
        let between = (None, None);
        state
            .app
            .definition_changes(&scope, kind, name, between)
            .await?
    } else {
        Vec::new()
    };
    let some = app::Page {
        limit: SHOWN,
        after: None,
    };
    let found = state.app.found_by(&scope, kind, name, &some).await?;
    Ok(page(&DefinitionPage {
        me,
        kind: kind.key(),
        reference: format!("CAT:[{name}]"),
        draft: draft.unwrap_or_else(|| Draft::of(newest)),
        versions: view.versions.iter().map(version).collect(),
        changes: changes.into_iter().map(change).collect(),
        found: found
            .iter()
            .map(|one| FoundRow {
                id: one.summary.id.to_string(),
                started: Moment::of(one.summary.started),
                channel: super::said::channel(one.summary.channel),
                length: one.summary.duration.map_or_else(String::new, lasting),
            })
            .collect(),
        row: row(&view.summary),
    }))
}

async fn by_id(state: &State, scope: &app::Scope, id: &str) -> Result<DefinitionView, AppError> {
    for kind in DefinitionKind::ALL {
        let all = state.app.definitions(scope, *kind).await?;
        let found = all
            .into_iter()
            .find(|one| one.definition.id.to_string() == id);
        if let Some(found) = found {
            let name = found.definition.name.as_str();
            return state.app.definition(scope, *kind, name).await;
        }
    }
    Err(AppError::NotFound {
        what: "category, scorecard, alert or form",
        name: id.to_owned(),
    })
}

fn version(version: &app::DefinitionVersion) -> VersionRow {
    VersionRow {
        number: version.number.to_string(),
        at: Moment::of(version.at),
        author: version.says.author.clone(),
        reason: version.says.reason.expose().to_owned(),
    }
}

fn change(change: Change) -> ChangeRow {
    let (kind, mark, line) = match change {
        Change::Kept(line) => ("kept", " ", line),
        Change::Removed(line) => ("out", "−", line),
        Change::Added(line) => ("in", "+", line),
    };
    ChangeRow { kind, mark, line }
}

/// Shows what a draft's queries match now, saves it as a version, or saves and publishes it.
pub(super) async fn save(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    // Browsers end lines with a carriage return.
    let text = fields.get("text").replace("\r\n", "\n");
    let mut draft = Draft {
        reason: fields.get("reason").to_owned(),
        ..Draft::of(text)
    };
    let here = fields.get("here");
    if fields.get("act") == "preview" {
        draft.preview = previews(&state, &scope, &draft.text).await?;
        return again(&state, &person, here, draft).await;
    }
    let imported = match state
        .app
        .import_definition(&scope, &draft.text, &draft.reason)
        .await
    {
        Ok(imported) => imported,
        Err(AppError::Input(why)) => {
            draft.fault = Some(why);
            return again(&state, &person, here, draft).await;
        }
        Err(other) => return Err(Problem::from(other).into()),
    };
    if fields.get("act") == "publish" {
        let names: [DefinitionName; 1] = [imported.name.clone()];
        match state.app.publish_definitions(&scope, &names).await {
            Ok(_) => {}
            Err(AppError::Input(why)) => {
                draft.fault = Some(why);
                return again(&state, &person, here, draft).await;
            }
            Err(other) => return Err(Problem::from(other).into()),
        }
    }
    let view = state
        .app
        .definition(&scope, imported.kind, imported.name.as_str())
        .await?;
    Ok(see(&format!("/categories/{}", view.summary.definition.id)))
}

async fn again(state: &State, person: &Person, here: &str, draft: Draft) -> Result<Response, Oops> {
    if here.is_empty() {
        all(state, person, draft).await
    } else {
        one(state, person, here, Some(draft)).await
    }
}

/// Runs each query of a draft over what is here now.
async fn previews(state: &State, scope: &app::Scope, text: &str) -> Result<Vec<Preview>, AppError> {
    let mut previews = Vec::new();
    for query in queries(text) {
        let mut preview = Preview {
            query: query.clone(),
            fault: None,
            total: app::Total::default(),
            hits: Vec::new(),
        };
        match state.app.search(scope, &query, 0, 5).await {
            Ok(found) => {
                preview.total = found.total;
                preview.hits = found.hits.iter().filter_map(preview_hit).collect();
            }
            Err(AppError::Query { message, .. } | AppError::Input(message)) => {
                preview.fault = Some(message);
            }
            Err(other) => return Err(other),
        }
        previews.push(preview);
    }
    Ok(previews)
}

fn preview_hit(hit: &app::Hit) -> Option<PreviewHit> {
    let snippet = hit.snippets.first()?;
    Some(PreviewHit {
        id: hit.summary.id.to_string(),
        started: Moment::of(hit.summary.started),
        at: snippet.at.to_string(),
        speaker: snippet.speaker.to_string(),
        pieces: snippet.pieces.clone(),
    })
}

/// The queries of a draft's lines `query = '…'`.
fn queries(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("query")?.trim().strip_prefix('='))
        .filter_map(|value| {
            let value = value.trim();
            let quote = value.chars().next().filter(|c| "'\"".contains(*c))?;
            let end = value.rfind(quote).filter(|end| *end > 0)?;
            let inner = value.get(1..end)?;
            Some(if quote == '"' {
                inner.replace("\\\"", "\"")
            } else {
                inner.to_owned()
            })
        })
        .take(10)
        .collect()
}

/// Makes a category of one component, or an alert, out of a search.
pub(super) async fn from_search(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let quoted = |text: &str| {
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace(['\n', '\r'], " ")
    };
    let (name, query) = (quoted(fields.get("name")), quoted(fields.get("query")));
    let text = match fields.get("as") {
        "alert" => {
            format!("alert = \"{name}\"\nabout = \"\"\nquery = \"{query}\"\nquiet = \"15m\"\n")
        }
        _ => format!(
            "category = \"{name}\"\nabout = \"\"\n\n[[component]]\nname = \"found by search\"\nquery = \"{query}\"\n"
        ),
    };
    let mut draft = Draft::of(text);
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    draft.preview = previews(&state, &scope, &draft.text).await?;
    all(&state, &person, draft).await
}

#[cfg(test)]
mod tests {
    use super::queries;

    #[test]
    fn a_drafts_queries_are_found_however_they_are_quoted() {
        let text = "query = 'a OR \"b c\"'\n query=\"x \\\"y\\\"\"\nname = \"query\"\nquery = '";
        assert_eq!(queries(text), ["a OR \"b c\"", "x \"y\""]);
    }
}
