//! Looking at candidates: all of them where they are few, else the newest until a page is full.
//!
//! The index says in order of time where a match may be and bounds how many there are; only what
//! a page needs is opened. The best are looked for among those first that have every part of the
//! query. All streams of a search stand under its one permit and one leaf.

mod counting;

use std::collections::{BTreeMap, HashSet};

use analysis::search::{self, Bounds, CandidatePlan, Matcher, Rank, Resolved};
use domain::query::{FieldValue, Fields, Node, Query, WordStream};
use domain::{InteractionId, Timestamp};
use policy::{Find, Interactions, Permit};
use store::{Beside, Candidates, Sight, Spot};

use crate::app::App;
use crate::definitions::text::asks_for_scores;
use crate::error::AppError;
use crate::plan;
use crate::results::{Cursor, Facet, Match, Matches, Ranking, SearchRequest, Total};
use counting::COUNTING;

/// Up to so many candidates are all looked at while that is quick, so that results are counted
/// exactly; so many where the index compares the places of words to find each of them.
const FEW: (usize, usize) = (400, 100);
/// Interactions whose words are opened in one go: at first, and at most.
const CHUNK: (usize, usize) = (32, 256);
/// Values of a facet that are told.
const VALUES: usize = 50;
/// Fields that are no facets; what the tenant declared is added to the others.
const NO_FACETS: &[&str] = &["party", "redacted"];

/// A query ready to be looked for.
struct Hunt<'a> {
    permit: &'a Permit<Find, Interactions>,
    matcher: Matcher,
    bounds: Bounds,
    needs: Candidates,
    /// What has every part of the query, what has not, and how high the latter may rank.
    fullest: Option<(Candidates, Candidates, Rank)>,
    sight: Sight,
    beside: Beside,
    scores: bool,
    until: Timestamp,
}

/// What looking at candidates gave.
#[derive(Default)]
struct Harvest {
    found: Vec<Match>,
    facets: BTreeMap<String, BTreeMap<String, usize>>,
    counted: usize,
    examined: usize,
    /// The last candidate that was looked at.
    reached: Option<Spot>,
    /// Candidates were looked at in order of time, those after this one.
    began: Option<Option<Spot>>,
    /// Nothing is left to look at.
    ended: bool,
    /// The time was up.
    late: bool,
}

impl App {
    /// A page of a query's matches.
    pub(crate) async fn harvest(
        &self,
        permit: &Permit<Find, Interactions>,
        query: &Query,
        request: &SearchRequest,
    ) -> Result<Matches, AppError> {
        let until = self.clock.now().plus(request.budget);
        let terms = search::terms(query);
        if !terms.similar().is_empty() {
            return Err(AppError::Query {
                message: "a search cannot go by a category that compares turns with examples, \
                          since turns are compared when a category is evaluated; hint: list what \
                          it found, with `privity category found` or on its page"
                    .to_owned(),
                column: 1,
            });
        }
        let resolved = plan::resolve(&self.store, permit, &terms).await?;
        let Some(hunt) = self.hunt(permit, query, &resolved, until).await? else {
            return Ok(Matches::none());
        };
        if request.ranking == Ranking::Best {
            return self.harvest_best(&hunt, request).await;
        }
        let most = hunt.few();
        let few = self.spots(&hunt, &hunt.needs, None, most + 1).await?;
        if few.len() > most {
            return self.harvest_page(&hunt, request, &few, None).await;
        }
        // Where every candidate matches, they are counted already; only the page is opened.
        if few.len() > CHUNK.0 && hunt.decided() {
            let total = Total::exactly(few.len());
            return self.harvest_page(&hunt, request, &few, Some(total)).await;
        }
        self.harvest_all(&hunt, request, few).await
    }

    async fn hunt<'a>(
        &self,
        permit: &'a Permit<Find, Interactions>,
        query: &Query,
        resolved: &Resolved,
        until: Timestamp,
    ) -> Result<Option<Hunt<'a>>, AppError> {
        let Some(matcher) = Matcher::new(query, resolved) else {
            return Ok(None);
        };
        let bounds = search::bounds(query, resolved);
        Ok(Some(Hunt {
            permit,
            matcher,
            needs: plan::candidates(&bounds.needs),
            fullest: search::fullest(query, resolved).map(|(full, most)| {
                let rest = full.clone().opposite();
                let within = |part| {
                    let both = CandidatePlan::all_of([bounds.needs.clone(), part]);
                    plan::candidates(&both)
                };
                (within(full), within(rest), most)
            }),
            bounds,
            sight: self.store.sight(permit).await?,
            beside: if asks_for_fields(query) {
                Beside::Facts
            } else {
                Beside::Nothing
            },
            scores: asks_for_scores(query),
            until,
        }))
    }

    /// Every candidate, within the budget: they are few, so what is found is counted. Where they
    /// are slow to open, the page is enough, and the count is bounded by those that are left.
    async fn harvest_all(
        &self,
        hunt: &Hunt<'_>,
        request: &SearchRequest,
        spots: Vec<Spot>,
    ) -> Result<Matches, AppError> {
        let until = self.clock.now().plus(COUNTING);
        let wanted = request.wanted();
        let after = |one: &Match| {
            let later = |place: Cursor| one.place.spot() < place.spot();
            request.after.is_none_or(later)
        };
        let mut harvest = Harvest::default();
        let (mut left, mut size) = (spots.as_slice(), CHUNK.0);
        while !left.is_empty() && !harvest.late {
            let shown = harvest.found.iter().filter(|one| after(one)).count();
            if shown >= wanted && self.clock.now() > until {
                break;
            }
            let (chunk, rest) = left.split_at(size.min(left.len()));
            self.look_into(hunt, Beside::Facts, chunk, &mut harvest)
                .await?;
            if !harvest.late {
                left = rest;
            }
            // Once the page is full, the time is looked at more often.
            if shown < wanted {
                size = size.saturating_mul(2).min(CHUNK.1);
            } else {
                size = CHUNK.0;
            }
        }
        harvest.ended = left.is_empty();
        let total = harvest.of_few(spots.len());
        harvest.found.retain(after);
        Ok(harvest.page(request, total))
    }

    /// The best, within the budget: those with every part of the query first, and the others only
    /// where one of them could still stand on the page.
    async fn harvest_best(
        &self,
        hunt: &Hunt<'_>,
        request: &SearchRequest,
    ) -> Result<Matches, AppError> {
        let mut harvest = Harvest::default();
        let mut seen = HashSet::new();
        let after = |one: &Match| {
            request
                .after
                .is_none_or(|place| one.place.rank() < place.rank())
        };
        let stages: Vec<(&Candidates, Option<Rank>)> = match &hunt.fullest {
            Some((full, rest, most)) => vec![(full, None), (rest, Some(*most))],
            None => vec![(&hunt.needs, None)],
        };
        let page = request.skip.saturating_add(request.limit);
        for (plan, most) in stages {
            // The page and the one after it, which tells that there are more.
            let better = |one: &&Match| most.is_some_and(|most| one.place.rank().0 > most);
            let better = harvest.found.iter().filter(better).filter(|one| after(one));
            if harvest.late || better.count() > page {
                harvest.ended = false;
                break;
            }
            harvest.ended = true;
            self.look_into_all(hunt, plan, &mut seen, &mut harvest)
                .await?;
        }
        let total = if harvest.ended && !harvest.late {
            Total::exactly(harvest.found.len())
        } else {
            let counts = self.counts(hunt).await?;
            self.total(hunt, &counts, &harvest).await?
        };
        harvest
            .found
            .sort_by_key(|one| std::cmp::Reverse(one.place.rank()));
        harvest.found.retain(after);
        Ok(harvest.page(request, total))
    }

    /// Looks at every candidate of a plan that was not seen before. What the index does not know
    /// yet is a candidate of every plan.
    async fn look_into_all(
        &self,
        hunt: &Hunt<'_>,
        plan: &Candidates,
        seen: &mut HashSet<InteractionId>,
        harvest: &mut Harvest,
    ) -> Result<(), AppError> {
        let mut last = None;
        while !harvest.late {
            let spots = self.spots(hunt, plan, last, FEW.0).await?;
            last = spots.last().copied();
            let full = spots.len() >= FEW.0;
            let new: Vec<Spot> = spots
                .into_iter()
                .filter(|spot| seen.insert(spot.id))
                .collect();
            for chunk in new.chunks(CHUNK.1) {
                self.look_into(hunt, Beside::Facts, chunk, harvest).await?;
            }
            if !full {
                break;
            }
        }
        Ok(())
    }

    /// The newest candidates after the last page, until this one is full; `few` are the newest of
    /// all, `total` is known or counted meanwhile.
    async fn harvest_page(
        &self,
        hunt: &Hunt<'_>,
        request: &SearchRequest,
        few: &[Spot],
        total: Option<Total>,
    ) -> Result<Matches, AppError> {
        if let Some(total) = total {
            let harvest = self.harvest_newest(hunt, request, few, Beside::Facts);
            return Ok(harvest.await?.page(request, total));
        }
        let beside = if request.sample > 0 {
            Beside::Facts
        } else {
            hunt.beside
        };
        let harvest = self.harvest_newest(hunt, request, few, beside);
        let (harvest, counts) = tokio::join!(harvest, self.counts(hunt));
        let harvest = harvest?;
        let total = self.total(hunt, &counts?, &harvest).await?;
        Ok(harvest.page(request, total))
    }

    async fn harvest_newest(
        &self,
        hunt: &Hunt<'_>,
        request: &SearchRequest,
        few: &[Spot],
        beside: Beside,
    ) -> Result<Harvest, AppError> {
        let wanted = request.wanted();
        let mut after = request.after.map(|place| place.spot());
        let mut harvest = Harvest {
            began: Some(after),
            ..Harvest::default()
        };
        let older = few.partition_point(|spot| after.is_some_and(|after| *spot >= after));
        let mut few = few.get(older..).unwrap_or_default();
        let mut size = if hunt.decided() {
            wanted.min(CHUNK.1)
        } else {
            wanted.clamp(CHUNK.0, CHUNK.1)
        };
        while harvest.found.len() < wanted && !harvest.ended && !harvest.late {
            let asked;
            let spots = match few.split_at_checked(size) {
                Some((first, rest)) => {
                    few = rest;
                    first
                }
                None => {
                    few = &[];
                    asked = self.spots(hunt, &hunt.needs, after, size).await?;
                    &asked
                }
            };
            self.look_into(hunt, beside, spots, &mut harvest).await?;
            harvest.ended = spots.len() < size && !harvest.late;
            after = spots.last().copied().or(after);
            size = size.saturating_mul(2).min(CHUNK.1);
        }
        Ok(harvest)
    }

    async fn spots(
        &self,
        hunt: &Hunt<'_>,
        plan: &Candidates,
        after: Option<Spot>,
        limit: usize,
    ) -> Result<Vec<Spot>, AppError> {
        let (permit, sight) = (hunt.permit, &hunt.sight);
        Ok(self
            .store
            .candidate_page(permit, sight, plan, after, limit)
            .await?)
    }

    async fn look_into(
        &self,
        hunt: &Hunt<'_>,
        beside: Beside,
        spots: &[Spot],
        harvest: &mut Harvest,
    ) -> Result<(), AppError> {
        if harvest.late || self.clock.now() > hunt.until {
            harvest.late = true;
            return Ok(());
        }
        let ids: Vec<_> = spots.iter().map(|spot| spot.id).collect();
        let streams = self.store.word_streams(hunt.permit, &ids, beside).await?;
        let mut places = spots.iter();
        for (id, mut stream) in streams {
            // Both are in one order; what may not be read is missing among the streams.
            let Some(spot) = places.find(|spot| spot.id == id) else {
                break;
            };
            if hunt.scores {
                self.add_scores(hunt.permit, id, &mut stream.fields).await?;
            }
            harvest.look_at(&hunt.matcher, *spot, &stream);
        }
        harvest.examined += spots.len();
        harvest.reached = spots.last().copied().or(harvest.reached);
        Ok(())
    }
}

impl Hunt<'_> {
    /// Up to how many candidates are few.
    fn few(&self) -> usize {
        if self.needs.by_places() { FEW.1 } else { FEW.0 }
    }

    /// Whether every candidate matches.
    fn decided(&self) -> bool {
        self.bounds.exact() && self.sight.decides()
    }
}

impl Matches {
    fn none() -> Self {
        Harvest::default().page(&SearchRequest::new(""), Total::exactly(0))
    }
}

impl Harvest {
    fn look_at(&mut self, matcher: &Matcher, spot: Spot, stream: &WordStream) {
        let Some(evidence) = matcher.evaluate(stream, &stream.fields) else {
            return;
        };
        self.count(&stream.fields);
        let place = Cursor::at(spot, search::rank(&evidence, stream.words.len()));
        self.found.push(Match { place, evidence });
    }

    fn count(&mut self, fields: &Fields) {
        let mut any = false;
        for (name, values) in fields.iter().filter(|(name, _)| !NO_FACETS.contains(name)) {
            for value in values {
                if let FieldValue::Text(text) = value {
                    let counts = self.facets.entry(name.to_owned()).or_default();
                    *counts.entry(text.clone()).or_default() += 1;
                    any = true;
                }
            }
        }
        self.counted += usize::from(any);
    }

    /// How many match of a few candidates.
    fn of_few(&self, candidates: usize) -> Total {
        let found = self.found.len();
        let left = candidates.saturating_sub(self.examined);
        if left == 0 {
            return Total::exactly(found);
        }
        let share = found.saturating_mul(candidates) / self.examined.max(1);
        Total {
            at_least: found,
            at_most: Some(found + left),
            about: (self.examined > 0).then_some(share),
        }
    }

    /// What is shown of it.
    fn page(self, request: &SearchRequest, total: Total) -> Matches {
        let end = request.skip.saturating_add(request.limit);
        let more = self.found.len() > end;
        let partial = self.late;
        let mut found = self.found;
        found.truncate(end);
        found.drain(..request.skip.min(found.len()));
        // Where the time was up, the next page goes on behind what was looked at.
        let last = found.last().filter(|_| more).map(|last| last.place);
        let resumed = self
            .reached
            .filter(|_| partial && request.ranking == Ranking::Newest);
        Matches {
            next: last.or(resumed.map(|spot| Cursor::at(spot, Rank::default()))),
            found,
            total,
            partial,
            examined: self.examined,
            facets: told(self.facets),
            counted: self.counted,
        }
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

/// Whether a query asks for a fact beside words.
fn asks_for_fields(query: &Query) -> bool {
    match &query.node {
        Node::Field { .. } => true,
        Node::Or(parts) | Node::And(parts) | Node::AnyOf(parts) => {
            parts.iter().any(asks_for_fields)
        }
        Node::Not(inner) | Node::Speaker(_, inner) | Node::Edge(_, _, inner) => {
            asks_for_fields(inner)
        }
        Node::Relation(relation) => {
            asks_for_fields(&relation.left) || asks_for_fields(&relation.right)
        }
        Node::NotIn(left, right) => asks_for_fields(left) || asks_for_fields(right),
        Node::Category { body, .. } => body.as_deref().is_some_and(asks_for_fields),
        Node::Phrase { .. } | Node::Similar(_) => false,
    }
}
