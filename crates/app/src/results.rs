//! A page of search results: newest or best first, counted, with facets, within a time budget.

use std::fmt;
use std::str::FromStr;

use analysis::search::{self, Rank};
use domain::{DataCategory, InteractionId, Millis, Purpose, Timestamp};
use policy::{Find, Interactions, Permit, Scope};
use store::Spot;

use crate::app::App;
use crate::error::AppError;
use crate::finding::{Hit, refused};
use crate::narrowing::narrowed;

/// Which results come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ranking {
    /// The latest start.
    #[default]
    Newest,
    /// The highest rank ([`search::rank`]), then the latest start.
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
    rank: Rank,
    started: Timestamp,
    id: InteractionId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.rank.0, self.started.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = AppError;
    fn from_str(text: &str) -> Result<Self, AppError> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().unwrap_or_default();
        let (rank, started, id) = (next(), next(), next());
        let bad = |_| AppError::Input("this is no place in a list of results".to_owned());
        Ok(Self {
            rank: Rank(rank.parse().map_err(bad)?),
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
    /// Results whose fields are counted, the newest, where there are too many to look at all.
    pub sample: usize,
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
            sample: 0,
            budget: Millis(5_000),
        }
    }

    /// Results that must be found: the page and one more, which tells that there are more, or what
    /// facets are counted over.
    pub(crate) fn wanted(&self) -> usize {
        let page = self.skip.saturating_add(self.limit).saturating_add(1);
        page.max(self.sample)
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

/// How many results there are, as well as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// No fewer.
    pub at_least: usize,
    /// No more; none where the time did not suffice to say.
    pub at_most: Option<usize>,
    /// What the share of matches among the newest candidates suggests, where the number is open.
    pub about: Option<usize>,
}

impl Total {
    pub(crate) const fn exactly(count: usize) -> Self {
        Self {
            at_least: count,
            at_most: Some(count),
            about: None,
        }
    }

    /// The number, where it is known exactly.
    #[must_use]
    pub fn exact(&self) -> Option<usize> {
        self.at_most.filter(|most| *most == self.at_least)
    }
}

/// Equal where the number is known exactly.
impl PartialEq<usize> for Total {
    fn eq(&self, other: &usize) -> bool {
        self.exact() == Some(*other)
    }
}

/// `12`, `at least 300`, `300 to 2100, about 900`.
impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.exact(), self.at_most) {
            (Some(exact), _) => return write!(f, "{exact}"),
            (None, Some(most)) => write!(f, "{} to {most}", self.at_least)?,
            (None, None) => write!(f, "at least {}", self.at_least)?,
        }
        match self.about {
            Some(about) => write!(f, ", about {about}"),
            None => Ok(()),
        }
    }
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
    /// Results in all.
    pub total: Total,
    /// The time was up before the page was full.
    pub partial: bool,
    /// Interactions whose words were looked at.
    pub examined: usize,
    /// Values of the results that were looked at.
    pub facets: Vec<Facet>,
    /// Results whose values are counted: all of them, or the newest.
    pub counted: usize,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// A page of what matches, with nothing of it opened but its word streams.
#[derive(Debug, Clone)]
pub struct Matches {
    /// The page.
    pub found: Vec<Match>,
    /// Results in all.
    pub total: Total,
    /// The time was up before the page was full.
    pub partial: bool,
    /// Interactions whose words were looked at.
    pub examined: usize,
    /// Values of the results that were looked at.
    pub facets: Vec<Facet>,
    /// Results whose values are counted.
    pub counted: usize,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// An interaction that matches.
#[derive(Debug, Clone)]
pub struct Match {
    /// Where it stands in the list.
    pub place: Cursor,
    /// Which words made it so.
    pub evidence: Vec<domain::query::Evidence>,
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
        let fields = self.field_set(scope.tenant()).await?;
        let asked = search::parse_with(&request.text, &fields).map_err(refused)?;
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self.ask_to_search(&scope).await?;
        let matches = self.matching(&permit, &asked, request).await?;
        Ok(Results {
            query: search::format(&asked),
            explained: search::explain(&asked),
            hits: self.hits(&scope, &matches.found).await?,
            total: matches.total,
            partial: matches.partial,
            examined: matches.examined,
            facets: matches.facets,
            counted: matches.counted,
            next: matches.next,
        })
    }

    /// As [`Self::results`] without opening the hits: where they are, not what is said there.
    ///
    /// # Errors
    /// As [`Self::results`].
    pub async fn matches(
        &self,
        scope: &Scope,
        request: &SearchRequest,
    ) -> Result<Matches, AppError> {
        self.matches_for(&scope.for_purpose(Purpose::Review), request)
            .await
    }

    /// As [`Self::matches`] for the scope's own purpose.
    pub(crate) async fn matches_for(
        &self,
        scope: &Scope,
        request: &SearchRequest,
    ) -> Result<Matches, AppError> {
        let fields = self.field_set(scope.tenant()).await?;
        let asked = search::parse_with(&request.text, &fields).map_err(refused)?;
        let permit = self.ask_to_search(scope).await?;
        self.matching(&permit, &asked, request).await
    }

    async fn ask_to_search(&self, scope: &Scope) -> Result<Permit<Find, Interactions>, AppError> {
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        self.ask_to_find(scope, &both).await
    }

    async fn matching(
        &self,
        permit: &Permit<Find, Interactions>,
        asked: &domain::query::Query,
        request: &SearchRequest,
    ) -> Result<Matches, AppError> {
        let book = self.book(permit).await?;
        let query = narrowed(book.follow(asked).map_err(refused)?, request)?;
        let matches = self.harvest(permit, &query, request).await?;
        self.store
            .record_search(permit, matches.total.at_least)
            .await?;
        Ok(matches)
    }
}

impl Cursor {
    pub(crate) const fn at(spot: Spot, rank: Rank) -> Self {
        Self {
            rank,
            started: spot.started,
            id: spot.id,
        }
    }

    pub(crate) const fn spot(&self) -> Spot {
        Spot {
            started: self.started,
            id: self.id,
        }
    }

    /// Its place among the best: the rank, then the start.
    pub(crate) const fn rank(&self) -> (Rank, Spot) {
        (self.rank, self.spot())
    }

    /// Which interaction.
    #[must_use]
    pub const fn id(&self) -> InteractionId {
        self.id
    }
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

    #[test]
    fn a_total_says_how_well_it_is_known() {
        assert_eq!(Total::exactly(12).to_string(), "12");
        let mut total = Total {
            at_least: 300,
            at_most: None,
            about: None,
        };
        assert_eq!(total.to_string(), "at least 300");
        total.at_most = Some(2_100);
        total.about = Some(900);
        assert_eq!(total.to_string(), "300 to 2100, about 900");
    }
}
