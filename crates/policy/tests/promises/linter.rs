//! The linter against the restated source document and the shipped policy.

use std::collections::BTreeSet;
use std::path::Path;

use policy::{Finding, Policy};

use crate::asking::shipped;
use crate::table::compare;

fn source() -> Policy {
    Policy::parse(include_str!("../../../../policies/source-2014.policy.toml")).unwrap()
}

fn text(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| {
            let defect = finding.rule.defect().unwrap_or("--");
            format!("{defect:<4}{finding}\n")
        })
        .collect()
}

#[test]
fn p06_the_linter_finds_every_defect_of_the_source_document() {
    let findings = source().check();
    let found: BTreeSet<&str> = findings.iter().filter_map(|f| f.rule.defect()).collect();
    let all: Vec<String> = (1..=12).map(|number| format!("D{number}")).collect();
    let all: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(found, all);
    assert!(
        findings
            .iter()
            .all(|f| !f.sentence.is_empty() && !f.hint.is_empty())
    );
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/source-2014.findings.out");
    compare(&path, &text(&findings));
}

#[test]
fn the_linter_finds_nothing_wrong_with_the_shipped_policy() {
    let findings = shipped().check();
    assert!(findings.is_empty(), "{}", text(&findings));
}

/// Each defect put back into the shipped policy is found again, and only it.
#[test]
fn a_defect_put_into_the_shipped_policy_is_found() {
    let shipped = shipped().text().to_owned();
    let never = "does = [\"sell_conversations\"]";
    for (from, to, defect) in [
        (
            "kind = \"fact\"\nplane = \"both\"\nsection = \"principles\"\nprose = \"\"\"\nThe pages",
            "kind = \"claim\"\nplane = \"both\"\nsection = \"principles\"\nprose = \"\"\"\nThe pages",
            "D1",
        ),
        ("does = [\"share_conversations\"]", never, "D2"),
        ("describes = [\"complaints\"]\n", "", "D3"),
        (
            "bound_by = \"the customer's contract and instruction\"\n",
            "",
            "D4",
        ),
        (
            "[[retention]]\ncategory = \"user.contact\"",
            "[[retention]]\ncategory = \"user.biometric.voice\"",
            "D5",
        ),
        ("about = \"portability\"", "about = \"portage\"", "D6"),
        ("items = [\"none are engaged\"]", "items = []", "D7"),
        ("consent = \"notice\"", "consent = \"visit\"", "D8"),
        (
            "[[section]]\nkey = \"scope\"",
            "[[section]]\nkey = \"torn\"\nheading = \"What is kept by\"\n\n[[section]]\nkey = \"scope\"",
            "D9",
        ),
        (
            "plane = \"hosting\"\nsection = \"principles\"",
            "section = \"principles\"",
            "D10",
        ),
        ("topics = [\"children\"]\n", "", "D11"),
        ("tool = \"a breach\"\n", "", "D12"),
    ] {
        let bent = shipped.replacen(from, to, 1);
        assert_ne!(bent, shipped, "{defect}: {from}");
        let findings = Policy::parse(&bent).unwrap().check();
        let found: BTreeSet<_> = findings
            .iter()
            .filter(|finding| finding.rule != policy::LintRule::WordsChanged)
            .filter_map(|finding| finding.rule.defect())
            .collect();
        assert_eq!(found, BTreeSet::from([defect]), "{}", text(&findings));
    }
}

#[test]
fn changed_words_are_noticed() {
    let bent = shipped().text().replacen("never sold", "seldom sold", 1);
    let findings = Policy::parse(&bent).unwrap().check();
    assert_eq!(findings.len(), 1, "{}", text(&findings));
    assert_eq!(findings[0].rule, policy::LintRule::WordsChanged);
    assert_eq!(findings[0].clause.as_ref().unwrap().as_str(), "P104");
}
