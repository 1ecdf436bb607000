//! What turns mean, as vectors of the optional sentence model: for topics, and for categories that
//! go by examples.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use domain::query::{AlikeTurn, Likeness, Similar, WordStream};
use domain::{RedactedTranscript, Token, Turn, fold};
use engine::EngineError;
use engine::sentences::{MODEL, SentenceModel, WIDTH};

use crate::error::AppError;

/// Turns whose vectors are computed at once, however long the interaction is.
const AT_ONCE: usize = 1_024;

/// What one turn says.
pub(crate) struct Said {
    /// As the model reads it.
    pub(crate) text: String,
    /// As names are made of it: folded words; an empty one where something was removed.
    pub(crate) words: Vec<String>,
}

impl Said {
    pub(crate) fn of(transcript: &RedactedTranscript, turn: &Turn) -> Self {
        let (mut text, mut words) = (String::new(), Vec::new());
        for word in transcript.turn_words(turn) {
            if !text.is_empty() {
                text.push(' ');
            }
            match &word.token {
                Token::Word(own) => {
                    text.push_str(own.expose());
                    let folded = fold(own.expose());
                    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
                    words.push(bare.to_owned());
                }
                Token::Redacted(kind) => {
                    let kind = kind.to_string().to_lowercase();
                    text.push_str(kind.trim_matches(['[', ']']));
                    words.push(String::new());
                }
            }
        }
        Self { text, words }
    }
}

/// The sentence model on a thread of its own, loaded when it is first asked.
pub(crate) struct Reader {
    models: PathBuf,
    model: Option<SentenceModel>,
}

impl Reader {
    pub(crate) const fn new(models: PathBuf) -> Self {
        Self {
            models,
            model: None,
        }
    }

    pub(crate) async fn vectors(
        &mut self,
        texts: Vec<String>,
    ) -> Result<Vec<[f32; WIDTH]>, AppError> {
        let (models, model) = (self.models.clone(), self.model.take());
        let computed = tokio::task::spawn_blocking(move || {
            let mut model = match model {
                Some(model) => model,
                None => SentenceModel::load(&models)?,
            };
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let vectors = model.vectors(&texts)?;
            Ok::<_, AppError>((model, vectors))
        });
        let (model, vectors) = computed.await.map_err(|_| AppError::Stopped)??;
        self.model = Some(model);
        Ok(vectors)
    }
}

/// Compares turns with examples, whose vectors are computed once.
pub(crate) struct Comparer {
    reader: Reader,
    examples: HashMap<String, [f32; WIDTH]>,
}

impl Comparer {
    pub(crate) fn new(models: &Path) -> Self {
        Self {
            reader: Reader::new(models.to_owned()),
            examples: HashMap::new(),
        }
    }

    /// Notes in a stream which of its turns are like each of the examples. Words that somebody
    /// quotes are not theirs and not compared.
    ///
    /// # Errors
    /// [`AppError::Engine`] where the model is not there or fails: nothing is noted then.
    pub(crate) async fn compare(
        &mut self,
        wanted: &BTreeSet<Similar>,
        transcript: &RedactedTranscript,
        stream: &mut WordStream,
    ) -> Result<(), AppError> {
        if wanted.is_empty() {
            return Ok(());
        }
        self.learn(wanted).await?;
        let mut alike: Vec<(Similar, Vec<AlikeTurn>)> = wanted
            .iter()
            .map(|similar| (similar.clone(), Vec::new()))
            .collect();
        let own: Vec<&Turn> = transcript
            .turns()
            .iter()
            .filter(|turn| !turn.quoted)
            .collect();
        for some in own.chunks(AT_ONCE) {
            let (turns, texts): (Vec<&Turn>, Vec<String>) = some
                .iter()
                .map(|turn| (*turn, Said::of(transcript, turn).text))
                .filter(|(_, text)| text.chars().any(char::is_alphanumeric))
                .unzip();
            let vectors = self.reader.vectors(texts).await?;
            for (turn, vector) in turns.into_iter().zip(&vectors) {
                for (similar, found) in &mut alike {
                    found.extend(self.likeness(similar, vector).map(|likeness| AlikeTurn {
                        first: turn.first,
                        last: turn.last,
                        span: turn.span,
                        likeness,
                    }));
                }
            }
        }
        stream.alike = alike;
        Ok(())
    }

    /// To the nearest of the examples, where it is like enough; both vectors have length one.
    fn likeness(&self, similar: &Similar, vector: &[f32; WIDTH]) -> Option<Likeness> {
        let known = similar
            .phrases
            .iter()
            .filter_map(|phrase| self.examples.get(phrase));
        let cosines =
            known.map(|example| example.iter().zip(vector).map(|(a, b)| a * b).sum::<f32>());
        let nearest = cosines.max_by(f32::total_cmp).map(Likeness::of);
        nearest.filter(|likeness| *likeness >= similar.at_least)
    }

    async fn learn(&mut self, wanted: &BTreeSet<Similar>) -> Result<(), AppError> {
        let phrases = wanted.iter().flat_map(|similar| &similar.phrases);
        let new: BTreeSet<&String> = phrases
            .filter(|phrase| !self.examples.contains_key(*phrase))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let new: Vec<String> = new.into_iter().cloned().collect();
        let vectors = self.reader.vectors(new.clone()).await?;
        self.examples.extend(new.into_iter().zip(vectors));
        Ok(())
    }
}

/// What is missing to compare with examples; nothing where the model is there.
pub(crate) fn lacking(models: &Path) -> Option<EngineError> {
    (!SentenceModel::is_there(models)).then_some(EngineError::NotPulled { model: MODEL })
}
