//! The search over a million calls, beside PostgreSQL's full-text search on the same ones.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::{command, root, step};
use crate::test;

/// The PostgreSQL that the calls are put into; `PRIVITY_TEST_POSTGRES` names another.
const SERVER: &str = "postgres://postgres@127.0.0.1:5432";
/// Words with their frequencies.
const PROGRAM: &str = include_str!("words.py");
/// Calls of a short run, and of a whole one.
const CALLS: (u64, u64) = (20_000, 1_000_000);
/// Bytes on disk that a call takes on both sides, with room for merging.
const BYTES: u64 = 40_000;

/// Builds the example, makes the calls and asks. `--calls N` takes another number of them,
/// `--alone` leaves PostgreSQL out, `--keep` keeps what was made and asks it again the next time.
pub(super) fn run(scratch: &Path, args: &[String], quick: bool) -> Result<()> {
    let calls = calls(args)?.unwrap_or(if quick { CALLS.0 } else { CALLS.1 });
    let alone = args.iter().any(|arg| arg == "--alone");
    let keep = args.iter().any(|arg| arg == "--keep");
    let example = [
        "build",
        "--release",
        "--workspace",
        "--example",
        "search_scale",
    ];
    step("build (release)", command("cargo", &example)?)?;
    let words = words(scratch)?;
    let folder = scratch.join("search");
    eprintln!(
        "    {calls} calls take up to {} GB under {} and in PostgreSQL",
        calls * BYTES / 1_000_000_000 + 1,
        scratch.display()
    );
    let program = root()?.join("target/release/examples/search_scale");
    let mut run = command(&program.display().to_string(), &[])?;
    if keep {
        run.arg("--keep");
    }
    run.arg(&words).arg(&folder).arg(calls.to_string());
    if !alone {
        test::postgres()?;
        let named = std::env::vars().find(|(name, _)| name == "PRIVITY_TEST_POSTGRES");
        run.arg(named.map_or_else(|| SERVER.to_owned(), |(_, url)| url));
    }
    let ran = step("search", run);
    if folder.exists() && !keep {
        fs::remove_dir_all(&folder)?;
    }
    ran
}

fn calls(args: &[String]) -> Result<Option<u64>> {
    let Some(place) = args.iter().position(|arg| arg == "--calls") else {
        return Ok(None);
    };
    match args.get(place + 1).map(|number| number.parse()) {
        Some(Ok(number)) if number > 0 => Ok(Some(number)),
        _ => bail!("--calls takes a number, as in `--calls 100000`"),
    }
}

/// The words, made once.
fn words(scratch: &Path) -> Result<PathBuf> {
    let list = scratch.join("words.tsv");
    if list.exists() {
        return Ok(list);
    }
    let place = scratch.join("words");
    let python = place.join("bin/python").display().to_string();
    if !Path::new(&python).exists() {
        let folder = place.display().to_string();
        step(
            "an environment for the words",
            command("python3", &["-m", "venv", &folder])?,
        )?;
    }
    step(
        "pip install wordfreq",
        command(&python, &["-m", "pip", "install", "--quiet", "wordfreq"])?,
    )?;
    let printed = command(&python, &["-c", PROGRAM])?
        .output()
        .context("cannot list the words")?;
    if !printed.status.success() {
        bail!("the words: {}", String::from_utf8_lossy(&printed.stderr));
    }
    fs::write(&list, printed.stdout)?;
    Ok(list)
}
