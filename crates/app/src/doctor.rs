//! What is wrong with an installation and how to mend it.

use crate::app::App;
use crate::config::Config;
use crate::models;
use crate::pipeline::chain;

/// How one thing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Well(String),
    /// Worth knowing, nothing to mend.
    Note(String),
    /// Broken.
    Ill {
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: String,
    /// How it is.
    pub health: Health,
}

/// Looks at everything an installation needs; changes nothing but the tables' version.
pub async fn examine(config: &Config) -> Vec<Check> {
    let mut checks = vec![data(config), key_file(config), models(config)];
    if !config.key_file.exists() {
        return checks;
    }
    match App::open(config).await {
        Ok(app) => {
            checks.push(check("installation", Health::Well("opens".to_owned())));
            checks.push(tenants(&app).await);
            checks.push(queue(&app).await);
            checks.push(ledger(&app).await);
            checks.push(witnesses(&app).await);
        }
        Err(error) => checks.push(check(
            "installation",
            ill(chain(&error), "mend what it names; the data is untouched"),
        )),
    }
    checks
}

fn check(what: &str, health: Health) -> Check {
    Check {
        what: what.to_owned(),
        health,
    }
}

fn ill(found: impl Into<String>, mend: &str) -> Health {
    Health::Ill {
        found: found.into(),
        mend: mend.to_owned(),
    }
}

fn data(config: &Config) -> Check {
    let shown = config.data.display().to_string();
    let health = if config.data.is_dir() {
        Health::Well(shown)
    } else {
        ill(
            format!("there is no folder `{shown}`"),
            "`privity init` makes it",
        )
    };
    check("data folder", health)
}

fn key_file(config: &Config) -> Check {
    let shown = config.key_file.display().to_string();
    let health = if config.key_file.is_file() {
        Health::Well(shown)
    } else {
        ill(
            format!("there is no key file `{shown}`"),
            "restore it from its backup, or `privity init` for a new installation",
        )
    };
    check("key file", health)
}

fn models(config: &Config) -> Check {
    let missing = models::missing(&config.models);
    let health = if missing.is_empty() {
        Health::Well(config.models.display().to_string())
    } else {
        ill(
            format!("missing or damaged: {}", missing.join(", ")),
            "`privity models pull`",
        )
    };
    check("models", health)
}

async fn tenants(app: &App) -> Check {
    let health = match app.tenants().await {
        Ok(tenants) if tenants.is_empty() => {
            Health::Note("none yet; `privity tenant add NAME` adds one".to_owned())
        }
        Ok(tenants) => Health::Well(format!("{}", tenants.len())),
        Err(error) => ill(chain(&error), "check the database"),
    };
    check("tenants", health)
}

async fn queue(app: &App) -> Check {
    let health = match app.waiting().await {
        Ok(0) => Health::Well("nothing waits".to_owned()),
        Ok(count) => Health::Note(format!(
            "{count} stage(s) wait; `privity process` runs them"
        )),
        Err(error) => ill(chain(&error), "check the database"),
    };
    check("queue", health)
}

async fn ledger(app: &App) -> Check {
    let health = match app.verify_ledger().await {
        Ok(report) if report.faults.is_empty() => {
            Health::Well(format!("{} leaves verify", report.leaves))
        }
        Ok(report) => ill(
            format!("{} fault(s)", report.faults.len()),
            "`privity ledger verify` names them; restore the data folder from a backup",
        ),
        Err(error) => ill(chain(&error), "check the database and the blob store"),
    };
    check("ledger", health)
}

async fn witnesses(app: &App) -> Check {
    let health = match app.witnesses().await {
        Ok(seen) if seen.all.is_empty() => {
            Health::Note("none; whoever doubts the log has its operator's word alone".to_owned())
        }
        Ok(seen) if seen.behind() => {
            let problems: Vec<String> = seen
                .all
                .iter()
                .filter_map(|one| Some(format!("{}: {}", one.name, one.problem.as_ref()?)))
                .collect();
            let told = format!("{} of {} leaves cosigned", seen.vouched(), seen.covered);
            if problems.is_empty() {
                Health::Note(format!("{told}; `privity ledger witnesses --ask` asks"))
            } else {
                ill(
                    format!("{told}; {}", problems.join("; ")),
                    "`privity ledger witnesses --ask` asks again",
                )
            }
        }
        Ok(seen) => Health::Well(format!("{} leaves cosigned", seen.vouched())),
        Err(error) => ill(chain(&error), "check the database"),
    };
    check("witnesses", health)
}
