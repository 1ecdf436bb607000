//! `privity-verify [--key KEY]… [--witness KEY]… FILE…`: checks proofs, bundles, exports, reports and packs offline.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use verifier::{Key, Trust, WitnessKey, check_under};

const USAGE: &str = "\
usage: privity-verify [--key KEY]... [--witness KEY]... [--quorum N] FILE...

Checks proofs of leaves, evidence bundles, exports of a ledger, reports on clauses and the manifest
of what a person was given, with the files beside it. Needs nothing of the installation that made them but the public key of its log, as `privity ledger keys` prints it
(name+hash+key), got on another way than the file. With --witness, so many of the witnesses must have
cosigned each checkpoint as --quorum says, all of them without it. `-` reads from standard input.

Exit code 0: everything holds. 1: something does not. 2: it cannot be read.
";

fn main() -> ExitCode {
    let (mut trust, mut quorum, mut files) = (Trust::default(), None, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--key" => match args.next().map(|key| Key::parse(&key)) {
                Some(Ok(key)) => trust.keys.push(key),
                Some(Err(doubt)) => return unreadable(&doubt.to_string()),
                None => return unreadable("--key needs a key"),
            },
            "--witness" => match args.next().map(|key| WitnessKey::parse(&key)) {
                Some(Ok(key)) => trust.witnesses.push(key),
                Some(Err(doubt)) => return unreadable(&doubt.to_string()),
                None => return unreadable("--witness needs a key"),
            },
            "--quorum" => match args.next().map(|count| count.parse()) {
                Some(Ok(count)) => quorum = Some(count),
                _ => return unreadable("--quorum needs a number"),
            },
            "-h" | "--help" => {
                say(USAGE);
                return ExitCode::SUCCESS;
            }
            other if other.starts_with("--") => return unreadable(&format!("`{other}`?\n{USAGE}")),
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        return unreadable(USAGE);
    }
    trust.quorum = quorum.unwrap_or(trust.witnesses.len());
    if trust.quorum > trust.witnesses.len() {
        return unreadable("--quorum asks for more witnesses than were given");
    }
    run(&files, &trust)
}

fn run(files: &[String], trust: &Trust) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        let text = match read(file) {
            Ok(text) => text,
            Err(error) => return unreadable(&format!("cannot read `{file}`: {error}")),
        };
        match check_under(&text, trust) {
            Ok(report) => {
                for line in &report.lines {
                    say(&format!("{line}\n"));
                }
                let whose = if report.pinned {
                    "under a key that you gave"
                } else {
                    "under the keys that it names itself: whole, but give --key to know whose it is"
                };
                say(&format!(
                    "{file}: this {} of {} holds, {whose}\n",
                    report.kind, report.origin
                ));
                if let Some(wrong) = beside(file, &report.files) {
                    say(&format!("{file}: DOES NOT HOLD: {wrong}\n"));
                    code = ExitCode::from(1);
                }
            }
            Err(doubt) => {
                say(&format!("{file}: DOES NOT HOLD: {doubt}\n"));
                code = ExitCode::from(1);
            }
        }
    }
    code
}

/// The first file that a manifest vouches for and that is not as it says.
fn beside(manifest: &str, files: &[(String, String)]) -> Option<String> {
    let folder = std::path::Path::new(manifest).parent()?;
    files.iter().find_map(|(name, sum)| {
        // A name that leads elsewhere is none of the pack's.
        if name.contains(['/', '\\']) {
            return Some(format!("`{name}` is no file beside it"));
        }
        match std::fs::read(folder.join(name)) {
            Ok(bytes) if verifier::sha256_hex(&bytes) == *sum => None,
            Ok(_) => Some(format!("`{name}` is not the file that was signed")),
            Err(error) => Some(format!("`{name}` cannot be read: {error}")),
        }
    })
}

fn read(file: &str) -> std::io::Result<String> {
    if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file)
}

fn unreadable(what: &str) -> ExitCode {
    // Nobody is there to be told where standard error is closed.
    drop(writeln!(std::io::stderr(), "{what}"));
    ExitCode::from(2)
}

fn say(text: &str) {
    drop(write!(std::io::stdout(), "{text}"));
}
