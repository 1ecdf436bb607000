//! From a fresh clone to a served installation with something in it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::run::{command, root, step};
use crate::tools;

pub(crate) fn run(args: &[String]) -> Result<()> {
    tools::compiler()?;
    tools::pip()?;
    step(
        "build (release)",
        command("cargo", &["build", "--release", "--package", "cli"])?,
    )?;
    let models = fetch_models("release")?;
    let top = root()?;
    let mut demo = command(&binary("release")?, &["demo"])?;
    demo.arg("--data").arg(top.join("data"));
    demo.arg("--models").arg(models);
    demo.arg("--samples").arg(top.join("samples"));
    demo.args(args);
    step("demo", demo)
}

/// Fetches what is missing into the workspace's model folder and returns the folder.
pub(crate) fn fetch_models(profile: &str) -> Result<PathBuf> {
    let models = root()?.join("models");
    let mut pull = command(&binary(profile)?, &["models", "pull", "--default"])?;
    pull.arg("--models").arg(&models);
    step("models", pull)?;
    Ok(models)
}

/// One model beside the default ones, for the tests that need it.
pub(crate) fn fetch_model(profile: &str, name: &str, models: &Path) -> Result<()> {
    let mut pull = command(&binary(profile)?, &["models", "pull", name])?;
    pull.arg("--models").arg(models);
    step(name, pull)
}

pub(crate) fn binary(profile: &str) -> Result<String> {
    // `CARGO_TARGET_DIR` moves the folder; cargo knows.
    let target = crate::run::output("cargo", &["metadata", "--no-deps", "--format-version", "1"])?;
    let target: serde_json::Value = serde_json::from_str(&target)?;
    let folder = target
        .get("target_directory")
        .and_then(|v| v.as_str())
        .unwrap_or("target");
    Ok(format!("{folder}/{profile}/privity"))
}
