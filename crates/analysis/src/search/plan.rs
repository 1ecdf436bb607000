//! What an index must look up for a query, and what already decides it.
//!
//! INVARIANT: an interaction that matches a query always meets its `needs`, and one that meets its
//! `sure` always matches. Between the two the matcher decides; where both are the same, the index
//! alone counts exactly.

use domain::query::{
    Amount, Apart, Edge, FieldTest, FieldValue, Nearby, Node, Opening, Order, Query, Reach,
    Relation, Said, TokenId, Unbroken, WordTest,
};
use domain::{SpeakerLabel, Timestamp};

use super::terms::Resolved;
use super::words;

/// Pairs of words looked up for one step of a phrase; above it the words alone are.
const PAIRS: usize = 16;
/// Words on one side of a relation whose places are compared; above it only that they are there is
/// looked up.
const PLACES: usize = 64;

/// Which interactions to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CandidatePlan {
    /// Every one.
    All,
    /// None: a word of the query is nowhere in the vocabulary, or was not resolved.
    None,
    /// Those with this word.
    Token(TokenId),
    /// Those in which one speaker says the second word right after the first.
    Next(TokenId, TokenId),
    /// Those in which one word stands near another.
    Near(Box<Nearby>),
    /// Those in which words stand one right after the other.
    Unbroken(Box<Unbroken>),
    /// Those with this folded text among a field's values.
    Value {
        /// The field.
        field: String,
        /// The text, folded.
        value: String,
    },
    /// Those that started in a stretch of time.
    Started {
        /// At or after.
        from: Option<Timestamp>,
        /// Before.
        until: Option<Timestamp>,
    },
    /// Those that do not meet the part.
    Not(Box<CandidatePlan>),
    /// Those that meet all parts.
    And(Vec<CandidatePlan>),
    /// Those that meet at least one part.
    Or(Vec<CandidatePlan>),
}

impl CandidatePlan {
    /// Those that meet every part.
    #[must_use]
    pub fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::All => {}
                Self::None => return Self::None,
                Self::And(more) => kept.extend(more),
                part => kept.push(part),
            }
        }
        if kept.len() > 1 {
            Self::And(kept)
        } else {
            kept.pop().unwrap_or(Self::All)
        }
    }

    fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::All => return Self::All,
                Self::None => {}
                Self::Or(more) => kept.extend(more),
                part => kept.push(part),
            }
        }
        if kept.len() > 1 {
            Self::Or(kept)
        } else {
            kept.pop().unwrap_or(Self::None)
        }
    }

    /// All the others.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Not(inner) => *inner,
            part => Self::Not(Box::new(part)),
        }
    }

    fn of_tokens(tokens: &[TokenId]) -> Self {
        Self::any_of(tokens.iter().copied().map(Self::Token))
    }

    /// The plan weakened to words that must be there: for whoever knows nothing but words.
    #[must_use]
    pub(super) fn words_only(&self) -> Self {
        match self {
            Self::And(parts) => Self::all_of(parts.iter().map(Self::words_only)),
            Self::Or(parts) => Self::any_of(parts.iter().map(Self::words_only)),
            Self::All | Self::None | Self::Token(_) => self.clone(),
            Self::Near(nearby) => Self::all_of([
                Self::of_tokens(&nearby.left.tokens),
                Self::of_tokens(&nearby.right.tokens),
            ]),
            Self::Next(..)
            | Self::Unbroken(_)
            | Self::Value { .. }
            | Self::Started { .. }
            | Self::Not(_) => Self::All,
        }
    }

    /// Whether an interaction meets the plan; `holds` decides each part that is not made of others.
    pub fn meets(&self, holds: &impl Fn(&Self) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Not(inner) => !inner.meets(holds),
            Self::And(parts) => parts.iter().all(|part| part.meets(holds)),
            Self::Or(parts) => parts.iter().any(|part| part.meets(holds)),
            Self::Token(_)
            | Self::Next(..)
            | Self::Near(_)
            | Self::Unbroken(_)
            | Self::Value { .. }
            | Self::Started { .. } => holds(self),
        }
    }
}

/// A query between what it needs and what is enough for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Every match meets this.
    pub needs: CandidatePlan,
    /// Whatever meets this is a match.
    pub sure: CandidatePlan,
}

impl Bounds {
    const OPEN: Self = Self {
        needs: CandidatePlan::All,
        sure: CandidatePlan::None,
    };

    /// Whether the index alone decides the query.
    #[must_use]
    pub fn exact(&self) -> bool {
        self.needs == self.sure
    }

    fn exactly(plan: CandidatePlan) -> Self {
        Self {
            needs: plan.clone(),
            sure: plan,
        }
    }

    fn opposite(self) -> Self {
        Self {
            needs: self.sure.opposite(),
            sure: self.needs.opposite(),
        }
    }
}

/// The bounds of a query. One with an unresolved word or category matches nothing, so nothing is
/// looked at.
#[must_use]
pub fn bounds(query: &Query, resolved: &Resolved) -> Bounds {
    let known = of(query, resolved, View::WHOLE);
    known.unwrap_or_else(|| Bounds::exactly(CandidatePlan::None))
}

/// What a query needs; [`bounds`] says more.
#[must_use]
pub fn candidates(query: &Query, resolved: &Resolved) -> CandidatePlan {
    bounds(query, resolved).needs
}

/// Which words a part of a query looks at. A word that is there need not be where a scope looks; one
/// that is not there is nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
struct View {
    scoped: bool,
    /// Whose words; none for anyone's.
    speaker: Option<SpeakerLabel>,
    /// Where it looks; none where the index cannot tell.
    sight: Option<Within>,
}

/// What the index can tell of a scope beside the speaker.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Everything,
    Opening(Opening),
}

impl View {
    const WHOLE: Self = Self {
        scoped: false,
        speaker: None,
        sight: Some(Within::Everything),
    };

    /// One speaker's words of a view. Where two speakers are asked for, there are none, and any of
    /// both is true of them, but nothing is sure.
    fn of(self, speaker: SpeakerLabel) -> Self {
        let same = self.speaker.is_none_or(|before| before == speaker);
        Self {
            scoped: true,
            speaker: Some(speaker),
            sight: self.sight.filter(|_| same),
        }
    }

    fn edge(self, edge: Edge, reach: Reach) -> Self {
        let opening = match (edge, reach) {
            (Edge::First, Reach::Amount(Amount::Time(time))) => Some(Opening::Time(time)),
            (Edge::First, Reach::Amount(Amount::Words(words))) => Some(Opening::Words(words)),
            (Edge::First, Reach::Share(_)) | (Edge::Last, _) => None,
        };
        let sight = opening.and_then(|opening| match self.sight? {
            Within::Everything => Some(Within::Opening(opening)),
            Within::Opening(before) => opening.within(before).map(Within::Opening),
        });
        Self {
            scoped: true,
            sight,
            ..self
        }
    }
}

fn of(query: &Query, resolved: &Resolved, view: View) -> Option<Bounds> {
    let all = |parts: &[Query]| -> Option<(Vec<CandidatePlan>, Vec<CandidatePlan>)> {
        let parts = parts.iter().map(|part| {
            let part = of(part, resolved, view)?;
            Some((part.needs, part.sure))
        });
        parts.collect()
    };
    Some(match &query.node {
        Node::Or(parts) | Node::AnyOf(parts) => {
            let (needs, sure) = all(parts)?;
            Bounds {
                needs: CandidatePlan::any_of(needs),
                sure: CandidatePlan::any_of(sure),
            }
        }
        Node::And(parts) => {
            let (needs, sure) = all(parts)?;
            Bounds {
                needs: CandidatePlan::all_of(needs),
                sure: CandidatePlan::all_of(sure),
            }
        }
        Node::Not(inner) => of(inner, resolved, view)?.opposite(),
        Node::Phrase { words, gap } => phrase(words, *gap, resolved, view)?,
        Node::Relation(relation) => related(relation, resolved, view)?,
        Node::NotIn(left, right) => without(left, right, resolved, view)?,
        Node::Speaker(speaker, inner) => of(inner, resolved, view.of(*speaker))?,
        Node::Edge(edge, reach, inner) => of(inner, resolved, view.edge(*edge, *reach))?,
        Node::Category { body, .. } => of(body.as_deref()?, resolved, view)?,
        Node::Field { name, test } => field(name, test),
        Node::Similar(_) => resolved.compares().then_some(Bounds::OPEN)?,
    })
}

fn phrase(words: &[WordTest], gap: u32, resolved: &Resolved, view: View) -> Option<Bounds> {
    let places: Vec<Vec<TokenId>> = words
        .iter()
        .map(|word| resolved.tokens(word))
        .collect::<Option<_>>()?;
    if let ([only], false) = (places.as_slice(), view.scoped) {
        return Some(Bounds::exactly(CandidatePlan::of_tokens(only)));
    }
    let steps: Vec<CandidatePlan> = places
        .windows(2)
        .filter_map(|two| match two {
            [first, second] => Some(step(first, second, gap, view)),
            _ => None,
        })
        .collect();
    // Whatever compares places asks for the words itself.
    let compared = |place: usize| {
        let around = [place.checked_sub(1), Some(place)];
        let mut around = around.into_iter().flatten().filter_map(|at| steps.get(at));
        around.any(|step| matches!(step, CandidatePlan::Near(_)))
    };
    let alone = places.iter().enumerate().filter(|(at, _)| !compared(*at));
    let parts: Vec<CandidatePlan> = alone
        .map(|(_, tokens)| CandidatePlan::of_tokens(tokens))
        .collect();
    let sure = unbroken(&places, view);
    Some(Bounds {
        needs: CandidatePlan::all_of(parts.into_iter().chain(steps)),
        sure,
    })
}

/// Where a phrase stands without anybody's word in it, and inside what a scope leaves, it matches
/// for sure. That the words are there is looked up first: it is cheaper.
fn unbroken(places: &[Vec<TokenId>], view: View) -> CandidatePlan {
    let Some(sight) = view.sight else {
        return CandidatePlan::None;
    };
    let words: usize = places.iter().map(Vec::len).sum();
    if words > PLACES || places.iter().any(Vec::is_empty) {
        return CandidatePlan::None;
    }
    let pairs = places.windows(2).filter_map(|two| match two {
        [first, second] if first.len().saturating_mul(second.len()) <= PAIRS => {
            Some(step(first, second, 0, view))
        }
        _ => None,
    });
    let whole = CandidatePlan::Unbroken(Box::new(Unbroken {
        words: places.to_vec(),
        speaker: view.speaker,
        opening: match sight {
            Within::Everything => None,
            Within::Opening(opening) => Some(opening),
        },
    }));
    CandidatePlan::all_of(pairs.chain([whole]))
}

/// From one word of a phrase to the next.
fn step(first: &[TokenId], second: &[TokenId], gap: u32, view: View) -> CandidatePlan {
    if gap == 0 && first.len().saturating_mul(second.len()) <= PAIRS {
        let pairs = first
            .iter()
            .flat_map(|a| second.iter().map(move |b| (*a, *b)));
        let pairs = pairs.map(|(a, b)| CandidatePlan::Next(a, b));
        return CandidatePlan::any_of(pairs);
    }
    let said = |tokens: &[TokenId]| Said {
        tokens: tokens.to_vec(),
        speaker: view.speaker,
    };
    near(Nearby {
        left: said(first),
        right: said(second),
        order: Order::Before,
        reach: Apart::Own(gap),
    })
}

fn near(nearby: Nearby) -> CandidatePlan {
    let few = |said: &Said| (1..=PLACES).contains(&said.tokens.len());
    if few(&nearby.left) && few(&nearby.right) {
        CandidatePlan::Near(Box::new(nearby))
    } else {
        CandidatePlan::All
    }
}

fn related(relation: &Relation, resolved: &Resolved, view: View) -> Option<Bounds> {
    if relation.negated {
        return without(&relation.left, &relation.right, resolved, view);
    }
    let left = of(&relation.left, resolved, view)?;
    let right = of(&relation.right, resolved, view)?;
    let sides = (
        side(&relation.left, resolved, view.speaker),
        side(&relation.right, resolved, view.speaker),
    );
    let together = match sides {
        (Some(left), Some(right)) => near(Nearby {
            left,
            right,
            order: relation.order,
            reach: match relation.amount {
                Amount::Time(time) => Apart::Time(time),
                Amount::Words(words) => Apart::Words(words),
            },
        }),
        _ => CandidatePlan::All,
    };
    let needs = match together {
        // It asks for the words of both sides itself.
        CandidatePlan::Near(_) => together,
        _ => CandidatePlan::all_of([left.needs, right.needs]),
    };
    Some(Bounds {
        needs,
        sure: CandidatePlan::None,
    })
}

/// The single words that a part of a query stands for wherever it holds; none where it may hold by
/// more than one word.
fn side(query: &Query, resolved: &Resolved, speaker: Option<SpeakerLabel>) -> Option<Said> {
    match &query.node {
        Node::Phrase { words, .. } => match words.as_slice() {
            [word] => Some(Said {
                tokens: resolved.tokens(word)?,
                speaker,
            }),
            _ => None,
        },
        Node::Or(parts) | Node::AnyOf(parts) => {
            let parts: Vec<Said> = parts
                .iter()
                .map(|part| side(part, resolved, speaker))
                .collect::<Option<_>>()?;
            let by = parts.first()?.speaker;
            let same = parts.iter().all(|part| part.speaker == by);
            Some(Said {
                tokens: parts.into_iter().flat_map(|part| part.tokens).collect(),
                speaker: by.filter(|_| same),
            })
        }
        Node::Speaker(own, inner) => side(inner, resolved, Some(*own)),
        Node::Edge(_, _, inner) => side(inner, resolved, speaker),
        Node::Category { body, .. } => side(body.as_deref()?, resolved, speaker),
        Node::And(_)
        | Node::Not(_)
        | Node::Relation(_)
        | Node::NotIn(..)
        | Node::Field { .. }
        | Node::Similar(_) => None,
    }
}

/// Matches of the left part that the right part may take away: where the right part is nowhere,
/// they all stay.
fn without(left: &Query, right: &Query, resolved: &Resolved, view: View) -> Option<Bounds> {
    let right = of(right, resolved, view)?;
    let spans = has_spans(left);
    let left = of(left, resolved, view)?;
    let sure = if spans {
        CandidatePlan::all_of([left.sure, right.needs.opposite()])
    } else {
        CandidatePlan::None
    };
    Some(Bounds {
        needs: left.needs,
        sure,
    })
}

/// Whether a part holds only where words of it stand. One that may hold by absence has no place
/// that a relation could start from.
fn has_spans(query: &Query) -> bool {
    match &query.node {
        Node::Phrase { .. } => true,
        Node::Or(parts) | Node::AnyOf(parts) => parts.iter().all(has_spans),
        Node::Category { body, .. } => body.as_deref().is_some_and(has_spans),
        Node::And(_)
        | Node::Not(_)
        | Node::Relation(_)
        | Node::NotIn(..)
        | Node::Speaker(..)
        | Node::Edge(..)
        | Node::Field { .. }
        | Node::Similar(_) => false,
    }
}

fn field(name: &str, test: &FieldTest) -> Bounds {
    let value = |text: &str| CandidatePlan::Value {
        field: name.to_owned(),
        value: words::fold(text.trim()),
    };
    let started = |from: Option<Timestamp>, until: Option<Timestamp>| match name {
        "started" => Bounds::exactly(CandidatePlan::Started { from, until }),
        _ => Bounds::OPEN,
    };
    match test {
        FieldTest::Is(FieldValue::Text(text)) => Bounds::exactly(value(text)),
        FieldTest::IsNot(FieldValue::Text(text)) => Bounds::exactly(value(text).opposite()),
        FieldTest::AtLeast(FieldValue::Instant(from)) => started(Some(*from), None),
        FieldTest::Below(FieldValue::Instant(until)) => started(None, Some(*until)),
        FieldTest::Within(FieldValue::Instant(from), FieldValue::Instant(until)) => {
            started(Some(*from), Some(*until))
        }
        FieldTest::Outside(FieldValue::Instant(from), FieldValue::Instant(until))
            if name == "started" =>
        {
            started(Some(*from), Some(*until)).opposite()
        }
        FieldTest::Is(_)
        | FieldTest::IsNot(_)
        | FieldTest::Above(_)
        | FieldTest::AtLeast(_)
        | FieldTest::Below(_)
        | FieldTest::AtMost(_)
        | FieldTest::Within(..)
        | FieldTest::Outside(..) => Bounds::OPEN,
    }
}
