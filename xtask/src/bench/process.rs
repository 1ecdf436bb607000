//! Running a program while looking at its memory.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What a run took.
pub(super) struct Measured {
    pub(super) elapsed: Duration,
    pub(super) peak_megabytes: u64,
}

/// Runs to the end; the peak is of the process and its children together, looked at 20 times a
/// second.
pub(super) fn measured(mut command: Command) -> Result<Measured> {
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut peak = 0;
    loop {
        peak = peak.max(tree_megabytes(child.id()));
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("{:?}: {status}", command.get_program());
            }
            return Ok(Measured {
                elapsed: begun.elapsed(),
                peak_megabytes: peak,
            });
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Resident memory of one process.
pub(super) fn resident_megabytes(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}

fn tree_megabytes(id: u32) -> u64 {
    let children =
        std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    let below: u64 = children
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .map(tree_megabytes)
        .sum();
    resident_megabytes(id).unwrap_or(0) + below
}
