//! Stored form of the report on a recording.

use domain::{Millis, SoundReport};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct SoundV1 {
    codec: String,
    rate: u32,
    channels: u16,
    duration: u64,
    #[serde(rename = "use")]
    channel_use: String,
    live: Vec<u16>,
    warnings: Vec<String>,
}

impl Record for SoundReport {
    const WHAT: &'static str = "sound report";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(SoundV1 {
            codec: self.codec.clone(),
            rate: self.rate,
            channels: self.channels,
            duration: self.duration.0,
            channel_use: self.channel_use.key().to_owned(),
            live: self.live.clone(),
            warnings: self.warnings.clone(),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: SoundV1 = unwrap_v1::<Self, _>(bytes)?;
        Ok(Self {
            codec: stored.codec,
            rate: stored.rate,
            channels: stored.channels,
            duration: Millis(stored.duration),
            channel_use: stored.channel_use.parse()?,
            live: stored.live,
            warnings: stored.warnings,
        })
    }
}
