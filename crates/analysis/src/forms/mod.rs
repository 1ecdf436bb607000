//! Forms that people fill in beside an interaction: questions, what answers earn, the score.
//!
//! The score is a scorecard's ([`crate::scores`]): what does not apply is in neither sum, and a
//! critical question that earns nothing makes the form zero.

mod calibration;
mod sampling;

pub use calibration::{Agreement, Judgement, agreements};
pub use sampling::draw;

use domain::{Credit, DefinitionName, IndicatorFinding, Score, Secret, Weight};

use crate::scores;

/// Questions of one form.
const MAX_QUESTIONS: usize = 100;
/// Characters of a written answer.
const LONGEST_TEXT: usize = 4_000;

/// What may be answered to a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Yes earns all, no nothing.
    YesNo,
    /// Points from the first number to the second; the first earns nothing, the last all.
    Scale(u8, u8),
    /// One of these, each with what it earns.
    Choice(Vec<(String, Credit)>),
    /// Words; they earn nothing and are in no sum.
    Text,
}

/// One line of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What it is called.
    pub name: String,
    /// How it is meant; may be empty.
    pub help: String,
    /// What may be answered.
    pub ask: Ask,
    /// How much it counts.
    pub weight: Weight,
    /// Where it earns nothing, the form is zero.
    pub critical: bool,
    /// It may be answered with "does not apply".
    pub may_not_apply: bool,
}

/// What somebody answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Met.
    Yes,
    /// Not met.
    No,
    /// It does not apply here.
    NotApplicable,
    /// So many points.
    Points(u8),
    /// This choice.
    Choice(String),
    /// These words.
    Text(Secret),
}

/// Questions in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Folders and name.
    pub name: DefinitionName,
    /// What it is for.
    pub about: String,
    /// Its questions, at least one that counts.
    pub questions: Vec<Question>,
}

/// Why questions make no form, or answers do not fit one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Nothing would be scored.
    #[error("a form has at least one question that counts: yes_no, scale or choice")]
    Empty,
    /// More than anybody answers.
    #[error("a form has at most {MAX_QUESTIONS} questions")]
    TooMany,
    /// Two questions of one name.
    #[error("two questions are called `{0}`; give each a name of its own")]
    Twice(String),
    /// A scale without a span.
    #[error("question `{0}`: a scale goes from a smaller to a larger number, such as [1, 5]")]
    Scale(String),
    /// A choice among fewer than two.
    #[error("question `{0}`: a choice has at least two different choices")]
    Choices(String),
    /// A critical question that earns nothing anyway.
    #[error("question `{0}`: words earn nothing, so it cannot be critical")]
    CriticalText(String),
    /// No such question.
    #[error("the form has no question `{0}`")]
    Unknown(String),
    /// A question without an answer.
    #[error("question `{0}` has no answer")]
    Unanswered(String),
    /// An answer that the question does not take.
    #[error("question `{question}`: expected {expected}")]
    Answer {
        /// Which question.
        question: String,
        /// What would be right.
        expected: String,
    },
}

impl Form {
    /// A form of checked questions.
    ///
    /// # Errors
    /// [`FormError`] naming the question and the rule that it breaks.
    pub fn new(
        name: DefinitionName,
        about: String,
        questions: Vec<Question>,
    ) -> Result<Self, FormError> {
        if questions.len() > MAX_QUESTIONS {
            return Err(FormError::TooMany);
        }
        if questions.iter().all(|one| one.ask == Ask::Text) {
            return Err(FormError::Empty);
        }
        for (place, question) in questions.iter().enumerate() {
            let rest = questions.iter().skip(place + 1);
            if rest.clone().any(|other| other.name == question.name) {
                return Err(FormError::Twice(question.name.clone()));
            }
            question.check()?;
        }
        Ok(Self {
            name,
            about,
            questions,
        })
    }

    /// The answers in the questions' order, from texts by question; a written answer may be
    /// missing, and so may one that need not apply where it is given as `na`.
    ///
    /// # Errors
    /// [`FormError`] naming the question.
    pub fn read(&self, given: &[(String, String)]) -> Result<Vec<(String, Answer)>, FormError> {
        let known = |name: &str| self.questions.iter().any(|one| one.name == name);
        if let Some((name, _)) = given.iter().find(|(name, _)| !known(name)) {
            return Err(FormError::Unknown(name.clone()));
        }
        let mut answers = Vec::with_capacity(self.questions.len());
        for question in &self.questions {
            let found = given.iter().find(|(name, _)| *name == question.name);
            let text = found.map_or("", |(_, text)| text.trim());
            if text.is_empty() {
                if question.ask == Ask::Text {
                    continue;
                }
                return Err(FormError::Unanswered(question.name.clone()));
            }
            answers.push((question.name.clone(), question.read(text)?));
        }
        Ok(answers)
    }

    /// What the answers earn, from 0 to 100; none where no question applies.
    #[must_use]
    pub fn score(&self, answers: &[(String, Answer)]) -> Option<Score> {
        let counted = self.questions.iter().filter_map(|question| {
            let (_, answer) = answers.iter().find(|(name, _)| *name == question.name)?;
            (question.ask != Ask::Text).then(|| IndicatorFinding {
                name: question.name.clone(),
                weight: question.weight,
                critical: question.critical,
                credit: question.credit(answer),
                evidence: Vec::new(),
            })
        });
        scores::total(&counted.collect::<Vec<_>>())
    }
}

impl Question {
    fn check(&self) -> Result<(), FormError> {
        match &self.ask {
            Ask::Scale(from, to) if from >= to => Err(FormError::Scale(self.name.clone())),
            Ask::Choice(choices) => {
                let twice = choices.iter().enumerate().any(|(place, (label, _))| {
                    let rest = choices.iter().skip(place + 1);
                    label.eq_ignore_ascii_case("na")
                        || rest.clone().any(|(other, _)| other == label)
                });
                if choices.len() < 2 || twice {
                    return Err(FormError::Choices(self.name.clone()));
                }
                Ok(())
            }
            Ask::Text if self.critical => Err(FormError::CriticalText(self.name.clone())),
            Ask::YesNo | Ask::Scale(..) | Ask::Text => Ok(()),
        }
    }

    /// An answer from its text: `yes`, `no`, `na`, a number, a choice, or words.
    ///
    /// # Errors
    /// [`FormError::Answer`] saying what would be right.
    pub fn read(&self, text: &str) -> Result<Answer, FormError> {
        let short = text.to_lowercase();
        if self.may_not_apply && self.ask != Ask::Text && short == "na" {
            return Ok(Answer::NotApplicable);
        }
        let read = match &self.ask {
            Ask::YesNo => match short.as_str() {
                "yes" => Some(Answer::Yes),
                "no" => Some(Answer::No),
                _ => None,
            },
            Ask::Scale(from, to) => {
                let points: Option<u8> = short.parse().ok();
                points
                    .filter(|points| (from..=to).contains(&points))
                    .map(Answer::Points)
            }
            Ask::Choice(choices) => choices
                .iter()
                .find(|(label, _)| label.to_lowercase() == short)
                .map(|(label, _)| Answer::Choice(label.clone())),
            Ask::Text => {
                (text.chars().count() <= LONGEST_TEXT).then(|| Answer::Text(Secret::new(text)))
            }
        };
        read.ok_or_else(|| FormError::Answer {
            question: self.name.clone(),
            expected: self.expected(),
        })
    }

    fn expected(&self) -> String {
        let mut text = match &self.ask {
            Ask::YesNo => "yes or no".to_owned(),
            Ask::Scale(from, to) => format!("a whole number from {from} to {to}"),
            Ask::Choice(choices) => {
                let labels: Vec<&str> = choices.iter().map(|(label, _)| label.as_str()).collect();
                format!("one of: {}", labels.join(", "))
            }
            Ask::Text => format!("at most {LONGEST_TEXT} characters"),
        };
        if self.may_not_apply && self.ask != Ask::Text {
            text.push_str(", or na where it does not apply");
        }
        text
    }

    /// What an answer earns; none where it does not apply or earns nothing by its kind.
    #[must_use]
    pub fn credit(&self, answer: &Answer) -> Option<Credit> {
        match (&self.ask, answer) {
            (Ask::YesNo, Answer::Yes) => Some(Credit::FULL),
            (Ask::YesNo, Answer::No) => Some(Credit::NONE),
            (Ask::Scale(from, to), Answer::Points(points)) => {
                let span = f64::from(to.saturating_sub(*from));
                Some(Credit::new(f64::from(points.saturating_sub(*from)) / span))
            }
            (Ask::Choice(choices), Answer::Choice(chosen)) => choices
                .iter()
                .find(|(label, _)| label == chosen)
                .map(|(_, credit)| *credit),
            _ => None,
        }
    }

    /// An answer as a number to compare with others: none for words, and for points that do not
    /// apply.
    #[must_use]
    pub(crate) fn coded(&self, answer: &Answer) -> Option<u32> {
        match (&self.ask, answer) {
            (Ask::Text, _) | (Ask::Scale(..), Answer::NotApplicable) => None,
            (_, Answer::NotApplicable) => Some(u32::MAX),
            (_, Answer::Yes) => Some(1),
            (_, Answer::No) => Some(0),
            (_, Answer::Points(points)) => Some(u32::from(*points)),
            (Ask::Choice(choices), Answer::Choice(chosen)) => {
                let place = choices.iter().position(|(label, _)| label == chosen)?;
                u32::try_from(place).ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
