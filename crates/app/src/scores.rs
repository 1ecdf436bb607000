//! What categories and scorecards found in one interaction, with people's own values beside the
//! computed ones.

use analysis::scores;
use domain::query::{Evidence, Fields};
use domain::{
    ComponentFinding, Credit, DataCategory, DefinitionKind, DefinitionName, Finding,
    IndicatorFinding, InteractionId, Override, Purpose, RedactedTranscript, Score, Secret,
};
use policy::{Find, Interactions, Permit, Read, Scope};
use store::StoredOverride;

use crate::app::App;
use crate::definitions::missing;
use crate::error::AppError;
use crate::finding::{Snippet, snippet};
use crate::reading::shown;

/// Snippets shown for one component or indicator.
const SNIPPETS: usize = 3;

/// A category that holds in an interaction.
#[derive(Debug, Clone)]
pub struct CategoryHit {
    /// Folders and name.
    pub name: DefinitionName,
    /// The components that matched, each with where.
    pub components: Vec<(ComponentFinding, Vec<Snippet>)>,
}

/// A scorecard's outcome for an interaction.
#[derive(Debug, Clone)]
pub struct ScoreView {
    /// Folders and name.
    pub name: DefinitionName,
    /// As computed; none where no indicator applies.
    pub computed: Option<Score>,
    /// With people's values in place.
    pub score: Option<Score>,
    /// Each indicator.
    pub indicators: Vec<IndicatorView>,
}

/// One indicator of a scorecard's outcome.
#[derive(Debug, Clone)]
pub struct IndicatorView {
    /// As computed.
    pub computed: IndicatorFinding,
    /// What counts: the last person's value, or the computed one.
    pub credit: Option<Credit>,
    /// People's values, oldest first, with who, when and why.
    pub overrides: Vec<StoredOverride>,
    /// Where it was found.
    pub snippets: Vec<Snippet>,
}

/// Everything that definitions found in one interaction.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Categories that hold, by name.
    pub categories: Vec<CategoryHit>,
    /// Scores, by name.
    pub scores: Vec<ScoreView>,
}

impl App {
    /// What the published categories and scorecards found in an interaction.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`], [`AppError::Withheld`].
    pub async fn findings(&self, scope: &Scope, id: InteractionId) -> Result<Findings, AppError> {
        let permit = self.ask_to_review(scope, id).await?;
        let stored = self.store.findings(&permit).await?;
        if stored.is_empty() {
            return Ok(Findings::default());
        }
        let overrides = self.store.overrides(&permit).await?;
        let transcript = shown(self.store.redacted_transcript(&permit).await)?.ok();
        let mut names = self
            .store
            .definitions(&permit, DefinitionKind::Category)
            .await?;
        names.extend(
            self.store
                .definitions(&permit, DefinitionKind::Scorecard)
                .await?,
        );
        let mut all = Findings::default();
        for one in stored {
            let Some(named) = names.iter().find(|named| named.id == one.definition) else {
                continue;
            };
            let name = named.name.clone();
            match one.finding {
                Finding::Category(components) => {
                    let components = components.into_iter().map(|part| {
                        let where_ = snippets(transcript.as_ref(), &part.evidence);
                        (part, where_)
                    });
                    all.categories.push(CategoryHit {
                        name,
                        components: components.collect(),
                    });
                }
                Finding::Scorecard(computed) => {
                    let own = |says: &&StoredOverride| says.definition == one.definition;
                    let own: Vec<StoredOverride> = overrides.iter().filter(own).cloned().collect();
                    let view = score_view(name, &computed, &own, transcript.as_ref());
                    all.scores.push(view);
                }
                Finding::Alert(_) => {}
            }
        }
        all.categories.sort_by(|a, b| a.name.cmp(&b.name));
        all.scores.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Puts a person's value beside the computed one of an indicator; `None` says that the
    /// indicator does not apply. The computed value is kept.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the scorecard, the interaction's score or the indicator is
    /// not there; [`AppError::Input`] without a reason; [`AppError::Denied`].
    pub async fn override_indicator(
        &self,
        scope: &Scope,
        id: InteractionId,
        scorecard: &str,
        indicator: &str,
        (credit, reason): (Option<Credit>, &str),
    ) -> Result<(), AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::Input(
                "an override needs a reason; say why the computed value is wrong".to_owned(),
            ));
        }
        let all = self.ask_to_define(scope).await?;
        let card = self
            .named(&all, DefinitionKind::Scorecard, scorecard)
            .await?;
        let permit = self.ask_to_review(scope, id).await?;
        let stored = self.store.findings(&permit).await?;
        let finding = stored.iter().find(|one| one.definition == card.id);
        let known = match finding.map(|one| &one.finding) {
            Some(Finding::Scorecard(indicators)) => {
                indicators.iter().any(|one| one.name == indicator)
            }
            _ => return Err(missing("score of the scorecard", scorecard)),
        };
        if !known {
            return Err(missing("indicator", indicator));
        }
        let says = Override {
            indicator: indicator.to_owned(),
            credit,
            reason: Secret::new(reason.trim()),
        };
        Ok(self
            .store
            .override_indicator(&permit, card.id, &says)
            .await?)
    }

    /// Adds the fields `score.<name>`, in lower case, of an interaction's live scorecards, with
    /// people's values in place of computed ones.
    pub(crate) async fn add_scores(
        &self,
        permit: &Permit<Find, Interactions>,
        id: InteractionId,
        fields: &mut Fields,
    ) -> Result<(), AppError> {
        let stored = self.store.scores_of(permit, id).await?;
        if stored.is_empty() {
            return Ok(());
        }
        let named = self
            .store
            .definitions(permit, DefinitionKind::Scorecard)
            .await?;
        let overrides = self.store.overrides_of(permit, id).await?;
        for one in stored {
            let Finding::Scorecard(computed) = &one.finding else {
                continue;
            };
            let says: Vec<Override> = overrides
                .iter()
                .filter(|says| says.definition == one.definition)
                .map(|says| says.says.clone())
                .collect();
            let counts = scores::overridden(computed, &says);
            let own = named.iter().find(|named| named.id == one.definition);
            if let (Some(own), Some(score)) = (own, scores::total(&counts)) {
                let name = format!("score.{}", own.name.leaf().to_lowercase().replace(' ', "_"));
                fields.number(name, score.get());
            }
        }
        Ok(())
    }

    pub(crate) async fn ask_to_review(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Permit<Read, InteractionId>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let both = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        self.ask::<Read>(&scope, id, &both).await
    }
}

fn score_view(
    name: DefinitionName,
    computed: &[IndicatorFinding],
    overrides: &[StoredOverride],
    transcript: Option<&RedactedTranscript>,
) -> ScoreView {
    let says: Vec<Override> = overrides.iter().map(|one| one.says.clone()).collect();
    let counted = scores::overridden(computed, &says);
    let indicators = computed.iter().zip(&counted).map(|(one, counts)| {
        let own = |says: &&StoredOverride| says.says.indicator == one.name;
        IndicatorView {
            computed: one.clone(),
            credit: counts.credit,
            overrides: overrides.iter().filter(own).cloned().collect(),
            snippets: snippets(transcript, &one.evidence),
        }
    });
    ScoreView {
        name,
        computed: scores::total(computed),
        score: scores::total(&counted),
        indicators: indicators.collect(),
    }
}

fn snippets(transcript: Option<&RedactedTranscript>, evidence: &[Evidence]) -> Vec<Snippet> {
    let Some(transcript) = transcript else {
        return Vec::new();
    };
    let found = evidence.iter().take(SNIPPETS);
    found
        .filter_map(|found| snippet(transcript, found))
        .collect()
}
