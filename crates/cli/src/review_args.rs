//! Words of what people do with interactions: moments, forms, calibration, sampling, coaching.

use clap::{Args, Subcommand};

use crate::args::{DefinitionCommand, TenantArg};

#[derive(Debug, Subcommand)]
pub(crate) enum MomentCommand {
    /// Note a comment, bookmark or tag at a moment of an interaction
    Add {
        /// The interaction's id
        id: String,
        /// What is said; a bookmark may have none
        #[arg(default_value = "")]
        text: String,
        /// The moment, such as 1:05 or 65
        #[arg(long)]
        at: String,
        /// Until when, where it is a stretch
        #[arg(long)]
        until: Option<String>,
        /// comment, bookmark or tag
        #[arg(long, default_value = "comment")]
        kind: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the moments of an interaction, in its order
    List {
        /// The interaction's id
        id: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take a moment away
    Remove {
        /// The interaction's id
        id: String,
        /// The moment's id
        moment: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormCommand {
    /// Import, publish, list and diff forms
    #[command(flatten)]
    Define(DefinitionCommand),
    /// Fill a form in about an interaction
    Fill(FillArgs),
    /// List filled forms, newest first; with an interaction, its own with every answer
    Filled {
        /// The interaction's id
        id: Option<String>,
        /// Only those that agents dispute
        #[arg(long)]
        disputed: bool,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u64,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// After a dispute: say that a filled form stands, or take it out of the sums
    Settle {
        /// The filled form's id
        filling: String,
        /// It no longer counts; default: it stays as it is
        #[arg(long)]
        withdraw: bool,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct FillArgs {
    /// The interaction's id
    pub(crate) id: String,
    /// The form, by folders and name
    #[arg(long)]
    pub(crate) form: String,
    /// An answer; one for each question: yes, no, na, a number, a choice, or words
    #[arg(long = "answer", value_name = "QUESTION=ANSWER")]
    pub(crate) answers: Vec<String>,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CalibrationCommand {
    /// Open a session: judges score the same interactions, blind, on the pages
    Open {
        /// What it is called
        title: String,
        /// The form, by folders and name
        #[arg(long)]
        form: String,
        /// A judge's mail address; at least two
        #[arg(long = "judge", required = true)]
        judges: Vec<String>,
        /// The interactions' ids
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the sessions with how far their judges are
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Show a session: who judged what, and the agreement once it is closed
    Show {
        /// The session's id
        session: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Close a session: everybody sees everything from now on
    Close {
        /// The session's id
        session: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SamplingCommand {
    /// Set a plan: so many interactions of each agent each week, drawn by a seed
    Set {
        /// The form to fill in, by folders and name
        #[arg(long)]
        form: String,
        /// How many of each agent
        #[arg(long, default_value_t = 3)]
        per_week: u8,
        /// Decides which; default: drawn now and kept
        #[arg(long)]
        seed: Option<u64>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the plans
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List what a plan draws of a week
    Draw {
        /// The plan's id
        plan: String,
        /// A time in the week (RFC 3339); default: now
        #[arg(long)]
        week: Option<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take a plan back; what was filled in stays
    End {
        /// The plan's id
        plan: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CoachCommand {
    /// Ask somebody to listen to a part of an interaction
    Assign(AssignArgs),
    /// List what people are asked to listen to, newest first
    List {
        /// Only for the person of this mail address
        #[arg(long)]
        person: Option<String>,
        /// What is done with too
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Print every step of one
    Show {
        /// Its id
        assignment: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Say that it is done with
    Complete {
        /// Its id
        assignment: String,
        /// A word with it
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Send it on to somebody else
    Forward {
        /// Its id
        assignment: String,
        /// Mail address of who is asked now
        #[arg(long)]
        to: String,
        /// A word with it
        #[arg(long, default_value = "")]
        note: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Every agent with what is open and how they are scored
    Team {
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AssignArgs {
    /// The interaction's id
    pub(crate) id: String,
    /// Mail address of who is asked: an agent who took part, a coach or an owner
    #[arg(long)]
    pub(crate) to: String,
    /// From when on, such as 1:05
    #[arg(long)]
    pub(crate) from: String,
    /// Until when, such as 1:30
    #[arg(long)]
    pub(crate) until: String,
    /// What to listen for
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// It went well: an example for others
    #[arg(long)]
    pub(crate) praise: bool,
    /// By when (RFC 3339)
    #[arg(long)]
    pub(crate) due: Option<String>,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RouteCommand {
    /// Send alerts to a granted recipient from now on
    Add {
        /// The recipient's id (privity recipient list)
        recipient: String,
        /// Only this alert, by name; may be given again; default: all
        #[arg(long = "alert")]
        alerts: Vec<String>,
        /// Collect for so long and tell of all together: 15m, 1h, 1d; default: each at once
        #[arg(long)]
        digest: Option<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the routes with their last test
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Stop a route
    Stop {
        /// The route's id
        route: String,
        /// Why
        #[arg(long)]
        why: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Send a message about nobody by a route
    Test {
        /// The route's id
        route: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}
