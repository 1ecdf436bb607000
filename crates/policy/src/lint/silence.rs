//! What a document leaves out: periods, procedures, lists, planes, topics, tools.

use super::{Finding, LintRule, about, coherence, quoted};
use crate::document::{Clause, ClauseKind, ClausePlane, Document};

/// What a reader looks for in every privacy policy: the ten practices of the OPP-115 corpus, and
/// four that laws have added since. Keys of a clause's `topics`, with words for the report.
const TOPICS: &[(&str, &str)] = &[
    ("use", "what data is used for"),
    ("disclosure", "who else receives it"),
    ("choice", "what a person can decide"),
    ("access", "how a person sees and corrects it"),
    ("retention", "how long it is kept"),
    ("security", "how it is protected"),
    ("change", "how the policy changes"),
    ("signals", "what a browser's signals do"),
    ("international", "other countries"),
    ("contact", "whom to ask"),
    ("children", "children"),
    ("sensitive", "sensitive data"),
    ("breach", "notice of a breach"),
    ("security_contact", "whom to tell of a weakness"),
];

pub(super) fn of_clause(document: &Document, clause: &Clause) -> Vec<Finding> {
    let checks = [
        procedures(document, clause),
        lists(document, clause),
        tool(document, clause),
    ];
    checks.into_iter().flatten().collect()
}

fn procedures(document: &Document, clause: &Clause) -> Option<Finding> {
    let without: Vec<&str> = clause
        .rights
        .iter()
        .filter(|right| {
            !document
                .procedures
                .iter()
                .any(|known| known.about == **right)
        })
        .map(String::as_str)
        .collect();
    (!without.is_empty()).then(|| {
        about(
            LintRule::NoProcedure,
            clause,
            format!(
                "it promises {} without a way to ask, a deadline or a fee",
                quoted(without)
            ),
            "add a [[procedure]]: where to ask, in how many days, at what cost".to_owned(),
        )
    })
}

fn lists(document: &Document, clause: &Clause) -> Option<Finding> {
    let complete = |name: &String| {
        document
            .lists
            .iter()
            .any(|list| list.name == *name && !list.items.is_empty())
    };
    let open: Vec<&str> = clause
        .such_as
        .iter()
        .filter(|name| !complete(name))
        .map(String::as_str)
        .collect();
    (!open.is_empty()).then(|| {
        about(
            LintRule::NoList,
            clause,
            format!(
                "it gives examples, but the list of {} is nowhere",
                quoted(open)
            ),
            "publish the whole list as a [[list]], or name what renders it".to_owned(),
        )
    })
}

fn tool(document: &Document, clause: &Clause) -> Option<Finding> {
    let given = clause
        .tool
        .as_ref()
        .is_some_and(|tool| document.procedures.iter().any(|known| known.about == *tool));
    (clause.kind == ClauseKind::Disclaimer && !given).then(|| {
        about(
            LintRule::DisclaimerWithoutTool,
            clause,
            "it puts a risk on the person and gives them nothing against it".to_owned(),
            "name the [[procedure]] by which a person can report and protect themselves (tool)"
                .to_owned(),
        )
    })
}

pub(super) fn of_document(document: &Document) -> Vec<Finding> {
    [retention(document), planes(document), topics(document)]
        .into_iter()
        .flatten()
        .collect()
}

fn retention(document: &Document) -> Option<Finding> {
    let without: Vec<&str> = document
        .categories
        .iter()
        .filter(|category| {
            !document
                .retention
                .iter()
                .any(|r| r.category == category.key)
        })
        .map(|category| category.noun.as_str())
        .collect();
    let promised = document
        .clauses
        .iter()
        .find(|clause| clause.topics.iter().any(|topic| topic == "retention"));
    (!without.is_empty()).then(|| Finding {
        rule: LintRule::NoRetention,
        clause: promised.map(|clause| clause.id.clone()),
        sentence: format!("no time of keeping is given for {}", quoted(without)),
        hint: "add a [[retention]] rule for each kind of data".to_owned(),
    })
}

fn planes(document: &Document) -> Option<Finding> {
    let count = document
        .clauses
        .iter()
        .filter(|clause| clause.plane == ClausePlane::Unsaid)
        .count();
    if count == 0 {
        return None;
    }
    let pairs = coherence::kept_apart_by_nothing(document);
    let named: Vec<String> = pairs
        .iter()
        .map(|(never, other)| format!("{} and {}", never.id, other.id))
        .collect();
    let mut sentence = format!("{count} clauses do not say which plane they are about");
    if !named.is_empty() {
        sentence.push_str("; without one, these contradict each other: ");
        sentence.push_str(&named.join("; "));
    }
    Some(Finding {
        rule: LintRule::NoPlane,
        clause: pairs.first().map(|(never, _)| never.id.clone()),
        sentence,
        hint: "give every clause a plane: site, hosting or both".to_owned(),
    })
}

fn topics(document: &Document) -> Option<Finding> {
    let said = |topic: &str| {
        document
            .clauses
            .iter()
            .any(|clause| clause.topics.iter().any(|said| said == topic))
    };
    let silent: Vec<&str> = TOPICS
        .iter()
        .filter(|(topic, _)| !said(topic))
        .map(|(_, words)| *words)
        .collect();
    (!silent.is_empty()).then(|| Finding {
        rule: LintRule::SilentTopic,
        clause: None,
        sentence: format!("nothing is said on {}", quoted(silent)),
        hint: "add a clause on each, even if it says that nothing is done".to_owned(),
    })
}
