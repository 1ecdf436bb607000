//! Plans by which interactions are drawn to be scored: so many of each agent each week, the same
//! ones for the same seed, so that nobody picks.

use analysis::forms::draw;
use domain::{
    DataCategory, DefinitionId, DefinitionKind, InteractionId, SamplingId, Secret, TenantId,
    Timestamp, UserId,
};
use policy::Scope;
use serde::{Deserialize, Serialize};
use store::{ListFilter, NoteFilter, Noted, Page, Summary};

use super::{ASSESS, Filling};
use crate::app::App;
use crate::error::AppError;
use crate::keyed;

/// Drawn of one agent in a week at most.
const MOST: u8 = 50;
/// Interactions of a week that are drawn from: the newest of them.
const DRAWN_FROM: u32 = 20_000;
const DAY: i64 = 86_400_000;

/// A plan as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampling {
    /// The form to fill in.
    #[serde(with = "keyed::one")]
    pub form: DefinitionId,
    /// So many of each agent each week.
    pub per_week: u8,
    /// Decides which.
    pub seed: u64,
}

impl Noted for Sampling {
    type Id = SamplingId;
    const KIND: &'static str = "sampling";
    const HOLDS: &'static [DataCategory] = ASSESS;

    fn state(&self) -> &'static str {
        "set"
    }

    fn about(&self) -> Option<String> {
        Some(self.form.to_string())
    }
}

/// A plan with its form's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplingView {
    /// Which.
    pub id: SamplingId,
    /// The form's name; empty where it is gone.
    pub form: String,
    /// As it is kept.
    pub plan: Sampling,
}

/// An interaction that a plan drew.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Of which agent.
    pub agent: UserId,
    /// Their name.
    pub name: Secret,
    /// The interaction.
    pub summary: Summary,
    /// The plan's form was filled in about it.
    pub done: bool,
}

impl App {
    /// Sets a plan; without a seed one is drawn.
    ///
    /// # Errors
    /// [`AppError::Input`] for a number out of range; [`AppError::NotFound`],
    /// [`AppError::Denied`].
    pub async fn set_sampling(
        &self,
        scope: &Scope,
        form: &str,
        per_week: u8,
        seed: Option<u64>,
    ) -> Result<SamplingId, AppError> {
        if !(1..=MOST).contains(&per_week) {
            return Err(AppError::Input(format!(
                "a plan draws 1 to {MOST} interactions of each agent each week"
            )));
        }
        let permit = self.ask_to_arrange(scope, ASSESS).await?;
        let form = self.form_to_fill(scope, form).await?.id;
        let seed = match seed {
            Some(seed) => seed,
            None => {
                let mut bytes = [0u8; 8];
                self.chance.fill(&mut bytes)?;
                u64::from_le_bytes(bytes) >> 12
            }
        };
        let plan = Sampling {
            form,
            per_week,
            seed,
        };
        Ok(self.store.note(&permit, &plan).await?)
    }

    /// Every plan, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn samplings(&self, scope: &Scope) -> Result<Vec<SamplingView>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let named = self.store.definitions(&find, DefinitionKind::Form).await?;
        let all = NoteFilter::default();
        let notes = self.store.notes::<Sampling>(&find, &all).await?;
        Ok(notes
            .into_iter()
            .map(|note| SamplingView {
                id: note.id,
                form: named
                    .iter()
                    .find(|one| one.id == note.body.form)
                    .map_or_else(String::new, |one| one.name.to_string()),
                plan: note.body,
            })
            .collect())
    }

    /// Takes a plan back; what was filled in by it stays.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn end_sampling(&self, scope: &Scope, id: SamplingId) -> Result<(), AppError> {
        let permit = self.ask_to_arrange(scope, ASSESS).await?;
        let find = self.ask_for_notes(scope).await?;
        let seen = self.store.note_by_id::<Sampling>(&find, id).await?;
        Ok(self.store.drop_note(&permit, &seen).await?)
    }

    /// What a plan draws of a week's interactions that are ready, by agent. A week goes from
    /// Monday to Sunday in UTC ([`week_of`]).
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn sampled(
        &self,
        scope: &Scope,
        id: SamplingId,
        week: i64,
    ) -> Result<Vec<Drawn>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let plan = self.store.note_by_id::<Sampling>(&find, id).await?.body;
        let filter = ListFilter {
            from: Some(week_start(week)),
            until: Some(week_start(week + 1)),
            ready_only: true,
            ..ListFilter::default()
        };
        let page = Page {
            limit: DRAWN_FROM,
            after: None,
        };
        let there = self.store.list(&find, &filter, &page).await?;
        let form = plan.form.to_string();
        let of_form = NoteFilter {
            about: Some(&form),
            since: Some(week_start(week)),
            ..NoteFilter::default()
        };
        let filled = self.store.notes::<Filling>(&find, &of_form).await?;
        let mut drawn = Vec::new();
        for (agent, known_by, name) in self.agents(scope).await? {
            let own = self.own_of(scope.tenant(), &known_by).await?;
            let mut candidates: Vec<&Summary> = there
                .iter()
                .filter(|one| own.binary_search(&one.id).is_ok())
                .collect();
            candidates.sort_by_key(|one| one.id);
            let numbers: Vec<u128> = candidates
                .iter()
                .map(|one| one.id.as_uuid().as_u128())
                .collect();
            for place in draw(plan.seed, &numbers, usize::from(plan.per_week)) {
                let Some(summary) = candidates.get(place) else {
                    continue;
                };
                let done = filled.iter().any(|one| one.interaction == Some(summary.id));
                drawn.push(Drawn {
                    agent,
                    name: name.clone(),
                    summary: (*summary).clone(),
                    done,
                });
            }
        }
        Ok(drawn)
    }

    async fn own_of(
        &self,
        tenant: TenantId,
        known_by: &[String],
    ) -> Result<Vec<InteractionId>, AppError> {
        let known_by: Vec<&str> = known_by.iter().map(String::as_str).collect();
        let mut own = self.store.took_part(tenant, &known_by).await?;
        own.sort_unstable();
        Ok(own)
    }
}

/// Number of a week since 1970: from Monday to Sunday, in UTC.
#[must_use]
pub const fn week_of(at: Timestamp) -> i64 {
    // 1970-01-01 was a Thursday.
    (at.0.div_euclid(DAY) + 3).div_euclid(7)
}

/// When a week begins.
#[must_use]
pub const fn week_start(week: i64) -> Timestamp {
    Timestamp((week * 7 - 3) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        // 2026-10-05 was a Monday.
        let monday = crate::reading::parse_time("2026-10-05T00:00:00Z").unwrap();
        assert_eq!(week_start(week_of(monday)), monday);
        assert_eq!(week_of(Timestamp(monday.0 - 1)), week_of(monday) - 1);
        assert_eq!(week_of(Timestamp(monday.0 + 7 * DAY - 1)), week_of(monday));
    }
}
