//! Messages of a conversation that is here already.

use domain::{Channel, Content, DataCategory, Interaction, InteractionId, Purpose, SourceKey};
use policy::{Scope, Seal};
use sha2::{Digest, Sha256};
use store::{Continuation, TakeIn};

use crate::app::App;
use crate::error::AppError;

/// What makes each message of a thread the same one when it arrives again: mail by its
/// Message-ID, which is one of a kind; a chat's message by its id within the conversation; one
/// without an id by its time, writer and words. Empty for what is no thread.
pub(crate) fn message_keys(interaction: &Interaction) -> Vec<SourceKey> {
    if !interaction.is_thread() {
        return Vec::new();
    }
    let conversation = match (interaction.channel, &interaction.source) {
        (Channel::Chat, Some(source)) => source.expose().to_vec(),
        _ => Vec::new(),
    };
    let keys = interaction.dialogs.iter().map(|dialog| {
        if let (Channel::Email, Some(id)) = (interaction.channel, &dialog.message_id) {
            return SourceKey::from_source("message-id", id);
        }
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        };
        add(&conversation);
        if let Some(id) = &dialog.message_id {
            add(id.as_bytes());
        } else {
            let writer = dialog
                .originator
                .or(dialog.parties.first().copied().flatten());
            let writer = writer.and_then(|at| interaction.parties.get(usize::from(at.0)));
            add(&dialog.start.0.to_be_bytes());
            for field in writer
                .iter()
                .flat_map(|p| [&p.mailto, &p.id, &p.tel, &p.name])
            {
                add(field.as_ref().map_or(&[], |text| text.expose().as_bytes()));
            }
            if let Content::Text { body, .. } = &dialog.content {
                add(body.expose().as_bytes());
            }
        }
        SourceKey::from_content(hash.finalize().into())
    });
    keys.collect()
}

/// Further names of a mail thread: an answer may know it by any of its messages.
pub(crate) fn other_names(interaction: &Interaction) -> Vec<SourceKey> {
    if interaction.channel != Channel::Email || !interaction.is_thread() {
        return Vec::new();
    }
    let ids = interaction
        .dialogs
        .iter()
        .filter_map(|dialog| dialog.message_id.as_deref());
    ids.map(SourceKey::of_mail_thread).collect()
}

impl App {
    /// Adds the messages that the conversation does not have yet.
    pub(crate) async fn continue_thread(
        &self,
        scope: &Scope,
        id: InteractionId,
        further: &Continuation<'_>,
    ) -> Result<TakeIn, AppError> {
        let permit = self
            .ask::<Seal>(
                &scope.for_purpose(Purpose::Storage),
                id,
                &[DataCategory::RawContent, DataCategory::Contact],
            )
            .await?;
        Ok(self.store.take_in_further(&permit, further).await?)
    }
}
