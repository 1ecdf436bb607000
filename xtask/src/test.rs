//! Everything that CI runs, in the order in which a fault is cheapest to find.

use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::run::{command, root, step};
use crate::{demo, pages, tidy, tools};

/// The PostgreSQL the tests use; `PRIVITY_TEST_POSTGRES` names another.
const POSTGRES: &str = "127.0.0.1:5432";

pub(crate) fn run() -> Result<()> {
    tools::compiler()?;
    tools::pip()?;
    check()?;
    tools::deny()?;
    step(
        "cargo deny check bans licenses sources",
        command(
            "cargo",
            &[
                "deny",
                "--log-level",
                "error",
                "check",
                "bans",
                "licenses",
                "sources",
            ],
        )?,
    )?;
    postgres()?;
    // `ip`, for the test that counts what wants to leave.
    tools::debian(&["iproute2"])?;
    tools::nextest()?;
    // The program comes with the tests that run it. Building it alone would build half of the
    // dependencies once more, with the fewer features that it needs by itself.
    step(
        "build the program and its tests",
        command("cargo", &["nextest", "run", "--workspace", "--no-run"])?,
    )?;
    let models = demo::fetch_models("debug")?;
    demo::fetch_model("debug", "all-minilm-l6-v2", &models)?;
    pages::run("debug", &models, false)?;
    // The runner's own summary line is the last thing printed.
    let mut tests = command(
        "cargo",
        &["nextest", "run", "--workspace", "--profile", "ci"],
    )?;
    tests.env("PRIVITY_MODELS", models);
    let ran = step("all tests", tests);
    // A failure is written down like a success.
    reported()?;
    ran
}

/// Only the tests that clauses name, and the report that a build of the same sources carries.
pub(crate) fn promises() -> Result<()> {
    postgres()?;
    tools::debian(&["iproute2"])?;
    tools::nextest()?;
    let named = named_tests()?;
    let wanted: Vec<String> = named
        .iter()
        .map(|name| format!("test(/(^|::){name}$/)"))
        .collect();
    let wanted = wanted.join(" | ");
    let args = ["nextest", "run", "--workspace", "--profile", "ci", "-E"];
    let mut build = command("cargo", &args)?;
    build.args([&wanted, "--no-run"]);
    step("build the program and its tests", build)?;
    let models = demo::fetch_models("debug")?;
    let mut tests = command("cargo", &args)?;
    tests.arg(&wanted).env("PRIVITY_MODELS", models);
    let ran = step("the tests that clauses name", tests);
    reported()?;
    ran
}

/// The names in the lists of the shipped policy.
fn named_tests() -> Result<Vec<String>> {
    let path = root()?.join("policies/privity.policy.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let policy: toml::Table = text.parse().context("the policy is no TOML")?;
    let clauses = policy.get("clause").and_then(toml::Value::as_array);
    let mut named: Vec<String> = clauses
        .into_iter()
        .flatten()
        .filter_map(|clause| clause.get("tests")?.as_array())
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    named.sort();
    named.dedup();
    if named.is_empty() {
        bail!("no clause names a test");
    }
    Ok(named)
}

/// Writes down what the last run showed, where the next build of the same sources finds it.
fn reported() -> Result<()> {
    let program = demo::binary("debug")?;
    let target = std::path::Path::new(&program)
        .ancestors()
        .nth(2)
        .context("the program lies in no target folder")?;
    let mut report = command(&program, &["policy", "report"])?;
    report
        .arg(target.join("nextest/ci/junit.xml"))
        .arg("--output")
        .arg(target.join("privity-tests.json"));
    step("write down which tests passed", report)
}

/// Only the pages in a browser.
pub(crate) fn pages(args: &[String]) -> Result<()> {
    tools::compiler()?;
    tools::pip()?;
    step(
        "build the program",
        command("cargo", &["build", "--package", "cli"])?,
    )?;
    let models = demo::fetch_models("debug")?;
    demo::fetch_model("debug", "all-minilm-l6-v2", &models)?;
    pages::run("debug", &models, args.iter().any(|arg| arg == "--guides"))
}

/// The part that needs no models and no services.
pub(crate) fn check() -> Result<()> {
    step("format", command("cargo", &["fmt", "--all", "--check"])?)?;
    tidy::run()?;
    let mut clippy = command("cargo", &["clippy", "--workspace", "--all-targets"])?;
    clippy.args(["--", "-D", "warnings"]);
    step("lints", clippy)
}

/// A PostgreSQL that lets the tests make databases: the one that runs here, or Debian's.
pub(crate) fn postgres() -> Result<()> {
    if std::env::vars().any(|(name, _)| name == "PRIVITY_TEST_POSTGRES") || reachable() {
        return Ok(());
    }
    tools::debian(&["postgresql"])?;
    let version = std::fs::read_dir("/etc/postgresql")
        .context("Debian's postgresql left no /etc/postgresql")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .max()
        .context("Debian's postgresql made no cluster")?;
    let rules = format!("/etc/postgresql/{version}/main/pg_hba.conf");
    // A test server on the loopback interface only: everyone local may come in.
    let trust =
        "local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n";
    std::fs::write(&rules, trust).with_context(|| format!("cannot write `{rules}`"))?;
    step(
        "start PostgreSQL",
        command(
            "pg_ctlcluster",
            &["--skip-systemctl-redirect", &version, "main", "restart"],
        )?,
    )?;
    if !reachable() {
        bail!("PostgreSQL does not answer at {POSTGRES}; see /var/log/postgresql");
    }
    Ok(())
}

fn reachable() -> bool {
    let Ok(address) = POSTGRES.parse() else {
        return false;
    };
    for _ in 0..10 {
        if TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}
