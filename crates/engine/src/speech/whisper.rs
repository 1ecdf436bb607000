//! Whisper: voiced spans packed into windows, a search with guards, word times by attention.
//!
//! The encoder always gets its whole 30 seconds: with less it is quicker and hears three times as
//! many words wrongly. The search keeps five hypotheses: one alone hears half as many again wrongly
//! and is a sixth quicker. Limits: one language per run; windows are cut at pauses where they can
//! be; the text of one window does not prompt the next, so that a mistake cannot spread.

use std::path::Path;

use domain::{LanguageTag, Millis, Span};

use super::ct2::{Ct2Whisper, Encoded, Generated};
use super::guards::{Evidence, Verdict, judge, most_tokens, searches, without_loops};
use super::mel::{BINS, HOP, Mel};
use super::pack::{Packed, Rule, Window, pack};
use super::vocabulary::Vocabulary;
use super::words::{group, joined_numbers, longest_said, settle, word, writes_spaces};
use super::{EngineChoice, Recognised, RecognisedWord, Recogniser};
use crate::{EngineError, vad};

/// 28 of the model's 30 seconds: the end of a full window is recognised badly.
const PACKING: Rule = Rule {
    longest: 28 * 16_000,
    padding: 3_200,
    join: true,
};
/// Frames of the model's whole window.
const FRAMES: usize = 3_000;
/// Samples per encoder position.
const POSITION: usize = 2 * HOP;
/// Speech without a word of this length is listened to once more.
const PASSED_OVER: Millis = Millis(1_200);
/// Windows that are decoded side by side: the decoder's weights are read once for all of them.
const BATCH: usize = 2;

/// A loaded Whisper model.
pub(super) struct Whisper {
    name: &'static str,
    model: Ct2Whisper,
    vocabulary: Vocabulary,
    mel: Mel,
    width: usize,
    marks: Marks,
}

/// The tokens that steer the model.
struct Marks {
    start: u32,
    no_times: u32,
    /// For models of several languages.
    transcribe: Option<u32>,
}

/// A window that is worked on.
struct Heard<'a> {
    window: &'a Window,
    encoded: &'a Encoded,
    ids: Vec<u32>,
}

impl Whisper {
    pub(super) fn load(choice: EngineChoice, models: &Path) -> Result<Self, EngineError> {
        let folder = models.join(choice.key());
        let vocabulary = Vocabulary::load(&folder)?;
        let mark = |name: &str| {
            vocabulary.mark(name).ok_or_else(|| EngineError::Malformed {
                path: folder.clone(),
                what: "its vocabulary lacks a mark",
            })
        };
        let multilingual = choice == EngineChoice::WhisperBase;
        let marks = Marks {
            start: mark("<|startoftranscript|>")?,
            no_times: mark("<|notimestamps|>")?,
            transcribe: multilingual.then(|| mark("<|transcribe|>")).transpose()?,
        };
        let library = models.join("lib").join("libctranslate2.so");
        Ok(Self {
            name: choice.key(),
            model: Ct2Whisper::load(&library, &folder)?,
            vocabulary,
            mel: Mel::new(),
            width: if multilingual { 512 } else { 384 },
            marks,
        })
    }

    fn encode(&mut self, windows: &[Window]) -> Result<Vec<Encoded>, EngineError> {
        windows
            .iter()
            .map(|window| {
                let features = self.mel.features(&window.pcm, FRAMES);
                self.model.encode(&features, BINS, self.width)
            })
            .collect()
    }

    /// The language and the tokens in front of a text, without the no-times mark.
    fn prompt(&mut self, first: &Encoded) -> Result<(LanguageTag, Vec<u32>), EngineError> {
        let Some(transcribe) = self.marks.transcribe else {
            return Ok((LanguageTag::english(), vec![self.marks.start]));
        };
        let (mark, _) = self.model.language(first)?;
        let language = mark.trim_matches(['<', '|', '>']).parse();
        let id = self.vocabulary.mark(&mark);
        match (language, id) {
            (Ok(language), Some(id)) => Ok((language, vec![self.marks.start, id, transcribe])),
            _ => Err(EngineError::Unexpected {
                model: self.name,
                what: "a language without a mark",
            }),
        }
    }

    /// The text tokens of each window.
    fn listen(
        &mut self,
        windows: &[Window],
        encoded: &[Encoded],
        prompt: &[u32],
    ) -> Result<Vec<Vec<u32>>, EngineError> {
        let prompt = [prompt, &[self.marks.no_times]].concat();
        let most = windows.iter().map(|w| most_tokens(w.pcm.len())).max();
        let [usual, _] = searches(most.unwrap_or_default());
        let first = self
            .model
            .generate(&Encoded::join(encoded), &prompt, &usual)?;
        let mut texts = Vec::with_capacity(windows.len());
        for ((window, encoded), found) in windows.iter().zip(encoded).zip(first) {
            texts.push(self.insist(window, encoded, &prompt, found)?);
        }
        Ok(texts)
    }

    /// Accepts a text, or searches the window once more and takes what can be believed of it.
    fn insist(
        &mut self,
        window: &Window,
        encoded: &Encoded,
        prompt: &[u32],
        first: Generated,
    ) -> Result<Vec<u32>, EngineError> {
        let most = most_tokens(window.pcm.len());
        let [_, strict] = searches(most);
        let mut found = first;
        if self.verdict(&found, most) == Verdict::Doubtful {
            let again = self.model.generate(encoded, prompt, &strict)?;
            found = again.into_iter().next().unwrap_or(found);
        }
        match self.verdict(&found, most) {
            Verdict::Silence => found.ids.clear(),
            Verdict::Sound => {}
            Verdict::Doubtful => found.ids.truncate(without_loops(&found.ids)),
        }
        Ok(found.ids)
    }

    fn verdict(&self, found: &Generated, most_tokens: usize) -> Verdict {
        judge(&Evidence {
            text: &self.vocabulary.text(&found.ids),
            tokens: found.ids.len(),
            most_tokens,
            mean_log_prob: found.mean_log_prob,
            no_speech: found.no_speech,
        })
    }

    /// Words with times of windows that have text, and the windows to be heard again in two: those
    /// in which the model joined numbers over a cut.
    fn align(
        &mut self,
        heard: &[Heard<'_>],
        prompt: &[u32],
        language: &LanguageTag,
    ) -> Result<(Vec<RecognisedWord>, Vec<[Window; 2]>), EngineError> {
        let (mut words, mut apart) = (Vec::new(), Vec::new());
        let spaced = writes_spaces(language);
        // One by one: the probabilities of all tokens of a text fill tens of megabytes.
        for heard in heard {
            let frames = heard.window.pcm.len().div_ceil(HOP);
            let aligned = self
                .model
                .align(heard.encoded, prompt, &[&heard.ids], &[frames])?;
            let Some(aligned) = aligned.first() else {
                continue;
            };
            let sample = |token: usize| {
                let position = aligned.begins.get(token).copied().unwrap_or_default();
                usize::try_from(position).map_or(usize::MAX, |at| at * POSITION)
            };
            let pieces: Vec<usize> = (0..heard.ids.len())
                .map(|token| heard.window.piece(sample(token), sample(token + 1)))
                .collect();
            if let Some(second) = joined_numbers(&self.vocabulary, &heard.ids, &pieces) {
                apart.push(heard.window.parted(second));
                continue;
            }
            for run in group(&self.vocabulary, &heard.ids, &aligned.probs, spaced) {
                let span = heard.window.source(sample(run.first), sample(run.end));
                words.push(word(&run.text, span, run.confidence));
            }
        }
        Ok((words, apart))
    }

    /// Every word of some windows, in the windows' order.
    fn hear(
        &mut self,
        mut windows: Packed<'_>,
        known: &mut Option<(LanguageTag, Vec<u32>)>,
    ) -> Result<Vec<RecognisedWord>, EngineError> {
        let mut words = Vec::new();
        loop {
            let batch: Vec<Window> = windows.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(words);
            }
            words.extend(self.batch(&batch, known)?);
        }
    }

    fn batch(
        &mut self,
        windows: &[Window],
        known: &mut Option<(LanguageTag, Vec<u32>)>,
    ) -> Result<Vec<RecognisedWord>, EngineError> {
        let encoded = self.encode(windows)?;
        let (language, prompt) = match (known.take(), encoded.first()) {
            (Some(known), _) => known,
            (None, Some(first)) => self.prompt(first)?,
            (None, None) => return Ok(Vec::new()),
        };
        let texts = self.listen(windows, &encoded, &prompt)?;
        let heard: Vec<Heard<'_>> = windows
            .iter()
            .zip(&encoded)
            .zip(texts)
            .filter(|(_, ids)| !ids.is_empty())
            .map(|((window, encoded), ids)| Heard {
                window,
                encoded,
                ids,
            })
            .collect();
        let (mut words, apart) = self.align(&heard, &prompt, &language)?;
        *known = Some((language, prompt));
        // Each part has fewer stretches, so this ends.
        for parts in apart {
            words.extend(self.batch(&parts, known)?);
        }
        Ok(words)
    }
}

impl Recogniser for Whisper {
    fn name(&self) -> &str {
        self.name
    }

    fn transcribe(&mut self, pcm16k: &[f32]) -> Result<Recognised, EngineError> {
        let speech: Vec<Span> = vad::voiced(pcm16k);
        let mut known = None;
        let mut words = self.hear(windows(pcm16k, &speech), &mut known)?;
        words.sort_by_key(|word| word.span.start());
        settle(&mut words);
        let passed_over = passed_over(&speech, &words);
        if !words.is_empty() && !passed_over.is_empty() {
            let again = self.hear(pack(pcm16k, &passed_over, &PACKING), &mut known)?;
            words.extend(again.into_iter().filter(|word| {
                let middle = Millis(word.span.start().0.midpoint(word.span.end().0));
                let moment = Span::between(middle, middle.saturating_add(Millis(1)));
                passed_over.iter().any(|span| span.overlaps(&moment))
            }));
            words.sort_by_key(|word| word.span.start());
            settle(&mut words);
        }
        self.model.rest();
        let language = known.map_or_else(LanguageTag::english, |(language, _)| language);
        Ok(Recognised {
            words,
            language,
            speech,
        })
    }
}

/// Speech between words that is too long to be breath or a filler. A search can end after the first
/// of two sentences, surer of its end than of what follows; what it passed over is heard alone.
fn passed_over(speech: &[Span], words: &[RecognisedWord]) -> Vec<Span> {
    let mut rests = Vec::new();
    for span in speech {
        let mut from = span.start();
        let inside = words.iter().map(|word| {
            let end = word
                .span
                .start()
                .saturating_add(longest_said(word.text.expose()));
            Span::between(word.span.start(), end.min(word.span.end()))
        });
        for word in inside.filter(|word| word.start() < span.end() && word.end() > span.start()) {
            rests.push((from, word.start()));
            from = from.max(word.end());
        }
        rests.push((from, span.end()));
    }
    rests
        .into_iter()
        .filter(|(from, to)| to.saturating_sub(*from) >= PASSED_OVER)
        .map(|(from, to)| Span::between(from, to))
        .collect()
}

/// A recording that fits one window and is mostly speech is left whole: there is nothing to save,
/// and its own pauses help the model.
fn windows<'a>(pcm: &'a [f32], speech: &[Span]) -> Packed<'a> {
    let length = Millis(u64::try_from(pcm.len() / 16).unwrap_or(u64::MAX));
    let voiced: u64 = speech.iter().map(|span| span.duration().0).sum();
    if pcm.len() <= PACKING.longest && voiced > 0 && voiced * 2 >= length.0 {
        return pack(pcm, &[Span::between(Millis::ZERO, length)], &PACKING);
    }
    pack(pcm, speech, &PACKING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_without_words_is_passed_over_and_breath_is_not() {
        let span = |from, to| Span::between(Millis(from), Millis(to));
        let words = [
            word("thanks", span(100, 900), 1.0),
            word("so", span(1_500, 2_000), 1.0),
        ];
        let speech = [span(0, 2_200), span(4_000, 9_000), span(9_500, 10_000)];
        assert_eq!(passed_over(&speech, &words), [span(4_000, 9_000)]);
        // Nobody takes half a second for `so`.
        assert_eq!(passed_over(&[span(0, 9_000)], &words), [span(1_880, 9_000)]);
        assert!(passed_over(&[], &words).is_empty());
    }
}
