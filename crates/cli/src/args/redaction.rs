//! `privity redact` as it is typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TenantArg;

#[derive(Debug, Subcommand)]
pub(crate) enum RedactCommand {
    /// List every type: what happens to it, and which rule sets demand it
    Types {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Print the settings in force, or a template with every key
    Settings {
        #[command(flatten)]
        tenant: TenantArg,
        /// Print the template
        #[arg(long)]
        template: bool,
        /// Replace the tenant's settings by this file's
        #[arg(long, value_name = "FILE", conflicts_with = "template")]
        set: Option<PathBuf>,
    },
    /// Show how a line of text would be redacted by the rules, and by which
    Explain {
        /// The text; default: stdin, so that it stays out of the shell's history
        text: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List what was removed of one interaction; never the secrets
    Events {
        /// The interaction's id
        id: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Redact again what was redacted under other rules or settings, with progress
    Again {
        #[command(flatten)]
        tenant: TenantArg,
        /// Everything, whatever it was redacted under
        #[arg(long)]
        all: bool,
        /// Only this interaction
        #[arg(long)]
        id: Option<String>,
    },
    /// Plant secrets in a scratch installation and look for them everywhere
    Audit(Audit),
    /// Print the latest audit's report
    Report,
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Whose settings are audited; default: the installation's
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// Written secrets of each type
    #[arg(long, default_value_t = 20)]
    pub(crate) written: usize,
    /// Spoken card numbers, clean and by telephone; other types get a fifth
    #[arg(long, default_value_t = 10)]
    pub(crate) spoken: usize,
    /// The same seed plants the same secrets
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Plant canaries in this installation, under a tenant of their own, and erase them afterwards;
    /// default: in an installation that is made for it and removed
    #[arg(long)]
    pub(crate) live: bool,
    /// Folder that gets an alert as a file when a secret was seen
    #[arg(long)]
    pub(crate) alerts: Option<PathBuf>,
}
