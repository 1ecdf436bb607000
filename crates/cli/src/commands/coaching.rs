//! `privity calibration`, `privity sampling` and `privity coach`.

use anyhow::Result;
use app::review::{
    AssignmentView, CalibrationView, NewAssignment, NewCalibration, SeenAssignments, Step,
    StepOrder, moment_of, week_of,
};
use app::{App, AppError, Scope};
use domain::{
    AssignmentId, AssignmentStep, CalibrationId, InteractionId, Lesson, Millis, SamplingId, Secret,
    UserId,
};
use serde_json::{Value, json};

use crate::args::{Cli, TenantArg};
use crate::output::{self, when};
use crate::review_args::{AssignArgs, CalibrationCommand, CoachCommand, SamplingCommand};

async fn opened(cli: &Cli, tenant: &TenantArg) -> Result<(App, Scope)> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let scope = super::coach(&app, &tenant);
    Ok((app, scope))
}

/// The account of a mail address.
async fn who(app: &App, mail: &str) -> Result<UserId> {
    let mail = mail.parse().map_err(AppError::Id)?;
    Ok(app.person_by_mail(&mail).await?.id)
}

pub(super) async fn calibration(cli: &Cli, command: &CalibrationCommand) -> Result<()> {
    let (CalibrationCommand::Open { tenant, .. }
    | CalibrationCommand::List { tenant }
    | CalibrationCommand::Show { tenant, .. }
    | CalibrationCommand::Close { tenant, .. }) = command;
    let (app, scope) = opened(cli, tenant).await?;
    match command {
        CalibrationCommand::Open {
            title,
            form,
            judges,
            ids,
            ..
        } => {
            let mut who_judges = Vec::with_capacity(judges.len());
            for mail in judges {
                who_judges.push(who(&app, mail).await?);
            }
            let new = NewCalibration {
                title: Secret::new(title.as_str()),
                form: form.clone(),
                interactions: super::ids(ids)?,
                judges: who_judges,
            };
            let id = app.open_calibration(&scope, &new).await?;
            let said = format!("Opened {id}; its judges fill the form in at /calibration/{id}.");
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        CalibrationCommand::List { .. } => {
            let all = app.calibrations(&scope).await?;
            let rows = all.iter().map(session_row).collect();
            let value: Value = all.iter().map(session_value).collect();
            let head = ["session", "opened", "title", "form", "state", "judged"];
            output::print(cli.json, &value, &head, rows);
        }
        CalibrationCommand::Show { session, .. } => {
            let id: CalibrationId = session.parse().map_err(AppError::Id)?;
            let view = app.calibration(&scope, id).await?;
            let number =
                |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |n| format!("{n:.2}"));
            let rows = view.agreement.iter().map(|one| {
                vec![
                    one.question.clone().unwrap_or_else(|| "score".to_owned()),
                    one.compared.to_string(),
                    number(one.same),
                    number(one.kappa),
                    number(one.alpha),
                ]
            });
            let head = ["question", "compared", "same", "kappa", "alpha"];
            output::print(cli.json, &session_value(&view), &head, rows.collect());
        }
        CalibrationCommand::Close { session, .. } => {
            let id: CalibrationId = session.parse().map_err(AppError::Id)?;
            app.close_calibration(&scope, id).await?;
            output::line(cli.json, &json!({ "id": session }), "Closed.");
        }
    }
    Ok(())
}

fn session_row(view: &CalibrationView) -> Vec<String> {
    let judged: usize = view.seats.iter().map(|seat| seat.judged.len()).sum();
    let all = view.session.judges.len() * view.session.interactions.len();
    vec![
        view.id.to_string(),
        when(view.at),
        view.session.title.expose().to_owned(),
        view.form.clone(),
        view.session.state.to_string(),
        format!("{judged} of {all}"),
    ]
}

fn session_value(view: &CalibrationView) -> Value {
    let seats: Vec<Value> = view
        .seats
        .iter()
        .map(|seat| json!({ "judge": seat.judge.to_string(), "judged": seat.judged.len() }))
        .collect();
    let agreement: Vec<Value> = view
        .agreement
        .iter()
        .map(|one| {
            json!({ "question": one.question, "compared": one.compared, "same": one.same,
                    "kappa": one.kappa, "alpha": one.alpha })
        })
        .collect();
    let interactions: Vec<String> = view
        .session
        .interactions
        .iter()
        .map(ToString::to_string)
        .collect();
    json!({ "id": view.id.to_string(), "opened": app::rfc3339(view.at), "form": view.form,
            "title": view.session.title.expose(), "state": view.session.state.key(),
            "interactions": interactions, "judges": seats, "agreement": agreement })
}

pub(super) async fn sampling(cli: &Cli, command: &SamplingCommand) -> Result<()> {
    let (SamplingCommand::Set { tenant, .. }
    | SamplingCommand::List { tenant }
    | SamplingCommand::Draw { tenant, .. }
    | SamplingCommand::End { tenant, .. }) = command;
    let (app, scope) = opened(cli, tenant).await?;
    match command {
        SamplingCommand::Set {
            form,
            per_week,
            seed,
            ..
        } => {
            let id = app.set_sampling(&scope, form, *per_week, *seed).await?;
            let said = format!("Set {id}; `privity sampling draw {id}` lists what it draws.");
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        SamplingCommand::List { .. } => {
            let all = app.samplings(&scope).await?;
            let rows = all.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    one.form.clone(),
                    one.plan.per_week.to_string(),
                    one.plan.seed.to_string(),
                ]
            });
            let value: Value = all
                .iter()
                .map(|one| {
                    json!({ "id": one.id.to_string(), "form": one.form,
                            "per_week": one.plan.per_week, "seed": one.plan.seed })
                })
                .collect();
            let head = ["plan", "form", "of each a week", "seed"];
            output::print(cli.json, &value, &head, rows.collect());
        }
        SamplingCommand::Draw { plan, week, .. } => {
            let id: SamplingId = plan.parse().map_err(AppError::Id)?;
            let at = match week {
                Some(text) => app::parse_time(text)?,
                None => app.now(),
            };
            let all = app.sampled(&scope, id, week_of(at)).await?;
            let done = |done: bool| if done { "scored" } else { "to do" }.to_owned();
            let rows = all.iter().map(|one| {
                vec![
                    one.name.expose().to_owned(),
                    one.summary.id.to_string(),
                    when(one.summary.started),
                    done(one.done),
                ]
            });
            let value: Value = all
                .iter()
                .map(|one| {
                    json!({ "agent": one.agent.to_string(), "done": one.done,
                            "interaction": one.summary.id.to_string(),
                            "started": app::rfc3339(one.summary.started) })
                })
                .collect();
            let head = ["agent", "interaction", "started", "state"];
            output::print(cli.json, &value, &head, rows.collect());
        }
        SamplingCommand::End { plan, .. } => {
            let id: SamplingId = plan.parse().map_err(AppError::Id)?;
            app.end_sampling(&scope, id).await?;
            output::line(cli.json, &json!({ "id": plan }), "Taken back.");
        }
    }
    Ok(())
}

pub(super) async fn coach(cli: &Cli, command: &CoachCommand) -> Result<()> {
    let tenant = match command {
        CoachCommand::Assign(args) => &args.tenant,
        CoachCommand::List { tenant, .. }
        | CoachCommand::Show { tenant, .. }
        | CoachCommand::Complete { tenant, .. }
        | CoachCommand::Forward { tenant, .. }
        | CoachCommand::Team { tenant } => tenant,
    };
    let (app, scope) = opened(cli, tenant).await?;
    match command {
        CoachCommand::Assign(args) => assign(cli, &app, &scope, args).await?,
        CoachCommand::List { person, all, .. } => {
            let person = match person {
                Some(mail) => Some(who(&app, mail).await?),
                None => None,
            };
            let wanted = SeenAssignments {
                person,
                ..SeenAssignments::default()
            };
            let found = app.assignments(&scope, &wanted).await?;
            let shown = found
                .into_iter()
                .filter(|one| *all || one.assignment.stands().is_open());
            print(cli, &app, &scope, &shown.collect::<Vec<_>>()).await?;
        }
        CoachCommand::Show { assignment, .. } => {
            let id: AssignmentId = assignment.parse().map_err(AppError::Id)?;
            let all = app.assignments(&scope, &SeenAssignments::default()).await?;
            let found = all.iter().find(|one| one.id == id);
            let found = found.ok_or_else(|| AppError::NotFound {
                what: "assignment",
                name: assignment.clone(),
            })?;
            let rows = found.assignment.steps.iter().map(|step| {
                vec![
                    when(step.at),
                    step.by.clone(),
                    step.what.clone(),
                    step.note.expose().to_owned(),
                ]
            });
            let head = ["at", "by", "what", "note"];
            output::print(cli.json, &value(&app, found), &head, rows.collect());
        }
        CoachCommand::Complete {
            assignment, note, ..
        } => {
            let order = StepOrder {
                step: AssignmentStep::Completed,
                note: note.clone(),
                to: None,
            };
            stepped(cli, &app, &scope, assignment, &order).await?;
        }
        CoachCommand::Forward {
            assignment,
            to,
            note,
            ..
        } => {
            let order = StepOrder {
                step: AssignmentStep::Forwarded,
                note: note.clone(),
                to: Some(who(&app, to).await?),
            };
            stepped(cli, &app, &scope, assignment, &order).await?;
        }
        CoachCommand::Team { .. } => team(cli, &app, &scope).await?,
    }
    Ok(())
}

async fn assign(cli: &Cli, app: &App, scope: &Scope, args: &AssignArgs) -> Result<()> {
    let about: InteractionId = args.id.parse().map_err(AppError::Id)?;
    let new = NewAssignment {
        person: who(app, &args.to).await?,
        from: moment_of(&args.from)?,
        until: moment_of(&args.until)?,
        lesson: if args.praise {
            Lesson::Praise
        } else {
            Lesson::Improve
        },
        note: Secret::new(args.note.as_str()),
        due: args.due.as_deref().map(app::parse_time).transpose()?,
    };
    let id = app.assign(scope, about, &new).await?;
    output::line(
        cli.json,
        &json!({ "id": id.to_string() }),
        &format!("Assigned {id}."),
    );
    Ok(())
}

async fn stepped(
    cli: &Cli,
    app: &App,
    scope: &Scope,
    assignment: &str,
    order: &StepOrder,
) -> Result<()> {
    let id: AssignmentId = assignment.parse().map_err(AppError::Id)?;
    app.step_assignment(scope, id, order).await?;
    let value = json!({ "id": assignment, "state": order.step.key() });
    output::line(cli.json, &value, &format!("It is {}.", order.step));
    Ok(())
}

async fn print(cli: &Cli, app: &App, scope: &Scope, all: &[AssignmentView]) -> Result<()> {
    let people = app.people(scope.tenant()).await?;
    let name = |id: UserId| {
        let found = people.iter().find(|one| one.id == id);
        found.map_or_else(|| id.to_string(), |one| one.name.expose().to_owned())
    };
    let rows = all.iter().map(|one| {
        let part = &one.assignment;
        vec![
            one.id.to_string(),
            name(part.person),
            one.interaction.to_string(),
            format!("{}–{}", Millis(part.from), Millis(part.until)),
            part.lesson.to_string(),
            part.due.map_or_else(String::new, when),
            part.stands().to_string(),
        ]
    });
    let value: Value = all.iter().map(|one| value(app, one)).collect();
    let head = [
        "assignment",
        "for",
        "interaction",
        "part",
        "lesson",
        "due",
        "state",
    ];
    output::print(cli.json, &value, &head, rows.collect());
    Ok(())
}

async fn team(cli: &Cli, app: &App, scope: &Scope) -> Result<()> {
    let page = app.team_page(scope).await?;
    let mean = |mean: Option<f64>| mean.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.1}"));
    let rows = page.agents.iter().map(|one| {
        vec![
            one.name.expose().to_owned(),
            one.open.to_string(),
            one.overdue.to_string(),
            one.done.to_string(),
            one.forms.to_string(),
            mean(one.mean),
        ]
    });
    let value: Value = page
        .agents
        .iter()
        .map(|one| {
            json!({ "agent": one.agent.to_string(), "name": one.name.expose(), "open": one.open,
                    "overdue": one.overdue, "done": one.done, "forms": one.forms,
                    "mean": one.mean })
        })
        .collect();
    let head = ["agent", "open", "overdue", "done", "forms", "mean"];
    output::print(cli.json, &value, &head, rows.collect());
    Ok(())
}

fn value(app: &App, one: &AssignmentView) -> Value {
    let part = &one.assignment;
    let steps: Vec<Value> = part.steps.iter().map(step_value).collect();
    json!({ "id": one.id.to_string(), "for": part.person.to_string(),
            "interaction": one.interaction.to_string(), "from_ms": part.from,
            "until_ms": part.until, "lesson": part.lesson.key(), "note": part.note.expose(),
            "due": part.due.map(app::rfc3339), "overdue": one.overdue(app.now()),
            "state": part.stands().key(), "steps": steps })
}

pub(super) fn step_value(step: &Step) -> Value {
    json!({ "at": app::rfc3339(step.at), "by": step.by, "what": step.what,
            "note": step.note.expose() })
}
