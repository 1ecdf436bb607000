//! Follows references to categories.

use domain::query::{Node, Query};

use super::error::QueryError;
use super::parser;

/// References inside references.
const MAX_DEPTH: usize = 8;
/// Parts of a query with everything it refers to.
const MAX_PARTS: usize = 50_000;

/// The query with the query of each category it refers to put in place. `lookup` gives a
/// category's own query by name, without having followed its references.
///
/// # Errors
/// [`QueryError`] at the reference: unknown name, a circle of references (named in full), too
/// deep, or a category without words where a relation needs them.
pub fn follow(query: &Query, lookup: &dyn Fn(&str) -> Option<Query>) -> Result<Query, QueryError> {
    let mut follower = Follower {
        lookup,
        path: Vec::new(),
        parts: 0,
        at: None,
    };
    let mut followed = query.clone();
    follower.query(&mut followed)?;
    Ok(followed)
}

struct Follower<'a> {
    lookup: &'a dyn Fn(&str) -> Option<Query>,
    path: Vec<String>,
    parts: usize,
    /// Column of the outermost reference, from 0: faults inside it are reported there.
    at: Option<usize>,
}

impl Follower<'_> {
    fn query(&mut self, query: &mut Query) -> Result<(), QueryError> {
        let here = usize::try_from(query.place.start.saturating_sub(1)).unwrap_or_default();
        let at = self.at.unwrap_or(here);
        self.parts += 1;
        if self.parts > MAX_PARTS {
            let expected = format!("at most {MAX_PARTS} parts with all categories in place");
            return Err(QueryError::new(at, expected, "more"));
        }
        match &mut query.node {
            Node::Or(parts) | Node::And(parts) | Node::AnyOf(parts) => {
                parts.iter_mut().try_for_each(|part| self.query(part))
            }
            Node::Not(inner) | Node::Speaker(_, inner) | Node::Edge(_, _, inner) => {
                self.query(inner)
            }
            Node::Relation(relation) => {
                self.query(&mut relation.left)?;
                self.query(&mut relation.right)?;
                placed(&relation.left, at)?;
                placed(&relation.right, at)
            }
            Node::NotIn(left, right) => {
                self.query(left)?;
                self.query(right)?;
                placed(left, at)?;
                placed(right, at)
            }
            Node::Category { name, body } => {
                *body = Some(Box::new(self.category(name, at)?));
                Ok(())
            }
            Node::Phrase { .. } | Node::Field { .. } | Node::Similar(_) => Ok(()),
        }
    }

    fn category(&mut self, name: &str, at: usize) -> Result<Query, QueryError> {
        if let Some(begin) = self.path.iter().position(|open| open == name) {
            let mut circle: Vec<&str> = self.path.iter().skip(begin).map(String::as_str).collect();
            circle.push(name);
            let expected = "categories that do not refer to each other in a circle";
            return Err(QueryError::new(
                at,
                expected,
                format!("`{}`", circle.join(" -> ")),
            ));
        }
        if self.path.len() >= MAX_DEPTH {
            let expected = format!("at most {MAX_DEPTH} categories inside each other");
            return Err(QueryError::new(at, expected, format!("`{name}`")));
        }
        let mut body = (self.lookup)(name)
            .ok_or_else(|| QueryError::new(at, "the name of a category", format!("`{name}`")))?;
        self.path.push(name.to_owned());
        let outer = self.at.replace(at);
        self.query(&mut body)?;
        self.at = outer;
        self.path.pop();
        Ok(body)
    }
}

fn placed(query: &Query, at: usize) -> Result<(), QueryError> {
    if parser::has_place(query) {
        return Ok(());
    }
    let expected = "a category whose matches are words, as a relation needs";
    Err(QueryError::new(at, expected, "one without"))
}
