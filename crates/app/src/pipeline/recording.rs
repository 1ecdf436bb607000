//! An interaction's sound as one: its recordings laid on the interaction's own time line.

use domain::{ChannelUse, DataCategory, DialogKind, Interaction, Millis, SoundReport};
use engine::audio::{self, Audio, ChannelPlan, Limits};

use super::{Context, Fault};

/// Everything audible of an interaction, with how its channels are used.
pub(crate) struct Recording {
    pub(crate) audio: Audio,
    pub(crate) report: SoundReport,
}

/// Encoded recordings with their offsets from the interaction's start.
pub(crate) type Encoded = Vec<(Millis, Vec<u8>)>;

/// Opens the encoded recordings; empty for a written interaction.
pub(crate) async fn encoded(
    context: &Context<'_>,
    interaction: &Interaction,
) -> Result<Encoded, Fault> {
    let mut parts = Encoded::new();
    if !interaction
        .dialogs
        .iter()
        .any(|dialog| dialog.kind == DialogKind::Recording)
    {
        return Ok(parts);
    }
    let permit = context.may_read(&[DataCategory::Voice]).await?;
    for (number, dialog) in interaction.dialogs.iter().enumerate() {
        if dialog.kind == DialogKind::Recording {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            let bytes = context.app.store.media(&permit, number).await?;
            parts.push((dialog.start.since(interaction.started), bytes));
        }
    }
    Ok(parts)
}

/// The numbers of the dialogs that [`encoded`] opens, in its order.
pub(crate) fn numbers(interaction: &Interaction) -> Vec<u16> {
    let dialogs = interaction.dialogs.iter().enumerate();
    dialogs
        .filter(|(_, dialog)| dialog.kind == DialogKind::Recording)
        .map(|(number, _)| u16::try_from(number).unwrap_or(u16::MAX))
        .collect()
}

/// Decodes and judges. Several recordings share the first one's rate or 16 kHz.
pub(crate) fn decode(parts: &Encoded, limits: &Limits) -> Result<Recording, Fault> {
    let mut decoded = Vec::with_capacity(parts.len());
    for (offset, bytes) in parts {
        decoded.push((*offset, audio::decode(bytes, limits)?));
    }
    let audio = match decoded.len() {
        1 => decoded.swap_remove(0).1,
        _ => lay_out(decoded)?,
    };
    let report = report(&audio);
    Ok(Recording { audio, report })
}

fn lay_out(parts: Vec<(Millis, Audio)>) -> Result<Audio, Fault> {
    const RATE: u32 = 16_000;
    let count = parts
        .iter()
        .map(|(_, part)| part.channels.len())
        .max()
        .unwrap_or(0);
    let mut whole = Audio {
        rate: RATE,
        channels: vec![Vec::new(); count],
        codec: parts
            .first()
            .map(|(_, part)| part.codec.clone())
            .unwrap_or_default(),
        warnings: Vec::new(),
    };
    for (offset, part) in parts {
        let start =
            usize::try_from(offset.0.saturating_mul(u64::from(RATE)) / 1_000).unwrap_or(usize::MAX);
        for (channel, samples) in whole.channels.iter_mut().zip(&part.channels) {
            let samples = audio::to_16k(samples, part.rate)?;
            if channel.len() < start {
                channel.resize(start, 0.0);
            }
            channel.truncate(start);
            channel.extend(samples);
        }
        whole.warnings.extend(part.warnings);
    }
    let longest = whole.channels.iter().map(Vec::len).max().unwrap_or(0);
    for channel in &mut whole.channels {
        channel.resize(longest, 0.0);
    }
    Ok(whole)
}

fn report(audio: &Audio) -> SoundReport {
    let frames = audio.channels.first().map_or(0, Vec::len);
    let frames = u64::try_from(frames).unwrap_or(u64::MAX);
    let (channel_use, live) = match audio::judge(audio) {
        ChannelPlan::Separate(live) => (ChannelUse::Separate, live),
        ChannelPlan::Mixed(channel) => (ChannelUse::Mixed, vec![channel]),
        ChannelPlan::Silent => (ChannelUse::Silent, Vec::new()),
    };
    SoundReport {
        codec: audio.codec.clone(),
        rate: audio.rate,
        channels: u16::try_from(audio.channels.len()).unwrap_or(u16::MAX),
        duration: Millis(frames.saturating_mul(1_000) / u64::from(audio.rate.max(1))),
        channel_use,
        live,
        warnings: audio.warnings.iter().map(ToString::to_string).collect(),
    }
}

impl Recording {
    /// One live channel at 16 kHz, which is not needed any more: an hour of it is 115 megabytes.
    pub(crate) fn take_track(&mut self, channel: u16) -> Result<Vec<f32>, Fault> {
        let samples = self.audio.channels.get_mut(usize::from(channel));
        let samples = samples.map(std::mem::take).unwrap_or_default();
        Ok(audio::to_16k(&samples, self.audio.rate)?)
    }

    /// One live channel at 16 kHz.
    pub(crate) fn track(&self, channel: u16) -> Result<Vec<f32>, Fault> {
        let samples = self.audio.channels.get(usize::from(channel));
        Ok(audio::to_16k(
            samples.map_or(&[], Vec::as_slice),
            self.audio.rate,
        )?)
    }
}
