//! Every accepted format decodes to the sound that was put in: channel by channel, at its
//! length; and what is broken says how.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod sound;

use std::path::Path;

use domain::Millis;
use engine::audio::{Audio, AudioFault, AudioWarning, Limits, decode, encode_wav, to_16k};
use sound::{frames, pitch, recording, sine};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audio");
    std::fs::read(folder.join(name)).unwrap()
}

fn ok(name: &str) -> Audio {
    decode(&fixture(name), &Limits::default()).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

#[test]
fn every_format_keeps_pitch_length_and_channel_order() {
    let cases = [
        ("u8.wav", "pcm_u8", 8_000, 1_000),
        ("s16.wav", "pcm_s16le", 8_000, 500),
        ("s24.wav", "pcm_s24le", 8_000, 500),
        ("s32.wav", "pcm_s32le", 8_000, 250),
        ("f32.wav", "pcm_f32le", 8_000, 250),
        ("mulaw.wav", "pcm_mulaw", 8_000, 1_000),
        ("alaw.wav", "pcm_alaw", 8_000, 500),
        ("adpcm.wav", "adpcm_ms", 8_000, 1_000),
        ("streamed.wav", "pcm_s16le", 8_000, 500),
        ("a.flac", "flac", 8_000, 400),
        ("a.mp3", "mp3", 16_000, 1_000),
        ("vorbis.ogg", "vorbis", 16_000, 1_000),
        ("opus.ogg", "opus", 48_000, 1_000),
        ("a.m4a", "aac", 16_000, 1_000),
        ("a.aac", "aac", 16_000, 500),
        ("alac.m4a", "alac", 8_000, 300),
        ("opus.webm", "opus", 48_000, 600),
        ("vorbis.webm", "vorbis", 16_000, 500),
    ];
    for (name, codec, rate, length) in cases {
        let audio = ok(name);
        assert_eq!(audio.codec, codec, "{name}");
        assert_eq!(audio.rate, rate, "{name}");
        assert_eq!(audio.channels.len(), 2, "{name}");
        assert!(audio.warnings.is_empty(), "{name}: {:?}", audio.warnings);
        // Codecs without exact lengths pad by up to two of their frames.
        let slack = match name {
            "adpcm.wav" => 15,
            exact if exact.ends_with("wav") || exact.ends_with("flac") => 2,
            _ => 135,
        };
        assert!(
            audio.duration().0.abs_diff(length) <= slack,
            "{name}: {audio:?}"
        );
        assert_eq!(audio.channels[0].len(), audio.channels[1].len(), "{name}");
        assert!(
            (pitch(&audio.channels[0], rate) - 440.0).abs() < 12.0,
            "{name} left {}",
            pitch(&audio.channels[0], rate)
        );
        assert!(
            (pitch(&audio.channels[1], rate) - 1_000.0).abs() < 12.0,
            "{name} right"
        );
        let loudest = audio.channels[0]
            .iter()
            .fold(0f32, |most, x| most.max(x.abs()));
        assert!((0.3..0.9).contains(&loudest), "{name}: {loudest}");
    }
}

#[test]
fn more_than_two_channels_keep_their_order() {
    for name in ["four.wav", "four.ogg"] {
        let audio = ok(name);
        let found: Vec<f32> = audio
            .channels
            .iter()
            .map(|c| pitch(c, audio.rate))
            .collect();
        assert_eq!(found.len(), 4, "{name}");
        let expected = [300.0, 500.0, 700.0, 900.0];
        assert!(
            found
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 12.0),
            "{name}: {found:?}"
        );
    }
    let few = Limits {
        channels: 2,
        ..Limits::default()
    };
    assert_eq!(
        decode(&fixture("four.wav"), &few).unwrap_err(),
        AudioFault::TooManyChannels {
            channels: 4,
            limit: 2
        }
    );
}

#[test]
fn opus_of_a_telephone_is_decoded_at_the_models_rate() {
    let audio = ok("opus8k.ogg");
    assert_eq!((audio.rate, audio.channels.len()), (16_000, 1));
    assert_eq!(audio.duration(), Millis(500));
}

#[test]
fn the_samples_decode() {
    for (name, channels) in [
        ("billing-call.wav", 2),
        ("clinic-call.mp3", 1),
        ("delivery-call.opus", 2),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../samples")
            .join(name);
        let audio = decode(&std::fs::read(path).unwrap(), &Limits::default()).unwrap();
        assert_eq!(audio.channels.len(), channels, "{name}");
        assert!(audio.duration() > Millis(30_000), "{name}: {audio:?}");
        assert!(audio.warnings.is_empty(), "{name}: {:?}", audio.warnings);
    }
}

#[test]
fn what_is_no_recording_says_what_it_is() {
    let limits = Limits::default();
    assert_eq!(decode(&[], &limits).unwrap_err(), AudioFault::Empty);
    let cases: [(&[u8], &str); 5] = [
        (b"PK\x03\x04rest of an archive", "a ZIP archive"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"{\"vcon\": \"0.0.1\"}", "JSON text"),
        (b"From: a@b.c\n\nhello", "plain text"),
        (b"\x00\x01\x02\x03\x04\x05", "bytes of no known kind"),
    ];
    for (bytes, looks_like) in cases {
        assert_eq!(
            decode(bytes, &limits).unwrap_err(),
            AudioFault::NotAudio { looks_like }
        );
    }
    let message = AudioFault::NotAudio {
        looks_like: "a ZIP archive",
    }
    .to_string();
    assert!(
        message.contains("a ZIP archive") && message.contains("hint:"),
        "{message}"
    );
}

#[test]
fn a_header_without_sound_is_its_own_outcome() {
    let header = encode_wav(&recording(8_000, vec![vec![]]));
    assert_eq!(header.len(), 44);
    let fault = decode(&header, &Limits::default()).unwrap_err();
    assert!(matches!(fault, AudioFault::NoSamples { .. }), "{fault}");
}

#[test]
fn sizes_that_a_streaming_writer_left_open_mean_the_rest() {
    let full = encode_wav(&recording(8_000, vec![sine(440.0, 8_000, 800)]));
    for size in [0u32, u32::MAX, 0x7fff_ffff] {
        let mut bytes = full.clone();
        bytes[40..44].copy_from_slice(&size.to_le_bytes());
        let audio = decode(&bytes, &Limits::default()).unwrap();
        assert_eq!((audio.frames(), audio.warnings.len()), (800, 0), "{size:x}");
    }
}

#[test]
fn a_cut_off_file_keeps_what_is_there_and_says_so() {
    for name in [
        "mulaw.wav",
        "a.flac",
        "a.mp3",
        "../../../../samples/delivery-call.opus",
    ] {
        let bytes = fixture(name);
        let audio = decode(&bytes[..bytes.len() * 3 / 5], &Limits::default())
            .unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(audio.duration() < ok(name).duration(), "{name}");
        let told = matches!(
            audio.warnings.as_slice(),
            [AudioWarning::Truncated { .. }, ..]
        );
        assert!(told, "{name}: {:?}", audio.warnings);
    }
    let bytes = fixture("a.m4a");
    let fault = decode(&bytes[..400], &Limits::default()).unwrap_err();
    assert!(
        matches!(
            fault,
            AudioFault::Truncated { .. } | AudioFault::Corrupt { .. }
        ),
        "{fault}"
    );
    let wav = fixture("s16.wav");
    assert!(matches!(
        decode(&wav[..30], &Limits::default()).unwrap_err(),
        AudioFault::Truncated { .. } | AudioFault::NoSamples { .. }
    ));
}

#[test]
fn a_long_recording_is_refused_with_its_limit() {
    let limits = Limits {
        longest: Millis(300),
        ..Limits::default()
    };
    for name in ["mulaw.wav", "a.mp3", "opus.ogg"] {
        let fault = decode(&fixture(name), &limits).unwrap_err();
        assert!(
            matches!(
                fault,
                AudioFault::TooLong {
                    limit: Millis(300),
                    ..
                }
            ),
            "{name}: {fault}"
        );
    }
}

#[test]
fn an_absurd_claim_costs_nothing() {
    let mut bytes = encode_wav(&recording(8_000, vec![sine(440.0, 8_000, 800)]));
    bytes[40..44].copy_from_slice(&0x7000_0000u32.to_le_bytes());
    let audio = decode(&bytes, &Limits::default()).unwrap();
    assert_eq!(audio.frames(), 800);
    assert_eq!(
        audio.warnings,
        [AudioWarning::Truncated { at: Millis(100) }]
    );
    for (at, value) in [(22, 0u16), (24, 0)] {
        let mut bytes = encode_wav(&recording(8_000, vec![sine(440.0, 8_000, 800)]));
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
        bytes[26..28].copy_from_slice(&0u16.to_le_bytes());
        let fault = decode(&bytes, &Limits::default()).unwrap_err();
        assert!(matches!(fault, AudioFault::Corrupt { .. }), "{fault}");
    }
}

#[test]
fn gsm_is_refused_by_name() {
    let mut bytes = fixture("mulaw.wav");
    bytes[20..22].copy_from_slice(&0x31u16.to_le_bytes());
    let fault = decode(&bytes, &Limits::default()).unwrap_err();
    assert!(fault.to_string().contains("GSM 6.10"), "{fault}");
}

#[test]
fn resampling_keeps_pitch_length_and_place() {
    for rate in [8_000u32, 11_025, 22_050, 44_100, 48_000] {
        let length = frames(rate, 500);
        let mut input = vec![0.0; length];
        input.extend(sine(440.0, rate, length));
        let output = to_16k(&input, rate).unwrap();
        assert!(
            output.len().abs_diff(16_000) <= 2,
            "{rate}: {}",
            output.len()
        );
        assert!(
            (pitch(&output[8_000..], 16_000) - 440.0).abs() < 8.0,
            "{rate}"
        );
        let before: f32 = output[..7_900].iter().map(|x| x * x).sum();
        assert!(before < 0.05, "{rate}: {before}");
    }
    assert_eq!(to_16k(&[0.5, 0.25], 16_000).unwrap(), [0.5, 0.25]);
    assert!(to_16k(&[], 44_100).unwrap().is_empty());
}

#[test]
fn what_is_encoded_decodes_to_the_same() {
    let channels = vec![sine(440.0, 8_000, 4_000), sine(950.0, 8_000, 4_000)];
    let bytes = encode_wav(&recording(8_000, channels.clone()));
    let audio = decode(&bytes, &Limits::default()).unwrap();
    for (stored, original) in audio.channels.iter().zip(&channels) {
        assert!(
            stored
                .iter()
                .zip(original)
                .all(|(a, b)| (a - b).abs() < 1.0 / 32_000.0)
        );
    }
}
