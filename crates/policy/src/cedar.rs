//! The document's rules as Cedar policies, compiled once.
//!
//! Rules are sorted by action and purpose, so that a decision evaluates only those that could
//! apply. Cedar skips a policy that fails to evaluate, also a `forbid`; any such failure
//! refuses here.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicyId,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use domain::Purpose;

use crate::PolicyError;
use crate::action::ACTIONS;
use crate::document::{Clause, ClausePlane, Condition, Document, Effect, Rule, Who};
use crate::question::Question;

const SCHEMA: &str = include_str!("privity.cedarschema");

/// Where a rule stands in the document: positions of its clause and in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RuleIndex {
    pub(crate) clause: usize,
    pub(crate) rule: usize,
}

impl RuleIndex {
    fn id(self, clause: &Clause) -> String {
        format!("{}.{}", clause.id, self.rule + 1)
    }
}

/// What Cedar answered.
pub(crate) enum Answer {
    /// Allowed by these.
    Permitted(Vec<RuleIndex>),
    /// Forbidden by these; by none of them where nothing permits it.
    Refused(Vec<RuleIndex>),
    /// A rule could not be evaluated.
    Broken(String),
}

/// The compiled rules.
#[derive(Debug)]
pub(crate) struct Cedar {
    text: String,
    sets: HashMap<(&'static str, Purpose), PolicySet>,
    rules: HashMap<PolicyId, RuleIndex>,
    names: Names,
    entities: Entities,
    authorizer: Authorizer,
}

/// Entity names that every request needs.
#[derive(Debug)]
struct Names {
    actors: HashMap<Who, EntityUid>,
    actions: HashMap<&'static str, EntityUid>,
    interaction: EntityTypeName,
    interactions: EntityTypeName,
}

impl Cedar {
    pub(crate) fn compile(document: &Document) -> Result<Self, PolicyError> {
        let mut text = String::new();
        let mut all = PolicySet::new();
        let mut sets: HashMap<(&'static str, Purpose), PolicySet> = HashMap::new();
        let mut rules = HashMap::new();
        for (index, clause, rule) in rules_of(document) {
            let id = index.id(clause);
            let source = policy_text(&id, clause, rule);
            let fault = |reason: String| PolicyError::Rule {
                rule: id.clone(),
                reason,
            };
            let policy = cedar_policy::Policy::parse(Some(PolicyId::new(&id)), &source)
                .map_err(|error| fault(error.to_string()))?;
            all.add(policy.clone())
                .map_err(|error| fault(error.to_string()))?;
            for key in reach(rule) {
                sets.entry(key)
                    .or_default()
                    .add(policy.clone())
                    .map_err(|error| fault(error.to_string()))?;
            }
            rules.insert(PolicyId::new(&id), index);
            text.push_str(&source);
            text.push('\n');
        }
        validate(&all)?;
        Ok(Self {
            text,
            sets,
            rules,
            names: Names::new()?,
            entities: Entities::empty(),
            authorizer: Authorizer::new(),
        })
    }

    /// The Cedar policies as text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Evaluates the rules that could apply to a question.
    pub(crate) fn ask(&self, question: &Question<'_>) -> Answer {
        let Some(set) = self.sets.get(&(question.action, question.purpose)) else {
            return Answer::Refused(Vec::new());
        };
        let request = match self.names.request(question) {
            Ok(request) => request,
            Err(reason) => return Answer::Broken(reason),
        };
        let response = self.authorizer.is_authorized(&request, set, &self.entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Answer::Broken(error.to_string());
        }
        let mut because: Vec<RuleIndex> = response
            .diagnostics()
            .reason()
            .filter_map(|id| self.rules.get(id).copied())
            .collect();
        because.sort_unstable();
        match response.decision() {
            Decision::Allow => Answer::Permitted(because),
            Decision::Deny => Answer::Refused(because),
        }
    }
}

impl Names {
    fn new() -> Result<Self, PolicyError> {
        let kind = |name: &str| {
            EntityTypeName::from_str(name).map_err(|error| PolicyError::Rule {
                rule: name.to_owned(),
                reason: error.to_string(),
            })
        };
        let uid = |name: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id))
        };
        let (actor, action) = (kind("Actor")?, kind("Action")?);
        Ok(Self {
            actors: Who::ALL
                .iter()
                .map(|who| (*who, uid(&actor, who.key())))
                .collect(),
            actions: ACTIONS
                .iter()
                .map(|key| (*key, uid(&action, key)))
                .collect(),
            interaction: kind("Interaction")?,
            interactions: kind("Interactions")?,
        })
    }

    fn request(&self, question: &Question<'_>) -> Result<Request, String> {
        let (Some(actor), Some(action)) = (
            self.actors.get(&question.who),
            self.actions.get(question.action),
        ) else {
            return Err("the actor or action has no name in Cedar".to_owned());
        };
        let resource = match question.about {
            Some(id) => (&self.interaction, id.to_string()),
            None => (&self.interactions, question.tenant.to_string()),
        };
        let resource =
            EntityUid::from_type_name_and_id(resource.0.clone(), EntityId::new(&resource.1));
        let context = context(question)?;
        Request::new(actor.clone(), action.clone(), resource, context, None)
            .map_err(|error| error.to_string())
    }
}

fn context(question: &Question<'_>) -> Result<Context, String> {
    let now = &question.standing;
    let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
    let flag = RestrictedExpression::new_bool;
    let purposes = |list: &[Purpose]| {
        RestrictedExpression::new_set(list.iter().map(|purpose| text(purpose.key())))
    };
    let categories = question
        .categories
        .iter()
        .map(|category| text(category.key()));
    let pairs = [
        ("plane", text(question.plane.key())),
        ("tenant", text(&question.tenant.to_string())),
        ("actor", text(&question.actor.handle)),
        ("purpose", text(question.purpose.key())),
        ("categories", RestrictedExpression::new_set(categories)),
        ("instructed", flag(now.instructed)),
        (
            "subjects",
            RestrictedExpression::new_long(i64::from(now.subjects)),
        ),
        (
            "bases",
            RestrictedExpression::new_long(i64::from(now.bases)),
        ),
        ("lapsed", flag(now.lapsed)),
        ("granted", purposes(&now.granted)),
        ("refused", purposes(&now.refused)),
        ("past_retention", flag(now.past_retention)),
        ("on_hold", flag(now.on_hold)),
        ("own", flag(now.own)),
        ("widened", flag(now.widened)),
        ("recipient_granted", flag(now.granted_recipient)),
        ("recipient_noticed", flag(now.noticed_recipient)),
        ("recipient_bound", flag(now.lacks.terms.is_empty())),
        ("recipient_as_strong", flag(now.lacks.controls.is_empty())),
        ("transfer_covered", flag(now.lacks.transfer.is_empty())),
        ("order_approved", flag(now.order_approved)),
        ("opening_approved", flag(now.opening_approved)),
        ("installation", flag(now.installation)),
    ];
    Context::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value)))
        .map_err(|error| error.to_string())
}

/// Every rule with its place.
pub(crate) fn rules_of(document: &Document) -> impl Iterator<Item = (RuleIndex, &Clause, &Rule)> {
    document
        .clauses
        .iter()
        .enumerate()
        .flat_map(|(place, clause)| {
            clause.rules.iter().enumerate().map(move |(rule, found)| {
                let index = RuleIndex {
                    clause: place,
                    rule,
                };
                (index, clause, found)
            })
        })
}

/// The pairs of action and purpose that a rule can speak of.
fn reach(rule: &Rule) -> impl Iterator<Item = (&'static str, Purpose)> {
    let actions = ACTIONS
        .iter()
        .copied()
        .filter(|key| rule.action.is_empty() || rule.action.iter().any(|named| named == key));
    actions.flat_map(|action| {
        Purpose::ALL
            .iter()
            .copied()
            .filter(|purpose| rule.purposes.is_empty() || rule.purposes.contains(purpose))
            .map(move |purpose| (action, purpose))
    })
}

fn policy_text(id: &str, clause: &Clause, rule: &Rule) -> String {
    let mut needs = Vec::new();
    match clause.plane {
        ClausePlane::Site | ClausePlane::Hosting => {
            needs.push(format!("context.plane == \"{}\"", clause.plane));
        }
        ClausePlane::Both | ClausePlane::Unsaid => {}
    }
    if !rule.who.is_empty() {
        let who = list(rule.who.iter().map(|who| format!("Actor::\"{who}\"")));
        needs.push(format!("[{who}].contains(principal)"));
    }
    if !rule.purposes.is_empty() {
        let purposes = list(rule.purposes.iter().map(|key| format!("\"{key}\"")));
        needs.push(format!("[{purposes}].contains(context.purpose)"));
    }
    if !rule.categories.is_empty() {
        let categories = list(rule.categories.iter().map(|key| format!("\"{key}\"")));
        let covers = match rule.effect {
            Effect::Permit => format!("[{categories}].containsAll(context.categories)"),
            Effect::Forbid => format!("[{categories}].containsAny(context.categories)"),
        };
        needs.push(covers);
    }
    needs.extend(
        rule.when
            .iter()
            .map(|condition| expression(*condition).to_owned()),
    );

    let action = if rule.action.is_empty() {
        "action".to_owned()
    } else {
        let actions = list(rule.action.iter().map(|key| format!("Action::\"{key}\"")));
        format!("action in [{actions}]")
    };
    let mut text = format!(
        "@clause(\"{}\")\n@rule(\"{id}\")\n{} (principal, {action}, resource)",
        clause.id, rule.effect
    );
    let unless: Vec<&str> = rule.unless.iter().map(|c| expression(*c)).collect();
    for (word, parts) in [
        ("when", needs.join(" && ")),
        ("unless", unless.join(" && ")),
    ] {
        // Writing to a String cannot fail.
        if !parts.is_empty() && write!(text, "\n{word} {{ {parts} }}").is_err() {
            break;
        }
    }
    text.push_str(";\n");
    text
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

const fn expression(condition: Condition) -> &'static str {
    match condition {
        Condition::InstructionNamed => "context.instructed",
        Condition::SubjectNamed => "context.subjects > 0",
        Condition::BasisStated => "context.bases > 0",
        Condition::BasisInTime => "!context.lapsed",
        Condition::BasisGrantsPurpose => "context.granted.contains(context.purpose)",
        Condition::PurposeNotRefused => "!context.refused.contains(context.purpose)",
        Condition::WithinRetention => "!context.past_retention",
        Condition::PastRetention => "context.past_retention",
        Condition::NotOnHold => "!context.on_hold",
        Condition::OwnInteraction => "context.own",
        Condition::NotWidened => "!context.widened",
        Condition::RecipientGranted => "context.recipient_granted",
        Condition::NoticeOver => "context.recipient_noticed",
        Condition::RecipientBound => "context.recipient_bound",
        Condition::ControlsAtLeastOurs => "context.recipient_as_strong",
        Condition::TransferCovered => "context.transfer_covered",
        Condition::OrderApproved => "context.order_approved",
        Condition::OpeningApproved => "context.opening_approved",
        Condition::OperatorsOwn => "context.installation",
    }
}

fn validate(policies: &PolicySet) -> Result<(), PolicyError> {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| PolicyError::Rule {
        rule: "schema".to_owned(),
        reason: error.to_string(),
    })?;
    let result = Validator::new(schema).validate(policies, ValidationMode::Strict);
    match result.validation_errors().next() {
        Some(error) => Err(PolicyError::Rule {
            rule: error.policy_id().to_string(),
            reason: error.to_string(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
