//! From text to tree: the boolean levels and the relations.
//!
//! Recursive descent with a bounded depth. A fault inside a conjunct is noted and the parser
//! goes on behind it, so one reading reports several faults; a query with any is refused.

use domain::query::{Amount, Node, Order, Query, Relation};
use domain::{Millis, SpeakerLabel};

use super::cursor::Cursor;
use super::error::QueryError;
use super::fields::FieldSet;

/// Nesting of parentheses, lists and scopes.
const MAX_DEPTH: usize = 40;
/// Relations in a row without parentheses.
const MAX_CHAIN: usize = 24;
/// Characters of a query.
const MAX_LENGTH: usize = 20_000;
/// Faults reported at once.
const MAX_FAULTS: usize = 8;
/// Longest time distance: a day.
const MAX_TIME: Millis = Millis(86_400_000);
/// Longest word distance.
const MAX_WORDS: u32 = 100_000;

/// Reads a query over the standard fields.
///
/// # Errors
/// [`QueryError`] with the column, what was expected, the nearest valid form, and further faults.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    parse_with(text, &FieldSet::standard())
}

/// Reads a query over a tenant's fields.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(text: &str, fields: &FieldSet) -> Result<Query, QueryError> {
    let mut parser = Parser {
        cursor: Cursor::new(text),
        fields,
        depth: 0,
        faults: Vec::new(),
    };
    if parser.cursor.len() > MAX_LENGTH {
        let found = format!("{} characters", parser.cursor.len());
        return Err(QueryError::new(
            MAX_LENGTH,
            format!("a query of at most {MAX_LENGTH} characters"),
            found,
        ));
    }
    let query = parser.whole();
    let mut faults = parser.faults.into_iter();
    match (query, faults.next()) {
        (_, Some(mut first)) => {
            first.others = faults.collect();
            Err(first)
        }
        (Some(query), None) => Ok(query),
        (None, None) => Err(QueryError::new(0, "a word", "nothing")),
    }
}

pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor,
    pub(super) fields: &'a FieldSet,
    depth: usize,
    faults: Vec<QueryError>,
}

/// A part, or the fault that stopped it.
pub(super) type Part<T> = Result<T, QueryError>;

impl Parser<'_> {
    fn whole(&mut self) -> Option<Query> {
        let mut whole = None;
        loop {
            whole = self.query().or(whole);
            self.cursor.skip_space();
            // Only a closing mark that nothing opened stops the levels below before the end.
            let stray = self.cursor.at();
            let found = self.cursor.found();
            if self.cursor.bump().is_none() {
                return whole;
            }
            self.fault(QueryError::new(stray, "a word or the end", found));
        }
    }

    pub(super) fn fault(&mut self, fault: QueryError) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }

    /// What was expected here, and what stands here.
    pub(super) fn expected(&self, what: &str) -> QueryError {
        QueryError::new(self.cursor.at(), what, self.cursor.found())
    }

    /// One level deeper, refused past the limit.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Part<T>) -> Part<T> {
        if self.depth >= MAX_DEPTH {
            let fault = self.expected(&format!("at most {MAX_DEPTH} levels of nesting"));
            self.cursor.reset(self.cursor.len());
            return Err(fault);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Disjuncts joined by `OR`; none where every part had a fault.
    pub(super) fn query(&mut self) -> Option<Query> {
        self.cursor.skip_space();
        let start = self.cursor.at();
        let mut parts = Vec::new();
        let mut whole = true;
        loop {
            match self.disjunct() {
                Some(part) => parts.push(part),
                None => whole = false,
            }
            self.cursor.skip_space();
            if !(self.cursor.take_keyword("or") || self.cursor.take('|')) {
                break;
            }
        }
        whole.then(|| self.join(parts, start, Node::Or)).flatten()
    }

    fn join(
        &self,
        mut parts: Vec<Query>,
        start: usize,
        node: fn(Vec<Query>) -> Node,
    ) -> Option<Query> {
        if parts.len() > 1 {
            return Some(Query {
                node: node(parts),
                place: self.cursor.place(start),
            });
        }
        parts.pop()
    }

    fn disjunct(&mut self) -> Option<Query> {
        self.cursor.skip_space();
        let start = self.cursor.at();
        let mut parts = Vec::new();
        let mut whole = true;
        loop {
            match self.conjunct() {
                Ok(Some(part)) => parts.push(part),
                Ok(None) => whole = false,
                Err(fault) => {
                    self.fault(fault);
                    whole = false;
                    self.recover();
                }
            }
            self.cursor.skip_space();
            if self.cursor.take_keyword("and") || self.cursor.take('&') {
                continue;
            }
            let ends = matches!(self.cursor.peek(), None | Some(')' | ']' | ',' | '|'));
            if ends || self.cursor.keyword() == Some("or") {
                break;
            }
        }
        whole.then(|| self.join(parts, start, Node::And)).flatten()
    }

    /// Goes on at the next white space or closing mark.
    fn recover(&mut self) {
        self.cursor
            .take_while(|c| !c.is_whitespace() && !matches!(c, ')' | ']' | ','));
    }

    /// `None` where a part inside had a fault that is already noted.
    fn conjunct(&mut self) -> Part<Option<Query>> {
        self.cursor.skip_space();
        let start = self.cursor.at();
        let negated = self.cursor.take('-') || self.cursor.take_keyword("not");
        self.cursor.skip_space();
        if negated && self.cursor.take_keyword("not") {
            return Err(QueryError::new(start, "one `NOT`", "two").try_instead("NOT (NOT …)"));
        }
        if negated && matches!(self.cursor.peek(), None | Some(')' | ']' | ',')) {
            let fault = self.expected("a part to exclude");
            return Err(fault.try_instead("\"not\""));
        }
        if negated {
            let word = self.cursor.at();
            let bare = self.cursor.word();
            self.cursor.reset(word);
            if bare.eq_ignore_ascii_case("in") && self.cursor.at() > start + 1 {
                return Err(QueryError::new(start, "a part to exclude", "`NOT in`")
                    .try_instead("NOTIN")
                    .or_quote("NOT \"in\""));
            }
        }
        let Some(part) = self.proximity()? else {
            return Ok(None);
        };
        Ok(Some(if negated {
            Query {
                node: Node::Not(Box::new(part)),
                place: self.cursor.place(start),
            }
        } else {
            part
        }))
    }

    fn proximity(&mut self) -> Part<Option<Query>> {
        let start = self.cursor.at();
        let mut left = self.operand()?;
        for chain in 0.. {
            let end = self.cursor.at();
            self.cursor.skip_space();
            let Some(relation) = self.relation()? else {
                self.cursor.reset(end);
                break;
            };
            if chain >= MAX_CHAIN {
                return Err(self.expected(&format!("at most {MAX_CHAIN} relations in a row")));
            }
            self.cursor.skip_space();
            let right_start = self.cursor.at();
            let right = self.operand()?;
            left = match (left, right) {
                (Some(left), Some(right)) => {
                    must_have_place(&left, start)?;
                    must_have_place(&right, right_start)?;
                    Some(Query {
                        node: relation.node(left, right),
                        place: self.cursor.place(start),
                    })
                }
                _ => None,
            };
        }
        Ok(left)
    }

    /// The relation that stands next, if one does.
    fn relation(&mut self) -> Part<Option<Found>> {
        if self.cursor.take_keyword("notin") {
            return Ok(Some(Found::NotIn));
        }
        let start = self.cursor.at();
        let negated = self.cursor.take_keyword("not");
        self.cursor.skip_space();
        for (keyword, order) in [
            ("near", Order::Near),
            ("before", Order::Before),
            ("after", Order::After),
        ] {
            if self.cursor.take_keyword(keyword) {
                let amount = self.relation_amount(keyword)?;
                return Ok(Some(Found::Order {
                    order,
                    negated,
                    amount,
                }));
            }
        }
        self.cursor.reset(start);
        Ok(None)
    }

    fn relation_amount(&mut self, keyword: &str) -> Part<Amount> {
        let upper = keyword.to_uppercase();
        if self.cursor.peek() == Some('/') {
            return Err(self
                .expected("`:` and an amount, or a space")
                .try_instead(format!("{upper}:5")));
        }
        if !self.cursor.take(':') {
            return Ok(Amount::Time(Millis(5_000)));
        }
        self.amount(&upper)
    }

    /// `5`, `.5s`, `10w` after a colon.
    pub(super) fn amount(&mut self, before: &str) -> Part<Amount> {
        let start = self.cursor.at();
        let digits = self.cursor.take_while(|c| c.is_ascii_digit() || c == '.');
        let unit = self.cursor.take_while(char::is_alphabetic).to_lowercase();
        let bad = |expected: &str, nearest: &str| {
            let found = format!("`{digits}{unit}`");
            QueryError::new(start, expected, found).try_instead(format!("{before}:{nearest}"))
        };
        let seconds: Option<f64> = digits.parse().ok().filter(|_| digits.len() <= 12);
        match (unit.as_str(), seconds) {
            (_, None) if digits.is_empty() && unit.is_empty() => Err(self
                .expected("an amount such as 5, 0.5s or 10w")
                .try_instead(format!("{before}:5"))),
            ("" | "s", Some(seconds)) => {
                let time = Millis::from_secs_f64(seconds);
                if time > MAX_TIME {
                    return Err(bad("at most a day (86400 seconds)", "86400"));
                }
                Ok(Amount::Time(time))
            }
            ("w", Some(_)) => digits
                .parse()
                .ok()
                .filter(|words| *words <= MAX_WORDS)
                .map(Amount::Words)
                .ok_or_else(|| bad("a whole number of words, at most 100000", "10w")),
            ("m" | "min", Some(minutes)) => {
                let seconds = format!("{}", minutes * 60.0);
                Err(bad("seconds (`s`) or words (`w`)", &seconds))
            }
            ("ms", Some(millis)) => {
                let seconds = format!("{}", millis / 1_000.0);
                Err(bad("seconds (`s`) or words (`w`)", &seconds))
            }
            (_, Some(_)) => Err(bad("seconds (`s`) or words (`w`)", &digits)),
            (_, None) => Err(bad("an amount such as 5, 0.5s or 10w", "5")),
        }
    }

    /// Whose words a scope's name means.
    pub(super) fn speaker(name: &str) -> Option<SpeakerLabel> {
        name.parse().ok()
    }
}

impl QueryError {
    fn or_quote(mut self, quoted: &str) -> Self {
        self.expected = format!("{} (`{quoted}` excludes the word)", self.expected);
        self
    }
}

/// A relation before its second operand is read.
enum Found {
    NotIn,
    Order {
        order: Order,
        negated: bool,
        amount: Amount,
    },
}

impl Found {
    fn node(self, left: Query, right: Query) -> Node {
        match self {
            Self::NotIn => Node::NotIn(Box::new(left), Box::new(right)),
            Self::Order {
                order,
                negated,
                amount,
            } => Node::Relation(Box::new(Relation {
                left,
                order,
                negated,
                amount,
                right,
            })),
        }
    }
}

fn must_have_place(query: &Query, at: usize) -> Part<()> {
    if has_place(query) {
        return Ok(());
    }
    let expected = "words on both sides of a relation (a bare NOT or a field has no place in time)";
    Err(QueryError::new(at, expected, "a part without words"))
}

/// Whether a query's matches have words, so that a relation can measure from them.
pub(super) fn has_place(query: &Query) -> bool {
    match &query.node {
        Node::Phrase { .. } | Node::Relation(_) | Node::NotIn(..) | Node::Similar(_) => true,
        Node::Not(_) | Node::Field { .. } => false,
        Node::Or(parts) | Node::AnyOf(parts) => parts.iter().all(has_place),
        Node::And(parts) => parts.iter().any(has_place),
        Node::Speaker(_, inner) | Node::Edge(_, _, inner) => has_place(inner),
        // What the name stands for is not known yet; without words it has no matches.
        Node::Category { body, .. } => body.as_deref().is_none_or(has_place),
    }
}
