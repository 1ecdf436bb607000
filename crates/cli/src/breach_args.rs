//! Words for what went wrong and for who writes to the desk.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::TenantArg;

#[derive(Debug, Subcommand)]
pub(crate) enum BreachCommand {
    /// Write an exposure of data down; the 72 hours run from when it became known
    Report(Box<Exposure>),
    /// Tell each customer concerned, in their own register
    Tell {
        /// The exposure's id
        breach: String,
        /// After 72 hours: why so late
        #[arg(long)]
        delay: Option<String>,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// Write down that the authority was told
    ToldAuthority {
        /// The exposure's id
        breach: String,
        /// Who told it, by handle
        #[arg(long)]
        by: String,
    },
    /// Print the form for the authority (GDPR Art. 33(3))
    Form {
        /// The exposure's id
        breach: String,
    },
    /// List the exposures
    List,
    /// What the tenant was told, and with --letters the letters to the persons (Art. 34(2))
    Notices {
        /// Print the letters
        #[arg(long)]
        letters: bool,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Exposure {
    /// What happened: how the data was exposed, to whom, for how long
    #[arg(long)]
    pub(crate) what: String,
    /// A kind of data, such as user.content.redacted; may be given again
    #[arg(long = "category", required = true)]
    pub(crate) categories: Vec<String>,
    /// A customer concerned; may be given again
    #[arg(long = "of", value_name = "TENANT", required = true)]
    pub(crate) tenants: Vec<String>,
    /// Only these interactions; with one customer only
    #[arg(long = "interaction", value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// What may come of it for the persons
    #[arg(long)]
    pub(crate) consequences: String,
    /// What was done about it, and what persons can do
    #[arg(long)]
    pub(crate) measures: String,
    /// Since when it is known (RFC 3339); now by default
    #[arg(long)]
    pub(crate) known: Option<String>,
    /// An exercise
    #[arg(long)]
    pub(crate) drill: bool,
    /// Who, by handle
    #[arg(long)]
    pub(crate) by: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeskCommand {
    /// Take in mail to the desk's address: files, or a folder's files; what is here already is left
    Mail {
        /// Messages (.eml), or folders of them
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Who answers what comes in, by handle
        #[arg(long)]
        owner: String,
    },
    /// List the messages, the newest first
    Inquiries,
    /// Answer a message by letter
    Answer {
        /// The message's id
        inquiry: String,
        /// The answer
        #[arg(long)]
        text: String,
        /// Who answers, by handle
        #[arg(long)]
        by: String,
    },
    /// Open a dispute; it is judged by the version of the policy that held when the facts happened
    Dispute {
        /// Who disputes: their mail address
        #[arg(long)]
        from: String,
        /// What happened
        #[arg(long)]
        facts: String,
        /// When (RFC 3339)
        #[arg(long)]
        at: String,
        /// Who takes it down, by handle
        #[arg(long)]
        by: String,
    },
}
