//! Two speakers of one channel are told apart; one speaker stays one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use domain::{Millis, Span};
use engine::EngineError;
use engine::speakers::{Diarization, Diarizer, ONE_VOICE, assign};

const RATE: usize = 16_000;
/// Milliseconds of one cell in which reference and answer are compared.
const CELL: u64 = 10;

/// Who speaks in each cell, by voice.
type Grid = Vec<[bool; 2]>;

#[expect(clippy::disallowed_methods, reason = "tests read where the models are")]
fn models() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let models = std::env::var("PRIVITY_MODELS").map_or(workspace, PathBuf::from);
    assert!(
        models.join("speakers/segmentation.ort").is_file(),
        "no models in `{}`: run `privity models pull` or set PRIVITY_MODELS",
        models.display()
    );
    models
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/speakers")
        .join(name)
}

/// The samples of the 16-bit mono recording.
fn call() -> Vec<f32> {
    let bytes = fs::read(data("call.wav")).unwrap();
    let start = bytes.windows(4).position(|four| four == b"data").unwrap() + 8;
    let (samples, _) = bytes.get(start..).unwrap().as_chunks::<2>();
    let float = |pair: &[u8; 2]| f32::from(i16::from_le_bytes(*pair)) / 32_768.0;
    samples.iter().map(float).collect()
}

/// Who speaks when by the people who listened: voice and milliseconds.
fn reference() -> Vec<(usize, Range<u64>)> {
    let text = fs::read_to_string(data("call.rttm")).unwrap();
    let line = |line: &str| {
        let mut fields = line.split_whitespace().skip(3);
        let mut millis = || Millis::from_secs_f64(fields.next().unwrap().parse().unwrap()).0;
        let (start, length) = (millis(), millis());
        let voice = usize::from(line.contains("speaker91"));
        (voice, start..start + length)
    };
    text.lines().map(line).collect()
}

fn grid(spans: impl Iterator<Item = (usize, Range<u64>)>) -> Grid {
    let mut grid = vec![[false; 2]; 3_001];
    for (voice, span) in spans {
        let cells =
            usize::try_from(span.start / CELL).unwrap()..usize::try_from(span.end / CELL).unwrap();
        for cell in grid.get_mut(cells).unwrap() {
            *cell.get_mut(voice).unwrap() = true;
        }
    }
    grid
}

/// Missed, false and confused speech over all speech, with the better naming of the voices.
fn error_rate(told: &Diarization) -> f64 {
    let truth = grid(reference().into_iter());
    let error = |swap: bool| {
        let answer = grid(told.segments.iter().map(|segment| {
            let voice = usize::from(segment.speaker) ^ usize::from(swap);
            (voice, segment.span.start().0..segment.span.end().0)
        }));
        let wrong = truth.iter().zip(&answer).map(|(t, a)| {
            let count = |cell: &[bool; 2]| cell.iter().filter(|on| **on).count();
            let right = t.iter().zip(a).filter(|(t, a)| **t && **a).count();
            count(t).max(count(a)) - right
        });
        wrong.sum::<usize>()
    };
    let spoken: usize = truth
        .iter()
        .map(|cell| cell.iter().filter(|on| **on).count())
        .sum();
    let wrong = u32::try_from(error(false).min(error(true))).unwrap();
    f64::from(wrong) / f64::from(u32::try_from(spoken).unwrap())
}

#[test]
fn a_telephone_call_is_split_as_listeners_split_it() {
    let told = Diarizer::load(&models())
        .unwrap()
        .two_speakers(&call())
        .unwrap();
    let rate = error_rate(&told);
    assert!(rate < 0.12, "{:.1} % of the speech is wrong", rate * 100.0);
    assert!(told.separation.get() > ONE_VOICE, "{:?}", told.separation);
    let sorted = told
        .segments
        .is_sorted_by_key(|segment| segment.span.start());
    assert!(
        sorted
            && told
                .segments
                .first()
                .is_some_and(|first| first.speaker == 0)
    );
}

#[test]
fn words_go_to_the_speaker_who_says_them() {
    let told = Diarizer::load(&models())
        .unwrap()
        .two_speakers(&call())
        .unwrap();
    // Words are laid into what each reference speaker says alone, away from the edges.
    let mut words = Vec::new();
    let mut voices = Vec::new();
    for (voice, span) in reference()
        .into_iter()
        .filter(|(_, span)| span.end - span.start > 1_500)
    {
        for start in (span.start + 500..span.end - 800).step_by(300) {
            words.push(Span::between(Millis(start), Millis(start + 250)));
            voices.push(voice);
        }
    }
    let given = assign(&words, &told);
    let agree = given
        .iter()
        .zip(&voices)
        .filter(|((speaker, _), voice)| usize::from(*speaker) == **voice)
        .count();
    let right = agree.max(words.len() - agree);
    assert!(
        right * 100 >= words.len() * 95,
        "{right} of {}",
        words.len()
    );
}

#[test]
fn one_voice_is_not_split_into_two() {
    let pcm = call();
    let mut diarizer = Diarizer::load(&models()).unwrap();
    for only in [0, 1] {
        let mut alone = Vec::new();
        for (_, span) in reference().into_iter().filter(|(voice, _)| *voice == only) {
            let at = |millis: u64| usize::try_from(millis).unwrap() * RATE / 1000;
            let end = at(span.end).min(pcm.len());
            alone.extend_from_slice(pcm.get(at(span.start)..end).unwrap());
            alone.extend([0.0; 4_000]);
        }
        let told = diarizer.two_speakers(&alone).unwrap();
        assert!(told.separation.get() < ONE_VOICE, "{:?}", told.separation);
        assert!(!told.segments.is_empty());
        assert!(told.segments.iter().all(|segment| segment.speaker == 0));
    }
}

#[test]
fn nothing_and_silence_have_no_speakers() {
    let mut diarizer = Diarizer::load(&models()).unwrap();
    for pcm in [Vec::new(), vec![0.0; 100], vec![0.0; 12 * RATE]] {
        let told = diarizer.two_speakers(&pcm).unwrap();
        assert_eq!(told.segments, []);
        assert!(told.separation.get() < ONE_VOICE);
    }
}

#[test]
fn a_folder_without_the_models_says_what_is_missing() {
    let error = Diarizer::load(Path::new("no such folder")).unwrap_err();
    assert!(matches!(error, EngineError::Missing { .. }), "{error}");
    assert!(error.to_string().contains("models pull"));
}
