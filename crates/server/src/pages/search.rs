//! The search: one box, faults under their column, evidence lit and playable from its second,
//! facets that narrow. Asked by POST, so that a query reaches no address bar, history or log.

use app::{AppError, FacetValue, Ranking, SearchRequest};
use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;
use domain::Purpose;

use super::forms::Fields;
use super::me::Me;
use super::overview::{Moment, lasting};
use super::{Oops, page};
use crate::door::Person;
use crate::problem::Problem;
use crate::routes::scope;
use crate::{Say, State, Text, t};

const PER_PAGE: usize = 25;
/// Results whose fields are counted, where there are too many to look at all.
const SAMPLE: usize = 100;
/// Values of a field that are offered.
const VALUES: usize = 8;
/// A facet: heading, definition, and its choices with what each puts to the query.
type Offered = (Say, Say, &'static [(Say, &'static str)]);

/// Facets beside the query.
const FACETS: &[Offered] = &[
    (
        t("search-channel"),
        t("search-definition-channel"),
        &[
            (t("search-calls"), "channel:voice"),
            (t("search-chats"), "channel:chat"),
            (t("search-mails"), "channel:email"),
        ],
    ),
    (
        t("search-sound"),
        t("search-definition-sound"),
        &[
            (t("search-silence-5-s"), "longest_silence:>=5"),
            (t("search-overtalk-1-s"), "overtalk:>=1"),
        ],
    ),
    (
        t("search-removed"),
        t("search-definition-removed"),
        &[
            (t("search-card"), "redacted:CARD"),
            (t("search-person"), "redacted:PERSON"),
        ],
    ),
];

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    me: Me,
    query: String,
    best: bool,
    fault: Option<Fault>,
    found: Option<Results>,
    facets: Vec<Facet>,
    fields: Vec<FieldFacet>,
    /// Facets in force.
    chosen: usize,
    examples: &'static [(&'static str, Say)],
}

/// Queries to begin with; each can be sent as it is.
const EXAMPLES: &[(&str, Say)] = &[
    (
        "refund AND NOT cancel*",
        t("search-both-hold-anywhere-in-the"),
    ),
    (
        "\"speak to a supervisor\"",
        t("search-words-that-follow-each-other"),
    ),
    (
        "agent:(\"thank you for calling\")",
        t("search-only-what-the-agent-says"),
    ),
    ("cancel NEAR:10 bill", t("search-at-most-10-seconds-apart")),
    (
        "first:30s(agent:name)",
        t("search-within-the-first-30-seconds"),
    ),
    ("[CARD]", t("search-where-a-card-number-was")),
];

struct Facet {
    name: Say,
    definition: Say,
    choices: Vec<FacetChoice>,
}

struct FacetChoice {
    text: Say,
    term: &'static str,
    state: &'static str,
}

/// A field of the interactions that match, with how often each value is among them.
struct FieldFacet {
    field: String,
    name: String,
    definition: String,
    values: Vec<FieldValue>,
}

struct FieldValue {
    text: String,
    /// As it is sent: field and value.
    term: String,
    count: Option<usize>,
    state: &'static str,
}

struct Fault {
    caret: String,
    message: String,
}

struct Results {
    total: app::Total,
    examined: usize,
    explained: String,
    understood: String,
    hits: Vec<Hit>,
    first: usize,
    last: usize,
    next: Option<String>,
    /// Results whose fields are counted, where these are not all.
    counted: Option<usize>,
    partial: bool,
}

struct Hit {
    id: String,
    started: Moment,
    channel: Say,
    length: String,
    matches: usize,
    playable: bool,
    snippets: Vec<Snippet>,
}

struct Snippet {
    at: String,
    at_ms: u64,
    link_ms: u64,
    speaker: String,
    pieces: Vec<app::Piece>,
}

pub(super) async fn ask(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    Ok(page(&SearchPage {
        me: Me::of(&state, &person, "search").await?,
        query: String::new(),
        best: false,
        fault: None,
        found: None,
        facets: facets(&[], &[]),
        fields: Vec::new(),
        chosen: 0,
        examples: EXAMPLES,
    }))
}

pub(super) async fn search(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "search").await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let query = fields.get("query").trim().to_owned();
    let (with, without) = (terms(&fields, "with"), terms(&fields, "without"));
    let whole = narrowed(&query, &with, &without);
    let best = fields.get("order") == "best";
    let after = fields.get("after");
    let before: usize = fields.get("before").parse().unwrap_or(0);
    let request = SearchRequest {
        include: values(&fields, "include"),
        exclude: values(&fields, "exclude"),
        limit: PER_PAGE,
        sample: SAMPLE,
        ranking: if best { Ranking::Best } else { Ranking::Newest },
        after: (!after.is_empty())
            .then(|| after.parse())
            .transpose()
            .map_err(Problem::from)?,
        ..SearchRequest::new(whole.clone())
    };
    let before = if request.after.is_some() { before } else { 0 };
    let chosen = with.len() + without.len() + request.include.len() + request.exclude.len();
    let mut counts = field_facets(&request, &[]);
    let (fault, found) = match state.app.results(&scope, &request).await {
        Ok(found) => {
            counts = field_facets(&request, &found.facets);
            (None, Some(results(&found, before)))
        }
        Err(AppError::Query { message, column }) => {
            // The query stands in brackets where facets narrow it.
            let column = column
                .saturating_sub(whole.find(&query).unwrap_or(0))
                .max(1);
            let caret = format!("{:>column$}", "^");
            (Some(Fault { caret, message }), None)
        }
        Err(other) => return Err(Problem::from(other).into()),
    };
    Ok(page(&SearchPage {
        me,
        query,
        best,
        fault,
        found,
        facets: facets(&with, &without),
        fields: counts,
        chosen,
        examples: EXAMPLES,
    }))
}

/// The chosen facets of a kind; only those that we offer.
fn terms(fields: &Fields, kind: &str) -> Vec<&'static str> {
    let offered = FACETS.iter().flat_map(|(_, _, choices)| choices.iter());
    let chosen: Vec<&str> = fields.all(kind).collect();
    offered
        .map(|(_, term)| *term)
        .filter(|term| chosen.contains(term))
        .collect()
}

fn narrowed(query: &str, with: &[&str], without: &[&str]) -> String {
    if with.is_empty() && without.is_empty() {
        return query.to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    if !query.is_empty() {
        parts.push(format!("({query})"));
    }
    parts.extend(with.iter().map(|term| (*term).to_owned()));
    parts.extend(without.iter().map(|term| format!("NOT {term}")));
    parts.join(" AND ")
}

fn facets(with: &[&str], without: &[&str]) -> Vec<Facet> {
    let choice = |(text, term): &(Say, &'static str)| FacetChoice {
        text: *text,
        term,
        state: match (with.contains(term), without.contains(term)) {
            (true, _) => "with",
            (_, true) => "without",
            _ => "",
        },
    };
    FACETS
        .iter()
        .map(|(name, definition, choices)| Facet {
            name: *name,
            definition: *definition,
            choices: choices.iter().map(choice).collect(),
        })
        .collect()
}

/// Fields and values as a form sends them: `queue=billing`.
fn values(fields: &Fields, kind: &str) -> Vec<FacetValue> {
    let pairs = fields.all(kind).filter_map(|term| term.split_once('='));
    pairs
        .map(|(field, value)| FacetValue {
            field: field.to_owned(),
            value: value.to_owned(),
        })
        .collect()
}

/// The fields of what matches; what was chosen stays to be seen, also where nothing has it now.
fn field_facets(request: &SearchRequest, found: &[app::Facet]) -> Vec<FieldFacet> {
    let state_of = |one: &FacetValue| {
        let chosen = |among: &[FacetValue]| {
            among.iter().any(|other| {
                other.field == one.field && other.value.to_lowercase() == one.value.to_lowercase()
            })
        };
        match (chosen(&request.include), chosen(&request.exclude)) {
            (true, _) => "with",
            (_, true) => "without",
            _ => "",
        }
    };
    let mut all: Vec<FieldFacet> = Vec::new();
    let mut put = |one: &FacetValue, count: Option<usize>| {
        let value = FieldValue {
            text: one.value.clone(),
            term: format!("{}={}", one.field, one.value),
            count,
            state: state_of(one),
        };
        match all.iter_mut().find(|facet| facet.field == one.field) {
            None => all.push(FieldFacet {
                field: one.field.clone(),
                name: called(&one.field),
                definition: defined(&one.field),
                values: vec![value],
            }),
            Some(facet) => {
                let same =
                    |known: &FieldValue| known.text.to_lowercase() == one.value.to_lowercase();
                if !facet.values.iter().any(same) {
                    facet.values.push(value);
                }
            }
        }
    };
    // The channel has a facet of its own.
    for facet in found.iter().filter(|facet| facet.field != "channel") {
        for (value, count) in facet.values.iter().take(VALUES) {
            let one = FacetValue {
                field: facet.field.clone(),
                value: value.clone(),
            };
            put(&one, Some(*count));
        }
    }
    for one in request.include.iter().chain(&request.exclude) {
        put(one, None);
    }
    all
}

/// What a field is called; a field that a tenant declared has the name they gave it.
fn called(field: &str) -> String {
    match field {
        "agent" => t("search-field-agent").to_string(),
        "direction" => t("search-field-direction").to_string(),
        "language" => t("search-field-language").to_string(),
        own => own.to_owned(),
    }
}

fn defined(field: &str) -> String {
    let said: Text = match field {
        "agent" => t("search-definition-agent").into(),
        "direction" => t("search-definition-direction").into(),
        "language" => t("search-definition-language").into(),
        own => t("search-definition-own").a("field", own),
    };
    said.to_string()
}

fn results(found: &app::Results, before: usize) -> Results {
    let last = before + found.hits.len();
    Results {
        total: found.total,
        examined: found.examined,
        explained: found.explained.clone(),
        understood: found.query.clone(),
        first: (before + 1).min(last),
        last,
        next: found.next.map(|place| place.to_string()),
        counted: (found.total != found.counted).then_some(found.counted),
        partial: found.partial,
        hits: found.hits.iter().map(hit).collect(),
    }
}

fn hit(hit: &app::Hit) -> Hit {
    let summary = &hit.summary;
    Hit {
        id: summary.id.to_string(),
        started: Moment::of(summary.started),
        channel: super::said::channel(summary.channel),
        length: summary.duration.map_or_else(String::new, lasting),
        matches: hit.matches,
        playable: summary.channel == domain::Channel::Voice,
        snippets: hit
            .snippets
            .iter()
            .map(|snippet| Snippet {
                at: snippet.at.to_string(),
                at_ms: snippet.at.0,
                // A player goes to the second; messages have a place each.
                link_ms: if summary.channel == domain::Channel::Voice {
                    snippet.at.0
                } else {
                    snippet.turn_start.0
                },
                speaker: snippet.speaker.to_string(),
                pieces: snippet.pieces.clone(),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::narrowed;

    #[test]
    fn facets_narrow_a_query_and_leave_its_words_alone() {
        assert_eq!(narrowed("a OR b", &[], &[]), "a OR b");
        assert_eq!(
            narrowed("a OR b", &["channel:chat"], &["redacted:CARD"]),
            "(a OR b) AND channel:chat AND NOT redacted:CARD"
        );
        assert_eq!(narrowed("", &["channel:chat"], &[]), "channel:chat");
    }
}
