//! Which tests passed: from a JUnit report, or from what a build carries of the tests of exactly
//! its own sources.

use std::collections::BTreeMap;

use domain::Timestamp;
use policy::{Evidence, EvidenceKind, Policy};
use serde::{Deserialize, Serialize};

use crate::error::AppError;
use crate::reading::rfc3339;

const FORMAT: &str = "privity.tests/1";

/// The program that runs: what it was built from and what its tests showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Build {
    /// SHA3-256 over its sources, in hex; empty where nobody said so.
    pub source: String,
    /// The report of its own tests; none where none was made before it was built.
    pub report: Option<TestReport>,
}

/// Which of the tests that clauses name passed on some sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestReport {
    format: String,
    /// SHA3-256 over the sources that they ran on, in hex.
    pub source: String,
    /// Hash of the shipped policy's document.
    pub policy: String,
    /// When they ran, RFC 3339.
    pub ran: String,
    /// How many tests of any kind passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// By clause.
    clauses: BTreeMap<String, OfClause>,
}

/// The tests of one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfClause {
    /// Hash of the words that they prove.
    words: String,
    /// Names with whether they passed; one that did not run is not there.
    tests: BTreeMap<String, bool>,
}

impl TestReport {
    /// As [`TestReport::of`], for a run that has just ended.
    ///
    /// # Errors
    /// [`AppError::Input`] for what is no report.
    pub fn of_now(source: &str, junit: &str) -> Result<Self, AppError> {
        use domain::Clock as _;
        Self::of(source, junit, crate::runtime::SystemClock.now())
    }

    /// From a JUnit report of a run on some sources, for the clauses of the shipped policy.
    ///
    /// # Errors
    /// [`AppError::Input`] for what is no report.
    pub fn of(source: &str, junit: &str, ran: Timestamp) -> Result<Self, AppError> {
        let outcomes = read(junit)?;
        let policy = Policy::shipped()?;
        let passed = outcomes.values().filter(|passed| **passed).count();
        let of_clause = |clause: &policy::Clause| {
            let tests = clause.tests.iter();
            let known = tests.filter_map(|test| Some((test.clone(), *outcomes.get(test)?)));
            let found = OfClause {
                words: clause.hash_of_words(),
                tests: known.collect(),
            };
            (clause.id.to_string(), found)
        };
        Ok(Self {
            format: FORMAT.to_owned(),
            source: source.to_owned(),
            policy: policy.version().to_owned(),
            ran: rfc3339(ran),
            passed,
            failed: outcomes.len() - passed,
            clauses: policy.clauses().iter().map(of_clause).collect(),
        })
    }

    /// As a build carries it.
    ///
    /// # Errors
    /// [`AppError::Input`] for what is no such report.
    pub fn read(text: &str) -> Result<Self, AppError> {
        let read: Option<Self> = serde_json::from_str(text).ok();
        read.filter(|report| report.format == FORMAT)
            .ok_or_else(|| AppError::Input("this is no report of tests".to_owned()))
    }

    /// For a build to carry.
    ///
    /// # Errors
    /// [`AppError::Input`] where it cannot be written.
    pub fn text(&self) -> Result<String, AppError> {
        serde_json::to_string_pretty(self)
            .map_err(|_| AppError::Input("the report cannot be written".to_owned()))
    }

    /// How many different tests that clauses name ran.
    #[must_use]
    pub fn named(&self) -> usize {
        self.outcomes().len()
    }

    /// How many of those passed.
    #[must_use]
    pub fn named_passed(&self) -> usize {
        self.outcomes().values().filter(|passed| **passed).count()
    }

    /// Of a clause: how many of its tests passed, and how many ran.
    #[must_use]
    pub fn of_clause(&self, clause: &domain::ClauseId) -> (usize, usize) {
        let found = self.clauses.get(clause.as_str());
        found.map_or((0, 0), |one| {
            let passed = one.tests.values().filter(|passed| **passed).count();
            (passed, one.tests.len())
        })
    }

    fn outcomes(&self) -> BTreeMap<&str, bool> {
        let all = self.clauses.values().flat_map(|one| &one.tests);
        all.map(|(name, passed)| (name.as_str(), *passed)).collect()
    }

    /// What it says for the clauses of a policy. Of a clause that is worded otherwise than the one
    /// that was tested it says nothing.
    pub(super) fn evidence(&self, policy: &Policy) -> Vec<Evidence> {
        let Ok(at) = crate::parse_time(&self.ran) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for clause in policy.clauses() {
            let found = self.clauses.get(clause.id.as_str());
            let Some(found) = found.filter(|one| one.words == clause.hash_of_words()) else {
                continue;
            };
            all.extend(found.tests.iter().map(|(name, passed)| Evidence {
                clause: clause.id.clone(),
                at,
                kind: EvidenceKind::Built {
                    name: name.clone(),
                    passed: *passed,
                },
            }));
        }
        all
    }
}

/// Names of test functions with whether they passed; one that failed anywhere has failed.
pub(super) fn read(junit: &str) -> Result<BTreeMap<String, bool>, AppError> {
    let mut ran = BTreeMap::new();
    let mut rest = junit;
    while let Some((_, after)) = rest.split_once("<testcase ") {
        let (head, body) = after.split_once('>').ok_or_else(broken)?;
        let name = attribute(head, "name").ok_or_else(broken)?;
        let name = name.rsplit("::").next().unwrap_or(name).to_owned();
        let inside = if head.ends_with('/') {
            ""
        } else {
            body.split_once("</testcase>").ok_or_else(broken)?.0
        };
        let failed = inside.contains("<failure") || inside.contains("<error");
        let skipped = inside.contains("<skipped");
        if !skipped {
            let passed = ran.entry(name).or_insert(true);
            *passed &= !failed;
        }
        rest = body;
    }
    if ran.is_empty() {
        return Err(broken());
    }
    Ok(ran)
}

fn attribute<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = head.split_once(&format!("{name}=\""))?;
    after.split_once('"').map(|(value, _)| value)
}

fn broken() -> AppError {
    AppError::Input(
        "this is no JUnit report of a test run; `cargo nextest run --profile ci` writes one to `target/nextest/ci/junit.xml`"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_carries_the_tests_of_clauses_that_say_the_same() {
        let shipped = Policy::shipped().unwrap();
        let test = "p103_p104_training_improvement_and_resale_are_refused_by_name";
        let junit = format!(
            "<testsuites><testsuite><testcase name=\"hosting::{test}\"/>\
             <testcase name=\"elsewhere\"><failure/></testcase></testsuite></testsuites>"
        );
        let made = TestReport::of("aa", &junit, Timestamp(1_790_000_000_000)).unwrap();
        assert_eq!((made.passed, made.failed), (1, 1));
        assert_eq!((made.named(), made.named_passed()), (1, 1));
        let read = TestReport::read(&made.text().unwrap()).unwrap();
        assert_eq!(read, made);
        assert!(made.text().unwrap().contains("\"source\": \"aa\""));
        let said = made.evidence(&shipped);
        assert!(
            !said.is_empty()
                && said.iter().all(|one| matches!(
                    &one.kind, EvidenceKind::Built { name, passed: true } if name == test
                ))
        );
        let p104 = shipped.clause(&"P104".parse().unwrap()).unwrap();
        let anew = shipped
            .text()
            .replace(p104.prose.trim(), "Something else is promised.");
        assert_ne!(anew, shipped.text());
        let anew = Policy::parse(&anew).unwrap();
        let of_p104 = |policy: &Policy| {
            let said = made.evidence(policy);
            said.iter()
                .filter(|one| one.clause.as_str() == "P104")
                .count()
        };
        assert_eq!((of_p104(&shipped), of_p104(&anew)), (1, 0));
        assert!(TestReport::read("").is_err() && TestReport::read("{}").is_err());
    }

    #[test]
    fn a_report_tells_passed_failed_and_skipped() {
        let report = r#"<?xml version="1.0"?><testsuites>
            <testsuite name="policy::promises" tests="3">
              <testcase name="hosting::p41_held" classname="a" time="0.1"/>
              <testcase name="hosting::p99_bad" classname="a"><failure type="t">no</failure></testcase>
              <testcase name="sqlite::p7_x" classname="a"></testcase>
              <testcase name="postgres::p7_x" classname="a"><failure/></testcase>
              <testcase name="later" classname="a"><skipped/></testcase>
            </testsuite></testsuites>"#;
        let ran = read(report).unwrap();
        let expected = [("p41_held", true), ("p7_x", false), ("p99_bad", false)];
        assert_eq!(
            ran,
            expected
                .map(|(name, passed)| (name.to_owned(), passed))
                .into()
        );
        assert!(read("PASS everything").is_err());
    }
}
