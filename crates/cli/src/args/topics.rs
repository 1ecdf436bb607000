//! Words of `privity topic`.

use clap::{Args, Subcommand};

use crate::args::TenantArg;

#[derive(Debug, Subcommand)]
pub(crate) enum TopicCommand {
    /// Find what the interactions of a query are about
    Find(FindTopics),
    /// List the searches for topics, newest first
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Show the topics that were found, with example turns
    Show {
        /// The search's id
        id: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take a search for topics away
    Remove {
        /// The search's id
        id: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct FindTopics {
    /// The query, with its period as `started:2026-10-01..2026-10-31`; empty: every interaction
    #[arg(default_value = "")]
    pub(crate) query: String,
    /// Compare what began before this time (RFC 3339) with what began later
    #[arg(long)]
    pub(crate) split: Option<String>,
    /// Decides where the search begins; the same seed finds the same topics
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Topics at most; default: as many as show
    #[arg(long)]
    pub(crate) most: Option<usize>,
    /// Leave it to the workers of `privity serve` or `privity worker`
    #[arg(long)]
    pub(crate) later: bool,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}
