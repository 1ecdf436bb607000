//! How many match: what the index counts while a page is filled, and what the page itself says.

use std::time::Duration;

use domain::Millis;
use store::{Candidates, Count, Spot};

use super::{Harvest, Hunt};
use crate::app::App;
use crate::error::AppError;
use crate::plan;
use crate::results::Total;

/// What counting may take beside the page: in the index, or by looking at the rest of a few.
pub(super) const COUNTING: Millis = Millis(15);
/// How many the index knows of.
pub(super) struct Counts {
    needs: Count,
    sure: Count,
}

impl App {
    /// How many candidates there are, and how many of them match for sure, within [`COUNTING`].
    pub(super) async fn counts(&self, hunt: &Hunt<'_>) -> Result<Counts, AppError> {
        let until = self.clock.now().plus(COUNTING);
        let count = async |plan: &Candidates| {
            let patience = Duration::from_millis(until.since(self.clock.now()).0);
            self.candidates_of(hunt, plan, patience).await
        };
        let needs = count(&hunt.needs).await?;
        let sure = if hunt.bounds.exact() {
            needs
        } else {
            let sure = plan::candidates(&hunt.bounds.sure);
            // What is sure by places only is worth no reading: what was looked at is sure too.
            if sure.by_places() {
                Count::unknown()
            } else {
                count(&sure).await?
            }
        };
        Ok(Counts { needs, sure })
    }

    async fn candidates_of(
        &self,
        hunt: &Hunt<'_>,
        plan: &Candidates,
        patience: Duration,
    ) -> Result<Count, AppError> {
        let (permit, sight) = (hunt.permit, &hunt.sight);
        let counted = self.store.candidate_count(permit, sight, plan, patience);
        Ok(counted.await?)
    }

    /// How many match in all, by the index and by what was looked at.
    pub(super) async fn total(
        &self,
        hunt: &Hunt<'_>,
        counts: &Counts,
        harvest: &Harvest,
    ) -> Result<Total, AppError> {
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let Counts { needs, sure } = counts;
        let found = harvest.found.len();
        let missed = harvest.examined.saturating_sub(found);
        let at_least = size(sure.at_least).max(found);
        let at_most = needs
            .at_most
            .map(|most| size(most).saturating_sub(missed).max(at_least));
        if at_most == Some(at_least) {
            return Ok(Total::exactly(at_least));
        }
        // A share of the candidates that were looked at, newest first; a guess, and called one. It
        // is made where it is known how many candidates there are about.
        let counted = needs.at_most == Some(needs.at_least);
        let candidates = needs.about.or(counted.then_some(needs.at_least));
        let about = match candidates.filter(|_| harvest.examined > 0) {
            Some(all) => {
                let all = size(all).max(harvest.examined);
                Some(found.saturating_mul(all) / harvest.examined)
            }
            None => self.as_many_as_lately(hunt, harvest).await?,
        };
        let within = |about: usize| about.max(at_least).min(at_most.unwrap_or(usize::MAX));
        Ok(Total {
            at_least,
            at_most,
            about: about.map(within),
        })
    }

    /// How many would match if always as many did as among the newest, which were looked at.
    async fn as_many_as_lately(
        &self,
        hunt: &Hunt<'_>,
        harvest: &Harvest,
    ) -> Result<Option<usize>, AppError> {
        let (Some(began), Some(reached)) = (harvest.began, harvest.reached) else {
            return Ok(None);
        };
        let known = async |plan: &Candidates| {
            let counted = self.candidates_of(hunt, plan, Duration::from_millis(COUNTING.0));
            let counted = counted.await?;
            let exact = counted.at_most.filter(|most| *most == counted.at_least);
            Ok::<_, AppError>(exact)
        };
        let since = |spot: Spot| Candidates::Started {
            from: Some(spot.started),
            until: None,
        };
        let before = match began {
            Some(began) => known(&since(began)).await?,
            None => Some(0),
        };
        let seen = known(&since(reached)).await?;
        let (Some(before), Some(seen)) = (before, seen) else {
            return Ok(None);
        };
        let Some(all) = known(&Candidates::All).await? else {
            return Ok(None);
        };
        let lately = seen.saturating_sub(before);
        let found = u64::try_from(harvest.found.len()).unwrap_or(u64::MAX);
        let about = found.saturating_mul(all).checked_div(lately);
        Ok(about.and_then(|about| usize::try_from(about).ok()))
    }
}
