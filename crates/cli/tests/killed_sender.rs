//! Whoever sends an alert may be killed at any moment: the receiver gets every alert, and knows by
//! the message's id what it has already.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

const ALERTS: usize = 6;
/// Longer than the lease that a dead sender leaves.
const LEASE: Duration = Duration::from_millis(1_200);

/// When the sender is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The message is out and not answered.
    Unanswered,
    /// The answer is on its way.
    Answered,
    /// So long after it began.
    After(u64),
}

fn models() -> PathBuf {
    let named = std::env::var_os("PRIVITY_MODELS").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models"))
}

struct Place {
    folder: tempfile::TempDir,
    database: Option<String>,
}

impl Place {
    fn new(postgres: bool) -> Self {
        let database = postgres.then(|| {
            let name = format!("privity_cli_{}", std::process::id());
            psql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            psql(&format!("CREATE DATABASE {name}"));
            name
        });
        Self {
            folder: tempfile::tempdir().unwrap(),
            database,
        }
    }

    fn privity(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_privity"));
        command
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .arg("--models")
            .arg(models())
            .arg("--json")
            .stdin(Stdio::null());
        if let Some(name) = &self.database {
            command.env("PRIVITY_DATABASE", format!("{}/{name}", server()));
        }
        command
    }

    fn json(&self, args: &[&str]) -> serde_json::Value {
        let out = self.privity().args(args).output().unwrap();
        assert!(
            out.status.success(),
            "{args:?}: {}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
        serde_json::from_slice(&out.stdout).unwrap()
    }

    fn sender(&self) -> Child {
        self.privity()
            .args(["alert", "deliver"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// An installation with a route to a receiver and alerts that nobody was told of.
    fn alerting(&self, url: &str) {
        self.json(&["init"]);
        let data = self.folder.path().join("data");
        std::fs::write(data.join("privity.toml"), "lease_seconds = 1\n").unwrap();
        self.json(&["tenant", "add", "acme"]);
        self.json(&[
            "alert",
            "import",
            &self.file("late.toml", LATE),
            "--publish",
        ]);
        self.json(&["process"]);
        let recipient = RECIPIENT.replace("URL", url);
        let granted = self.json(&["recipient", "add", &self.file("to.toml", &recipient)]);
        let to = granted["id"].as_str().unwrap();
        self.json(&["alert", "route", "add", to]);
        for number in 0..ALERTS {
            let file = self.file(&format!("{number}.json"), &chat(number));
            self.json(&["ingest", &file]);
        }
        self.json(&["process"]);
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(name) = &self.database {
            psql(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

const LATE: &str = "alert = \"Delivery.Late\"\nquery = 'consumer:arrive'\n";

const RECIPIENT: &str = r#"
name = "Pager"
kind = "customer"
contract = "order 1, section 4"
categories = ["user.content.redacted", "user.behavior.interaction"]
terms = ["same_purposes", "same_protection", "notify_if_unable", "no_onward_transfer", "return_or_erase"]
controls = { encryption_at_rest = 2, encryption_in_transit = 1, access_log = 2, access_by_purpose = 1, breach_notice_hours = 1 }
attested_until = "2099-12-31T00:00:00Z"
region = "EU"
notice_days = 0
transport = "webhook"
address = "URL"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"#;

fn chat(number: usize) -> String {
    format!(
        r#"{{"format":"privity.chat/1","id":"chat-{number}","channel":"chat","started":"2026-10-08T16:20:05Z",
        "direction":"inbound","parties":[{{"role":"agent"}},{{"role":"consumer"}}],
        "messages":[{{"from":1,"at":"2026-10-08T16:20:05Z","text":"Order {number} did not arrive"}},
        {{"from":0,"at":"2026-10-08T16:20:35Z","text":"I will look into it at once."}}]}}"#
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where PostgreSQL is"
)]
fn server() -> String {
    std::env::var("PRIVITY_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://root@127.0.0.1:5432".to_owned())
}

fn psql(statement: &str) {
    let database = format!("{}/postgres", server());
    let ran = Command::new("psql")
        .args(["--quiet", "--dbname", &database, "--command", statement])
        .output()
        .expect("psql comes with the PostgreSQL that the tests use");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// A message as it was received: its id and its bytes.
type Got = (String, Vec<u8>);

/// Receives one message at a time: says that it is there, waits for a word, answers.
fn receive(listener: &TcpListener, there: &Sender<Got>, answer: &Receiver<()>) {
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else { return };
        let Some(got) = read(&stream) else { continue };
        if there.send(got).is_err() || answer.recv().is_err() {
            return;
        }
        // A sender that was killed meanwhile does not hear it.
        stream
            .write_all(b"HTTP/1.1 200 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .ok();
    }
}

fn read(stream: &TcpStream) -> Option<Got> {
    let mut reader = BufReader::new(stream);
    let (mut length, mut id) = (0, String::new());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let Some((name, value)) = line.trim().split_once(':') else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "webhook-id" => id = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((id, body))
}

/// Sends with a sender that is killed at a moment; what arrived meanwhile.
fn sent_until_killed(
    place: &Place,
    moment: Moment,
    (there, answer): (&Receiver<Got>, &Sender<()>),
) -> Vec<Got> {
    let mut sender = place.sender();
    let mut arrived = Vec::new();
    match moment {
        Moment::Unanswered | Moment::Answered => {
            let got = there.recv_timeout(Duration::from_secs(60));
            arrived.push(got.expect("a message that was not closed is sent again"));
            if matches!(moment, Moment::Answered) {
                answer.send(()).unwrap();
            }
            sender.kill().unwrap();
            sender.wait().unwrap();
            if matches!(moment, Moment::Unanswered) {
                answer.send(()).unwrap();
            }
        }
        Moment::After(millis) => {
            std::thread::sleep(Duration::from_millis(millis));
            sender.kill().unwrap();
            sender.wait().unwrap();
        }
    }
    // Whatever came in beside it is answered into the void.
    while let Ok(got) = there.recv_timeout(Duration::from_millis(300)) {
        arrived.push(got);
        answer.send(()).unwrap();
    }
    std::thread::sleep(LEASE);
    arrived
}

fn killed_senders(postgres: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (there_in, there) = channel();
    let (answer, answer_in) = channel();
    std::thread::spawn(move || receive(&listener, &there_in, &answer_in));
    let place = Place::new(postgres);
    place.alerting(&url);

    let mut arrived = Vec::new();
    for moment in [
        Moment::Unanswered,
        Moment::Answered,
        Moment::After(40),
        Moment::Unanswered,
        Moment::After(150),
        Moment::Answered,
        Moment::After(400),
    ] {
        arrived.extend(sent_until_killed(&place, moment, (&there, &answer)));
    }
    let repeated = arrived.len();
    // And one that nobody kills.
    let mut sender = place.sender();
    while sender.try_wait().unwrap().is_none() {
        if let Ok(got) = there.recv_timeout(Duration::from_millis(100)) {
            arrived.push(got);
            answer.send(()).unwrap();
        }
    }
    assert!(repeated > 0, "nothing was interrupted");

    let mut by_id: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for (id, body) in arrived {
        by_id.entry(id).or_default().insert(body);
    }
    assert_eq!(by_id.len(), ALERTS, "one id for each alert, however often");
    for (id, bodies) in &by_id {
        assert_eq!(bodies.len(), 1, "{id} says the same each time");
    }
    let raised = place.json(&["alert", "raised"]);
    let raised = raised.as_array().unwrap();
    assert_eq!(raised.len(), ALERTS);
    for alert in raised {
        let deliveries = alert["deliveries"].as_array().unwrap();
        assert_eq!(deliveries.len(), 1, "{alert:#}");
        assert_eq!(deliveries[0]["state"], "delivered", "{alert:#}");
        let id = deliveries[0]["id"].as_str().unwrap();
        assert!(by_id.contains_key(id), "{id} is known to the receiver");
    }
    let left = place.json(&["disclosures", "list"]);
    let left = left.as_array().unwrap();
    assert_eq!(
        left.len(),
        ALERTS,
        "each is in the register once: {left:#?}"
    );
    assert!(left.iter().all(|one| !one["slip"].is_null()), "{left:#?}");
    let ledger = place.json(&["ledger", "verify"]);
    assert_eq!(ledger["faults"].as_array().unwrap().len(), 0, "{ledger:#}");
}

#[test]
fn a_killed_sender_tells_of_every_alert_under_one_id_embedded() {
    killed_senders(false);
}

#[test]
fn a_killed_sender_tells_of_every_alert_under_one_id_postgresql() {
    killed_senders(true);
}
