//! Two people in one recording: taking one out while the other stays.
//!
//! The person's name, addresses and written words leave the sealed document, their stretches of
//! every recording become silence, and everything that was made of them is destroyed and made
//! again from what is left, by the pipeline. The other person's words and sound are untouched.

use std::collections::BTreeSet;

use domain::{
    Content, DataCategory, Identifier, Interaction, InteractionId, Millis, Party, PartyIndex,
    Purpose, RawTranscript, Secret, Span,
};
use engine::audio::{self, Cut, Fill};
use policy::{Erase, Read, Scope};
use store::Receipt;

use super::cases::Case;
use crate::app::App;
use crate::error::AppError;
use crate::reading::shown;

/// What is silenced around a turn, so that no rest of a word is left.
const MARGIN: Millis = Millis(250);

impl App {
    /// Takes the parties `own` out of an interaction.
    pub(super) async fn take_out(
        &self,
        scope: &Scope,
        mut document: Interaction,
        own: &BTreeSet<PartyIndex>,
        id: InteractionId,
        case: &Case,
    ) -> Result<Receipt, AppError> {
        let unredacted = scope.for_purpose(Purpose::UnredactedAccess);
        let permit = self
            .ask::<Read>(
                &unredacted,
                id,
                &[DataCategory::RawContent, DataCategory::Voice],
            )
            .await?;
        let raw = shown(self.store.raw_transcript(&permit).await)?.ok();
        let began = document.started;
        for (number, dialog) in document.dialogs.iter_mut().enumerate() {
            match &mut dialog.content {
                Content::Media(bytes) => {
                    let part = u16::try_from(number).unwrap_or(u16::MAX);
                    let Some(raw) = &raw else {
                        return Err(AppError::Input(format!(
                            "`{id}` was not transcribed yet, so nobody knows who speaks where; \
                             process it first"
                        )));
                    };
                    let heard = self.store.media(&permit, part).await?;
                    let begins = dialog.start.since(began);
                    *bytes = self.silenced(heard, spoken(raw, own, begins)).await?;
                }
                Content::Text { body, quoted } => {
                    if dialog.originator.is_some_and(|from| own.contains(&from)) {
                        *body = Secret::new("");
                    }
                    // A reply may quote what the person wrote.
                    *quoted = None;
                }
                Content::Captions(cues) => {
                    cues.retain(|cue| cue.party.is_none_or(|party| !own.contains(&party)));
                }
                Content::None => {}
            }
        }
        for place in own {
            if let Some(party) = document.parties.get_mut(usize::from(place.0)) {
                *party = Party::of_role(party.role);
            }
        }
        let who: Identifier = case.identifier.expose().parse()?;
        let permit = self
            .ask::<Erase>(
                &scope.for_purpose(Purpose::Erasure),
                id,
                &[DataCategory::RawContent, DataCategory::Contact],
            )
            .await?;
        Ok(self.store.take_out(permit, &document, &who).await?)
    }

    async fn silenced(&self, bytes: Vec<u8>, spans: Vec<Span>) -> Result<Vec<u8>, AppError> {
        let limits = self.config.limits.clone();
        tokio::task::spawn_blocking(move || {
            let mut sound = audio::decode(&bytes, &limits).map_err(|_| AppError::Stopped)?;
            let cuts: Vec<Cut> = spans
                .into_iter()
                .map(|span| Cut {
                    channel: None,
                    span,
                })
                .collect();
            audio::remove(&mut sound, &cuts, Fill::Silence);
            Ok(audio::encode_wav(&sound))
        })
        .await
        .map_err(|_| AppError::Stopped)?
    }
}

/// When the parties speak in a recording that begins so long after the interaction, with a margin.
fn spoken(raw: &RawTranscript, own: &BTreeSet<PartyIndex>, begins: Millis) -> Vec<Span> {
    raw.turns
        .iter()
        .filter(|turn| {
            let speaker = raw.speakers.get(usize::from(turn.speaker));
            speaker.is_some_and(|speaker| own.contains(&speaker.party))
        })
        .map(|turn| {
            Span::between(
                turn.span
                    .start()
                    .saturating_sub(begins.saturating_add(MARGIN)),
                turn.span
                    .end()
                    .saturating_add(MARGIN)
                    .saturating_sub(begins),
            )
        })
        .collect()
}
