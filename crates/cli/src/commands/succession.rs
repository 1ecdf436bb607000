//! `privity succession`: the installation passes to another operator.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use app::App;
use app::succession::{Succession, document_hash};
use domain::{Secret, SuccessionId};
use serde_json::{Value, json};

use crate::args::Cli;
use crate::law_args::SuccessionCommand;
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &SuccessionCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        SuccessionCommand::Plan {
            successor,
            trigger,
            signed,
            document,
            by,
        } => {
            let plan = Succession {
                successor: Secret::new(successor.clone()),
                trigger: trigger.clone(),
                signed: app::parse_time(signed)?,
                document_sha256: document_hash(&read(document)?),
                approvals: BTreeSet::new(),
                told: None,
                handed: None,
            };
            let id = app.plan_succession(&app.privacy_desk(by), &plan).await?;
            output::line(
                cli.json,
                &json!({ "id": id.to_string() }),
                &format!("Written down as {id}."),
            );
        }
        SuccessionCommand::Approve { succession, by } => {
            let desk = app.privacy_desk(by);
            app.approve_succession(&desk, number(succession)?).await?;
            output::line(cli.json, &json!({ "id": succession }), "Approved.");
        }
        SuccessionCommand::Tell { succession, by } => {
            let desk = app.privacy_desk(by);
            let told = app.tell_of_succession(&desk, number(succession)?).await?;
            output::line(
                cli.json,
                &json!({ "told": told }),
                &format!("{told} customer(s) told."),
            );
        }
        SuccessionCommand::HandOver {
            succession,
            output,
            by,
        } => {
            let secret = super::secret_from_stdin()?;
            let desk = app.privacy_desk(by);
            let pack = app.hand_over(&desk, number(succession)?, &secret).await?;
            std::fs::write(output, &pack)
                .with_context(|| format!("cannot write `{}`", output.display()))?;
            output::line(
                cli.json,
                &json!({ "file": output.display().to_string(), "sha256": document_hash(&pack) }),
                &format!("Wrote `{}`.", output.display()),
            );
        }
        SuccessionCommand::Receive { file, by } => {
            let secret = super::secret_from_stdin()?;
            receive(cli, &app, &read(file)?, &secret, by).await?;
        }
        SuccessionCommand::List => list(cli, &app).await?,
        SuccessionCommand::Notices { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let told = app.succession_notices(&scope).await?;
            let rows = told.iter().map(|one| {
                vec![
                    one.succession.to_string(),
                    one.successor.expose().to_owned(),
                    one.trigger.clone(),
                ]
            });
            let rows = rows.collect();
            let value: Value = told
                .iter()
                .map(|one| {
                    json!({ "succession": one.succession.to_string(),
                            "successor": one.successor.expose(), "trigger": one.trigger })
                })
                .collect();
            output::print(cli.json, &value, &["passing", "to", "by"], rows);
        }
    }
    Ok(())
}

async fn receive(cli: &Cli, app: &App, file: &[u8], secret: &Secret, by: &str) -> Result<()> {
    let got = app
        .receive_succession(&app.privacy_desk(by), secret, file)
        .await?;
    let value = json!({ "versions": got.versions, "requests": got.requests,
                        "inquiries": got.inquiries, "erased": got.erased,
                        "customers": got.customers });
    let said = format!(
        "Taken in: {} version(s) of the policy, {} open request(s), {} message(s), {} erasure(s). \
         Conversations of these customers wait for their word: {}.",
        got.versions,
        got.requests,
        got.inquiries,
        got.erased,
        got.customers.join(", ")
    );
    output::line(cli.json, &value, &said);
    Ok(())
}

async fn list(cli: &Cli, app: &App) -> Result<()> {
    let all = app.successions(&app.privacy_desk("cli")).await?;
    let names = |approvals: &BTreeSet<String>| {
        let names: Vec<&str> = approvals.iter().map(String::as_str).collect();
        names.join(", ")
    };
    let rows = all.iter().map(|one| {
        vec![
            one.id.to_string(),
            one.succession.successor.expose().to_owned(),
            one.succession.trigger.clone(),
            when(one.succession.signed),
            names(&one.succession.approvals),
            one.state.to_owned(),
        ]
    });
    let rows = rows.collect();
    let value: Value = all
        .iter()
        .map(|one| {
            json!({ "id": one.id.to_string(), "successor": one.succession.successor.expose(),
                    "trigger": one.succession.trigger, "state": one.state,
                    "signed": app::rfc3339(one.succession.signed),
                    "approvals": one.succession.approvals })
        })
        .collect();
    let head = ["passing", "to", "by", "signed", "approved by", "state"];
    output::print(cli.json, &value, &head, rows);
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn number(text: &str) -> Result<SuccessionId, app::AppError> {
    Ok(text.parse()?)
}
