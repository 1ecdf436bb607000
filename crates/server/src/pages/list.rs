//! The list of interactions: filters in the address, pages by the last row, acts on many at once.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use app::review::NewAssignment;
use app::{AppError, ExportFormat, ListFilter, Page, Reached, Standing, Summary, TagUse};
use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::{InteractionId, Lesson, Millis, Purpose, TenantRole};
use futures::{Stream, stream};

use super::filters::{Address, Chip, parse_day};
use super::forms::Fields;
use super::me::Me;
use super::overview::Moment;
use super::review::{ViewRow, views};
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::interactions::parse;
use crate::routes::scope;
use crate::{Say, State, t};

const PER_PAGE: u32 = 50;
/// How often a page that shows progress hears of it.
const TICK: Duration = Duration::from_millis(1_500);
/// Columns that can be left out.
const COLUMNS: &[(&str, Say)] = &[
    ("channel", t("list-channel")),
    ("length", t("list-length")),
    ("status", t("list-status")),
    ("turns", t("list-turns")),
    ("words", t("list-words")),
    ("removed", t("list-removed")),
    ("tags", t("list-tags")),
];
/// Channels to choose from.
const CHANNELS: &[(&str, Say)] = &[
    ("voice", t("list-calls")),
    ("chat", t("list-chats")),
    ("email", t("list-mails")),
];
/// States to choose from.
const STATUSES: &[(&str, Say)] = &[
    ("ready", t("names-ready")),
    ("open", t("names-open")),
    ("failed", t("names-failed")),
    ("stopped", t("names-stopped")),
];
/// Columns that are shown unless the reader chose.
const USUAL: &[&str] = &["channel", "length", "status", "turns", "removed", "tags"];

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    me: Me,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    chips: Vec<Chip>,
    address: Address,
    columns: Vec<Column>,
    shows: Shows,
    working: u64,
    here: String,
    tags: Vec<TagChoice>,
    told: Option<String>,
    views: Vec<ViewRow>,
    /// Who can be asked to listen.
    people: Vec<(String, String)>,
    /// The address with its columns, to be kept as a view.
    kept: String,
}

struct Column {
    key: &'static str,
    name: Say,
    chosen: bool,
}

struct TagChoice {
    key: String,
    label: String,
    count: u32,
}

/// Which columns are shown.
struct Shows(Vec<String>);

impl Shows {
    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|shown| shown == key)
    }
}

struct Row {
    id: String,
    started: Moment,
    channel: Say,
    length: String,
    status: String,
    state: &'static str,
    warnings: String,
    turns: u32,
    words: u32,
    removed: Vec<String>,
    tags: Vec<String>,
}

impl Row {
    fn of(summary: &Summary, tags: &BTreeMap<InteractionId, Vec<TagUse>>) -> Self {
        let labels = tags.get(&summary.id).map(Vec::as_slice).unwrap_or_default();
        let status = summary.status_text();
        Self {
            id: summary.id.to_string(),
            started: Moment::of(summary.started),
            channel: super::said::channel(summary.channel),
            length: summary
                .duration
                .map_or_else(|| "–".to_owned(), super::overview::lasting),
            state: state_of(&status),
            status: super::said::status(&status),
            warnings: summary.warnings.join("; "),
            turns: summary.turns,
            words: summary.words,
            removed: summary
                .redactions
                .iter()
                .map(|(kind, count)| format!("{} {count}", kind.tag()))
                .collect(),
            tags: labels
                .iter()
                .map(|tag| tag.label.expose().to_owned())
                .collect(),
        }
    }
}

/// The status as a style knows it.
pub(super) fn state_of(status: &str) -> &'static str {
    match status {
        "ready" => "good",
        "waiting" | "processing" => "busy",
        _ => "bad",
    }
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "interactions").await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let address = Address::of(&pairs);
    let filter = address.filter()?;
    let of = |name: &str| pairs.iter().find(|(known, _)| known == name);
    let after = of("after")
        .map(|(_, id)| id.parse::<InteractionId>())
        .transpose()
        .map_err(AppError::Id)?;
    let wanted = Page {
        limit: PER_PAGE,
        after,
    };
    let (found, tags) = if me.agent {
        (state.app.own_list(&scope, &wanted).await?, BTreeMap::new())
    } else {
        let found = state.app.list(&scope, &filter, &wanted).await?;
        let ids: Vec<InteractionId> = found.iter().map(|one| one.id).collect();
        let tags = state.app.labels_of(&scope, &ids).await?;
        (found, tags)
    };
    let labels = if me.agent {
        Vec::new()
    } else {
        state.app.labels(&scope).await?
    };
    let working = if me.agent {
        0
    } else {
        still_open(&state, &scope).await?
    };
    let views = if me.agent {
        Vec::new()
    } else {
        views(&state, &scope).await?
    };
    let people = if me.judges {
        listeners(&state, &person).await?
    } else {
        Vec::new()
    };
    let chosen = chosen(&pairs);
    let columns = column_text(&pairs);
    let here = format!("/interactions{}", address.text());
    let onward = |id: InteractionId| {
        let glue = if here.contains('?') { '&' } else { '?' };
        format!("{here}{glue}after={id}{columns}")
    };
    let full = found.len() >= usize::try_from(PER_PAGE).unwrap_or(usize::MAX);
    Ok(page(&ListPage {
        me,
        next: found.last().filter(|_| full).map(|last| onward(last.id)),
        first: after.map(|_| here.clone()),
        rows: found.iter().map(|one| Row::of(one, &tags)).collect(),
        chips: address.chips("/interactions", &labels, &[]),
        columns: COLUMNS
            .iter()
            .map(|(key, name)| Column {
                key,
                name: *name,
                chosen: chosen.has(key),
            })
            .collect(),
        shows: chosen,
        working,
        tags: tag_choices(&labels, &address),
        told: of("done").map(|(_, what)| told(what)),
        views,
        people,
        kept: match address.text().as_str() {
            "" => format!("/interactions?{}", columns.trim_start_matches('&')),
            text => format!("/interactions{text}{columns}"),
        },
        address,
        here,
    }))
}

/// Ids and names of those who can be asked to listen.
async fn listeners(state: &State, person: &Person) -> Result<Vec<(String, String)>, AppError> {
    use TenantRole::{Agent, Coach, Owner};
    let people = state.app.people(person.caller.tenant).await?;
    let mut asked: Vec<(String, String)> = people
        .iter()
        .filter(|one| matches!(one.role, Owner | Coach | Agent))
        .filter(|one| one.standing != Standing::Locked)
        .map(|one| (one.id.to_string(), one.name.expose().to_owned()))
        .collect();
    asked.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(asked)
}

fn tag_choices(labels: &[TagUse], address: &Address) -> Vec<TagChoice> {
    let choice = |label: &TagUse| {
        let key = label.key.to_hex();
        TagChoice {
            key,
            label: label.label.expose().to_owned(),
            count: label.count,
        }
    };
    let further = |choice: &TagChoice| !address.has_tag(&choice.key);
    labels.iter().map(choice).filter(further).collect()
}

fn told(what: &str) -> String {
    match what {
        "tagged" => t("list-the-tag-is-on-them"),
        "assigned" => t("list-whoever-can-be-shown-them"),
        "again" => t("list-they-are-being-processed-again"),
        _ => t("list-nothing-was-chosen-mark-rows"),
    }
    .to_string()
}

fn chosen(pairs: &[(String, String)]) -> Shows {
    let asked: Vec<String> = pairs
        .iter()
        .filter(|(name, _)| name == "col")
        .map(|(_, value)| value.clone())
        .collect();
    if asked.is_empty() {
        Shows(USUAL.iter().map(|key| (*key).to_owned()).collect())
    } else {
        Shows(asked)
    }
}

fn column_text(pairs: &[(String, String)]) -> String {
    pairs
        .iter()
        .filter(|(name, value)| name == "col" && COLUMNS.iter().any(|(key, _)| key == value))
        .map(|(_, value)| format!("&col={value}"))
        .collect()
}

pub(super) async fn still_open(state: &State, scope: &app::Scope) -> Result<u64, AppError> {
    let open = ListFilter {
        reached: Some(Reached::Open),
        ..ListFilter::default()
    };
    state.app.count(scope, &open).await
}

/// What to do with the marked rows.
pub(super) async fn bulk(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let ids: Result<Vec<InteractionId>, Problem> = fields.all("id").map(parse).collect();
    let ids = ids?;
    let back = |done: &str| {
        let here = Some(fields.get("here")).filter(|path| path.starts_with("/interactions"));
        let here = here.unwrap_or("/interactions");
        let glue = if here.contains('?') { '&' } else { '?' };
        see(&format!("{here}{glue}done={done}"))
    };
    if ids.is_empty() {
        return Ok(back("nothing"));
    }
    match fields.get("act") {
        "tag" => {
            let scope = scope(&state, &person.caller, Purpose::Review)?;
            state.app.label(&scope, &ids, &fields.secret("tag")).await?;
            Ok(back("tagged"))
        }
        "again" => {
            let scope = scope(&state, &person.caller, Purpose::Storage)?;
            state.app.process_again(&scope, &ids).await?;
            Ok(back("again"))
        }
        "assign" => {
            let scope = scope(&state, &person.caller, Purpose::Review)?;
            let new = assignment(&fields)?;
            state.app.assign_many(&scope, &ids, &new).await?;
            Ok(back("assigned"))
        }
        "export" => {
            let scope = scope(&state, &person.caller, Purpose::Export)?;
            let format: ExportFormat = fields.get("format").parse()?;
            let archive = state.app.export_many(&scope, &ids, format).await?;
            Ok(download(archive))
        }
        _ => Err(Problem::input(t("problem-choose-for-the-rows")).into()),
    }
}

/// What the form says of whom to ask; from when to when is each interaction's own.
fn assignment(fields: &Fields) -> Result<NewAssignment, Problem> {
    let due = match fields.get("due") {
        "" => None,
        day => Some(parse_day(day)?),
    };
    Ok(NewAssignment {
        person: fields.get("person").parse().map_err(AppError::Id)?,
        from: Millis::ZERO,
        until: Millis::ZERO,
        lesson: Lesson::Improve,
        note: fields.secret("note"),
        // The whole day counts.
        due: due.map(|day| day.plus(Millis(86_399_000))),
    })
}

fn download(archive: Vec<u8>) -> Response {
    let mut response = archive.into_response();
    let fields = response.headers_mut();
    fields.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/zip"),
    );
    fields.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"interactions.zip\""),
    );
    response
}

/// How many interactions are still in work, every moment until none is.
pub(super) async fn progress(
    Shared(state): Shared<State>,
    person: Person,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let ticks = stream::unfold(Some(true), move |next| {
        let (state, scope) = (state.clone(), scope.clone());
        async move {
            let first = next?;
            if !first {
                tokio::time::sleep(TICK).await;
            }
            let left = still_open(&state, &scope).await.ok()?;
            let event = Event::default().data(left.to_string());
            Some((Ok(event), (left > 0).then_some(false)))
        }
    });
    Ok(Sse::new(ticks))
}
