//! Measures the redacted interaction.

use domain::DataCategory;
use store::StageOutput;

use super::{Context, Fault};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context.may_read(&[DataCategory::RedactedContent]).await?;
    let redacted = context.app.store.redacted_transcript(&permit).await?;
    let tenant = context.app.tenant_of(&context.scope).await?;
    let metrics = analysis::metrics::measure(&redacted, &tenant.settings.metrics);
    Ok(vec![StageOutput::Metrics(metrics)])
}
