//! Words of `privity query`, `category`, `scorecard` and `index`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TenantArg;
use crate::review_args::RouteCommand;

#[derive(Debug, Subcommand)]
pub(crate) enum QueryCommand {
    /// Print a query in its standard form
    Fmt {
        /// The query; `-` reads it from stdin
        #[arg(required = true)]
        query: Vec<String>,
        /// Print nothing; exit with 2 where the query is not in its standard form
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Say a query in plain English, with the words that are looked up first
    Explain {
        /// The query; `-` reads it from stdin
        #[arg(required = true)]
        query: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Say every fault of a query with its column, or that there is none
    Check {
        /// The query; `-` reads it from stdin
        #[arg(required = true)]
        query: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// What could stand at the cursor: operators, fields, values and, with a tenant, categories
    Complete {
        /// The query up to the cursor and after it
        query: String,
        /// Cursor, in characters from 0; default: the end
        #[arg(long)]
        cursor: Option<usize>,
        #[command(flatten)]
        tenant: TenantArg,
        /// Offer this tenant's categories too; needs an installation
        #[arg(long)]
        categories: bool,
    },
}

/// What `privity category` and `privity scorecard` have in common.
#[derive(Debug, Subcommand)]
pub(crate) enum DefinitionCommand {
    /// Take definitions in as drafts: TOML files or folders of them
    Import {
        /// Files or folders
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Why, for the list of versions
        #[arg(long, default_value = "imported")]
        reason: String,
        /// Publish what was taken in: all history is evaluated with it
        #[arg(long)]
        publish: bool,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Write the newest versions as files into a folder, one folder per folder
    Export {
        /// The folder
        folder: PathBuf,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List them with what they found and how far a publication is with history
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Print a version's text and the list of versions
    Show {
        /// Folders and name, as in Retention.Cancel intent
        name: String,
        /// Which version; default: the newest
        #[arg(long)]
        number: Option<u32>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Print what changed between two versions; default: from what is read to the newest
    Diff {
        /// Folders and name
        name: String,
        /// Older version
        #[arg(long)]
        from: Option<u32>,
        /// Newer version
        #[arg(long)]
        to: Option<u32>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Publish the newest versions of these, together
    Publish {
        /// Folders and names
        #[arg(required = true)]
        names: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take one out of use; its versions are kept
    Retire {
        /// Folders and name
        name: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the interactions in which it found something, newest first
    Found {
        /// Folders and name
        name: String,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Categories: say that it ought to match an interaction, or ought not to
    #[command(visible_alias = "judge")]
    Mark(MarkArgs),
    /// Categories: precision, recall and F1 on what was marked, before and after the last edit
    Workbench {
        /// Folders and name
        name: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Scorecards: put your value beside a computed one, which is kept
    Override(OverrideArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum FieldCommand {
    /// Declare metadata of interactions as a field that queries may name
    Declare {
        /// Its name among the metadata: letters, digits and `_`
        name: String,
        /// What it is, for an editor's list
        #[arg(default_value = "")]
        about: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the declared fields
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take a declaration back; queries that name the field are refused from then on
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MarkArgs {
    /// Folders and name
    pub(crate) name: String,
    /// The interaction's id
    pub(crate) id: String,
    /// It ought not to match; default: it ought to
    #[arg(long)]
    pub(crate) wrong: bool,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}

#[derive(Debug, Args)]
pub(crate) struct OverrideArgs {
    /// Folders and name
    pub(crate) name: String,
    /// The interaction's id
    pub(crate) id: String,
    /// The indicator's name
    pub(crate) indicator: String,
    /// 0 to 100, or `na` for "does not apply"
    pub(crate) value: String,
    /// Why the computed value is wrong
    #[arg(long)]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlertCommand {
    /// Import, publish, list and diff what is to be told of
    #[command(flatten)]
    Define(DefinitionCommand),
    /// List what was raised, newest first
    Raised {
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u64,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Which recipients are told of alerts, at once or in a digest
    #[command(subcommand)]
    Route(RouteCommand),
    /// Tell recipients of what waits now; `serve` and `worker` do it by themselves
    Deliver {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Send a message that was given up again, under the same id
    Retry {
        /// The message's id, as `raised --json` has it
        delivery: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// Throw a tenant's search index away and make it again from the sealed words
    Rebuild {
        #[command(flatten)]
        tenant: TenantArg,
    },
}
