//! Rectification (GDPR Art. 16): what a person says is wrong stays as it was said or written, and
//! their statement stands beside it from then on, on the page and in everything that leaves.
//!
//! A record of what was said is not falsified; Article 16 lets incomplete data be completed by a
//! supplementary statement. The statement goes through the same redaction as the words it corrects,
//! with the name model, and is sealed under the interaction's own key: it goes when that goes.

use analysis::redact;
use domain::{
    CaseId, Confidence, CorrectionId, DataCategory, InteractionId, LanguageTag, Millis, PartyIndex,
    RawTranscript, Secret, Span, Speaker, SpeakerBasis, SpeakerLabel, Timestamp, Turn, Word,
    WordIndex,
};
use policy::{Find, Permit, Read, Scope};
use serde::{Deserialize, Serialize};
use store::{Note, Noted};

use super::RequestKind;
use crate::app::App;
use crate::error::AppError;
use crate::keyed;
use crate::redactor::{Reads, Redactor};
use crate::review::REMARK;

/// Characters of a statement.
const LONGEST: usize = 2_000;

/// A statement as it is kept beside an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The case that it answers.
    #[serde(with = "keyed::one")]
    pub case: CaseId,
    /// What the person says instead, redacted.
    #[serde(with = "keyed::secret")]
    pub says: Secret,
    /// About which stretch, in milliseconds from the start; none: the whole.
    pub stretch: Option<(u64, u64)>,
}

impl Noted for Correction {
    type Id = CorrectionId;
    const KIND: &'static str = "correction";
    const HOLDS: &'static [DataCategory] = REMARK;

    fn state(&self) -> &'static str {
        "stands"
    }

    fn about(&self) -> Option<String> {
        Some(self.case.to_string())
    }
}

/// A statement that a tenant takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionOrder {
    /// Beside which interaction.
    pub interaction: InteractionId,
    /// What the person says instead.
    pub says: Secret,
    /// About which stretch; none: the whole.
    pub stretch: Option<(Millis, Millis)>,
}

/// A statement with when it was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionView {
    /// Which.
    pub id: CorrectionId,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub correction: Correction,
}

impl App {
    /// Takes up a person's statement beside an interaction of theirs. The case is ended apart.
    ///
    /// # Errors
    /// [`AppError::Input`] for another kind of case, one that ended, an interaction in which the
    /// person has no part, or a statement without words; [`AppError::Engine`] where the name model
    /// cannot be loaded: nothing is kept then; [`AppError::Denied`].
    pub async fn rectify_for(
        &self,
        scope: &Scope,
        id: CaseId,
        order: &CorrectionOrder,
    ) -> Result<CorrectionId, AppError> {
        let case = self.case(scope, id).await?.body;
        let refused = |what: String| Err(AppError::Input(what));
        if case.kind != RequestKind::Rectification || case.outcome.is_some() {
            return refused(format!("`{id}` asks for no correction, or has ended"));
        }
        let says = order.says.expose().trim().to_owned();
        if says.is_empty() || says.chars().count() > LONGEST {
            return refused(format!("a statement has 1 to {LONGEST} characters"));
        }
        let about = order.interaction;
        if !self.interactions_of_case(scope, id).await?.contains(&about) {
            return refused(format!("the person of `{id}` has no part in `{about}`"));
        }
        if order.stretch.is_some_and(|(from, until)| until <= from) {
            return refused("a stretch ends after it begins".to_owned());
        }
        let permit = self.ask_to_remark(scope, about).await?;
        let correction = Correction {
            case: id,
            says: self.redacted_statement(scope, about, says).await?,
            stretch: order.stretch.map(|(from, until)| (from.0, until.0)),
        };
        Ok(self.store.note(&permit, &correction).await?)
    }

    /// The interactions in which a case's person takes part.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn interactions_of_case(
        &self,
        scope: &Scope,
        id: CaseId,
    ) -> Result<Vec<InteractionId>, AppError> {
        let case = self.case(scope, id).await?.body;
        let finding = self.keep::<Find>(scope).await?;
        let who = case.identifier.expose().parse()?;
        Ok(self.store.located(&finding, &who).await?)
    }

    /// What persons say instead, beside an interaction, oldest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn corrections(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Vec<CorrectionView>, AppError> {
        let permit = self.ask_to_review(scope, id).await?;
        self.corrections_under(&permit).await
    }

    pub(crate) async fn corrections_under(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Vec<CorrectionView>, AppError> {
        let notes = self.store.notes_of::<Correction>(permit).await?;
        Ok(notes.into_iter().map(view).collect())
    }

    /// The statement as the interaction's own words would be redacted.
    async fn redacted_statement(
        &self,
        scope: &Scope,
        id: InteractionId,
        text: String,
    ) -> Result<Secret, AppError> {
        let rules = self.redaction_rules(scope.tenant()).await?.rules;
        let unredacted = scope.for_purpose(domain::Purpose::UnredactedAccess);
        let both = [DataCategory::RawContent, DataCategory::Contact];
        let permit = self.ask::<Read>(&unredacted, id, &both).await?;
        let document = self.store.interaction(&permit).await?;
        let profile = self.profile_for(&rules, &document, &permit).await?;
        let models = self.config.models.clone();
        tokio::task::spawn_blocking(move || {
            let raw = as_words(&text);
            let mut redactor = Redactor::load(&models, Reads::Everything)?;
            let names = redactor.names(&raw, &profile)?;
            let redacted = redact::redact(&raw, &names, &profile);
            let words: Vec<String> = redacted
                .words()
                .iter()
                .map(domain::RedactedWord::shown)
                .collect();
            Ok(Secret::new(words.join(" ")))
        })
        .await
        .map_err(|_| AppError::Stopped)?
    }
}

fn view(note: Note<Correction>) -> CorrectionView {
    CorrectionView {
        id: note.id,
        at: note.at,
        correction: note.body,
    }
}

/// A text as one turn of one speaker.
fn as_words(text: &str) -> RawTranscript {
    let span = Span::between(Millis(0), Millis(1));
    let words: Vec<Word> = text
        .split_whitespace()
        .map(|word| Word {
            text: Secret::new(word),
            speaker: 0,
            span,
            confidence: Confidence::new(1.0),
        })
        .collect();
    let last = u32::try_from(words.len().saturating_sub(1)).unwrap_or(u32::MAX);
    RawTranscript {
        language: LanguageTag::english(),
        engine: "statement".to_owned(),
        duration: span.end(),
        speakers: vec![Speaker {
            label: SpeakerLabel::Consumer,
            party: PartyIndex(0),
            basis: SpeakerBasis::Sender,
            role_confidence: Confidence::new(1.0),
        }],
        turns: vec![Turn {
            speaker: 0,
            span,
            first: WordIndex(0),
            last: WordIndex(last),
            quoted: false,
        }],
        words,
    }
}
