//! A form's questions as its text file says them.

use analysis::forms::{Ask, Form, Question};
use domain::Credit;
use serde::Deserialize;

use super::text::weight;
use crate::error::AppError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionFile {
    name: String,
    #[serde(default)]
    help: String,
    ask: String,
    scale: Option<(u8, u8)>,
    choices: Option<Vec<String>>,
    weight: Option<f64>,
    #[serde(default)]
    critical: bool,
    /// Whether "does not apply" may be answered.
    #[serde(default)]
    na: bool,
}

pub(super) fn form(
    name: &str,
    about: String,
    questions: Vec<QuestionFile>,
) -> Result<Form, AppError> {
    let questions: Result<Vec<Question>, AppError> = questions.into_iter().map(question).collect();
    Form::new(name.parse()?, about, questions?).map_err(|error| AppError::Input(error.to_string()))
}

fn question(file: QuestionFile) -> Result<Question, AppError> {
    let place = format!("question `{}`", file.name);
    let ask = match (file.ask.as_str(), file.scale, &file.choices) {
        ("yes_no", None, None) => Ask::YesNo,
        ("scale", scale, None) => {
            let (from, to) = scale.unwrap_or((1, 5));
            Ask::Scale(from, to)
        }
        ("choice", None, Some(choices)) => {
            let read: Result<Vec<_>, AppError> =
                choices.iter().map(|text| choice(&place, text)).collect();
            Ask::Choice(read?)
        }
        ("text", None, None) => Ask::Text,
        _ => {
            return Err(AppError::Input(format!(
                "{place}: `ask` is yes_no, scale, choice or text; `scale = [1, 5]` goes with a \
                 scale, `choices = [\"Good = 100\", \"Poor = 0\"]` with a choice"
            )));
        }
    };
    Ok(Question {
        weight: weight(&file.name, file.weight)?,
        name: file.name,
        help: file.help,
        ask,
        critical: file.critical,
        may_not_apply: file.na,
    })
}

/// `Good = 100`: a label and what it earns of 100.
fn choice(place: &str, text: &str) -> Result<(String, Credit), AppError> {
    let wanted = || {
        AppError::Input(format!(
            "{place}: expected a choice as `label = 100`, from 0 to 100, found `{text}`"
        ))
    };
    let (label, earns) = text.rsplit_once('=').ok_or_else(wanted)?;
    let earns: f64 = earns.trim().parse().map_err(|_| wanted())?;
    let label = label.trim();
    if label.is_empty() || !(0.0..=100.0).contains(&earns) {
        return Err(wanted());
    }
    Ok((label.to_owned(), Credit::new(earns / 100.0)))
}
