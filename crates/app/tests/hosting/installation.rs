//! A fresh installation per test, on either engine.

use std::path::{Path, PathBuf};

use app::{App, Config, Overrides, TenantOrder};
use domain::TenantId;
use tempfile::TempDir;

/// Where records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Embedded,
    PostgreSql,
}

impl Engine {
    /// Both, for a promise that does not care where things are kept.
    pub(crate) const BOTH: [Self; 2] = [Self::Embedded, Self::PostgreSql];
}

pub(crate) struct Installation {
    pub(crate) app: App,
    pub(crate) tenant: TenantId,
    folder: TempDir,
    database: Option<String>,
}

impl Installation {
    pub(crate) async fn new(engine: Engine) -> Self {
        Self::with(engine, |_| {}).await
    }

    /// One whose letters are laid down in a folder, and that folder.
    pub(crate) async fn with_post(engine: Engine) -> (Self, TempDir) {
        let post = tempfile::tempdir().unwrap();
        let line = format!("post = \"file://{}\"\n", post.path().display());
        (Self::made(engine, &line, models(), |_| {}).await, post)
    }

    /// The same with further lines of configuration.
    pub(crate) async fn with_post_and(engine: Engine, lines: &str) -> (Self, TempDir) {
        let post = tempfile::tempdir().unwrap();
        let file = format!("post = \"file://{}\"\n{lines}", post.path().display());
        (Self::made(engine, &file, models(), |_| {}).await, post)
    }

    pub(crate) async fn with(engine: Engine, order: impl FnOnce(&mut TenantOrder)) -> Self {
        Self::made(engine, "", models(), order).await
    }

    /// One that looks for models in a folder of its own.
    pub(crate) async fn with_models(models: PathBuf) -> Self {
        Self::made(Engine::Embedded, "", models, |_| {}).await
    }

    async fn made(
        engine: Engine,
        file: &str,
        models: PathBuf,
        order: impl FnOnce(&mut TenantOrder),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(app::CONFIG_FILE), file).unwrap();
        let database = (engine == Engine::PostgreSql).then(new_database);
        let overrides = Overrides {
            database: database.as_ref().map(|name| format!("{}/{name}", server())),
            models: Some(models),
            workers: Some(2),
            ..Overrides::default()
        };
        let config = Config::load(folder.path(), &overrides).unwrap();
        let app = App::create(&config).await.unwrap();
        let mut wanted = TenantOrder {
            slug: "acme".parse().unwrap(),
            name: "Acme".to_owned(),
            instruction: "order 1".to_owned(),
            basis: "contract".to_owned(),
            without: Vec::new(),
        };
        order(&mut wanted);
        let tenant = app.add_tenant(&wanted).await.unwrap().id;
        Self {
            app,
            tenant,
            folder,
            database,
        }
    }

    /// Reads every byte of the data folder but the key file's, and everything that a dump of the
    /// database shows.
    pub(crate) async fn assert_unreadable(&self, secrets: &[&str]) {
        let mut files = Vec::new();
        collect(self.folder.path(), &mut files);
        assert!(files.len() > 5 || self.database.is_some());
        for file in files {
            let name = file.display().to_string();
            let bytes = std::fs::read(&file).unwrap();
            assert_none(&name, name.as_bytes(), secrets);
            assert_none(&name, &bytes, secrets);
        }
        if let Some(database) = &self.database {
            let dump = std::process::Command::new("pg_dump")
                .args(["--dbname", &format!("{}/{database}", server())])
                .output()
                .expect("pg_dump comes with the PostgreSQL that the tests use");
            assert!(dump.status.success());
            assert!(dump.stdout.len() > 10_000);
            assert_none("the database", &dump.stdout, secrets);
        }
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if let Some(database) = &self.database {
            psql(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
        }
    }
}

fn assert_none(place: &str, bytes: &[u8], secrets: &[&str]) {
    for secret in secrets {
        let lower = secret.to_lowercase();
        let found = bytes
            .windows(secret.len())
            .any(|window| window.to_ascii_lowercase() == lower.as_bytes());
        assert!(!found, "`{secret}` is readable in {place}");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_none_or(|ending| ending != "key") {
            files.push(path);
        }
    }
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn samples() -> PathBuf {
    workspace().join("samples")
}

pub(crate) fn models() -> PathBuf {
    let folder = std::env::var_os("PRIVITY_MODELS")
        .map_or_else(|| workspace().join("models"), PathBuf::from);
    assert!(
        folder.join("lib").is_dir(),
        "there are no models in `{}`; `privity models pull --default --models {0}` fetches them",
        folder.display()
    );
    folder
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where PostgreSQL is"
)]
fn server() -> String {
    std::env::var("PRIVITY_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://root@127.0.0.1:5432".to_owned())
}

fn new_database() -> String {
    let name = format!("privity_app_{}", uuid::Uuid::new_v4().simple());
    psql(&format!("CREATE DATABASE {name}"));
    name
}

fn psql(statement: &str) {
    let ran = std::process::Command::new("psql")
        .args([
            "--quiet",
            "--dbname",
            &format!("{}/postgres", server()),
            "--command",
            statement,
        ])
        .output()
        .expect("psql comes with the PostgreSQL that the tests use");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}
