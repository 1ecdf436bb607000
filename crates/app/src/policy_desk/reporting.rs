//! A report on every clause that stands by itself: what the installation was asked, what it said,
//! signed by the key of its log, to be read by somebody who has nothing else of it.

use serde_json::json;

use super::PolicyStanding;
use crate::app::App;
use crate::error::AppError;
use crate::reading::rfc3339;

const FORMAT: &str = "privity.clauses/1";

/// The report in both its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseReport {
    /// Signed, for `privity-verify`.
    pub json: String,
    /// The same for people; names the hash of the signed text.
    pub html: String,
    /// How many clauses do not hold.
    pub broken: usize,
}

impl App {
    /// Asks every clause's live check, replays the ledger, and writes down how all stands.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn clause_report(&self) -> Result<ClauseReport, AppError> {
        let standing = self.clause_status().await?;
        let ledger = self.store.verify_ledger().await?;
        let witness = self.replay_ledger().await?;
        self.store.checkpoint().await?;
        let clauses: Vec<_> = standing
            .clauses
            .iter()
            .map(|one| {
                json!({ "clause": one.clause.as_str(), "kind": one.kind, "plane": one.plane,
                        "words": one.prose, "status": one.status.key(), "why": one.sentence,
                        "live": one.live, "tests": one.tests, "last": one.last.map(rfc3339),
                        "not_in_force": one.unbacked })
            })
            .collect();
        let report = json!({
            "version": standing.version, "at": rfc3339(standing.at), "hosting": standing.hosting,
            "ledger": { "leaves": ledger.size, "covered": ledger.covered,
                        "faults": ledger.findings.len() },
            "witness": { "deeds": witness.deeds, "unmatched": witness.unmatched.len() },
            "clauses": clauses,
            "build": { "source": self.build().source, "tests": self.build().report },
        });
        let unwritten = |_| AppError::Input("the report cannot be written".to_owned());
        let report = serde_json::to_string(&report).map_err(unwritten)?;
        let statement = self.store.sign_statement(FORMAT, &report).await?;
        let html = page(&standing, &statement);
        let whole = json!({
            "format": FORMAT, "origin": self.store.ledger_origin(),
            "verifiers": self.store.ledger_verifiers().await?,
            "report": report, "statement": statement,
        });
        let broken = standing
            .clauses
            .iter()
            .filter(|one| one.status == policy::ClauseStatus::Broken)
            .count();
        Ok(ClauseReport {
            json: serde_json::to_string_pretty(&whole).map_err(unwritten)?,
            html,
            broken,
        })
    }

    /// Public keys of the log, to be pinned outside.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn ledger_keys(&self) -> Result<Vec<String>, AppError> {
        Ok(self.store.ledger_verifiers().await?)
    }
}

fn page(standing: &PolicyStanding, statement: &str) -> String {
    let rows: String = standing
        .clauses
        .iter()
        .map(|one| {
            let why = one.unbacked.as_deref().unwrap_or(&one.sentence);
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                one.clause,
                escaped(&one.prose),
                one.status.key(),
                escaped(one.live.as_deref().unwrap_or("")),
                escaped(why),
            )
        })
        .collect();
    let counts: Vec<String> = standing
        .hosting
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <title>How every clause stands</title>\n\
         <style>body{{font:16px/1.5 system-ui;max-width:75rem;margin:2rem auto;padding:0 1rem}}\
         td,th{{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;\
         border-top:1px solid #bbb}}pre{{white-space:pre-wrap}}</style></head>\n\
         <body><h1>How every clause stands</h1>\n\
         <p>Policy {}, looked at {}. Of the clauses that concern hosting: {}.</p>\n\
         <p>Kept: every kind of proof that the clause names was seen to hold within a week. \
         Untested: nothing recent speaks for it. Broken: the latest evidence speaks against it.</p>\n\
         <table><thead><tr><th>Clause</th><th>What it says</th><th>Stands</th>\
         <th>What the installation said</th><th>Why</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n\
         <h2>Signed</h2>\n<p>The report in JSON beside this page has this hash, signed by the key of \
         the transparency log; <code>privity-verify --key KEY FILE</code> checks it.</p>\n\
         <pre>{}</pre></body></html>\n",
        escaped(&standing.version),
        rfc3339(standing.at),
        counts.join(", "),
        escaped(statement)
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
