//! `privity policy`, `ledger` and `witness` as they are typed.

use std::path::PathBuf;

use clap::Subcommand;

use super::TenantArg;

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Parse and lint a policy; default: the one in force
    Check {
        /// A policy document
        file: Option<PathBuf>,
    },
    /// Print the shipped policy, or one clause
    Show {
        /// A clause, such as P101
        clause: Option<String>,
    },
    /// Post a policy: the only way to put one in force
    Publish {
        /// The policy document
        file: PathBuf,
        /// Give notice of what it changes, which a change that matters needs
        #[arg(long)]
        notice: bool,
    },
    /// List the posted versions, newest first
    Versions,
    /// Print the version that was in force at a time (RFC 3339), byte for byte
    At {
        /// The time
        time: String,
    },
    /// Compare two policies: files, or beginnings of posted versions' hashes
    Diff {
        /// The earlier one
        from: String,
        /// The later one; default: the one in force
        to: Option<String>,
    },
    /// Render the version in force: html, markdown, pdf, fideslang, dpv, gpc or cedar
    Render {
        /// The form
        #[arg(default_value = "markdown")]
        form: String,
        /// Show beside each clause how it stands
        #[arg(long)]
        status: bool,
    },
    /// How every clause stands: kept, broken, untested, waived
    Status {
        /// A JUnit report of a test run, to be kept as evidence first
        #[arg(long)]
        tests: Option<PathBuf>,
    },
    /// Write down which of the tests that clauses name passed, from a JUnit report of a run on
    /// exactly the sources of this program, for a build of the same sources to carry
    Report {
        /// The JUnit report
        junit: PathBuf,
        /// The file to write
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Ask every clause's live check and write a signed report (JSON and HTML) into a folder
    Verify {
        /// The folder
        folder: PathBuf,
    },
    /// Live without a clause for some days, with the reason that the page then shows
    Waive {
        /// A clause, such as P101
        clause: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// For how many days
        #[arg(long, default_value_t = 30)]
        days: u32,
    },
    /// Divide somebody else's policy text into numbered sentences, to be mapped by a person
    Import {
        /// The text
        file: PathBuf,
    },
    /// Explain a decision: who may do what, for what, with which data
    Ask {
        /// A role, api_key, pipeline, operator_admin, privacy_desk or break_glass
        #[arg(long)]
        who: String,
        /// read, seal, find, erase or disclose
        #[arg(long)]
        action: String,
        /// A purpose, such as hosting.review
        #[arg(long)]
        purpose: String,
        /// Kinds of data, such as user.content.redacted
        #[arg(long = "data", required = true)]
        data: Vec<String>,
        /// About this interaction as it stands; default: one in good order
        #[arg(long)]
        interaction: Option<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Recompute the whole log and name whatever does not fit; or check a bundle offline
    Verify {
        /// A bundle that `ledger bundle` wrote; nothing else is needed
        #[arg(long)]
        bundle: Option<PathBuf>,
        /// A key that the log must be signed by, as pinned outside; default: the bundle's own
        #[arg(long = "key")]
        keys: Vec<String>,
    },
    /// Write the evidence of one interaction with its proofs, for checking offline
    Bundle {
        /// The interaction's id
        id: String,
        /// File to write; default: stdout
        #[arg(long, short)]
        output: Option<PathBuf>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Write a tenant's part of the log with its proofs, as JSON lines for checking offline
    Export {
        /// From this leaf on
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// At most so many leaves
        #[arg(long, default_value_t = 10_000)]
        limit: u64,
        /// File to write; default: stdout
        #[arg(long, short)]
        output: Option<PathBuf>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Print the public keys of the log, to be pinned outside the installation
    Keys,
    /// Replay the ledger against the policy and report what has no matching decision
    Witness,
    /// Show how far the configured witnesses have cosigned the log
    Witnesses {
        /// Ask those that are behind now, not when the program's clock does
        #[arg(long)]
        ask: bool,
    },
    /// Print the offline proof of one leaf
    Prove {
        /// The leaf's index
        leaf: u64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum WitnessCommand {
    /// Make a witness's key: the private one in a file, the public one printed
    Key {
        /// The witness's name, by custom a host and path such as witness.acme.example
        name: String,
        /// File of the private key, which must not be there yet
        #[arg(long)]
        file: PathBuf,
    },
    /// Cosign the checkpoints of a log as long as it only grows; needs no installation
    Serve {
        /// File of the private key, as `witness key` made it
        #[arg(long = "key")]
        key_file: PathBuf,
        /// File that remembers what was seen; losing it is losing the witness's memory
        #[arg(long)]
        state: PathBuf,
        /// A key of the log, as `privity ledger keys` prints it there; once for each key
        #[arg(long = "log", required = true)]
        log_keys: Vec<String>,
        /// Address to listen at; put TLS before it where others are to reach it
        #[arg(long, default_value = "127.0.0.1:8418")]
        listen: std::net::SocketAddr,
    },
}
