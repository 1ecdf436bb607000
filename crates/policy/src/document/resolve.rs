//! References inside a document: every name that a rule or clause uses is defined once.

use std::collections::BTreeSet;

use super::{Clause, Condition, Document, Effect, Rule};
use crate::PolicyError;
use crate::action::ACTIONS;

impl Document {
    /// Refuses names that are there twice or not at all. What a *reader* would miss is the
    /// linter's; here is only what the decision procedure needs.
    pub(crate) fn resolve(&self) -> Result<(), PolicyError> {
        let purposes = names(
            "purpose",
            self.purposes.iter().map(|entry| entry.key.as_str()),
        )?;
        let categories = names("category", self.categories.iter().map(|c| c.key.as_str()))?;
        let sections = names("section", self.sections.iter().map(|s| s.key.as_str()))?;
        let recipients = names("recipient", self.recipients.iter().map(|r| r.kind.as_str()))?;
        let conditions = names("condition", self.conditions.iter().map(|c| c.key.key()))?;
        let clauses = names(
            "clause",
            self.clauses.iter().map(|clause| clause.id.as_str()),
        )?;
        within("policy", "clause", &clauses, [self.head.closed_by.as_str()])?;
        for rule in &self.retention {
            within(
                "retention",
                "category",
                &categories,
                [rule.category.as_str()],
            )?;
            within("retention", "clause", &clauses, [rule.clause.as_str()])?;
        }
        for clause in &self.clauses {
            let place = clause.id.as_str();
            within(place, "section", &sections, [clause.section.as_str()])?;
            within(place, "purpose", &purposes, texts(&clause.purposes))?;
            within(place, "category", &categories, texts(&clause.categories))?;
            within(place, "recipient", &recipients, texts(&clause.recipients))?;
            for rule in &clause.rules {
                resolve_rule(clause, rule, &purposes, &categories, &conditions)?;
            }
        }
        Ok(())
    }
}

fn resolve_rule(
    clause: &Clause,
    rule: &Rule,
    purposes: &BTreeSet<&str>,
    categories: &BTreeSet<&str>,
    conditions: &BTreeSet<&str>,
) -> Result<(), PolicyError> {
    let place = clause.id.as_str();
    let actions: BTreeSet<&str> = ACTIONS.iter().copied().collect();
    within(place, "action", &actions, texts(&rule.action))?;
    within(
        place,
        "purpose",
        purposes,
        rule.purposes.iter().map(|p| p.key()),
    )?;
    within(
        place,
        "category",
        categories,
        rule.categories.iter().map(|c| c.key()),
    )?;
    let used = rule
        .when
        .iter()
        .chain(&rule.unless)
        .map(|c: &Condition| c.key());
    within(place, "condition", conditions, used)?;
    let wrong = |reason: &str| {
        Err(PolicyError::Rule {
            rule: place.to_owned(),
            reason: reason.to_owned(),
        })
    };
    match rule.effect {
        Effect::Permit if !rule.unless.is_empty() => wrong("a permit has `when`, not `unless`"),
        Effect::Permit if rule.who.is_empty() || rule.purposes.is_empty() => {
            wrong("a permit names whom and what for")
        }
        Effect::Forbid if rule.unless.is_empty() && rule.refusal.is_none() => {
            wrong("a prohibition without `unless` needs the sentence of its refusal")
        }
        Effect::Permit | Effect::Forbid => Ok(()),
    }
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

fn names<'a>(
    what: &'static str,
    all: impl Iterator<Item = &'a str>,
) -> Result<BTreeSet<&'a str>, PolicyError> {
    let mut known = BTreeSet::new();
    for name in all {
        if !known.insert(name) {
            return Err(PolicyError::Twice {
                what,
                name: name.to_owned(),
            });
        }
    }
    Ok(known)
}

fn within<'a>(
    place: &str,
    what: &'static str,
    known: &BTreeSet<&str>,
    named: impl IntoIterator<Item = &'a str>,
) -> Result<(), PolicyError> {
    match named.into_iter().find(|name| !known.contains(name)) {
        Some(name) => Err(PolicyError::Unknown {
            place: place.to_owned(),
            what,
            name: name.to_owned(),
        }),
        None => Ok(()),
    }
}
