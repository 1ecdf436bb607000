//! What this program was built from, and which of the tests of exactly that passed.

use app::App;
use app::policy_desk::{Build, TestReport};

/// SHA3-256 over the files that the program is made of.
const SOURCE: &str = env!("PRIVITY_SOURCE");
/// The report of the tests of these files; empty where none was made before this build.
const TESTS: &str = include_str!(concat!(env!("OUT_DIR"), "/tests.json"));

/// This build. A report that cannot be read is none.
pub(crate) fn this() -> Build {
    let report = TestReport::read(TESTS).ok();
    Build {
        source: SOURCE.to_owned(),
        report: report.filter(|report| report.source == SOURCE),
    }
}

/// An opened installation that can say what its program's tests showed.
pub(crate) fn known_to(app: App) -> App {
    app.of_build(this())
}
