//! Decodes the original once and keeps what a listener should know about it.

use domain::{DataCategory, DialogKind};
use store::StageOutput;

use super::{Context, Fault, recording};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[DataCategory::RawContent, DataCategory::Contact])
        .await?;
    let interaction = context.app.store.interaction(&permit).await?;
    if !interaction
        .dialogs
        .iter()
        .any(|dialog| dialog.kind == DialogKind::Recording)
    {
        return Ok(vec![StageOutput::Nothing {
            reason: "written: there is no sound".to_owned(),
        }]);
    }
    let parts = recording::encoded(context, &interaction).await?;
    let limits = context.app.config.limits.clone();
    let report = context
        .engines
        .compute(move |_| Ok(recording::decode(&parts, &limits)?.report))
        .await?;
    Ok(vec![StageOutput::Sound(report)])
}
