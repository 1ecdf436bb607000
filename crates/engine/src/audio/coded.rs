//! Compressed recordings through the decoder library, Opus through its own codec.

use std::io::{Cursor, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::packet::Packet;

use domain::Millis;

use super::opus::{Head, OpusStream};
use super::sniff::Format;
use super::{Audio, AudioFault, AudioWarning, Budget, Limits};

/// Shorter than the header's claim by less than this is rounding, not truncation.
const SLACK: Millis = Millis(250);

/// Damaged packets in a row after which the rest is given up.
const HOPELESS: u32 = 200;

pub(super) fn decode(bytes: &[u8], format: Format, limits: &Limits) -> Result<Audio, AudioFault> {
    // A foreign decoder that panics on a crafted file refuses the file, not the worker.
    catch_unwind(AssertUnwindSafe(|| run(bytes, format, limits))).unwrap_or_else(|_| {
        Err(AudioFault::Corrupt {
            what: "its decoder gave up".to_owned(),
        })
    })
}

fn run(bytes: &[u8], format: Format, limits: &Limits) -> Result<Audio, AudioFault> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(bytes)), Default::default());
    let mut reader = symphonia::default::get_probe()
        .probe(
            &Default::default(),
            source,
            Default::default(),
            Default::default(),
        )
        .map_err(|error| header_fault(&error, format))?;
    let track = reader
        .default_track(TrackType::Audio)
        .ok_or_else(|| unsupported("a container without an audio track"))?;
    let claimed = claimed(track, format);
    let id = track.id;
    let params = track
        .codec_params
        .as_ref()
        .and_then(|params| params.audio())
        .ok_or_else(|| unsupported("of an unknown codec"))?
        .clone();
    let mut sink = Sink::new(limits);
    let mut codec = Codec::new(&params)?;
    let cut = pump(reader.as_mut(), id, &mut codec, &mut sink)?;
    sink.finish(codec.name(), cut || ends_early(bytes, format), claimed)
}

fn unsupported(what: &str) -> AudioFault {
    AudioFault::Unsupported {
        what: what.to_owned(),
        hint: "convert it to WAV, FLAC, MP3 or Opus",
    }
}

fn header_fault(error: &Error, format: Format) -> AudioFault {
    match error {
        // The index is written last, so a file without it was never finished.
        Error::Unsupported(what) if what.contains("missing moov") => AudioFault::Truncated {
            at: "before its index",
        },
        Error::Unsupported(what) => AudioFault::Unsupported {
            what: format!("a {format:?} file with `{what}`"),
            hint: "convert it to WAV, FLAC, MP3 or Opus",
        },
        Error::IoError(io) if io.kind() == ErrorKind::UnexpectedEof => AudioFault::Truncated {
            at: "inside its header",
        },
        other => AudioFault::Corrupt {
            what: other.to_string(),
        },
    }
}

/// What the header says of the length, where that is exact.
fn claimed(track: &Track, format: Format) -> Option<Millis> {
    if format == Format::Adts {
        return None;
    }
    let time = track.time_base?.calc_duration(track.duration?)?;
    u64::try_from(time.as_millis()).ok().map(Millis)
}

/// Reads to the end; says whether the file was cut off.
fn pump(
    reader: &mut dyn FormatReader,
    id: u32,
    codec: &mut Codec,
    sink: &mut Sink<'_>,
) -> Result<bool, AudioFault> {
    loop {
        let packet = match reader.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(false),
            Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                return Ok(true);
            }
            Err(Error::ResetRequired) => return Ok(true),
            Err(_) if sink.damaged() => continue,
            Err(_) => return Ok(true),
        };
        if packet.track_id == id && !codec.take(&packet, sink)? && !sink.damaged() {
            return Ok(true);
        }
    }
}

/// An Ogg stream without its last page's end mark was cut off.
fn ends_early(bytes: &[u8], format: Format) -> bool {
    const END_OF_STREAM: u8 = 4;
    format == Format::Ogg
        && bytes
            .windows(6)
            .rev()
            .find(|window| window.starts_with(b"OggS\0"))
            .and_then(<[u8]>::last)
            .is_some_and(|flags| flags & END_OF_STREAM == 0)
}

enum Codec {
    Library(Box<dyn AudioDecoder>),
    Opus(Box<OpusStream>, Head),
}

impl Codec {
    fn new(params: &AudioCodecParameters) -> Result<Self, AudioFault> {
        if params.codec == CODEC_ID_OPUS {
            let head = params.extra_data.as_deref().and_then(Head::read);
            let head = head.ok_or_else(|| AudioFault::Corrupt {
                what: "its Opus header does not parse".to_owned(),
            })?;
            return Ok(Self::Opus(Box::new(OpusStream::new(head.clone())?), head));
        }
        symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map(Self::Library)
            .map_err(|error| match error {
                Error::Unsupported(what) => unsupported(&format!("of a codec with `{what}`")),
                other => AudioFault::Corrupt {
                    what: other.to_string(),
                },
            })
    }

    fn name(&self) -> String {
        match self {
            Self::Opus(..) => "opus".to_owned(),
            Self::Library(decoder) => decoder.codec_info().short_name.to_owned(),
        }
    }

    /// Decodes into the sink; `false` where the packet is damaged.
    fn take(&mut self, packet: &Packet, sink: &mut Sink<'_>) -> Result<bool, AudioFault> {
        match self {
            Self::Opus(stream, head) => {
                sink.shape(head.channels, head.rate)?;
                match stream.packet(&packet.data, packet.trim_end.get()) {
                    Some(samples) => sink.interleaved(samples).map(|()| true),
                    None => Ok(false),
                }
            }
            Self::Library(decoder) => match decoder.decode(packet) {
                Ok(buffer) => {
                    sink.shape(buffer.spec().channels().count(), buffer.spec().rate())?;
                    buffer.copy_to_vecs_planar(&mut sink.planes);
                    sink.planar().map(|()| true)
                }
                Err(_) => Ok(false),
            },
        }
    }
}

/// Collects channels under the limits.
struct Sink<'a> {
    budget: Budget<'a>,
    rate: u32,
    channels: Vec<Vec<f32>>,
    planes: Vec<Vec<f32>>,
    damaged: u32,
    in_a_row: u32,
}

impl<'a> Sink<'a> {
    const fn new(limits: &'a Limits) -> Self {
        Self {
            budget: Budget { limits },
            rate: 0,
            channels: Vec::new(),
            planes: Vec::new(),
            damaged: 0,
            in_a_row: 0,
        }
    }

    fn shape(&mut self, channels: usize, rate: u32) -> Result<(), AudioFault> {
        if self.channels.is_empty() {
            self.budget.shape(channels, rate)?;
            self.channels = vec![Vec::new(); channels];
            self.rate = rate;
        }
        if self.channels.len() == channels && self.rate == rate {
            Ok(())
        } else {
            Err(unsupported("one that changes its rate or channels midway"))
        }
    }

    fn interleaved(&mut self, samples: &[f32]) -> Result<(), AudioFault> {
        for frame in samples.chunks_exact(self.channels.len().max(1)) {
            for (channel, sample) in self.channels.iter_mut().zip(frame) {
                channel.push(*sample);
            }
        }
        self.grown()
    }

    fn planar(&mut self) -> Result<(), AudioFault> {
        for (channel, plane) in self.channels.iter_mut().zip(&self.planes) {
            channel.extend(plane.iter().map(|sample| sane(*sample)));
        }
        self.grown()
    }

    fn grown(&mut self) -> Result<(), AudioFault> {
        self.in_a_row = 0;
        let frames = self.channels.first().map_or(0, Vec::len);
        self.budget.frames(frames, self.channels.len(), self.rate)
    }

    /// Counts a damaged packet; `false` once it is hopeless.
    const fn damaged(&mut self) -> bool {
        self.damaged += 1;
        self.in_a_row += 1;
        self.in_a_row < HOPELESS
    }

    fn finish(
        self,
        codec: String,
        cut: bool,
        claimed: Option<Millis>,
    ) -> Result<Audio, AudioFault> {
        let mut audio = Audio {
            rate: self.rate,
            channels: self.channels,
            codec,
            warnings: Vec::new(),
        };
        let at = audio.duration();
        let short = claimed.is_some_and(|claimed| claimed.saturating_sub(at) > SLACK);
        match (audio.frames(), cut || short, self.damaged) {
            (0, _, 1..) => {
                return Err(AudioFault::Corrupt {
                    what: "none of its packets could be decoded".to_owned(),
                });
            }
            (0, true, 0) => {
                return Err(AudioFault::Truncated {
                    at: "before its first sound",
                });
            }
            (_, true, _) => audio.warnings.push(AudioWarning::Truncated { at }),
            (_, false, _) => {}
        }
        if self.damaged > 0 {
            audio.warnings.push(AudioWarning::Damaged {
                packets: self.damaged,
            });
        }
        Ok(audio)
    }
}

fn sane(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}
