//! The one place that reads the clock and the system's randomness.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Chance, Clock, NoChance, Timestamp};
use uuid::Uuid;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the time of day enters"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let millis = since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
        Timestamp(millis)
    }
}

/// The operating system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsChance;

impl Chance for OsChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

/// A UUID of version 7: ordered by its time of making.
pub(crate) fn new_uuid(clock: &dyn Clock, chance: &dyn Chance) -> Result<Uuid, NoChance> {
    let mut random = [0u8; 10];
    chance.fill(&mut random)?;
    let millis = u64::try_from(clock.now().0).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
