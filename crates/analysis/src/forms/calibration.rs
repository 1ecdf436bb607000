//! How far people agree who filled in one form for the same interactions.

use super::{Answer, Ask, Form, Question};
use crate::scores::{Level, cohen, krippendorff};

/// What one judge answered about one interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The judge's place among the judges.
    pub judge: usize,
    /// By question.
    pub answers: Vec<(String, Answer)>,
}

/// Agreement on one question, or on the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// The question; none for the score of the whole form.
    pub question: Option<String>,
    /// Interactions that at least two judged.
    pub compared: usize,
    /// Share of pairs of judges who said the same; none without pairs.
    pub same: Option<f64>,
    /// Cohen's kappa: of two judges, or the mean over pairs of more (R. J. Light, Psychological
    /// Bulletin 76, 1971). None where chance alone gives full agreement.
    pub kappa: Option<f64>,
    /// Krippendorff's alpha: points and scores as numbers, the rest as same or not.
    pub alpha: Option<f64>,
}

/// Agreement on every question that can be compared, in the form's order, then on the score.
#[must_use]
pub fn agreements(form: &Form, interactions: &[Vec<Judgement>]) -> Vec<Agreement> {
    let asked = form.questions.iter().filter(|one| one.ask != Ask::Text);
    let mut all: Vec<Agreement> = asked
        .map(|question| {
            let level = match question.ask {
                Ask::Scale(..) => Level::Interval,
                Ask::YesNo | Ask::Choice(_) | Ask::Text => Level::Nominal,
            };
            let units = units(interactions, |answers| coded(question, answers));
            agreement(Some(question.name.clone()), &units, level)
        })
        .collect();
    let scores = units(interactions, |answers| {
        form.score(answers).map(domain::Score::get)
    });
    all.push(agreement(None, &scores, Level::Interval));
    all
}

fn coded(question: &Question, answers: &[(String, Answer)]) -> Option<f64> {
    let (_, answer) = answers.iter().find(|(name, _)| *name == question.name)?;
    question.coded(answer).map(f64::from)
}

/// For each interaction the judges that said something comparable, and what.
fn units(
    interactions: &[Vec<Judgement>],
    value: impl Fn(&[(String, Answer)]) -> Option<f64>,
) -> Vec<Vec<(usize, f64)>> {
    interactions
        .iter()
        .map(|judged| {
            let said = judged.iter();
            said.filter_map(|one| Some((one.judge, value(&one.answers)?)))
                .collect()
        })
        .collect()
}

fn agreement(question: Option<String>, units: &[Vec<(usize, f64)>], level: Level) -> Agreement {
    let plain: Vec<Vec<f64>> = units
        .iter()
        .map(|unit| unit.iter().map(|(_, value)| *value).collect())
        .collect();
    let judges = units
        .iter()
        .flatten()
        .map(|(judge, _)| judge + 1)
        .max()
        .unwrap_or(0);
    let mut kappas = Vec::new();
    let (mut pairs, mut same) = (0u32, 0u32);
    for first in 0..judges {
        for second in first + 1..judges {
            let both = pairs_of(units, first, second);
            pairs = pairs.saturating_add(u32::try_from(both.len()).unwrap_or(u32::MAX));
            let alike = both.iter().filter(|(a, b)| a == b).count();
            same = same.saturating_add(u32::try_from(alike).unwrap_or(u32::MAX));
            kappas.extend(cohen(&both));
        }
    }
    let count = u32::try_from(kappas.len()).unwrap_or(u32::MAX);
    Agreement {
        question,
        compared: units.iter().filter(|unit| unit.len() > 1).count(),
        same: (pairs > 0).then(|| f64::from(same) / f64::from(pairs)),
        kappa: (count > 0).then(|| kappas.iter().sum::<f64>() / f64::from(count)),
        alpha: krippendorff(&plain, level),
    }
}

/// What two judges said of the interactions that both judged, in tenths of a point, so that it
/// can be told whether they are the same.
fn pairs_of(units: &[Vec<(usize, f64)>], first: usize, second: usize) -> Vec<(i64, i64)> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "codes and scores are far below 2^53"
    )]
    let of = |unit: &[(usize, f64)], judge: usize| {
        let said = unit.iter().find(|(who, _)| *who == judge)?;
        Some((said.1 * 10.0).round() as i64)
    };
    units
        .iter()
        .filter_map(|unit| Some((of(unit, first)?, of(unit, second)?)))
        .collect()
}
