//! Every parser under random bytes: builds the fuzz targets and runs each for a while.

use anyhow::{Context, Result, bail};

use crate::run::{command, root, step};

/// The triple that the instrumentation is built for, named so that build scripts and macros go
/// without it.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
/// libFuzzer's coverage, which the stable compiler has behind `RUSTC_BOOTSTRAP`.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// `--seconds N` for each target (default 60); names restrict it to these.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut seconds = 60u32;
    let mut only = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let given = args.next().context("--seconds needs a number")?;
            seconds = given.parse().context("--seconds needs a number")?;
        } else {
            only.push(arg.as_str());
        }
    }
    let folder = root()?.join("fuzz");
    let targets = targets(&folder)?;
    if let Some(unknown) = only
        .iter()
        .find(|name| !targets.iter().any(|one| one == *name))
    {
        bail!(
            "there is no target `{unknown}`; there are {}",
            targets.join(", ")
        );
    }
    let mut build = command("cargo", &["build", "--release", "--target", TRIPLE])?;
    build
        .current_dir(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", FLAGS);
    step("build the fuzz targets", build)?;
    let built = folder.join("target").join(TRIPLE).join("release");
    for name in targets {
        if !only.is_empty() && !only.contains(&name.as_str()) {
            continue;
        }
        let corpus = folder.join("target/corpus").join(&name);
        std::fs::create_dir_all(&corpus).context("cannot make the folder of the corpus")?;
        let program = built.join(&name);
        let mut fuzzed = command(&program.display().to_string(), &[])?;
        fuzzed
            .current_dir(folder.join("target"))
            .arg(corpus)
            .arg(format!("-max_total_time={seconds}"))
            .args([
                "-max_len=4096",
                "-timeout=10",
                "-print_final_stats=1",
                "-verbosity=0",
            ]);
        step(&format!("fuzz {name} for {seconds} s"), fuzzed)?;
    }
    Ok(())
}

fn targets(folder: &std::path::Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(folder.join("Cargo.toml"))
        .context("cannot read the list of fuzz targets")?;
    let manifest: toml::Table = text.parse().context("the fuzz manifest is no TOML")?;
    let bins = manifest.get("bin").and_then(toml::Value::as_array);
    Ok(bins
        .into_iter()
        .flatten()
        .filter_map(|bin| bin.get("name")?.as_str().map(str::to_owned))
        .collect())
}
