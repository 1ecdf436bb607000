//! The rules and the name model together, as the pipeline runs them and as they are measured.

use std::path::Path;

use analysis::redact::{self, NameSpan, Profile, Question};
use domain::{DetectorId, EntityKind, RawTranscript, RedactionSpan};
use engine::EngineError;
use engine::names::{NameFinder, NameLabel};

use crate::error::AppError;

/// The name model's id in redaction events.
const MODEL: &str = "name.rampart";

/// A loaded name model in front of the rules.
pub struct Redactor {
    finder: NameFinder,
    reads: Reads,
}

/// What the name model is given of a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Stretches that may hold a name.
    Questions,
    /// Everything: slow, and what the gate is measured against.
    Everything,
}

impl Redactor {
    /// Loads the name model from the models folder.
    ///
    /// # Errors
    /// [`AppError::Engine`] naming the file that is missing or damaged.
    pub fn load(models: &Path, reads: Reads) -> Result<Self, AppError> {
        Ok(Self {
            finder: NameFinder::load(models)?,
            reads,
        })
    }

    /// The names in one transcript, for whoever redacts it.
    ///
    /// # Errors
    /// [`AppError::Engine`] where the model fails; nothing may then pass as redacted.
    pub(crate) fn names(
        &mut self,
        raw: &RawTranscript,
        profile: &Profile,
    ) -> Result<Vec<NameSpan>, AppError> {
        let found = names(&mut self.finder, &[raw], profile, self.reads)?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// What is removed of each transcript. Names of all are looked for together, which is
    /// quicker; the answers do not depend on the company.
    ///
    /// # Errors
    /// [`AppError::Engine`] where the model fails; nothing may then pass as redacted.
    pub fn spans(
        &mut self,
        raws: &[&RawTranscript],
        profile: &Profile,
    ) -> Result<Vec<Vec<RedactionSpan>>, AppError> {
        let names = names(&mut self.finder, raws, profile, self.reads)?;
        Ok(raws
            .iter()
            .zip(names)
            .map(|(raw, names)| redact::spans(raw, &names, profile))
            .collect())
    }
}

/// Names in transcripts, found by the model in what it is given of them.
pub(crate) fn names(
    finder: &mut NameFinder,
    raws: &[&RawTranscript],
    profile: &Profile,
    reads: Reads,
) -> Result<Vec<Vec<NameSpan>>, EngineError> {
    let mut found: Vec<Vec<NameSpan>> = vec![Vec::new(); raws.len()];
    let mut asked: Vec<(usize, Question, String)> = Vec::new();
    for (place, raw) in raws.iter().enumerate() {
        asked
            .extend(questions(raw, profile, reads).map(|(question, text)| (place, question, text)));
    }
    if asked.is_empty() {
        return Ok(found);
    }
    let texts: Vec<&str> = asked.iter().map(|(.., text)| text.as_str()).collect();
    let hits = finder.find(&texts)?;
    for ((place, question, _), hits) in asked.iter().zip(hits) {
        let spans = hits.into_iter().filter_map(|hit| {
            Some(NameSpan {
                turn: question.turn,
                start: question.bytes.start + hit.start,
                end: question.bytes.start + hit.end,
                kind: kind_of(hit.label)?,
                confidence: hit.confidence,
                detector: DetectorId(MODEL.to_owned()),
            })
        });
        if let Some(names) = found.get_mut(*place) {
            names.extend(spans);
        }
    }
    Ok(found)
}

fn questions(
    raw: &RawTranscript,
    profile: &Profile,
    reads: Reads,
) -> impl Iterator<Item = (Question, String)> {
    let asked = match reads {
        Reads::Questions => Some(redact::questions(raw, profile)),
        Reads::Everything => None,
    };
    let none = asked.as_ref().is_some_and(Vec::is_empty);
    let texts = if none {
        Vec::new()
    } else {
        redact::turn_texts(raw)
    };
    let asked = asked.unwrap_or_else(|| {
        let whole = |(turn, text): (usize, &String)| Question {
            turn,
            bytes: 0..text.len(),
        };
        texts.iter().enumerate().map(whole).collect()
    });
    asked.into_iter().filter_map(move |question| {
        let text = texts.get(question.turn)?.get(question.bytes.clone())?;
        (!text.is_empty()).then(|| (question.clone(), text.to_owned()))
    })
}

/// What a label of the model removes.
const fn kind_of(label: NameLabel) -> Option<EntityKind> {
    Some(match label {
        NameLabel::GivenName | NameLabel::Surname => EntityKind::Person,
        NameLabel::Email => EntityKind::Email,
        NameLabel::Phone => EntityKind::Phone,
        NameLabel::Url => EntityKind::Url,
        NameLabel::TaxId
        | NameLabel::GovernmentId
        | NameLabel::Passport
        | NameLabel::DriversLicense => EntityKind::GovernmentId,
        NameLabel::BankAccount | NameLabel::RoutingNumber => EntityKind::BankAccount,
        NameLabel::BuildingNumber
        | NameLabel::StreetName
        | NameLabel::SecondaryAddress
        | NameLabel::City
        | NameLabel::ZipCode => EntityKind::Address,
        NameLabel::State => return None,
    })
}
