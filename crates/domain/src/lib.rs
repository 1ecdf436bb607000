//! The words of the business: ids, interactions, transcripts, redactions, purposes, metrics.
//!
//! Pure values. This crate knows no async, no serialisation format and no clock; types that
//! hold a person's words print as counts and kinds only.

#![warn(missing_docs)]

#[macro_use]
mod purpose;

mod account;
mod findings;
mod fold;
mod identifier;
mod ids;
mod interaction;
mod metrics;
mod nearby;
pub mod query;
mod redaction;
mod review;
mod runtime;
mod sound;
mod stage;
mod thread;
mod time;
mod transcript;
mod withheld;

pub use account::MailAddress;
pub use findings::{
    ComponentFinding, Credit, DefinitionKind, DefinitionName, Epoch, Finding, IndicatorFinding,
    Override, Score, VersionNumber, Weight,
};
pub use fold::fold;
pub use identifier::{Identifier, IdentifierKind};
pub use ids::{
    AlertId, AlertRouteId, ApiKeyId, AssignmentId, BlobId, BreachId, BreakGlassId, CalibrationId,
    CaseId, ClauseId, CorrectionId, DefinitionId, DeliveryId, DialogId, DisclosureId, FillingId,
    HoldId, IdError, InquiryId, InteractionId, JobId, LeafIndex, MomentId, ObligationId, OrderId,
    RecipientId, ReleaseId, RequestId, RetentionRuleId, RetentionRunId, RightsAgentId, SamplingId,
    SavedViewId, SourceKey, SuccessionId, TenantId, TenantSlug, TopicRunId, UploadId, UserId,
    WatchedSourceId,
};
pub use interaction::{
    Caption, Channel, Content, Dialog, DialogKind, Direction, Interaction, LawfulBasis, Metadata,
    Party, PartyIndex, Role, Secret,
};
pub use metrics::{
    GapStats, METRIC_DEFINITIONS, MetricDefinition, MetricSettings, Metrics, OvertalkEvent,
    PartyMetrics, Ratio, Sentiment, SilenceEvent, Tone,
};
pub use purpose::{Actor, ActorKind, DataCategory, Plane, Purpose, RecipientKind, TenantRole};
pub use redaction::{Confidence, DetectorId, EntityKind, RedactionSpan, Regulation};
pub use review::{AnswerStep, AssignmentStep, Judged, Lesson, MomentKind};
pub use runtime::{Chance, Clock, NoChance};
pub use sound::{ChannelUse, SoundReport};
pub use stage::Stage;
pub use time::{Millis, Span, TimeError, Timestamp};
pub use transcript::{
    ClosingMark, LanguageTag, RawTranscript, RedactedTranscript, RedactedWord, Speaker,
    SpeakerBasis, SpeakerLabel, Token, Turn, Word, WordIndex,
};
pub use withheld::Withheld;
