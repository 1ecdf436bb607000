//! Handing a tenant its own redacted interactions in open formats.

use std::str::FromStr;

use domain::{DataCategory, InteractionId, Millis, Purpose};
use formats::{ExportAudio, ExportCorrection, ExportParty, ExportView};
use policy::{Permit, Read, Scope};

use crate::app::App;
use crate::error::AppError;
use crate::reading::shown;

/// An open format to export to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// vCon with the transcript as WTF analysis.
    VCon,
    /// Our documented JSON.
    Json,
    /// WebVTT captions.
    Vtt,
    /// Plain text, a line per turn.
    Txt,
    /// A row per turn.
    Csv,
    /// The redacted audio.
    Wav,
}

impl ExportFormat {
    /// Every format by its name.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("vcon", Self::VCon),
        ("json", Self::Json),
        ("vtt", Self::Vtt),
        ("txt", Self::Txt),
        ("csv", Self::Csv),
        ("wav", Self::Wav),
    ];

    /// Media type of the file.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::VCon => "application/vcon+json",
            Self::Json => "application/json",
            Self::Vtt => "text/vtt; charset=utf-8",
            Self::Txt => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Wav => "audio/wav",
        }
    }

    /// Ending of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::VCon => "vcon.json",
            Self::Json => "json",
            Self::Vtt => "vtt",
            Self::Txt => "txt",
            Self::Csv => "csv",
            Self::Wav => "wav",
        }
    }
}

impl FromStr for ExportFormat {
    type Err = AppError;
    fn from_str(text: &str) -> Result<Self, AppError> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
            AppError::Input(format!(
                "`{text}` is no export format; it is one of {}",
                names.join(", ")
            ))
        })
    }
}

impl App {
    /// One redacted interaction as a file's bytes.
    ///
    /// # Errors
    /// [`AppError::Withheld`] where there is no redacted copy yet; [`AppError::Denied`].
    pub async fn export(
        &self,
        scope: &Scope,
        id: InteractionId,
        format: ExportFormat,
    ) -> Result<Vec<u8>, AppError> {
        let scope = scope.for_purpose(Purpose::Export);
        let wants_audio = matches!(format, ExportFormat::Wav | ExportFormat::VCon);
        let mut wants = vec![
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        if wants_audio {
            wants.push(DataCategory::RedactedAudio);
        }
        let permit = self.ask::<Read>(&scope, id, &wants).await?;
        self.export_under(&permit, format).await
    }

    /// The same under a permit that was given for another purpose.
    pub(crate) async fn export_under(
        &self,
        permit: &Permit<Read, InteractionId>,
        format: ExportFormat,
    ) -> Result<Vec<u8>, AppError> {
        let id = *permit.resource();
        let wants_audio = matches!(format, ExportFormat::Wav | ExportFormat::VCon);
        let audio = if wants_audio {
            match shown(self.store.redacted_audio_len(permit).await)? {
                Ok(length) => Ok(self.store.redacted_audio_range(permit, 0..length).await?),
                Err(why) => Err(why),
            }
        } else {
            Err(domain::Withheld::NotReady)
        };
        if format == ExportFormat::Wav {
            return audio.map_err(AppError::Withheld);
        }
        let transcript =
            shown(self.store.redacted_transcript(permit).await)?.map_err(AppError::Withheld)?;
        let metrics = shown(self.store.metrics(permit).await)?.ok();
        let summary = self.store.summary(permit).await?;
        let parties: Vec<ExportParty> = summary
            .parties
            .iter()
            .map(|role| ExportParty { role: *role })
            .collect();
        let corrections: Vec<ExportCorrection> = self
            .corrections_under(permit)
            .await?
            .into_iter()
            .map(|one| ExportCorrection {
                at: one.at,
                stretch: one
                    .correction
                    .stretch
                    .map(|(from, until)| (Millis(from), Millis(until))),
                says: one.correction.says,
            })
            .collect();
        let wav = audio.ok();
        let view = ExportView {
            id,
            channel: summary.channel,
            direction: summary.direction,
            started: summary.started,
            created: self.now(),
            parties: &parties,
            transcript: &transcript,
            metrics: metrics.as_ref(),
            audio: wav.as_deref().map(|wav| ExportAudio { wav }),
            corrections: &corrections,
        };
        let text = match format {
            ExportFormat::VCon => formats::export_vcon(&view)?,
            ExportFormat::Json => formats::export_json(&view)?,
            ExportFormat::Vtt => formats::export_vtt(&view)?,
            ExportFormat::Txt => formats::export_txt(&view)?,
            ExportFormat::Csv => formats::export_csv(&view)?,
            ExportFormat::Wav => String::new(),
        };
        Ok(text.into_bytes())
    }
}
