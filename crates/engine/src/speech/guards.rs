//! What keeps recognisers honest: their known failures are loops, words over silence, and texts longer
//! than anybody could have said in the time.
//!
//! Whisper's own remedy for a doubtful text is to sample at higher temperatures. Here a doubtful window is searched
//! again with a penalty on repetition instead: without chance, the same recording
//! always yields the same transcript.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::ct2::Search;

/// Bytes of text per compressed byte above which a text is a loop (Whisper's own threshold).
const MOST_COMPRESSIBLE: f32 = 2.4;
/// Mean log-probability below which a text is a guess (Whisper's own threshold).
const LEAST_LOG_PROB: f32 = -1.0;
/// Probability of no speech above which a guess is silence (Whisper's own threshold).
const SILENCE: f32 = 0.6;
/// Samples of one measured level: 20 ms.
const LEVEL_SAMPLES: usize = 320;
/// Decibels between the loud and the quiet frames of steady noise; white noise has 1, speech 20.
const STEADY_DECIBELS: f32 = 3.0;
/// The last letter of the Latin blocks.
const LAST_LATIN: char = '\u{24F}';
/// Tokens per second and once per window that fast speech may need.
const TOKENS_PER_SECOND: usize = 8;
const TOKENS_SPARE: usize = 16;
/// The library's limit: half of the model's context.
const TOKENS_MOST: usize = 224;

/// What to do with a generated text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Take it.
    Sound,
    /// Search again if there is another way, else take it without its loops.
    Doubtful,
    /// Nobody spoke: no words.
    Silence,
}

/// What a text is judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// How many tokens it has.
    pub(super) tokens: usize,
    /// How many it may have had.
    pub(super) most_tokens: usize,
    /// Mean log-probability.
    pub(super) mean_log_prob: f32,
    /// Probability of no speech.
    pub(super) no_speech: f32,
}

/// The usual search and the one for windows whose text is doubtful.
pub(super) fn searches(most_tokens: usize) -> [Search; 2] {
    let usual = Search {
        beam: 5,
        most_tokens,
        repetition_penalty: 1.0,
        no_repeat_ngram: 0,
    };
    let strict = Search {
        repetition_penalty: 1.2,
        no_repeat_ngram: 4,
        ..usual
    };
    [usual, strict]
}

/// Most tokens that this many samples at 16 kHz may hold.
pub(super) fn most_tokens(samples: usize) -> usize {
    (samples.div_ceil(16_000) * TOKENS_PER_SECOND + TOKENS_SPARE).min(TOKENS_MOST)
}

/// Judges a text.
pub(super) fn judge(evidence: &Evidence<'_>) -> Verdict {
    let guess = evidence.mean_log_prob < LEAST_LOG_PROB;
    if guess && evidence.no_speech > SILENCE {
        return Verdict::Silence;
    }
    let endless = evidence.tokens >= evidence.most_tokens;
    if guess || endless || compressibility(evidence.text) > MOST_COMPRESSIBLE {
        return Verdict::Doubtful;
    }
    Verdict::Sound
}

/// Judges a text of a model that has one search only and no sense of silence: what is doubtful of
/// it has no second witness. English is written in Latin letters, so a text with others is one that
/// the model's bytes fell into.
pub(super) fn judge_once(evidence: &Evidence<'_>) -> Verdict {
    let foreign = evidence
        .text
        .chars()
        .any(|c| c == char::REPLACEMENT_CHARACTER || (c.is_alphabetic() && c > LAST_LATIN));
    if foreign || evidence.mean_log_prob < LEAST_LOG_PROB {
        return Verdict::Silence;
    }
    judge(evidence)
}

/// Whether sound keeps one level throughout, as noise of a line or an engine does. Speech never
/// does: between its syllables it is far quieter than in them. Voice activity alone takes loud
/// steady noise for voice.
pub(super) fn is_steady(pcm: &[f32]) -> bool {
    let mut levels: Vec<f32> = pcm
        .chunks_exact(LEVEL_SAMPLES)
        .map(|frame| 10.0 * (energy(frame) + f32::EPSILON).log10())
        .collect();
    levels.sort_by(f32::total_cmp);
    let tenth = levels.len() / 10;
    let quiet = levels.get(tenth);
    let loud = levels.get(levels.len().saturating_sub(tenth + 1));
    quiet
        .zip(loud)
        .is_some_and(|(quiet, loud)| loud - quiet < STEADY_DECIBELS)
}

fn energy(frame: &[f32]) -> f32 {
    frame.iter().map(|sample| sample * sample).sum::<f32>()
}

/// How many tokens to keep so that no run is said more than twice in a row. Runs of one or two
/// tokens may be digits of a number, said as often as they are, so they count from eight on.
pub(super) fn without_loops(ids: &[u32]) -> usize {
    for start in 0..ids.len() {
        for period in 1..=24 {
            let rest = ids.get(start..).unwrap_or_default();
            let unit = rest.get(..period).unwrap_or_default();
            if unit.is_empty() {
                break;
            }
            if period > 2 && is_short_run(unit) {
                continue;
            }
            let times = rest.chunks(period).take_while(|run| *run == unit).count();
            let limit = if period <= 2 { 17 } else { 3 };
            if times >= limit {
                return start + period * 2;
            }
        }
    }
    ids.len()
}

/// Whether a unit is itself a run of one or two tokens, which has the limit of such runs.
fn is_short_run(unit: &[u32]) -> bool {
    let of_one = unit.windows(2).all(|pair| pair.first() == pair.last());
    let of_two = unit.windows(3).all(|three| three.first() == three.last());
    of_one || (of_two && unit.len().is_multiple_of(2))
}

/// Bytes per compressed byte. Numbers are left out: a card number of ones is no loop.
fn compressibility(text: &str) -> f32 {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !is_number(word))
        .collect();
    let text = words.join(" ");
    if text.is_empty() {
        return 0.0;
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(text.as_bytes());
    match written.and_then(|()| encoder.finish()) {
        Ok(bytes) => ratio(text.len(), bytes.len()),
        Err(_) => 0.0,
    }
}

fn is_number(word: &str) -> bool {
    const SPOKEN: [&str; 12] = [
        "oh", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        "double",
    ];
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.starts_with(|c: char| c.is_ascii_digit())
        || SPOKEN.iter().any(|name| bare.eq_ignore_ascii_case(name))
}

#[expect(clippy::cast_precision_loss, reason = "texts of a window are short")]
fn ratio(a: usize, b: usize) -> f32 {
    a as f32 / (b as f32).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(text: &str) -> Evidence<'_> {
        Evidence {
            text,
            tokens: 20,
            most_tokens: 200,
            mean_log_prob: -0.3,
            no_speech: 0.01,
        }
    }

    #[test]
    fn loops_guesses_and_endless_texts_are_doubtful() {
        let said = "Thank you for calling, how can I help you today?";
        assert_eq!(judge(&evidence(said)), Verdict::Sound);
        let looped = "I'm going to go ahead and ".repeat(12);
        assert_eq!(judge(&evidence(&looped)), Verdict::Doubtful);
        let guess = Evidence {
            mean_log_prob: -1.4,
            ..evidence(said)
        };
        assert_eq!(judge(&guess), Verdict::Doubtful);
        assert_eq!(
            judge(&Evidence {
                no_speech: 0.8,
                ..guess
            }),
            Verdict::Silence
        );
        assert_eq!(
            judge(&Evidence {
                tokens: 200,
                ..evidence(said)
            }),
            Verdict::Doubtful
        );
    }

    #[test]
    fn a_level_that_rises_and_falls_is_not_steady() {
        let tone = |n: u16| (f32::from(n) * 0.3).sin();
        let hum: Vec<f32> = (0..32_000).map(tone).collect();
        assert!(is_steady(&hum));
        let syllables: Vec<f32> = (0..32_000_u16)
            .map(|n| tone(n) * if n / 2_000 % 3 == 0 { 0.1 } else { 1.0 })
            .collect();
        assert!(!is_steady(&syllables));
        assert!(!is_steady(&[]));
    }

    #[test]
    fn a_lone_search_is_believed_less() {
        let said = "Thank you for calling the café.";
        assert_eq!(judge_once(&evidence(said)), Verdict::Sound);
        assert_eq!(judge_once(&evidence("2-3ตวบนลาง")), Verdict::Silence);
        assert_eq!(judge_once(&evidence("so\u{FFFD}")), Verdict::Silence);
        let guess = Evidence {
            mean_log_prob: -1.1,
            ..evidence(said)
        };
        assert_eq!(judge_once(&guess), Verdict::Silence);
        let looped = "go ahead and ".repeat(20);
        assert_eq!(judge_once(&evidence(&looped)), Verdict::Doubtful);
    }

    #[test]
    fn a_card_number_is_no_loop() {
        let number = "one one one one, ".repeat(4);
        assert_eq!(judge(&evidence(&number)), Verdict::Sound);
        assert_eq!(without_loops(&[7; 16]), 16);
    }

    #[test]
    fn a_loop_is_cut_after_its_second_round() {
        let looped = [1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5, 3, 4, 5];
        assert_eq!(without_loops(&looped), 8);
        assert_eq!(without_loops(&[1, 2, 3, 4]), 4);
        assert_eq!(without_loops(&[]), 0);
    }
}
