//! Spoken calls become words with times, silence and noise become none.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use domain::{Millis, Span};
use engine::EngineError;
use engine::audio::{Limits, decode, to_16k};
use engine::speech::{EngineChoice, Recognised, Recogniser, load};

#[expect(clippy::disallowed_methods, reason = "tests read where the models are")]
fn models() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let models = std::env::var("PRIVITY_MODELS").map_or(workspace, PathBuf::from);
    assert!(
        models.join("whisper-tiny.en/model.bin").is_file(),
        "no models in `{}`: run `privity models pull` or set PRIVITY_MODELS",
        models.display()
    );
    models
}

fn engine(choice: EngineChoice) -> Box<dyn Recogniser> {
    load(choice, &models()).unwrap()
}

/// A channel of the committed two-channel call at 16 kHz: 0 the agent, 1 the consumer.
fn call(channel: usize) -> Vec<f32> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/billing-call.wav");
    let audio = decode(&std::fs::read(path).unwrap(), &Limits::default()).unwrap();
    to_16k(audio.channels.get(channel).unwrap(), audio.rate).unwrap()
}

/// Lower case letters, digits and single spaces.
fn plain(found: &Recognised) -> String {
    let texts: Vec<&str> = found.words.iter().map(|word| word.text.expose()).collect();
    texts
        .join(" ")
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ')
        .collect()
}

/// White noise, the same on every run.
fn noise(samples: usize, level: f32) -> Vec<f32> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    (0..samples)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let share = u16::try_from(state >> 48).map_or(0.0, f32::from) / 32_768.0;
            (share - 1.0) * level
        })
        .collect()
}

/// Noise with most of its power in the low tones, as of an engine or a bad line.
fn rumble(samples: usize) -> Vec<f32> {
    let mut at = 0.0_f32;
    noise(samples, 1.0)
        .into_iter()
        .map(|step| {
            at = at * 0.98 + step * 0.1;
            at * 0.5
        })
        .collect()
}

/// What every engine promises of its words, whatever they are.
fn assert_in_order(found: &Recognised, samples: usize) {
    let end = Millis(u64::try_from(samples / 16).unwrap());
    for word in &found.words {
        assert!(!word.text.expose().trim().is_empty());
        assert!(word.span.duration() > Millis::ZERO && word.span.end() <= end);
        assert!((0.0..=1.0).contains(&word.confidence.get()));
    }
    for pair in found.words.windows(2) {
        let [a, b] = pair else { unreachable!() };
        assert!(a.span.end() <= b.span.start(), "{:?} {:?}", a.span, b.span);
    }
}

/// When the first word that starts with `text` is said.
fn when(found: &Recognised, text: &str) -> Span {
    let word = |word: &&engine::speech::RecognisedWord| word.text.expose().starts_with(text);
    found.words.iter().find(word).unwrap().span
}

#[test]
fn a_call_becomes_words_with_times() {
    let mut whisper = engine(EngineChoice::WhisperTinyEn);
    assert_eq!(whisper.name(), "whisper-tiny.en");
    let pcm = call(1);
    let found = whisper.transcribe(&pcm).unwrap();
    let text = plain(&found);
    for said in [
        "cancel the second payment",
        "oak street",
        "moment the number is",
        "739",
    ] {
        assert!(text.contains(said), "`{said}` is missing in: {text}");
    }
    assert_in_order(&found, pcm.len());
    assert_eq!(found.language.as_str(), "en");
    let moment = when(&found, "moment");
    let voiced = found.speech.iter().any(|span| span.overlaps(&moment));
    assert!(voiced, "a word lies where nobody speaks: {moment:?}");
    let again = whisper.transcribe(&pcm).unwrap();
    assert!(again == found, "the same samples gave other words");
}

/// The consumer says a card number, and seconds later its security code: put side by side for the
/// model, they are easily taken for one number.
#[test]
fn a_short_answer_in_digits_is_a_number_of_its_own() {
    let mut whisper = engine(EngineChoice::WhisperTinyEn);
    let found = whisper.transcribe(&call(1)).unwrap();
    let answered = Span::between(Millis(57_000), Millis(59_500));
    let answer: String = found
        .words
        .iter()
        .filter(|word| word.span.overlaps(&answered))
        .flat_map(|word| word.text.expose().chars())
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(answer, "739", "{}", plain(&found));
}

#[test]
fn a_pause_before_speech_moves_its_words() {
    let mut whisper = engine(EngineChoice::WhisperTinyEn);
    let pcm: Vec<f32> = call(0).into_iter().take(12 * 16_000).collect();
    let plain = whisper.transcribe(&pcm).unwrap();
    let mut later = vec![0.0; 40 * 16_000];
    later.extend_from_slice(&pcm);
    let moved = whisper.transcribe(&later).unwrap();
    let (plain, moved) = (when(&plain, "calling"), when(&moved, "calling"));
    let shift = moved.start().0.abs_diff(plain.start().0 + 40_000);
    assert!(shift < 300, "{plain:?} became {moved:?}");
}

#[test]
fn no_engine_hears_words_in_silence_and_noise() {
    for choice in [EngineChoice::WhisperTinyEn, EngineChoice::MoonshineTinyEn] {
        let mut engine = engine(choice);
        for pcm in [
            Vec::new(),
            vec![0.0; 100],
            vec![0.0; 35 * 16_000],
            noise(20 * 16_000, 0.001),
            noise(20 * 16_000, 0.05),
            noise(20 * 16_000, 0.3),
            rumble(20 * 16_000),
        ] {
            let found = engine.transcribe(&pcm).unwrap();
            assert!(found.words.is_empty(), "{choice:?}: {}", plain(&found));
        }
    }
}

#[test]
fn moonshine_hears_the_same_call() {
    let mut moonshine = engine(EngineChoice::MoonshineTinyEn);
    let pcm = call(1);
    let found = moonshine.transcribe(&pcm).unwrap();
    let text = plain(&found);
    for said in ["second payment", "oak street", "moment"] {
        assert!(text.contains(said), "`{said}` is missing in: {text}");
    }
    assert_in_order(&found, pcm.len());
    let estimated = found.words.iter().all(|word| word.confidence.get() <= 0.5);
    assert!(estimated, "times are estimates and the confidence says so");
}

#[test]
fn a_missing_model_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for choice in EngineChoice::ALL {
        let Err(EngineError::Missing { path }) = load(choice, folder.path()) else {
            unreachable!("an empty folder loaded an engine");
        };
        assert!(path.starts_with(folder.path()));
    }
}
