//! `privity list` and `privity search`.

use anyhow::Result;
use app::{
    AppError, FacetValue, Hit, ListFilter, Page, Ranking, Results, SearchRequest, Summary, rfc3339,
};
use domain::{Channel, Millis, Purpose};
use serde_json::{Value, json};

use super::query::point;
use crate::args::{Cli, IndexCommand, List, Search};
use crate::output::{self, when};

/// Results whose fields are counted, where there are too many to look at all.
const SAMPLE: usize = 1_000;

pub(super) async fn list(cli: &Cli, args: &List) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    if args.failed {
        return failed(cli, &app, &scope).await;
    }
    let channel: Option<Result<Channel, _>> = args.channel.as_deref().map(str::parse);
    let filter = ListFilter {
        channel: channel.transpose().map_err(AppError::Id)?,
        ..ListFilter::default()
    };
    let page = Page {
        limit: args.limit,
        ..Page::default()
    };
    let found = app.list(&scope, &filter, &page).await?;
    print_summaries(cli.json, &found);
    Ok(())
}

pub(super) fn print_summaries(json: bool, found: &[Summary]) {
    let rows = found.iter().map(row).collect();
    let value: Value = found.iter().map(summary_value).collect();
    let head = [
        "interaction",
        "started",
        "channel",
        "length",
        "status",
        "words",
        "turns",
        "removed",
    ];
    output::print(json, &value, &head, rows);
}

fn row(summary: &Summary) -> Vec<String> {
    vec![
        summary.id.to_string(),
        when(summary.started),
        summary.channel.key().to_owned(),
        summary
            .duration
            .map_or_else(String::new, |long| long.to_string()),
        summary.status_text(),
        summary.words.to_string(),
        summary.turns.to_string(),
        removed(summary),
    ]
}

/// `CARD 2, PERSON 5`.
pub(super) fn removed(summary: &Summary) -> String {
    let parts: Vec<String> = summary
        .redactions
        .iter()
        .map(|(kind, count)| format!("{} {count}", kind.tag()))
        .collect();
    parts.join(", ")
}

pub(super) fn summary_value(summary: &Summary) -> Value {
    let redactions: serde_json::Map<String, Value> = summary
        .redactions
        .iter()
        .map(|(kind, count)| (kind.tag().to_owned(), json!(count)))
        .collect();
    json!({
        "id": summary.id.to_string(),
        "started": rfc3339(summary.started),
        "channel": summary.channel.key(),
        "direction": summary.direction.key(),
        "duration_ms": summary.duration.map(|long| long.0),
        "status": summary.status_text(),
        "words": summary.words,
        "turns": summary.turns,
        "redactions": redactions,
        "warnings": summary.warnings,
    })
}

async fn failed(cli: &Cli, app: &app::App, scope: &app::Scope) -> Result<()> {
    let troubles = app.troubles(scope).await?;
    let rows = troubles
        .iter()
        .map(|t| {
            vec![
                t.what.clone(),
                t.stage.clone(),
                t.reason.clone(),
                t.sentence.clone(),
                when(t.at),
            ]
        })
        .collect();
    let value: Value = troubles
        .iter()
        .map(|t| json!({ "what": t.what, "stage": t.stage, "reason": t.reason, "sentence": t.sentence, "at": rfc3339(t.at) }))
        .collect();
    output::print(
        cli.json,
        &value,
        &["what", "stage", "reason", "what happened", "when"],
        rows,
    );
    Ok(())
}

pub(super) async fn search(cli: &Cli, args: &Search) -> Result<()> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    let text = args.query.join(" ");
    let request = SearchRequest {
        include: pairs(&args.include)?,
        exclude: pairs(&args.exclude)?,
        ranking: if args.best {
            Ranking::Best
        } else {
            Ranking::Newest
        },
        limit: args.limit,
        after: args.after.as_deref().map(str::parse).transpose()?,
        sample: if args.facets { SAMPLE } else { 0 },
        budget: Millis(args.budget.saturating_mul(1_000)),
        ..SearchRequest::new(text.clone())
    };
    let found = app
        .results(&scope, &request)
        .await
        .inspect_err(|error| point(&text, error))?;
    if cli.json {
        println!("{:#}", results_value(&found));
        return Ok(());
    }
    if args.explain {
        eprintln!("{}", found.explained);
    }
    for hit in &found.hits {
        println!("{}", header(hit));
        for snippet in &hit.snippets {
            println!("  {} {}: {}", snippet.at, snippet.speaker, marked(snippet));
        }
    }
    for facet in found.facets.iter().filter(|_| args.facets) {
        let values: Vec<String> = facet
            .values
            .iter()
            .map(|(value, count)| format!("{value} {count}"))
            .collect();
        println!("{}: {}", facet.field, values.join(", "));
    }
    if args.facets && found.total != found.counted {
        println!("(values of {} results)", found.counted);
    }
    if found.partial {
        print!("Partial: the time was up. ");
    }
    println!(
        "{} interactions match; the words of {} were looked at",
        found.total, found.examined
    );
    if let Some(next) = found.next {
        println!("next: --after {next}");
    }
    Ok(())
}

fn pairs(texts: &[String]) -> Result<Vec<FacetValue>> {
    let pair = |text: &String| {
        let (field, value) = text
            .split_once('=')
            .ok_or_else(|| AppError::Input(format!("expected FIELD=VALUE, found `{text}`")))?;
        Ok(FacetValue {
            field: field.trim().to_owned(),
            value: value.trim().to_owned(),
        })
    };
    texts.iter().map(pair).collect()
}

fn results_value(found: &Results) -> Value {
    let hits: Vec<Value> = found.hits.iter().map(hit_value).collect();
    let facets: serde_json::Map<String, Value> = found
        .facets
        .iter()
        .map(|facet| {
            let values = facet.values.iter();
            let values = values.map(|(value, count)| json!({ "value": value, "count": count }));
            (facet.field.clone(), values.collect())
        })
        .collect();
    json!({
        "query": found.query,
        "explained": found.explained,
        "total": found.total.at_least,
        "at_most": found.total.at_most,
        "about": found.total.about,
        "partial": found.partial,
        "examined": found.examined,
        "hits": hits,
        "facets": facets,
        "next": found.next.map(|place| place.to_string()),
    })
}

pub(super) async fn index(cli: &Cli, command: &IndexCommand) -> Result<()> {
    let IndexCommand::Rebuild { tenant } = command;
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    app.rebuild_index(&scope).await?;
    let said = format!("The index of `{}` was made again.", tenant.slug);
    output::line(cli.json, &json!({ "rebuilt": tenant.slug.as_str() }), &said);
    Ok(())
}

fn header(hit: &Hit) -> String {
    format!(
        "{}  {}  {}  {} match(es)",
        hit.summary.id,
        when(hit.summary.started),
        hit.summary.channel.key(),
        hit.matches
    )
}

/// Words of the match in `«»`, readable without colour.
fn marked(snippet: &app::Snippet) -> String {
    let mut text = String::new();
    let mut inside = false;
    for piece in &snippet.pieces {
        if inside && !piece.hit {
            text.push('»');
        }
        if !text.is_empty() {
            text.push(' ');
        }
        if piece.hit && !inside {
            text.push('«');
        }
        inside = piece.hit;
        text.push_str(&piece.text);
    }
    if inside {
        text.push('»');
    }
    text
}

fn hit_value(hit: &Hit) -> Value {
    let snippets: Vec<Value> = hit
        .snippets
        .iter()
        .map(|s| json!({ "speaker": s.speaker.to_string(), "at_ms": s.at.0, "text": marked(s) }))
        .collect();
    json!({ "interaction": summary_value(&hit.summary), "matches": hit.matches, "snippets": snippets })
}
