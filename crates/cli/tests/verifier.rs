//! What an installation hands out holds for a verifier that shares no code with it, and nothing
//! that was bent does.

#![cfg(test)]

use std::path::Path;
use std::process::Command;

use verifier::{Doubt, Key, check, check_proof};

fn privity(data: &Path, args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_privity"))
        .arg("--data")
        .arg(data)
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8(out.stdout).unwrap();
    let failed = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{args:?}: {said}{failed}");
    said
}

const CHAT: &str = r#"{ "format": "privity.chat/1", "id": "c-1", "channel": "chat",
  "started": "2026-10-08T16:20:05Z", "direction": "inbound",
  "parties": [{ "role": "agent", "name": "Priya Nair" },
              { "role": "consumer", "name": "Tom Hill" }],
  "messages": [{ "from": 1, "at": "2026-10-08T16:20:05Z", "text": "My parcel is late." }] }"#;

struct Handed {
    folder: tempfile::TempDir,
    keys: Vec<Key>,
    id: String,
}

impl Handed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::write(folder.path().join("chat.json"), CHAT).unwrap();
        privity(&data, &["init"]);
        privity(&data, &["tenant", "add", "acme"]);
        let chat = folder.path().join("chat.json");
        let taken = privity(&data, &["ingest", "--json", &chat.display().to_string()]);
        let at = taken.find("int_").unwrap();
        let id = taken.get(at..at + 36).unwrap().to_owned();
        let keys = privity(&data, &["ledger", "keys"]);
        let keys = keys.lines().map(|line| Key::parse(line).unwrap()).collect();
        Self { folder, keys, id }
    }

    fn says(&self, args: &[&str]) -> String {
        privity(&self.folder.path().join("data"), args)
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

/// Every byte changed in turn; a text of which one is changed must not hold.
fn no_bent_one_holds(text: &str, step: usize, mut check: impl FnMut(&str) -> bool) {
    let mut bytes = text.as_bytes().to_vec();
    for at in (0..bytes.len()).step_by(step) {
        let was = bytes[at];
        bytes[at] = if was == b'A' { b'B' } else { b'A' };
        let bent = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!check(&bent), "byte {at} of {}", text.len());
        bytes[at] = was;
    }
}

#[test]
fn bundles_exports_and_proofs_hold_for_a_verifier_of_other_code() {
    let handed = Handed::new();
    let bundle = handed.says(&["ledger", "bundle", &handed.id]);
    let report = check(&bundle, &handed.keys).unwrap();
    assert!(report.pinned && report.kind == "evidence bundle");
    assert!(report.lines.iter().any(|line| line.contains("taken_in")));
    assert!(!check(&bundle, &[]).unwrap().pinned);

    let second = handed.folder.path().join("second.json");
    std::fs::write(&second, CHAT.replace("c-1", "c-2").replace("late", "lost")).unwrap();
    handed.says(&["ingest", &second.display().to_string()]);
    // Proofs are under a checkpoint; this makes one over what was just found.
    handed.says(&["ledger", "bundle", &handed.id]);
    let export = handed.says(&["ledger", "export"]);
    let lines = check(&export, &handed.keys).unwrap().lines;
    assert!(lines.len() > report.lines.len());
    let mut swapped: Vec<&str> = export.lines().collect();
    let last = swapped.len() - 1;
    swapped.swap(1, last);
    assert!(
        check(&swapped.join("\n"), &handed.keys).is_err(),
        "an order"
    );

    let proof = handed.says(&["ledger", "prove", "1"]);
    let proven = check_proof(&proof, &handed.keys).unwrap();
    assert_eq!(proven.index, 1);
    no_bent_one_holds(&proof, 1, |bent| check_proof(bent, &handed.keys).is_ok());

    let stranger = Handed::new();
    let refused = check(&bundle, &stranger.keys);
    assert_eq!(refused, Err(Doubt::Unsigned));
}

#[test]
fn a_report_on_the_clauses_is_signed_and_no_word_of_it_can_be_changed() {
    let handed = Handed::new();
    let folder = handed.folder.path().join("report").display().to_string();
    handed.says(&["policy", "verify", &folder]);
    let report = handed.file("report/clauses.json");
    let checked = check(&report, &handed.keys).unwrap();
    assert!(checked.lines.iter().any(|line| line.starts_with("P101")));
    let bent = report.replace("P101", "P102");
    assert_ne!(bent, report);
    let refused = check(&bent, &handed.keys);
    assert!(matches!(refused, Err(Doubt::Says(_))), "{refused:?}");
    let page = handed.file("report/clauses.html");
    assert!(page.contains("P101") && page.contains("privity.statement/1"));
    // What is signed of a report never passes for a checkpoint of the log.
    let value: serde_json::Value = serde_json::from_str(&report).unwrap();
    let statement = value["statement"].as_str().unwrap();
    let proof = handed.says(&["ledger", "prove", "1"]);
    let (head, _) = proof.split_once("\n\n").unwrap();
    let mixed = format!("{head}\n\n{statement}");
    assert!(check_proof(&mixed, &handed.keys).is_err());
}

#[test]
fn p87_what_a_person_was_given_holds_and_no_other_file_does() {
    let handed = Handed::new();
    let post = handed.folder.path().join("post");
    let data = handed.folder.path().join("data");
    let line = format!("post = \"file://{}\"\n", post.display());
    std::fs::write(data.join("privity.toml"), line).unwrap();
    let mine = CHAT.replace("c-1", "c-9").replace(
        "\"Tom Hill\"",
        "\"Tom Hill\", \"mailto\": \"tom@example.org\"",
    );
    let chat = handed.folder.path().join("mine.json");
    std::fs::write(&chat, mine).unwrap();
    handed.says(&["ingest", &chat.display().to_string()]);
    let opened = handed.says(&[
        "request",
        "open",
        "access",
        "--address",
        "tom@example.org",
        "--json",
    ]);
    let opened: serde_json::Value = serde_json::from_str(&opened).unwrap();
    let (id, ticket) = (
        opened["id"].as_str().unwrap(),
        opened["ticket"].as_str().unwrap(),
    );
    let letter = std::fs::read_to_string(post.join(format!("{id}-code.eml"))).unwrap();
    let (_, code) = letter.split_once("Your code is ").unwrap();
    let code = code.get(..8).unwrap();
    handed.says(&["request", "prove", id, "--ticket", ticket, "--code", code]);
    let cases = handed.says(&["request", "cases"]);
    let at = cases.find("cas_").unwrap();
    let case = cases.get(at..at + 36).unwrap();
    let zip = handed.folder.path().join("tom.zip").display().to_string();
    handed.says(&["request", "pack", case, "-o", &zip]);

    let mut zip = zip::ZipArchive::new(std::fs::File::open(&zip).unwrap()).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        let mut file = zip.by_name(name).unwrap();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        text
    };
    let manifest = read("manifest.json");
    let report = check(&manifest, &handed.keys).unwrap();
    assert!(report.pinned && report.kind == "manifest of a pack");
    let [(name, sum)] = report.files.as_slice() else {
        panic!("{report:?}")
    };
    let vcon = read(name);
    assert_eq!(verifier::sha256_hex(vcon.as_bytes()), *sum);
    let vcon: serde_json::Value = serde_json::from_str(&vcon).unwrap();
    assert_eq!(vcon["parties"][1]["mailto"], "mailto:tom@example.org");
    assert!(!vcon.to_string().contains("Nair"), "{vcon}");
    let bent = manifest.replace(sum, &sum.replace(['0', '1', '2'], "3"));
    assert!(check(&bent, &handed.keys).is_err());
}
