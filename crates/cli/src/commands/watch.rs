//! `privity watch`: takes in what arrives in a folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use app::Until;
use domain::Purpose;
use notify::{RecursiveMode, Watcher};
use tokio::sync::{mpsc, watch};

use super::ingest;
use crate::args::{Cli, Watch};

/// A file is taken when its size stood still this long: whoever writes it is done.
const SETTLED: Duration = Duration::from_millis(1_500);

pub(super) async fn run(cli: &Cli, args: &Watch) -> Result<()> {
    if !args.folder.is_dir() {
        bail!("`{}` is not a folder", args.folder.display());
    }
    let app = super::open(cli).await?;
    let tenant = super::tenant(&app, &args.labels.tenant).await?;
    let scope = super::scope(&app, &tenant, Purpose::Storage);
    let order = ingest::order(&args.labels)?;
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event {
            for path in event.paths {
                // A closed channel means that the program is stopping.
                drop(arrived.send(path));
            }
        }
    })?;
    watcher
        .watch(&args.folder, RecursiveMode::Recursive)
        .with_context(|| format!("cannot watch `{}`", args.folder.display()))?;
    let (stop, stopped) = watch::channel(false);
    let workers = args.process.then(|| {
        let (app, until) = (app.clone(), Until::Stopped(stopped));
        tokio::task::spawn(async move { app.work(until, |_| {}).await })
    });
    let mut waiting: BTreeMap<PathBuf, Option<u64>> = ingest::files(&args.folder)?
        .into_iter()
        .map(|path| (path, None))
        .collect();
    eprintln!("watching `{}`; stop with Ctrl-C", args.folder.display());
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => break,
            Some(path) = arrivals.recv() => {
                if path.is_file() {
                    waiting.insert(path, None);
                }
            }
            () = tokio::time::sleep(SETTLED) => {
                for path in settled(&mut waiting) {
                    for outcome in ingest::one_file(&app, &scope, &path, &order).await? {
                        eprintln!("{}: {}", path.display(), ingest::words(&outcome));
                    }
                }
            }
        }
    }
    stop.send_replace(true);
    if let Some(workers) = workers {
        workers.await??;
    }
    Ok(())
}

/// Files whose size did not change since the last look; they leave the waiting list.
fn settled(waiting: &mut BTreeMap<PathBuf, Option<u64>>) -> Vec<PathBuf> {
    let mut done = Vec::new();
    waiting.retain(|path, size| {
        let Ok(now) = std::fs::metadata(path).map(|meta| meta.len()) else {
            return false;
        };
        if *size == Some(now) {
            done.push(path.clone());
            return false;
        }
        *size = Some(now);
        true
    });
    done
}
