//! vCon dialogs and the transcripts among the analyses.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use domain::{Content, Dialog, DialogKind, Metadata, Millis, Party, PartyIndex, Secret, Timestamp};
use serde_json::Value;

use crate::FormatError;
use crate::json::Node;

use super::{start, tenant_fields, wtf};

/// Reads the URL alphabet with or without padding; writers before 0.1 used the other one,
/// which is mapped to it first.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What was read so far.
pub(super) struct Reading<'a> {
    parties: &'a [Party],
    created: Timestamp,
    pub(super) dialogs: Vec<Dialog>,
    /// For each dialog of the file: its place in `dialogs`, and its own start and parties.
    places: Vec<Place>,
    metadata: Metadata,
    warnings: Vec<String>,
}

struct Place {
    kept: Option<usize>,
    start: Timestamp,
    parties: Vec<Option<PartyIndex>>,
}

impl<'a> Reading<'a> {
    pub(super) const fn new(parties: &'a [Party], created: Timestamp) -> Self {
        Self {
            parties,
            created,
            dialogs: Vec::new(),
            places: Vec::new(),
            metadata: Metadata::new(),
            warnings: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, node: &Node<'_>) -> Result<(), FormatError> {
        let fields = node.object()?;
        let start = start(node, self.created)?;
        let parties = self.parties(node)?;
        tenant_fields(node, &mut self.metadata);
        // An empty placeholder stands for a dialog that was taken out.
        let content = if fields.is_empty() {
            None
        } else {
            self.content(node)?
        };
        let kept = content.is_some().then_some(self.dialogs.len());
        self.places.push(Place {
            kept,
            start,
            parties: parties.clone(),
        });
        let Some((kind, content)) = content else {
            return Ok(());
        };
        let originator = match node.get("originator") {
            Some(index) => Some(self.party(&index)?),
            None => parties
                .iter()
                .flatten()
                .next()
                .copied()
                .filter(|_| kind == DialogKind::Text),
        };
        let seconds = node.get("duration").and_then(|node| node.value().as_f64());
        self.dialogs.push(Dialog {
            kind,
            start,
            duration: seconds.map(Millis::from_secs_f64),
            parties,
            originator,
            message_id: node.text_at("message_id").map(str::to_owned),
            content,
        });
        Ok(())
    }

    /// Adds the transcripts of dialogs whose sound is not here.
    pub(super) fn finish(
        &mut self,
        analyses: &[Node<'_>],
        metadata: &mut Metadata,
        warnings: &mut Vec<String>,
    ) -> Result<(), FormatError> {
        for node in analyses {
            let kind = node.text_at("type").unwrap_or_default();
            if !matches!(kind, "transcript" | "wtf_transcription") {
                continue;
            }
            let index = node.get("dialog").map_or(Ok(0), |dialog| first(&dialog))?;
            let place = self.places.get(usize::from(index));
            if place.is_some_and(|place| place.kept.is_some()) {
                self.warnings.push(
                    "a transcript made elsewhere was left out: its recording is here".to_owned(),
                );
                continue;
            }
            let body = body(node)?;
            let none = Vec::new();
            let (start, parties) = place.map_or((self.created, &none), |p| (p.start, &p.parties));
            let node = Node::root(&body, super::FORMAT);
            let captions = wtf::captions(&node, parties, self.parties)?;
            match captions {
                Some(captions) => self.dialogs.push(Dialog {
                    kind: DialogKind::Transcript,
                    start,
                    duration: captions.iter().map(|caption| caption.span.end()).max(),
                    parties: parties.clone(),
                    originator: None,
                    message_id: None,
                    content: Content::Captions(captions),
                }),
                None => self
                    .warnings
                    .push("a transcript without times was left out".to_owned()),
            }
        }
        metadata.append(&mut self.metadata);
        self.warnings.dedup();
        warnings.append(&mut self.warnings);
        Ok(())
    }

    /// `None` where there is nothing to keep.
    fn content(&mut self, node: &Node<'_>) -> Result<Option<(DialogKind, Content)>, FormatError> {
        let kind = node.need("type")?;
        match kind.text()? {
            "recording" | "audio" | "video" => self.recording(node),
            "text" => self.text(node),
            "transfer" | "incomplete" => Ok(Some((DialogKind::Signalling, Content::None))),
            "recording-set" => {
                self.warnings
                    .push("a set of recordings was left out: its parts are read".to_owned());
                Ok(None)
            }
            _ => Err(kind.wrong(
                "`recording`, `text`, `transfer`, `incomplete` or `recording-set` is expected",
            )),
        }
    }

    fn recording(&mut self, node: &Node<'_>) -> Result<Option<(DialogKind, Content)>, FormatError> {
        if self.only_by_address(node, "a recording") {
            return Ok(None);
        }
        let body = node.need("body")?;
        let encoded = node.text_at("encoding").unwrap_or("base64url");
        if !encoded.starts_with("base64") {
            return Err(node.wrong("a recording's `encoding` is `base64url`"));
        }
        let bytes = decode(body.text()?).ok_or_else(|| body.wrong("this is no base64url"))?;
        Ok(Some((DialogKind::Recording, Content::Media(bytes))))
    }

    fn text(&mut self, node: &Node<'_>) -> Result<Option<(DialogKind, Content)>, FormatError> {
        if self.only_by_address(node, "a text") {
            return Ok(None);
        }
        let text = match body(node)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let mediatype = node.either(&["mediatype", "mimetype"]);
        let mediatype = mediatype
            .and_then(|node| node.value().as_str())
            .unwrap_or("text/plain");
        let (text, quoted_blocks) = if mediatype.starts_with("text/html") {
            crate::mail::split_html(&text)
        } else {
            (text, String::new())
        };
        let is_mail = node
            .text_at("message_id")
            .is_some_and(|id| id.contains('@'));
        let (body, mut quoted) = if is_mail {
            crate::mail::split_quoted(&text)
        } else {
            (text, None)
        };
        if !quoted_blocks.is_empty() {
            quoted = Some(
                [quoted.unwrap_or_default(), quoted_blocks]
                    .join("\n")
                    .trim()
                    .to_owned(),
            );
        }
        let content = Content::Text {
            body: Secret::new(body),
            quoted: quoted.map(Secret::new),
        };
        Ok(Some((DialogKind::Text, content)))
    }

    fn only_by_address(&mut self, node: &Node<'_>, what: &str) -> bool {
        let by_address = node.get("body").is_none() && node.get("url").is_some();
        if by_address {
            self.warnings.push(format!(
                "{what} is there by its address only and was left out: nothing is fetched"
            ));
        }
        by_address
    }

    /// One entry per channel; several parties in one channel are nobody in particular.
    fn parties(&self, node: &Node<'_>) -> Result<Vec<Option<PartyIndex>>, FormatError> {
        let Some(listed) = node.get("parties") else {
            return Ok(Vec::new());
        };
        if listed.value().is_number() {
            return Ok(vec![Some(self.party(&listed)?)]);
        }
        let items = listed.items()?;
        let mut found = Vec::with_capacity(items.len());
        for item in &items {
            found.push(match item.value() {
                Value::Null => None,
                Value::Array(several) if several.len() == 1 => item
                    .items()?
                    .first()
                    .map(|one| self.party(one))
                    .transpose()?,
                Value::Array(_) => None,
                _ => Some(self.party(item)?),
            });
        }
        Ok(found)
    }

    fn party(&self, node: &Node<'_>) -> Result<PartyIndex, FormatError> {
        let index = node.index()?;
        if usize::from(index) < self.parties.len() {
            Ok(PartyIndex(index))
        } else {
            Err(node.wrong(format!("there are {} parties", self.parties.len())))
        }
    }
}

fn first(node: &Node<'_>) -> Result<u16, FormatError> {
    match node.value() {
        Value::Array(_) => node.items()?.first().map_or(Ok(0), Node::index),
        _ => node.index(),
    }
}

/// The body, whichever way it is encoded.
pub(super) fn body(node: &Node<'_>) -> Result<Value, FormatError> {
    let body = node.need("body")?;
    let Value::String(text) = body.value() else {
        return Ok(body.value().clone());
    };
    let text = match node.text_at("encoding") {
        Some(encoding) if encoding.starts_with("base64") => {
            let bytes = decode(text).ok_or_else(|| body.wrong("this is no base64url"))?;
            String::from_utf8(bytes).map_err(|_| body.wrong("this is no UTF-8 text"))?
        }
        Some("json") => {
            return serde_json::from_str(text).map_err(|_| body.wrong("this is no JSON"));
        }
        _ => text.clone(),
    };
    Ok(Value::String(text))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mapped: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'+' => b'-',
            b'/' => b'_',
            other => other,
        })
        .collect();
    BASE64.decode(mapped).ok()
}
