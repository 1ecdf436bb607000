//! Running a program while looking at its memory and its processor time.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Parts of a second in which Linux counts processor time.
const TICKS_PER_SECOND: u64 = 100;

/// What a run took.
pub(super) struct Measured {
    pub(super) elapsed: Duration,
    /// User and system time of the program and of those it started and waited for. Other work on
    /// the machine changes it less than the time of day.
    pub(super) busy: Duration,
    pub(super) peak_megabytes: u64,
}

/// Runs to the end; the peak is of the process and its children together, looked at 20 times a
/// second.
pub(super) fn measured(mut command: Command) -> Result<Measured> {
    let (begun, busy) = (Instant::now(), children_busy()?);
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
                busy: children_busy()?.saturating_sub(busy),
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

/// Processor time of everything that this process started and waited for, from Linux' account.
fn children_busy() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("this needs Linux' /proc")?;
    busy_of(&stat).context("/proc/self/stat has another form")
}

/// The 16th and 17th field; the second, a name in brackets, may hold spaces.
fn busy_of(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(13);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis(
        (user + system) * 1_000 / TICKS_PER_SECOND,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_time_is_of_the_children() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194304 900 50 0 0 11 12 250 75 20 0 1 0 99";
        assert_eq!(busy_of(stat), Some(Duration::from_millis(3_250)));
        assert_eq!(busy_of("7 (a) S 1"), None);
    }
}
