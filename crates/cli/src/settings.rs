//! The environment, read once. The same list makes the page in docs/command-line.md.

use std::path::{Path, PathBuf};

use app::{Config, ConfigError, Overrides};

use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::{Cli, Command, RedactCommand};

/// Every variable that the program reads.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("PRIVITY_DATA", "the data folder (--data)"),
    (
        "PRIVITY_TENANT",
        "the tenant that commands act for (--tenant)",
    ),
    ("PRIVITY_DATABASE", "database URL (--database)"),
    ("PRIVITY_BLOBS", "blob store URL (--blobs)"),
    ("PRIVITY_MODELS", "model folder (--models)"),
    ("PRIVITY_ENGINE", "speech engine (--engine)"),
    ("PRIVITY_WORKERS", "number of workers (--workers)"),
    (
        "PRIVITY_PASSPHRASE",
        "passphrase of the key file; never a flag, so that it stays out of process lists",
    ),
    (
        "PRIVITY_LOG",
        "what is logged to stderr, such as `info` or `store=debug`",
    ),
];

/// Flags over environment over file over defaults.
pub(crate) fn config(cli: &Cli) -> Result<Config, ConfigError> {
    let passphrase = variable("PRIVITY_PASSPHRASE");
    let overrides = Overrides {
        database: cli.database.clone(),
        blobs: cli.blobs.clone(),
        passphrase: passphrase.map(domain::Secret::new),
        models: cli.models.as_deref().map(from_here),
        engine: cli.engine.clone(),
        workers: cli.workers,
    };
    Config::load(&cli.data, &overrides)
}

/// A path of the command line is seen from where the command is given; one of the settings file,
/// from the data folder.
fn from_here(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

pub(crate) fn default_data() -> PathBuf {
    PathBuf::from("data")
}

/// Logs to stderr, warnings only unless asked for more. During an audit everything that the
/// program's own crates log goes to a file as well, at every level, so that it can be looked
/// through for planted secrets.
pub(crate) fn log(cli: &Cli) {
    let wanted = variable("PRIVITY_LOG").unwrap_or_else(|| "warn".to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(&wanted)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let to_stderr = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let audited = audit_log(cli).and_then(|path| std::fs::File::create(path).ok());
    let to_file = audited.map(|file| {
        tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(std::sync::Mutex::new(file))
            .with_filter(tracing_subscriber::filter::LevelFilter::TRACE)
    });
    tracing_subscriber::registry()
        .with(to_stderr)
        .with(to_file)
        .init();
}

/// Where an audit's log goes; nothing for every other command.
pub(crate) fn audit_log(cli: &Cli) -> Option<PathBuf> {
    let audit = matches!(cli.command, Command::Redact(RedactCommand::Audit(_)));
    audit.then(|| cli.data.join(format!("audit-{}.log", std::process::id())))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
