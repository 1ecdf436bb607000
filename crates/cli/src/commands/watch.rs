//! `privity watch`: takes in what arrives in a folder.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use app::{Pile, Until};
use domain::Purpose;
use tokio::sync::watch;

use super::ingest;
use crate::args::{Cli, Watch};

/// How often the folder is looked at; a file that stood still between two looks is taken.
const LOOK: Duration = Duration::from_millis(1_500);

pub(super) async fn run(cli: &Cli, args: &Watch) -> Result<()> {
    let shown = args.folder.display();
    if !args.folder.is_dir() {
        bail!("`{shown}` is not a folder");
    }
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.labels.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Storage);
    let order = ingest::order(&args.labels)?;
    let (stop, stopped) = watch::channel(false);
    let workers = args.process.then(|| {
        let (app, until) = (app.clone(), Until::Stopped(stopped));
        tokio::task::spawn(async move { app.work(until, |_| {}).await })
    });
    let mut pile = Pile::of_files(&args.folder);
    eprintln!("watching `{shown}`; stop with Ctrl-C");
    loop {
        let ready = pile
            .ready()
            .with_context(|| format!("cannot watch `{shown}`"))?;
        for path in ready {
            for outcome in ingest::one_file(&app, &scope, &path, &order).await? {
                eprintln!("{}: {}", path.display(), ingest::words(&outcome));
            }
        }
        tokio::select! {
            _ = tokio::signal::ctrl_c() => break,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    stop.send_replace(true);
    if let Some(workers) = workers {
        workers.await??;
    }
    Ok(())
}
