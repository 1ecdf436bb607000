//! `privity serve`.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use app::{App, Until};
use domain::{Secret, TenantId};
use server::Door;
use tokio::sync::watch;

use crate::args::{Cli, Serve};

pub(super) async fn run(cli: &Cli, args: &Serve) -> Result<()> {
    let app = super::open(cli).await?;
    let mut door = Door::keys_only();
    let mut first = Vec::new();
    for tenant in app.tenants().await? {
        if app.is_unattended(tenant.id).await? {
            let code = short_code(&app)?;
            door = door.and_first(&code, tenant.id);
            first.push((tenant.slug, code));
        }
    }
    let mut desk = None;
    if app.is_unattended(TenantId::INSTALLATION).await? {
        let code = short_code(&app)?;
        door = door.and_first(&code, TenantId::INSTALLATION);
        desk = Some(code);
    }
    serve(&app, door, args.listen, !args.no_workers, |address| {
        eprintln!("serving at http://{address}; stop with Ctrl-C");
        for (tenant, code) in &first {
            eprintln!(
                "`{tenant}` has no owner yet: open http://{address}/set-up with the code {}",
                code.expose()
            );
        }
        if let Some(code) = &desk {
            eprintln!(
                "the operator's privacy desk has nobody yet: open http://{address}/set-up with the code {}",
                code.expose()
            );
        }
    })
    .await
}

/// A code that a person can type; good for this run of the program.
pub(super) fn short_code(app: &App) -> Result<Secret> {
    let code = app.token()?;
    Ok(Secret::new(
        code.expose().get(..12).unwrap_or_default().to_owned(),
    ))
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
