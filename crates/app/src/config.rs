//! What an installation is configured with, resolved once: flags > environment > file > default.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use domain::{Millis, Secret};
use engine::audio::{Fill, Limits};
use engine::speech::EngineChoice;
use serde::Deserialize;
use store::{SearchEngine, WitnessKey};

use crate::network::{Network, NotANetwork};

/// Name of the configuration file in the data folder.
pub const FILE: &str = "privity.toml";

/// Everything that the program is configured with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// `sqlite://…` or `postgres://…`.
    pub database: String,
    /// `file://…` or `s3://…`.
    pub blobs: String,
    /// Where the search index is; none: a folder with SQLite, a table with PostgreSQL.
    pub search: Option<SearchEngine>,
    /// The installation's root key.
    pub key_file: PathBuf,
    /// Opens the key file, where it has a passphrase.
    pub passphrase: Option<Secret>,
    /// Where the models are.
    pub models: PathBuf,
    /// Address at which people reach the pages, as in `https://privity.example`; says that the
    /// program stands behind TLS.
    pub public: Option<String>,
    /// Proxies whose word on who speaks to them is believed.
    pub proxies: Vec<Network>,
    /// Name of the transparency log.
    pub origin: String,
    /// Which recogniser turns speech into words.
    pub engine: EngineChoice,
    /// How many workers run inside `serve` and `process`.
    pub workers: usize,
    /// What is refused at intake.
    pub limits: Limits,
    /// Largest file taken in, in bytes.
    pub largest: u64,
    /// Bytes that a tenant's files on their way in may have together.
    pub uploads: u64,
    /// Silence on both sides of a removed word.
    pub padding: Millis,
    /// What stands in the audio where something was removed.
    pub fill: Fill,
    /// The installation's redaction settings, where it has any.
    pub redaction: Option<PathBuf>,
    /// How long a worker holds a job before another may take it.
    pub lease: Millis,
    /// Where the installation stands, as recipients' regions are written, such as `EU`.
    pub region: String,
    /// How letters to persons leave: `smtps://…`, `smtp://…` or `file://…`; none: not at all.
    pub post: Option<String>,
    /// Who letters are from.
    pub post_from: String,
    /// The installation's id as a business in the directory of the Data Rights Protocol; none:
    /// requests of agents are not taken in.
    pub rights_business: Option<String>,
    /// Folder with the pages' further languages, `de/list.ftl` and so on.
    pub locales: Option<PathBuf>,
    /// Language of the pages for whoever asks for none that is there.
    pub language: String,
    /// Time zone of the pages for whoever chose none, such as `Europe/Berlin`.
    pub zone: String,
    /// Who is asked to vouch that everybody sees the same log.
    pub witnesses: Vec<WitnessSetting>,
    /// How many of the witnesses must have cosigned for the log to count as witnessed.
    pub quorum: usize,
}

/// A witness of the log.
#[derive(Debug, Clone)]
pub struct WitnessSetting {
    /// What it is called here.
    pub name: String,
    /// Its public key, of the kind `cosignature/v1`.
    pub key: WitnessKey,
    /// Its address, without `/add-checkpoint`.
    pub url: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LedgerFile {
    quorum: Option<usize>,
    witness: Vec<WitnessFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WitnessFile {
    name: String,
    key: String,
    url: String,
}

/// The file's form. Unknown keys are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    database: Option<String>,
    blobs: Option<String>,
    search_index: Option<String>,
    key_file: Option<PathBuf>,
    models: Option<PathBuf>,
    public: Option<String>,
    trusted_proxies: Option<Vec<String>>,
    origin: Option<String>,
    engine: Option<String>,
    workers: Option<usize>,
    longest_recording_minutes: Option<u64>,
    largest_file_megabytes: Option<u64>,
    uploads_megabytes: Option<u64>,
    redaction_padding_ms: Option<u64>,
    redaction_fill: Option<String>,
    redaction_settings: Option<PathBuf>,
    lease_seconds: Option<u64>,
    region: Option<String>,
    post: Option<String>,
    post_from: Option<String>,
    rights_business: Option<String>,
    locales: Option<PathBuf>,
    language: Option<String>,
    zone: Option<String>,
    ledger: LedgerFile,
}

/// What flags and environment say; each overrides the file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Database URL.
    pub database: Option<String>,
    /// Blob store URL.
    pub blobs: Option<String>,
    /// Passphrase of the key file.
    pub passphrase: Option<Secret>,
    /// Model folder.
    pub models: Option<PathBuf>,
    /// Recogniser.
    pub engine: Option<String>,
    /// Number of workers.
    pub workers: Option<usize>,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is no valid configuration.
    #[error("`{path}` is not a valid configuration: {detail}")]
    Form {
        /// The file.
        path: String,
        /// What and where.
        detail: String,
    },
    /// A value is not one of those that exist.
    #[error("`{key}` cannot be `{value}`; {hint}")]
    Value {
        /// The key.
        key: &'static str,
        /// The offered value.
        value: String,
        /// What it can be.
        hint: &'static str,
    },
}

impl Config {
    /// Reads the data folder's file, where there is one, under the overrides.
    ///
    /// # Errors
    /// [`ConfigError`] naming the file or key and what it can be.
    pub fn load(data: &Path, over: &Overrides) -> Result<Self, ConfigError> {
        let path = data.join(FILE);
        let shown = path.display().to_string();
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str::<File>(&text).map_err(|e| ConfigError::Form {
                path: shown,
                detail: e.to_string(),
            })?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(source) => {
                return Err(ConfigError::Read {
                    path: shown,
                    source,
                });
            }
        };
        Self::resolve(data, file, over)
    }

    fn resolve(data: &Path, file: File, over: &Overrides) -> Result<Self, ConfigError> {
        let data = std::path::absolute(data).unwrap_or_else(|_| data.to_path_buf());
        let inside = |path: PathBuf| {
            if path.is_absolute() {
                path
            } else {
                data.join(path)
            }
        };
        let engine = over
            .engine
            .clone()
            .or(file.engine)
            .map_or(Ok(EngineChoice::WhisperTinyEn), |text| engine(&text))?;
        let minutes = file.longest_recording_minutes.unwrap_or(240);
        let models = over.models.clone().or(file.models);
        let (witnesses, quorum) = witnesses(file.ledger)?;
        Ok(Self {
            database: over
                .database
                .clone()
                .or(file.database)
                .unwrap_or_else(|| format!("sqlite://{}", data.join("privity.db").display())),
            blobs: over
                .blobs
                .clone()
                .or(file.blobs)
                .unwrap_or_else(|| format!("file://{}", data.join("blobs").display())),
            search: file.search_index.map(|text| search(&text)).transpose()?,
            key_file: inside(
                file.key_file
                    .unwrap_or_else(|| PathBuf::from("keys/root.key")),
            ),
            passphrase: over.passphrase.clone(),
            models: models.map_or_else(|| data.join("models"), inside),
            public: file.public.map(|text| address(&text)).transpose()?,
            proxies: proxies(file.trusted_proxies.unwrap_or_default())?,
            origin: file
                .origin
                .unwrap_or_else(|| "privity.local/log".to_owned()),
            engine,
            workers: over.workers.or(file.workers).unwrap_or_else(cores).max(1),
            limits: Limits {
                longest: Millis(minutes.saturating_mul(60_000)),
                ..Limits::default()
            },
            largest: file
                .largest_file_megabytes
                .unwrap_or(2_048)
                .saturating_mul(1_048_576),
            uploads: file
                .uploads_megabytes
                .unwrap_or(8_192)
                .saturating_mul(1_048_576),
            padding: Millis(file.redaction_padding_ms.unwrap_or(80)),
            fill: file
                .redaction_fill
                .map_or(Ok(Fill::Silence), |text| fill(&text))?,
            redaction: file.redaction_settings.map(inside),
            lease: Millis(file.lease_seconds.unwrap_or(120).saturating_mul(1_000)),
            region: file.region.unwrap_or_else(|| "EU".to_owned()),
            post: file.post,
            post_from: file
                .post_from
                .unwrap_or_else(|| "privacy@operator.example".to_owned()),
            rights_business: file.rights_business.map(|id| business(&id)).transpose()?,
            locales: file.locales.map(inside),
            language: file.language.unwrap_or_else(|| "en".to_owned()),
            zone: file.zone.unwrap_or_else(|| "UTC".to_owned()),
            witnesses,
            quorum,
            data,
        })
    }

    /// Whether people reach the pages over TLS.
    #[must_use]
    pub fn behind_tls(&self) -> bool {
        self.public
            .as_deref()
            .is_some_and(|address| address.starts_with("https://"))
    }

    /// The folder of the search index.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.data.join("index")
    }

    /// The file that `init` leaves for the operator: every key with its default, commented out.
    #[must_use]
    pub fn template() -> String {
        let mut text = String::from(
            "# Configuration of this Privity installation. Flags and PRIVITY_* variables come first.\n\
             # Paths without a leading slash are inside this folder.\n\n",
        );
        for (key, value, why) in TEMPLATE {
            // Writing to a String cannot fail.
            if writeln!(text, "# {why}\n# {key} = {value}\n").is_err() {
                break;
            }
        }
        text.push_str(WITNESSES);
        text
    }
}

/// Every key of the file, its default as written, and what it is for.
const TEMPLATE: &[(&str, &str, &str)] = &[
    (
        "database",
        "\"sqlite:///…/privity.db\"",
        "records and queue: sqlite://FILE or postgres://USER@HOST/NAME",
    ),
    (
        "blobs",
        "\"file:///…/blobs\"",
        "sealed media and log tiles: file://FOLDER or s3://BUCKET?endpoint=URL",
    ),
    (
        "search_index",
        "\"folder\"",
        "folder (with SQLite) or table (with PostgreSQL, where folder is for one machine)",
    ),
    (
        "key_file",
        "\"keys/root.key\"",
        "the installation's root key; without it nothing can be opened",
    ),
    (
        "models",
        "\"models\"",
        "folder of the speech and name models (`privity models pull`)",
    ),
    (
        "public",
        "\"https://privity.example\"",
        "address at which people reach the pages; with https:// cookies are for TLS only",
    ),
    (
        "trusted_proxies",
        "[\"127.0.0.1\", \"10.0.0.0/8\"]",
        "proxies whose X-Forwarded-For is believed, so that guests are paced by their own address",
    ),
    (
        "origin",
        "\"privity.local/log\"",
        "name of the transparency log in its checkpoints",
    ),
    (
        "engine",
        "\"whisper-tiny.en\"",
        "whisper-tiny.en, whisper-base or moonshine-tiny.en",
    ),
    (
        "workers",
        "2",
        "workers inside `serve` and `process`; default: one per core",
    ),
    (
        "longest_recording_minutes",
        "240",
        "longer recordings are refused",
    ),
    ("largest_file_megabytes", "2048", "larger files are refused"),
    (
        "uploads_megabytes",
        "8192",
        "what a tenant's resumable uploads may announce together while they are open",
    ),
    (
        "redaction_padding_ms",
        "80",
        "silence on both sides of a removed word",
    ),
    (
        "redaction_fill",
        "\"silence\"",
        "silence or tone where something was removed",
    ),
    (
        "redaction_settings",
        "\"redaction.toml\"",
        "what is removed and how, for tenants without settings of their own",
    ),
    (
        "lease_seconds",
        "120",
        "how long a worker holds a job before another may take it",
    ),
    (
        "region",
        "\"EU\"",
        "where the installation stands; recipients elsewhere need a transfer note (clause P78)",
    ),
    (
        "post",
        "\"smtp://127.0.0.1:25\"",
        "how letters to persons leave: smtps://HOST, smtp://HOST?tls=required or file:///FOLDER",
    ),
    (
        "post_from",
        "\"privacy@operator.example\"",
        "who letters to persons are from",
    ),
    (
        "rights_business",
        "\"PRIVITY\"",
        "id in the directory of the Data Rights Protocol; with `public`, agents may ask for persons",
    ),
    (
        "locales",
        "\"locales\"",
        "folder with further languages of the pages, each a folder of Fluent files",
    ),
    (
        "language",
        "\"en\"",
        "language of the pages for whoever asks for none that is there",
    ),
    (
        "zone",
        "\"UTC\"",
        "time zone of the pages for whoever chose none, such as \"Europe/Berlin\"",
    ),
];

/// The part of the file that is no key with a default.
const WITNESSES: &str = "\
# who vouches that everybody sees the same log, each with its public key; quorum: how many of them
# must have cosigned, all of them where it is not given
#[ledger]
#quorum = 1
#[[ledger.witness]]
#name = \"Acme's own\"
#key = \"witness.acme.example+8e4b5a3c+B…\"
#url = \"https://witness.acme.example\"
";

fn witnesses(file: LedgerFile) -> Result<(Vec<WitnessSetting>, usize), ConfigError> {
    let mut known: Vec<WitnessSetting> = Vec::new();
    for one in file.witness {
        let refused = |key, value: &str, hint| ConfigError::Value {
            key,
            value: value.to_owned(),
            hint,
        };
        let key = WitnessKey::parse(&one.key).map_err(|_| {
            let hint =
                "it is written name+hash+key, as `privity witness key` prints the public one";
            refused("ledger.witness.key", &one.key, hint)
        })?;
        if known.iter().any(|other| other.key.name() == key.name()) {
            let hint = "each witness is named once";
            return Err(refused("ledger.witness.key", &one.key, hint));
        }
        known.push(WitnessSetting {
            name: one.name,
            key,
            url: one.url,
        });
    }
    let quorum = file.quorum.unwrap_or(known.len());
    if quorum > known.len() {
        return Err(ConfigError::Value {
            key: "ledger.quorum",
            value: quorum.to_string(),
            hint: "it is not more than there are witnesses",
        });
    }
    Ok((known, quorum))
}

fn engine(text: &str) -> Result<EngineChoice, ConfigError> {
    EngineChoice::from_str(text).map_err(|_| ConfigError::Value {
        key: "engine",
        value: text.to_owned(),
        hint: "it is `whisper-tiny.en`, `whisper-base` or `moonshine-tiny.en`",
    })
}

fn search(text: &str) -> Result<SearchEngine, ConfigError> {
    SearchEngine::from_str(text).map_err(|_| ConfigError::Value {
        key: "search_index",
        value: text.to_owned(),
        hint: "it is `folder` or, with a PostgreSQL database, `table`",
    })
}

fn address(text: &str) -> Result<String, ConfigError> {
    let plain = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"));
    match plain {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(text.to_owned()),
        _ => Err(ConfigError::Value {
            key: "public",
            value: text.to_owned(),
            hint: "it is written https://HOST, without a path",
        }),
    }
}

fn business(text: &str) -> Result<String, ConfigError> {
    let fits = |c: char| c.is_ascii_uppercase() || c == '_';
    if !text.is_empty() && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err(ConfigError::Value {
        key: "rights_business",
        value: text.to_owned(),
        hint: "it has capital letters and underscores only",
    })
}

fn proxies(texts: Vec<String>) -> Result<Vec<Network>, ConfigError> {
    texts
        .into_iter()
        .map(|text| {
            text.parse().map_err(|NotANetwork| ConfigError::Value {
                key: "trusted_proxies",
                value: text.clone(),
                hint: "each is an address or a network such as 10.0.0.0/8",
            })
        })
        .collect()
}

fn fill(text: &str) -> Result<Fill, ConfigError> {
    match text {
        "silence" => Ok(Fill::Silence),
        "tone" => Ok(Fill::Tone),
        _ => Err(ConfigError::Value {
            key: "redaction_fill",
            value: text.to_owned(),
            hint: "it is `silence` or `tone`",
        }),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_unknown_keys_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join(FILE),
            "engine = \"whisper-base\"\nworkers = 3\nredaction_fill = \"tone\"\n",
        )
        .unwrap();
        let over = Overrides {
            workers: Some(5),
            ..Overrides::default()
        };
        let config = Config::load(folder.path(), &over).unwrap();
        assert_eq!(
            (config.engine, config.workers),
            (EngineChoice::WhisperBase, 5)
        );
        assert!(config.database.starts_with("sqlite:///"));

        std::fs::write(folder.path().join(FILE), "egine = \"x\"\n").unwrap();
        let error = Config::load(folder.path(), &over).unwrap_err().to_string();
        assert!(error.contains("egine"), "{error}");
    }

    #[test]
    fn the_template_names_every_key_of_the_file() {
        let uncommented: String = Config::template()
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.contains(" = "))
            .map(|line| format!("{line}\n"))
            .collect();
        let file: File = toml::from_str(&uncommented).unwrap();
        assert!(file.lease_seconds.is_some() && file.database.is_some());
        assert_eq!(TEMPLATE.len(), 24);
    }
}
