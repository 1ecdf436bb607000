//! The reviewed table of decisions.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use domain::{ActorKind, DataCategory as Data, Purpose, TenantRole, Timestamp};
use policy::{Facts, Policy};

use crate::asking::{NOW, agent_who_took_part, api_key, ask, basis, in_order, person, shipped};

const ACTIONS: &[&str] = &["find", "read", "seal", "erase", "disclose"];

const DATA: &[(Data, char)] = &[
    (Data::Voice, 'V'),
    (Data::RawContent, 'W'),
    (Data::Contact, 'C'),
    (Data::RedactedContent, 'r'),
    (Data::RedactedAudio, 's'),
    (Data::InteractionMetadata, 'm'),
];

fn actors() -> Vec<(&'static str, ActorKind)> {
    vec![
        ("owner", person(TenantRole::Owner)),
        ("analyst", person(TenantRole::Analyst)),
        ("coach", person(TenantRole::Coach)),
        ("agent, own interaction", agent_who_took_part()),
        ("agent, another's interaction", person(TenantRole::Agent)),
        ("privacy officer", person(TenantRole::PrivacyOfficer)),
        ("integrator", person(TenantRole::Integrator)),
        ("API key", api_key()),
        ("pipeline", ActorKind::Pipeline),
        ("operator's administrator", ActorKind::OperatorAdmin),
        ("operator's privacy desk", ActorKind::PrivacyDesk),
    ]
}

fn states() -> Vec<(&'static str, Facts)> {
    let stated = |grants: &[(Purpose, bool)]| Facts {
        lawful_bases: vec![basis("consent", grants)],
        ..in_order()
    };
    let answers = |yes: bool| -> Vec<(Purpose, bool)> {
        Purpose::ALL.iter().map(|purpose| (*purpose, yes)).collect()
    };
    let mut ended = stated(&[]);
    for basis in &mut ended.lawful_bases {
        basis.expires = Some(Timestamp(NOW.0 - 1));
    }
    vec![
        ("instructed", in_order()),
        ("grants all", stated(&answers(true))),
        ("stores only", stated(&[(Purpose::Storage, true)])),
        ("refuses all", stated(&answers(false))),
        ("ended", ended),
        (
            "no basis",
            Facts {
                lawful_bases: Vec::new(),
                ..in_order()
            },
        ),
        (
            "on hold",
            Facts {
                on_hold: true,
                ..in_order()
            },
        ),
        (
            "overdue",
            Facts {
                keep_until: Some(Timestamp(NOW.0 - 1)),
                ..in_order()
            },
        ),
        (
            "unlabelled",
            Facts {
                instruction: None,
                subjects: 0,
                ..in_order()
            },
        ),
    ]
}

/// For each actor and action: the purposes with what may be touched under each state, or the
/// clauses of the refusal where nothing may ever be.
fn render(policy: &Policy) -> String {
    let mut out = String::from(
        "Who may do what for which purpose, by the shipped policy. Columns: how the lawful basis\n\
         and the interaction stand. Letters: data that may be touched (V voice, W words before\n\
         redaction, C names and addresses, r redacted words, s redacted sound, m times and\n\
         measures). Where nothing may be touched: the clauses of the refusal.\n",
    );
    let states = states();
    for (name, kind) in actors() {
        for action in ACTIONS {
            write!(out, "\n{:<30}", format!("{name}: {action}")).unwrap();
            for (state, _) in &states {
                write!(out, " {state:<12}").unwrap();
            }
            out.push('\n');
            let mut refused: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
            for purpose in Purpose::ALL {
                let cells: Vec<String> = states
                    .iter()
                    .map(|(_, facts)| cell(policy, action, &kind, *purpose, facts))
                    .collect();
                if cells.iter().all(|cell| cell.starts_with('P')) {
                    match refused.iter_mut().find(|(known, _)| *known == cells) {
                        Some((_, purposes)) => purposes.push(purpose.key()),
                        None => refused.push((cells, vec![purpose.key()])),
                    }
                } else {
                    row(&mut out, purpose.key(), &cells);
                }
            }
            for (cells, purposes) in refused {
                if purposes.len() == 1 {
                    row(&mut out, purposes[0], &cells);
                } else {
                    row(&mut out, "any of these:", &cells);
                    for purpose in purposes {
                        writeln!(out, "    {purpose}").unwrap();
                    }
                }
            }
        }
    }
    out
}

fn row(out: &mut String, purpose: &str, cells: &[String]) {
    let mut line = format!("  {purpose:<28}");
    for cell in cells {
        write!(line, " {cell:<12}").unwrap();
    }
    writeln!(out, "{}", line.trim_end()).unwrap();
}

fn cell(
    policy: &Policy,
    action: &str,
    kind: &ActorKind,
    purpose: Purpose,
    facts: &Facts,
) -> String {
    let mut letters = String::new();
    let mut clauses: Vec<String> = Vec::new();
    for (data, letter) in DATA {
        match ask(policy, action, kind, purpose, &[*data], facts) {
            Ok(_) => letters.push(*letter),
            Err(denial) => {
                for clause in denial.clauses.iter().map(ToString::to_string) {
                    if !clauses.contains(&clause) {
                        clauses.push(clause);
                    }
                }
            }
        }
    }
    if letters.is_empty() {
        clauses.join(" ")
    } else {
        letters
    }
}

#[test]
fn p93_the_decision_table_is_as_reviewed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/decisions.out");
    compare(&path, &render(&shipped()));
}

/// Compares with a reviewed file; `UPDATE_EXPECT=1` writes it.
#[expect(
    clippy::disallowed_methods,
    reason = "the switch of golden tests, read by tests only"
)]
pub(crate) fn compare(path: &Path, got: &str) {
    if std::env::var("UPDATE_EXPECT").is_ok() {
        fs::write(path, got).unwrap();
        return;
    }
    let want = fs::read_to_string(path).unwrap_or_default();
    let differing = want
        .lines()
        .zip(got.lines())
        .enumerate()
        .find(|(_, (want, got))| want != got);
    assert!(
        want == got,
        "{} differs, first at {differing:?}; UPDATE_EXPECT=1 writes it",
        path.display()
    );
}
