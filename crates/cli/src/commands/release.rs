//! `privity release`: figures about many conversations.

use anyhow::{Context, Result};
use app::releases::{Column, MicroEpsilon, ReleaseOrder, Shape, YEARLY};
use domain::Secret;
use serde_json::{Value, json};

use crate::args::Cli;
use crate::law_args::ReleaseCommand;
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &ReleaseCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        ReleaseCommand::Make {
            to,
            reason,
            groups,
            count,
            micro_epsilon,
            k,
            l,
            output: file,
            tenant,
        } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let column = |key: &String| key.parse::<Column>().map_err(app::AppError::Id);
            let order = ReleaseOrder {
                recipient: to.parse().map_err(app::AppError::Id)?,
                reason: Secret::new(reason.clone()),
                shape: Shape {
                    groups: groups.iter().map(column).collect::<Result<_, _>>()?,
                    sensitive: count.as_ref().map(column).transpose()?,
                    k: *k,
                    l: if count.is_some() { *l } else { 1 },
                    epsilon: MicroEpsilon(*micro_epsilon),
                },
            };
            let (id, text) = app.release(&scope, &order).await?;
            match file {
                Some(path) => {
                    std::fs::write(path, &text)
                        .with_context(|| format!("cannot write `{}`", path.display()))?;
                    output::line(
                        cli.json,
                        &json!({ "id": id.to_string(), "file": path.display().to_string() }),
                        &format!("Wrote {id} to `{}`.", path.display()),
                    );
                }
                None => print!("{text}"),
            }
        }
        ReleaseCommand::List { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let all = app.releases(&scope).await?;
            let rows = all.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    when(one.at),
                    one.release.recipient.to_string(),
                    one.release.columns.join(", "),
                    one.release.epsilon.to_string(),
                ]
            });
            let rows = rows.collect();
            let value: Value = all
                .iter()
                .map(|one| {
                    json!({ "id": one.id.to_string(), "at": app::rfc3339(one.at),
                            "recipient": one.release.recipient.to_string(),
                            "columns": one.release.columns,
                            "epsilon": one.release.epsilon.to_string(),
                            "k": one.release.k, "l": one.release.l,
                            "sha256": one.release.sha256 })
                })
                .collect();
            let head = ["release", "at", "to", "by", "epsilon"];
            output::print(cli.json, &value, &head, rows);
            let spent = app.spent(&scope).await?;
            eprintln!("epsilon {spent} of {YEARLY} spent within a year");
        }
    }
    Ok(())
}
