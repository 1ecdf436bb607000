//! `privity serve`.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use app::{App, Until};
use server::Door;
use tokio::sync::watch;

use crate::args::{Cli, Serve};

pub(super) async fn run(cli: &Cli, args: &Serve) -> Result<()> {
    let app = super::open(cli).await?;
    serve(&app, Door::keys_only(), args.listen, !args.no_workers, |address| {
        eprintln!("serving at http://{address}; sign in with an API key (`privity key add`); stop with Ctrl-C");
    })
    .await
}

/// Serves until Ctrl-C, with workers inside.
pub(super) async fn serve(
    app: &App,
    door: Door,
    listen: SocketAddr,
    with_workers: bool,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen at {listen}; is something else there?"))?;
    let (stop, stopped) = watch::channel(false);
    let workers = with_workers.then(|| {
        let (app, until) = (app.clone(), Until::Stopped(stopped.clone()));
        tokio::task::spawn(async move { app.work(until, |_| {}).await })
    });
    ready(listener.local_addr()?);
    let served = server::serve(app.clone(), door, listener, async move {
        // Without a signal handler the program could only be killed; then it is.
        drop(tokio::signal::ctrl_c().await);
    })
    .await;
    stop.send_replace(true);
    if let Some(workers) = workers {
        workers.await??;
    }
    Ok(served?)
}
