//! Removes personal data from the words: rules and the name model. Without the model nothing
//! passes. What may not be kept at all is taken out of the original too.

use analysis::redact::{self, Profile};
use domain::{DataCategory, RawTranscript, RedactedTranscript};
use store::StageOutput;

use super::{Context, Engines, Fault, originals};
use crate::redactor::{self, Reads};
use crate::teams;

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[
            DataCategory::RawContent,
            DataCategory::Contact,
            DataCategory::RedactedContent,
        ])
        .await?;
    let app = context.app;
    let interaction = app.store.interaction(&permit).await?;
    let raw = app.store.raw_transcript(&permit).await?;
    let settings = app.redaction_rules(permit.tenant()).await?;
    let ruleset = settings.ruleset();
    let profile = app
        .profile_for(&settings.rules, &interaction, &permit)
        .await?;
    let fields =
        super::searchable::fields(context, &permit, &interaction, &raw.language, &profile).await?;
    if let Some(team) = teams::label(&fields) {
        let tagging = context
            .may_read(&[DataCategory::InteractionMetadata])
            .await?;
        app.mark_team(&tagging, &team).await?;
    }
    let wish = settings.rules.authentication_data;
    context
        .engines
        .compute(move |engines| {
            let redacted = redact_transcript(engines, &raw, &profile)?;
            let removed = redacted.redactions();
            let mut outputs = originals::words(&interaction, &raw, removed, &profile, wish)?;
            outputs.push(StageOutput::Redacted(redacted));
            outputs.push(StageOutput::Fields(fields));
            outputs.push(StageOutput::Ruleset(ruleset));
            Ok(outputs)
        })
        .await
}

fn redact_transcript(
    engines: &mut Engines,
    raw: &RawTranscript,
    profile: &Profile,
) -> Result<RedactedTranscript, Fault> {
    let names = redactor::names(engines.names()?, &[raw], profile, Reads::Questions)?;
    let names = names.into_iter().next().unwrap_or_default();
    Ok(redact::redact(raw, &names, profile))
}
