//! Every clause of the hosting plane is backed by code and tests that exist, or says why not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use policy::ClauseKind;

use crate::asking::shipped;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// Names of the functions under a test attribute, anywhere in the workspace.
fn test_names() -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["crates", "xtask", "tests"] {
        let folder = Path::new(ROOT).join(folder);
        if folder.is_dir() {
            sources(&folder, &mut files);
        }
    }
    let mut names = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let mut is_test = false;
        // Cases that run on every engine stand in a list; the macro makes their tests.
        let listed = text.split("on_every_engine! {").nth(1);
        let listed = listed.and_then(|rest| rest.split('}').next());
        names.extend(
            listed
                .into_iter()
                .flat_map(|list| list.split(','))
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty()),
        );
        for line in text.lines().map(str::trim) {
            is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
            let name = line
                .trim_start_matches("async ")
                .strip_prefix("fn ")
                .and_then(|rest| rest.split(['(', '<']).next());
            if let (true, Some(name)) = (is_test, name) {
                names.insert(name.to_owned());
                is_test = false;
            }
        }
    }
    names
}

#[test]
fn every_clause_of_the_hosting_plane_is_backed_or_says_why_not() {
    let names = test_names();
    let policy = shipped();
    let mut faults = Vec::new();
    for clause in policy
        .clauses()
        .iter()
        .filter(|clause| clause.concerns_hosting())
    {
        let missing: Vec<&String> = clause
            .tests
            .iter()
            .filter(|t| !names.contains(*t))
            .collect();
        if !missing.is_empty() {
            faults.push(format!(
                "{} names tests that are nowhere: {missing:?}",
                clause.id
            ));
        }
        let backed = !clause.enforcement_points.is_empty() && !clause.tests.is_empty();
        match (&clause.unbacked, backed, clause.kind) {
            (None, false, ClauseKind::Disclaimer) | (None, true, _) | (Some(_), false, _) => {}
            (None, false, _) => faults.push(format!("{} is backed by nothing", clause.id)),
            (Some(_), true, _) => faults.push(format!("{} is backed: drop `unbacked`", clause.id)),
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_rule_bearing_clause_has_evidence_to_ask_for() {
    for clause in shipped()
        .clauses()
        .iter()
        .filter(|clause| !clause.rules.is_empty())
    {
        assert!(clause.evidence.is_some(), "{}", clause.id);
        assert!(!clause.tests.is_empty(), "{}", clause.id);
    }
}

#[test]
fn every_clause_in_force_has_a_test_of_its_name_and_evidence_to_ask_for() {
    let policy = shipped();
    let in_force = policy
        .clauses()
        .iter()
        .filter(|clause| clause.concerns_hosting() && clause.unbacked.is_none());
    let mut faults = Vec::new();
    for clause in in_force {
        let number = format!("{}_", clause.id).to_lowercase();
        if !clause.tests.iter().any(|test| test.contains(&number)) {
            faults.push(format!("no test of {} bears its number", clause.id));
        }
        if clause.evidence.is_none() || clause.enforcement_points.is_empty() {
            faults.push(format!("{} lacks evidence or enforcement", clause.id));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The document carries the hash of each clause's words. `UPDATE_EXPECT=1` writes them after
/// the words were read again together with their predicates.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the switch of golden tests, read by tests only"
)]
fn every_clause_carries_the_hash_of_its_words() {
    let policy = shipped();
    let mut text = policy.text().to_owned();
    for clause in policy.clauses() {
        let line = format!("words = \"{}\"", clause.hash_of_words());
        let head = format!("id = \"{}\"\n", clause.id);
        let hashed = match &clause.words {
            Some(old) => text.replacen(&format!("words = \"{old}\""), &line, 1),
            None => text.replacen(&head, &format!("{head}{line}\n"), 1),
        };
        text = hashed;
    }
    if std::env::var("UPDATE_EXPECT").is_ok() {
        fs::write(Path::new(ROOT).join("policies/privity.policy.toml"), text).unwrap();
    } else {
        assert!(
            text == policy.text(),
            "words changed; UPDATE_EXPECT=1 writes their hashes"
        );
    }
}
