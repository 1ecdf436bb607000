//! Refusals in words. Cedar decides; this says why, by walking the same rules in a fixed order.

use domain::{ClauseId, DataCategory};

use crate::cedar::{RuleIndex, rules_of};
use crate::decide::clauses_of;
use crate::document::{Clause, ClauseKind, Condition, Effect, Rule};
use crate::question::Question;
use crate::{Denial, Policy};

/// Some rules forbid it.
pub(crate) fn forbidden(policy: &Policy, question: &Question<'_>, by: &[RuleIndex]) -> Denial {
    let mut by = by.to_vec();
    // What is never done comes before what is not done now.
    by.sort_by_key(|index| {
        let never = policy
            .clauses()
            .get(index.clause)
            .is_some_and(|clause| clause.kind == ClauseKind::Never);
        (!never, *index)
    });
    let sentence = by
        .first()
        .and_then(|index| policy.clauses().get(index.clause)?.rules.get(index.rule))
        .map_or_else(String::new, |rule| refusal(policy, question, rule));
    denial(question, clauses_of(policy, &by), sentence)
}

/// No rule permits it: says which one comes nearest.
pub(crate) fn unpermitted(policy: &Policy, question: &Question<'_>) -> Denial {
    let mut nearest = Near::Nobody;
    for (_, clause, rule) in rules_of(policy.document()) {
        let near = nearness(question, clause, rule);
        if near.rank() > nearest.rank() {
            nearest = near;
        }
    }
    let closed = policy.head().closed_by.clone();
    let (who, verb) = (question.who.noun(), verb(question.action));
    let purpose = policy.noun_of_purpose(question.purpose);
    match nearest {
        Near::Nobody => {
            let sentence = format!("nobody may {verb} for {purpose}");
            denial(question, vec![closed], sentence)
        }
        Near::Others => {
            let sentence = format!("{who} may not {verb} for {purpose}");
            denial(question, vec![closed], sentence)
        }
        Near::Data(clause, category) => {
            let data = policy.noun_of_category(category);
            let sentence = format!("{who} may not {verb} for {purpose} with {data}");
            denial(question, vec![closed, clause], sentence)
        }
        Near::Condition(clause, condition) => {
            let sentence = otherwise(policy, question, condition);
            denial(question, vec![clause, closed], sentence)
        }
    }
}

/// No data category was asked for.
pub(crate) fn nothing_named(policy: &Policy, question: &Question<'_>) -> Denial {
    let closed = policy.head().closed_by.clone();
    let sentence = "no kind of data was named".to_owned();
    denial(question, vec![closed], sentence)
}

/// A rule could not be evaluated; nothing is permitted by a policy that cannot be read whole.
pub(crate) fn broken(policy: &Policy, question: &Question<'_>, reason: &str) -> Denial {
    let closed = policy.head().closed_by.clone();
    let sentence = format!("the policy could not be evaluated: {reason}");
    denial(question, vec![closed], sentence)
}

/// How near a rule comes to permitting a question.
enum Near {
    Nobody,
    Others,
    Data(ClauseId, DataCategory),
    Condition(ClauseId, Condition),
}

impl Near {
    const fn rank(&self) -> u8 {
        match self {
            Self::Nobody => 0,
            Self::Others => 1,
            Self::Data(..) => 2,
            Self::Condition(..) => 3,
        }
    }
}

fn nearness(question: &Question<'_>, clause: &Clause, rule: &Rule) -> Near {
    let acts = rule.action.is_empty() || rule.action.iter().any(|key| key == question.action);
    let serves = rule.purposes.is_empty() || rule.purposes.contains(&question.purpose);
    if rule.effect != Effect::Permit || !acts || !serves {
        return Near::Nobody;
    }
    if !question.is_by(rule) {
        return Near::Others;
    }
    let uncovered = |category: &&DataCategory| {
        !rule.categories.is_empty() && !rule.categories.contains(category)
    };
    if let Some(category) = question.categories.iter().find(uncovered) {
        return Near::Data(clause.id.clone(), *category);
    }
    match rule
        .when
        .iter()
        .find(|condition| !question.meets(**condition))
    {
        Some(condition) => Near::Condition(clause.id.clone(), *condition),
        None => Near::Others,
    }
}

fn refusal(policy: &Policy, question: &Question<'_>, rule: &Rule) -> String {
    let unmet = rule
        .unless
        .iter()
        .find(|condition| !question.meets(**condition));
    match (unmet, &rule.refusal) {
        (Some(condition), _) => otherwise(policy, question, *condition),
        (None, Some(sentence)) => fill(policy, question, sentence),
        (None, None) => "the policy forbids it".to_owned(),
    }
}

fn otherwise(policy: &Policy, question: &Question<'_>, condition: Condition) -> String {
    policy
        .document()
        .conditions
        .iter()
        .find(|entry| entry.key == condition)
        .map_or_else(
            || format!("the condition `{condition}` is not met"),
            |entry| {
                fill(policy, question, &entry.otherwise)
                    .replace("{lacking}", &question.lacking(condition))
            },
        )
}

fn fill(policy: &Policy, question: &Question<'_>, sentence: &str) -> String {
    sentence
        .replace("{purpose}", policy.noun_of_purpose(question.purpose))
        .replace("{action}", verb(question.action))
        .replace("{who}", question.who.noun())
}

fn verb(action: &str) -> &'static str {
    match action {
        "read" => "open an interaction",
        "seal" => "store anything of an interaction",
        "find" => "list or search interactions",
        "erase" => "erase an interaction",
        _ => "hand an interaction to a recipient",
    }
}

fn denial(question: &Question<'_>, clauses: Vec<ClauseId>, sentence: String) -> Denial {
    Denial {
        clauses,
        sentence,
        action: question.action,
        purpose: question.purpose,
    }
}
