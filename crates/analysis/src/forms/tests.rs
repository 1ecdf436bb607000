use super::*;

fn question(name: &str, ask: Ask) -> Question {
    Question {
        name: name.to_owned(),
        help: String::new(),
        ask,
        weight: Weight::ONE,
        critical: false,
        may_not_apply: true,
    }
}

fn form() -> Form {
    let choices = vec![
        ("Poor".to_owned(), Credit::NONE),
        ("Fair".to_owned(), Credit::new(0.5)),
        ("Good".to_owned(), Credit::FULL),
    ];
    let mut greets = question("Greets", Ask::YesNo);
    greets.weight = Weight::new(2.0).unwrap();
    let mut checks = question("Checks who it is", Ask::YesNo);
    checks.critical = true;
    Form::new(
        "Quality.Call".parse().unwrap(),
        String::new(),
        vec![
            greets,
            checks,
            question("Tone", Ask::Scale(1, 5)),
            question("Ending", Ask::Choice(choices)),
            question("Remarks", Ask::Text),
        ],
    )
    .unwrap()
}

fn given(texts: &[&str]) -> Vec<(String, String)> {
    let names = ["Greets", "Checks who it is", "Tone", "Ending", "Remarks"];
    let pairs = names.iter().zip(texts);
    pairs
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn scored(texts: &[&str]) -> Option<f64> {
    let form = form();
    let answers = form.read(&given(texts)).unwrap();
    form.score(&answers).map(Score::get)
}

#[test]
fn weights_add_up_what_does_not_apply_is_left_out_and_a_critical_no_is_zero() {
    // (2·1 + 1·1 + 1·(3-1)/4 + 1·0.5) / 5
    assert_eq!(scored(&["yes", "yes", "3", "fair", "kind"]), Some(80.0));
    // Tone and Ending out: (2·0 + 1) / 3
    let rest = scored(&["no", "yes", "na", "na"]).unwrap();
    assert!((rest - 100.0 / 3.0).abs() < 1e-9);
    assert_eq!(scored(&["yes", "no", "5", "Good"]), Some(0.0));
    assert_eq!(scored(&["na", "na", "na", "na"]), None);
}

#[test]
fn answers_that_do_not_fit_are_named_with_what_would() {
    let form = form();
    for (texts, said) in [
        (&["yes", "yes", "6", "Good"][..], "from 1 to 5"),
        (&["yes", "maybe", "5", "Good"], "yes or no"),
        (&["yes", "yes", "5", "Superb"], "Poor, Fair, Good"),
        (&["yes", "", "5", "Good"], "has no answer"),
    ] {
        let error = form.read(&given(texts)).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let stray = [("Nothing".to_owned(), "yes".to_owned())];
    assert!(matches!(form.read(&stray), Err(FormError::Unknown(_))));
}

#[test]
fn faulty_forms_are_refused_by_the_rule_they_break() {
    let made = |questions| Form::new("A".parse().unwrap(), String::new(), questions).unwrap_err();
    let twice = vec![question("a", Ask::YesNo), question("a", Ask::YesNo)];
    assert_eq!(made(twice), FormError::Twice("a".to_owned()));
    assert_eq!(made(vec![question("a", Ask::Text)]), FormError::Empty);
    let scale = vec![question("a", Ask::Scale(5, 5))];
    assert_eq!(made(scale), FormError::Scale("a".to_owned()));
    let one = Ask::Choice(vec![("x".to_owned(), Credit::FULL)]);
    assert_eq!(
        made(vec![question("a", one)]),
        FormError::Choices("a".to_owned())
    );
}

#[test]
fn agreement_is_full_where_all_say_the_same_and_none_where_it_is_chance() {
    let form = form();
    let fill = |judge, texts: &[&str]| Judgement {
        judge,
        answers: form.read(&given(texts)).unwrap(),
    };
    let (good, poor) = (["yes", "yes", "5", "Good"], ["no", "yes", "2", "Poor"]);
    let agreed = vec![
        vec![fill(0, &good), fill(1, &good), fill(2, &good)],
        vec![fill(0, &poor), fill(1, &poor), fill(2, &poor)],
    ];
    let all = agreements(&form, &agreed);
    assert_eq!(all.len(), 5, "four questions and the score");
    assert_eq!((all[0].kappa, all[0].alpha), (Some(1.0), Some(1.0)));
    assert_eq!(all[1].kappa, None, "nobody ever said no");
    assert_eq!(all[4].alpha, Some(1.0));
    assert_eq!((all[4].question.clone(), all[4].compared), (None, 2));

    let crossed = vec![
        vec![fill(0, &good), fill(1, &good)],
        vec![fill(0, &good), fill(1, &poor)],
        vec![fill(0, &poor), fill(1, &good)],
        vec![fill(0, &poor), fill(1, &poor)],
    ];
    let chance = &agreements(&form, &crossed)[0];
    assert_eq!((chance.same, chance.kappa), (Some(0.5), Some(0.0)));
    let alone = vec![vec![fill(0, &good)]];
    let nothing = &agreements(&form, &alone)[0];
    assert_eq!(
        (nothing.compared, nothing.same, nothing.alpha),
        (0, None, None)
    );
}

#[test]
fn the_same_seed_draws_the_same_in_any_order_and_another_draws_others() {
    let candidates: Vec<u128> = (0..200).map(|n| n * 0x1_0000_0000_0000_0001 + 7).collect();
    let mut turned = candidates.clone();
    turned.reverse();
    let of = |seed, from: &[u128]| -> Vec<u128> {
        draw(seed, from, 12)
            .into_iter()
            .map(|place| from[place])
            .collect()
    };
    assert_eq!(of(1, &candidates), of(1, &turned));
    assert_ne!(of(1, &candidates), of(2, &candidates));
    assert_eq!(draw(1, &candidates[..3], 9).len(), 3);
    // Each of 200 is drawn about 12 times in 200 draws of 12.
    let mut counts = vec![0u32; 200];
    for seed in 0..200 {
        for place in draw(seed, &candidates, 12) {
            counts[place] += 1;
        }
    }
    assert!(
        counts.iter().all(|count| (1..40).contains(count)),
        "{counts:?}"
    );
}
