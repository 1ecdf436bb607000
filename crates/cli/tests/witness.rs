//! Witnesses over HTTP: the program witnesses another installation's log, cosigns it as long as it
//! only grows, and a log that was forked gets nothing.

#![cfg(test)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use verifier::{Doubt, Key, Trust, WitnessKey, check_under};

fn run(args: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_privity");
    Command::new(program).args(args).output().unwrap()
}

fn privity(data: &Path, args: &[&str]) -> String {
    let data = data.display().to_string();
    let out = run(&[&["--data", data.as_str()], args].concat());
    let said = String::from_utf8(out.stdout).unwrap();
    let failed = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{args:?}: {said}{failed}");
    said
}

/// How it stands, whether well or not.
fn standing(data: &Path, args: &[&str]) -> (serde_json::Value, Option<i32>) {
    let data = data.display().to_string();
    let first = ["--data", data.as_str(), "ledger", "witnesses", "--json"];
    let out = run(&[&first, args].concat());
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    let value = serde_json::from_slice(&out.stdout);
    (
        value.unwrap_or_else(|_| panic!("{told}")),
        out.status.code(),
    )
}

/// A witness at an address of its own, ended with the test.
struct Running {
    child: Child,
    url: String,
    key: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn make_key(folder: &Path, name: &str) -> String {
    let file = folder.join(format!("{name}.key"));
    let file = file.display().to_string();
    let out = run(&["witness", "key", name, "--file", &file]);
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn serve(folder: &Path, name: &str, logs: &str, key: &str) -> Running {
    let program = env!("CARGO_BIN_EXE_privity");
    let mut command = Command::new(program);
    command.args(["witness", "serve", "--listen", "127.0.0.1:0"]);
    command.arg("--key").arg(folder.join(format!("{name}.key")));
    command
        .arg("--state")
        .arg(folder.join(format!("{name}.json")));
    for log in logs.lines() {
        command.args(["--log", log]);
    }
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    said.read_line(&mut line).unwrap();
    let url = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"));
    let url = url.unwrap_or_else(|| panic!("{line}")).to_owned();
    assert!(line.contains(key), "{line}");
    Running {
        child,
        url,
        key: key.to_owned(),
    }
}

fn configure(data: &Path, witnesses: &[(&str, &str)]) {
    let mut text = String::new();
    for (key, url) in witnesses {
        text += &format!("[[ledger.witness]]\nname = \"one\"\nkey = \"{key}\"\nurl = \"{url}\"\n");
    }
    std::fs::write(data.join("privity.toml"), text).unwrap();
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.unwrap().success());
}

#[test]
fn p103_a_log_that_grows_is_cosigned_and_its_proofs_carry_the_witnesses() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    privity(&data, &["init"]);
    privity(&data, &["tenant", "add", "acme"]);
    let logs = privity(&data, &["ledger", "keys"]);
    let names = ["witness.acme.example", "witness.other.example"];
    let running = names.map(|name| {
        let key = make_key(folder.path(), name);
        serve(folder.path(), name, &logs, &key)
    });
    let set: Vec<(&str, &str)> = running
        .iter()
        .map(|one| (one.key.as_str(), one.url.as_str()))
        .collect();
    configure(&data, &set);

    let (unasked, code) = standing(&data, &[]);
    assert_eq!(
        (unasked["vouched"].as_u64(), code),
        (Some(0), Some(0)),
        "nothing is signed yet"
    );
    let (asked, code) = standing(&data, &["--ask"]);
    assert_eq!(
        (asked["behind"].as_bool(), code),
        (Some(false), Some(0)),
        "{asked}"
    );
    let first = asked["vouched"].as_u64().unwrap();
    assert!(first > 0);
    // The log grows: a proof of consistency goes with the next one.
    privity(&data, &["retention", "set", "30"]);
    let (asked, code) = standing(&data, &["--ask"]);
    assert_eq!(
        (asked["behind"].as_bool(), code),
        (Some(false), Some(0)),
        "{asked}"
    );
    assert!(asked["vouched"].as_u64().unwrap() > first);

    let proof = privity(&data, &["ledger", "prove", "0"]);
    let witnesses = running
        .each_ref()
        .map(|one| WitnessKey::parse(&one.key).unwrap());
    let mut trust = Trust {
        keys: logs.lines().map(|line| Key::parse(line).unwrap()).collect(),
        witnesses: witnesses.to_vec(),
        quorum: 2,
    };
    let report = check_under(&proof, &trust).unwrap();
    assert!(report.lines[0].ends_with("cosigned by witness.acme.example, witness.other.example"));
    // Without one of the lines there is no quorum; a bent line is no signature.
    let cut = proof.lines().count() - 1;
    let fewer: String = proof
        .lines()
        .take(cut)
        .map(|line| format!("{line}\n"))
        .collect();
    let (found, wanted) = (1, 2);
    assert_eq!(
        check_under(&fewer, &trust),
        Err(Doubt::Quorum { found, wanted })
    );
    let stranger = make_key(folder.path(), "witness.stranger.example");
    trust.witnesses[0] = WitnessKey::parse(&stranger).unwrap();
    assert_eq!(
        check_under(&proof, &trust),
        Err(Doubt::Quorum { found, wanted })
    );
    // The log itself still verifies, and what is there is cosigned but once.
    privity(&data, &["ledger", "verify"]);
}

#[test]
fn p103_a_forked_log_gets_no_cosignature() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    privity(&one, &["init"]);
    privity(&one, &["tenant", "add", "acme"]);
    let logs = privity(&one, &["ledger", "keys"]);
    let key = make_key(folder.path(), "witness.acme.example");
    let witness = serve(folder.path(), "witness.acme.example", &logs, &key);
    configure(&one, &[(&key, &witness.url)]);
    standing(&one, &["--ask"]);
    // The same keys, and from here on two histories. Both have been cosigned so far.
    copy(&one, &two);
    privity(&one, &["retention", "set", "30"]);
    privity(&two, &["retention", "set", "40"]);
    privity(&two, &["retention", "set", "50"]);
    let (shown, code) = standing(&one, &["--ask"]);
    assert_eq!(code, Some(0), "{shown}");
    let (forked, code) = standing(&two, &["--ask"]);
    assert_eq!(code, Some(7), "{forked}");
    let problem = forked["witnesses"][0]["problem"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(problem.contains("422"), "{problem}");
    // What the fork hands out has the old cosignature at most: nothing new of it is vouched for.
    let newest = forked["covered"].as_u64().unwrap() - 1;
    let proof = privity(&two, &["ledger", "prove", &newest.to_string()]);
    let trust = Trust {
        keys: logs.lines().map(|line| Key::parse(line).unwrap()).collect(),
        witnesses: vec![WitnessKey::parse(&key).unwrap()],
        quorum: 1,
    };
    let (found, wanted) = (0, 1);
    assert_eq!(
        check_under(&proof, &trust),
        Err(Doubt::Quorum { found, wanted })
    );

    // A witness that restarts remembers: its state is all that it has.
    drop(witness);
    let again = serve(folder.path(), "witness.acme.example", &logs, &key);
    configure(&two, &[(&key, &again.url)]);
    let (forked, code) = standing(&two, &["--ask"]);
    assert_eq!(code, Some(7), "{forked}");
}

#[test]
fn a_witness_that_is_away_or_knows_another_log_is_told_and_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    for data in [&data, &other] {
        privity(data, &["init"]);
        privity(data, &["tenant", "add", "acme"]);
    }
    let key = make_key(folder.path(), "witness.acme.example");
    configure(&data, &[(&key, "http://127.0.0.1:9")]);
    let (away, code) = standing(&data, &["--ask"]);
    assert_eq!(code, Some(7), "{away}");
    let problem = |seen: &serde_json::Value| seen["witnesses"][0]["problem"].to_string();
    assert!(problem(&away).contains("reached"), "{away}");
    // The other log has the same name and another key.
    let logs = privity(&other, &["ledger", "keys"]);
    let witness = serve(folder.path(), "witness.acme.example", &logs, &key);
    configure(&data, &[(&key, &witness.url)]);
    let (stranger, code) = standing(&data, &["--ask"]);
    assert_eq!(code, Some(7), "{stranger}");
    assert!(problem(&stranger).contains("403"), "{stranger}");
    drop(witness);
    let logs = privity(&data, &["ledger", "keys"]);
    let witness = serve(folder.path(), "witness.acme.example", &logs, &key);
    configure(&data, &[(&key, &witness.url)]);
    let (well, code) = standing(&data, &["--ask"]);
    assert_eq!((problem(&well).as_str(), code), ("null", Some(0)), "{well}");
}
