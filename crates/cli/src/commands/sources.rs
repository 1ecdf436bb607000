//! `privity source`.

use anyhow::Result;
use app::{AppError, WatchedKind, WatchedSource};
use domain::WatchedSourceId;
use serde_json::{Value, json};

use crate::args::{AddSource, Cli, SourceCommand};
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, command: &SourceCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        SourceCommand::Add(args) => {
            let scope = super::officer(&app, &super::tenant(&app, &args.tenant).await?);
            let id = app.add_watched_source(&scope, &wanted(args)?).await?;
            let said = format!("Watched as {id} wherever the installation is served.");
            output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        }
        SourceCommand::List { tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let sources = app.watched_sources(&scope).await?;
            let rows = sources.iter().map(|one| {
                vec![
                    one.id.to_string(),
                    kind(one.body.kind).to_owned(),
                    one.body.folder.display().to_string(),
                    one.body.address.clone().unwrap_or_default(),
                    when(one.filed),
                ]
            });
            let rows = rows.collect();
            let value: Value = sources
                .iter()
                .map(|one| {
                    json!({
                        "id": one.id.to_string(), "kind": kind(one.body.kind),
                        "folder": one.body.folder, "address": one.body.address,
                        "agent": one.body.agent, "consumer": one.body.consumer,
                        "since": app::rfc3339(one.filed), "by": one.body.by,
                    })
                })
                .collect();
            let head = ["source", "kind", "folder", "address", "since"];
            output::print(cli.json, &value, &head, rows);
        }
        SourceCommand::End { id, tenant } => {
            let scope = super::officer(&app, &super::tenant(&app, tenant).await?);
            let source: WatchedSourceId = id.parse().map_err(AppError::Id)?;
            app.end_watched_source(&scope, source).await?;
            output::line(cli.json, &json!({ "id": id }), "No longer watched.");
        }
    }
    Ok(())
}

fn wanted(args: &AddSource) -> Result<WatchedSource> {
    let kind = if args.mailbox {
        WatchedKind::Mailbox
    } else {
        WatchedKind::Folder
    };
    let mut source = WatchedSource::new(kind, &args.folder);
    source.address.clone_from(&args.address);
    source.agent.clone_from(&args.who.agent);
    source.consumer.clone_from(&args.who.party);
    source.agent_channel = args.who.agent_channel;
    for (key, value) in args.who.fields()? {
        source.metadata.insert(key.to_owned(), value.to_owned());
    }
    Ok(source)
}

const fn kind(kind: WatchedKind) -> &'static str {
    match kind {
        WatchedKind::Folder => "folder",
        WatchedKind::Mailbox => "mailbox",
    }
}
