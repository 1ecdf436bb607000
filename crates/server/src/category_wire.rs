//! What goes over the wire of categories, converted by hand.

use app::{ChangedExample, Counts, DefinitionSummary, Measured, Side, Workbench};
use domain::query::Likeness;
use domain::{ComponentFinding, DefinitionName, Finding};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::SummaryWire;

/// A category's text, as `privity category import` takes it from a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCategoryWire {
    /// TOML: `category = "Folder.Name"` and its `[[component]]`s.
    pub(crate) text: String,
    /// Why, for the list of versions.
    #[serde(default)]
    pub(crate) reason: String,
    /// Publish it: all history is evaluated with it.
    #[serde(default)]
    pub(crate) publish: bool,
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryWire {
    id: String,
    name: String,
    about: String,
    newest: u32,
    /// The version that is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<u32>,
    /// The version that history is being evaluated with.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
    /// In how many interactions the version that is read found something.
    found: u64,
    /// The model that it cannot be evaluated without and that is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    lacks: Option<&'static str>,
}

impl From<&DefinitionSummary> for CategoryWire {
    fn from(one: &DefinitionSummary) -> Self {
        let definition = &one.definition;
        Self {
            id: definition.id.to_string(),
            name: definition.name.to_string(),
            about: one.about.clone(),
            newest: definition.newest.0,
            live: definition.live.map(|edition| edition.version.0),
            next: definition.next.map(|edition| edition.version.0),
            found: one.found,
            lacks: one.lacks,
        }
    }
}

/// What is evaluated anew: the category and what refers to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedWire {
    published: Vec<String>,
}

impl From<&Vec<DefinitionName>> for PublishedWire {
    fn from(names: &Vec<DefinitionName>) -> Self {
        Self {
            published: names.iter().map(ToString::to_string).collect(),
        }
    }
}

/// An interaction in which a category found something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundByWire {
    interaction: SummaryWire,
    components: Vec<ComponentWire>,
}

/// A component that matched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComponentWire {
    name: String,
    weight: f64,
    matches: Vec<ComponentMatchWire>,
}

/// Where it matched.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComponentMatchWire {
    /// The moment to play from.
    at_ms: u64,
    /// Cosine to the nearest example, where the turn is like one.
    #[serde(skip_serializing_if = "Option::is_none")]
    likeness: Option<f64>,
}

impl From<&app::FoundBy> for FoundByWire {
    fn from(one: &app::FoundBy) -> Self {
        let components = match &one.finding {
            Finding::Category(parts) => parts.iter().map(ComponentWire::from).collect(),
            Finding::Scorecard(_) | Finding::Alert(_) => Vec::new(),
        };
        Self {
            interaction: SummaryWire::from(&one.summary),
            components,
        }
    }
}

impl From<&ComponentFinding> for ComponentWire {
    fn from(part: &ComponentFinding) -> Self {
        let cosine = |one: Likeness| f64::from(one.thousandths()) / 1_000.0;
        let matches = part.evidence.iter().map(|found| ComponentMatchWire {
            at_ms: found.span.start().0,
            likeness: found
                .parts
                .iter()
                .filter_map(|part| part.likeness)
                .max()
                .map(cosine),
        });
        Self {
            name: part.name.clone(),
            weight: part.weight.get(),
            matches: matches.collect(),
        }
    }
}

/// A person's word on one interaction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JudgedWire {
    pub(crate) interaction: String,
    /// Whether the category ought to match it.
    pub(crate) belongs: bool,
}

/// A category compared with what people say.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkbenchWire {
    /// The version that is read, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<SideWire>,
    /// The newest version.
    after: SideWire,
    /// Judged interactions on which the two differ.
    changed: Vec<ChangedWire>,
    /// Judged interactions that can no longer be read.
    gone: usize,
}

/// One version and how it does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SideWire {
    version: u32,
    /// Matched and ought to be.
    right: u64,
    /// Matched and ought not to be.
    wrong: u64,
    /// Not matched and ought to be.
    missed: u64,
    /// Not matched and ought not to be.
    left_out: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<MeasuredWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recall: Option<MeasuredWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    f1: Option<MeasuredWire>,
}

/// A share with its 95 % interval.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeasuredWire {
    value: f64,
    low: f64,
    high: f64,
}

/// An interaction that an edit changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedWire {
    interaction: String,
    belongs: bool,
    /// Whether the newest version matches it; the one before does the opposite.
    matches: bool,
}

impl From<&Workbench> for WorkbenchWire {
    fn from(bench: &Workbench) -> Self {
        Self {
            before: bench.before.map(SideWire::from),
            after: SideWire::from(bench.after),
            changed: bench.changed.iter().map(ChangedWire::from).collect(),
            gone: bench.gone,
        }
    }
}

impl From<Side> for SideWire {
    fn from(side: Side) -> Self {
        let Counts {
            right,
            wrong,
            missed,
            left_out,
        } = side.counts;
        let measured = |one: Measured| MeasuredWire {
            value: one.value,
            low: one.interval.low,
            high: one.interval.high,
        };
        Self {
            version: side.version.0,
            right,
            wrong,
            missed,
            left_out,
            precision: side.counts.precision().map(measured),
            recall: side.counts.recall().map(measured),
            f1: side.counts.f1().map(measured),
        }
    }
}

impl From<&ChangedExample> for ChangedWire {
    fn from(one: &ChangedExample) -> Self {
        Self {
            interaction: one.interaction.to_string(),
            belongs: one.belongs,
            matches: one.matches,
        }
    }
}
