//! Chance for tests: one that can be repeated, one that is real.

use std::sync::atomic::{AtomicU8, Ordering};

use domain::{Chance, NoChance};

/// Gives 0, 1, 2, … so that sealed bytes can be compared with golden ones.
#[derive(Default)]
pub(crate) struct Counting(AtomicU8);

impl Chance for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The system's.
pub(crate) struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}
