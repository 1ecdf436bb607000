//! Stored form of an interaction. Media is a blob of its own; the record says that there is one.

use std::collections::BTreeMap;

use domain::{
    Caption, Content, Dialog, DialogKind, Interaction, Millis, Party, PartyIndex, Secret,
    SourceKey, Span, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::tenant::{BasisV1, basis_from, basis_to};
use super::{Record, unwrap_v1, wrap};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct InteractionV1 {
    channel: String,
    direction: String,
    started: i64,
    subject: Option<String>,
    parties: Vec<PartyV1>,
    dialogs: Vec<DialogV1>,
    metadata: BTreeMap<String, String>,
    source: Option<String>,
    lawful_bases: Vec<BasisV1>,
}

#[derive(Serialize, Deserialize)]
struct PartyV1 {
    role: String,
    name: Option<String>,
    tel: Option<String>,
    mailto: Option<String>,
    id: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct DialogV1 {
    kind: String,
    start: i64,
    duration: Option<u64>,
    parties: Vec<Option<u16>>,
    originator: Option<u16>,
    message_id: Option<String>,
    content: ContentV1,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ContentV1 {
    None,
    Text {
        body: String,
        quoted: Option<String>,
    },
    Media,
    Captions(Vec<CaptionV1>),
}

/// Party, start, end, text, certainty.
#[derive(Serialize, Deserialize)]
struct CaptionV1(Option<u16>, u64, u64, String, Option<f32>);

impl Record for Interaction {
    const WHAT: &'static str = "interaction";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let open = |text: &Secret| text.expose().to_owned();
        let metadata = self.metadata.iter();
        let source = self
            .source
            .as_ref()
            .map(|key| String::from_utf8_lossy(key.expose()));
        wrap::<Self>(InteractionV1 {
            channel: self.channel.key().to_owned(),
            direction: self.direction.key().to_owned(),
            started: self.started.0,
            subject: self.subject.as_ref().map(open),
            parties: self.parties.iter().map(party_to).collect(),
            dialogs: self.dialogs.iter().map(dialog_to).collect(),
            metadata: metadata
                .map(|(key, value)| (key.clone(), open(value)))
                .collect(),
            source: source.map(std::borrow::Cow::into_owned),
            lawful_bases: self.lawful_bases.iter().map(basis_to).collect(),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: InteractionV1 = unwrap_v1::<Self, _>(bytes)?;
        let parties: Result<_, StoreError> = stored.parties.into_iter().map(party_from).collect();
        let dialogs: Result<_, StoreError> = stored.dialogs.into_iter().map(dialog_from).collect();
        let bases: Result<_, StoreError> =
            stored.lawful_bases.into_iter().map(basis_from).collect();
        let metadata = stored.metadata.into_iter();
        Ok(Self {
            channel: stored.channel.parse()?,
            direction: stored.direction.parse()?,
            started: Timestamp(stored.started),
            subject: stored.subject.map(Secret::new),
            parties: parties?,
            dialogs: dialogs?,
            metadata: metadata
                .map(|(key, value)| (key, Secret::new(value)))
                .collect(),
            source: stored.source.as_deref().and_then(source_from),
            lawful_bases: bases?,
        })
    }
}

/// The key's text is `source`, system, id or `content`, hash; the parts are told apart by the
/// unit separator.
fn source_from(text: &str) -> Option<SourceKey> {
    let mut parts = text.splitn(3, '\u{1f}');
    match (parts.next()?, parts.next()?, parts.next()) {
        ("source", system, Some(id)) => Some(SourceKey::from_source(system, id)),
        ("content", hash, None) => {
            let mut sum = [0u8; 32];
            hex::decode_to_slice(hash, &mut sum).ok()?;
            Some(SourceKey::from_content(sum))
        }
        _ => None,
    }
}

fn party_to(party: &Party) -> PartyV1 {
    let open = |text: &Option<Secret>| text.as_ref().map(|text| text.expose().to_owned());
    PartyV1 {
        role: party.role.key().to_owned(),
        name: open(&party.name),
        tel: open(&party.tel),
        mailto: open(&party.mailto),
        id: open(&party.id),
    }
}

fn party_from(stored: PartyV1) -> Result<Party, StoreError> {
    Ok(Party {
        role: stored.role.parse()?,
        name: stored.name.map(Secret::new),
        tel: stored.tel.map(Secret::new),
        mailto: stored.mailto.map(Secret::new),
        id: stored.id.map(Secret::new),
    })
}

fn dialog_to(dialog: &Dialog) -> DialogV1 {
    let kind = match dialog.kind {
        DialogKind::Recording => "recording",
        DialogKind::Text => "text",
        DialogKind::Transcript => "transcript",
        DialogKind::Signalling => "signalling",
    };
    let content = match &dialog.content {
        Content::None => ContentV1::None,
        Content::Text { body, quoted } => ContentV1::Text {
            body: body.expose().to_owned(),
            quoted: quoted.as_ref().map(|text| text.expose().to_owned()),
        },
        Content::Media(_) => ContentV1::Media,
        Content::Captions(cues) => ContentV1::Captions(cues.iter().map(caption_to).collect()),
    };
    DialogV1 {
        kind: kind.to_owned(),
        start: dialog.start.0,
        duration: dialog.duration.map(|long| long.0),
        parties: dialog
            .parties
            .iter()
            .map(|party| party.map(|at| at.0))
            .collect(),
        originator: dialog.originator.map(|party| party.0),
        message_id: dialog.message_id.clone(),
        content,
    }
}

fn dialog_from(stored: DialogV1) -> Result<Dialog, StoreError> {
    let kind = match stored.kind.as_str() {
        "recording" => DialogKind::Recording,
        "text" => DialogKind::Text,
        "transcript" => DialogKind::Transcript,
        "signalling" => DialogKind::Signalling,
        _ => return Err(StoreError::record("dialog", "its kind is not known")),
    };
    let content = match stored.content {
        ContentV1::None => Content::None,
        ContentV1::Text { body, quoted } => Content::Text {
            body: Secret::new(body),
            quoted: quoted.map(Secret::new),
        },
        ContentV1::Media => Content::Media(Vec::new()),
        ContentV1::Captions(cues) => {
            let cues: Result<_, StoreError> = cues.into_iter().map(caption_from).collect();
            Content::Captions(cues?)
        }
    };
    let parties = stored.parties.into_iter();
    Ok(Dialog {
        kind,
        start: Timestamp(stored.start),
        duration: stored.duration.map(Millis),
        parties: parties.map(|party| party.map(PartyIndex)).collect(),
        originator: stored.originator.map(PartyIndex),
        message_id: stored.message_id,
        content,
    })
}

fn caption_to(cue: &Caption) -> CaptionV1 {
    CaptionV1(
        cue.party.map(|party| party.0),
        cue.span.start().0,
        cue.span.end().0,
        cue.text.expose().to_owned(),
        cue.confidence,
    )
}

fn caption_from(
    CaptionV1(party, start, end, text, confidence): CaptionV1,
) -> Result<Caption, StoreError> {
    Ok(Caption {
        party: party.map(PartyIndex),
        span: Span::new(Millis(start), Millis(end))?,
        text: Secret::new(text),
        confidence,
    })
}
