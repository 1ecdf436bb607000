//! A category's components as a text file says them.

use analysis::categories::Component;
use domain::query::{Likeness, Node, Query, Similar};
use serde::Deserialize;

use super::text::{at_nowhere, query, weight};
use crate::error::AppError;

/// Example phrases of one component.
const MOST_EXAMPLES: usize = 50;
/// Characters of one; the model reads no more of a text.
const LONGEST_EXAMPLE: usize = 400;
/// Below this, texts have nothing to do with each other.
const LEAST_LIKENESS: f32 = 0.2;
/// Where a component does not say how like a turn must be.
const USUAL_LIKENESS: f32 = 0.6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComponentFile {
    name: Option<String>,
    query: Option<String>,
    weight: Option<f64>,
    #[serde(default)]
    similar: Vec<String>,
    likeness: Option<f32>,
    speaker: Option<String>,
}

/// A component; the number is its name where it has none.
pub(super) fn component(number: usize, mut part: ComponentFile) -> Result<Component, AppError> {
    let name = part.name.take().unwrap_or_else(|| number.to_string());
    Ok(Component {
        weight: weight(&name, part.weight)?,
        query: asked(&format!("component `{name}`"), part)?,
        name,
    })
}

/// What a component asks: its query, or a turn that is like an example, or either.
fn asked(place: &str, part: ComponentFile) -> Result<Query, AppError> {
    let asked = part.query.as_deref().map(|text| query(place, text));
    let asked = asked.transpose()?;
    if part.similar.is_empty() {
        if part.likeness.is_some() || part.speaker.is_some() {
            return Err(AppError::Input(format!(
                "{place}: `likeness` and `speaker` go with `similar`"
            )));
        }
        return asked.ok_or_else(|| {
            AppError::Input(format!(
                "{place}: give a `query`, or example phrases as in \
                 `similar = [\"I want to leave you\"]`"
            ))
        });
    }
    let alike = similar(place, part)?;
    Ok(match asked {
        Some(asked) => at_nowhere(Node::Or(vec![asked, alike])),
        None => alike,
    })
}

fn similar(place: &str, part: ComponentFile) -> Result<Query, AppError> {
    let phrases: Vec<String> = part
        .similar
        .iter()
        .map(|one| one.trim().to_owned())
        .collect();
    let fits = |one: &String| (1..=LONGEST_EXAMPLE).contains(&one.chars().count());
    if phrases.len() > MOST_EXAMPLES || !phrases.iter().all(fits) {
        return Err(AppError::Input(format!(
            "{place}: `similar` has at most {MOST_EXAMPLES} phrases of 1 to {LONGEST_EXAMPLE} characters"
        )));
    }
    let likeness = part.likeness.unwrap_or(USUAL_LIKENESS);
    if !(LEAST_LIKENESS..=1.0).contains(&likeness) {
        return Err(AppError::Input(format!(
            "{place}: `likeness` is a cosine from {LEAST_LIKENESS} to 1, found `{likeness}`"
        )));
    }
    let alike = at_nowhere(Node::Similar(Similar {
        phrases,
        at_least: Likeness::of(likeness),
    }));
    Ok(match part.speaker {
        Some(speaker) => at_nowhere(Node::Speaker(speaker.parse()?, Box::new(alike))),
        None => alike,
    })
}
