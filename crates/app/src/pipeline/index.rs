//! Makes the redacted words searchable.

use domain::DataCategory;
use store::StageOutput;

use super::{Context, Fault};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context.may_read(&[DataCategory::RedactedContent]).await?;
    let redacted = context.app.store.redacted_transcript(&permit).await?;
    let text = analysis::search::index_text(&redacted);
    Ok(vec![StageOutput::Index(text)])
}
