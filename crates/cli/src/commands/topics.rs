//! `privity topic`.

use anyhow::Result;
use app::review::week_start;
use app::topics::{
    FoundTopics, NewTopics, TopicState, TopicView, TopicWeeks, TopicsRow, TopicsView,
};
use app::{App, AppError, Scope, Tenant};
use domain::{Purpose, Secret, TopicRunId};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::args::{Cli, FindTopics, TenantArg, TopicCommand};
use crate::output::{self, when};

async fn opened(cli: &Cli, named: &TenantArg) -> Result<(App, Tenant, Scope)> {
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, named).await?;
    let scope = super::scope(&app, &tenant, Purpose::Review);
    Ok((app, tenant, scope))
}

pub(super) async fn run(cli: &Cli, command: &TopicCommand) -> Result<()> {
    match command {
        TopicCommand::Find(args) => find(cli, args).await,
        TopicCommand::List { tenant } => {
            let (app, _, scope) = opened(cli, tenant).await?;
            let all = app.topic_runs(&scope).await?;
            let rows = all.iter().map(line);
            let head = ["id", "asked", "query", "interactions", "state"];
            let value: Value = all.iter().map(row_value).collect();
            output::print(cli.json, &value, &head, rows.collect());
            Ok(())
        }
        TopicCommand::Show { id, tenant } => {
            let (app, _, scope) = opened(cli, tenant).await?;
            show(cli, &app.topics(&scope, parse(id)?).await?);
            Ok(())
        }
        TopicCommand::Remove { id, tenant } => {
            let (app, _, scope) = opened(cli, tenant).await?;
            app.drop_topics(&scope, parse(id)?).await?;
            output::line(cli.json, &json!({ "id": id }), "Taken away.");
            Ok(())
        }
    }
}

fn parse(id: &str) -> Result<TopicRunId, AppError> {
    id.parse().map_err(AppError::Id)
}

async fn find(cli: &Cli, args: &FindTopics) -> Result<()> {
    let (app, tenant, scope) = opened(cli, &args.tenant).await?;
    let new = NewTopics {
        query: args.query.clone(),
        split: args.split.as_deref().map(app::parse_time).transpose()?,
        seed: args.seed,
        most: args.most,
    };
    let id = app.ask_for_topics(&scope, &new).await?;
    if args.later {
        let said = format!("Asked for {id}; `privity topic show {id}` says how far it is.");
        output::line(cli.json, &json!({ "id": id.to_string() }), &said);
        return Ok(());
    }
    let bar = ProgressBar::new(0);
    let told = bar.clone();
    let seen = move |done: usize, of: usize| {
        told.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        told.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    };
    // Workers that run elsewhere may have taken it on; then it is only waited for.
    let view = loop {
        app.find_topics(tenant.id, &seen).await?;
        let view = app.topics(&scope, id).await?;
        if !matches!(
            view.row.state,
            TopicState::Waiting | TopicState::Begun { .. }
        ) {
            break view;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    };
    bar.finish_and_clear();
    show(cli, &view);
    Ok(())
}

fn show(cli: &Cli, view: &TopicsView) {
    if cli.json {
        println!("{:#}", view_value(view));
        return;
    }
    let Some(found) = &view.found else {
        println!("{}: {}", view.row.id, state(&view.row));
        return;
    };
    let rows = found.topics.iter().map(|topic| {
        let (before, after) = shares(topic, found);
        vec![
            name(topic),
            format!(
                "{} ({})",
                topic.interactions,
                percent(topic.interactions, found.interactions)
            ),
            topic.turns.to_string(),
            before,
            after,
            format!("{:.2}", topic.closeness),
        ]
    });
    let head = [
        "topic",
        "interactions",
        "turns",
        "before",
        "after",
        "likeness",
    ];
    println!("{}", output::table(&head, rows.collect()));
    println!("{}", summary(&view.row, found));
    for topic in found.topics.iter().filter(|one| !one.examples.is_empty()) {
        println!("\n{}", name(topic));
        for one in &topic.examples {
            println!("  {} at {}: {}", one.interaction, one.at, one.text.expose());
        }
    }
}

fn summary(row: &TopicsRow, found: &FoundTopics) -> String {
    let mut said = format!(
        "{} of {} turns ({}) are like no topic; {} short turns are not counted.",
        found.unclassified,
        found.turns,
        percent(found.unclassified, found.turns),
        found.short
    );
    if found.beyond > 0 {
        said.push_str(&format!(
            " {} further turns were not looked at.",
            found.beyond
        ));
    }
    if found.unread > 0 {
        said.push_str(&format!(
            " {} interactions could not be read.",
            found.unread
        ));
    }
    if row.cut {
        said.push_str(" The query matches more interactions: the newest were looked at.");
    }
    if let Some(drift) = found.drift {
        said.push_str(&format!(
            " The two periods are {drift:.3} bit apart (0 the same, 1 nothing in common)."
        ));
    }
    said
}

fn name(topic: &TopicView) -> String {
    let phrases: Vec<&str> = topic.phrases.iter().map(Secret::expose).collect();
    if phrases.is_empty() {
        "(no phrase in enough interactions)".to_owned()
    } else {
        phrases.join(", ")
    }
}

fn shares(topic: &TopicView, found: &FoundTopics) -> (String, String) {
    let share = |own: usize, all: usize| {
        if all == 0 {
            String::new()
        } else {
            percent(own, all)
        }
    };
    (
        share(topic.halves.0, found.halves.0),
        share(topic.halves.1, found.halves.1),
    )
}

/// One decimal.
fn percent(part: usize, of: usize) -> String {
    let tenths = part.saturating_mul(1_000) / of.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn state(row: &TopicsRow) -> String {
    match &row.state {
        TopicState::Waiting => "waiting".to_owned(),
        TopicState::Begun { done, .. } => format!("{done} of {} read", row.interactions),
        TopicState::Ready => "ready".to_owned(),
        TopicState::Failed(why) => format!("failed: {why}"),
    }
}

fn line(row: &TopicsRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        when(row.at),
        row.query.expose().to_owned(),
        row.interactions.to_string(),
        state(row),
    ]
}

fn row_value(row: &TopicsRow) -> Value {
    json!({ "id": row.id.to_string(), "asked": app::rfc3339(row.at), "query": row.query.expose(),
            "split": row.split.map(app::rfc3339), "seed": row.seed,
            "interactions": row.interactions, "cut": row.cut, "state": row.state.key(),
            "stands": state(row) })
}

fn view_value(view: &TopicsView) -> Value {
    let mut value = row_value(&view.row);
    if let (Some(found), Some(fields)) = (&view.found, value.as_object_mut()) {
        fields.insert("found".to_owned(), found_value(found));
    }
    value
}

fn found_value(found: &FoundTopics) -> Value {
    let topics: Vec<Value> = found
        .topics
        .iter()
        .map(|topic| {
            let phrases: Vec<&str> = topic.phrases.iter().map(Secret::expose).collect();
            let examples: Vec<Value> = topic
                .examples
                .iter()
                .map(|one| {
                    json!({ "interaction": one.interaction.to_string(), "at_ms": one.at.0,
                            "text": one.text.expose() })
                })
                .collect();
            json!({ "phrases": phrases, "turns": topic.turns,
                    "interactions": topic.interactions, "likeness": topic.closeness,
                    "before": topic.halves.0, "after": topic.halves.1,
                    "weeks": weeks(&topic.weeks), "examples": examples })
        })
        .collect();
    json!({ "topics": topics, "turns": found.turns, "unclassified": found.unclassified,
            "short": found.short, "beyond": found.beyond, "interactions": found.interactions,
            "unread": found.unread, "before": found.halves.0, "after": found.halves.1,
            "drift": found.drift, "weeks": weeks(&found.weeks) })
}

fn weeks(weeks: &TopicWeeks) -> Value {
    weeks
        .iter()
        .map(|(week, count)| {
            json!({ "from": app::rfc3339(week_start(*week)), "interactions": count })
        })
        .collect()
}
