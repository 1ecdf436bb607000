//! `privity user`: people who sign in.

use anyhow::Result;
use app::{App, AppError, Invitation, seen_text};
use domain::{MailAddress, Secret};
use serde_json::{Value, json};

use crate::args::{Cli, UserCommand};
use crate::output;

pub(super) async fn run(cli: &Cli, command: &UserCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        UserCommand::Add {
            tenant,
            mail,
            name,
            role,
        } => {
            let person = Invitation {
                tenant: super::tenant(&app, tenant).await?.id,
                mail: mail.parse().map_err(AppError::Id)?,
                name: Secret::new(name.clone()),
                role: role.parse().map_err(AppError::Id)?,
            };
            let (id, code) = app.invite(&person).await?;
            told(cli, &id.to_string(), &code);
        }
        UserCommand::List { tenant } => {
            let tenant = super::tenant(&app, tenant).await?;
            let people = app.people(tenant.id).await?;
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
            let code = app.reset(account.tenant, account.id).await?;
            told(cli, &account.id.to_string(), &code);
        }
    }
    Ok(())
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
