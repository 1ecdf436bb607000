//! Transcripts in the World Transcription Format extension's body.

use domain::{Caption, Millis, Party, PartyIndex, Secret, Span};
use serde_json::Value;

use crate::FormatError;
use crate::incoming::role;
use crate::json::Node;

/// `None` where the transcript has no times.
pub(super) fn captions(
    body: &Node<'_>,
    of_dialog: &[Option<PartyIndex>],
    parties: &[Party],
) -> Result<Option<Vec<Caption>>, FormatError> {
    // A body kept as text may be JSON without saying so.
    if let Value::String(text) = body.value() {
        let Ok(parsed) = serde_json::from_str::<Value>(text) else {
            return Ok(None);
        };
        if parsed.is_string() {
            return Ok(None);
        }
        return captions(&Node::root(&parsed, super::FORMAT), of_dialog, parties);
    }
    if let Some(inner) = body.get("wtf_transcription") {
        return captions(&inner, of_dialog, parties);
    }
    let Some(segments) = body.get("segments") else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for segment in segments.items()? {
        let text = segment.text_at("text").unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        let seconds = |key| -> Result<Millis, FormatError> {
            let node = segment.need(key)?;
            let seconds = node.value().as_f64();
            seconds
                .map(Millis::from_secs_f64)
                .ok_or_else(|| node.wrong("seconds are expected"))
        };
        let span = Span::new(seconds("start")?, seconds("end")?)
            .map_err(|_| segment.wrong("it ends before it starts"))?;
        found.push(Caption {
            party: segment
                .get("speaker")
                .and_then(|node| speaker(node.value(), body, of_dialog, parties)),
            span,
            text: Secret::new(text),
            confidence: segment
                .get("confidence")
                .and_then(|node| share(node.value())),
        });
    }
    found.sort_by_key(|caption| caption.span);
    Ok((!found.is_empty()).then_some(found))
}

fn share(value: &Value) -> Option<f32> {
    // Reading the number's own text avoids a cast that loses digits without saying so.
    value
        .as_f64()?
        .to_string()
        .parse::<f32>()
        .ok()
        .map(|share| share.clamp(0.0, 1.0))
}

/// A speaker is a place among the dialog's parties, a key of `speakers`, or a name or role.
fn speaker(
    value: &Value,
    body: &Node<'_>,
    of_dialog: &[Option<PartyIndex>],
    parties: &[Party],
) -> Option<PartyIndex> {
    if let Some(number) = value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
    {
        let by_channel = of_dialog.get(number).copied().flatten();
        let by_place = u16::try_from(number)
            .ok()
            .filter(|_| number < parties.len());
        return by_channel.or_else(|| by_place.map(PartyIndex));
    }
    let key = value.as_str()?;
    let labelled = body.get("speakers").and_then(|speakers| {
        let entry = speakers.get(key)?;
        entry
            .text_at("label")
            .or_else(|| entry.text_at("role"))
            .map(str::to_owned)
    });
    let text = labelled.as_deref().unwrap_or(key);
    let declared = role(text);
    let place = parties.iter().position(|party| {
        let named = party
            .name
            .as_ref()
            .is_some_and(|name| name.expose().eq_ignore_ascii_case(text));
        named || declared != domain::Role::Unknown && party.role == declared
    });
    let numbered = || {
        // Our own exports number whoever has no role, from 1.
        let number: usize = text.strip_prefix("speaker")?.parse().ok()?;
        number.checked_sub(1).filter(|place| *place < parties.len())
    };
    place
        .or_else(numbered)
        .and_then(|place| u16::try_from(place).ok())
        .map(PartyIndex)
}
