//! `privity witness` and `privity ledger witnesses`.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use app::{App, Witnesses};
use domain::Chance as _;
use serde_json::json;
use verifier::{Key, Witness, new_witness};

use crate::args::{Cli, WitnessCommand};
use crate::output::{self, Failure};

pub(super) async fn run(cli: &Cli, command: &WitnessCommand) -> Result<()> {
    match command {
        WitnessCommand::Key { name, file } => make_key(cli, name, file),
        WitnessCommand::Serve {
            key_file,
            state,
            log_keys,
            listen,
        } => {
            let witness = open(key_file, log_keys, state)?;
            let public = witness.public();
            let listener = tokio::net::TcpListener::bind(listen)
                .await
                .with_context(|| format!("cannot listen at {listen}"))?;
            let address = listener.local_addr()?;
            eprintln!("witnessing at http://{address} as {public}; stop with Ctrl-C");
            let stop = async { drop(tokio::signal::ctrl_c().await) };
            let clock = Arc::new(app::SystemClock);
            Ok(server::serve_witness(witness, clock, listener, stop).await?)
        }
    }
}

fn open(key_file: &Path, log_keys: &[String], state: &Path) -> Result<Witness> {
    let private = std::fs::read_to_string(key_file)
        .with_context(|| format!("cannot read `{}`", key_file.display()))?;
    let logs: Result<Vec<Key>, _> = log_keys.iter().map(|key| Key::parse(key)).collect();
    Ok(Witness::open(&private, logs?, state)?)
}

/// The private key goes to a file that nobody else reads; the public one is printed.
fn make_key(cli: &Cli, name: &str, file: &Path) -> Result<()> {
    let mut seed = [0u8; 32];
    app::OsChance.fill(&mut seed)?;
    let private = new_witness(name, &seed)?;
    let mut made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("cannot make `{}`", file.display()))?;
    writeln!(made, "{private}").with_context(|| format!("cannot write `{}`", file.display()))?;
    let public = Witness::open(&private, Vec::new(), Path::new(""))?.public();
    output::line(cli.json, &json!({ "key": public }), &public);
    Ok(())
}

/// How it stands with the installation's witnesses, after asking them where that is wanted.
pub(super) async fn standing(cli: &Cli, app: &App, ask: bool) -> Result<()> {
    let seen = if ask {
        app.ask_witnesses().await?
    } else {
        app.witnesses().await?
    };
    let tried = |at: Option<domain::Timestamp>| at.map(app::rfc3339);
    let rows = seen
        .all
        .iter()
        .map(|one| {
            vec![
                one.name.clone(),
                one.key.clone(),
                format!("{} of {}", one.size, seen.covered),
                tried(one.tried).unwrap_or_else(|| "never".to_owned()),
                one.problem.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let all: Vec<_> = seen
        .all
        .iter()
        .map(|one| {
            json!({
                "name": one.name, "key": one.key, "leaves": one.size,
                "tried": tried(one.tried), "problem": one.problem,
            })
        })
        .collect();
    let value = json!({
        "covered": seen.covered, "quorum": seen.quorum, "vouched": seen.vouched(),
        "behind": seen.behind(), "witnesses": all,
    });
    output::print(
        cli.json,
        &value,
        &["witness", "key", "leaves cosigned", "asked", "problem"],
        rows,
    );
    ended(&seen)
}

fn ended(seen: &Witnesses) -> Result<()> {
    if seen.all.is_empty() {
        eprintln!("no witness is configured; docs/operator.md says how one is");
        return Ok(());
    }
    let (vouched, covered, quorum) = (seen.vouched(), seen.covered, seen.quorum);
    eprintln!("{vouched} of {covered} leaves are vouched for by {quorum} witness(es) or more");
    if seen.behind() {
        return Err(Failure::Unhealthy(1).into());
    }
    Ok(())
}
