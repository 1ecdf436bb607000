//! Words of `privity source`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::{TenantArg, Who};

#[derive(Debug, Subcommand)]
pub(crate) enum SourceCommand {
    /// Watch a folder wherever the installation is served, from now on
    Add(AddSource),
    /// List the folders that are watched
    List {
        #[command(flatten)]
        tenant: TenantArg,
    },
    /// No longer watch a folder; what was taken in stays
    End {
        /// The source's id
        id: String,
        #[command(flatten)]
        tenant: TenantArg,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddSource {
    /// The folder
    pub(crate) folder: PathBuf,
    /// It is a Maildir that a mail server delivers into
    #[arg(long)]
    pub(crate) mailbox: bool,
    /// The address that is delivered there, shown to whoever sends
    #[arg(long, requires = "mailbox")]
    pub(crate) address: Option<String>,
    #[command(flatten)]
    pub(crate) who: Who,
    #[command(flatten)]
    pub(crate) tenant: TenantArg,
}
