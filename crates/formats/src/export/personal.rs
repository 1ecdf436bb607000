//! What a person gets of an interaction they took part in, as vCon 0.4.0: their own name, numbers
//! and words as they are, everybody else's redacted and without a name.

use domain::{Channel, Direction, InteractionId, Millis, Role, Secret, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::FormatError;
use crate::time::rfc3339;

/// Somebody who took part.
#[derive(Debug, Clone)]
pub struct PersonalParty {
    /// What they are in the interaction.
    pub role: Role,
    /// Name, telephone number and mail address, for the person whom the file is for; none for
    /// everybody else.
    pub own: Option<[Option<Secret>; 3]>,
}

/// Words of one side in a row.
#[derive(Debug, Clone)]
pub struct PersonalTurn {
    /// Whose, by place among the parties.
    pub party: u16,
    /// Whether it is the person's own.
    pub own: bool,
    /// When it began, from the interaction's start.
    pub at: Millis,
    /// The person's own words as said, everybody else's with what was removed as tags.
    pub text: Secret,
}

/// An interaction as its person gets it.
#[derive(Debug, Clone)]
pub struct PersonalView {
    /// Its id here.
    pub id: InteractionId,
    /// How people met.
    pub channel: Channel,
    /// Who began.
    pub direction: Direction,
    /// When it began.
    pub started: Timestamp,
    /// When the file is made.
    pub created: Timestamp,
    /// Who took part, in the interaction's order.
    pub parties: Vec<PersonalParty>,
    /// What was said, in order; none where it is not written down yet.
    pub turns: Option<Vec<PersonalTurn>>,
    /// Further things that are held beside the words, each as an attachment of its own type.
    pub beside: Vec<(&'static str, Value)>,
}

/// The vCon. Its uuid follows from the interaction's, so that it is the same each time.
///
/// # Errors
/// [`FormatError::Write`] where it cannot be written.
pub fn export_personal_vcon(view: &PersonalView) -> Result<String, FormatError> {
    let turns = view.turns.as_deref().unwrap_or_default();
    let written = view.channel != Channel::Voice;
    let vcon = json!({
        "vcon": "0.4.0",
        "uuid": own_uuid(view.id).to_string(),
        "extensions": ["CC"],
        "created_at": rfc3339(view.created),
        "redacted": { "uuid": view.id.as_uuid().to_string(), "type": "privity.personal/1" },
        "parties": view.parties.iter().map(party).collect::<Vec<_>>(),
        "dialog": if written {
            turns.iter().map(|turn| message(view, turn)).collect()
        } else {
            // The place that the transcript refers to; the sound holds other voices too.
            vec![json!({})]
        },
        "analysis": if written { Vec::new() } else { vec![spoken(view, turns)] },
        "attachments": attachments(view),
    });
    serde_json::to_string_pretty(&vcon).map_err(|source| FormatError::Write {
        format: "vCon",
        source: Box::new(source),
    })
}

/// Version 8: the first bits of a hash that says what the uuid is of.
fn own_uuid(id: InteractionId) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"privity personal vcon\0");
    hash.update(id.as_uuid().as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(hash) {
        *to = from;
    }
    Uuid::new_v8(bytes)
}

fn party(party: &PersonalParty) -> Value {
    let (kind, role) = match party.role {
        Role::Agent => (Some("person"), Some("agent")),
        Role::Consumer => (Some("person"), Some("customer")),
        Role::Bot | Role::Ivr => (Some("bot"), None),
        Role::ThirdParty => (None, Some("thirdparty")),
        Role::Unknown => (None, None),
    };
    let mut wire = serde_json::Map::new();
    let mut put = |key: &str, text: Option<&str>| {
        if let Some(text) = text {
            wire.insert(key.to_owned(), json!(text));
        }
    };
    put("type", kind);
    put("role", role);
    if let Some([name, tel, mail]) = &party.own {
        put("name", name.as_ref().map(Secret::expose));
        let tel = tel.as_ref().map(|tel| format!("tel:{}", tel.expose()));
        put("tel", tel.as_deref());
        let mail = mail
            .as_ref()
            .map(|mail| format!("mailto:{}", mail.expose()));
        put("mailto", mail.as_deref());
    }
    Value::Object(wire)
}

fn message(view: &PersonalView, turn: &PersonalTurn) -> Value {
    let others = (0u16..)
        .take(view.parties.len())
        .filter(|party| *party != turn.party);
    json!({
        "type": "text",
        "start": rfc3339(view.started.plus(turn.at)),
        "parties": std::iter::once(turn.party).chain(others).collect::<Vec<_>>(),
        "originator": turn.party,
        "mediatype": "text/plain",
        "body": turn.text.expose(),
        "encoding": "none",
    })
}

fn spoken(view: &PersonalView, turns: &[PersonalTurn]) -> Value {
    let turns: Vec<Value> = turns
        .iter()
        .map(|turn| {
            json!({ "party": turn.party, "you": turn.own,
                    "start": rfc3339(view.started.plus(turn.at)), "text": turn.text.expose() })
        })
        .collect();
    json!({
        "type": "transcript", "dialog": 0, "vendor": "Privity", "schema": "privity.turns/1",
        "mediatype": "application/json", "encoding": "json", "body": turns,
    })
}

fn attachments(view: &PersonalView) -> Vec<Value> {
    let about = json!({
        "channel": view.channel.key(), "direction": view.direction.key(),
        "began": rfc3339(view.started), "written_down": view.turns.is_some(),
    });
    std::iter::once(&("privity.about/1", about))
        .chain(&view.beside)
        .map(|(kind, body)| {
            json!({ "type": kind, "mediatype": "application/json", "encoding": "json",
                    "body": body })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(channel: Channel) -> PersonalView {
        let turn = |party, own, at, text: &str| PersonalTurn {
            party,
            own,
            at: Millis(at),
            text: Secret::new(text),
        };
        PersonalView {
            id: InteractionId::from_uuid(Uuid::from_u128(7)),
            channel,
            direction: Direction::Inbound,
            started: Timestamp(1_790_000_000_000),
            created: Timestamp(1_790_000_600_000),
            parties: vec![
                PersonalParty {
                    role: Role::Agent,
                    own: None,
                },
                PersonalParty {
                    role: Role::Consumer,
                    own: Some([
                        Some("Tom Hill".into()),
                        None,
                        Some("tom@example.org".into()),
                    ]),
                },
            ],
            turns: Some(vec![
                turn(1, true, 0, "My card is 4111."),
                turn(0, false, 4_000, "Thank you, [PERSON]."),
            ]),
            beside: Vec::new(),
        }
    }

    #[test]
    fn a_chat_is_messages_and_only_its_person_has_a_name() {
        let text = export_personal_vcon(&view(Channel::Chat)).unwrap();
        let vcon: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(vcon["dialog"][0]["body"], "My card is 4111.");
        assert_eq!(vcon["dialog"][1]["originator"], 0);
        assert_eq!(vcon["parties"][1]["mailto"], "mailto:tom@example.org");
        assert!(vcon["parties"][0].get("name").is_none());
        assert_eq!(vcon["parties"][1]["role"], "customer");
    }

    #[test]
    fn a_call_is_a_transcript_without_its_sound() {
        let text = export_personal_vcon(&view(Channel::Voice)).unwrap();
        let vcon: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(vcon["dialog"], json!([{}]));
        assert_eq!(vcon["analysis"][0]["body"][0]["you"], true);
        let again = export_personal_vcon(&view(Channel::Voice)).unwrap();
        assert_eq!(text, again, "the same each time");
    }
}
