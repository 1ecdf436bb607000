//! `privity tenant`.

use anyhow::Result;
use app::{AppError, Tenant, TenantOrder};
use domain::Purpose;
use serde_json::{Value, json};

use crate::args::{Cli, TenantCommand};
use crate::output;

pub(super) async fn run(cli: &Cli, command: &TenantCommand) -> Result<()> {
    let app = super::open(cli).await?;
    match command {
        TenantCommand::List => {
            let tenants = app.tenants().await?;
            let rows = tenants.iter().map(row).collect();
            let value: Value = tenants.iter().map(value).collect();
            output::print(
                cli.json,
                &value,
                &["tenant", "name", "instruction", "basis", "id"],
                rows,
            );
        }
        TenantCommand::Add {
            slug,
            name,
            instruction,
            basis,
            without,
        } => {
            let without: Result<Vec<Purpose>, _> = without.iter().map(|key| key.parse()).collect();
            let order = TenantOrder {
                slug: slug.parse().map_err(AppError::Id)?,
                name: name.clone().unwrap_or_else(|| slug.clone()),
                instruction: instruction.clone(),
                basis: basis.clone(),
                without: without.map_err(AppError::Id)?,
            };
            let tenant = app.add_tenant(&order).await?;
            output::line(
                cli.json,
                &value(&tenant),
                &format!("Added `{}` ({}).", tenant.slug, tenant.id),
            );
        }
    }
    Ok(())
}

fn row(tenant: &Tenant) -> Vec<String> {
    vec![
        tenant.slug.to_string(),
        tenant.name.clone(),
        tenant.instruction.id.clone(),
        tenant.instruction.basis.basis.clone(),
        tenant.id.to_string(),
    ]
}

fn value(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id.to_string(),
        "slug": tenant.slug.as_str(),
        "name": tenant.name,
        "instruction": tenant.instruction.id,
        "basis": tenant.instruction.basis.basis,
    })
}
