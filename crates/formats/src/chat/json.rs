//! `privity.chat/1`: one conversation, its parties and messages.

use domain::{
    Channel, Content, Dialog, DialogKind, Direction, Interaction, Metadata, Party, PartyIndex,
    Role, Secret, SourceKey,
};

use crate::incoming::{bare, direction};
use crate::json::{Node, document};
use crate::{FormatError, Hints, Incoming};

const FORMAT: &str = "chat JSON";

/// The only version there is.
const VERSION: &str = "privity.chat/1";

pub(crate) fn read_json(bytes: &[u8], hints: &Hints) -> Result<Incoming, FormatError> {
    let value = document(bytes, FORMAT)?;
    let root = Node::root(&value, FORMAT);
    let format = root.need("format")?;
    if format.text()? != VERSION {
        return Err(format.wrong(format!("only `{VERSION}` is known")));
    }
    known_fields(
        &root,
        &[
            "format",
            "id",
            "channel",
            "started",
            "direction",
            "subject",
            "parties",
            "messages",
            "meta",
        ],
    )?;
    let mut parties = Vec::new();
    for node in root.need("parties")?.items()? {
        parties.push(party(&node, hints)?);
    }
    let mut dialogs = Vec::new();
    for node in root.need("messages")?.items()? {
        dialogs.push(message(&node, &parties, dialogs.last())?);
    }
    let Some(first) = dialogs.first() else {
        return Err(FormatError::Nothing { format: FORMAT });
    };
    let started = root
        .get("started")
        .map_or(Ok(first.start), |node| node.time())?;
    let mut interaction = Interaction {
        subject: root.secret("subject"),
        parties,
        dialogs,
        metadata: metadata(&root)?,
        source: root
            .text_at("id")
            .map(|id| SourceKey::from_source("chat", id)),
        ..bare(channel(&root)?, started)
    };
    interaction.dialogs.sort_by_key(|dialog| dialog.start);
    interaction.direction = match root.get("direction") {
        Some(node) => node
            .text()?
            .parse()
            .map_err(|_| node.wrong("`inbound`, `outbound` or `unknown` is expected"))?,
        None => Direction::Unknown,
    };
    if interaction.direction == Direction::Unknown {
        interaction.direction = direction(&interaction);
    }
    Ok(Incoming {
        interaction,
        warnings: Vec::new(),
    })
}

/// A misspelt field would be lost in silence.
fn known_fields(node: &Node<'_>, known: &[&str]) -> Result<(), FormatError> {
    let strange = node
        .object()?
        .keys()
        .any(|key| !known.contains(&key.as_str()));
    if strange {
        Err(node.wrong(format!("only {} are known here", known.join(", "))))
    } else {
        Ok(())
    }
}

fn channel(root: &Node<'_>) -> Result<Channel, FormatError> {
    let Some(node) = root.get("channel") else {
        return Ok(Channel::Chat);
    };
    match node.text()? {
        "chat" => Ok(Channel::Chat),
        "email" => Ok(Channel::Email),
        _ => Err(node.wrong("`chat` or `email` is expected")),
    }
}

fn party(node: &Node<'_>, hints: &Hints) -> Result<Party, FormatError> {
    known_fields(node, &["role", "name", "tel", "mailto", "id"])?;
    let declared = match node.get("role") {
        Some(role) => role.text()?.parse::<Role>().map_err(|_| {
            role.wrong("`agent`, `consumer`, `bot`, `ivr`, `third_party` or `unknown` is expected")
        })?,
        None => Role::Unknown,
    };
    let mut party = Party {
        role: Role::Unknown,
        name: node.secret("name"),
        tel: node.secret("tel"),
        mailto: node.secret("mailto"),
        id: node.secret("id"),
    };
    party.role = hints.role(declared, &party);
    Ok(party)
}

fn message(
    node: &Node<'_>,
    parties: &[Party],
    before: Option<&Dialog>,
) -> Result<Dialog, FormatError> {
    known_fields(node, &["from", "at", "text", "id"])?;
    let from = node.need("from")?;
    let index = from.index()?;
    if usize::from(index) >= parties.len() {
        return Err(from.wrong(format!("there are {} parties", parties.len())));
    }
    let at = node.need("at")?.time()?;
    if before.is_some_and(|before| before.start > at) {
        return Err(node.wrong("it is earlier than the message before it"));
    }
    let count = u16::try_from(parties.len()).unwrap_or(u16::MAX);
    Ok(Dialog {
        kind: DialogKind::Text,
        start: at,
        duration: None,
        parties: (0..count).map(|index| Some(PartyIndex(index))).collect(),
        originator: Some(PartyIndex(index)),
        message_id: node.text_at("id").map(str::to_owned),
        content: Content::Text {
            body: Secret::new(node.need("text")?.text()?),
            quoted: None,
        },
    })
}

fn metadata(root: &Node<'_>) -> Result<Metadata, FormatError> {
    let Some(meta) = root.get("meta") else {
        return Ok(Metadata::new());
    };
    let mut found = Metadata::new();
    for (key, value) in meta.object()? {
        let text = value
            .as_str()
            .map(str::to_owned)
            .or_else(|| (value.is_number() || value.is_boolean()).then(|| value.to_string()));
        let text = text.ok_or_else(|| meta.wrong("texts, numbers and booleans are expected"))?;
        found.insert(key.clone(), Secret::new(text));
    }
    Ok(found)
}
