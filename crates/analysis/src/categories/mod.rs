//! Categories: named queries made of weighted components.
//!
//! A category holds where the weights of its matching components reach its threshold. That is
//! the same as one query: any smallest set of components that reaches it, all of the set there.
//! References from other queries stand for that query.

mod diff;
mod quality;

pub use diff::{Change, changes};
pub use quality::{Counts, Interval, Measured};

use domain::query::{Evidence, Node, Place, Query};
use domain::{ComponentFinding, DefinitionName, Weight};

/// Components of one category.
const MAX_COMPONENTS: usize = 64;
/// Smallest sets of components that reach a threshold.
const MAX_SETS: usize = 256;

/// One way in which a category shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// What it is called in evidence.
    pub name: String,
    /// What is looked for.
    pub query: Query,
    /// How much it counts.
    pub weight: Weight,
}

/// A named query over interactions.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// Folders and name.
    pub name: DefinitionName,
    /// What it is for.
    pub about: String,
    /// How much weight must match.
    pub threshold: Weight,
    /// Its components, at least one.
    pub components: Vec<Component>,
}

/// Why components make no category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CategoryError {
    /// There is nothing to look for.
    #[error("a category has at least one component")]
    Empty,
    /// More than can be told apart.
    #[error("a category has at most {MAX_COMPONENTS} components; refer to another with CAT:[…]")]
    TooMany,
    /// Two components of one name.
    #[error("two components are called `{0}`; give each a name of its own")]
    Twice(String),
    /// It could never hold.
    #[error("the weights together do not reach the threshold, so it would never match")]
    Unreachable,
    /// The threshold can be reached in too many ways to be one query.
    #[error(
        "the threshold can be reached in more than {MAX_SETS} ways; lower it, or make groups of \
         components categories of their own"
    )]
    TooManyWays,
}

impl Category {
    /// A category of checked components.
    ///
    /// # Errors
    /// [`CategoryError`] naming the rule that the components break.
    pub fn new(
        name: DefinitionName,
        about: String,
        threshold: Weight,
        components: Vec<Component>,
    ) -> Result<Self, CategoryError> {
        if components.is_empty() {
            return Err(CategoryError::Empty);
        }
        if components.len() > MAX_COMPONENTS {
            return Err(CategoryError::TooMany);
        }
        for (place, component) in components.iter().enumerate() {
            let same = |other: &Component| other.name == component.name;
            if components.iter().skip(place + 1).any(same) {
                return Err(CategoryError::Twice(component.name.clone()));
            }
        }
        let made = Self {
            name,
            about,
            threshold,
            components,
        };
        made.ways()?;
        Ok(made)
    }

    /// What a reference to it stands for.
    ///
    /// # Errors
    /// [`CategoryError::TooManyWays`]; not for what [`Self::new`] made.
    pub fn query(&self) -> Result<Query, CategoryError> {
        let way = |members: &Vec<usize>| {
            let mut parts: Vec<Query> = members
                .iter()
                .filter_map(|place| self.components.get(*place))
                .map(|component| component.query.clone())
                .collect();
            match (parts.pop(), parts.is_empty()) {
                (Some(only), true) => only,
                (last, _) => {
                    parts.extend(last);
                    whole(Node::And(parts))
                }
            }
        };
        let mut ways: Vec<Query> = self.ways()?.iter().map(way).collect();
        Ok(match (ways.pop(), ways.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                ways.extend(last);
                whole(Node::Or(ways))
            }
        })
    }

    /// What it finds where `found` holds each component's outcome, in their order; none where the
    /// matching weights stay below the threshold.
    #[must_use]
    pub fn decide(&self, found: &[Option<Vec<Evidence>>]) -> Option<Vec<ComponentFinding>> {
        let matching: Vec<ComponentFinding> = self
            .components
            .iter()
            .zip(found)
            .filter_map(|(component, found)| {
                found.as_ref().map(|evidence| ComponentFinding {
                    name: component.name.clone(),
                    weight: component.weight,
                    evidence: evidence.clone(),
                })
            })
            .collect();
        let weight: f64 = matching.iter().map(|one| one.weight.get()).sum();
        reaches(weight, self.threshold).then_some(matching)
    }

    /// The smallest sets of components that reach the threshold, by place.
    fn ways(&self) -> Result<Vec<Vec<usize>>, CategoryError> {
        let mut order: Vec<(usize, f64)> = self
            .components
            .iter()
            .map(|component| component.weight.get())
            .enumerate()
            .collect();
        // Heaviest first: a set that reaches the threshold with its last member is smallest,
        // because that member is its lightest.
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut search = Ways {
            order: &order,
            threshold: self.threshold,
            found: Vec::new(),
            steps: 0,
        };
        search.extend(0, 0.0, &mut Vec::new())?;
        if search.found.is_empty() {
            return Err(CategoryError::Unreachable);
        }
        Ok(search.found)
    }
}

struct Ways<'a> {
    order: &'a [(usize, f64)],
    threshold: Weight,
    found: Vec<Vec<usize>>,
    steps: usize,
}

impl Ways<'_> {
    fn extend(
        &mut self,
        from: usize,
        weight: f64,
        chosen: &mut Vec<usize>,
    ) -> Result<(), CategoryError> {
        self.steps += 1;
        if self.steps > 64 * MAX_SETS {
            return Err(CategoryError::TooManyWays);
        }
        let rest: f64 = self.order.iter().skip(from).map(|(_, own)| own).sum();
        if !reaches(weight + rest, self.threshold) {
            return Ok(());
        }
        for (step, (place, own)) in self.order.iter().enumerate().skip(from) {
            chosen.push(*place);
            if reaches(weight + own, self.threshold) {
                if self.found.len() == MAX_SETS {
                    return Err(CategoryError::TooManyWays);
                }
                let mut members = chosen.clone();
                members.sort_unstable();
                self.found.push(members);
            } else {
                self.extend(step + 1, weight + own, chosen)?;
            }
            chosen.pop();
        }
        Ok(())
    }
}

/// Sums of decimal weights are not exact, so the threshold gives way by a billionth.
fn reaches(weight: f64, threshold: Weight) -> bool {
    weight >= threshold.get() * (1.0 - 1e-9)
}

const fn whole(node: Node) -> Query {
    Query {
        node,
        place: Place { start: 0, end: 0 },
    }
}

#[cfg(test)]
mod tests;
