//! Gives the program a name for its sources, and the report of the tests that ran on exactly them,
//! where there is one. A report of other sources is left out: it says nothing of this program.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha3::{Digest as _, Sha3_256};

/// What the program and its tests are made of.
const SOURCES: &[&str] = &["Cargo.lock", "Cargo.toml", "crates", "policies", "web"];
/// Names another report than the one in the target folder.
const NAMED: &str = "PRIVITY_TEST_REPORT";
/// Where `cargo xtask` leaves it.
const USUAL: &str = "privity-tests.json";

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(variable("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR").ok_or("cargo sets its folder")?);
    let root = here.join("../..");
    let mut files = Vec::new();
    for name in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(name).display());
        collect(&root, Path::new(name), &mut files)?;
    }
    files.sort();
    let mut all = Sha3_256::new();
    for file in &files {
        let bytes = std::fs::read(root.join(file))?;
        let name = file.to_string_lossy().replace('\\', "/");
        all.update(u64::try_from(name.len())?.to_be_bytes());
        all.update(name.as_bytes());
        all.update(u64::try_from(bytes.len())?.to_be_bytes());
        all.update(&bytes);
    }
    let source = hex(&all.finalize());
    println!("cargo::rustc-env=PRIVITY_SOURCE={source}");
    println!("cargo::rerun-if-env-changed={NAMED}");
    // `target/debug/build/cli-…/out`
    let target = out
        .ancestors()
        .nth(4)
        .ok_or("OUT_DIR has no target folder")?;
    let named = variable(NAMED).map(PathBuf::from);
    let report = named.clone().unwrap_or_else(|| target.join(USUAL));
    if named.is_none() && !report.exists() {
        // Cargo runs this again at every build while a file that it names is missing.
        std::fs::File::create(&report)?.set_modified(std::time::UNIX_EPOCH)?;
    }
    println!("cargo::rerun-if-changed={}", report.display());
    let text = std::fs::read_to_string(&report)
        .map_err(|error| format!("cannot read `{}`: {error}", report.display()))?;
    let fits = text.contains(&format!("\"source\": \"{source}\""));
    let mut kept = std::fs::File::create(out.join("tests.json"))?;
    kept.write_all(if fits { text.as_bytes() } else { b"" })?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo speaks to build scripts by variables"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn collect(root: &Path, at: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    let whole = root.join(at);
    if whole.is_file() {
        files.push(at.to_owned());
    } else if whole.is_dir() {
        for entry in std::fs::read_dir(&whole)? {
            let name = entry?.file_name();
            let hidden = name.to_string_lossy().starts_with('.');
            if !hidden && name != "target" {
                collect(root, &at.join(name), files)?;
            }
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
