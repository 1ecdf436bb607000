//! What a tenant's people see of one interaction: always the redacted copy, always for a purpose.

use domain::{
    DataCategory, InteractionId, Metrics, Purpose, RedactedTranscript, SoundReport, Timestamp,
    Withheld,
};
use policy::{Read, Scope};
use store::{AccessEntry, Summary};

use crate::app::App;
use crate::error::AppError;

/// Something that may be withheld, with its reason.
pub type Shown<T> = Result<T, Withheld>;

/// One interaction as its tenant's people see it.
#[derive(Debug, Clone)]
pub struct View {
    /// Facts and counts.
    pub summary: Summary,
    /// The redacted words.
    pub transcript: Shown<RedactedTranscript>,
    /// The numbers.
    pub metrics: Shown<Metrics>,
    /// What was found out about the sound; withheld for written interactions.
    pub sound: Shown<SoundReport>,
    /// Length of the redacted audio in bytes, where there is one.
    pub audio: Shown<u64>,
}

impl App {
    /// Facts and counts of one interaction, without its words.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for another tenant's interaction; [`AppError::Denied`].
    pub async fn summary(&self, scope: &Scope, id: InteractionId) -> Result<Summary, AppError> {
        let permit = self
            .ask::<Read>(scope, id, &[DataCategory::InteractionMetadata])
            .await?;
        Ok(self.store.summary(&permit).await?)
    }

    /// Everything of one interaction that a reader may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for another tenant's interaction; [`AppError::Denied`].
    pub async fn view(&self, scope: &Scope, id: InteractionId) -> Result<View, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask::<Read>(
                &scope,
                id,
                &[
                    DataCategory::RedactedContent,
                    DataCategory::InteractionMetadata,
                ],
            )
            .await?;
        let summary = self.store.summary(&permit).await?;
        let transcript = shown(self.store.redacted_transcript(&permit).await)?;
        let metrics = shown(self.store.metrics(&permit).await)?;
        let sound = shown(self.store.sound(&permit).await)?;
        let audio = match self.audio_length(&scope, id).await {
            Ok(length) => Ok(length),
            Err(AppError::Denied(denial)) => Err(not_permitted(&denial)),
            Err(AppError::Withheld(why)) => Err(why),
            Err(other) => return Err(other),
        };
        Ok(View {
            summary,
            transcript,
            metrics,
            sound,
            audio,
        })
    }

    /// Length of the redacted audio in bytes (a WAV file). There is no way to any other audio.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::Store`] with `Withheld` where no redacted copy exists.
    pub async fn audio_length(&self, scope: &Scope, id: InteractionId) -> Result<u64, AppError> {
        let scope = scope.for_purpose(Purpose::Playback);
        let permit = self
            .ask::<Read>(&scope, id, &[DataCategory::RedactedAudio])
            .await?;
        Ok(self.store.redacted_audio_len(&permit).await?)
    }

    /// A range of the redacted audio's bytes.
    ///
    /// # Errors
    /// As [`App::audio_length`].
    pub async fn audio_range(
        &self,
        scope: &Scope,
        id: InteractionId,
        range: std::ops::Range<u64>,
    ) -> Result<Vec<u8>, AppError> {
        let scope = scope.for_purpose(Purpose::Playback);
        let permit = self
            .ask::<Read>(&scope, id, &[DataCategory::RedactedAudio])
            .await?;
        Ok(self.store.redacted_audio_range(&permit, range).await?)
    }

    /// Who opened an interaction, when and for what: the tenant's own part of the ledger.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn access_log(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Vec<AccessEntry>, AppError> {
        let permit = self
            .ask::<Read>(scope, id, &[DataCategory::InteractionMetadata])
            .await?;
        Ok(self.store.access_log(permit.tenant(), id).await?)
    }

    /// Destroys one interaction: keys first, then bytes, and says what was destroyed where.
    ///
    /// # Errors
    /// [`AppError::Denied`], for instance under a legal hold.
    pub async fn erase(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<store::Receipt, AppError> {
        let scope = scope.for_purpose(Purpose::Erasure);
        let permit = match self
            .ask::<policy::Erase>(&scope, id, &[DataCategory::RawContent])
            .await
        {
            Err(AppError::Denied(denial)) => {
                return Err(AppError::Denied(self.name_cases(&scope, id, denial).await));
            }
            other => other?,
        };
        let receipt = self.store.erase(permit).await?;
        self.store.checkpoint().await?;
        Ok(receipt)
    }
}

/// What a reader is told instead of something withheld.
#[must_use]
pub fn reason(withheld: &Withheld) -> String {
    match withheld {
        Withheld::NoConsent => "not shown: no consent".to_owned(),
        Withheld::Redacted(kind) => format!("removed: {kind}"),
        Withheld::Expired => "gone: its retention has ended".to_owned(),
        Withheld::OnHold => "not shown: under a legal hold".to_owned(),
        Withheld::NotPermitted(clause) => format!("not shown: clause {clause} forbids it"),
        Withheld::NotReady => "not there yet: the stage that makes it has not run".to_owned(),
    }
}

fn not_permitted(denial: &policy::Denial) -> Withheld {
    denial.clauses.first().map_or(Withheld::NotReady, |clause| {
        Withheld::NotPermitted(clause.clone())
    })
}

/// Keeps a withheld thing as a value and lets real failures through.
pub(crate) fn shown<T>(read: Result<T, store::StoreError>) -> Result<Shown<T>, AppError> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(store::StoreError::Withheld(reason)) => Ok(Err(reason)),
        Err(other) => Err(other.into()),
    }
}

/// An instant as HTTP headers write it (RFC 9110's IMF-fixdate).
#[must_use]
pub fn http_date(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(
        |_| String::new(),
        |instant| instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
    )
}

/// An instant as RFC 3339 in UTC with seconds.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(
        |_| format!("{} ms", at.0),
        |instant| instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

/// An instant from RFC 3339.
///
/// # Errors
/// [`AppError::Input`] with an example.
pub fn parse_time(text: &str) -> Result<Timestamp, AppError> {
    text.parse::<jiff::Timestamp>()
        .map(|instant| Timestamp(instant.as_millisecond()))
        .map_err(|_| {
            AppError::Input(format!(
                "`{text}` is no time; write it like 2026-10-05T09:12:00Z"
            ))
        })
}
