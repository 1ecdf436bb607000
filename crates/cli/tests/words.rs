//! What the program says and the codes it exits with.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};

fn privity(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_privity"))
        .arg("--data")
        .arg(data)
        .args(args)
        .output()
        .unwrap()
}

fn err(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

#[test]
fn exit_codes_are_those_of_the_manual() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let missing = privity(&data, &["list"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(err(&missing).contains("privity init"), "{}", err(&missing));

    assert_eq!(privity(&data, &["init"]).status.code(), Some(0));
    let again = privity(&data, &["init"]);
    assert_eq!(
        again.status.code(),
        Some(1),
        "an installation is never made over another"
    );

    let none = privity(&data, &["list"]);
    assert!(err(&none).contains("privity tenant add"), "{}", err(&none));
    assert_eq!(
        privity(&data, &["tenant", "add", "Acme Inc"]).status.code(),
        Some(2)
    );
    assert_eq!(
        privity(&data, &["tenant", "add", "acme", "--basis", "hope"])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(
        privity(&data, &["tenant", "add", "acme"]).status.code(),
        Some(0)
    );
    assert_eq!(
        privity(&data, &["list", "--tenant", "nobody"])
            .status
            .code(),
        Some(4)
    );
    let unknown = privity(&data, &["show", "int_00000000000000000000000000000000"]);
    assert_eq!(unknown.status.code(), Some(4), "{}", err(&unknown));
    assert_eq!(privity(&data, &["show", "42"]).status.code(), Some(2));

    let zip = folder.path().join("call.wav");
    std::fs::write(&zip, b"PK\x03\x04 not a recording").unwrap();
    let refused = privity(&data, &["ingest", zip.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(5), "{}", err(&refused));
    assert!(err(&refused).contains("ZIP archive"), "{}", err(&refused));

    let query = privity(&data, &["search", "agent:(\"thank"]);
    assert_eq!(query.status.code(), Some(2));
    assert!(err(&query).contains('^'), "{}", err(&query));

    assert_eq!(privity(&data, &["ledger", "verify"]).status.code(), Some(0));
    assert_eq!(privity(&data, &["policy", "check"]).status.code(), Some(0));
    assert_eq!(
        privity(&data, &["policy", "show", "P101"]).status.code(),
        Some(0)
    );
    assert_eq!(
        privity(&data, &["policy", "show", "P999"]).status.code(),
        Some(4)
    );
}

#[test]
fn a_flipped_byte_in_the_ledger_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(privity(&data, &["init"]).status.code(), Some(0));
    assert_eq!(
        privity(&data, &["tenant", "add", "acme"]).status.code(),
        Some(0)
    );
    let chat = folder.path().join("chat.csv");
    std::fs::write(
        &chat,
        "conversation_id,at,role,text\n1,2026-10-08T16:20:05Z,consumer,hello\n1,2026-10-08T16:20:15Z,agent,hi\n",
    )
    .unwrap();
    let taken = privity(&data, &["ingest", chat.to_str().unwrap()]);
    assert_eq!(taken.status.code(), Some(0), "{}", err(&taken));
    assert_eq!(privity(&data, &["ledger", "verify"]).status.code(), Some(0));

    let tiles = walk(&data.join("blobs"))
        .into_iter()
        .find(|path| path.to_string_lossy().contains("tlog"));
    let tile = tiles.expect("ingest leaves a checkpoint with its tiles");
    let mut bytes = std::fs::read(&tile).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    let found = privity(&data, &["ledger", "verify"]);
    assert_eq!(found.status.code(), Some(6), "{}", err(&found));
    assert!(err(&found).contains("fault"), "{}", err(&found));
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_manual_names_every_variable_and_command() {
    let manual = include_str!("../../../docs/command-line.md");
    let folder = tempfile::tempdir().unwrap();
    let listed = privity(folder.path(), &["environment", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    for name in listed.as_object().unwrap().keys() {
        assert!(
            manual.contains(name.as_str()),
            "{name} is not in the manual"
        );
    }
    let help = privity(folder.path(), &["--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let commands = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1);
    for line in commands.take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap_or("help");
        assert!(
            ["help", "demo"].contains(&name) || manual.contains(name),
            "`{name}` is not in the manual"
        );
    }
}
