//! Queries read without an installation, and definitions from files and back.

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

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_query_is_formatted_explained_checked_and_completed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let standard = privity(at, &["query", "fmt", "refund near:5 (manager)"]);
    assert_eq!(out(&standard).trim(), "refund NEAR:5 manager");
    let kept = privity(at, &["query", "fmt", "--check", "refund NEAR:5 manager"]);
    assert_eq!(kept.status.code(), Some(0), "{}", err(&kept));
    let other = privity(at, &["query", "fmt", "--check", "refund near:5 manager"]);
    assert_eq!(other.status.code(), Some(2));
    let explained = out(&privity(at, &["query", "explain", "NOT agent:recorded"]));
    assert!(explained.contains("said by the agent"), "{explained}");
    assert!(explained.contains("every interaction"), "{explained}");
    let faulty = privity(at, &["query", "check", "durration>5 \"open"]);
    assert_eq!(faulty.status.code(), Some(2));
    assert!(err(&faulty).contains("duration"), "{}", err(&faulty));
    let offered = out(&privity(at, &["--json", "query", "complete", "refund dur"]));
    assert!(offered.contains("duration:"), "{offered}");
}

#[test]
fn definitions_go_from_files_to_files() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for args in [&["init"][..], &["tenant", "add", "acme"][..]] {
        assert_eq!(privity(&data, args).status.code(), Some(0));
    }
    let files = folder.path().join("files");
    std::fs::create_dir_all(&files).unwrap();
    let text = "category = \"Retention.Cancel\"\n[[component]]\nquery = 'cancel~'\n";
    std::fs::write(files.join("any name.toml"), text).unwrap();
    let given = files.to_str().unwrap();
    let import = [
        "category",
        "import",
        given,
        "--publish",
        "--reason",
        "first",
    ];
    let taken = privity(&data, &import);
    assert_eq!(taken.status.code(), Some(0), "{}", err(&taken));
    let listed = out(&privity(&data, &["--json", "category", "list"]));
    assert!(listed.contains("Retention.Cancel"), "{listed}");
    let back = folder.path().join("back");
    let export = ["category", "export", back.to_str().unwrap()];
    assert_eq!(privity(&data, &export).status.code(), Some(0));
    let written = std::fs::read_to_string(back.join("Retention/Cancel.toml")).unwrap();
    assert_eq!(written, text, "as it was imported, byte for byte");

    std::fs::write(
        files.join("any name.toml"),
        text.replace("cancel~", "(cancel"),
    )
    .unwrap();
    let faulty = privity(&data, &import);
    assert_eq!(faulty.status.code(), Some(2));
    let said = err(&faulty);
    assert!(
        said.contains("any name.toml") && said.contains("column"),
        "{said}"
    );
    let absent = privity(&data, &["category", "show", "Retention.Nobody"]);
    assert_eq!(absent.status.code(), Some(4), "{}", err(&absent));
}
