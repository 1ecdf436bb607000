//! Which tests passed, from a JUnit report.

use std::collections::BTreeMap;

use crate::error::AppError;

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
        "this is no JUnit report of a test run; `cargo nextest run --profile ci` writes one"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
