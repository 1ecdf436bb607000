//! One question to the policy, with everything about it that rules may depend on.

use domain::{
    Actor, ActorKind, DataCategory, InteractionId, LawfulBasis, Plane, Purpose, TenantId,
};

use crate::document::{Condition, Rule, Who};
use crate::{Action, Facts, Lacks, Policy, Resource, Scope};

/// The kinds of lawful basis of the vCon lawful-basis attachment (and of GDPR Art. 6).
const LAWFUL: &[&str] = &[
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
];

/// What a stated basis grants that has no list of its own: the whole standing instruction.
/// Sharing is never among it.
const INSTRUCTABLE: &[Purpose] = &[
    Purpose::Storage,
    Purpose::Transcription,
    Purpose::Redaction,
    Purpose::Analysis,
    Purpose::Review,
    Purpose::Playback,
    Purpose::Export,
    Purpose::UnredactedAccess,
    Purpose::Erasure,
];

/// Who asks to do what, with what, for what, and how things stand.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) plane: Plane,
    pub(crate) tenant: TenantId,
    pub(crate) actor: &'a Actor,
    pub(crate) who: Who,
    pub(crate) action: &'static str,
    pub(crate) about: Option<InteractionId>,
    pub(crate) purpose: Purpose,
    pub(crate) categories: &'a [DataCategory],
    pub(crate) standing: Standing,
}

/// The facts of a question, reduced to what conditions look at.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) instructed: bool,
    pub(crate) subjects: u16,
    pub(crate) bases: u16,
    pub(crate) lapsed: bool,
    pub(crate) granted: Vec<Purpose>,
    pub(crate) refused: Vec<Purpose>,
    pub(crate) past_retention: bool,
    pub(crate) on_hold: bool,
    pub(crate) own: bool,
    pub(crate) widened: bool,
    pub(crate) granted_recipient: bool,
    pub(crate) noticed_recipient: bool,
    pub(crate) lacks: Lacks,
    pub(crate) order_approved: bool,
    pub(crate) opening_approved: bool,
    pub(crate) installation: bool,
}

impl<'a> Question<'a> {
    pub(crate) fn new<A: Action, R: Resource>(
        policy: &Policy,
        scope: &'a Scope,
        resource: &R,
        categories: &'a [DataCategory],
        facts: &Facts,
    ) -> Self {
        let about = resource.interaction();
        Self {
            plane: scope.plane(),
            tenant: scope.tenant(),
            actor: scope.actor(),
            who: Who::of(&scope.actor().kind),
            action: A::KEY,
            about,
            purpose: scope.purpose(),
            categories,
            standing: Standing::of(policy, scope, about, facts),
        }
    }

    /// Whether a condition of a rule is met.
    pub(crate) fn meets(&self, condition: Condition) -> bool {
        let now = &self.standing;
        match condition {
            Condition::InstructionNamed => now.instructed,
            Condition::SubjectNamed => now.subjects > 0,
            Condition::BasisStated => now.bases > 0,
            Condition::BasisInTime => !now.lapsed,
            Condition::BasisGrantsPurpose => now.granted.contains(&self.purpose),
            Condition::PurposeNotRefused => !now.refused.contains(&self.purpose),
            Condition::WithinRetention => !now.past_retention,
            Condition::PastRetention => now.past_retention,
            Condition::NotOnHold => !now.on_hold,
            Condition::OwnInteraction => now.own,
            Condition::NotWidened => !now.widened,
            Condition::RecipientGranted => now.granted_recipient,
            Condition::NoticeOver => now.noticed_recipient,
            Condition::RecipientBound => now.lacks.terms.is_empty(),
            Condition::ControlsAtLeastOurs => now.lacks.controls.is_empty(),
            Condition::TransferCovered => now.lacks.transfer.is_empty(),
            Condition::OrderApproved => now.order_approved,
            Condition::OpeningApproved => now.opening_approved,
            Condition::OperatorsOwn => now.installation,
        }
    }

    /// What a condition about the recipient finds lacking, in words.
    pub(crate) fn lacking(&self, condition: Condition) -> String {
        let lacks = &self.standing.lacks;
        match condition {
            Condition::RecipientBound => lacks.terms.join("; "),
            Condition::ControlsAtLeastOurs => lacks.controls.join("; "),
            Condition::TransferCovered => lacks.transfer.join("; "),
            _ => String::new(),
        }
    }

    /// Whether a rule speaks of this actor.
    pub(crate) fn is_by(&self, rule: &Rule) -> bool {
        rule.who.is_empty() || rule.who.contains(&self.who)
    }
}

impl Standing {
    fn of(policy: &Policy, scope: &Scope, about: Option<InteractionId>, facts: &Facts) -> Self {
        let at = scope.at();
        let instructed = facts
            .instruction
            .as_deref()
            .is_some_and(|id| !id.trim().is_empty());
        let bases = &facts.lawful_bases;
        let lawful = bases.iter().all(|b| LAWFUL.contains(&b.basis.as_str()));
        let all_grant = |purpose: &Purpose| bases.iter().all(|b| grants(b, *purpose, instructed));
        Self {
            instructed,
            subjects: facts.subjects,
            bases: if lawful {
                u16::try_from(bases.len()).unwrap_or(u16::MAX)
            } else {
                0
            },
            lapsed: bases.iter().any(|b| b.expires.is_some_and(|end| end <= at)),
            granted: if bases.is_empty() {
                Vec::new()
            } else {
                Purpose::ALL.iter().copied().filter(all_grant).collect()
            },
            refused: bases
                .iter()
                .flat_map(refused_by)
                .chain(facts.refused.iter().copied())
                .collect(),
            past_retention: facts.keep_until.is_some_and(|end| end <= at),
            on_hold: facts.on_hold,
            own: took_part(scope.actor(), about),
            widened: policy.widens(scope.purpose(), facts, at),
            granted_recipient: facts.recipient.as_ref().is_some_and(|who| who.granted),
            noticed_recipient: facts.recipient.as_ref().is_some_and(|who| who.noticed),
            lacks: facts
                .recipient
                .as_ref()
                .map_or_else(unnamed, |who| who.lacks.clone()),
            order_approved: facts.order_approved,
            opening_approved: facts.opening_approved,
            installation: scope.tenant() == TenantId::INSTALLATION,
        }
    }
}

/// Nobody is named: everything is lacking.
fn unnamed() -> Lacks {
    let nobody = vec!["no recipient is named".to_owned()];
    Lacks {
        terms: nobody.clone(),
        controls: nobody.clone(),
        transfer: nobody,
    }
}

/// Whether one basis grants a purpose. A refusal outweighs a grant. Redaction only takes away,
/// and the vCon draft has no word for it: it is granted with what makes words, unless refused
/// by name. A basis without a list of grants grants what the tenant's instruction covers.
fn grants(basis: &LawfulBasis, purpose: Purpose, instructed: bool) -> bool {
    if basis.grants.is_empty() {
        return instructed && INSTRUCTABLE.contains(&purpose);
    }
    let says = |wanted: Purpose, granted: bool| {
        basis
            .grants
            .iter()
            .any(|(named, given)| *named == wanted && *given == granted)
    };
    if says(purpose, false) {
        return false;
    }
    says(purpose, true)
        || purpose == Purpose::Redaction
            && (says(Purpose::Transcription, true) || says(Purpose::Analysis, true))
}

fn refused_by(basis: &LawfulBasis) -> impl Iterator<Item = Purpose> {
    basis
        .grants
        .iter()
        .filter(|(_, granted)| !granted)
        .map(|(purpose, _)| *purpose)
}

fn took_part(actor: &Actor, about: Option<InteractionId>) -> bool {
    match (&actor.kind, about) {
        (ActorKind::TenantUser { own, .. }, Some(id)) => own.contains(&id),
        _ => false,
    }
}
