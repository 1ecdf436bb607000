//! Faults between what a document says: contradictions, pointers, lapsed claims, headings.

use super::{Finding, LintRule, about, quoted};
use crate::document::{Clause, ClauseKind, ClausePlane, Consent, Document};

/// Words that a heading cannot end with unless it was torn from what follows.
const LEADING_WORDS: &[&str] = &[
    "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "our", "the", "to",
    "with", "your",
];

pub(super) fn of_clause(document: &Document, clause: &Clause) -> Vec<Finding> {
    let checks = [
        claim(document, clause),
        references(document, clause),
        flow_down(document, clause),
        consent(document, clause),
    ];
    checks.into_iter().flatten().collect()
}

fn claim(document: &Document, clause: &Clause) -> Option<Finding> {
    if clause.kind != ClauseKind::Claim {
        return None;
    }
    let reviewed = document.head.reviewed;
    let sentence = match (clause.valid_until, &clause.proof) {
        (Some(end), _) if end < reviewed => {
            format!("its proof ended on {end}; the document still claims it on {reviewed}")
        }
        (None, _) | (_, None) => "it claims what others decide, without a dated proof".to_owned(),
        (Some(_), Some(_)) => return None,
    };
    let hint = "withdraw the sentence, or attach a proof that is good on the day of review";
    Some(about(
        LintRule::ExpiredClaim,
        clause,
        sentence,
        hint.to_owned(),
    ))
}

fn references(document: &Document, clause: &Clause) -> Option<Finding> {
    let there = |name: &String| {
        document.clauses.iter().any(|other| {
            other.id.as_str() == name || (other.id != clause.id && other.describes.contains(name))
        })
    };
    let missing: Vec<&str> = clause
        .refers_to
        .iter()
        .filter(|name| !there(name))
        .map(String::as_str)
        .collect();
    (!missing.is_empty()).then(|| {
        about(
            LintRule::DanglingReference,
            clause,
            format!(
                "it points at {}, which no clause describes",
                quoted(missing)
            ),
            "describe it in a clause, or take the pointer out".to_owned(),
        )
    })
}

fn flow_down(document: &Document, clause: &Clause) -> Option<Finding> {
    let unbound: Vec<&str> = document
        .recipients
        .iter()
        .filter(|recipient| clause.recipients.contains(&recipient.kind))
        .filter(|recipient| recipient.bound_by.is_none())
        .map(|recipient| recipient.noun.as_str())
        .collect();
    (!unbound.is_empty()).then(|| {
        about(
            LintRule::NoFlowDown,
            clause,
            format!(
                "it lets data go to {}, whom no term binds to this policy",
                quoted(unbound)
            ),
            "bind the recipient by contract to the same purposes and protection (bound_by)"
                .to_owned(),
        )
    })
}

fn consent(document: &Document, clause: &Clause) -> Option<Finding> {
    if clause.consent != Some(Consent::Visit) {
        return None;
    }
    let stricter = document
        .clauses
        .iter()
        .find(|other| matches!(other.consent, Some(Consent::OptIn | Consent::AsLawRequires)));
    let sentence = match stricter {
        Some(other) => format!(
            "it takes a visit for agreement, while {} needs agreement that the law would accept",
            other.id
        ),
        None => "it takes a visit for agreement, which no law accepts as such".to_owned(),
    };
    let hint = "say that visitors are told (notice), and ask for consent where it is needed";
    Some(about(
        LintRule::ConsentByVisit,
        clause,
        sentence,
        hint.to_owned(),
    ))
}

/// One finding per clause that says never, naming every clause that says otherwise.
pub(super) fn contradictions(document: &Document) -> Vec<Finding> {
    let nevers = document
        .clauses
        .iter()
        .filter(|clause| clause.kind == ClauseKind::Never);
    nevers
        .filter_map(|never| {
            let (acts, others): (Vec<&str>, Vec<&str>) = document
                .clauses
                .iter()
                .filter(|other| says_otherwise(never, other) && same_data(never, other))
                .flat_map(|other| shared_acts(never, other).map(|act| (act, other.id.as_str())))
                .unzip();
            (!others.is_empty()).then(|| {
                let mut acts = acts;
                acts.dedup();
                about(
                    LintRule::Contradiction,
                    never,
                    format!(
                        "it says never to {}, which {} allow",
                        quoted(acts),
                        others.join(", ")
                    ),
                    "narrow the one or drop the other; where they mean different data, say which"
                        .to_owned(),
                )
            })
        })
        .collect()
}

/// Pairs of never and may that only their planes could keep apart, where no plane is said.
pub(super) fn kept_apart_by_nothing(document: &Document) -> Vec<(&Clause, &Clause)> {
    let mut pairs = Vec::new();
    for never in document
        .clauses
        .iter()
        .filter(|c| c.kind == ClauseKind::Never)
    {
        for other in &document.clauses {
            let unsaid = never.plane == ClausePlane::Unsaid || other.plane == ClausePlane::Unsaid;
            let shares = shared_acts(never, other).next().is_some();
            if unsaid && shares && says_otherwise(never, other) && !same_data(never, other) {
                pairs.push((never, other));
            }
        }
    }
    pairs
}

fn says_otherwise(never: &Clause, other: &Clause) -> bool {
    never.id != other.id
        && matches!(
            other.kind,
            ClauseKind::May | ClauseKind::Duty | ClauseKind::Fact
        )
}

fn shared_acts<'a>(never: &'a Clause, other: &'a Clause) -> impl Iterator<Item = &'a str> {
    never
        .does
        .iter()
        .filter(|act| other.does.contains(act))
        .map(String::as_str)
}

/// Whether two clauses speak of the same data: by their planes where both say one, else by
/// what they say they are about.
fn same_data(one: &Clause, other: &Clause) -> bool {
    match (one.plane, other.plane) {
        (ClausePlane::Unsaid, _) | (_, ClausePlane::Unsaid) => {
            one.about.is_empty()
                || other.about.is_empty()
                || one.about.iter().any(|data| other.about.contains(data))
        }
        (ClausePlane::Both, _) | (_, ClausePlane::Both) => true,
        (one, other) => one == other,
    }
}

/// A heading over nothing; where it ends in a word that leads on, it was torn from the next one.
/// Ending so with clauses under it is style ("What data is used for"), not a tear.
pub(super) fn headings(document: &Document) -> Vec<Finding> {
    let bare = |key: &str| !document.clauses.iter().any(|clause| clause.section == key);
    document
        .sections
        .iter()
        .enumerate()
        .filter(|(_, section)| bare(&section.key))
        .map(|(place, section)| {
            let heading = &section.heading;
            let last = heading.split_whitespace().last().unwrap_or_default();
            let torn = LEADING_WORDS.contains(&last.to_lowercase().as_str());
            let sentence = match document.sections.get(place + 1) {
                Some(next) if torn => {
                    format!("the heading `{heading}` is torn from `{}`", next.heading)
                }
                Some(_) | None => format!("the heading `{heading}` stands over nothing"),
            };
            Finding {
                rule: LintRule::TornHeading,
                clause: None,
                sentence,
                hint: "join the heading, or put its clauses under it".to_owned(),
            }
        })
        .collect()
}
