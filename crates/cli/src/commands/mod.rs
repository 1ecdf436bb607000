//! One file per command; each opens the installation, calls `app`, prints.

mod alerts;
mod breach;
mod coaching;
mod definitions;
mod demo;
mod disclosures;
mod doctor;
mod evidence;
mod find;
mod hold;
mod ingest;
mod init;
mod inquiries;
mod keys;
mod models;
mod obligation;
mod order;
mod policy;
mod process;
mod query;
mod redact;
mod release;
mod request;
mod retention;
mod review;
mod rights;
mod serve;
mod show;
mod sources;
mod succession;
mod tenants;
mod topics;
mod user;
mod watch;
mod witness;

use anyhow::{Context, Result, bail};
use app::{App, Scope, Tenant};
use clap::CommandFactory;
use domain::{DefinitionKind, Purpose, TenantRole, TenantSlug};

use crate::args::{Cli, Command, TenantArg};
use crate::settings;

pub(crate) async fn run(cli: &Cli) -> Result<()> {
    match &cli.command {
        Command::Init => init::run(cli).await,
        Command::Tenant(command) => tenants::run(cli, command).await,
        Command::Key(command) => keys::run(cli, command).await,
        Command::User(command) => user::run(cli, command).await,
        Command::Ingest(args) => ingest::run(cli, args).await,
        Command::Watch(args) => watch::run(cli, args).await,
        Command::Source(command) => sources::run(cli, command).await,
        Command::List(args) => find::list(cli, args).await,
        Command::Show(args) => show::run(cli, args).await,
        Command::Search(args) => find::search(cli, args).await,
        Command::Query(command) => query::run(cli, command).await,
        Command::Field(command) => query::field(cli, command).await,
        Command::Category(command) => {
            definitions::run(cli, DefinitionKind::Category, command).await
        }
        Command::Scorecard(command) => {
            definitions::run(cli, DefinitionKind::Scorecard, command).await
        }
        Command::Alert(command) => alerts::run(cli, command).await,
        Command::Moment(command) => review::moment(cli, command).await,
        Command::Form(command) => review::form(cli, command).await,
        Command::Calibration(command) => coaching::calibration(cli, command).await,
        Command::Sampling(command) => coaching::sampling(cli, command).await,
        Command::Coach(command) => coaching::coach(cli, command).await,
        Command::Topic(command) => topics::run(cli, command).await,
        Command::Index(command) => find::index(cli, command).await,
        Command::Export(args) => show::export(cli, args).await,
        Command::Process(args) => process::run(cli, args).await,
        Command::Worker => process::worker(cli).await,
        Command::Serve(args) => serve::run(cli, args).await,
        Command::Erase(args) => show::erase(cli, args).await,
        Command::Redact(command) => redact::run(cli, command).await,
        Command::Policy(command) => policy::run(cli, command).await,
        Command::Hold(command) => hold::run(cli, command).await,
        Command::Retention(command) => retention::run(cli, command).await,
        Command::Recipient(command) => disclosures::recipient(cli, command).await,
        Command::Disclose(args) => disclosures::disclose(cli, args).await,
        Command::Disclosures(command) => disclosures::list(cli, command).await,
        Command::Request(command) => request::run(cli, command).await,
        Command::Rights(command) => rights::run(cli, command).await,
        Command::Order(command) => order::run(cli, command).await,
        Command::Breach(command) => breach::run(cli, command).await,
        Command::Desk(command) => inquiries::run(cli, command).await,
        Command::Release(command) => release::run(cli, command).await,
        Command::Obligation(command) => obligation::run(cli, command).await,
        Command::Succession(command) => succession::run(cli, command).await,
        Command::Ledger(command) => evidence::ledger(cli, command).await,
        Command::Witness(command) => witness::run(cli, command).await,
        Command::Models(command) => models::run(cli, command),
        Command::Doctor => doctor::run(cli).await,
        Command::Demo(args) => demo::run(cli, args).await,
        Command::Completions { shell } => {
            clap_complete::generate(
                *shell,
                &mut Cli::command(),
                "privity",
                &mut std::io::stdout(),
            );
            Ok(())
        }
        Command::Environment => {
            environment(cli);
            Ok(())
        }
    }
}

/// Opens the installation of the data folder.
async fn open(cli: &Cli) -> Result<App> {
    let config = settings::config(cli)?;
    App::open(&config)
        .await
        .map(crate::build::known_to)
        .with_context(|| format!("cannot open the installation in `{}`; `privity init` makes one, `privity doctor` says what is wrong", config.data.display()))
}

/// The tenant that was named, or the only one.
async fn tenant(app: &App, named: &TenantArg) -> Result<Tenant> {
    if let Some(slug) = &named.tenant {
        let slug: TenantSlug = slug.parse().map_err(app::AppError::Id)?;
        return Ok(app.tenant(&slug).await?);
    }
    let mut all = app.tenants().await?;
    match all.len() {
        1 => Ok(all.swap_remove(0)),
        0 => bail!("there is no tenant yet; `privity tenant add NAME` adds one"),
        _ => bail!("there is more than one tenant; name one with --tenant"),
    }
}

/// Somebody at this machine, who can read the key file, acting for the tenant's analysts.
fn scope(app: &App, tenant: &Tenant, purpose: Purpose) -> Scope {
    app.local_scope(tenant.id, TenantRole::Analyst, purpose)
}

/// Somebody at this machine acting for the tenant's coaches.
fn coach(app: &App, tenant: &Tenant) -> Scope {
    app.local_scope(tenant.id, TenantRole::Coach, Purpose::Review)
}

/// Somebody at this machine acting as the tenant's privacy officer.
fn officer(app: &App, tenant: &Tenant) -> Scope {
    app.local_scope(tenant.id, TenantRole::PrivacyOfficer, Purpose::Governance)
}

/// Ids from the command line.
fn ids<T, C>(texts: &[String]) -> Result<C, app::AppError>
where
    T: std::str::FromStr<Err = domain::IdError>,
    C: FromIterator<T>,
{
    let parsed: Result<C, domain::IdError> = texts.iter().map(|text| text.parse()).collect();
    Ok(parsed?)
}

/// A secret from stdin, so that it stays out of process lists and shell histories.
fn secret_from_stdin() -> Result<domain::Secret> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .context("cannot read the secret from stdin")?;
    let secret = line.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        bail!("give the shared secret on stdin");
    }
    Ok(domain::Secret::new(secret))
}

fn environment(cli: &Cli) {
    let rows = settings::VARIABLES
        .iter()
        .map(|(name, what)| vec![(*name).to_owned(), (*what).to_owned()])
        .collect();
    let value = settings::VARIABLES
        .iter()
        .map(|(name, what)| ((*name).to_owned(), serde_json::Value::from(*what)))
        .collect::<serde_json::Map<_, _>>();
    crate::output::print(cli.json, &value.into(), &["variable", "what it sets"], rows);
}
