//! A worker that is killed at any moment loses nothing and repeats no effect.

#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const KILLS: u32 = 50;
const CHATS: usize = 120;

fn models() -> PathBuf {
    let named = std::env::var_os("PRIVITY_MODELS").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models"))
}

fn privity(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_privity"));
    command
        .arg("--data")
        .arg(data)
        .arg("--models")
        .arg(models())
        .arg("--json")
        .stdin(Stdio::null());
    command
}

fn json(command: &mut Command) -> serde_json::Value {
    let out = command.output().unwrap();
    assert!(
        out.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

fn chat(number: usize) -> String {
    format!(
        r#"{{"format":"privity.chat/1","id":"chat-{number}","channel":"chat","started":"2026-10-08T16:20:05Z",
        "direction":"inbound","parties":[{{"role":"agent"}},{{"role":"consumer","name":"Nora Quill"}}],
        "messages":[{{"from":1,"at":"2026-10-08T16:20:05Z","text":"Order {number} did not arrive, my name is Nora Quill"}},
        {{"from":0,"at":"2026-10-08T16:20:35Z","text":"I will look into it at once."}}]}}"#
    )
}

#[test]
fn fifty_kills_at_random_moments_lose_nothing_and_repeat_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    json(privity(&data).arg("init"));
    std::fs::write(data.join("privity.toml"), "lease_seconds = 1\n").unwrap();
    json(privity(&data).args(["tenant", "add", "acme"]));
    let inbox = folder.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    for number in 0..CHATS {
        std::fs::write(inbox.join(format!("{number}.json")), chat(number)).unwrap();
    }
    let report = json(privity(&data).arg("ingest").arg(&inbox));
    assert_eq!(report["taken_in"], CHATS);

    // A linear congruential sequence: other moments than any sleep in the program.
    let mut random: u64 = 0x2545_F491_4F6C_DD1D;
    for _ in 0..KILLS {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let mut worker = privity(&data)
            .arg("worker")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(60 + (random >> 33) % 700));
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    std::thread::sleep(Duration::from_millis(1_500));
    json(privity(&data).arg("process"));

    let listed = json(privity(&data).args(["list", "--limit", "1000"]));
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), CHATS);
    assert!(
        listed.iter().all(|one| one["status"] == "ready"),
        "{listed:#?}"
    );
    assert_eq!(
        json(privity(&data).args(["list", "--failed"]))
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let found = json(privity(&data).args(["search", "arrive"]));
    assert_eq!(found["total"], CHATS);
    assert_eq!(json(privity(&data).args(["search", "Quill"]))["total"], 0);

    for one in listed.iter().step_by(4) {
        assert_sealed_once(&data, one["id"].as_str().unwrap());
    }
    let ledger = json(privity(&data).args(["ledger", "verify"]));
    assert_eq!(ledger["faults"].as_array().unwrap().len(), 0, "{ledger:#}");
}

/// Taking in and each of the four stages of a chat seal once, however often a worker died.
fn assert_sealed_once(data: &Path, id: &str) {
    let log = json(privity(data).args(["show", id, "--access"]));
    let count = |action: &str| {
        let entries = log.as_array().unwrap().iter();
        entries.filter(|entry| entry["action"] == action).count()
    };
    assert_eq!((count("taken_in"), count("sealed")), (1, 4), "{log:#}");
}
