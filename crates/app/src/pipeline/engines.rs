//! A worker's models, loaded when first needed and kept; computing off the async threads.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use engine::EngineError;
use engine::names::NameFinder;
use engine::speakers::Diarizer;
use engine::speech::{EngineChoice, Recogniser};

use super::{Fault, note};

/// One worker's models: one instance, one thread.
pub(crate) struct Engines {
    models: PathBuf,
    choice: EngineChoice,
    recogniser: Option<Box<dyn Recogniser>>,
    diarizer: Option<Diarizer>,
    names: Option<NameFinder>,
}

impl Engines {
    pub(crate) const fn new(models: PathBuf, choice: EngineChoice) -> Self {
        Self {
            models,
            choice,
            recogniser: None,
            diarizer: None,
            names: None,
        }
    }

    pub(crate) fn recogniser(&mut self) -> Result<&mut dyn Recogniser, EngineError> {
        let loaded = match self.recogniser.take() {
            Some(loaded) => loaded,
            None => engine::speech::load(self.choice, &self.models)?,
        };
        Ok(self.recogniser.insert(loaded).as_mut())
    }

    pub(crate) fn diarizer(&mut self) -> Result<&mut Diarizer, EngineError> {
        let loaded = match self.diarizer.take() {
            Some(loaded) => loaded,
            None => Diarizer::load(&self.models)?,
        };
        Ok(self.diarizer.insert(loaded))
    }

    pub(crate) fn names(&mut self) -> Result<&mut NameFinder, EngineError> {
        let loaded = match self.names.take() {
            Some(loaded) => loaded,
            None => NameFinder::load(&self.models)?,
        };
        Ok(self.names.insert(loaded))
    }
}

/// Where a worker's models are while nobody computes with them. Behind a lock that is never
/// contended: models may be moved between threads, not shared by them.
pub(crate) struct Slot {
    at_rest: Mutex<Option<Engines>>,
    models: PathBuf,
    choice: EngineChoice,
}

impl Slot {
    pub(crate) const fn new(models: PathBuf, choice: EngineChoice) -> Self {
        Self {
            at_rest: Mutex::new(None),
            models,
            choice,
        }
    }

    /// Computes with the models on a thread of its own. Should the computation be torn down,
    /// the next one begins with fresh models.
    pub(crate) async fn compute<T, F>(&mut self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut Engines) -> Result<T, Fault> + Send + 'static,
    {
        let mut engines = self
            .at_rest
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| Engines::new(self.models.clone(), self.choice));
        let joined = tokio::task::spawn_blocking(move || {
            let outcome = work(&mut engines);
            (engines, outcome)
        })
        .await;
        match joined {
            Ok((engines, outcome)) => {
                self.at_rest = Mutex::new(Some(engines));
                outcome
            }
            Err(_) => Err(Fault::Passing(note(
                "stopped",
                "the computation was torn down; it will be tried again",
            ))),
        }
    }
}
