//! The borders of the house: who may import whom, and how large a room may grow.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run::{output, root};

/// Allowed edges between the workspace's crates, as in ARCHITECTURE.md. `xtask` imports none.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("policy", &["domain"]),
    ("formats", &["domain"]),
    ("analysis", &["domain"]),
    ("engine", &["domain"]),
    ("store", &["domain", "policy"]),
    ("outbound", &["domain", "policy"]),
    (
        "app",
        &[
            "domain", "policy", "formats", "analysis", "engine", "store", "outbound",
        ],
    ),
    ("server", &["domain", "policy", "app", "verifier"]),
    // Shares no code with what it checks; `server` and `cli` run its witness, which witnesses
    // others' logs, and a test holds the two against each other.
    ("verifier", &[]),
    ("cli", &["domain", "app", "server", "verifier"]),
    ("xtask", &[]),
];

/// Third-party crates that only these crates may import.
const OWNERS: &[(&str, &[&str])] = &[
    ("axum", &["server"]),
    ("clap", &["cli"]),
    ("sea-orm", &["store"]),
    ("tantivy", &["store"]),
    ("object_store", &["store"]),
    // At rest, and in the sealed file for a recipient.
    ("aes-gcm", &["store", "outbound"]),
    ("cedar-policy", &["policy"]),
    ("ort", &["engine"]),
    ("libloading", &["engine"]),
    ("symphonia", &["engine"]),
];

const BANNED_NAMES: &[&str] = &["utils", "common", "helpers", "manager", "misc"];
const LONGEST_FILE: usize = 800;
const LONG_FILE: usize = 500;

pub(crate) fn run() -> Result<()> {
    let mut faults = edges()?;
    faults.extend(rooms()?);
    if faults.is_empty() {
        eprintln!("tidy: borders and sizes are as ARCHITECTURE.md says");
        return Ok(());
    }
    bail!("{} fault(s):\n  {}", faults.len(), faults.join("\n  "));
}

fn edges() -> Result<Vec<String>> {
    let text = output("cargo", &["metadata", "--no-deps", "--format-version", "1"])?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is no JSON")?;
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let mut faults = Vec::new();
    for package in metadata
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = package
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let Some(may) = allowed.get(name) else {
            faults.push(format!(
                "crate `{name}` is not in the table of borders (xtask/src/tidy.rs)"
            ));
            continue;
        };
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            // Tests may reach further than the product does.
            if dependency.get("kind").and_then(Value::as_str) == Some("dev") {
                continue;
            }
            let on = dependency
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if allowed.contains_key(on) && !may.contains(&on) {
                faults.push(format!("`{name}` imports `{on}`; allowed: {may:?}"));
            }
            if let Some((_, owners)) = OWNERS.iter().find(|(dep, _)| *dep == on)
                && !owners.contains(&name)
            {
                faults.push(format!(
                    "`{name}` imports `{on}`, which belongs to {owners:?}"
                ));
            }
        }
    }
    Ok(faults)
}

fn rooms() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let top = root()?;
    for folder in ["crates", "xtask"] {
        for file in rust_files(&top.join(folder))? {
            let shown = file
                .strip_prefix(&top)
                .unwrap_or(&file)
                .display()
                .to_string();
            let lines = fs::read_to_string(&file)
                .with_context(|| shown.clone())?
                .lines()
                .count();
            if lines > LONGEST_FILE {
                faults.push(format!(
                    "{shown} has {lines} lines; divide it (limit {LONGEST_FILE})"
                ));
            } else if lines > LONG_FILE {
                eprintln!("tidy: {shown} has {lines} lines; it wants dividing");
            }
            let stem = file
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            if BANNED_NAMES.contains(&stem) {
                faults.push(format!(
                    "{shown}: a module is named for what it holds, not `{stem}`"
                ));
            }
        }
    }
    Ok(faults)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                found.extend(rust_files(&path)?);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}
