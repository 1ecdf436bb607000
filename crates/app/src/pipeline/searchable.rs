//! The fields that a search may ask for beside words: who served, where it came through, and
//! what the tenant declared. Made where the original is open, and redacted like the words.

use analysis::redact::{self, Profile};
use domain::InteractionId;
use domain::query::Fields;
use domain::{DataCategory, Interaction, LanguageTag, Role};
use policy::{Permit, Read};

use super::{Context, Fault};

/// Names that the search language has fields of its own for; a tenant's value would shadow them.
const TAKEN: &[&str] = &[
    "channel",
    "direction",
    "started",
    "duration",
    "party",
    "redacted",
    "agent",
    "language",
    "talk",
    "silence",
    "longest_silence",
    "overtalk",
    "talk_ratio",
    "words_per_minute",
    "response_gap",
    "sentiment",
    "sentiment_shift",
];

/// Fields of one interaction. An agent without an id of the tenant's own is told from others by a
/// keyed handle, because names are not shown to those who review.
pub(super) async fn fields(
    context: &Context<'_>,
    permit: &Permit<Read, InteractionId>,
    interaction: &Interaction,
    language: &LanguageTag,
    profile: &Profile,
) -> Result<Fields, Fault> {
    permit
        .check(DataCategory::Contact, context.app.now())
        .map_err(store::StoreError::from)?;
    let mut fields = Fields::default();
    fields.text("language", language.as_str());
    for party in interaction
        .parties
        .iter()
        .filter(|party| party.role == Role::Agent)
    {
        let named = party.mailto.as_ref().or(party.name.as_ref());
        if let Some(id) = &party.id {
            fields.text("agent", redact::redact_text(id.expose(), profile).0);
        } else if let Some(name) = named {
            let word = format!("agent {}", name.expose().to_lowercase());
            let token = context.app.store.token_ids(permit, &[&word]).await?;
            let handle = token.first().map_or(0, |token| token.0 >> 32);
            fields.text("agent", format!("agent-{handle:08x}"));
        }
    }
    for (name, value) in &interaction.metadata {
        let name = name.to_lowercase();
        if !TAKEN.contains(&name.as_str()) && !name.starts_with("score.") {
            fields.text(name, redact::redact_text(value.expose(), profile).0);
        }
    }
    Ok(fields)
}
