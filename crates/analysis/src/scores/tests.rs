use domain::Secret;

use super::*;
use crate::search::parse;

fn finding(name: &str, weight: f64, critical: bool, credit: Option<f64>) -> IndicatorFinding {
    IndicatorFinding {
        name: name.to_owned(),
        weight: Weight::new(weight).unwrap(),
        critical,
        credit: credit.map(Credit::new),
        evidence: Vec::new(),
    }
}

fn points(indicators: &[IndicatorFinding]) -> Option<f64> {
    total(indicators).map(Score::get)
}

#[test]
fn what_does_not_apply_is_in_neither_sum() {
    let both = [
        finding("a", 30.0, false, Some(1.0)),
        finding("b", 10.0, false, Some(0.0)),
    ];
    assert_eq!(points(&both), Some(75.0));
    let one = [both[0].clone(), finding("b", 10.0, false, None)];
    assert_eq!(points(&one), Some(100.0));
    assert_eq!(points(&[finding("a", 1.0, true, None)]), None);
}

#[test]
fn a_critical_indicator_that_is_not_met_makes_the_score_zero() {
    let failed = [
        finding("a", 99.0, false, Some(1.0)),
        finding("b", 1.0, true, Some(0.0)),
    ];
    assert_eq!(points(&failed), Some(0.0));
    let partly = [
        finding("a", 1.0, false, Some(1.0)),
        finding("b", 1.0, true, Some(0.5)),
    ];
    assert_eq!(points(&partly), Some(75.0));
}

#[test]
fn an_override_counts_and_the_computed_value_is_kept() {
    let computed = [
        finding("a", 1.0, false, Some(1.0)),
        finding("b", 1.0, false, Some(0.0)),
    ];
    let says = |credit| Override {
        indicator: "b".to_owned(),
        credit,
        reason: Secret::new("said in other words"),
    };
    let first = overridden(&computed, &[says(Some(Credit::FULL))]);
    assert_eq!(
        (points(&computed), points(&first)),
        (Some(50.0), Some(100.0))
    );
    let last = overridden(&computed, &[says(Some(Credit::FULL)), says(None)]);
    assert_eq!(last[1].credit, None);
}

#[test]
fn indicators_are_decided_by_their_answers() {
    let indicator = |name: &str, applies: Option<&str>, measure| Indicator {
        name: name.to_owned(),
        weight: Weight::ONE,
        critical: false,
        applies: applies.map(|query| parse(query).unwrap()),
        measure,
    };
    let holds = |query: &str| Measure::Holds(parse(query).unwrap());
    let ratio = Measure::Ratio(parse("sorry").unwrap(), parse("complaint").unwrap());
    let card = Scorecard::new(
        "Quality".parse().unwrap(),
        String::new(),
        vec![
            indicator("greets", None, holds("hello")),
            indicator("offers", Some("cancel"), holds("offer")),
            indicator("quiet", None, holds("overtalk<5s")),
            indicator("sorry", None, ratio),
        ],
    )
    .unwrap();
    assert_eq!(card.queries().count(), 6);
    let evidence = |count: usize| Some(vec![some_evidence(); count]);
    // greets; applies and offers; quiet; sorry to complaint.
    let answers = [
        evidence(1),
        None,
        evidence(1),
        None,
        evidence(1),
        evidence(2),
    ];
    let credits = |measured: bool| -> Vec<Option<f64>> {
        let out = card.decide(&answers, &|_| measured);
        out.iter().map(|one| one.credit.map(Credit::get)).collect()
    };
    assert_eq!(credits(true), [Some(1.0), None, Some(0.0), Some(0.5)]);
    assert_eq!(credits(false), [Some(1.0), None, None, Some(0.5)]);
}

fn some_evidence() -> Evidence {
    use domain::{Millis, Span, WordIndex};
    Evidence {
        first: WordIndex(0),
        last: WordIndex(0),
        span: Span::between(Millis(0), Millis(1)),
        parts: Vec::new(),
    }
}

/// The example of Wikipedia's article on Cohen's kappa: 20 and 15 agreements of 50, kappa 0.4.
#[test]
fn kappa_of_a_published_example() {
    let mut pairs = vec![("yes", "yes"); 20];
    pairs.extend(vec![("yes", "no"); 5]);
    pairs.extend(vec![("no", "yes"); 10]);
    pairs.extend(vec![("no", "no"); 15]);
    assert!((cohen(&pairs).unwrap() - 0.4).abs() < 1e-12);
    assert_eq!(cohen::<u8>(&[]), None);
    assert_eq!(cohen(&[(1, 1)]), None, "chance alone gives that");
}

/// Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part C: four observers,
/// twelve units with gaps; nominal 0.743, interval 0.849.
#[test]
fn alpha_of_a_published_example() {
    let units: Vec<Vec<f64>> = [
        vec![1.0, 1.0, 1.0],
        vec![2.0, 2.0, 3.0, 2.0],
        vec![3.0, 3.0, 3.0, 3.0],
        vec![3.0, 3.0, 3.0, 3.0],
        vec![2.0, 2.0, 2.0, 2.0],
        vec![1.0, 2.0, 3.0, 4.0],
        vec![4.0, 4.0, 4.0, 4.0],
        vec![1.0, 1.0, 2.0, 1.0],
        vec![2.0, 2.0, 2.0, 2.0],
        vec![5.0, 5.0, 5.0],
        vec![1.0, 1.0],
        vec![3.0],
    ]
    .to_vec();
    let nominal = krippendorff(&units, Level::Nominal).unwrap();
    let interval = krippendorff(&units, Level::Interval).unwrap();
    assert!((nominal - 0.743).abs() < 1e-3, "{nominal}");
    assert!((interval - 0.849).abs() < 1e-3, "{interval}");
    assert_eq!(krippendorff(&[vec![1.0, 1.0]], Level::Nominal), None);
}
