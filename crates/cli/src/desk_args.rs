//! The privacy desk's words.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::TenantArg;

#[derive(Debug, Subcommand)]
pub(crate) enum HoldCommand {
    /// Place a legal hold on interactions
    Place {
        /// The case, as people call it
        #[arg(long)]
        case: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// The interactions' ids
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Lay a hold on further interactions
    Add {
        /// The hold's id
        hold: String,
        /// The interactions' ids
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Lift a hold, from everything or only from the named interactions
    Lift {
        /// The hold's id
        hold: String,
        /// The interactions' ids; none: all
        ids: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the holds, lifted ones too
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RetentionCommand {
    /// Keep interactions, or only their recordings, for so many days
    Set {
        /// Days after the intake
        days: u32,
        /// Only of this channel: voice, chat, email, …
        #[arg(long)]
        channel: Option<String>,
        /// Only the recordings as they were taken in; what was made of them stays
        #[arg(long)]
        voice: bool,
        /// Only what this query finds: a field, a region, a category; asked again by every run
        #[arg(long = "where")]
        query: Option<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List the rules
    Rules {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take a rule back; ends that it set stay
    End {
        /// The rule's id
        rule: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Show what a run would erase and what a hold keeps
    Preview {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Erase what is overdue: keys, bytes, index
    Run {
        #[command(flatten)]
        tenant: TenantArg,
        /// Do it; without this only the preview is shown
        #[arg(long)]
        yes: bool,
    },
    /// List the runs
    Runs {
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecipientCommand {
    /// Grant a recipient from a TOML file (docs/privacy-officer.md shows one)
    Add {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// List recipients and what they lack by the policy in force
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Let nothing go to a recipient any more
    Stop {
        /// The recipient's id
        recipient: String,
        /// Why
        #[arg(long)]
        why: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Disclose {
    /// The interaction's id
    pub(crate) id: String,
    /// The recipient's id
    #[arg(long)]
    pub(crate) to: String,
    /// Why
    #[arg(long)]
    pub(crate) reason: String,
    /// vcon, json, vtt, txt, csv or wav
    #[arg(long, default_value = "json")]
    pub(crate) format: String,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DisclosuresCommand {
    /// List everything that left, newest first
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Open a bundle that was received (its secret is read from stdin)
    OpenBundle {
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RightsCommand {
    /// Hear an agent of the Data Rights Protocol
    Add {
        /// Its id in the network's directory: capital letters and underscores
        agent: String,
        /// Its name, as persons know it
        #[arg(long)]
        name: String,
        /// Its Ed25519 key in base64 (`verify_key` in the directory)
        #[arg(long)]
        key: String,
        /// The origin of its site, as https://agent.example; callbacks go nowhere else
        #[arg(long)]
        site: String,
        /// Its word counts that it checked an address; else a code proves each request
        #[arg(long)]
        trusted: bool,
    },
    /// List the agents
    List,
    /// Hear an agent no longer
    End {
        /// The number that `add` printed
        number: String,
    },
    /// Print the entries for the network's directory
    Directory,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RequestCommand {
    /// Take in a person's request and send them a code
    Open {
        /// access, erasure, rectification, restriction, objection, portability, locate, complaint
        kind: String,
        /// Their mail address
        #[arg(long)]
        address: String,
        /// gdpr or ccpa
        #[arg(long, default_value = "gdpr")]
        law: String,
        /// What they write
        #[arg(long, default_value = "")]
        message: String,
    },
    /// Prove a request by the code; then it is passed on
    Prove {
        /// The request's id
        request: String,
        /// The ticket that `open` printed
        #[arg(long)]
        ticket: String,
        /// The code from the letter
        #[arg(long)]
        code: String,
    },
    /// What the person sees
    Status {
        /// The request's id
        request: String,
        /// The ticket that `open` printed
        #[arg(long)]
        ticket: String,
    },
    /// Requests at the operator's desk
    List,
    /// End a request at the operator's desk
    End {
        /// The request's id
        request: String,
        #[command(flatten)]
        outcome: OutcomeArgs,
    },
    /// A tenant's cases
    Cases {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Take the one extension that the law allows
    Extend {
        /// The case's id
        case: String,
        /// The reason, which the person is told
        #[arg(long)]
        why: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Put what the person says instead beside an interaction of theirs; end the case with `answer`
    Rectify {
        /// The case's id
        case: String,
        /// The interaction's id
        interaction: String,
        /// What the person says; it is redacted like the words it is about
        #[arg(long)]
        says: String,
        /// From which moment of the interaction, as 1:05
        #[arg(long, requires = "until")]
        from: Option<String>,
        /// Until which moment
        #[arg(long, requires = "from")]
        until: Option<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Write everything that is held about the person of a case into a ZIP file
    Pack {
        /// The case's id
        case: String,
        /// File to write
        #[arg(long, short)]
        output: PathBuf,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Erase everything that is held about the person of a case and print the receipt
    Erase {
        /// The case's id
        case: String,
        #[command(flatten)]
        tenant: TenantArg,
        /// Do it; without this nothing is destroyed
        #[arg(long)]
        yes: bool,
    },
    /// Stop the uses that the person of a case refuses (restriction, objection), and end the case
    Refuse {
        /// The case's id
        case: String,
        /// For an objection: a use that stops, such as hosting.analysis; may be given again
        #[arg(long = "purpose")]
        purposes: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Lift what was refused for interactions
    Lift {
        /// The interactions' ids
        #[arg(required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// End a case
    Answer {
        /// The case's id
        case: String,
        #[command(flatten)]
        outcome: OutcomeArgs,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Send overdue cases back to the operator, tell tenants whose gag has ended
    Clock,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct OutcomeArgs {
    /// What was done
    #[arg(long)]
    pub(crate) fulfilled: Option<String>,
    /// A reason that the law knows, and a sentence: rights_of_others=…
    #[arg(long, value_name = "REASON=SENTENCE")]
    pub(crate) refused: Option<String>,
    /// The authority, or the country where the person lives (two letters)
    #[arg(long)]
    pub(crate) referred: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrderCommand {
    /// Take down an order of a court or an authority
    Receive {
        /// Who issued it
        #[arg(long)]
        issuer: String,
        /// Its country, such as DE
        #[arg(long)]
        country: String,
        /// court_order, subpoena, warrant, authority_request or emergency
        #[arg(long)]
        kind: String,
        /// Law and article
        #[arg(long)]
        authority: String,
        /// What it asks for
        #[arg(long)]
        scope: String,
        /// The order as received; its hash is kept
        #[arg(long)]
        document: PathBuf,
        /// Until when the tenant must not be told (RFC 3339)
        #[arg(long)]
        gag_until: Option<String>,
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// Say how it was checked and narrowed, and to which interactions
    Review {
        /// The order's id
        order: String,
        /// How issuer, scope and place were checked, and what was cut away
        #[arg(long)]
        narrowing: String,
        /// The interactions' ids
        #[arg(required = true)]
        ids: Vec<String>,
        /// Who reviews, by handle
        #[arg(long)]
        by: String,
    },
    /// Approve; two persons must
    Approve {
        /// The order's id
        order: String,
        /// Who approves, by handle
        #[arg(long)]
        by: String,
        /// For an emergency: what danger there is, and why nothing less stops it
        #[arg(long)]
        reasons: Option<String>,
    },
    /// Say what a third person found about an emergency afterwards, within 72 hours
    LookBack {
        /// The order's id
        order: String,
        /// What was found, and what follows
        #[arg(long)]
        finding: String,
        /// It was not right to hand it over
        #[arg(long)]
        unjustified: bool,
        /// Who looked, by handle; not one of the two
        #[arg(long)]
        by: String,
    },
    /// Turn an order down
    Reject {
        /// The order's id
        order: String,
        /// Why
        #[arg(long)]
        why: String,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// Hand over what the review named, sealed, into a folder (the secret is read from stdin)
    Produce {
        /// The order's id
        order: String,
        /// The folder
        folder: PathBuf,
        /// Who, by handle
        #[arg(long)]
        by: String,
    },
    /// List the orders
    List,
    /// Print the transparency report; small counts are withheld
    Report,
    /// What the tenant was told of orders
    Notices {
        #[command(flatten)]
        tenant: TenantArg,
    },
}
