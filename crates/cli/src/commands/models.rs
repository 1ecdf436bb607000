//! `privity models`.

use anyhow::Result;
use app::models::{self, Progress, Which};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::args::{Cli, ModelsCommand};
use crate::output;
use crate::settings;

pub(super) fn run(cli: &Cli, command: &ModelsCommand) -> Result<()> {
    let config = settings::config(cli)?;
    match command {
        ModelsCommand::List => {
            let listed = models::list(&config.models);
            let rows = listed
                .iter()
                .map(|m| {
                    vec![
                        m.name.to_string(),
                        m.present.to_string(),
                        megabytes(m.bytes),
                        m.licence.to_string(),
                        m.purpose.to_string(),
                    ]
                })
                .collect();
            let value: Value = listed
                .iter()
                .map(|m| json!({ "name": m.name, "state": m.present.to_string(), "bytes": m.bytes, "licence": m.licence, "for": m.purpose }))
                .collect();
            output::print(
                cli.json,
                &value,
                &["model", "state", "size", "licence", "for"],
                rows,
            );
        }
        ModelsCommand::Pull {
            default,
            names,
            source,
        } => {
            let which = if *default || names.is_empty() {
                Which::Default
            } else {
                Which::Named(names.clone())
            };
            pull(&config.models, &which, source.as_deref())?;
            eprintln!("models are in `{}`", config.models.display());
        }
    }
    Ok(())
}

/// Fetches with a line of progress per package.
pub(super) fn pull(
    folder: &std::path::Path,
    which: &Which,
    source: Option<&std::path::Path>,
) -> Result<()> {
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    let report = models::pull(folder, which, source, &mut |progress: Progress| {
        let text = progress.to_string();
        if progress.is_milestone() {
            bar.suspend(|| eprintln!("{text}"));
        }
        bar.set_message(text);
    });
    bar.finish_and_clear();
    report?;
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
