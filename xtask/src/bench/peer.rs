//! faster-whisper in an environment of its own, on the same model and sound.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::run::{command, step};

const PROGRAM: &str = include_str!("peer.py");

/// Beams of the peer: its default first, then a search as quick as it can be.
pub(super) const BEAMS: [u32; 2] = [5, 1];

/// The peer's program in its environment.
pub(super) struct Peer {
    python: PathBuf,
    program: PathBuf,
    model: PathBuf,
}

impl Peer {
    /// Installs the peer under `scratch` where it is missing.
    pub(super) fn install(scratch: &Path, models: &Path) -> Result<Self> {
        let place = scratch.join("peer");
        let python = place.join("bin/python");
        if !python.exists() {
            let folder = place.display().to_string();
            step(
                "an environment for the peer",
                command("python3", &["-m", "venv", &folder])?,
            )?;
        }
        let mut install = command(
            &python.display().to_string(),
            &["-m", "pip", "install", "--quiet"],
        )?;
        install.args(["faster-whisper", "requests", "whisper-normalizer"]);
        step("pip install faster-whisper", install)?;
        let program = scratch.join("peer.py");
        std::fs::write(&program, PROGRAM)?;
        Ok(Self {
            python,
            program,
            model: models.join("whisper-tiny.en"),
        })
    }

    /// Recognises both channels of every call, in a process per call.
    pub(super) fn calls(&self, beam: u32, calls: &[PathBuf]) -> Result<Command> {
        let mut run = self.run("calls")?;
        run.arg(&self.model).arg(beam.to_string()).args(calls);
        Ok(run)
    }

    /// Recognises every prompt and writes what it heard into `out`.
    pub(super) fn prompts(
        &self,
        beam: u32,
        csv: &Path,
        sounds: &str,
        out: &Path,
    ) -> Result<Command> {
        let mut run = self.run("prompts")?;
        run.arg(&self.model).arg(beam.to_string());
        run.arg(csv).arg(sounds).arg(out);
        Ok(run)
    }

    /// Lists the prompts of the package that `csv` does not have into `out`.
    pub(super) fn others(
        &self,
        csv: &Path,
        texts: &str,
        sounds: &str,
        out: &Path,
    ) -> Result<Command> {
        let mut run = self.run("others")?;
        run.arg(csv).arg(texts).arg(sounds).arg(out);
        Ok(run)
    }

    /// Scores texts by the normaliser that Whisper's own word error rates are measured with.
    pub(super) fn score(&self, csv: &Path, texts: &[(String, PathBuf)]) -> Result<Command> {
        let mut run = self.run("score")?;
        run.arg(csv);
        for (name, path) in texts {
            run.arg(format!("{name}={}", path.display()));
        }
        Ok(run)
    }

    fn run(&self, task: &str) -> Result<Command> {
        let mut run = command(&self.python.display().to_string(), &[])?;
        run.arg(&self.program).arg(task).env("OMP_NUM_THREADS", "1");
        Ok(run)
    }
}
