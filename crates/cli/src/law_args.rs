//! Words for duties by law and for the passing of an installation.

use std::path::PathBuf;

use clap::Subcommand;

use crate::args::TenantArg;

#[derive(Debug, Subcommand)]
pub(crate) enum ObligationCommand {
    /// Enter a duty laid down by law, on which a refusal or a use may rest
    Add {
        /// The law, such as HGB
        #[arg(long)]
        law: String,
        /// Its article
        #[arg(long)]
        article: String,
        /// What it demands, in a sentence
        #[arg(long)]
        demands: String,
        /// A kind of data that it reaches; may be given again
        #[arg(long = "category", required = true)]
        categories: Vec<String>,
        /// For how many days after the intake, where it demands keeping
        #[arg(long)]
        keep_days: Option<u32>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take a duty back
    End {
        /// The duty's id
        obligation: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the duties
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// Make figures about many for a granted recipient: noise, no small groups, a yearly budget
    Make {
        /// The recipient's id; bound by the term no_reidentification
        #[arg(long)]
        to: String,
        /// What for
        #[arg(long)]
        reason: String,
        /// A column of the groups: channel, direction, weekday, length, removed; may be given again
        #[arg(long = "by", required = true)]
        groups: Vec<String>,
        /// The column whose values are counted in each group
        #[arg(long)]
        count: Option<String>,
        /// Privacy loss in millionths of epsilon
        #[arg(long, default_value_t = 500_000)]
        micro_epsilon: u64,
        /// Smallest group
        #[arg(long, default_value_t = 10)]
        k: u64,
        /// Fewest values of the counted column in a group
        #[arg(long, default_value_t = 2)]
        l: usize,
        /// File to write; default: stdout
        #[arg(long, short)]
        output: Option<PathBuf>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the releases and what the year's budget has left
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SuccessionCommand {
    /// Write down that the installation passes to another operator
    Plan {
        /// To whom
        #[arg(long)]
        successor: String,
        /// merger, acquisition, sale or insolvency
        #[arg(long)]
        trigger: String,
        /// When the contract or order was signed (RFC 3339)
        #[arg(long)]
        signed: String,
        /// The contract or order; its hash is kept
        #[arg(long)]
        document: PathBuf,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// Approve it; two persons must
    Approve {
        /// Its id
        succession: String,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// Tell every customer
    Tell {
        /// Its id
        succession: String,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// Write the sealed pack (the secret is read from stdin)
    HandOver {
        /// Its id
        succession: String,
        /// File to write
        #[arg(long, short)]
        output: PathBuf,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// Take a pack in, whole or not at all (the secret is read from stdin)
    Receive {
        /// The pack
        file: PathBuf,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// List the passings
    List,
    /// What the tenant was told
    Notices {
        #[command(flatten)]
        tenant: TenantArg,
    },
}
