//! `privity category` and `privity scorecard`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use app::{App, AppError, Change, Counts, DefinitionSummary, Measured, Page, Scope, Workbench};
use domain::query::{Evidence, Likeness};
use domain::{
    ComponentFinding, Credit, DefinitionKind, DefinitionName, Finding, Purpose, VersionNumber,
};
use serde_json::{Value, json};

use crate::args::{Cli, DefinitionCommand, MarkArgs, OverrideArgs, TenantArg};
use crate::output::{self, when};

/// The installation, the tenant's scope and which kind of definition is meant.
struct Desk<'a> {
    cli: &'a Cli,
    app: App,
    scope: Scope,
    kind: DefinitionKind,
}

pub(super) async fn run(
    cli: &Cli,
    kind: DefinitionKind,
    command: &DefinitionCommand,
) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant_of(command)).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    let desk = Desk {
        cli,
        app,
        scope,
        kind,
    };
    match command {
        DefinitionCommand::Import {
            paths,
            reason,
            publish,
            ..
        } => desk.import(paths, reason, *publish).await,
        DefinitionCommand::Export { folder, .. } => desk.export(folder).await,
        DefinitionCommand::List { .. } => desk.list().await,
        DefinitionCommand::Show { name, number, .. } => desk.show(name, *number).await,
        DefinitionCommand::Diff { name, from, to, .. } => desk.diff(name, *from, *to).await,
        DefinitionCommand::Publish { names, .. } => {
            let names: Result<Vec<DefinitionName>, _> =
                names.iter().map(|name| name.parse()).collect();
            desk.publish(&names.map_err(AppError::Id)?).await
        }
        DefinitionCommand::Retire { name, .. } => {
            desk.app.retire_definition(&desk.scope, kind, name).await?;
            output::line(
                cli.json,
                &json!({ "retired": name }),
                &format!("`{name}` is out of use; its versions are kept."),
            );
            Ok(())
        }
        DefinitionCommand::Found { name, limit, .. } => desk.found(name, *limit).await,
        DefinitionCommand::Mark(args) => desk.mark(args).await,
        DefinitionCommand::Workbench { name, .. } => {
            let bench = desk.app.workbench(&desk.scope, name).await?;
            print_workbench(cli.json, &bench);
            Ok(())
        }
        DefinitionCommand::Override(args) => desk.put_beside(args).await,
    }
}

const fn tenant_of(command: &DefinitionCommand) -> &TenantArg {
    match command {
        DefinitionCommand::Import { tenant, .. }
        | DefinitionCommand::Export { tenant, .. }
        | DefinitionCommand::List { tenant }
        | DefinitionCommand::Show { tenant, .. }
        | DefinitionCommand::Diff { tenant, .. }
        | DefinitionCommand::Publish { tenant, .. }
        | DefinitionCommand::Retire { tenant, .. }
        | DefinitionCommand::Found { tenant, .. }
        | DefinitionCommand::Workbench { tenant, .. } => tenant,
        DefinitionCommand::Mark(args) => &args.tenant,
        DefinitionCommand::Override(args) => &args.tenant,
    }
}

impl Desk<'_> {
    async fn import(&self, paths: &[PathBuf], reason: &str, publish: bool) -> Result<()> {
        let mut files = Vec::new();
        for path in paths {
            gather(path, &mut files)?;
        }
        if files.is_empty() {
            bail!(AppError::Input("there is no .toml file there".to_owned()));
        }
        let mut names = Vec::new();
        for file in &files {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("cannot read `{}`", file.display()))?;
            let taken = self.app.import_definition(&self.scope, &text, reason).await;
            let taken = match taken {
                Ok(taken) if taken.kind == self.kind => taken,
                Ok(taken) => bail!(AppError::Input(format!(
                    "`{}` is a {}, taken in as such; publish it with `privity {0} publish`",
                    file.display(),
                    taken.kind
                ))),
                Err(AppError::Input(said)) => {
                    bail!(AppError::Input(format!("{}: {said}", file.display())))
                }
                Err(other) => return Err(other.into()),
            };
            eprintln!("{} version {}", taken.name, taken.version);
            names.push(taken.name);
        }
        if publish {
            return self.publish(&names).await;
        }
        let value: Value = names.iter().map(ToString::to_string).collect();
        let said = format!(
            "{} taken in as draft(s); `publish` puts them to use.",
            names.len()
        );
        output::line(self.cli.json, &value, &said);
        Ok(())
    }

    async fn export(&self, folder: &Path) -> Result<()> {
        let all = self.app.definitions(&self.scope, self.kind).await?;
        for one in &all {
            let name = &one.definition.name;
            let view = self
                .app
                .definition(&self.scope, self.kind, name.as_str())
                .await?;
            let mut path = folder.to_owned();
            path.extend(name.folders());
            std::fs::create_dir_all(&path)
                .with_context(|| format!("cannot make `{}`", path.display()))?;
            path.push(format!("{}.toml", name.leaf()));
            std::fs::write(&path, view.text(one.definition.newest)?)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        let said = format!("{} file(s) written to `{}`.", all.len(), folder.display());
        output::line(self.cli.json, &json!({ "files": all.len() }), &said);
        Ok(())
    }

    async fn list(&self) -> Result<()> {
        let all = self.app.definitions(&self.scope, self.kind).await?;
        let value: Value = all.iter().map(summary_value).collect();
        let rows = all.iter().map(row).collect();
        let head = ["name", "read", "newest", "state", "found in", "about"];
        output::print(self.cli.json, &value, &head, rows);
        Ok(())
    }

    async fn show(&self, name: &str, version: Option<u32>) -> Result<()> {
        let view = self.app.definition(&self.scope, self.kind, name).await?;
        let newest = view.summary.definition.newest;
        let text = view.text(version.map_or(newest, VersionNumber))?;
        let versions: Vec<Value> = view
            .versions
            .iter()
            .map(|one| {
                json!({ "version": one.number.0, "author": one.says.author,
                        "reason": one.says.reason.expose(), "at": app::rfc3339(one.at) })
            })
            .collect();
        if self.cli.json {
            let value = json!({ "definition": summary_value(&view.summary), "text": text,
                                "versions": versions });
            println!("{value:#}");
            return Ok(());
        }
        print!("{text}");
        for one in &view.versions {
            eprintln!(
                "version {}, {} by {}: {}",
                one.number,
                when(one.at),
                one.says.author,
                one.says.reason.expose()
            );
        }
        Ok(())
    }

    async fn diff(&self, name: &str, from: Option<u32>, to: Option<u32>) -> Result<()> {
        let between = (from.map(VersionNumber), to.map(VersionNumber));
        let changes = self
            .app
            .definition_changes(&self.scope, self.kind, name, between)
            .await?;
        let lines: Vec<String> = changes
            .iter()
            .map(|change| match change {
                Change::Kept(line) => format!("  {line}"),
                Change::Removed(line) => format!("- {line}"),
                Change::Added(line) => format!("+ {line}"),
            })
            .collect();
        output::line(self.cli.json, &json!(lines), &lines.join("\n"));
        Ok(())
    }

    async fn publish(&self, names: &[DefinitionName]) -> Result<()> {
        let touched = self.app.publish_definitions(&self.scope, names).await?;
        let touched: Vec<String> = touched.iter().map(ToString::to_string).collect();
        let said = format!(
            "Published: {}. `privity process` or any worker evaluates all history; until then \
             the versions before are read.",
            touched.join(", ")
        );
        output::line(self.cli.json, &json!({ "published": touched }), &said);
        Ok(())
    }

    async fn found(&self, name: &str, limit: u32) -> Result<()> {
        let page = Page { limit, after: None };
        let found = self
            .app
            .found_by(&self.scope, self.kind, name, &page)
            .await?;
        let rows = found
            .iter()
            .map(|one| {
                vec![
                    one.summary.id.to_string(),
                    when(one.summary.started),
                    one.summary.channel.key().to_owned(),
                    found_text(&one.finding),
                ]
            })
            .collect();
        let value: Value = found
            .iter()
            .map(|one| {
                json!({ "interaction": super::find::summary_value(&one.summary),
                        "found": found_text(&one.finding),
                        "components": components_value(&one.finding) })
            })
            .collect();
        let head = ["interaction", "started", "channel", "found"];
        output::print(self.cli.json, &value, &head, rows);
        Ok(())
    }

    async fn mark(&self, args: &MarkArgs) -> Result<()> {
        let id = args.id.parse().map_err(AppError::Id)?;
        self.app
            .mark_example(&self.scope, &args.name, id, !args.wrong)
            .await?;
        let said = if args.wrong {
            "ought not to"
        } else {
            "ought to"
        };
        let value =
            json!({ "category": args.name, "interaction": args.id, "belongs": !args.wrong });
        let said = format!("`{}` {said} match {}.", args.name, args.id);
        output::line(self.cli.json, &value, &said);
        Ok(())
    }

    async fn put_beside(&self, args: &OverrideArgs) -> Result<()> {
        let id = args.id.parse().map_err(AppError::Id)?;
        let credit = credit(&args.value)?;
        self.app
            .override_indicator(
                &self.scope,
                id,
                &args.name,
                &args.indicator,
                (credit, &args.reason),
            )
            .await?;
        let value = json!({ "scorecard": args.name, "indicator": args.indicator });
        let said = format!(
            "`{}` counts {} now; the computed value is kept.",
            args.indicator, args.value
        );
        output::line(self.cli.json, &value, &said);
        Ok(())
    }
}

fn credit(text: &str) -> Result<Option<Credit>> {
    if text.eq_ignore_ascii_case("na") {
        return Ok(None);
    }
    let points: Option<f64> = text.parse().ok();
    let points = points.filter(|points| (0.0..=100.0).contains(points));
    let wanted = || AppError::Input(format!("expected 0 to 100 or `na`, found `{text}`"));
    Ok(Some(Credit::new(points.ok_or_else(wanted)? / 100.0)))
}

/// Every `.toml` file of a path, in order of name.
fn gather(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let listed = std::fs::read_dir(path);
    let listed = listed.with_context(|| format!("cannot list `{}`", path.display()))?;
    let mut inside = Vec::new();
    for entry in listed {
        inside.push(entry?.path());
    }
    inside.sort();
    for path in inside {
        if path.is_dir() || path.extension().is_some_and(|ending| ending == "toml") {
            gather(&path, files)?;
        }
    }
    Ok(())
}

fn state(one: &DefinitionSummary) -> String {
    if let Some(model) = one.lacks {
        return format!("waits for the model: run `privity models pull {model}`");
    }
    match (one.progress, one.definition.live) {
        (Some(progress), _) => format!("evaluating {} of {}", progress.done, progress.total),
        (None, Some(live)) if live.version == one.definition.newest => "live".to_owned(),
        (None, Some(_)) => "live, with a draft".to_owned(),
        (None, None) => "draft".to_owned(),
    }
}

fn row(one: &DefinitionSummary) -> Vec<String> {
    let definition = &one.definition;
    let live = definition.live.map(|edition| edition.version.to_string());
    vec![
        definition.name.to_string(),
        live.unwrap_or_default(),
        definition.newest.to_string(),
        state(one),
        one.found.to_string(),
        one.about.clone(),
    ]
}

fn summary_value(one: &DefinitionSummary) -> Value {
    let definition = &one.definition;
    json!({
        "id": definition.id.to_string(),
        "name": definition.name.as_str(),
        "about": one.about,
        "newest": definition.newest.0,
        "live": definition.live.map(|edition| edition.version.0),
        "next": definition.next.map(|edition| edition.version.0),
        "state": state(one),
        "found": one.found,
        "lacks": one.lacks,
        "progress": one.progress.map(|p| json!({ "done": p.done, "total": p.total })),
    })
}

/// Each component that matched, with the moments of its matches and how like an example each is.
fn components_value(finding: &Finding) -> Value {
    let Finding::Category(parts) = finding else {
        return Value::Null;
    };
    let part = |part: &ComponentFinding| {
        let matches = part.evidence.iter().map(|found| {
            json!({ "at_ms": found.span.start().0,
                    "likeness": likeness(found).map(|one| f64::from(one.thousandths()) / 1_000.0) })
        });
        json!({ "name": part.name, "weight": part.weight.get(),
                "matches": matches.collect::<Vec<_>>() })
    };
    parts.iter().map(part).collect()
}

fn likeness(found: &Evidence) -> Option<Likeness> {
    found.parts.iter().filter_map(|part| part.likeness).max()
}

/// The components that matched, with the nearest likeness to an example, or the score.
fn found_text(finding: &Finding) -> String {
    match finding {
        Finding::Category(parts) => {
            let said = parts.iter().map(|part| {
                let nearest = part.evidence.iter().filter_map(likeness).max();
                nearest.map_or_else(
                    || part.name.clone(),
                    |nearest| format!("{} ({nearest})", part.name),
                )
            });
            said.collect::<Vec<String>>().join(", ")
        }
        Finding::Scorecard(indicators) => app::score_of(indicators)
            .map_or_else(|| "does not apply".to_owned(), |score| score.to_string()),
        Finding::Alert(found) => format!("{} match(es)", found.len()),
    }
}

fn print_workbench(json: bool, bench: &Workbench) {
    let sides: Vec<_> = bench.before.iter().chain([&bench.after]).collect();
    let value = json!({
        "versions": sides.iter().map(|side| json!({
            "version": side.version.0,
            "counts": counts_value(side.counts),
        })).collect::<Vec<_>>(),
        "changed": bench.changed.iter().map(|one| json!({
            "interaction": one.interaction.to_string(),
            "belongs": one.belongs,
            "matches": one.matches,
        })).collect::<Vec<_>>(),
        "gone": bench.gone,
    });
    let rows = sides
        .iter()
        .map(|side| {
            let counts = side.counts;
            vec![
                side.version.to_string(),
                format!(
                    "{} / {} / {} / {}",
                    counts.right, counts.wrong, counts.missed, counts.left_out
                ),
                measured(counts.precision()),
                measured(counts.recall()),
                measured(counts.f1()),
            ]
        })
        .collect();
    let head = [
        "version",
        "right / wrong / missed / left out",
        "precision",
        "recall",
        "F1",
    ];
    output::print(json, &value, &head, rows);
    if json {
        return;
    }
    for one in &bench.changed {
        let now = if one.matches {
            "matches now"
        } else {
            "no longer matches"
        };
        let right = if one.matches == one.belongs {
            "right"
        } else {
            "wrong"
        };
        println!("{} {now}: {right}", one.interaction);
    }
}

/// `0.80 (0.49 to 0.94)`.
fn measured(value: Option<Measured>) -> String {
    value.map_or_else(String::new, |one| {
        format!(
            "{:.2} ({:.2} to {:.2})",
            one.value, one.interval.low, one.interval.high
        )
    })
}

fn counts_value(counts: Counts) -> Value {
    let share = |value: Option<Measured>| {
        value.map(
            |one| json!({ "value": one.value, "low": one.interval.low, "high": one.interval.high }),
        )
    };
    json!({
        "right": counts.right, "wrong": counts.wrong,
        "missed": counts.missed, "left_out": counts.left_out,
        "precision": share(counts.precision()),
        "recall": share(counts.recall()),
        "f1": share(counts.f1()),
    })
}
