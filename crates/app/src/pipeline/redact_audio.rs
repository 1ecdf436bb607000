//! Removes from the sound what was removed from the words, and speech that gave no words: nobody
//! knows what is in it.

use analysis::redact::is_authentication_data;
use domain::{
    ChannelUse, DataCategory, DialogKind, Millis, RedactedTranscript, RedactedWord, RedactionSpan,
    SoundReport, Span, Token,
};
use engine::audio::{self, Cut};
use engine::speech::longest_said;
use engine::vad;
use store::StageOutput;

use super::recording::{self, Recording};
use super::{Context, Fault, originals};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[
            DataCategory::RawContent,
            DataCategory::Contact,
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ])
        .await?;
    let interaction = context.app.store.interaction(&permit).await?;
    if !interaction
        .dialogs
        .iter()
        .any(|dialog| dialog.kind == DialogKind::Recording)
    {
        return Ok(vec![StageOutput::Nothing {
            reason: "written: there is no sound".to_owned(),
        }]);
    }
    let redacted = context.app.store.redacted_transcript(&permit).await?;
    let sound = context.app.store.sound(&permit).await?;
    let padding = context.app.config.padding;
    let whole = redacted.redactions();
    let cuts = cuts(whole, &redacted, &sound, padding);
    let secret = whole.iter().filter(|span| is_authentication_data(span));
    let secret: Vec<RedactionSpan> = secret.cloned().collect();
    let secret = self::cuts(&secret, &redacted, &sound, padding);
    let numbers = recording::numbers(&interaction);
    let parts = recording::encoded(context, &interaction).await?;
    let (limits, fill) = (context.app.config.limits.clone(), context.app.config.fill);
    context
        .engines
        .compute(move |_| {
            let mut recording = recording::decode(&parts, &limits)?;
            let mut cuts = cuts;
            cuts.extend(unheard(&recording, &redacted)?);
            audio::remove(&mut recording.audio, &cuts, fill);
            let mut outputs = originals::recordings(&parts, &numbers, &secret, &limits)?;
            let wav = audio::encode_wav(&recording.audio);
            outputs.push(StageOutput::RedactedAudio(wav));
            Ok(outputs)
        })
        .await
}

/// Voiced stretches of each live channel without a word of it.
fn unheard(recording: &Recording, redacted: &RedactedTranscript) -> Result<Vec<Cut>, Fault> {
    let mut found = Vec::new();
    for (place, channel) in recording.report.live.iter().enumerate() {
        let separate = recording.report.channel_use == ChannelUse::Separate;
        let own = |speaker: u8| !separate || usize::from(speaker) == place;
        let words: Vec<Span> = redacted
            .words()
            .iter()
            .filter(|word| own(word.speaker))
            .map(covered)
            .collect();
        let voiced = vad::voiced(&recording.track(*channel)?);
        found.extend(
            analysis::unheard::unheard(&voiced, &words)
                .into_iter()
                .map(|span| Cut {
                    channel: separate.then_some(*channel),
                    span,
                }),
        );
    }
    Ok(found)
}

/// What of the sound a word accounts for.
fn covered(word: &RedactedWord) -> Span {
    let Token::Word(text) = &word.token else {
        return word.span;
    };
    let end = word
        .span
        .start()
        .saturating_add(longest_said(text.expose()));
    Span::between(word.span.start(), end.min(word.span.end()))
}

/// Where a channel is a speaker only that channel is cut here; the engine looks for the same
/// sound on the others.
fn cuts(
    removed: &[RedactionSpan],
    redacted: &RedactedTranscript,
    sound: &SoundReport,
    padding: Millis,
) -> Vec<Cut> {
    let channel_of = |label| {
        let place = redacted
            .speakers()
            .iter()
            .position(|speaker| speaker.label == label)?;
        sound.live.get(place).copied()
    };
    removed
        .iter()
        .map(|removed| Cut {
            channel: match sound.channel_use {
                ChannelUse::Separate => channel_of(removed.speaker),
                ChannelUse::Mixed | ChannelUse::Silent => None,
            },
            span: removed.padded(padding),
        })
        .collect()
}
