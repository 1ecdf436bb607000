//! PostgreSQL's own full-text search on the same calls, spoken to through `psql`.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use super::calls::{Call, Language};

const TABLE: &str =
    "create unlogged table calls (number bigint, started bigint, queue text, words tsvector);";
const INDEXES: &str = "set maintenance_work_mem = '1GB'; \
    create index calls_by_word on calls using gin (words); \
    create index calls_by_start on calls (started desc); \
    vacuum analyze calls;";
const NAME: &str = "privity_bench_search";

/// A database of its own on a server.
pub(crate) struct Peer {
    server: String,
}

impl Peer {
    pub(crate) fn create(server: &str) -> Result<Self, Box<dyn Error>> {
        let peer = Self {
            server: server.trim_end_matches('/').to_owned(),
        };
        peer.admin(&format!("drop database if exists {NAME}"))?;
        peer.admin(&format!("create database {NAME}"))?;
        peer.run(TABLE)?;
        Ok(peer)
    }

    /// The one that an earlier run filled.
    pub(crate) fn kept(server: &str) -> Self {
        Self {
            server: server.trim_end_matches('/').to_owned(),
        }
    }

    pub(crate) fn drop(&self) -> Result<(), Box<dyn Error>> {
        self.admin(&format!("drop database if exists {NAME}"))
    }

    fn admin(&self, statement: &str) -> Result<(), Box<dyn Error>> {
        said(psql(&format!("{}/postgres", self.server)).args(["-c", statement]))?;
        Ok(())
    }

    /// What statements print.
    pub(crate) fn run(&self, statements: &str) -> Result<String, Box<dyn Error>> {
        let mut command = psql(&format!("{}/{NAME}", self.server));
        for statement in statements.split_inclusive(';') {
            command.args(["-c", statement]);
        }
        said(&mut command)
    }

    pub(crate) fn loading(&self) -> Result<Loading, Box<dyn Error>> {
        let mut child = psql(&format!("{}/{NAME}", self.server))
            .args(["-c", "copy calls from stdin"])
            .stdin(Stdio::piped())
            .spawn()?;
        let pipe = child.stdin.take().ok_or("psql has no input")?;
        Ok(Loading {
            child,
            pipe: BufWriter::with_capacity(1 << 20, pipe),
            line: String::new(),
        })
    }

    pub(crate) fn index(&self) -> Result<Duration, Box<dyn Error>> {
        let begun = Instant::now();
        self.run(INDEXES)?;
        Ok(begun.elapsed())
    }

    /// How long each statement takes by `psql`'s watch, in one session, and what it prints.
    pub(crate) fn timed(
        &self,
        statements: &[String],
    ) -> Result<(Vec<Duration>, String), Box<dyn Error>> {
        let mut script = String::from("\\timing on\n");
        for statement in statements {
            script.push_str(statement);
            script.push_str(";\n");
        }
        let mut child = psql(&format!("{}/{NAME}", self.server))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut pipe = child.stdin.take().ok_or("psql has no input")?;
        let writer = std::thread::spawn(move || pipe.write_all(script.as_bytes()));
        let out = child.wait_with_output()?;
        writer.join().map_err(|_| "psql was not written to")??;
        let text = String::from_utf8(out.stdout)?;
        let times = text.lines().filter_map(|line| {
            let ms = line.strip_prefix("Time: ")?.split(' ').next()?;
            Some(Duration::from_secs_f64(ms.parse::<f64>().ok()? / 1_000.0))
        });
        Ok((times.collect(), text))
    }
}

/// Calls on their way into the table.
pub(crate) struct Loading {
    child: Child,
    pipe: BufWriter<ChildStdin>,
    line: String,
}

impl Loading {
    pub(crate) fn add(&mut self, language: &Language, call: &Call) -> Result<(), Box<dyn Error>> {
        call.line(language, &mut self.line);
        Ok(self.pipe.write_all(self.line.as_bytes())?)
    }

    pub(crate) fn finish(mut self) -> Result<(), Box<dyn Error>> {
        self.pipe.flush()?;
        drop(self.pipe);
        if self.child.wait()?.success() {
            Ok(())
        } else {
            Err("psql could not take the calls".into())
        }
    }
}

fn psql(url: &str) -> Command {
    let mut command = Command::new("psql");
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url]);
    command
}

fn said(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let out = command.output()?;
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned().into());
    }
    Ok(String::from_utf8(out.stdout)?)
}
