//! `privity redact`: what is removed and how, redacting again, the audit.

use std::io::Read as _;

use anyhow::{Context, Result, bail};
use app::{AlarmsOfKind, App, AppError, AuditOrder, AuditReport, FalseAlarms, Rules, TypeFound};
use domain::{InteractionId, Purpose, TenantRole};
use serde_json::{Value, json};

use crate::args::{Audit, Cli, RedactCommand, TenantArg};
use crate::output::{self, Failure};
use crate::settings;

pub(super) async fn run(cli: &Cli, command: &RedactCommand) -> Result<()> {
    match command {
        RedactCommand::Types { tenant } => types(cli, tenant).await,
        RedactCommand::Settings {
            tenant,
            template,
            set,
        } => {
            if *template {
                print!("{}", Rules::template());
                return Ok(());
            }
            let app = super::open(cli).await?;
            let tenant = super::tenant(&app, tenant).await?;
            let Some(path) = set else {
                let rules = app.redaction_rules(tenant.id).await?;
                let value = json!({ "from": rules.from, "settings": rules.text });
                let text = format!("# {}\n{}", rules.from, rules.text);
                output::line(cli.json, &value, text.trim_end());
                return Ok(());
            };
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            let scope = app.local_scope(tenant.id, TenantRole::PrivacyOfficer, Purpose::Storage);
            let version = app.set_redaction_rules(&scope, &text).await?;
            let other = app.redacted_otherwise(tenant.id).await?;
            output::line(
                cli.json,
                &json!({ "version": version, "redacted_otherwise": other }),
                &format!(
                    "settings {version} are in force; {other} interaction(s) were redacted under \
                     others; `privity redact again` redacts them anew"
                ),
            );
            Ok(())
        }
        RedactCommand::Explain { text, tenant } => explain(cli, text, tenant).await,
        RedactCommand::Events { id, tenant } => events(cli, id, tenant).await,
        RedactCommand::Again { tenant, all, id } => {
            let app = super::open(cli).await?;
            let tenant = super::tenant(&app, tenant).await?;
            let scope = super::scope(&app, &tenant, Purpose::Storage);
            let only: Option<InteractionId> = id
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(AppError::Id)?;
            let count = app.redact_again(&scope, only, *all).await?;
            eprintln!("{count} interaction(s) are redacted again");
            let done = super::process::drain(&app).await?;
            output::line(
                cli.json,
                &json!({
                    "again": count, "stages": done.stages,
                    "denied": done.denied, "failed": done.poisoned,
                }),
                &format!(
                    "{} stage(s) done, {} stopped by the policy, {} failed",
                    done.stages, done.denied, done.poisoned
                ),
            );
            Ok(())
        }
        RedactCommand::Audit(args) => audit(cli, args).await,
        RedactCommand::Report => {
            let app = super::open(cli).await?;
            match app.redaction_report().await? {
                Some(report) => print(cli, &report),
                None => bail!("no audit was made yet; `privity redact audit` makes one"),
            }
        }
    }
}

async fn types(cli: &Cli, tenant: &TenantArg) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let rules = app.redaction_rules(tenant.id).await?;
    let mut rows = Vec::new();
    let mut values = Vec::new();
    for one in App::redaction_types(&rules.rules) {
        let demanded: Vec<&str> = one.regulations.iter().map(|one| one.key()).collect();
        values.push(json!({
            "type": one.kind.tag(), "operator": one.operator.key(), "demanded_by": demanded,
        }));
        rows.push(vec![
            one.kind.tag().to_owned(),
            one.operator.key().to_owned(),
            demanded.join(", "),
        ]);
    }
    let value = json!({ "ruleset": rules.ruleset(), "types": values });
    output::print(
        cli.json,
        &value,
        &["type", "what happens", "demanded by"],
        rows,
    );
    Ok(())
}

async fn explain(cli: &Cli, text: &[String], tenant: &TenantArg) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let rules = app.redaction_rules(tenant.id).await?;
    let mut text = text.join(" ");
    if text.is_empty() {
        std::io::stdin().read_to_string(&mut text)?;
    }
    let explained = app::explain_redaction(&rules.rules, text.trim_end());
    let rows = explained.spans.iter().map(|span| {
        vec![
            span.kind.tag().to_owned(),
            span.detector.0.clone(),
            format!("{:.2}", span.confidence.get()),
            format!("{}..{}", span.range.start, span.range.end),
        ]
    });
    let values: Vec<Value> = explained
        .spans
        .iter()
        .map(|span| {
            json!({
                "type": span.kind.tag(), "detector": span.detector.0,
                "confidence": span.confidence.get(), "bytes": [span.range.start, span.range.end],
            })
        })
        .collect();
    if !cli.json {
        println!("{}", explained.text);
    }
    let value = json!({ "text": explained.text, "spans": values });
    let head = ["type", "detector", "confidence", "bytes"];
    output::print(cli.json, &value, &head, rows.collect());
    Ok(())
}

async fn events(cli: &Cli, id: &str, tenant: &TenantArg) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    let id: InteractionId = id.parse().map_err(AppError::Id)?;
    let found = app.redaction_events(&scope, id).await?;
    let mut rows = Vec::new();
    let mut values = Vec::new();
    for one in &found.events {
        let (start, end) = (one.span.start(), one.span.end());
        rows.push(vec![
            one.kind.tag().to_owned(),
            one.regulation.key().to_owned(),
            one.speaker.to_string(),
            format!("{start} to {end}"),
            one.detector.0.clone(),
            format!("{:.2}", one.confidence.get()),
        ]);
        values.push(json!({
            "type": one.kind.tag(), "regulation": one.regulation.key(),
            "speaker": one.speaker.to_string(), "start_ms": start.0, "end_ms": end.0,
            "detector": one.detector.0, "confidence": one.confidence.get(),
        }));
    }
    let mentions: Vec<Value> = found
        .mentions
        .iter()
        .map(|one| {
            json!({
                "category": one.category.key(), "speaker": one.speaker.to_string(),
                "word": one.word.0,
            })
        })
        .collect();
    let head = [
        "type",
        "regulation",
        "speaker",
        "when",
        "detector",
        "confidence",
    ];
    let value = json!({ "events": values, "special_categories": mentions });
    output::print(cli.json, &value, &head, rows);
    if !cli.json && !found.mentions.is_empty() {
        let mut keys: Vec<&str> = found
            .mentions
            .iter()
            .map(|one| one.category.key())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        println!(
            "special categories mentioned (Article 9 GDPR): {}",
            keys.join(", ")
        );
    }
    Ok(())
}

async fn audit(cli: &Cli, args: &Audit) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = match args.tenant.tenant {
        Some(_) => Some(super::tenant(&app, &args.tenant).await?.id),
        None => None,
    };
    let log = settings::audit_log(cli).filter(|path| path.is_file());
    let order = AuditOrder {
        written: args.written,
        spoken: args.spoken,
        seed: args.seed,
        tenant,
        live: args.live,
        log: log.clone(),
    };
    let audited = app
        .audit_redaction(&order, &|what| eprintln!("{what}"))
        .await;
    if let Some(log) = log {
        std::fs::remove_file(&log)
            .with_context(|| format!("cannot remove the audit's log `{}`", log.display()))?;
    }
    let report = audited?;
    print(cli, &report)?;
    if let Some(folder) = &args.alerts
        && app::deliver_sightings(&report, folder)?
    {
        eprintln!("an alert is in `{}`", folder.display());
    }
    if let Some(tenant) = tenant {
        for told in app.tell_of_sightings(tenant, &report).await? {
            match told.failure {
                None => eprintln!("told by the route {}", told.route),
                Some(why) => eprintln!("not told by the route {}: {why}", told.route),
            }
        }
    }
    match report.sightings() {
        0 => Ok(()),
        seen => Err(Failure::Sighted(seen).into()),
    }
}

fn print(cli: &Cli, report: &AuditReport) -> Result<()> {
    let missed = report.miss_rate();
    if cli.json {
        let mut value = serde_json::to_value(report)?;
        if let Some(fields) = value.as_object_mut() {
            fields.insert("sightings".to_owned(), report.sightings().into());
            fields.insert(
                "miss_rate".to_owned(),
                json!({ "share": missed.share, "low": missed.low, "high": missed.high }),
            );
        }
        println!("{value:#}");
        return Ok(());
    }
    let rows = report.types.iter().map(row).collect();
    let head = [
        "type",
        "form",
        "planted",
        "found",
        "in words",
        "in sound",
        "in index",
        "missed, 95 %",
    ];
    println!("{}", output::table(&head, rows));
    let places = report.places.iter().map(|one| {
        vec![
            one.place.clone(),
            one.looked_at.to_string(),
            one.seen.to_string(),
            one.of.join(", "),
        ]
    });
    println!(
        "{}",
        output::table(&["place", "looked at", "seen", "of"], places.collect())
    );
    for one in &report.skipped {
        println!("not planted: {} ({})", one.what, one.why);
    }
    let alarms = &report.false_alarms;
    println!(
        "{} stretch(es) removed in {} written conversations without a secret",
        alarms.written, alarms.conversations
    );
    taken_for(alarms, |one| one.written);
    if let Some(rate) = alarms.per_ten_minutes() {
        println!(
            "{} stretch(es) removed in {:.1} minutes of speech without a secret: {rate:.2} per 10 minutes",
            alarms.spoken,
            f64::from(u32::try_from(alarms.speech_ms).unwrap_or(u32::MAX)) / 60_000.0
        );
        taken_for(alarms, |one| one.spoken);
    }
    println!(
        "miss rate, measured {} with {}: {missed}; {} sighting(s) in all",
        report.began,
        report.ruleset,
        report.sightings()
    );
    Ok(())
}

fn taken_for(alarms: &FalseAlarms, of: impl Fn(&AlarmsOfKind) -> u64) {
    let kinds = alarms.by_kind(of);
    if !kinds.is_empty() {
        println!("  taken for: {kinds}");
    }
}

fn row(one: &TypeFound) -> Vec<String> {
    let spoken = one.form != "written";
    let count = |shown: bool, count: u64| {
        if shown {
            count.to_string()
        } else {
            String::new()
        }
    };
    vec![
        one.kind.clone(),
        one.form.clone(),
        one.planted.to_string(),
        one.detected.to_string(),
        one.left_in_words.to_string(),
        count(spoken, one.left_in_sound),
        count(!spoken, one.left_in_index),
        one.missed().to_string(),
    ]
}
