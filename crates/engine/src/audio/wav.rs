//! RIFF/WAVE as recorders really write it: sizes of zero or of everything, cut-off files,
//! extensible headers, chunks in any order before the sound.

use super::pcm::Sample;
use super::sniff::Format;
use super::{Audio, AudioFault, AudioWarning, Budget, Limits, coded, length};

/// Data sizes from here on mean "not known when the header was written".
const UNKNOWN_SIZE: u64 = 0x7fff_0000;

const TAG_PCM: u16 = 1;
const TAG_FLOAT: u16 = 3;
const TAG_A_LAW: u16 = 6;
const TAG_MU_LAW: u16 = 7;
const TAG_GSM: u16 = 0x31;
const TAG_MPEG: u16 = 0x50;
const TAG_MP3: u16 = 0x55;
const TAG_EXTENSIBLE: u16 = 0xfffe;

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Audio, AudioFault> {
    let parts = Parts::find(bytes)?;
    let Some(header) = parts.header else {
        return Err(AudioFault::Truncated {
            at: "inside its header",
        });
    };
    let budget = Budget { limits };
    budget.shape(usize::from(header.channels), header.rate)?;
    let Some((data, whole)) = parts.data else {
        return Err(AudioFault::NoSamples {
            codec: format!("wav 0x{:02x}", header.tag),
        });
    };
    match header.tag {
        TAG_MPEG | TAG_MP3 => return coded::decode(data, Format::Mpeg, limits),
        TAG_GSM => return Err(unsupported("GSM 6.10 in WAV")),
        _ => {}
    }
    match header.sample() {
        Some(sample) => plain(data, whole, header, sample, budget),
        // ADPCM and other block codecs are the library's.
        None if header.rate > 0 && matches!(header.tag, 2 | 0x11) => {
            coded::decode(bytes, Format::Wave, limits)
        }
        None => Err(unsupported(&format!(
            "WAV of kind 0x{:02x} with {} bits",
            header.tag, header.bits
        ))),
    }
}

fn unsupported(what: &str) -> AudioFault {
    AudioFault::Unsupported {
        what: what.to_owned(),
        hint: "convert it to PCM, µ-law or A-law",
    }
}

fn plain(
    data: &[u8],
    whole: bool,
    header: Header,
    sample: Sample,
    budget: Budget<'_>,
) -> Result<Audio, AudioFault> {
    let channels = usize::from(header.channels);
    let frames = data.len() / (sample.bytes() * channels);
    budget.frames(frames, channels, header.rate)?;
    let mut audio = Audio {
        rate: header.rate,
        channels: (0..channels).map(|_| Vec::with_capacity(frames)).collect(),
        codec: sample.codec().to_owned(),
        warnings: Vec::new(),
    };
    sample.deinterleave(data, &mut audio.channels);
    if !whole {
        audio.warnings.push(AudioWarning::Truncated {
            at: length(frames, header.rate),
        });
    }
    Ok(audio)
}

#[derive(Debug, Clone, Copy)]
struct Header {
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
}

impl Header {
    fn read(chunk: &[u8]) -> Option<Self> {
        let tag = u16_at(chunk, 0)?;
        Some(Self {
            // The extension's GUID begins with the tag it stands for.
            tag: if tag == TAG_EXTENSIBLE {
                u16_at(chunk, 24)?
            } else {
                tag
            },
            channels: u16_at(chunk, 2)?,
            rate: u32_at(chunk, 4)?,
            bits: u16_at(chunk, 14)?,
        })
    }

    const fn sample(self) -> Option<Sample> {
        match (self.tag, self.bits) {
            (TAG_PCM, 1..=8) => Some(Sample::U8),
            (TAG_PCM, 9..=16) => Some(Sample::I16),
            (TAG_PCM, 17..=24) => Some(Sample::I24),
            (TAG_PCM, 25..=32) => Some(Sample::I32),
            (TAG_FLOAT, 32) => Some(Sample::F32),
            (TAG_FLOAT, 64) => Some(Sample::F64),
            (TAG_MU_LAW, _) => Some(Sample::MuLaw),
            (TAG_A_LAW, _) => Some(Sample::ALaw),
            _ => None,
        }
    }
}

/// The chunks that matter, and whether the sound is all there.
struct Parts<'a> {
    header: Option<Header>,
    data: Option<(&'a [u8], bool)>,
}

impl<'a> Parts<'a> {
    fn find(bytes: &'a [u8]) -> Result<Self, AudioFault> {
        let mut parts = Self {
            header: None,
            data: None,
        };
        let mut wide_size = None;
        let mut rest = bytes.get(12..).unwrap_or_default();
        while let (Some(id), Some(size)) = (rest.get(..4), u32_at(rest, 4)) {
            let body = rest.get(8..).unwrap_or_default();
            let size = match (id, wide_size) {
                (b"data", Some(wide)) if size == u32::MAX => wide,
                _ => u64::from(size),
            };
            let chunk = body.get(..usize::try_from(size).unwrap_or(usize::MAX));
            match id {
                b"fmt " => {
                    let header = Header::read(chunk.unwrap_or(body));
                    parts.header = Some(header.ok_or(AudioFault::Truncated {
                        at: "inside its header",
                    })?);
                }
                b"ds64" => wide_size = body.get(8..16).map(u64_of),
                b"data" => {
                    parts.data = sound(body, chunk, size);
                    break;
                }
                _ => {}
            }
            let step = usize::try_from(size + size % 2).unwrap_or(usize::MAX);
            rest = body.get(step..).unwrap_or_default();
        }
        Ok(parts)
    }
}

/// The bytes of the sound and whether the header's claim about them is kept.
fn sound<'a>(body: &'a [u8], chunk: Option<&'a [u8]>, size: u64) -> Option<(&'a [u8], bool)> {
    match chunk {
        Some(chunk) if size > 0 => Some((chunk, true)),
        // A streaming writer never went back to fill in the size, unless other chunks follow.
        Some(_) => (!body.is_empty() && !begins_with_chunk(body)).then_some((body, true)),
        None if body.is_empty() => None,
        None => Some((body, size >= UNKNOWN_SIZE)),
    }
}

fn begins_with_chunk(bytes: &[u8]) -> bool {
    const AFTER: [&[u8]; 10] = [
        b"LIST", b"fact", b"id3 ", b"ID3 ", b"cue ", b"bext", b"JUNK", b"PEAK", b"iXML", b"smpl",
    ];
    bytes.get(..4).is_some_and(|id| AFTER.contains(&id))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn u64_of(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
