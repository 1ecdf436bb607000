//! What people do with interactions: moments, forms with disputes, blind calibration, sampling,
//! coaching.

use app::review::{
    NewAssignment, NewCalibration, NewFilling, NewMoment, SeenAssignments, SeenFillings, StepOrder,
    week_of,
};
use app::{App, AppError, Invitation, Scope};
use domain::{
    AnswerStep, AssignmentStep, Credit, InteractionId, Judged, Lesson, Millis, MomentKind, Purpose,
    Secret, TenantRole, UserId,
};

use crate::desk::{chat, take};
use crate::installation::{Engine, Installation};

const FORM: &str = r#"
form = "Quality.Call"
about = "how the call was handled"
[[question]]
name = "Greets"
ask = "yes_no"
weight = 2
[[question]]
name = "Checks who it is"
ask = "yes_no"
critical = true
na = true
[[question]]
name = "Tone"
ask = "scale"
scale = [1, 5]
[[question]]
name = "Remarks"
ask = "text"
"#;

/// Somebody of the tenant with an account, and their scope.
async fn somebody(place: &Installation, name: &str, role: TenantRole) -> (UserId, Scope) {
    let app = &place.app;
    let first = name.split(' ').next().unwrap().to_lowercase();
    let person = Invitation {
        tenant: place.tenant,
        mail: format!("{first}@acme.example").parse().unwrap(),
        name: Secret::new(name),
        role,
    };
    let (id, code) = app.invite(&person, "test").await.unwrap();
    let token = app
        .join(&code, &Secret::new("crumple-orbit-9-lantern"))
        .await
        .unwrap()
        .unwrap();
    let caller = app.session_caller(&token).await.unwrap().unwrap();
    (id, app.caller_scope(&caller, Purpose::Review).unwrap())
}

fn answers(texts: &[(&str, &str)]) -> NewFilling {
    NewFilling {
        form: "quality.call".to_owned(),
        answers: texts
            .iter()
            .map(|(question, answer)| ((*question).to_owned(), (*answer).to_owned()))
            .collect(),
        session: None,
    }
}

async fn in_use(app: &App, scope: &Scope, text: &str) {
    let taken = app.import_definition(scope, text, "first").await.unwrap();
    let names = app
        .publish_definitions(scope, std::slice::from_ref(&taken.name))
        .await;
    assert_eq!(names.unwrap(), [taken.name]);
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> String {
    match outcome {
        Err(AppError::Input(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn denied<T: std::fmt::Debug>(outcome: Result<T, AppError>) {
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
}

async fn ready(place: &Installation, number: usize) -> InteractionId {
    let id = take(place, chat(number, "tom@example.org")).await;
    place.app.work(app::Until::Drained, |_| {}).await.unwrap();
    id
}

async fn moments_are_noted_and_seen(engine: Engine) {
    let place = Installation::new(engine).await;
    let app = &place.app;
    let id = ready(&place, 1).await;
    let (_, ana) = somebody(&place, "Ana Lyst", TenantRole::Analyst).await;
    let (_, cole) = somebody(&place, "Cole Coach", TenantRole::Coach).await;
    let (_, priya) = somebody(&place, "Priya Nair", TenantRole::Agent).await;
    let (_, owen) = somebody(&place, "Owen Hughes", TenantRole::Agent).await;
    let moment = |kind, at, text: &str| NewMoment {
        kind,
        from: Millis(at),
        until: None,
        text: Secret::new(text),
    };
    let comment = moment(MomentKind::Comment, 4_000, "unheard-of politeness");
    let noted = app.add_moment(&ana, id, &comment).await.unwrap();
    let mark = moment(MomentKind::Bookmark, 1_000, "");
    app.add_moment(&cole, id, &mark).await.unwrap();
    let seen = app.moments(&priya, id).await.unwrap();
    let places: Vec<u64> = seen.iter().map(|one| one.moment.from).collect();
    assert_eq!(places, [1_000, 4_000], "the agent sees them, in order");
    denied(app.add_moment(&priya, id, &comment).await);
    denied(app.moments(&owen, id).await);

    let late = moment(MomentKind::Comment, 90_000_000, "x");
    assert!(refused(app.add_moment(&ana, id, &late).await).contains("ends at"));
    let empty = moment(MomentKind::Tag, 0, " ");
    assert!(refused(app.add_moment(&ana, id, &empty).await).contains("needs words"));

    denied(app.remove_moment(&ana, id, seen[0].id).await);
    app.remove_moment(&cole, id, noted).await.unwrap();
    assert_eq!(app.moments(&ana, id).await.unwrap().len(), 1);
    place
        .assert_unreadable(&["unheard-of politeness", "Cole Coach"])
        .await;
    assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
}

#[tokio::test]
async fn moments_are_noted_and_seen_embedded() {
    moments_are_noted_and_seen(Engine::Embedded).await;
}

#[tokio::test]
async fn moments_are_noted_and_seen_on_postgresql() {
    moments_are_noted_and_seen(Engine::PostgreSql).await;
}

async fn forms(engine: Engine) {
    let place = Installation::new(engine).await;
    let app = &place.app;
    let id = ready(&place, 1).await;
    let (priya_id, priya) = somebody(&place, "Priya Nair", TenantRole::Agent).await;
    let (_, cole) = somebody(&place, "Cole Coach", TenantRole::Coach).await;
    let (_, ana) = somebody(&place, "Ana Lyst", TenantRole::Analyst).await;
    in_use(app, &cole, FORM).await;

    let given = answers(&[
        ("Greets", "yes"),
        ("Checks who it is", "na"),
        ("Tone", "3"),
        ("Remarks", "unspeakably calm"),
    ]);
    denied(app.fill_form(&ana, id, &given).await);
    denied(app.fill_form(&priya, id, &given).await);
    let filled = app.fill_form(&cole, id, &given).await.unwrap();
    let short = answers(&[("Greets", "yes")]);
    assert!(refused(app.fill_form(&cole, id, &short).await).contains("Checks who it is"));

    // An edit is a new version; what was filled in is read by what was asked.
    let stricter = FORM.replace("scale = [1, 5]", "scale = [1, 10]");
    in_use(app, &cole, &stricter).await;
    let poor = answers(&[
        ("Greets", "yes"),
        ("Checks who it is", "no"),
        ("Tone", "10"),
    ]);
    app.fill_form(&cole, id, &poor).await.unwrap();
    let seen = app.fillings_of(&ana, id).await.unwrap();
    let shown: Vec<(u32, f64)> = seen
        .iter()
        .map(|one| (one.filling.version, one.score().unwrap().get()))
        .collect();
    // (2 + 0.5) / 3, and a critical no.
    assert_eq!((shown[0], shown[1].0), ((2, 0.0), 1));
    assert!((shown[1].1 - 250.0 / 3.0).abs() < 1e-9);
    let tone = seen[1]
        .answers
        .iter()
        .find(|one| one.question == "Tone")
        .unwrap();
    assert_eq!(tone.credit, Some(Credit::new(0.5)));
    assert_eq!(seen[1].filling.agent, Some(priya_id));

    // The agent answers to it; a dispute is settled by whoever may judge.
    let mine = SeenFillings {
        agent: Some(priya_id),
        ..SeenFillings::default()
    };
    assert_eq!(app.fillings(&priya, &mine).await.unwrap().len(), 2);
    let by_another = app
        .answer_filling(&cole, filled, AnswerStep::Disputed, "no")
        .await;
    assert!(refused(by_another).contains("only the agent"));
    assert!(
        refused(
            app.answer_filling(&priya, filled, AnswerStep::Disputed, " ")
                .await
        )
        .contains("say why")
    );
    app.answer_filling(&priya, filled, AnswerStep::Disputed, "it was noon")
        .await
        .unwrap();
    denied(
        app.answer_filling(&ana, filled, AnswerStep::Upheld, "x")
            .await,
    );
    app.answer_filling(&cole, filled, AnswerStep::Withdrawn, "right")
        .await
        .unwrap();
    let again = app
        .answer_filling(&priya, filled, AnswerStep::Disputed, "still")
        .await;
    assert!(refused(again).contains("does not follow"));
    let page = app.agent_page(&priya).await.unwrap();
    // The conversation was weeks ago or is weeks ahead of the trend; the week counts, not today.
    let counted: Vec<_> = page
        .fillings
        .iter()
        .filter(|one| one.filling.stands().counts())
        .collect();
    assert_eq!(counted.len(), 1, "what was withdrawn does not count");
    let began = app::parse_time("2026-10-08T16:20:05Z").unwrap();
    assert_eq!(counted[0].filling.handled, began);
    let forms: u32 = page.trend.iter().map(|week| week.forms).sum();
    let shown = page
        .trend
        .iter()
        .any(|week| week_of(week.begins) == week_of(began));
    assert_eq!(forms, u32::from(shown));
    let steps: Vec<&str> = page
        .fillings
        .last()
        .unwrap()
        .filling
        .steps
        .iter()
        .map(|step| step.what.as_str())
        .collect();
    assert_eq!(steps, ["filled", "disputed", "withdrawn"]);
    place
        .assert_unreadable(&["unspeakably calm", "it was noon"])
        .await;
    assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
}

#[tokio::test]
async fn a_form_is_filled_in_by_its_version_and_answered_by_the_agent_embedded() {
    forms(Engine::Embedded).await;
}

#[tokio::test]
async fn a_form_is_filled_in_by_its_version_and_answered_by_the_agent_on_postgresql() {
    forms(Engine::PostgreSql).await;
}

#[tokio::test]
async fn judges_are_blind_until_the_session_is_closed_then_their_agreement_is_seen() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let app = &place.app;
        let ids = [ready(&place, 1).await, ready(&place, 2).await];
        let (cole_id, cole) = somebody(&place, "Cole Coach", TenantRole::Coach).await;
        let (dana_id, dana) = somebody(&place, "Dana Coach", TenantRole::Coach).await;
        let (ana_id, _) = somebody(&place, "Ana Lyst", TenantRole::Analyst).await;
        let (_, priya) = somebody(&place, "Priya Nair", TenantRole::Agent).await;
        in_use(app, &cole, FORM).await;
        let mut new = NewCalibration {
            title: Secret::new("October"),
            form: "Quality.Call".to_owned(),
            interactions: ids.to_vec(),
            judges: vec![cole_id, ana_id],
        };
        assert!(refused(app.open_calibration(&cole, &new).await).contains("owners and coaches"));
        new.judges = vec![cole_id];
        assert!(refused(app.open_calibration(&cole, &new).await).contains("at least two"));
        new.judges = vec![cole_id, dana_id];
        let session = app.open_calibration(&cole, &new).await.unwrap();

        let judged = |greets: &str, tone: &str| NewFilling {
            session: Some(session),
            ..answers(&[
                ("Greets", greets),
                ("Checks who it is", "yes"),
                ("Tone", tone),
            ])
        };
        for (judge, id, greets, tone) in [
            (&cole, ids[0], "yes", "5"),
            (&cole, ids[1], "no", "2"),
            (&dana, ids[0], "yes", "5"),
        ] {
            app.fill_form(judge, id, &judged(greets, tone))
                .await
                .unwrap();
        }
        let twice = app.fill_form(&dana, ids[0], &judged("no", "1")).await;
        assert!(refused(twice).contains("already"));

        // Each sees their own only: in the session, beside the interaction, in the lists.
        let blind = app.calibration(&dana, session).await.unwrap();
        assert_eq!((blind.fillings.len(), blind.agreement.len()), (1, 0));
        assert_eq!(blind.seats[0].judged.len(), 2, "how far each is, is seen");
        assert_eq!(app.fillings_of(&dana, ids[1]).await.unwrap().len(), 0);
        assert_eq!(app.fillings_of(&dana, ids[0]).await.unwrap().len(), 1);
        assert!(
            app.fillings(&dana, &SeenFillings::default())
                .await
                .unwrap()
                .is_empty()
        );
        assert!(app.fillings_of(&priya, ids[0]).await.unwrap().is_empty());

        app.fill_form(&dana, ids[1], &judged("no", "3"))
            .await
            .unwrap();
        app.close_calibration(&cole, session).await.unwrap();
        let open = app.calibration(&dana, session).await.unwrap();
        assert_eq!(
            (open.session.state, open.fillings.len()),
            (Judged::Closed, 4)
        );
        let greets = &open.agreement[0];
        assert_eq!(
            (greets.compared, greets.kappa, greets.alpha),
            (2, Some(1.0), Some(1.0))
        );
        let tone = &open.agreement[2];
        assert_eq!(tone.same, Some(0.5));
        assert!(
            tone.alpha.unwrap() > 0.8 && tone.alpha.unwrap() < 1.0,
            "{tone:?}"
        );
        assert_eq!(app.fillings_of(&dana, ids[1]).await.unwrap().len(), 2);
        let late = app.fill_form(&cole, ids[0], &judged("yes", "1")).await;
        assert!(refused(late).contains("closed"));
        assert!(
            app.agent_page(&priya).await.unwrap().fillings.is_empty(),
            "nobody is scored by it"
        );
    }
}

#[tokio::test]
async fn a_plan_draws_the_same_of_each_agent_and_knows_what_is_scored() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let app = &place.app;
        let mut ids = Vec::new();
        for number in 1..=5 {
            ids.push(take(&place, chat(number, "tom@example.org")).await);
        }
        app.work(app::Until::Drained, |_| {}).await.unwrap();
        let (priya_id, _) = somebody(&place, "Priya Nair", TenantRole::Agent).await;
        somebody(&place, "Owen Hughes", TenantRole::Agent).await;
        let (_, cole) = somebody(&place, "Cole Coach", TenantRole::Coach).await;
        in_use(app, &cole, FORM).await;
        let plan = app
            .set_sampling(&cole, "Quality.Call", 2, Some(7))
            .await
            .unwrap();
        let week = week_of(app::parse_time("2026-10-08T00:00:00Z").unwrap());
        let drawn = app.sampled(&cole, plan, week).await.unwrap();
        assert_eq!(drawn.len(), 2, "two of Priya's, none of Owen's");
        assert!(drawn.iter().all(|one| one.agent == priya_id && !one.done));
        assert_eq!(drawn, app.sampled(&cole, plan, week).await.unwrap());
        assert!(app.sampled(&cole, plan, week + 1).await.unwrap().is_empty());
        let scored = answers(&[
            ("Greets", "yes"),
            ("Checks who it is", "yes"),
            ("Tone", "5"),
        ]);
        app.fill_form(&cole, drawn[1].summary.id, &scored)
            .await
            .unwrap();
        let after = app.sampled(&cole, plan, week).await.unwrap();
        assert_eq!(
            after.iter().map(|one| one.done).collect::<Vec<_>>(),
            [false, true]
        );
        assert!(
            refused(app.set_sampling(&cole, "Quality.Call", 0, None).await).contains("1 to 50")
        );
        app.end_sampling(&cole, plan).await.unwrap();
        assert!(app.samplings(&cole).await.unwrap().is_empty());
    }
}

async fn coaching(engine: Engine) {
    let place = Installation::new(engine).await;
    let app = &place.app;
    let id = ready(&place, 1).await;
    let (priya_id, priya) = somebody(&place, "Priya Nair", TenantRole::Agent).await;
    let (owen_id, owen) = somebody(&place, "Owen Hughes", TenantRole::Agent).await;
    let (cole_id, cole) = somebody(&place, "Cole Coach", TenantRole::Coach).await;
    let (_, ana) = somebody(&place, "Ana Lyst", TenantRole::Analyst).await;
    let mut new = NewAssignment {
        person: owen_id,
        from: Millis(0),
        until: Millis(20_000),
        lesson: Lesson::Improve,
        note: Secret::new("mind the unheralded pause"),
        due: Some(app.now().plus(Millis(86_400_000))),
    };
    assert!(
        refused(app.assign(&cole, id, &new).await).contains("P101"),
        "not Owen's interaction"
    );
    new.person = priya_id;
    denied(app.assign(&ana, id, &new).await);
    let late = NewAssignment {
        until: Millis(90_000_000),
        ..new.clone()
    };
    assert!(refused(app.assign(&cole, id, &late).await).contains("earlier to a later"));
    let asked = app.assign(&cole, id, &new).await.unwrap();
    let step = |step, note: &str, to| StepOrder {
        step,
        note: note.to_owned(),
        to,
    };

    let page = app.agent_page(&priya).await.unwrap();
    assert_eq!((page.open.len(), page.done.len()), (1, 0));
    assert!(app.agent_page(&owen).await.unwrap().open.is_empty());
    let hidden = app
        .step_assignment(&owen, asked, &step(AssignmentStep::Listened, "", None))
        .await;
    assert!(
        matches!(hidden, Err(AppError::NotFound { .. })),
        "{hidden:?}"
    );
    let not_theirs = app
        .step_assignment(&cole, asked, &step(AssignmentStep::Listened, "", None))
        .await;
    assert!(refused(not_theirs).contains("only whoever is asked"));
    for (next, note) in [
        (AssignmentStep::Listened, ""),
        (AssignmentStep::Disputed, "the system was slow"),
    ] {
        app.step_assignment(&priya, asked, &step(next, note, None))
            .await
            .unwrap();
    }
    let unsaid = app
        .step_assignment(&priya, asked, &step(AssignmentStep::Forwarded, "", None))
        .await;
    assert!(refused(unsaid).contains("to whom"));
    let to_owen = step(AssignmentStep::Forwarded, "", Some(owen_id));
    assert!(refused(app.step_assignment(&priya, asked, &to_owen).await).contains("P101"));
    let to_cole = step(AssignmentStep::Forwarded, "please look", Some(cole_id));
    app.step_assignment(&priya, asked, &to_cole).await.unwrap();
    let done = step(AssignmentStep::Completed, "ticket opened", None);
    app.step_assignment(&cole, asked, &done).await.unwrap();
    let over = app.step_assignment(&cole, asked, &done).await;
    assert!(refused(over).contains("does not follow"));

    let all = app
        .assignments(&cole, &SeenAssignments::default())
        .await
        .unwrap();
    let steps: Vec<&str> = all[0]
        .assignment
        .steps
        .iter()
        .map(|step| step.what.as_str())
        .collect();
    assert_eq!(
        steps,
        ["assigned", "listened", "disputed", "forwarded", "completed"]
    );
    let praise = NewAssignment {
        lesson: Lesson::Praise,
        ..new
    };
    app.assign(&cole, id, &praise).await.unwrap();
    let team = app.team_page(&cole).await.unwrap();
    let row = team
        .agents
        .iter()
        .find(|one| one.agent == priya_id)
        .unwrap();
    assert_eq!((row.open, row.overdue, team.open.len()), (1, 0, 1));
    assert_eq!(app.agent_page(&priya).await.unwrap().wins.len(), 1);
    place
        .assert_unreadable(&["unheralded pause", "ticket opened"])
        .await;
    assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
}

#[tokio::test]
async fn a_part_of_an_interaction_goes_from_hand_to_hand_with_its_history_embedded() {
    coaching(Engine::Embedded).await;
}

#[tokio::test]
async fn a_part_of_an_interaction_goes_from_hand_to_hand_with_its_history_on_postgresql() {
    coaching(Engine::PostgreSql).await;
}
