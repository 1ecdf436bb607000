//! Opus packets to samples. The container is the library's; the codec is a port of the
//! reference decoder, equal to it to the last bits.

use ropus::{Channels, DecodeMode, Decoder, OpusMSDecoder};

use super::AudioFault;

/// Most frames of one packet at 48 kHz: 120 ms.
const LONGEST_PACKET: usize = 5_760;

/// Decodes one stream's packets to interleaved samples.
pub(super) struct OpusStream {
    decoder: Kind,
    head: Head,
    /// Frames still to be dropped: the encoder's start-up.
    skip: usize,
    buffer: Vec<f32>,
    words: Vec<i16>,
}

enum Kind {
    Plain(Box<Decoder>),
    Multi(Box<OpusMSDecoder>),
}

/// The identification header (RFC 7845, section 5.1).
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) channels: usize,
    /// Rate at which it is decoded here.
    pub(super) rate: u32,
    gain: f32,
    skip: usize,
    streams: u8,
    coupled: u8,
    mapping: Vec<u8>,
}

impl Head {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let fixed = bytes.strip_prefix(b"OpusHead".as_slice())?;
        let &[
            version,
            channels,
            s0,
            s1,
            r0,
            r1,
            r2,
            r3,
            g0,
            g1,
            family,
            ref rest @ ..,
        ] = fixed
        else {
            return None;
        };
        if version > 15 || channels == 0 {
            return None;
        }
        let (streams, coupled, mapping) = if family == 0 {
            (1, channels - 1, vec![0, 1])
        } else {
            let &[streams, coupled, ref mapping @ ..] = rest else {
                return None;
            };
            (
                streams,
                coupled,
                mapping.get(..usize::from(channels))?.to_vec(),
            )
        };
        let rate = rate(u32::from_le_bytes([r0, r1, r2, r3]));
        let skip = u32::from(u16::from_le_bytes([s0, s1])) * rate / 48_000;
        Some(Self {
            channels: usize::from(channels),
            rate,
            gain: 10f32.powf(f32::from(i16::from_le_bytes([g0, g1])) / 256.0 / 20.0),
            skip: usize::try_from(skip).unwrap_or(0),
            streams,
            coupled,
            mapping,
        })
    }
}

/// The smallest rate of the codec that keeps everything the recorder put in, and at least the
/// models' 16 kHz, since some writers understate it.
const fn rate(recorded: u32) -> u32 {
    match recorded {
        1..=16_000 => 16_000,
        16_001..=24_000 => 24_000,
        _ => 48_000,
    }
}

impl OpusStream {
    pub(super) fn new(head: Head) -> Result<Self, AudioFault> {
        let fault = || AudioFault::Corrupt {
            what: "its Opus header names an impossible channel layout".to_owned(),
        };
        let decoder = match (head.channels, head.streams, head.coupled) {
            (1, 1, 0) => plain(head.rate, Channels::Mono).ok_or_else(fault)?,
            (2, 1, 1) => plain(head.rate, Channels::Stereo).ok_or_else(fault)?,
            _ => Kind::Multi(Box::new(multi(&head).ok_or_else(fault)?)),
        };
        Ok(Self {
            decoder,
            skip: head.skip,
            buffer: vec![0.0; LONGEST_PACKET * head.channels],
            words: vec![0; LONGEST_PACKET * head.channels],
            head,
        })
    }

    /// Interleaved samples of a packet without its start-up and the trimmed end; `None` where
    /// it is damaged.
    pub(super) fn packet(&mut self, packet: &[u8], trim_end: u64) -> Option<&[f32]> {
        if packet.is_empty() {
            return None;
        }
        let frames = self.decode(packet)?;
        let channels = self.head.channels;
        let trim = trim_end.saturating_mul(u64::from(self.head.rate)) / 48_000;
        let end = frames.saturating_sub(usize::try_from(trim).unwrap_or(usize::MAX));
        let start = self.skip.min(end);
        self.skip -= start;
        let samples = self.buffer.get_mut(start * channels..end * channels)?;
        for sample in samples.iter_mut() {
            *sample = (*sample * self.head.gain).clamp(-1.0, 1.0);
        }
        Some(samples)
    }

    fn decode(&mut self, packet: &[u8]) -> Option<usize> {
        match &mut self.decoder {
            Kind::Plain(decoder) => decoder
                .decode_float(packet, &mut self.buffer, DecodeMode::Normal)
                .ok(),
            Kind::Multi(decoder) => {
                let size = i32::try_from(packet.len()).ok()?;
                let longest = i32::try_from(LONGEST_PACKET).ok()?;
                let frames = decoder
                    .decode(Some(packet), size, &mut self.words, longest, false)
                    .ok()?;
                for (to, from) in self.buffer.iter_mut().zip(&self.words) {
                    *to = f32::from(*from) / 32_768.0;
                }
                usize::try_from(frames).ok()
            }
        }
    }
}

fn plain(rate: u32, channels: Channels) -> Option<Kind> {
    let decoder = Decoder::new(rate, channels).ok()?;
    Some(Kind::Plain(Box::new(decoder)))
}

fn multi(head: &Head) -> Option<OpusMSDecoder> {
    OpusMSDecoder::new(
        i32::try_from(head.rate).ok()?,
        i32::try_from(head.channels).ok()?,
        i32::from(head.streams),
        i32::from(head.coupled),
        &head.mapping,
    )
    .ok()
}
