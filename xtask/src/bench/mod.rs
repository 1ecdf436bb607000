//! The measurements of docs/measurements.md: each figure beside a named peer in the same run where
//! there is one. Prints a table; nothing here passes or fails.

mod call;
mod pages;
mod peer;
mod process;
mod search;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::run::{command, output, root, step};
use crate::{demo, test, tools};
use peer::Peer;
use process::{Measured, measured};

/// What is said in each of the prompts, by the package that brings the texts.
const TEXTS: &str = "/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz";
/// Debian's folder of recorded telephone prompts.
const PROMPTS: &str = "/usr/share/asterisk/sounds/en_US_f_Allison";

pub(crate) fn run(args: &[String]) -> Result<()> {
    let quick = args.iter().any(|arg| arg == "--quick");
    let only = args
        .iter()
        .find(|arg| !arg.starts_with("--"))
        .map(String::as_str);
    let scratch = root()?.join("target/bench");
    fs::create_dir_all(&scratch)?;
    // Asked for by name only: it takes most of an hour and tens of gigabytes.
    if only == Some("search") {
        return search::run(&scratch, args, quick);
    }
    if only == Some("pages") {
        return pages::run(&scratch, args, quick);
    }
    step(
        "build (release)",
        command("cargo", &["build", "--release", "--package", "cli"])?,
    )?;
    let models = demo::fetch_models("release")?;
    let bench = Bench {
        privity: PathBuf::from(demo::binary("release")?),
        models,
        scratch,
        quick,
    };
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    if wanted("wer") {
        bench.word_errors()?;
    }
    if wanted("pipeline") {
        bench.pipeline()?;
    }
    if wanted("chats") {
        bench.chats()?;
    }
    if wanted("size") {
        bench.size()?;
    }
    if wanted("words") {
        words()?;
    }
    if wanted("proof") {
        proof()?;
    }
    Ok(())
}

struct Bench {
    privity: PathBuf,
    models: PathBuf,
    scratch: PathBuf,
    quick: bool,
}

impl Bench {
    fn privity(&self, data: &Path, args: &[&str]) -> Result<std::process::Command> {
        let mut command = command(&self.privity.display().to_string(), &["--data"])?;
        command
            .arg(data)
            .arg("--models")
            .arg(&self.models)
            .args(args);
        Ok(command)
    }

    fn installation(&self, name: &str) -> Result<PathBuf> {
        let data = self.scratch.join(name);
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        step("init", self.privity(&data, &["init"])?)?;
        step("tenant", self.privity(&data, &["tenant", "add", "bench"])?)?;
        Ok(data)
    }

    /// Word error rate on recorded prompts, by the engine alone, beside faster-whisper on the same
    /// model; both scored by the same normaliser. First on the listed prompts, then on all others
    /// of the package, since a thousand words do not tell the two apart.
    fn word_errors(&self) -> Result<()> {
        tools::debian(&["asterisk-core-sounds-en-wav", "asterisk-core-sounds-en"])?;
        let listed = root()?.join("../shared/data/speech/prompts.csv");
        let sounds = sounds()?;
        let peer = Peer::install(&self.scratch, &self.models)?;
        self.word_errors_on("prompts", &listed, &sounds, &peer)?;
        let others = self.scratch.join("others.csv");
        step(
            "the package's other prompts",
            peer.others(&listed, TEXTS, &sounds, &others)?,
        )?;
        self.word_errors_on("others", &others, &sounds, &peer)
    }

    fn word_errors_on(&self, name: &str, csv: &Path, sounds: &str, peer: &Peer) -> Result<()> {
        let ours = self.scratch.join(format!("{name}.tsv"));
        let example = [
            "run",
            "--release",
            "--quiet",
            "--package",
            "engine",
            "--example",
            "wer",
            "--",
        ];
        let mut run = command("cargo", &example)?;
        run.arg(&self.models).arg(csv).arg(sounds);
        run.arg("whisper-tiny.en").arg("--texts").arg(&ours);
        step(&format!("word error rate: {name}"), run)?;
        let mut texts = vec![("whisper-tiny.en here".to_owned(), ours)];
        for beam in peer::BEAMS {
            let heard = self.scratch.join(format!("{name}-beam-{beam}.tsv"));
            step("faster-whisper", peer.prompts(beam, csv, sounds, &heard)?)?;
            texts.push((format!("faster-whisper, beam {beam}"), heard));
        }
        step(&format!("scores: {name}"), peer.score(csv, &texts)?)
    }

    /// The whole pipeline on stereo calls beside faster-whisper's recognition of the same sound.
    fn pipeline(&self) -> Result<()> {
        tools::debian(&["asterisk-core-sounds-en-wav"])?;
        let seconds = if self.quick { 60 } else { 300 };
        let call = call::stereo(Path::new(&sounds()?), &self.scratch, seconds)?;
        let peer = Peer::install(&self.scratch, &self.models)?;
        for workers in [1u32, 2] {
            let data = self.installation(&format!("pipeline-{workers}"))?;
            // Another first sample makes another content, so that each copy is processed.
            let calls = (0..workers)
                .map(|copy| call::variant(&call, &self.scratch, copy))
                .collect::<Result<Vec<PathBuf>>>()?;
            for call in &calls {
                let call = call.display().to_string();
                step("ingest", self.privity(&data, &["ingest", &call])?)?;
            }
            let count = workers.to_string();
            let ours = measured(self.privity(&data, &["process", "--workers", &count])?)?;
            let sound = f64::from(seconds) * f64::from(workers);
            report(
                &format!("pipeline, {workers} worker(s), {workers} call(s) of {seconds} s stereo"),
                sound,
                &ours,
            );
            for beam in peer::BEAMS {
                let theirs = measured(peer.calls(beam, &calls)?)?;
                report(
                    &format!(
                        "faster-whisper, beam {beam}, {workers} process(es), recognition only"
                    ),
                    sound,
                    &theirs,
                );
                println!(
                    "    the pipeline's throughput against it: {:.2} by processor time, {:.2} by the clock",
                    theirs.busy.as_secs_f64() / ours.busy.as_secs_f64(),
                    theirs.elapsed.as_secs_f64() / ours.elapsed.as_secs_f64()
                );
            }
        }
        Ok(())
    }

    /// Taking in many short chats.
    fn chats(&self) -> Result<()> {
        let count = if self.quick { 1_000 } else { 10_000 };
        let inbox = self.scratch.join("chats");
        fs::create_dir_all(&inbox)?;
        for number in 0..count {
            fs::write(inbox.join(format!("{number}.json")), call::chat(number))?;
        }
        let data = self.installation("chats-data")?;
        let ran = measured(self.privity(&data, &["ingest", &inbox.display().to_string()])?)?;
        println!(
            "ingest of {count} chats: {:.0} per second, {:.1} s of processor, peak {} MB",
            f64::from(count) / ran.elapsed.as_secs_f64(),
            ran.busy.as_secs_f64(),
            ran.peak_megabytes
        );
        let ran = measured(self.privity(&data, &["process"])?)?;
        println!(
            "processing of {count} chats: {:.0} per second, {:.1} s of processor, peak {} MB",
            f64::from(count) / ran.elapsed.as_secs_f64(),
            ran.busy.as_secs_f64(),
            ran.peak_megabytes
        );
        let begun = Instant::now();
        step(
            "search",
            self.privity(
                &data,
                &["search", "delivery NEAR:60 tomorrow", "--limit", "1"],
            )?,
        )?;
        println!(
            "search over {count} chats: {} ms with start-up",
            begun.elapsed().as_millis()
        );
        Ok(())
    }

    /// Size of the program and memory of an idle server.
    fn size(&self) -> Result<()> {
        let bytes = fs::metadata(&self.privity)?.len();
        println!("program: {} MB", bytes / 1_000_000);
        let data = self.installation("idle")?;
        let mut served = self
            .privity(&data, &["serve", "--listen", "127.0.0.1:0"])?
            .spawn()?;
        std::thread::sleep(Duration::from_secs(4));
        let memory = process::resident_megabytes(served.id());
        served.kill()?;
        served.wait()?;
        println!(
            "serve, idle: {} MB resident",
            memory.context("the server did not run")?
        );
        Ok(())
    }
}

fn report(what: &str, sound_seconds: f64, ran: &Measured) {
    let (busy, elapsed) = (ran.busy.as_secs_f64(), ran.elapsed.as_secs_f64());
    println!(
        "{what}: {busy:.1} s of processor, {elapsed:.1} s by the clock, {:.1} times real time per core, peak {} MB",
        sound_seconds / busy,
        ran.peak_megabytes
    );
}

/// Pure work on words: redaction rates, many queries over one transcript.
fn words() -> Result<()> {
    for (package, example) in [("app", "redaction_rates"), ("analysis", "battery")] {
        let args = [
            "run",
            "--release",
            "--quiet",
            "--package",
            package,
            "--example",
            example,
        ];
        step(example, command("cargo", &args)?)?;
    }
    Ok(())
}

/// What proof costs: decisions, and openings with and without permits and leaves.
fn proof() -> Result<()> {
    test::postgres()?;
    for (package, example) in [("policy", "decide_speed"), ("store", "price_of_proof")] {
        let args = [
            "run",
            "--release",
            "--quiet",
            "--package",
            package,
            "--example",
            example,
        ];
        step(example, command("cargo", &args)?)?;
    }
    Ok(())
}

/// Where Debian put the prompts on this machine.
fn sounds() -> Result<String> {
    let list = output(
        "dpkg-query",
        &["--listfiles", "asterisk-core-sounds-en-wav"],
    )?;
    let found = list
        .lines()
        .find(|line| line.ends_with("/vm-goodbye.wav"))
        .and_then(|line| line.rsplit_once('/'))
        .map(|(folder, _)| folder.to_owned());
    Ok(found.unwrap_or_else(|| PROMPTS.to_owned()))
}
