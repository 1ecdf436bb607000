//! Evaluates what is published over interactions that are behind: new ones and all history.
//!
//! All published versions are compiled into one battery and run in one pass over each
//! interaction's word stream. Whatever stops this leaves interactions behind, nothing else.

use std::collections::BTreeSet;

use analysis::scores;
use analysis::search::{Battery, Resolved, Terms};
use domain::query::{Evidence, Fields, Query, Similar, WordStream};
use domain::{DataCategory, DefinitionId, Epoch, Finding, InteractionId, Purpose, TenantId};
use policy::{Permit, Read, Scope, Seal};
use store::{AlertOrder, Behind, Published};

use super::book::Book;
use super::text::{self, AlertRule, Parsed};
use crate::app::App;
use crate::error::AppError;
use crate::sentences::Comparer;

const NEEDED: &[DataCategory] = &[
    DataCategory::RedactedContent,
    DataCategory::InteractionMetadata,
];

/// What is published, compiled together.
struct Shelf {
    epoch: Epoch,
    editions: Vec<Loaded>,
    battery: Battery,
    comparer: Comparer,
}

/// One published version and the places of its queries among the battery's.
struct Loaded {
    id: DefinitionId,
    epoch: Epoch,
    next: bool,
    parsed: Parsed,
    from: usize,
    until: usize,
    /// Examples that it compares turns with.
    similar: BTreeSet<Similar>,
}

impl App {
    /// Evaluates some of a tenant's interactions that are behind, newest first, and lets versions
    /// that have reached all history be read. Says how many interactions were taken up.
    ///
    /// # Errors
    /// [`AppError::Store`]. That the policy refuses an interaction is no error: nothing is found
    /// in it.
    pub async fn evaluate_behind(&self, tenant: TenantId, limit: u64) -> Result<usize, AppError> {
        let _turn = self.evaluating.lock().await;
        let behind = self.store.behind(tenant, limit).await?;
        let scope = self.pipeline_scope(tenant, Purpose::Analysis);
        let mut shelf = None;
        for one in &behind {
            self.evaluate_one(&scope, one, &mut shelf).await?;
        }
        if u64::try_from(behind.len()).unwrap_or(u64::MAX) < limit {
            self.store.promote_definitions(tenant).await?;
        }
        Ok(behind.len())
    }

    /// As [`Self::evaluate_behind`] for every tenant.
    ///
    /// # Errors
    /// As [`Self::evaluate_behind`].
    pub(crate) async fn evaluate_everyone(&self, limit: u64) -> Result<usize, AppError> {
        let mut taken = 0;
        for tenant in self.store.tenants().await? {
            taken += self.evaluate_behind(tenant.id, limit).await?;
        }
        Ok(taken)
    }

    async fn evaluate_one(
        &self,
        scope: &Scope,
        behind: &Behind,
        shelf: &mut Option<Shelf>,
    ) -> Result<(), AppError> {
        let (may_read, may_seal) = match self.may_evaluate(scope, behind.id).await {
            Ok(permits) => permits,
            Err(AppError::Denied(_)) => {
                return Ok(self.store.pass_over(scope.tenant(), behind).await?);
            }
            // Erased since it was listed.
            Err(AppError::NotFound { .. }) => return Ok(()),
            Err(other) => return Err(other),
        };
        let shelf = match shelf {
            Some(shelf) => shelf,
            None => shelf.insert(self.shelf(&may_read).await?),
        };
        let mut stream = match self.store.stream_to_evaluate(&may_read).await {
            Ok(stream) => stream,
            Err(store::StoreError::Withheld(_)) => {
                return Ok(self.store.pass_over(scope.tenant(), behind).await?);
            }
            Err(other) => return Err(other.into()),
        };
        let similar = shelf.similar(behind.reached);
        if !similar.is_empty() {
            // Without the model this fails, and the interaction stays behind.
            let words = self.store.redacted_transcript(&may_read).await?;
            let compared = shelf.comparer.compare(&similar, &words, &mut stream);
            compared.await?;
        }
        let found = shelf.evaluate(&stream, behind.reached);
        // History is no news: only an interaction that was never evaluated raises alerts.
        let new = behind.reached == Epoch(0);
        let alerts = if new {
            shelf.alerts(&found)
        } else {
            Vec::new()
        };
        self.store
            .store_findings(&may_seal, behind, shelf.epoch, (&found, &alerts))
            .await?;
        Ok(())
    }

    async fn may_evaluate(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<(Permit<Read, InteractionId>, Permit<Seal, InteractionId>), AppError> {
        Ok((
            self.ask::<Read>(scope, id, NEEDED).await?,
            self.ask::<Seal>(scope, id, NEEDED).await?,
        ))
    }

    async fn shelf(&self, permit: &Permit<Read, InteractionId>) -> Result<Shelf, AppError> {
        let (epoch, published) = self.store.published_definitions(permit).await?;
        let (editions, queries) = load(&published);
        let mut terms = Terms::default();
        queries.iter().for_each(|query| terms.add(query));
        let mut resolved: Resolved = crate::plan::resolve(&self.store, permit, &terms).await?;
        resolved.compared();
        Ok(Shelf {
            epoch,
            comparer: Comparer::new(&self.config.models),
            battery: Battery::new(&queries, &resolved),
            editions,
        })
    }
}

/// The published versions with their queries in one list. What is read refers to what is read;
/// what will be read refers to what will be read.
fn load(published: &[Published]) -> (Vec<Loaded>, Vec<Query>) {
    let books = (Book::of(published, false), Book::of(published, true));
    let mut queries = Vec::new();
    let mut editions = Vec::new();
    for one in published {
        let book = if one.next { &books.1 } else { &books.0 };
        let read = text::parse(one.says.text.expose())
            .and_then(|parsed| book.queries(&parsed).map(|own| (parsed, own)));
        let (parsed, own) = match read {
            Ok(read) => read,
            Err(_) => {
                // It was whole when it was published; the others must not wait for it.
                tracing::warn!(definition = %one.id, "a published definition cannot be read");
                continue;
            }
        };
        let from = queries.len();
        let mut terms = Terms::default();
        own.iter().for_each(|query| terms.add(query));
        queries.extend(own);
        editions.push(Loaded {
            id: one.id,
            epoch: one.edition.epoch,
            next: one.next,
            parsed,
            from,
            until: queries.len(),
            similar: terms.similar().clone(),
        });
    }
    (editions, queries)
}

impl Shelf {
    /// The examples that the editions newer than `reached` compare with; those of every edition
    /// where an alert among them goes by a score.
    fn similar(&self, reached: Epoch) -> BTreeSet<Similar> {
        let newer = |one: &&Loaded| one.epoch > reached;
        let scored = self
            .editions
            .iter()
            .filter(newer)
            .any(|one| matches!(&one.parsed, Parsed::Alert(rule) if rule.score.is_some()));
        let asking = self.editions.iter().filter(|one| scored || newer(one));
        asking.flat_map(|one| one.similar.clone()).collect()
    }

    /// What the editions that are newer than `reached` find.
    fn evaluate(&self, stream: &WordStream, reached: Epoch) -> Vec<(DefinitionId, Epoch, Finding)> {
        let count = self.editions.last().map_or(0, |last| last.until);
        let mut answers: Vec<Option<Vec<Evidence>>> = vec![None; count];
        for hit in self.battery.run(stream, &stream.fields) {
            if let Some(answer) = answers.get_mut(hit.query) {
                *answer = Some(hit.evidence);
            }
        }
        let found = |one: &Loaded| {
            let own = answers.get(one.from..one.until)?;
            decide(&one.parsed, own, &stream.fields)
        };
        let newer = self.editions.iter().filter(|one| one.epoch > reached);
        newer
            .filter(|one| self.score_passes(one, &found))
            .filter_map(|one| Some((one.id, one.epoch, found(one)?)))
            .collect()
    }

    /// Whether an alert's limit on a score is passed; what has none passes. The scorecard is the
    /// one that is read, or that will be read together with the alert.
    fn score_passes(&self, one: &Loaded, found: &impl Fn(&Loaded) -> Option<Finding>) -> bool {
        let Parsed::Alert(AlertRule {
            score: Some(limit), ..
        }) = &one.parsed
        else {
            return true;
        };
        let name = limit.scorecard.as_str().to_lowercase();
        let named = |card: &&Loaded| {
            matches!(card.parsed, Parsed::Scorecard(_))
                && card.parsed.name().as_str().to_lowercase() == name
        };
        let cards: Vec<&Loaded> = self.editions.iter().filter(named).collect();
        let same = cards.iter().find(|card| card.next == one.next);
        let Some(Finding::Scorecard(indicators)) =
            same.or(cards.first()).and_then(|card| found(card))
        else {
            return false;
        };
        scores::total(&indicators).is_some_and(|score| limit.passed(score))
    }
}

impl Shelf {
    /// The alerts among what was found that are in use; the first publication of one only looks
    /// at history.
    fn alerts(&self, found: &[(DefinitionId, Epoch, Finding)]) -> Vec<AlertOrder> {
        let order = |(id, epoch, _): &(DefinitionId, Epoch, Finding)| {
            let same = |one: &&Loaded| one.id == *id && one.epoch == *epoch && !one.next;
            match &self.editions.iter().find(same)?.parsed {
                Parsed::Alert(rule) => Some(AlertOrder {
                    definition: *id,
                    quiet: rule.quiet,
                }),
                _ => None,
            }
        };
        found.iter().filter_map(order).collect()
    }
}

/// What a definition finds, from the answers to its queries in their order.
pub(crate) fn decide(
    parsed: &Parsed,
    answers: &[Option<Vec<Evidence>>],
    fields: &Fields,
) -> Option<Finding> {
    match parsed {
        Parsed::Category(category) => category.decide(answers).map(Finding::Category),
        Parsed::Scorecard(card) => {
            let indicators = card.decide(answers, &|name| !fields.get(name).is_empty());
            let any = indicators.iter().any(|one| one.credit.is_some());
            any.then_some(Finding::Scorecard(indicators))
        }
        // Its score was looked at before; without a query nothing else decides.
        Parsed::Alert(rule) if rule.query.is_none() => Some(Finding::Alert(Vec::new())),
        Parsed::Alert(_) => answers.first().cloned().flatten().map(Finding::Alert),
        Parsed::Form(_) => None,
    }
}
