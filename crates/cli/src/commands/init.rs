//! `privity init`.

use anyhow::{Context, Result};
use app::{App, Config};
use serde_json::json;

use crate::args::Cli;
use crate::output;
use crate::settings;

pub(super) async fn run(cli: &Cli) -> Result<()> {
    let config = settings::config(cli)?;
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("cannot make `{}`", config.data.display()))?;
    App::create(&config).await?;
    leave_template(&config)?;
    let shown = config.data.display().to_string();
    output::line(
        cli.json,
        &json!({ "data": shown, "key_file": config.key_file.display().to_string() }),
        &format!(
            "Made an installation in `{shown}`.\n\
             Keep `{}` safe and backed up apart from the data: without it nothing can be opened.\n\
             Next: privity tenant add NAME",
            config.key_file.display()
        ),
    );
    Ok(())
}

fn leave_template(config: &Config) -> Result<()> {
    let path = config.data.join(app::CONFIG_FILE);
    if path.exists() {
        return Ok(());
    }
    std::fs::write(&path, Config::template())
        .with_context(|| format!("cannot write `{}`", path.display()))
}
