//! The files that hold proofs, told apart by what is in them.

use serde::Deserialize;
use serde_json::Value;

use crate::cosign::{Cosigned, WitnessKey, cosignatures};
use crate::note::{Key, Note};
use crate::proof::{Proven, check_proof};
use crate::{Doubt, form};

const BUNDLE: &str = "privity.evidence/1";
const EXPORT: &str = "privity-ledger-export";
const CLAUSES: &str = "privity.clauses/1";
const PACK: &str = "privity.access-pack/2";
/// First line of what is signed of a report.
const STATEMENT: &str = "privity.statement/1";

/// What was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What kind of file it is.
    pub kind: &'static str,
    /// Name of the log.
    pub origin: String,
    /// Each thing that is proven, in a line.
    pub lines: Vec<String>,
    /// By keys that were given; without, by the keys that the file itself names, which proves that
    /// it is whole but not whose it is.
    pub pinned: bool,
    /// Files that it vouches for, by name and SHA-256 in hex; they lie beside it.
    pub files: Vec<(String, String)>,
}

/// What somebody trusts who checks a file.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Keys of the log; without any, those that a file itself names, which shows that it is whole
    /// and not whose it is.
    pub keys: Vec<Key>,
    /// Keys of witnesses.
    pub witnesses: Vec<WitnessKey>,
    /// How many of the witnesses must have cosigned each checkpoint.
    pub quorum: usize,
}

impl Trust {
    /// One proof under these keys, and who cosigned its checkpoint.
    fn prove(&self, text: &str, keys: &[Key]) -> Result<(Proven, Vec<Cosigned>), Doubt> {
        let proven = check_proof(text, keys)?;
        let (_, checkpoint) = text
            .split_once("\n\n")
            .ok_or_else(|| form("a proof", "no empty line before its checkpoint"))?;
        let cosigned = cosignatures(checkpoint, &self.witnesses)?;
        if cosigned.len() < self.quorum {
            return Err(Doubt::Quorum {
                found: cosigned.len(),
                wanted: self.quorum,
            });
        }
        Ok((proven, cosigned))
    }
}

#[derive(Deserialize)]
struct Bundle {
    origin: String,
    interaction: String,
    verifiers: Vec<String>,
    proofs: Vec<String>,
}

#[derive(Deserialize)]
struct ExportHead {
    origin: String,
    verifiers: Vec<String>,
}

#[derive(Deserialize)]
struct ExportLine {
    index: u64,
    proof: String,
}

#[derive(Deserialize)]
struct Signed {
    origin: String,
    verifiers: Vec<String>,
    /// The report, as the text that was hashed.
    report: String,
    /// The signed note over its hash.
    statement: String,
}

/// Checks a file by keys that were pinned outside of it.
///
/// # Errors
/// [`Doubt`] with the first link that does not hold, or where the file is of no known kind.
pub fn check(text: &str, pinned: &[Key]) -> Result<Report, Doubt> {
    let trust = Trust {
        keys: pinned.to_vec(),
        ..Trust::default()
    };
    check_under(text, &trust)
}

/// Checks a file by keys of the log and of witnesses that were pinned outside of it.
///
/// # Errors
/// [`Doubt`] with the first link that does not hold; [`Doubt::Quorum`] where fewer witnesses than
/// asked for cosigned a checkpoint, and for files under a statement where any are asked for:
/// witnesses cosign checkpoints only.
pub fn check_under(text: &str, trust: &Trust) -> Result<Report, Doubt> {
    let pinned = trust.keys.as_slice();
    if text.starts_with("c2sp.org/tlog-proof@") {
        if pinned.is_empty() {
            return Err(form(
                "the call",
                "a single proof needs the log's key (--key)",
            ));
        }
        let (proven, cosigned) = trust.prove(text, pinned)?;
        return Ok(Report {
            kind: "proof",
            origin: proven.origin.clone(),
            lines: vec![told(&proven, &cosigned)],
            pinned: true,
            files: Vec::new(),
        });
    }
    let first = text.lines().next().unwrap_or_default();
    let whole: Option<Value> = serde_json::from_str(text).ok();
    let format = whole
        .or_else(|| serde_json::from_str(first).ok())
        .and_then(|value: Value| value.get("format")?.as_str().map(str::to_owned));
    match format.as_deref() {
        Some(BUNDLE) => bundle(text, trust),
        Some(EXPORT) => export(text, trust),
        Some(CLAUSES | PACK) if trust.quorum > 0 => Err(Doubt::Quorum {
            found: 0,
            wanted: trust.quorum,
        }),
        Some(CLAUSES) => clauses(text, pinned),
        Some(PACK) => pack(text, pinned),
        _ => Err(form(
            "the file",
            "it is no proof, evidence bundle, ledger export, report on clauses or manifest of a pack",
        )),
    }
}

fn keys(named: &[String], pinned: &[Key]) -> Result<Vec<Key>, Doubt> {
    if pinned.is_empty() {
        named.iter().map(|key| Key::parse(key)).collect()
    } else {
        Ok(pinned.to_vec())
    }
}

fn of_log(proven: &Proven, origin: &str) -> Result<(), Doubt> {
    if proven.origin == origin {
        Ok(())
    } else {
        Err(Doubt::Says(format!(
            "leaf {} is of another log",
            proven.index
        )))
    }
}

fn bundle(text: &str, trust: &Trust) -> Result<Report, Doubt> {
    let bundle: Bundle =
        serde_json::from_str(text).map_err(|error| form("a bundle", error.to_string()))?;
    if bundle.proofs.is_empty() {
        return Err(form("a bundle", "it holds no proof"));
    }
    let keys = keys(&bundle.verifiers, &trust.keys)?;
    let mut lines = Vec::with_capacity(bundle.proofs.len());
    for proof in &bundle.proofs {
        let (proven, cosigned) = trust.prove(proof, &keys)?;
        of_log(&proven, &bundle.origin)?;
        let about = proven
            .entry
            .as_ref()
            .and_then(|entry| entry.get("resource"));
        if proven.entry.is_some() && about.and_then(Value::as_str) != Some(&bundle.interaction) {
            let index = proven.index;
            return Err(Doubt::Says(format!("leaf {index} is about something else")));
        }
        lines.push(told(&proven, &cosigned));
    }
    Ok(Report {
        kind: "evidence bundle",
        origin: bundle.origin,
        lines,
        pinned: !trust.keys.is_empty(),
        files: Vec::new(),
    })
}

fn export(text: &str, trust: &Trust) -> Result<Report, Doubt> {
    let bad = |error: serde_json::Error| form("an export", error.to_string());
    let mut rows = text.lines();
    let head: ExportHead = serde_json::from_str(rows.next().unwrap_or_default()).map_err(bad)?;
    let keys = keys(&head.verifiers, &trust.keys)?;
    let (mut lines, mut last) = (Vec::new(), None);
    for row in rows {
        let row: ExportLine = serde_json::from_str(row).map_err(bad)?;
        let (proven, cosigned) = trust.prove(&row.proof, &keys)?;
        of_log(&proven, &head.origin)?;
        if proven.index != row.index || last >= Some(proven.index) {
            let index = row.index;
            return Err(Doubt::Says(format!("leaf {index} is out of its place")));
        }
        last = Some(proven.index);
        lines.push(told(&proven, &cosigned));
    }
    Ok(Report {
        kind: "ledger export",
        origin: head.origin,
        lines,
        pinned: !trust.keys.is_empty(),
        files: Vec::new(),
    })
}

/// A report under a statement of the log's key.
fn signed(
    text: &str,
    pinned: &[Key],
    (format, what): (&str, &'static str),
) -> Result<(String, Value), Doubt> {
    let bad = |detail: String| form(what, detail);
    let file: Signed = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
    let keys = keys(&file.verifiers, pinned)?;
    let note = Note::open(&file.statement, &keys)?;
    if !note.signers.contains(&file.origin) {
        return Err(Doubt::Stranger(file.origin));
    }
    let sum = crate::sha256_hex(file.report.as_bytes());
    let expected = format!("{STATEMENT}\n{}\n{format}\n{sum}\n", file.origin);
    if note.text != expected {
        return Err(Doubt::Says(
            "the report is not the one that was signed".to_owned(),
        ));
    }
    let report = serde_json::from_str(&file.report).map_err(|error| bad(error.to_string()))?;
    Ok((file.origin, report))
}

fn word(value: &Value, key: &str) -> String {
    let found = value.get(key).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

fn pack(text: &str, pinned: &[Key]) -> Result<Report, Doubt> {
    let (origin, report) = signed(text, pinned, (PACK, "a manifest"))?;
    let listed = report.get("files").and_then(Value::as_array);
    let files: Vec<(String, String)> = listed
        .into_iter()
        .flatten()
        .map(|file| (word(file, "file"), word(file, "sha256")))
        .collect();
    let mut lines = vec![format!(
        "request {} made {}",
        word(&report, "request"),
        word(&report, "made")
    )];
    lines.extend(files.iter().map(|(name, sum)| format!("{sum}  {name}")));
    Ok(Report {
        kind: "manifest of a pack",
        origin,
        lines,
        pinned: !pinned.is_empty(),
        files,
    })
}

fn clauses(text: &str, pinned: &[Key]) -> Result<Report, Doubt> {
    let (origin, report) = signed(text, pinned, (CLAUSES, "a report on clauses"))?;
    let stands = report.get("clauses").and_then(Value::as_array);
    let mut lines = vec![format!(
        "policy {} at {}",
        word(&report, "version"),
        word(&report, "at")
    )];
    for clause in stands.into_iter().flatten() {
        lines.push(format!(
            "{:<5} {:<9} {}",
            word(clause, "clause"),
            word(clause, "status"),
            word(clause, "live")
        ));
    }
    Ok(Report {
        kind: "report on clauses",
        origin,
        lines,
        pinned: !pinned.is_empty(),
        files: Vec::new(),
    })
}

fn told(proven: &Proven, cosigned: &[Cosigned]) -> String {
    let mut line = said_of(proven);
    if !cosigned.is_empty() {
        let names: Vec<&str> = cosigned.iter().map(|one| one.witness.as_str()).collect();
        line += &format!(", cosigned by {}", names.join(", "));
    }
    line
}

fn said_of(proven: &Proven) -> String {
    let (index, at) = (proven.index, proven.at);
    let Some(entry) = &proven.entry else {
        return format!("{index:>6}  {at}  its evidence was forgotten or is not revealed");
    };
    let word = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or("-");
    let clauses = entry.get("clauses").and_then(Value::as_array);
    let clauses: Vec<&str> = clauses
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    format!(
        "{index:>6}  {at}  {} by {} for {} under {}",
        word("kind"),
        word("actor"),
        word("purpose"),
        clauses.join(", ")
    )
}
