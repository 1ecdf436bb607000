//! Rules: what the decision procedure takes from a clause.

use domain::{ActorKind, DataCategory, Purpose, TenantRole};
use serde::Deserialize;

use super::keys::words;
use super::{key, keys};

words! {
    /// What a rule does where it applies.
    Effect {
        /// Allows, unless some rule forbids.
        Permit = "permit",
        /// Refuses, whatever allows.
        Forbid = "forbid",
    }
}

words! {
    /// Who a rule speaks of.
    Who {
        /// Answers for the tenant.
        Owner = "owner",
        /// Searches, reads, listens, exports.
        Analyst = "analyst",
        /// As analyst; assigns and comments.
        Coach = "coach",
        /// Took part in some interactions.
        Agent = "agent",
        /// Redaction, requests, holds, unredacted access.
        PrivacyOfficer = "privacy_officer",
        /// A person's account for a connected system.
        Integrator = "integrator",
        /// A machine credential.
        ApiKey = "api_key",
        /// The processing stages.
        Pipeline = "pipeline",
        /// Runs the machines.
        OperatorAdmin = "operator_admin",
        /// The operator's privacy desk.
        PrivacyDesk = "privacy_desk",
        /// Somebody of the operator whom the tenant let in.
        BreakGlass = "break_glass",
    }
}

words! {
    /// What must be the case for a rule; the document says in words what each means.
    Condition {
        /// The tenant's instruction is named.
        InstructionNamed = "instruction_named",
        /// At least one subject is named.
        SubjectNamed = "subject_named",
        /// There is a lawful basis, and every one is of a kind the law knows.
        BasisStated = "basis_stated",
        /// No stated basis has ended.
        BasisInTime = "basis_in_time",
        /// Every stated basis grants the purpose.
        BasisGrantsPurpose = "basis_grants_purpose",
        /// No stated basis refuses the purpose by name.
        PurposeNotRefused = "purpose_not_refused",
        /// The time for which it may be kept is not over.
        WithinRetention = "within_retention",
        /// The time for which it may be kept is over.
        PastRetention = "past_retention",
        /// No legal hold.
        NotOnHold = "not_on_hold",
        /// The asking person took part in the interaction.
        OwnInteraction = "own_interaction",
        /// The policy in force at collection permitted the purpose too, or notice was given.
        NotWidened = "not_widened",
        /// The customer granted the recipient by name for this purpose and these data.
        RecipientGranted = "recipient_granted",
        /// The time for objections after the advance notice is over.
        NoticeOver = "notice_over",
        /// The recipient's contract has every term that this policy asks for.
        RecipientBound = "recipient_bound",
        /// Each of the recipient's attested controls is at least ours.
        ControlsAtLeastOurs = "controls_at_least_ours",
        /// The recipient's region is ours, or a transfer mechanism covers it.
        TransferCovered = "transfer_covered",
        /// The order was reviewed and approved by two, and the customer told unless forbidden.
        OrderApproved = "order_approved",
        /// The customer and a second person approved the opening, and its time is not over.
        OpeningApproved = "opening_approved",
        /// It is a register of the operator's own, of no customer.
        OperatorsOwn = "operators_own",
    }
}

/// One rule of a clause. An empty list of persons, actions, purposes or categories means all.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Permits or forbids.
    #[serde(deserialize_with = "key")]
    pub effect: Effect,
    /// Whom.
    #[serde(default, deserialize_with = "keys")]
    pub who: Vec<Who>,
    /// Doing what: `read`, `seal`, `find`, `erase`, `disclose`.
    #[serde(default)]
    pub action: Vec<String>,
    /// What for.
    #[serde(default, deserialize_with = "keys", rename = "for")]
    pub purposes: Vec<Purpose>,
    /// With which kinds of data. A permit must cover all that were asked for; a prohibition
    /// is touched by any.
    #[serde(default, deserialize_with = "keys")]
    pub categories: Vec<DataCategory>,
    /// Permit: all of these must be met.
    #[serde(default, deserialize_with = "keys")]
    pub when: Vec<Condition>,
    /// Forbid: refused unless all of these are met.
    #[serde(default, deserialize_with = "keys")]
    pub unless: Vec<Condition>,
    /// Forbid without conditions: the sentence of the refusal.
    pub refusal: Option<String>,
}

impl Who {
    /// Who an actor is to the policy.
    #[must_use]
    pub const fn of(actor: &ActorKind) -> Self {
        match actor {
            ActorKind::TenantUser { role, .. } => match role {
                TenantRole::Owner => Self::Owner,
                TenantRole::Analyst => Self::Analyst,
                TenantRole::Coach => Self::Coach,
                TenantRole::Agent => Self::Agent,
                TenantRole::PrivacyOfficer => Self::PrivacyOfficer,
                TenantRole::Integrator => Self::Integrator,
            },
            ActorKind::ApiKey(_) => Self::ApiKey,
            ActorKind::Pipeline => Self::Pipeline,
            ActorKind::OperatorAdmin => Self::OperatorAdmin,
            ActorKind::PrivacyDesk => Self::PrivacyDesk,
            ActorKind::BreakGlass(_) => Self::BreakGlass,
        }
    }

    /// As it stands in a sentence.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Owner => "an owner",
            Self::Analyst => "an analyst",
            Self::Coach => "a coach",
            Self::Agent => "an agent",
            Self::PrivacyOfficer => "a privacy officer",
            Self::Integrator => "an integrator",
            Self::ApiKey => "an API key",
            Self::Pipeline => "the pipeline",
            Self::OperatorAdmin => "the operator's administrator",
            Self::PrivacyDesk => "the operator's privacy desk",
            Self::BreakGlass => "somebody of the operator who was let in",
        }
    }
}
