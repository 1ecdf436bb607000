//! The original without sensitive authentication data (PCI DSS 3.3): it is not kept after
//! redaction, not even sealed.
//!
//! Words and messages are rewritten beside the redacted transcript, recordings beside the
//! redacted sound. The store seals what is made here under a new key and destroys the earlier
//! one with its bytes.

use analysis::redact::{self, Profile, is_authentication_data};
use domain::{Content, Interaction, RawTranscript, RedactionSpan, Secret, Span};
use engine::audio::{self, Cut, Fill, Limits};
use store::StageOutput;

use super::recording::Encoded;
use super::{Fault, note};
use crate::redaction::AuthenticationData;

/// What of an original must be sealed anew: nothing, where it holds no such data.
pub(super) fn words(
    interaction: &Interaction,
    raw: &RawTranscript,
    spans: &[RedactionSpan],
    profile: &Profile,
    wish: AuthenticationData,
) -> Result<Vec<StageOutput>, Fault> {
    let secret: Vec<RedactionSpan> = spans
        .iter()
        .filter(|span| is_authentication_data(span))
        .cloned()
        .collect();
    let left = redact::without(raw, &secret);
    let document = document(interaction, left.as_ref(), profile)?;
    if wish == AuthenticationData::Refuse && (!secret.is_empty() || document.is_some()) {
        return Err(Fault::Hopeless(note(
            "authentication_data",
            "it holds a card verification code, a PIN or track data, and the redaction settings \
             forbid to rewrite originals; erase it, or set `authentication_data = \"remove\"`",
        )));
    }
    let mut outputs = Vec::new();
    outputs.extend(left.map(StageOutput::OriginalWords));
    outputs.extend(document.map(|left| StageOutput::Original(Box::new(left))));
    Ok(outputs)
}

/// The interaction with the words of its messages as they are now; `None` where none differs.
fn document(
    interaction: &Interaction,
    left: Option<&RawTranscript>,
    profile: &Profile,
) -> Result<Option<Interaction>, Fault> {
    let mut new = interaction.clone();
    let spoken = interaction
        .dialogs
        .iter()
        .any(|dialog| matches!(dialog.content, Content::Media(_)));
    let mut words = left.map(|left| left.words.iter());
    for dialog in &mut new.dialogs {
        let texts: Vec<&mut Secret> = match &mut dialog.content {
            Content::Text { body, quoted } => std::iter::once(body).chain(quoted).collect(),
            Content::Captions(cues) => cues.iter_mut().map(|cue| &mut cue.text).collect(),
            Content::None | Content::Media(_) => Vec::new(),
        };
        for text in texts {
            // Beside a recording, messages are no part of the transcript.
            if spoken {
                *text = alone(text, profile);
            } else if let Some(words) = &mut words {
                *text = retold(text, words)?;
            }
        }
    }
    if let Some(subject) = &mut new.subject {
        *subject = alone(subject, profile);
    }
    for value in new.metadata.values_mut() {
        *value = alone(value, profile);
    }
    Ok((new != *interaction).then_some(new))
}

/// A text with its words as the transcript has them; the white space between them stays.
fn retold<'a>(
    text: &Secret,
    words: &mut impl Iterator<Item = &'a domain::Word>,
) -> Result<Secret, Fault> {
    let old = text.expose();
    let mut new = String::with_capacity(old.len());
    let mut written = 0;
    for word in old.split_whitespace() {
        let now = words.next().ok_or_else(unequal)?;
        let start = word.as_ptr().addr() - old.as_ptr().addr();
        new.push_str(old.get(written..start).unwrap_or_default());
        new.push_str(now.text.expose());
        written = start + word.len();
    }
    new.push_str(old.get(written..).unwrap_or_default());
    Ok(Secret::new(new))
}

/// A text that is no part of the transcript, without what is found in it alone.
fn alone(text: &Secret, profile: &Profile) -> Secret {
    let old = text.expose();
    let (_, found) = redact::redact_text(old, profile);
    let mut new = String::with_capacity(old.len());
    let mut written = 0;
    for span in found {
        let pin = span.detector.0 == "credential.pin";
        let kind = span.kind;
        if pin
            || matches!(
                kind,
                domain::EntityKind::Cvv | domain::EntityKind::TrackData
            )
        {
            new.push_str(old.get(written..span.range.start).unwrap_or_default());
            new.push_str(&kind.to_string());
            written = span.range.end;
        }
    }
    new.push_str(old.get(written..).unwrap_or_default());
    Secret::new(new)
}

fn unequal() -> Fault {
    Fault::Hopeless(note(
        "original",
        "the transcript does not fit the messages that it was made of, so the original cannot be \
         rewritten; process the interaction again from its first stage",
    ))
}

/// Recordings without the stretches, as WAV files; nothing where there is nothing to take out.
/// `numbers` are the dialogs that the parts belong to.
pub(super) fn recordings(
    parts: &Encoded,
    numbers: &[u16],
    cuts: &[Cut],
    limits: &Limits,
) -> Result<Vec<StageOutput>, Fault> {
    let mut outputs = Vec::new();
    if cuts.is_empty() {
        return Ok(outputs);
    }
    for ((offset, bytes), part) in parts.iter().zip(numbers) {
        let mut sound = audio::decode(bytes, limits)?;
        let own: Vec<Cut> = cuts
            .iter()
            .map(|cut| Cut {
                channel: cut.channel,
                span: Span::between(
                    cut.span.start().saturating_sub(*offset),
                    cut.span.end().saturating_sub(*offset),
                ),
            })
            .collect();
        audio::remove(&mut sound, &own, Fill::Silence);
        outputs.push(StageOutput::OriginalMedia {
            part: *part,
            bytes: audio::encode_wav(&sound),
        });
    }
    Ok(outputs)
}
