//! A page of search results: newest or best first, counted, with facets, within a time budget.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use analysis::search::{self, FieldKind, FieldSet, FieldSpec, Matcher};
use domain::query::{Evidence, FieldValue, Fields, Node, Place, Query, WordStream};
use domain::{DataCategory, InteractionId, Millis, Purpose, Timestamp};
use policy::{Find, Interactions, Permit, Scope};

use crate::app::App;
use crate::definitions::text::asks_for_scores;
use crate::error::AppError;
use crate::finding::{Hit, refused};

/// Interactions whose words are opened in one go.
const CHUNK: usize = 32;
/// Values of a facet that are told.
const VALUES: usize = 50;
/// Fields that are facets; what the tenant declared is added.
const NO_FACETS: &[&str] = &["party", "redacted"];

/// Which results come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ranking {
    /// The latest start.
    #[default]
    Newest,
    /// The most matches, then the latest start.
    Best,
}

/// A field and one of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The field's name.
    pub field: String,
    /// The value, compared without regard to case.
    pub value: String,
}

/// Where a page ended, to go on after it; what arrives meanwhile changes nothing after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    matches: usize,
    started: Timestamp,
    id: InteractionId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.matches, self.started.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = AppError;
    fn from_str(text: &str) -> Result<Self, AppError> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().unwrap_or_default();
        let (matches, started, id) = (next(), next(), next());
        let bad = |_| AppError::Input("this is no place in a list of results".to_owned());
        Ok(Self {
            matches: matches.parse().map_err(bad)?,
            started: Timestamp(started.parse().map_err(bad)?),
            id: id.parse()?,
        })
    }
}

/// What to search for and how much of it to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// The query.
    pub text: String,
    /// Only interactions with one of these values, for each field that is named.
    pub include: Vec<FacetValue>,
    /// No interaction with one of these values.
    pub exclude: Vec<FacetValue>,
    /// Which come first.
    pub ranking: Ranking,
    /// How many to show.
    pub limit: usize,
    /// Goes on after a page.
    pub after: Option<Cursor>,
    /// Skips so many; for callers that count pages.
    pub skip: usize,
    /// After this long, what was found so far is returned and says that it is partial.
    pub budget: Millis,
}

impl SearchRequest {
    /// The first twenty of a query, newest first, within five seconds.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            include: Vec::new(),
            exclude: Vec::new(),
            ranking: Ranking::Newest,
            limit: 20,
            after: None,
            skip: 0,
            budget: Millis(5_000),
        }
    }
}

/// How often each value of a field is among the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field's name.
    pub field: String,
    /// Values with the number of results, most frequent first.
    pub values: Vec<(String, usize)>,
}

/// A page of results.
#[derive(Debug, Clone)]
pub struct Results {
    /// The query in its standard form.
    pub query: String,
    /// The query in plain words.
    pub explained: String,
    /// The page.
    pub hits: Vec<Hit>,
    /// Results that were found; all of them unless `partial`.
    pub total: usize,
    /// No more than so many can be there.
    pub at_most: usize,
    /// The time was up before every candidate was looked at.
    pub partial: bool,
    /// Interactions whose words were looked at.
    pub examined: usize,
    /// Values of the results that were found.
    pub facets: Vec<Facet>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// An interaction that matches.
struct Found {
    place: Cursor,
    evidence: Vec<Evidence>,
}

/// What looking at candidates gave.
#[derive(Default)]
struct Harvest {
    found: Vec<Found>,
    facets: BTreeMap<String, BTreeMap<String, usize>>,
    examined: usize,
    candidates: usize,
}

impl App {
    /// Searches redacted words. The index finds candidates; the matcher decides over each
    /// candidate's stream of keyed hashes; words are opened only for the hits that are shown.
    ///
    /// # Errors
    /// [`AppError::Query`] with the column; [`AppError::Denied`].
    pub async fn results(
        &self,
        scope: &Scope,
        request: &SearchRequest,
    ) -> Result<Results, AppError> {
        let asked = search::parse(&request.text).map_err(refused)?;
        let scope = scope.for_purpose(Purpose::Review);
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        let permit = self.ask_to_find(&scope, &both).await?;
        let followed = self.book(&permit).await?.follow(&asked).map_err(refused)?;
        let query = narrowed(followed, request)?;
        let mut harvest = self.harvest(&permit, &query, request.budget).await?;
        let total = harvest.found.len();
        self.store.record_search(&permit, total).await?;
        if request.ranking == Ranking::Best {
            harvest
                .found
                .sort_by_key(|one| std::cmp::Reverse(one.place.rank()));
        }
        let after = |one: &Found| match (request.after, request.ranking) {
            (None, _) => true,
            (Some(place), Ranking::Newest) => one.place.newest() < place.newest(),
            (Some(place), Ranking::Best) => one.place.rank() < place.rank(),
        };
        let rest: Vec<&Found> = harvest
            .found
            .iter()
            .filter(|one| after(one))
            .skip(request.skip)
            .collect();
        let mut hits = Vec::new();
        for one in rest.iter().take(request.limit) {
            hits.push(self.hit(&scope, one.place.id, &one.evidence).await?);
        }
        let more = rest.len() > request.limit;
        let last = request.limit.checked_sub(1).and_then(|last| rest.get(last));
        Ok(Results {
            query: search::format(&asked),
            explained: search::explain(&asked),
            hits,
            total,
            at_most: total + harvest.candidates - harvest.examined,
            partial: harvest.examined < harvest.candidates,
            examined: harvest.examined,
            next: last.filter(|_| more).map(|one| one.place),
            facets: told(harvest.facets),
        })
    }

    /// Looks at candidates, newest first, until the time is up.
    async fn harvest(
        &self,
        permit: &Permit<Find, Interactions>,
        query: &Query,
        budget: Millis,
    ) -> Result<Harvest, AppError> {
        let until = self.clock.now().plus(budget);
        let terms = search::terms(query);
        let resolved = crate::plan::resolve(&self.store, permit, &terms).await?;
        let plan = crate::plan::candidates(&search::candidates(query, &resolved));
        let candidates = self.store.candidates(permit, &plan).await?;
        let mut harvest = Harvest {
            candidates: candidates.len(),
            ..Harvest::default()
        };
        let Some(matcher) = Matcher::new(query, &resolved) else {
            harvest.examined = harvest.candidates;
            return Ok(harvest);
        };
        let scores = asks_for_scores(query);
        for chunk in candidates.chunks(CHUNK) {
            if self.clock.now() > until {
                break;
            }
            for (id, mut stream) in self.store.word_streams(permit, chunk).await? {
                if scores {
                    self.add_scores(permit, id, &mut stream.fields).await?;
                }
                harvest.look_at(&matcher, id, &stream);
            }
            harvest.examined += chunk.len();
        }
        Ok(harvest)
    }
}

impl Cursor {
    const fn newest(&self) -> (i64, InteractionId) {
        (self.started.0, self.id)
    }

    const fn rank(&self) -> (usize, i64, InteractionId) {
        (self.matches, self.started.0, self.id)
    }
}

impl Harvest {
    fn look_at(&mut self, matcher: &Matcher, id: InteractionId, stream: &WordStream) {
        let Some(evidence) = matcher.evaluate(stream, &stream.fields) else {
            return;
        };
        let started = match stream.fields.get("started") {
            [FieldValue::Instant(at), ..] => *at,
            _ => Timestamp(0),
        };
        self.count(&stream.fields);
        self.found.push(Found {
            place: Cursor {
                matches: evidence.len(),
                started,
                id,
            },
            evidence,
        });
    }

    fn count(&mut self, fields: &Fields) {
        for (name, values) in fields.iter().filter(|(name, _)| !NO_FACETS.contains(name)) {
            for value in values {
                if let FieldValue::Text(text) = value {
                    let counts = self.facets.entry(name.to_owned()).or_default();
                    *counts.entry(text.clone()).or_default() += 1;
                }
            }
        }
    }
}

/// The query with what the facets include and exclude.
fn narrowed(query: Query, request: &SearchRequest) -> Result<Query, AppError> {
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

fn told(facets: BTreeMap<String, BTreeMap<String, usize>>) -> Vec<Facet> {
    let facet = |(field, counts): (String, BTreeMap<String, usize>)| {
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        values.truncate(VALUES);
        Facet { field, values }
    };
    facets.into_iter().map(facet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_text() {
        let text = "3.1790000000000.int_00000000000000000000000000000007";
        let place: Cursor = text.parse().unwrap();
        assert_eq!(place.to_string(), text);
        assert!("3.x.int_7".parse::<Cursor>().is_err());
        assert!("".parse::<Cursor>().is_err());
    }
}
