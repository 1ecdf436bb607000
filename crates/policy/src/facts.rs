//! What a decision must know beside the question.

use std::collections::BTreeSet;

use domain::{LawfulBasis, Purpose, Timestamp};

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
    /// What a person in it refused: an objection or a restriction (P83).
    pub refused: BTreeSet<Purpose>,
    /// A legal hold bars erasure.
    pub on_hold: bool,
    /// Version of the policy in force when the data was collected.
    pub collected_under: Option<String>,
    /// When it was collected.
    pub collected_at: Option<Timestamp>,
    /// Until when it may be kept, where a rule says so.
    pub keep_until: Option<Timestamp>,
    /// Whom it would go to, where it is to leave.
    pub recipient: Option<RecipientFacts>,
    /// An order of a court or an authority was reviewed and approved by two persons, and the
    /// tenant was told or must not be told (P38, P107).
    pub order_approved: bool,
    /// The tenant approved this opening by the operator, a second person did too, and its time
    /// is not over (P101).
    pub opening_approved: bool,
}

/// How a recipient stands towards this policy, compared by [`crate::compare`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecipientFacts {
    /// The tenant granted it by name for the purpose and for every kind of data asked for.
    pub granted: bool,
    /// The time for objections after the advance notice is over.
    pub noticed: bool,
    /// Terms of the contract, controls and transfer rules that it falls short of, each as it
    /// stands in a sentence.
    pub lacks: Lacks,
}

/// What a recipient lacks, by clause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lacks {
    /// Contract terms (P84).
    pub terms: Vec<String>,
    /// Controls weaker than ours (P106).
    pub controls: Vec<String>,
    /// Region or mechanism (P78, P79).
    pub transfer: Vec<String>,
}
