//! From a sealed original to sealed, redacted, searchable knowledge: durable stages under leases.
//!
//! A stage asks the policy for its own purpose, opens what it needs, computes, and hands its
//! outputs to the store, which writes them and the next stage's job in one transaction. A worker
//! that dies leaves an expired lease and orphaned blobs, nothing else.

mod decode;
mod engines;
mod index;
mod measure;
mod originals;
mod recording;
mod redact_audio;
mod redact_text;
mod searchable;
mod speakers;
mod transcribe;
mod worker;

use domain::{DataCategory, InteractionId, Stage};
use policy::{Denial, Permit, Read, Scope, Seal};
use store::{FailureNote, StageOutput};

use crate::app::App;
use crate::error::AppError;
pub(crate) use engines::Engines;
pub use worker::{Done, Ended, Event, Until};

/// Why a stage did not end well.
pub(crate) enum Fault {
    /// The policy refuses it.
    Denied(Box<Denial>),
    /// This input can never be processed; trying again changes nothing.
    Hopeless(FailureNote),
    /// Something around it failed; trying again may help.
    Passing(FailureNote),
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Denied(denial) => Self::Denied(denial),
            other => Self::Passing(note("internal", &chain(&other))),
        }
    }
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::from(AppError::from(error))
    }
}

impl From<engine::EngineError> for Fault {
    fn from(error: engine::EngineError) -> Self {
        Self::Passing(note("model", &chain(&error)))
    }
}

impl From<engine::audio::AudioFault> for Fault {
    fn from(fault: engine::audio::AudioFault) -> Self {
        Self::Hopeless(note("audio", &chain(&fault)))
    }
}

/// What a stage works with.
pub(crate) struct Context<'a> {
    pub(crate) app: &'a App,
    pub(crate) engines: &'a mut engines::Slot,
    pub(crate) scope: Scope,
    pub(crate) id: InteractionId,
}

impl Context<'_> {
    /// Permission to open some kinds of this interaction's data for the stage's purpose.
    pub(crate) async fn may_read(
        &self,
        categories: &[DataCategory],
    ) -> Result<Permit<Read, InteractionId>, Fault> {
        Ok(self.app.ask(&self.scope, self.id, categories).await?)
    }
}

/// What the stage will have sealed, so that it can ask before it works.
pub(crate) const fn sealed_by(stage: Stage) -> &'static [DataCategory] {
    match stage {
        Stage::Decode | Stage::Measure => &[DataCategory::InteractionMetadata],
        Stage::Transcribe | Stage::Speakers => &[DataCategory::RawContent],
        Stage::RedactText => &[DataCategory::RedactedContent],
        Stage::RedactAudio => &[DataCategory::RedactedAudio],
        Stage::Index => &[
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ],
    }
}

/// The right to seal, and what to seal.
pub(crate) type Outputs = (Permit<Seal, InteractionId>, Vec<StageOutput>);

/// Runs one stage; asks for the right to seal its output before it opens anything, and again when
/// the output is there: a permit is good for minutes, a long recording takes longer, and what was
/// instructed may have changed meanwhile. Rewriting an original needs a wider right, asked for
/// only where something is to be rewritten.
pub(crate) async fn run(context: &mut Context<'_>, stage: Stage) -> Result<Outputs, Fault> {
    drop(may_seal(context, sealed_by(stage)).await?);
    let outputs = match stage {
        Stage::Decode => decode::run(context).await,
        Stage::Transcribe => transcribe::run(context).await,
        Stage::Speakers => speakers::run(context).await,
        Stage::RedactText => redact_text::run(context).await,
        Stage::RedactAudio => redact_audio::run(context).await,
        Stage::Measure => measure::run(context).await,
        Stage::Index => index::run(context).await,
    }?;
    let mut made = sealed_by(stage).to_vec();
    made.extend(outputs.iter().flat_map(StageOutput::categories));
    made.sort_unstable();
    made.dedup();
    Ok((may_seal(context, &made).await?, outputs))
}

async fn may_seal(
    context: &Context<'_>,
    categories: &[DataCategory],
) -> Result<Permit<Seal, InteractionId>, Fault> {
    let app = context.app;
    Ok(app
        .ask::<Seal>(&context.scope, context.id, categories)
        .await?)
}

pub(crate) fn note(code: &str, sentence: &str) -> FailureNote {
    FailureNote {
        code: code.to_owned(),
        sentence: sentence.to_owned(),
    }
}

/// An error with its causes in one line; our errors carry no personal data.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
