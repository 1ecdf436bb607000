//! Stored forms of definitions' texts, of what they found, and of what people put in its place.

use domain::query::{Evidence, EvidencePart, Likeness, Place};
use domain::{
    ComponentFinding, Credit, Finding, IndicatorFinding, Millis, Override, Secret, Span, Weight,
    WordIndex,
};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;
use crate::definitions::VersionText;

#[derive(Serialize, Deserialize)]
struct VersionV1 {
    name: String,
    text: String,
    author: String,
    reason: String,
}

impl Record for VersionText {
    const WHAT: &'static str = "definition";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(VersionV1 {
            name: self.name.to_string(),
            text: self.text.expose().to_owned(),
            author: self.author.clone(),
            reason: self.reason.expose().to_owned(),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: VersionV1 = unwrap_v1::<Self, _>(bytes)?;
        Ok(Self {
            name: stored.name.parse()?,
            text: Secret::new(stored.text),
            author: stored.author,
            reason: Secret::new(stored.reason),
        })
    }
}

/// First and last word, start and end, then its parts.
#[derive(Serialize, Deserialize)]
struct EvidenceV1(u32, u32, u64, u64, Vec<PartV1>);

/// First and last word, speaker, start and end, columns of the query; how like an example, in
/// thousandths, only where that was asked.
#[derive(Serialize, Deserialize)]
struct PartV1(
    u32,
    u32,
    String,
    u64,
    u64,
    u32,
    u32,
    #[serde(default, skip_serializing_if = "Option::is_none")] Option<u16>,
);

#[derive(Serialize, Deserialize)]
struct ComponentV1 {
    name: String,
    weight: f64,
    evidence: Vec<EvidenceV1>,
}

#[derive(Serialize, Deserialize)]
struct IndicatorV1 {
    name: String,
    weight: f64,
    critical: bool,
    credit: Option<f64>,
    evidence: Vec<EvidenceV1>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FindingV1 {
    Category(Vec<ComponentV1>),
    Scorecard(Vec<IndicatorV1>),
    Alert(Vec<EvidenceV1>),
}

impl Record for Finding {
    const WHAT: &'static str = "finding";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(match self {
            Self::Category(parts) => FindingV1::Category(parts.iter().map(component).collect()),
            Self::Scorecard(parts) => FindingV1::Scorecard(parts.iter().map(indicator).collect()),
            Self::Alert(found) => FindingV1::Alert(found.iter().map(evidence).collect()),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: FindingV1 = unwrap_v1::<Self, _>(bytes)?;
        Ok(match stored {
            FindingV1::Category(parts) => {
                let parts: Result<_, _> = parts.into_iter().map(component_from).collect();
                Self::Category(parts?)
            }
            FindingV1::Scorecard(parts) => {
                let parts: Result<_, _> = parts.into_iter().map(indicator_from).collect();
                Self::Scorecard(parts?)
            }
            FindingV1::Alert(found) => Self::Alert(all(found)?),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct OverrideV1 {
    indicator: String,
    credit: Option<f64>,
    reason: String,
}

impl Record for Override {
    const WHAT: &'static str = "override";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(OverrideV1 {
            indicator: self.indicator.clone(),
            credit: self.credit.map(Credit::get),
            reason: self.reason.expose().to_owned(),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: OverrideV1 = unwrap_v1::<Self, _>(bytes)?;
        Ok(Self {
            indicator: stored.indicator,
            credit: stored.credit.map(Credit::new),
            reason: Secret::new(stored.reason),
        })
    }
}

fn component(part: &ComponentFinding) -> ComponentV1 {
    ComponentV1 {
        name: part.name.clone(),
        weight: part.weight.get(),
        evidence: part.evidence.iter().map(evidence).collect(),
    }
}

fn component_from(stored: ComponentV1) -> Result<ComponentFinding, StoreError> {
    Ok(ComponentFinding {
        name: stored.name,
        weight: weight(stored.weight)?,
        evidence: all(stored.evidence)?,
    })
}

fn indicator(part: &IndicatorFinding) -> IndicatorV1 {
    IndicatorV1 {
        name: part.name.clone(),
        weight: part.weight.get(),
        critical: part.critical,
        credit: part.credit.map(Credit::get),
        evidence: part.evidence.iter().map(evidence).collect(),
    }
}

fn indicator_from(stored: IndicatorV1) -> Result<IndicatorFinding, StoreError> {
    Ok(IndicatorFinding {
        name: stored.name,
        weight: weight(stored.weight)?,
        critical: stored.critical,
        credit: stored.credit.map(Credit::new),
        evidence: all(stored.evidence)?,
    })
}

fn likeness(stored: u16) -> Result<Likeness, StoreError> {
    let known = Likeness::from_thousandths(stored);
    known.ok_or_else(|| StoreError::record("finding", "a likeness is out of range"))
}

fn weight(stored: f64) -> Result<Weight, StoreError> {
    Weight::new(stored).ok_or_else(|| StoreError::record("finding", "a weight is out of range"))
}

fn evidence(found: &Evidence) -> EvidenceV1 {
    let part = |part: &EvidencePart| {
        PartV1(
            part.first.0,
            part.last.0,
            part.speaker.to_string(),
            part.span.start().0,
            part.span.end().0,
            part.place.start,
            part.place.end,
            part.likeness.map(Likeness::thousandths),
        )
    };
    EvidenceV1(
        found.first.0,
        found.last.0,
        found.span.start().0,
        found.span.end().0,
        found.parts.iter().map(part).collect(),
    )
}

fn all(stored: Vec<EvidenceV1>) -> Result<Vec<Evidence>, StoreError> {
    stored.into_iter().map(evidence_from).collect()
}

fn evidence_from(stored: EvidenceV1) -> Result<Evidence, StoreError> {
    let EvidenceV1(first, last, start, end, parts) = stored;
    let part = |PartV1(first, last, speaker, start, end, from, to, like)| {
        Ok(EvidencePart {
            first: WordIndex(first),
            last: WordIndex(last),
            speaker: speaker.parse()?,
            span: Span::new(Millis(start), Millis(end))?,
            place: Place {
                start: from,
                end: to,
            },
            likeness: like.map(likeness).transpose()?,
        })
    };
    let parts: Result<_, StoreError> = parts.into_iter().map(part).collect();
    Ok(Evidence {
        first: WordIndex(first),
        last: WordIndex(last),
        span: Span::new(Millis(start), Millis(end))?,
        parts: parts?,
    })
}
