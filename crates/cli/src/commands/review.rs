//! `privity moment` and `privity form`.

use anyhow::Result;
use app::AppError;
use app::review::{FillingView, NewFilling, NewMoment, SeenFillings, moment_of};
use domain::{
    AnswerStep, DefinitionKind, FillingId, InteractionId, Millis, MomentId, Purpose, Secret,
};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::output::{self, when};
use crate::review_args::{FillArgs, FormCommand, MomentCommand};

pub(super) async fn moment(cli: &Cli, command: &MomentCommand) -> Result<()> {
    let app = super::open(cli).await?;
    let (MomentCommand::Add { tenant, id, .. }
    | MomentCommand::List { tenant, id }
    | MomentCommand::Remove { tenant, id, .. }) = command;
    let tenant = super::tenant(&app, tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    let id: InteractionId = id.parse().map_err(AppError::Id)?;
    match command {
        MomentCommand::Add {
            text,
            at,
            until,
            kind,
            ..
        } => {
            let new = NewMoment {
                kind: kind.parse().map_err(AppError::Id)?,
                from: moment_of(at)?,
                until: until.as_deref().map(moment_of).transpose()?,
                text: Secret::new(text.as_str()),
            };
            let noted = app.add_moment(&scope, id, &new).await?;
            let said = format!("Noted {noted} at {}.", new.from);
            output::line(cli.json, &json!({ "id": noted.to_string() }), &said);
        }
        MomentCommand::List { .. } => {
            let all = app.moments(&scope, id).await?;
            let rows = all.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    Millis(one.moment.from).to_string(),
                    one.moment.kind.to_string(),
                    one.moment.text.expose().to_owned(),
                    one.by.clone(),
                    when(one.noted),
                ]
            });
            let value: Value = all
                .iter()
                .map(|one| {
                    json!({ "id": one.id.to_string(), "from_ms": one.moment.from,
                            "until_ms": one.moment.until, "kind": one.moment.kind.key(),
                            "text": one.moment.text.expose(), "by": one.by,
                            "noted": app::rfc3339(one.noted) })
                })
                .collect();
            let head = ["moment", "at", "kind", "text", "by", "noted"];
            output::print(cli.json, &value, &head, rows.collect());
        }
        MomentCommand::Remove { moment, .. } => {
            let moment: MomentId = moment.parse().map_err(AppError::Id)?;
            let coach = super::coach(&app, &tenant);
            app.remove_moment(&coach, id, moment).await?;
            output::line(
                cli.json,
                &json!({ "removed": moment.to_string() }),
                "Taken away.",
            );
        }
    }
    Ok(())
}

pub(super) async fn form(cli: &Cli, command: &FormCommand) -> Result<()> {
    let tenant = match command {
        FormCommand::Define(command) => {
            return super::definitions::run(cli, DefinitionKind::Form, command).await;
        }
        FormCommand::Fill(args) => &args.tenant,
        FormCommand::Filled { tenant, .. } | FormCommand::Settle { tenant, .. } => tenant,
    };
    let app = super::open(cli).await?;
    let scope = super::coach(&app, &super::tenant(&app, tenant).await?);
    match command {
        FormCommand::Define(_) => {}
        FormCommand::Fill(args) => fill(cli, &app, &scope, args).await?,
        FormCommand::Filled { id: Some(id), .. } => {
            let id: InteractionId = id.parse().map_err(AppError::Id)?;
            print(cli, &app.fillings_of(&scope, id).await?, true);
        }
        FormCommand::Filled {
            disputed, limit, ..
        } => {
            let wanted = SeenFillings {
                states: if *disputed { &["disputed"] } else { &[] },
                limit: *limit,
                ..SeenFillings::default()
            };
            print(cli, &app.fillings(&scope, &wanted).await?, false);
        }
        FormCommand::Settle {
            filling,
            withdraw,
            reason,
            ..
        } => {
            let id: FillingId = filling.parse().map_err(AppError::Id)?;
            let next = if *withdraw {
                AnswerStep::Withdrawn
            } else {
                AnswerStep::Upheld
            };
            app.answer_filling(&scope, id, next, reason).await?;
            let value = json!({ "id": filling, "state": next.key() });
            output::line(cli.json, &value, &format!("It is {next}."));
        }
    }
    Ok(())
}

async fn fill(cli: &Cli, app: &app::App, scope: &app::Scope, args: &FillArgs) -> Result<()> {
    let pair = |text: &String| {
        let (question, answer) = text
            .split_once('=')
            .ok_or_else(|| AppError::Input(format!("expected QUESTION=ANSWER, found `{text}`")))?;
        Ok((question.trim().to_owned(), answer.trim().to_owned()))
    };
    let answers: Result<Vec<_>, AppError> = args.answers.iter().map(pair).collect();
    let new = NewFilling {
        form: args.form.clone(),
        answers: answers?,
        session: None,
    };
    let about: InteractionId = args.id.parse().map_err(AppError::Id)?;
    let id = app.fill_form(scope, about, &new).await?;
    let all = app.fillings_of(scope, about).await?;
    let score = all
        .iter()
        .find(|one| one.id == id)
        .and_then(FillingView::score);
    let value = json!({ "id": id.to_string(), "score": score.map(domain::Score::get) });
    let said = match score {
        Some(score) => format!("{id}: {score} of 100"),
        None => format!("{id}: nothing applies"),
    };
    output::line(cli.json, &value, &said);
    Ok(())
}

fn print(cli: &Cli, all: &[FillingView], answers: bool) {
    let rows = all.iter().map(|one| {
        let said: Vec<String> = one
            .answers
            .iter()
            .filter(|_| answers)
            .map(|answer| format!("{}: {}", answer.question, answer.answer.expose()))
            .collect();
        vec![
            one.id.to_string(),
            when(one.at),
            format!("{} v{}", one.form, one.filling.version),
            one.interaction.to_string(),
            one.score()
                .map_or_else(|| "–".to_owned(), |score| score.to_string()),
            one.filling.stands().to_string(),
            said.join("\n"),
        ]
    });
    let value: Value = all.iter().map(filling_value).collect();
    let head = [
        "filled",
        "at",
        "form",
        "interaction",
        "score",
        "state",
        "answers",
    ];
    output::print(cli.json, &value, &head, rows.collect());
}

fn filling_value(one: &FillingView) -> Value {
    let answers: Vec<Value> = one
        .answers
        .iter()
        .map(|answer| {
            json!({ "question": answer.question, "answer": answer.answer.expose(),
                    "credit": answer.credit.map(domain::Credit::get) })
        })
        .collect();
    let steps: Vec<Value> = one
        .filling
        .steps
        .iter()
        .map(super::coaching::step_value)
        .collect();
    json!({ "id": one.id.to_string(), "at": app::rfc3339(one.at), "by": one.by,
            "form": one.form, "version": one.filling.version,
            "interaction": one.interaction.to_string(), "score": one.filling.score,
            "agent": one.filling.agent.map(|id| id.to_string()),
            "session": one.filling.session.map(|id| id.to_string()),
            "state": one.filling.stands().key(), "answers": answers, "steps": steps })
}
