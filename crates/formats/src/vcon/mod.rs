//! vCon in: unsigned of every version, both spellings of what was renamed.
//!
//! Nothing is fetched: what is there by address only is left out and said so. Signed and
//! encrypted forms are recognised and refused.

mod basis;
mod dialog;
mod party;
mod wtf;

use domain::{Channel, DialogKind, Interaction, Metadata, Secret, SourceKey, Timestamp};

use crate::incoming::{bare, direction};
use crate::json::{Node, document};
use crate::{FormatError, Hints, Incoming};

const FORMAT: &str = "vCon";

/// Extensions whose meaning is kept; a file that calls another one critical is refused.
const KNOWN_EXTENSIONS: &[&str] = &[
    "CC",
    "cc",
    "lawful_basis",
    "lawful-basis",
    "consent",
    "wtf",
    "WTF",
    "wtf_transcription",
];

const VERSIONS: &[&str] = &[
    "0.0.1", "0.0.2", "0.0.3", "0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0",
];

pub(crate) fn read(bytes: &[u8], hints: &Hints) -> Result<Incoming, FormatError> {
    let value = document(bytes, FORMAT)?;
    let root = Node::root(&value, FORMAT);
    root.object()?;
    refuse_sealed(&root)?;
    refuse_critical(&root)?;
    let mut warnings = Vec::new();
    version(&root, &mut warnings)?;
    let parties: Vec<_> = root
        .list("parties")?
        .iter()
        .map(|node| party::read(node, hints))
        .collect::<Result<_, _>>()?;
    let created = root
        .either(&["created_at", "created"])
        .map(|node| node.time())
        .transpose()?;
    let mut reading = dialog::Reading::new(&parties, created.unwrap_or(hints.received));
    for node in root.list("dialog")? {
        reading.take(&node)?;
    }
    let mut metadata = Metadata::new();
    reading.finish(&root.list("analysis")?, &mut metadata, &mut warnings)?;
    let dialogs = reading.dialogs;
    if !dialogs
        .iter()
        .any(|dialog| dialog.kind != DialogKind::Signalling)
    {
        return Err(nothing(&warnings));
    }
    let started = dialogs.iter().map(|dialog| dialog.start).min();
    let mut interaction = Interaction {
        subject: root.secret("subject"),
        source: root
            .text_at("uuid")
            .map(|uuid| SourceKey::from_source("vcon", uuid)),
        lawful_bases: basis::read(&root.list("attachments")?, &mut warnings)?,
        metadata,
        ..bare(
            channel(&dialogs, &parties),
            started.unwrap_or(hints.received),
        )
    };
    interaction.parties = parties;
    interaction.dialogs = dialogs;
    interaction.dialogs.sort_by_key(|dialog| dialog.start);
    interaction.direction = direction(&interaction);
    if root
        .get("group")
        .is_some_and(|group| group.value().as_array().is_some_and(|g| !g.is_empty()))
    {
        warnings.push("other vCons that it groups were left out".to_owned());
    }
    Ok(Incoming {
        interaction,
        warnings,
    })
}

fn nothing(warnings: &[String]) -> FormatError {
    match warnings.first() {
        Some(first) => FormatError::Unsupported {
            what: format!("a vCon without content of its own ({first})"),
            hint: "export it with its recordings and texts inside (`body` and `encoding`)",
        },
        None => FormatError::Nothing { format: FORMAT },
    }
}

fn refuse_sealed(root: &Node<'_>) -> Result<(), FormatError> {
    let has = |key| root.get(key).is_some();
    let what = if has("payload") && has("signatures") {
        "a signed vCon (JWS)"
    } else if has("ciphertext") && (has("recipients") || has("unprotected")) {
        "an encrypted vCon (JWE)"
    } else {
        return Ok(());
    };
    Err(FormatError::Unsupported {
        what: what.to_owned(),
        hint: "hand in the unsigned form, checked and opened by whoever holds the keys",
    })
}

fn refuse_critical(root: &Node<'_>) -> Result<(), FormatError> {
    let Some(critical) = root.either(&["critical", "must_support"]) else {
        return Ok(());
    };
    for node in critical.items()? {
        if !KNOWN_EXTENSIONS.contains(&node.text()?) {
            return Err(node.wrong("this critical extension is not known here"));
        }
    }
    Ok(())
}

/// The version is deprecated: it may be missing, and a later one may still be readable.
fn version(root: &Node<'_>, warnings: &mut Vec<String>) -> Result<(), FormatError> {
    let Some(node) = root.get("vcon") else {
        return Ok(());
    };
    if !VERSIONS.contains(&node.text()?) {
        warnings
            .push("its vCon version is not known here: what is new in it was left out".to_owned());
    }
    if root.either(&["redacted", "redacted_from"]).is_some() {
        warnings.push("it is a redacted version of another vCon".to_owned());
    }
    Ok(())
}

fn channel(dialogs: &[domain::Dialog], parties: &[domain::Party]) -> Channel {
    let spoken = |kind| matches!(kind, DialogKind::Recording | DialogKind::Transcript);
    if dialogs.iter().any(|dialog| spoken(dialog.kind)) {
        return Channel::Voice;
    }
    let is_mail = |dialog: &domain::Dialog| {
        dialog
            .message_id
            .as_deref()
            .is_some_and(|id| id.contains('@'))
    };
    let mailed = parties.iter().any(|party| party.mailto.is_some());
    if mailed && dialogs.iter().any(is_mail) {
        Channel::Email
    } else {
        Channel::Chat
    }
}

/// A dialog's start, or when the vCon was made.
fn start(node: &Node<'_>, otherwise: Timestamp) -> Result<Timestamp, FormatError> {
    node.get("start").map_or(Ok(otherwise), |node| node.time())
}

/// Fields of the contact-centre extension.
fn tenant_fields(node: &Node<'_>, metadata: &mut Metadata) {
    for key in ["campaign", "interaction_type", "interaction_id", "skill"] {
        if let Some(text) = node.text_at(key).filter(|text| !text.is_empty()) {
            metadata
                .entry(key.to_owned())
                .or_insert_with(|| Secret::new(text));
        }
    }
}
