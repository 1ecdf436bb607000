//! What changed between two versions, and whether it matters to people whose data is held.
//!
//! Materiality comes from predicates and rules, never from wording: a rewritten sentence over
//! the same predicates is not material; one word that opens a new purpose is.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ClauseId, DataCategory, Purpose};

use crate::action::ACTIONS;
use crate::document::{Clause, Condition, Effect, Rule, Who};
use crate::{ClauseKind, Policy};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The clause; none for lists, periods and recipients.
    pub clause: Option<ClauseId>,
    /// What changed, for a person.
    pub sentence: String,
    /// Whether people must be told before it touches data that is held already (P96).
    pub material: bool,
}

/// Everything that changed from one version to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Hash of the earlier version.
    pub from: String,
    /// Hash of the later one.
    pub to: String,
    /// Every change, clause by clause.
    pub changes: Vec<Change>,
    /// Purposes that somebody is newly permitted something for.
    pub opened: BTreeSet<Purpose>,
}

impl Difference {
    /// Whether notice is due before the later version touches what was collected under the
    /// earlier one.
    #[must_use]
    pub fn is_material(&self) -> bool {
        self.changes.iter().any(|change| change.material)
    }
}

/// One thing that some rule permits.
type Grant = (Who, &'static str, Purpose, DataCategory);

/// Compares two versions.
#[must_use]
pub fn diff(from: &Policy, to: &Policy) -> Difference {
    let mut changes = clauses(from, to);
    let (before, after) = (grants(from), grants(to));
    let opened: BTreeSet<Purpose> = after.difference(&before).map(|grant| grant.2).collect();
    for (who, action, purpose, category) in after.difference(&before) {
        changes.push(Change {
            clause: None,
            sentence: format!(
                "{} may newly `{action}` {} for {}",
                who.noun(),
                to.noun_of_category(*category),
                to.noun_of_purpose(*purpose)
            ),
            material: true,
        });
    }
    for (who, action, purpose, category) in before.difference(&after) {
        changes.push(Change {
            clause: None,
            sentence: format!(
                "{} may no longer `{action}` {} for {}",
                who.noun(),
                from.noun_of_category(*category),
                from.noun_of_purpose(*purpose)
            ),
            material: false,
        });
    }
    changes.extend(recipients(from, to));
    changes.extend(retention(from, to));
    Difference {
        from: from.version().to_owned(),
        to: to.version().to_owned(),
        changes,
        opened,
    }
}

/// The purposes for which a version permits somebody something.
#[must_use]
pub fn permitted_purposes(policy: &Policy) -> BTreeSet<Purpose> {
    grants(policy).into_iter().map(|grant| grant.2).collect()
}

/// What permits allow and no prohibition without conditions takes away.
fn grants(policy: &Policy) -> BTreeSet<Grant> {
    let mut all = BTreeSet::new();
    let rules = || policy.clauses().iter().flat_map(|clause| &clause.rules);
    for rule in rules().filter(|rule| rule.effect == Effect::Permit) {
        for who in &rule.who {
            for action in actions(&rule.action) {
                for purpose in &rule.purposes {
                    let categories = if rule.categories.is_empty() {
                        DataCategory::ALL
                    } else {
                        &rule.categories
                    };
                    all.extend(
                        categories
                            .iter()
                            .map(|data| (*who, action, *purpose, *data)),
                    );
                }
            }
        }
    }
    for rule in
        rules().filter(|r| r.effect == Effect::Forbid && r.unless.is_empty() && r.when.is_empty())
    {
        all.retain(|(who, action, purpose, category)| {
            let touched = (rule.who.is_empty() || rule.who.contains(who))
                && actions(&rule.action).any(|named| named == *action)
                && (rule.purposes.is_empty() || rule.purposes.contains(purpose))
                && (rule.categories.is_empty() || rule.categories.contains(category));
            !touched
        });
    }
    all
}

fn actions(named: &[String]) -> impl Iterator<Item = &'static str> {
    ACTIONS
        .iter()
        .copied()
        .filter(move |key| named.is_empty() || named.iter().any(|name| name == key))
}

fn clauses(from: &Policy, to: &Policy) -> Vec<Change> {
    let index = |policy: &Policy| -> BTreeMap<ClauseId, Clause> {
        policy
            .clauses()
            .iter()
            .map(|c| (c.id.clone(), c.clone()))
            .collect()
    };
    let (before, after) = (index(from), index(to));
    let mut changes = Vec::new();
    for (id, old) in &before {
        match after.get(id) {
            None => changes.push(gone(old)),
            Some(new) => changes.extend(changed(old, new)),
        }
    }
    for (id, new) in &after {
        if !before.contains_key(id) {
            changes.push(Change {
                clause: Some(id.clone()),
                sentence: format!("{id} is new: {}", new.prose.trim()),
                material: false,
            });
        }
    }
    changes
}

/// A promise that is taken back matters; a permission that is taken back does not.
fn gone(old: &Clause) -> Change {
    let promise = matches!(
        old.kind,
        ClauseKind::Duty | ClauseKind::Never | ClauseKind::Choice
    );
    Change {
        clause: Some(old.id.clone()),
        sentence: format!("{} is gone: {}", old.id, old.prose.trim()),
        material: promise,
    }
}

fn changed(old: &Clause, new: &Clause) -> Vec<Change> {
    let id = &old.id;
    let mut found = Vec::new();
    if old.prose.trim() != new.prose.trim() {
        found.push((format!("{id} is worded anew: {}", new.prose.trim()), false));
    }
    if old.kind != new.kind {
        found.push((format!("{id} was `{}`, is `{}`", old.kind, new.kind), true));
    }
    if old.plane != new.plane {
        let sentence = format!("{id} was about `{}`, is about `{}`", old.plane, new.plane);
        found.push((sentence, true));
    }
    found.extend(changed_lists(old, new));
    if old.consent != new.consent {
        found.push((format!("{id}: agreement is taken otherwise"), true));
    }
    if prohibitions(old) != prohibitions(new) {
        let sentence = format!("{id}: what it forbids, or unless what, changed");
        found.push((sentence, true));
    }
    if conditions(old) != conditions(new) {
        let sentence = format!("{id}: the conditions of what it permits changed");
        found.push((sentence, true));
    }
    found
        .into_iter()
        .map(|(sentence, material)| Change {
            clause: Some(id.clone()),
            sentence,
            material,
        })
        .collect()
}

/// More that is done, or to more people, matters; so does less that is never done, and a right
/// that is gone.
fn changed_lists(old: &Clause, new: &Clause) -> Vec<(String, bool)> {
    let never = old.kind == ClauseKind::Never;
    [
        ("does", never, &old.does, &new.does),
        ("purposes", never, &old.purposes, &new.purposes),
        ("categories", never, &old.categories, &new.categories),
        ("recipients", never, &old.recipients, &new.recipients),
        ("rights", true, &old.rights, &new.rights),
    ]
    .into_iter()
    .filter(|(_, _, before, after)| before != after)
    .map(|(what, promised, before, after)| {
        let grows = after.iter().any(|name| !before.contains(name));
        let shrinks = before.iter().any(|name| !after.contains(name));
        let sentence = format!("{}: {what} were {before:?}, are {after:?}", old.id);
        (sentence, if promised { shrinks } else { grows })
    })
    .collect()
}

fn prohibitions(clause: &Clause) -> Vec<&Rule> {
    let forbids = |rule: &&Rule| rule.effect == Effect::Forbid;
    clause.rules.iter().filter(forbids).collect()
}

fn conditions(clause: &Clause) -> Vec<&[Condition]> {
    let permits = |rule: &&Rule| rule.effect == Effect::Permit;
    clause
        .rules
        .iter()
        .filter(permits)
        .map(|rule| rule.when.as_slice())
        .collect()
}

fn recipients(from: &Policy, to: &Policy) -> Vec<Change> {
    let before = &from.document().recipients;
    to.document()
        .recipients
        .iter()
        .filter_map(|new| {
            let old = before.iter().find(|old| old.kind == new.kind);
            let sentence = match old {
                None => format!("{} are a new kind of recipient", new.noun),
                Some(old) if old.bound_by != new.bound_by => {
                    format!("{} are bound otherwise", new.noun)
                }
                Some(_) => return None,
            };
            Some(Change {
                clause: None,
                sentence,
                material: true,
            })
        })
        .collect()
}

fn retention(from: &Policy, to: &Policy) -> Vec<Change> {
    to.retention()
        .iter()
        .filter_map(|new| {
            let old = from
                .retention()
                .iter()
                .find(|old| old.category == new.category)?;
            let longer = match (old.days, new.days) {
                (Some(before), Some(after)) => after > before,
                (Some(_), None) => true,
                (None, _) => false,
            };
            (old.days != new.days || old.words != new.words).then(|| Change {
                clause: Some(new.clause.clone()),
                sentence: format!("`{}` is kept otherwise: {}", new.category, new.words),
                material: longer,
            })
        })
        .collect()
}
