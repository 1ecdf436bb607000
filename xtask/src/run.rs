//! Running other programs, saying which.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub(crate) fn root() -> Result<PathBuf> {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask
        .parent()
        .map(Path::to_path_buf)
        .context("xtask stands outside a workspace")
}

/// A program with its arguments, run in the workspace's folder.
pub(crate) fn command(program: &str, args: &[&str]) -> Result<Command> {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()?);
    Ok(command)
}

/// Announces a step, runs it, and fails with its name.
pub(crate) fn step(what: &str, mut command: Command) -> Result<()> {
    eprintln!("==> {what}");
    let begun = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{what}: {status}");
    }
    eprintln!("    {what}: {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Whether a program answers to being asked its version.
pub(crate) fn answers(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a program prints, trimmed.
pub(crate) fn output(program: &str, args: &[&str]) -> Result<String> {
    let out = command(program, args)?
        .output()
        .with_context(|| format!("cannot start `{program}`"))?;
    if !out.status.success() {
        bail!(
            "`{program}` ended with {}: {}",
            out.status,
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}
