//! The rules and the name model together, as the pipeline runs them and as they are measured.

use std::path::Path;

use analysis::redact::{self, NameSpan, Profile};
use domain::{DetectorId, EntityKind, RawTranscript, RedactionSpan};
use engine::EngineError;
use engine::names::{NameFinder, NameLabel};

use crate::error::AppError;

/// The name model's id in redaction events.
const MODEL: &str = "name.rampart";

/// A loaded name model in front of the rules.
pub struct Redactor {
    finder: NameFinder,
}

impl Redactor {
    /// Loads the name model from the models folder.
    ///
    /// # Errors
    /// [`AppError::Engine`] naming the file that is missing or damaged.
    pub fn load(models: &Path) -> Result<Self, AppError> {
        Ok(Self {
            finder: NameFinder::load(models)?,
        })
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
        let names = names(&mut self.finder, raws)?;
        Ok(raws
            .iter()
            .zip(names)
            .map(|(raw, names)| redact::spans(raw, &names, profile))
            .collect())
    }
}

/// Names in transcripts, in those turns that may hold one.
pub(crate) fn names(
    finder: &mut NameFinder,
    raws: &[&RawTranscript],
) -> Result<Vec<Vec<NameSpan>>, EngineError> {
    let texts: Vec<Vec<String>> = raws.iter().map(|raw| redact::turn_texts(raw)).collect();
    let mut asked: Vec<(usize, usize, &str)> = Vec::new();
    for (place, turns) in texts.iter().enumerate() {
        let may = turns
            .iter()
            .enumerate()
            .filter(|(_, text)| redact::needs_names(text));
        asked.extend(may.map(|(turn, text)| (place, turn, text.as_str())));
    }
    let mut found: Vec<Vec<NameSpan>> = vec![Vec::new(); raws.len()];
    if asked.is_empty() {
        return Ok(found);
    }
    let texts: Vec<&str> = asked.iter().map(|(.., text)| *text).collect();
    let hits = finder.find(&texts)?;
    for ((place, turn, _), hits) in asked.iter().zip(hits) {
        let spans = hits.into_iter().filter_map(|hit| {
            Some(NameSpan {
                turn: *turn,
                start: hit.start,
                end: hit.end,
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
