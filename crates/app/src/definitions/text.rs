//! Categories, scorecards, alerts and forms as text files: what people edit, review and keep in version control.

use analysis::categories::{Category, Component};
use analysis::forms::Form;
use analysis::scores::{Indicator, Measure, Scorecard};
use analysis::search::{self, FieldSet};
use domain::query::{Node, Place, Query};
use domain::{DefinitionKind, DefinitionName, Millis, Score, Weight};

use serde::Deserialize;

use super::components::{self, ComponentFile};
use super::questions::{self, QuestionFile};
use crate::error::AppError;

/// A definition that was read from its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Parsed {
    /// A category.
    Category(Category),
    /// A scorecard.
    Scorecard(Scorecard),
    /// An alert.
    Alert(AlertRule),
    /// A form.
    Form(Form),
}

/// What to be told of when it is new.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AlertRule {
    pub(crate) name: DefinitionName,
    pub(crate) about: String,
    /// What must hold; none where a score alone decides.
    pub(crate) query: Option<Query>,
    /// Which score must have passed which limit.
    pub(crate) score: Option<ScoreLimit>,
    /// Further ones within so long after one are kept but not delivered.
    pub(crate) quiet: Millis,
}

/// A limit of a scorecard's computed score.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScoreLimit {
    pub(crate) scorecard: DefinitionName,
    pub(crate) below: bool,
    pub(crate) limit: Score,
}

impl ScoreLimit {
    /// `Service.Quality < 60` or `Service.Quality > 95`.
    fn parse(text: &str) -> Result<Self, AppError> {
        let wanted = || {
            AppError::Input(format!(
                "score: expected a scorecard and a limit, as in `Service.Quality < 60`, found `{text}`"
            ))
        };
        let (at, below) = match (text.rfind('<'), text.rfind('>')) {
            (Some(at), None) => (at, true),
            (None, Some(at)) => (at, false),
            _ => return Err(wanted()),
        };
        let (name, limit) = text.split_at_checked(at).ok_or_else(wanted)?;
        let limit: f64 = limit
            .get(1..)
            .and_then(|limit| limit.trim().parse().ok())
            .filter(|limit| (0.0..=100.0).contains(limit))
            .ok_or_else(wanted)?;
        Ok(Self {
            scorecard: name.trim().parse()?,
            below,
            limit: Score::new(limit),
        })
    }

    pub(crate) fn passed(&self, score: Score) -> bool {
        if self.below {
            score.get() < self.limit.get()
        } else {
            score.get() > self.limit.get()
        }
    }
}

impl Parsed {
    pub(crate) const fn kind(&self) -> DefinitionKind {
        match self {
            Self::Category(_) => DefinitionKind::Category,
            Self::Scorecard(_) => DefinitionKind::Scorecard,
            Self::Alert(_) => DefinitionKind::Alert,
            Self::Form(_) => DefinitionKind::Form,
        }
    }

    pub(crate) const fn name(&self) -> &DefinitionName {
        match self {
            Self::Category(category) => &category.name,
            Self::Scorecard(card) => &card.name,
            Self::Alert(rule) => &rule.name,
            Self::Form(form) => &form.name,
        }
    }

    pub(crate) fn about(&self) -> &str {
        match self {
            Self::Category(category) => &category.about,
            Self::Scorecard(card) => &card.about,
            Self::Alert(rule) => &rule.about,
            Self::Form(form) => &form.about,
        }
    }

    /// Every query it asks, in the order in which it wants the answers.
    pub(crate) fn queries(&self) -> Vec<&Query> {
        match self {
            Self::Category(category) => category.components.iter().map(|one| &one.query).collect(),
            Self::Scorecard(card) => card.queries().collect(),
            Self::Alert(rule) => rule.query.iter().collect(),
            Self::Form(_) => Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    category: Option<String>,
    scorecard: Option<String>,
    alert: Option<String>,
    form: Option<String>,
    query: Option<String>,
    score: Option<String>,
    quiet: Option<String>,
    #[serde(default)]
    about: String,
    threshold: Option<f64>,
    #[serde(default)]
    component: Vec<ComponentFile>,
    #[serde(default)]
    indicator: Vec<IndicatorFile>,
    #[serde(default)]
    question: Vec<QuestionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorFile {
    name: String,
    weight: Option<f64>,
    #[serde(default)]
    critical: bool,
    applies: Option<String>,
    query: Option<String>,
    category: Option<String>,
    present: Option<bool>,
    metric: Option<String>,
    ratio: Option<(String, String)>,
}

/// Reads a definition's text.
///
/// # Errors
/// [`AppError::Input`] that says which part is wrong and what would be right.
pub(crate) fn parse(text: &str) -> Result<Parsed, AppError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        AppError::Input(format!("line {line}: {}", error.message()))
    })?;
    let an_alerts = file.query.is_some() || file.score.is_some() || file.quiet.is_some();
    if file.alert.is_none() && an_alerts {
        return Err(AppError::Input(
            "`query`, `score` and `quiet` at the top are an alert's; a category has \
             [[component]]s, a scorecard [[indicator]]s"
                .to_owned(),
        ));
    }
    if file.form.is_none() && !file.question.is_empty() {
        return Err(AppError::Input("[[question]]s are a form's".to_owned()));
    }
    let names = (
        file.category.clone(),
        file.scorecard.clone(),
        file.alert.clone(),
        file.form.clone(),
    );
    match names {
        (Some(name), None, None, None) => category(&name, file).map(Parsed::Category),
        (None, Some(name), None, None) => scorecard(&name, file).map(Parsed::Scorecard),
        (None, None, Some(name), None) => alert(&name, file).map(Parsed::Alert),
        (None, None, None, Some(name)) => {
            if !file.component.is_empty() || !file.indicator.is_empty() || file.threshold.is_some()
            {
                return Err(AppError::Input(
                    "a form has [[question]]s and nothing else".to_owned(),
                ));
            }
            questions::form(&name, file.about, file.question).map(Parsed::Form)
        }
        _ => Err(AppError::Input(
            "a definition names itself once, as in `category = \"Retention.Cancel intent\"`, \
             `scorecard = \"Service.Greeting\"`, `alert = \"Escalation.Lawyer\"` or \
             `form = \"Quality.Call\"`"
                .to_owned(),
        )),
    }
}

fn category(name: &str, file: File) -> Result<Category, AppError> {
    if !file.indicator.is_empty() {
        return Err(AppError::Input(
            "a category has [[component]]s, no [[indicator]]s".to_owned(),
        ));
    }
    let numbered = file.component.into_iter().enumerate();
    let read = numbered.map(|(place, part)| components::component(place + 1, part));
    let components: Vec<Component> = read.collect::<Result<_, _>>()?;
    let threshold = weight("threshold", file.threshold)?;
    Category::new(name.parse()?, file.about, threshold, components)
        .map_err(|error| AppError::Input(error.to_string()))
}

fn scorecard(name: &str, file: File) -> Result<Scorecard, AppError> {
    if !file.component.is_empty() || file.threshold.is_some() {
        return Err(AppError::Input(
            "a scorecard has [[indicator]]s, no [[component]]s and no threshold".to_owned(),
        ));
    }
    let indicators: Result<_, _> = file.indicator.into_iter().map(indicator).collect();
    Scorecard::new(name.parse()?, file.about, indicators?)
        .map_err(|error| AppError::Input(error.to_string()))
}

fn alert(name: &str, file: File) -> Result<AlertRule, AppError> {
    if !file.component.is_empty() || !file.indicator.is_empty() || file.threshold.is_some() {
        return Err(AppError::Input(
            "an alert has a `query`, and refers to categories with CAT:[…]".to_owned(),
        ));
    }
    if file.query.is_none() && file.score.is_none() {
        return Err(AppError::Input(
            "an alert has a `query`, or a `score` such as `Service.Quality < 60`".to_owned(),
        ));
    }
    let asked = file.query.as_deref().map(|asked| query("query", asked));
    Ok(AlertRule {
        name: name.parse()?,
        about: file.about,
        query: asked.transpose()?,
        score: file.score.as_deref().map(ScoreLimit::parse).transpose()?,
        quiet: file.quiet.as_deref().map_or(Ok(Millis::ZERO), quiet)?,
    })
}

fn quiet(text: &str) -> Result<Millis, AppError> {
    length(text).map_err(|said| AppError::Input(format!("quiet: {said}")))
}

/// A length of time: `90s`, `15m`, `1h` or `1d`.
///
/// # Errors
/// [`AppError::Input`] with what would be right.
pub fn length(text: &str) -> Result<Millis, AppError> {
    let units = [
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    let read = units.iter().find_map(|(unit, millis)| {
        let number: u64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*millis).map(Millis)
    });
    read.ok_or_else(|| AppError::Input(format!("expected 90s, 15m, 1h or 1d, found `{text}`")))
}

fn indicator(part: IndicatorFile) -> Result<Indicator, AppError> {
    let place = format!("indicator `{}`", part.name);
    let applies = part.applies.as_deref();
    let applies = applies
        .map(|text| query(&format!("{place}, applies"), text))
        .transpose()?;
    let measure = match (&part.query, &part.category, &part.metric, &part.ratio) {
        (Some(text), None, None, None) => Measure::Holds(query(&place, text)?),
        (None, Some(name), None, None) => {
            let name: DefinitionName = name.parse()?;
            let there = at_nowhere(Node::Category {
                name: name.to_string(),
                body: None,
            });
            Measure::Holds(if part.present.unwrap_or(true) {
                there
            } else {
                at_nowhere(Node::Not(Box::new(there)))
            })
        }
        (None, None, Some(text), None) => {
            let limit = query(&place, text)?;
            if !matches!(limit.node, Node::Field { .. }) {
                return Err(AppError::Input(format!(
                    "{place}: a metric is a field and its limit, such as `longest_silence<=20s`"
                )));
            }
            Measure::Holds(limit)
        }
        (None, None, None, Some((of, to))) => {
            Measure::Ratio(query(&place, of)?, query(&place, to)?)
        }
        _ => {
            return Err(AppError::Input(format!(
                "{place}: give one of `query`, `category`, `metric` or `ratio`"
            )));
        }
    };
    if part.present.is_some() && part.category.is_none() {
        return Err(AppError::Input(format!(
            "{place}: `present` goes with `category`"
        )));
    }
    Ok(Indicator {
        weight: weight(&part.name, part.weight)?,
        name: part.name,
        critical: part.critical,
        applies,
        measure,
    })
}

pub(super) const fn at_nowhere(node: Node) -> Query {
    Query {
        node,
        place: Place { start: 0, end: 0 },
    }
}

pub(super) fn weight(what: &str, weight: Option<f64>) -> Result<Weight, AppError> {
    weight.map_or(Ok(Weight::ONE), |number| {
        Weight::new(number).ok_or_else(|| {
            AppError::Input(format!(
                "`{what}`: a weight is above 0 and at most 1000000, found {number}"
            ))
        })
    })
}

pub(super) fn query(place: &str, text: &str) -> Result<Query, AppError> {
    // Which fields there are is the tenant's, and checked where the text is taken in.
    let parsed = search::parse_with(text, &FieldSet::standard().with_others())
        .map_err(|error| AppError::Input(format!("{place}: {error}\n  in `{text}`")))?;
    if asks_for_scores(&parsed) {
        return Err(AppError::Input(format!(
            "{place}: a definition cannot ask for a score, which is made after it"
        )));
    }
    Ok(parsed)
}

/// Whether a query asks for a `score.<name>` field.
pub(crate) fn asks_for_scores(query: &Query) -> bool {
    match &query.node {
        Node::Field { name, .. } => name.starts_with("score."),
        Node::Or(parts) | Node::And(parts) | Node::AnyOf(parts) => {
            parts.iter().any(asks_for_scores)
        }
        Node::Not(inner) | Node::Speaker(_, inner) | Node::Edge(_, _, inner) => {
            asks_for_scores(inner)
        }
        Node::Relation(relation) => {
            asks_for_scores(&relation.left) || asks_for_scores(&relation.right)
        }
        Node::NotIn(left, right) => asks_for_scores(left) || asks_for_scores(right),
        Node::Category { body, .. } => body.as_deref().is_some_and(asks_for_scores),
        Node::Phrase { .. } | Node::Similar(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_may_go_by_a_score() {
        let Parsed::Alert(rule) = parse("alert = \"A\"\nscore='Service.Quality < 60'").unwrap()
        else {
            panic!("it is an alert")
        };
        let limit = rule.score.unwrap();
        assert_eq!(limit.scorecard.as_str(), "Service.Quality");
        assert!(limit.passed(Score::new(59.9)) && !limit.passed(Score::new(60.0)));
        assert!(rule.query.is_none());
    }

    #[test]
    fn a_category_reads_from_its_text() {
        let text = "category = \"Retention.Cancel intent\"\nthreshold = 2\n\
                    [[component]]\nname = \"says so\"\nquery = 'consumer:cancel~'\nweight = 2\n\
                    [[component]]\nquery = 'refund NEAR:5 order'\n";
        let Parsed::Category(category) = parse(text).unwrap() else {
            panic!("it is a category")
        };
        assert_eq!(category.name.leaf(), "Cancel intent");
        assert_eq!(category.components[1].name, "2");
        assert_eq!(category.components[1].weight, Weight::ONE);
    }

    #[test]
    fn faults_are_named_by_part_and_column() {
        let cases = [
            ("about = \"x\"", "names itself once"),
            ("category = \"A\"\nfoo = 1", "line 2"),
            (
                "category = \"A]\"\n[[component]]\nquery='a'",
                "parted by dots",
            ),
            (
                "category = \"A\"\n[[component]]\nname='c'\nquery='(a'",
                "component `c`: column",
            ),
            (
                "category = \"A\"\n[[component]]\nquery='score.x>3'",
                "cannot ask for a score",
            ),
            (
                "category = \"A\"\n[[component]]\nquery='a'\nweight=-1",
                "above 0",
            ),
            ("scorecard = \"A\"\n[[indicator]]\nname='i'", "give one of"),
            (
                "scorecard = \"A\"\n[[indicator]]\nname='i'\nmetric='word'",
                "its limit",
            ),
            ("scorecard = \"A\"\nthreshold = 1", "no threshold"),
            (
                "category = \"A\"\n[[component]]\nname='c'",
                "give a `query`",
            ),
            (
                "category = \"A\"\n[[component]]\nquery='a'\nlikeness=0.5",
                "go with `similar`",
            ),
            (
                "category = \"A\"\n[[component]]\nsimilar=['']",
                "phrases of 1 to 400",
            ),
            (
                "category = \"A\"\n[[component]]\nsimilar=['a']\nlikeness=7",
                "a cosine from 0.2 to 1",
            ),
            ("alert = \"A\"", "has a `query`"),
            ("alert = \"A\"\nquery='a'\nquiet='soon'", "found `soon`"),
            ("category = \"A\"\nquery='a'", "an alert's"),
            (
                "alert = \"A\"\nscore='Quality 60'",
                "`Service.Quality < 60`",
            ),
            (
                "alert = \"A\"\nscore='Quality > 160'",
                "found `Quality > 160`",
            ),
            (
                "category = \"A\"\n[[question]]\nname='q'\nask='text'",
                "a form's",
            ),
            ("form = \"A\"", "at least one question"),
            (
                "form = \"A\"\n[[question]]\nname='q'\nask='maybe'",
                "yes_no, scale, choice or text",
            ),
            (
                "form = \"A\"\n[[question]]\nname='q'\nask='choice'\nchoices=['Good']",
                "label = 100",
            ),
            (
                "form = \"A\"\n[[question]]\nname='q'\nask='scale'\nscale=[5, 1]",
                "smaller to a larger",
            ),
        ];
        for (text, said) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
