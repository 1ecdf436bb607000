//! What a decision must know beside the question.

use domain::{LawfulBasis, Timestamp};

/// Facts about the resource, gathered by the caller from records that hold no content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The tenant's standing instruction under which the interaction is held (P99).
    pub instruction: Option<String>,
    /// How many subjects (consumer, agent, others) were named at intake (P99).
    pub subjects: u16,
    /// Lawful bases stated with the interaction, or else those of the standing instruction.
    /// With several the most restrictive wins; with none, nothing is processed.
    pub lawful_bases: Vec<LawfulBasis>,
    /// A legal hold bars erasure.
    pub on_hold: bool,
    /// Version of the policy in force when the data was collected.
    pub collected_under: Option<String>,
    /// When it was collected.
    pub collected_at: Option<Timestamp>,
    /// Until when it may be kept, where a rule says so.
    pub keep_until: Option<Timestamp>,
}
