//! `privity process` and `privity worker`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use app::{App, AppError, Done, Ended, Event, Until};
use domain::{InteractionId, Purpose};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::sync::watch;

use crate::args::{Cli, Process};
use crate::output;

pub(super) async fn run(cli: &Cli, args: &Process) -> Result<()> {
    let app = super::open(cli).await?;
    if args.replay {
        let tenant = super::tenant(&app, &args.tenant).await?;
        let scope = super::scope(&app, &tenant, Purpose::Storage);
        let only: Option<InteractionId> = args
            .id
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(AppError::Id)?;
        let count = app.replay(&scope, only).await?;
        eprintln!("{count} interaction(s) taken from the shelf");
    }
    let done = drain(&app).await?;
    output::line(
        cli.json,
        &json!({ "stages": done.stages, "denied": done.denied, "failed": done.poisoned }),
        &format!(
            "{} stage(s) done, {} stopped by the policy, {} failed{}",
            done.stages,
            done.denied,
            done.poisoned,
            if done.denied + done.poisoned > 0 {
                "; `privity list --failed` says why"
            } else {
                ""
            }
        ),
    );
    Ok(())
}

/// Processes everything that waits, with a progress bar.
pub(super) async fn drain(app: &App) -> Result<Done> {
    let waiting = app.waiting().await?;
    let bar = ProgressBar::new(waiting);
    bar.set_style(style());
    let seen = Progress::new(bar.clone());
    let done = app
        .work(Until::Drained, move |event| seen.show(&event))
        .await?;
    bar.finish_and_clear();
    Ok(done)
}

pub(super) fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {pos}/{len} stages  {elapsed}  {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Shows what the workers are at.
#[derive(Clone)]
struct Progress {
    bar: ProgressBar,
    done: Arc<AtomicU64>,
    at_work: Arc<Mutex<Vec<(InteractionId, String)>>>,
}

impl Progress {
    fn new(bar: ProgressBar) -> Self {
        Self {
            bar,
            done: Arc::default(),
            at_work: Arc::default(),
        }
    }

    fn show(&self, event: &Event) {
        if let Ok(mut at_work) = self.at_work.lock() {
            at_work.retain(|(id, _)| *id != event.interaction);
            if event.ended.is_none() {
                at_work.push((event.interaction, event.stage.to_string()));
            }
            let names: Vec<&str> = at_work.iter().map(|(_, stage)| stage.as_str()).collect();
            self.bar.set_message(names.join(", "));
        }
        match &event.ended {
            None => {}
            Some(Ended::Well) => self
                .bar
                .set_position(self.done.fetch_add(1, Ordering::Relaxed) + 1),
            Some(other) => self.bar.println(format!(
                "{} {}: {}",
                event.interaction,
                event.stage,
                words(other)
            )),
        }
    }
}

fn words(ended: &Ended) -> String {
    match ended {
        Ended::Well => "done".to_owned(),
        Ended::Denied(clauses) => format!("stopped by the policy ({clauses})"),
        Ended::Retried(why) => format!("will be tried again: {why}"),
        Ended::Poisoned(why) => format!("failed: {why}"),
        Ended::Lost => "another worker has taken it over".to_owned(),
    }
}

pub(super) async fn worker(cli: &Cli) -> Result<()> {
    let app = super::open(cli).await?;
    let (stop, stopped) = watch::channel(false);
    eprintln!(
        "working with {} worker(s); stop with Ctrl-C",
        app.config().workers
    );
    let json = cli.json;
    let work = app.work(Until::Stopped(stopped), move |event| {
        if let Some(ended) = &event.ended {
            if json {
                println!(
                    "{}",
                    json!({ "interaction": event.interaction.to_string(), "stage": event.stage.key(), "ended": words(ended) })
                );
            } else {
                eprintln!("{} {}: {}", event.interaction, event.stage, words(ended));
            }
        }
    });
    tokio::pin!(work);
    tokio::select! {
        done = &mut work => { done?; }
        _ = tokio::signal::ctrl_c() => {
            stop.send_replace(true);
            eprintln!("finishing the stages at work");
            work.await?;
        }
    }
    Ok(())
}
