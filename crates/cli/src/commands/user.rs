//! `privity user`: people who sign in.

use anyhow::Result;
use app::{App, AppError, Invitation, seen_text};
use domain::{MailAddress, Secret, TenantId};
use serde_json::{Value, json};

use crate::args::{Cli, TenantArg, UserCommand};
use crate::output;

pub(super) async fn run(cli: &Cli, command: &UserCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        UserCommand::Add {
            tenant,
            mail,
            name,
            role,
            desk,
        } => {
            let tenant = whose(&app, tenant, *desk).await?;
            let person = Invitation {
                tenant,
                mail: mail.parse().map_err(AppError::Id)?,
                name: Secret::new(name.clone()),
                role: if *desk {
                    app::first_role(tenant)
                } else {
                    role.parse().map_err(AppError::Id)?
                },
            };
            let (id, code) = app.invite(&person, "cli").await?;
            told(cli, &id.to_string(), &code);
        }
        UserCommand::List { tenant, desk } => {
            let people = app.people(whose(&app, tenant, *desk).await?).await?;
            let standing =
                |account: &app::Account| format!("{:?}", account.standing).to_lowercase();
            let rows = people
                .iter()
                .map(|one| {
                    vec![
                        one.id.to_string(),
                        one.name.expose().to_owned(),
                        one.mail.expose().to_owned(),
                        one.role.to_string(),
                        standing(one),
                        seen_text(one.seen),
                    ]
                })
                .collect();
            let value: Value = people
                .iter()
                .map(|one| {
                    json!({
                        "id": one.id.to_string(),
                        "name": one.name.expose(),
                        "mail": one.mail.expose(),
                        "role": one.role.key(),
                        "standing": standing(one),
                        "seen": one.seen.map(app::rfc3339),
                    })
                })
                .collect();
            let head = ["user", "name", "mail", "role", "standing", "seen (UTC)"];
            output::print(cli.json, &value, &head, rows);
        }
        UserCommand::Reset { mail } => {
            let account = by_mail(&app, mail).await?;
            let code = app.reset(account.tenant, account.id, "cli").await?;
            told(cli, &account.id.to_string(), &code);
        }
    }
    Ok(())
}

/// The tenant that was named, or the operator's own desk.
async fn whose(app: &App, named: &TenantArg, desk: bool) -> Result<TenantId> {
    if desk {
        return Ok(TenantId::INSTALLATION);
    }
    Ok(super::tenant(app, named).await?.id)
}

async fn by_mail(app: &App, mail: &str) -> Result<app::Account> {
    let mail: MailAddress = mail.parse().map_err(AppError::Id)?;
    Ok(app.person_by_mail(&mail).await?)
}

fn told(cli: &Cli, id: &str, code: &Secret) {
    output::line(
        cli.json,
        &json!({ "id": id, "code": code.expose() }),
        &format!(
            "{id}\n{}\nThe code is not shown again. It lets the person choose a password at /join, once, for three days.",
            code.expose()
        ),
    );
}
