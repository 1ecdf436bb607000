//! Lawful bases: the attachment of the lawful-basis draft and the consent attachment before it.

use domain::{LawfulBasis, Purpose, Timestamp};

use crate::FormatError;
use crate::json::Node;

use super::dialog::body;

const BASES: &[&str] = &[
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
];

pub(super) fn read(
    attachments: &[Node<'_>],
    warnings: &mut Vec<String>,
) -> Result<Vec<LawfulBasis>, FormatError> {
    let mut found = Vec::new();
    let mut left_out = 0;
    for node in attachments {
        // Core calls it `purpose`, the drafts call it `type`.
        let kind = node.text_at("purpose").or_else(|| node.text_at("type"));
        match kind {
            Some("lawful_basis" | "lawful-basis") => {
                let value = body(node)?;
                found.push(lawful_basis(&Node::root(&value, super::FORMAT), warnings)?);
            }
            Some("consent") => {
                let value = body(node)?;
                found.push(consent(&Node::root(&value, super::FORMAT), warnings)?);
            }
            _ if node.object()?.is_empty() => {}
            _ => left_out += 1,
        }
    }
    if left_out > 0 {
        warnings.push(format!("{left_out} attachments were left out"));
    }
    Ok(found)
}

fn lawful_basis(body: &Node<'_>, warnings: &mut Vec<String>) -> Result<LawfulBasis, FormatError> {
    let basis = body.need("lawful_basis")?;
    if !BASES.contains(&basis.text()?) {
        return Err(basis.wrong(format!("one of {} is expected", BASES.join(", "))));
    }
    let mut grants = Vec::new();
    for node in body.need("purpose_grants")?.items()? {
        let granted = node.need("granted")?;
        let granted = granted
            .value()
            .as_bool()
            .ok_or_else(|| granted.wrong("true or false is expected"))?;
        // A condition that cannot be checked here cannot be met here.
        let conditions = node.list("conditions")?;
        if granted && !conditions.is_empty() {
            warnings.push("a grant under conditions counts as refused".to_owned());
        }
        let granted = granted && conditions.is_empty();
        add(
            &mut grants,
            node.need("purpose")?.text()?,
            granted,
            warnings,
        );
    }
    Ok(LawfulBasis {
        basis: basis.text()?.to_owned(),
        expires: expiration(body)?,
        grants: or_refusals(grants),
    })
}

/// The older draft contradicts itself: `{purpose, status}` in prose, `{consent, value}` in its
/// example. Both are read.
fn consent(body: &Node<'_>, warnings: &mut Vec<String>) -> Result<LawfulBasis, FormatError> {
    let mut grants = Vec::new();
    for node in body.need("consents")?.items()? {
        let purpose = node.either(&["purpose", "consent"]);
        let purpose = purpose.ok_or_else(|| node.wrong("`purpose` is missing"))?;
        let value = node.either(&["status", "value", "granted"]);
        let value = value.ok_or_else(|| node.wrong("`status` is missing"))?;
        let granted = match value.value().as_bool() {
            Some(granted) => granted,
            None => matches!(
                value.text()?.to_ascii_lowercase().as_str(),
                "granted" | "yes" | "true" | "accepted" | "active" | "y"
            ),
        };
        add(&mut grants, purpose.text()?, granted, warnings);
    }
    Ok(LawfulBasis {
        basis: "consent".to_owned(),
        expires: expiration(body)?,
        grants: or_refusals(grants),
    })
}

/// A list that grants nothing known here refuses everything, since no list at all would stand
/// for the tenant's whole instruction.
fn or_refusals(grants: Vec<(Purpose, bool)>) -> Vec<(Purpose, bool)> {
    if !grants.is_empty() {
        return grants;
    }
    [
        Purpose::Storage,
        Purpose::Transcription,
        Purpose::Analysis,
        Purpose::Sharing,
    ]
    .map(|purpose| (purpose, false))
    .to_vec()
}

fn expiration(body: &Node<'_>) -> Result<Option<Timestamp>, FormatError> {
    body.get("expiration").map(|node| node.time()).transpose()
}

fn add(
    grants: &mut Vec<(Purpose, bool)>,
    purpose: &str,
    granted: bool,
    warnings: &mut Vec<String>,
) {
    let purpose = match purpose.to_ascii_lowercase().as_str() {
        // A recording is kept or it is not.
        "recording" | "storage" => Purpose::Storage,
        "transcription" => Purpose::Transcription,
        "analysis" => Purpose::Analysis,
        "sharing" => Purpose::Sharing,
        "ai" | "genai" | "tdm" | "training" => Purpose::ModelTraining,
        _ => {
            warnings.push("a purpose that is not known here was left out".to_owned());
            return;
        }
    };
    grants.push((purpose, granted));
}
