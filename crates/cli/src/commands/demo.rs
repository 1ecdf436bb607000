//! `privity demo`: an installation with samples in it, processed and served.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use app::models::{self, Which};
use app::{App, Config, IntakeOrder, ListFilter, Outcome, Page, Tenant, TenantOrder};
use domain::{DefinitionKind, Purpose, Secret, TenantId, TenantSlug};
use server::Door;

use super::{find, ingest, process, serve};
use crate::args::{Cli, Demo};
use crate::{build, settings};

/// The tenant of the samples.
const TENANT: &str = "demo";

pub(super) async fn run(cli: &Cli, args: &Demo) -> Result<()> {
    if !args.samples.is_dir() {
        bail!(
            "there is no folder `{}`; name one with --samples",
            args.samples.display()
        );
    }
    let mut config = settings::config(cli)?;
    // Letters of the demo stay on this machine: a mail server would pick them up in a folder.
    let post = config.data.join("post");
    if config.post.is_none() {
        config.post = Some(format!("file://{}", post.display()));
    }
    if !models::missing(&config.models).is_empty() {
        super::models::pull(&config.models, &Which::Default, None)?;
    }
    let app = installation(&config).await?;
    let slug: TenantSlug = TENANT.parse()?;
    let tenant = match app.tenant(&slug).await {
        Ok(tenant) => tenant,
        Err(app::AppError::NotFound { .. }) => app.add_tenant(&order(slug)).await?,
        Err(other) => return Err(other.into()),
    };
    let storage = super::scope(&app, &tenant, Purpose::Storage);
    let mut fresh = 0;
    for file in ingest::files(&args.samples)? {
        if file.components().any(|part| part.as_os_str() == "scripts") {
            continue;
        }
        for outcome in app
            .take_in_file(&storage, &file, &IntakeOrder::default())
            .await?
        {
            eprintln!("{}: {}", file.display(), ingest::words(&outcome));
            fresh += usize::from(matches!(outcome, Outcome::Taken { .. }));
        }
    }
    define(&app, &tenant).await?;
    // In use before anything new comes: what is there already is no news.
    app.evaluate_behind(tenant.id, 1).await?;
    let peopled = app.people_the_demo(tenant.id).await?;
    let mut made = 0;
    for file in app::demo::conversations(app.now(), args.conversations) {
        let order = IntakeOrder {
            agent: file.agent.map(Secret::new),
            ..IntakeOrder::default()
        };
        let outcomes = app.take_in(&storage, file.bytes, &order).await?;
        for outcome in outcomes {
            made += usize::from(matches!(outcome, Outcome::Taken { .. }));
        }
    }
    if made > 0 {
        eprintln!("{made} made-up conversation(s) of the last sixty days: taken in");
    }
    fresh += made;
    if fresh > 0 {
        eprintln!(
            "processing {fresh} interaction(s): recognising speech, removing personal data, measuring, indexing"
        );
    }
    process::drain(&app).await?;
    if app::demo::desk::fill(&app, &tenant, &post, args.conversations).await? {
        eprintln!("the privacy desk has a hold, recipients, requests and orders to look at");
    }
    if peopled {
        app.enliven_the_demo(tenant.id).await?;
    }
    let review = super::scope(&app, &tenant, Purpose::Review);
    let found = app
        .list(&review, &ListFilter::default(), &Page::default())
        .await?;
    find::print_summaries(cli.json, &found);
    if args.once {
        return Ok(());
    }
    let code = serve::short_code(&app)?;
    let first = serve::short_code(&app)?;
    let desk = serve::short_code(&app)?;
    let door = Door::with_code(&code, tenant.id)
        .and_first(&first, tenant.id)
        .and_first(&desk, TenantId::INSTALLATION);
    let listen = SocketAddr::from(([127, 0, 0, 1], args.port));
    serve::serve(&app, door, listen, true, |address| {
        eprintln!(
            "open http://{address} in a browser and sign in with the code {}; stop with Ctrl-C\n\
             or make yourself its owner at http://{address}/set-up with the code {}\n\
             or a person of the operator's privacy desk with the code {}",
            code.expose(),
            first.expose(),
            desk.expose()
        );
    })
    .await
}

/// Publishes the demo's categories, scorecard, alerts and form, once.
async fn define(app: &App, tenant: &Tenant) -> Result<()> {
    let scope = super::scope(app, tenant, Purpose::Review);
    let known = app.definitions(&scope, DefinitionKind::Category).await?;
    if !known.is_empty() {
        return Ok(());
    }
    let mut names = Vec::new();
    for text in app::demo::DEFINITIONS {
        let imported = app
            .import_definition(&scope, text, "comes with the demo")
            .await?;
        names.push(imported.name);
    }
    app.publish_definitions(&scope, &names).await?;
    Ok(())
}

async fn installation(config: &Config) -> Result<App> {
    if config.key_file.exists() {
        return Ok(build::known_to(App::open(config).await?));
    }
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make `{}`", config.data.display()))?;
    Ok(build::known_to(App::create(config).await?))
}

fn order(slug: TenantSlug) -> TenantOrder {
    TenantOrder {
        slug,
        name: "Demo Organisation".to_owned(),
        instruction: "demo order".to_owned(),
        basis: "contract".to_owned(),
        without: Vec::new(),
    }
}
