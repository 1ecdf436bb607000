//! `privity show`, `privity export` and `privity erase`.

use std::io::Write;

use anyhow::{Context, Result, bail};
use app::{AppError, ExportFormat, View, withheld_reason};
use domain::{InteractionId, METRIC_DEFINITIONS, Purpose, RedactedTranscript, TenantRole, Turn};
use serde_json::{Value, json};

use super::find::{removed, summary_value};
use crate::args::{Cli, Erase, Export, Format, Show};
use crate::output::{self, when};

pub(super) async fn run(cli: &Cli, args: &Show) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    let id: InteractionId = args.id.parse().map_err(AppError::Id)?;
    if args.vcon {
        let bytes = app.export(&scope, id, ExportFormat::VCon).await?;
        return write_out(&bytes, None);
    }
    if args.access {
        return access(cli, &app.access_log(&scope, id).await?);
    }
    let view = app.view(&scope, id).await?;
    if cli.json {
        let value = match (args.turns, args.metrics) {
            (true, _) => turns_value(&view),
            (_, true) => app::metrics_json(&view),
            _ => json!({
                "interaction": summary_value(&view.summary),
                "turns": turns_value(&view),
                "metrics": app::metrics_json(&view),
                "sound": view.sound.as_ref().ok().map(ToString::to_string),
            }),
        };
        println!("{value:#}");
        return Ok(());
    }
    if !args.turns && !args.metrics {
        print_head(&view);
    }
    if !args.metrics {
        print_turns(&view);
    }
    if !args.turns {
        print_metrics(&view);
    }
    Ok(())
}

fn print_head(view: &View) {
    let summary = &view.summary;
    println!(
        "{}  {}  {}",
        summary.id,
        when(summary.started),
        summary.channel.key()
    );
    println!("status   {}", summary.status_text());
    match &view.sound {
        Ok(sound) => println!("sound    {sound}"),
        Err(why) if summary.channel == domain::Channel::Voice => {
            println!("sound    {}", withheld_reason(why))
        }
        Err(_) => {}
    }
    for warning in &summary.warnings {
        println!("note     {warning}");
    }
    println!("removed  {}\n", removed(summary));
}

fn print_turns(view: &View) {
    match &view.transcript {
        Ok(transcript) => {
            for turn in transcript.turns() {
                let quoted = if turn.quoted { "  > " } else { "" };
                println!(
                    "{:>9}  {:<9} {quoted}{}",
                    turn.span.start().to_string(),
                    speaker(transcript, turn),
                    text(transcript, turn)
                );
            }
            println!();
        }
        Err(why) => println!("words: {}\n", withheld_reason(why)),
    }
}

fn speaker(transcript: &RedactedTranscript, turn: &Turn) -> String {
    transcript
        .speaker(turn.speaker)
        .map_or_else(String::new, |speaker| speaker.label.to_string())
}

fn text(transcript: &RedactedTranscript, turn: &Turn) -> String {
    let words: Vec<String> = transcript
        .turn_words(turn)
        .map(domain::RedactedWord::shown)
        .collect();
    words.join(" ")
}

fn turns_value(view: &View) -> Value {
    match &view.transcript {
        Ok(transcript) => transcript
            .turns()
            .iter()
            .map(|turn| {
                json!({
                    "start_ms": turn.span.start().0,
                    "end_ms": turn.span.end().0,
                    "speaker": speaker(transcript, turn),
                    "quoted": turn.quoted,
                    "text": text(transcript, turn),
                })
            })
            .collect(),
        Err(why) => json!({ "withheld": withheld_reason(why) }),
    }
}

fn print_metrics(view: &View) {
    let rows: Vec<Vec<String>> = app::metric_rows(view)
        .into_iter()
        .map(|(name, value)| {
            let definition = METRIC_DEFINITIONS
                .iter()
                .find(|known| name.starts_with(known.name))
                .map_or("", |known| known.definition);
            vec![name, value, definition.to_owned()]
        })
        .collect();
    match &view.metrics {
        Ok(_) => println!(
            "{}",
            output::table(&["metric", "value", "definition"], rows)
        ),
        Err(why) => println!("metrics: {}", withheld_reason(why)),
    }
}

fn access(cli: &Cli, entries: &[app::AccessEntry]) -> Result<()> {
    let rows = entries
        .iter()
        .map(|entry| {
            vec![
                when(entry.at),
                entry.actor.clone(),
                entry.action.clone(),
                entry.purpose.clone(),
                entry.leaf.0.to_string(),
            ]
        })
        .collect();
    let value: Value = entries
        .iter()
        .map(|entry| json!({ "at": app::rfc3339(entry.at), "actor": entry.actor, "action": entry.action, "purpose": entry.purpose, "leaf": entry.leaf.0 }))
        .collect();
    output::print(
        cli.json,
        &value,
        &["when", "who", "did", "for", "leaf"],
        rows,
    );
    Ok(())
}

pub(super) async fn export(cli: &Cli, args: &Export) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Export);
    let id: InteractionId = args.id.parse().map_err(AppError::Id)?;
    let format = match args.format {
        Format::Vcon => ExportFormat::VCon,
        Format::Json => ExportFormat::Json,
        Format::Vtt => ExportFormat::Vtt,
        Format::Txt => ExportFormat::Txt,
        Format::Csv => ExportFormat::Csv,
        Format::Wav => ExportFormat::Wav,
    };
    let bytes = app.export(&scope, id, format).await?;
    write_out(&bytes, args.output.as_deref())
}

fn write_out(bytes: &[u8], to: Option<&std::path::Path>) -> Result<()> {
    match to {
        Some(path) => std::fs::write(path, bytes)
            .with_context(|| format!("cannot write `{}`", path.display())),
        None => std::io::stdout()
            .write_all(bytes)
            .context("cannot write to standard output"),
    }
}

pub(super) async fn erase(cli: &Cli, args: &Erase) -> Result<()> {
    let id: InteractionId = args.id.parse().map_err(AppError::Id)?;
    if !args.yes {
        bail!("this destroys {id} for good; say --yes to do it");
    }
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.tenant).await?;
    let scope = app.local_scope(tenant.id, TenantRole::PrivacyOfficer, Purpose::Erasure);
    let receipt = app.erase(&scope, id).await?;
    let rows = receipt
        .places
        .iter()
        .map(|place| {
            vec![
                place.what.clone(),
                if place.confirmed {
                    "destroyed"
                } else {
                    "NOT confirmed"
                }
                .to_owned(),
            ]
        })
        .collect();
    let value = json!({
        "interaction": id.to_string(),
        "erased": receipt.complete(),
        "places": receipt.places.iter().map(|p| json!({ "what": p.what, "confirmed": p.confirmed })).collect::<Vec<_>>(),
    });
    output::print(cli.json, &value, &["place", "state"], rows);
    Ok(())
}
