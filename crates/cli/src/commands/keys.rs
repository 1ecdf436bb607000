//! `privity key`.

use anyhow::Result;
use app::{AppError, NewApiKey};
use domain::Purpose;
use serde_json::{Value, json};

use crate::args::{Cli, KeyCommand};
use crate::output;

/// What a key may ask for unless told otherwise.
const USUAL: &[Purpose] = &[
    Purpose::Storage,
    Purpose::Review,
    Purpose::Playback,
    Purpose::Export,
];

pub(super) async fn run(cli: &Cli, command: &KeyCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        KeyCommand::Add {
            tenant,
            label,
            purposes,
        } => {
            let tenant = super::tenant(&app, tenant).await?;
            let named: Result<Vec<Purpose>, _> = purposes.iter().map(|key| key.parse()).collect();
            let named = named.map_err(AppError::Id)?;
            let key = NewApiKey {
                tenant: tenant.id,
                label: label.clone(),
                purposes: if named.is_empty() {
                    USUAL.to_vec()
                } else {
                    named
                },
            };
            let (id, token) = app.add_api_key(&key, "local").await?;
            output::line(
                cli.json,
                &json!({ "id": id.to_string(), "token": token.expose() }),
                &format!("{id}\n{}\nThe token is not shown again.", token.expose()),
            );
        }
        KeyCommand::List { tenant } => {
            let tenant = super::tenant(&app, tenant).await?;
            let keys = app.api_keys(tenant.id).await?;
            let purposes = |key: &app::ApiKeyRecord| {
                let names: Vec<&str> = key.purposes.iter().map(|purpose| purpose.key()).collect();
                names.join(" ")
            };
            let rows = keys
                .iter()
                .map(|key| vec![key.id.to_string(), key.label.clone(), purposes(key)])
                .collect();
            let value: Value = keys
                .iter()
                .map(|key| json!({ "id": key.id.to_string(), "label": key.label, "purposes": purposes(key) }))
                .collect();
            output::print(cli.json, &value, &["key", "label", "purposes"], rows);
        }
        KeyCommand::Revoke { tenant, key } => {
            let tenant = super::tenant(&app, tenant).await?;
            let id = key.parse().map_err(AppError::Id)?;
            app.revoke_api_key(tenant.id, id, "local").await?;
            output::line(
                cli.json,
                &json!({ "revoked": key }),
                &format!("Revoked {key}."),
            );
        }
    }
    Ok(())
}
