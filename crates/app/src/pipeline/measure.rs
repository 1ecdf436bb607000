//! Measures the redacted interaction.

use analysis::metrics::Medium;
use domain::{Channel, DataCategory};
use store::StageOutput;

use super::{Context, Fault};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ])
        .await?;
    let redacted = context.app.store.redacted_transcript(&permit).await?;
    let tenant = context.app.tenant_of(&context.scope).await?;
    let settings = &tenant.settings.metrics;
    // A transcript made elsewhere names its speakers as messages name their senders, but it is
    // of speech and its words have times.
    let metrics = match context.app.store.summary(&permit).await?.channel {
        Channel::Voice => analysis::metrics::measure_as(&redacted, Medium::Spoken, settings),
        Channel::Chat | Channel::Email => analysis::metrics::measure(&redacted, settings),
    };
    Ok(vec![StageOutput::Metrics(metrics)])
}
