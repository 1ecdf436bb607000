//! What goes over the wire of moments, forms, coaching and alerts, converted by hand.

use std::collections::BTreeMap;
use std::fmt::Display;

use app::review::{AssignmentView, CalibrationView, FillingView, FormToFill, MomentView, Step};
use app::{AlertView, Ask, Delivery, rfc3339};
use domain::{Credit, Score};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeWire {
    /// What it is known by.
    id: String,
}

impl MadeWire {
    pub(crate) fn of(id: &impl Display) -> Self {
        Self { id: id.to_string() }
    }
}

/// An alert that was raised.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertWire {
    id: String,
    /// Folders and name; none where it is gone.
    alert: Option<String>,
    interaction: String,
    raised: String,
    /// Within the quiet time after another: kept, not told of.
    quiet: bool,
    deliveries: Vec<DeliveryWire>,
}

/// A message that tells of an alert; a receiver gets the same id each time it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryWire {
    id: String,
    route: String,
    /// `waiting`, `sending`, `delivered`, `failed` or `refused`.
    state: &'static str,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl From<&AlertView> for AlertWire {
    fn from(view: &AlertView) -> Self {
        Self {
            id: view.alert.id.to_string(),
            alert: view.name.as_ref().map(ToString::to_string),
            interaction: view.alert.interaction.to_string(),
            raised: rfc3339(view.alert.raised),
            quiet: view.alert.quiet,
            deliveries: view.deliveries.iter().map(DeliveryWire::from).collect(),
        }
    }
}

impl From<&Delivery> for DeliveryWire {
    fn from(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            route: delivery.route.to_string(),
            state: delivery.state.key(),
            attempts: delivery.attempt,
            failure: delivery.failure.clone(),
        }
    }
}

/// A comment, bookmark or tag on a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MomentWire {
    id: String,
    /// `comment`, `bookmark` or `tag`.
    kind: &'static str,
    /// Milliseconds from the start.
    from_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    until_ms: Option<u64>,
    text: String,
    /// Handle of who noted it.
    by: String,
    noted: String,
}

impl From<&MomentView> for MomentWire {
    fn from(view: &MomentView) -> Self {
        Self {
            id: view.id.to_string(),
            kind: view.moment.kind.key(),
            from_ms: view.moment.from,
            until_ms: view.moment.until,
            text: view.moment.text.expose().to_owned(),
            by: view.by.clone(),
            noted: rfc3339(view.noted),
        }
    }
}

/// A moment to note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMomentWire {
    /// `comment`, `bookmark` or `tag`.
    pub(crate) kind: String,
    /// Milliseconds from the start.
    pub(crate) from_ms: u64,
    /// Where it is a stretch.
    pub(crate) until_ms: Option<u64>,
    /// May be empty for a bookmark.
    #[serde(default)]
    pub(crate) text: String,
}

/// A form in use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormWire {
    id: String,
    name: String,
    version: u32,
    about: String,
    questions: Vec<QuestionWire>,
}

/// One question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionWire {
    name: String,
    help: String,
    /// `yes_no`, `scale`, `choice` or `text`.
    ask: &'static str,
    /// What may be answered; nothing for words.
    answers: Vec<String>,
    weight: f64,
    critical: bool,
}

impl From<&FormToFill> for FormWire {
    fn from(one: &FormToFill) -> Self {
        let questions = one.form.questions.iter().map(|question| {
            let (ask, mut answers): (_, Vec<String>) = match &question.ask {
                Ask::YesNo => ("yes_no", vec!["yes".to_owned(), "no".to_owned()]),
                Ask::Scale(from, to) => (
                    "scale",
                    (*from..=*to).map(|points| points.to_string()).collect(),
                ),
                Ask::Choice(choices) => (
                    "choice",
                    choices.iter().map(|(label, _)| label.clone()).collect(),
                ),
                Ask::Text => ("text", Vec::new()),
            };
            if question.may_not_apply && question.ask != Ask::Text {
                answers.push("na".to_owned());
            }
            QuestionWire {
                name: question.name.clone(),
                help: question.help.clone(),
                ask,
                answers,
                weight: question.weight.get(),
                critical: question.critical,
            }
        });
        Self {
            id: one.id.to_string(),
            name: one.name.to_string(),
            version: one.version.0,
            about: one.form.about.clone(),
            questions: questions.collect(),
        }
    }
}

/// A form to fill in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFillingWire {
    /// Folders and name.
    pub(crate) form: String,
    /// Answers by question: `yes`, `no`, `na`, a number, a choice, or words.
    pub(crate) answers: BTreeMap<String, String>,
}

/// A filled form.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FillingWire {
    id: String,
    form: String,
    version: u32,
    by: String,
    at: String,
    /// From 0 to 100; none where nothing applies.
    score: Option<f64>,
    /// Account of the agent whom it is about.
    agent: Option<String>,
    /// `filled`, `acknowledged`, `disputed`, `upheld` or `withdrawn`.
    state: &'static str,
    answers: Vec<AnswerWire>,
    steps: Vec<StepWire>,
}

/// One answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnswerWire {
    question: String,
    answer: String,
    /// What it earns, from 0 to 1; none where it does not apply or is words.
    credit: Option<f64>,
}

/// What happened to something that goes from hand to hand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepWire {
    at: String,
    by: String,
    what: String,
    note: String,
}

impl From<&Step> for StepWire {
    fn from(step: &Step) -> Self {
        Self {
            at: rfc3339(step.at),
            by: step.by.clone(),
            what: step.what.clone(),
            note: step.note.expose().to_owned(),
        }
    }
}

impl From<&FillingView> for FillingWire {
    fn from(view: &FillingView) -> Self {
        let answers = view.answers.iter().map(|one| AnswerWire {
            question: one.question.clone(),
            answer: one.answer.expose().to_owned(),
            credit: one.credit.map(Credit::get),
        });
        Self {
            id: view.id.to_string(),
            form: view.form.clone(),
            version: view.filling.version,
            by: view.by.clone(),
            at: rfc3339(view.at),
            score: view.score().map(Score::get),
            agent: view.filling.agent.map(|id| id.to_string()),
            state: view.filling.stands().key(),
            answers: answers.collect(),
            steps: view.filling.steps.iter().map(StepWire::from).collect(),
        }
    }
}

/// An assignment to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAssignmentWire {
    /// Account of who is asked: an agent who took part, a coach or an owner.
    pub(crate) person: String,
    /// Milliseconds from the start.
    pub(crate) from_ms: u64,
    /// Milliseconds from the start.
    pub(crate) until_ms: u64,
    /// `improve` (the default) or `praise`.
    pub(crate) lesson: Option<String>,
    /// What to listen for.
    #[serde(default)]
    pub(crate) note: String,
    /// By when, RFC 3339.
    pub(crate) due: Option<String>,
}

/// A part of an interaction that somebody was asked to listen to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssignmentWire {
    id: String,
    interaction: String,
    person: String,
    from_ms: u64,
    until_ms: u64,
    lesson: &'static str,
    note: String,
    due: Option<String>,
    /// `assigned`, `listened`, `acknowledged`, `disputed`, `forwarded` or `completed`.
    state: &'static str,
    steps: Vec<StepWire>,
}

impl From<&AssignmentView> for AssignmentWire {
    fn from(view: &AssignmentView) -> Self {
        let part = &view.assignment;
        Self {
            id: view.id.to_string(),
            interaction: view.interaction.to_string(),
            person: part.person.to_string(),
            from_ms: part.from,
            until_ms: part.until,
            lesson: part.lesson.key(),
            note: part.note.expose().to_owned(),
            due: part.due.map(rfc3339),
            state: part.stands().key(),
            steps: part.steps.iter().map(StepWire::from).collect(),
        }
    }
}

/// A step to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepOrderWire {
    /// `completed` or `forwarded`.
    pub(crate) step: String,
    /// A word with it.
    #[serde(default)]
    pub(crate) note: String,
    /// Account of who is asked now, where it is forwarded.
    pub(crate) to: Option<String>,
}

/// A calibration session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalibrationWire {
    id: String,
    form: String,
    /// `open` (blind) or `closed`.
    state: &'static str,
    /// Interactions judged so far by each judge's account.
    judged: BTreeMap<String, usize>,
    /// Once it is closed.
    agreement: Vec<AgreementWire>,
}

/// Agreement on a question, or on the score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgreementWire {
    /// None for the score of the whole form.
    question: Option<String>,
    /// Interactions that at least two judged.
    compared: usize,
    /// Share of pairs of judges who said the same.
    same: Option<f64>,
    /// Cohen's kappa, the mean over pairs of judges.
    kappa: Option<f64>,
    /// Krippendorff's alpha.
    alpha: Option<f64>,
}

impl From<&CalibrationView> for CalibrationWire {
    fn from(view: &CalibrationView) -> Self {
        let seats = view.seats.iter();
        let agreement = view.agreement.iter().map(|one| AgreementWire {
            question: one.question.clone(),
            compared: one.compared,
            same: one.same,
            kappa: one.kappa,
            alpha: one.alpha,
        });
        Self {
            id: view.id.to_string(),
            form: view.form.clone(),
            state: view.session.state.key(),
            judged: seats
                .map(|seat| (seat.judge.to_string(), seat.judged.len()))
                .collect(),
            agreement: agreement.collect(),
        }
    }
}
