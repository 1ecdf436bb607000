//! Turns speech into words, and writing into the same form.

use domain::{
    Caption, ChannelUse, Confidence, Content, DataCategory, Dialog, Interaction, LanguageTag,
    Millis, PartyIndex, RawTranscript, Role, Secret, Span, Speaker, SpeakerBasis, SpeakerLabel,
    Turn, Word, WordIndex,
};
use store::StageOutput;

use super::{Context, Engines, Fault, recording};
use crate::parties;

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[DataCategory::RawContent, DataCategory::Contact])
        .await?;
    let interaction = context.app.store.interaction(&permit).await?;
    let parts = recording::encoded(context, &interaction).await?;
    if parts.is_empty() {
        return Ok(vec![StageOutput::Raw(written(&interaction))]);
    }
    let limits = context.app.config.limits.clone();
    let raw = context
        .engines
        .compute(move |engines| {
            let recording = recording::decode(&parts, &limits)?;
            drop(parts);
            spoken(engines, recording)
        })
        .await?;
    Ok(vec![StageOutput::Raw(raw)])
}

/// One speaker per live channel; who they are is the next stage's question.
fn spoken(
    engines: &mut Engines,
    mut recording: recording::Recording,
) -> Result<RawTranscript, Fault> {
    let mut words = Vec::new();
    let mut language = LanguageTag::english();
    let recogniser = engines.recogniser()?;
    let name = recogniser.name().to_owned();
    for (place, channel) in recording.report.live.clone().into_iter().enumerate() {
        let speaker = u8::try_from(place).unwrap_or(u8::MAX);
        let heard = recogniser.transcribe(&recording.take_track(channel)?)?;
        language = heard.language;
        words.extend(heard.words.into_iter().map(|word| Word {
            text: word.text,
            speaker,
            span: word.span,
            confidence: word.confidence,
        }));
    }
    let speakers = match recording.report.channel_use {
        ChannelUse::Separate | ChannelUse::Mixed => recording.report.live.len(),
        ChannelUse::Silent => 0,
    };
    let turns = analysis::turns::cut(&mut words);
    Ok(RawTranscript {
        speakers: (0..speakers).map(unknown_channel).collect(),
        words,
        turns,
        language,
        engine: name,
        duration: recording.report.duration,
    })
}

fn unknown_channel(place: usize) -> Speaker {
    Speaker {
        label: SpeakerLabel::Other(u8::try_from(place + 1).unwrap_or(u8::MAX)),
        party: PartyIndex(u16::try_from(place).unwrap_or(u16::MAX)),
        basis: SpeakerBasis::Channel,
        role_confidence: Confidence::new(0.0),
    }
}

/// Messages and captions as words with the times they have.
fn written(interaction: &Interaction) -> RawTranscript {
    let mut page = Page {
        speakers: Vec::new(),
        words: Vec::new(),
        turns: Vec::new(),
        end: Millis::ZERO,
    };
    for dialog in &interaction.dialogs {
        let offset = dialog.start.since(interaction.started);
        match &dialog.content {
            Content::Text { body, quoted } => {
                let who = page.speaker(interaction, sender(dialog));
                let at = Span::between(offset, offset);
                page.turn(who, at, body, Confidence::CERTAIN, false);
                if let Some(quoted) = quoted {
                    page.turn(who, at, quoted, Confidence::CERTAIN, true);
                }
            }
            Content::Captions(cues) => page.captions(interaction, offset, cues),
            Content::None | Content::Media(_) => {}
        }
        page.end = page
            .end
            .max(offset.saturating_add(dialog.duration.unwrap_or_default()));
    }
    RawTranscript {
        speakers: page.speakers,
        words: page.words,
        turns: page.turns,
        language: LanguageTag::english(),
        engine: "written".to_owned(),
        duration: page.end,
    }
}

fn sender(dialog: &Dialog) -> Option<PartyIndex> {
    dialog
        .originator
        .or_else(|| dialog.parties.first().copied().flatten())
}

struct Page {
    speakers: Vec<Speaker>,
    words: Vec<Word>,
    turns: Vec<Turn>,
    end: Millis,
}

impl Page {
    fn speaker(&mut self, interaction: &Interaction, party: Option<PartyIndex>) -> u8 {
        let party = party.unwrap_or(PartyIndex(0));
        let known = self
            .speakers
            .iter()
            .position(|speaker| speaker.party == party);
        let place = known.unwrap_or_else(|| {
            let role = interaction
                .parties
                .get(usize::from(party.0))
                .map_or(Role::Unknown, |found| found.role);
            self.speakers.push(Speaker {
                label: parties::label(role, party),
                party,
                basis: SpeakerBasis::Sender,
                role_confidence: Confidence::new(if role == Role::Unknown { 0.0 } else { 1.0 }),
            });
            self.speakers.len() - 1
        });
        u8::try_from(place).unwrap_or(u8::MAX)
    }

    fn turn(&mut self, speaker: u8, span: Span, text: &Secret, sure: Confidence, quoted: bool) {
        let first = self.words.len();
        let count = text.expose().split_whitespace().count();
        for (place, word) in text.expose().split_whitespace().enumerate() {
            self.words.push(Word {
                text: Secret::new(word),
                speaker,
                span: share(span, place, count),
                confidence: sure,
            });
        }
        if self.words.len() > first {
            let index = |at: usize| WordIndex(u32::try_from(at).unwrap_or(u32::MAX));
            self.turns.push(Turn {
                speaker,
                first: index(first),
                last: index(self.words.len() - 1),
                span,
                quoted,
            });
        }
        self.end = self.end.max(span.end());
    }

    fn captions(&mut self, interaction: &Interaction, offset: Millis, cues: &[Caption]) {
        for cue in cues {
            let who = self.speaker(interaction, cue.party);
            let span = Span::between(
                cue.span.start().saturating_add(offset),
                cue.span.end().saturating_add(offset),
            );
            let sure = Confidence::new(cue.confidence.unwrap_or(1.0));
            self.turn(who, span, &cue.text, sure, false);
        }
    }
}

/// The place-th of `count` equal parts of a span: captions have no word times of their own.
fn share(span: Span, place: usize, count: usize) -> Span {
    let long = span.duration().0;
    let count = u64::try_from(count.max(1)).unwrap_or(1);
    let place = u64::try_from(place).unwrap_or(0);
    let at = |n: u64| Millis(span.start().0 + long.saturating_mul(n) / count);
    Span::between(at(place), at(place + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Channel, DialogKind, Direction, Party, Timestamp};

    #[test]
    fn a_message_keeps_its_sender_its_time_and_what_it_quotes() {
        let message = |from: u16, at: i64, body: &str, quoted: Option<&str>| Dialog {
            kind: DialogKind::Text,
            start: Timestamp(at),
            duration: None,
            parties: vec![Some(PartyIndex(from))],
            originator: Some(PartyIndex(from)),
            message_id: None,
            content: Content::Text {
                body: body.into(),
                quoted: quoted.map(Secret::from),
            },
        };
        let raw = written(&Interaction {
            channel: Channel::Chat,
            direction: Direction::Inbound,
            started: Timestamp(1_000),
            subject: None,
            parties: vec![Party::of_role(Role::Consumer), Party::of_role(Role::Agent)],
            dialogs: vec![
                message(0, 1_000, "my card is lost", None),
                message(1, 31_000, "sorry to hear that", Some("my card is lost")),
            ],
            metadata: domain::Metadata::new(),
            source: None,
            lawful_bases: Vec::new(),
        });
        assert_eq!(raw.words.len(), 12);
        assert_eq!(raw.duration, Millis(30_000));
        let labels: Vec<_> = raw.speakers.iter().map(|speaker| speaker.label).collect();
        assert_eq!(labels, vec![SpeakerLabel::Consumer, SpeakerLabel::Agent]);
        assert_eq!(
            raw.turns.iter().map(|turn| turn.quoted).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(
            raw.turns.get(1).map(|turn| turn.span.start()),
            Some(Millis(30_000))
        );
    }

    #[test]
    fn caption_words_share_their_cue() {
        let cue = Span::between(Millis(1_000), Millis(2_000));
        assert_eq!(
            share(cue, 0, 4),
            Span::between(Millis(1_000), Millis(1_250))
        );
        assert_eq!(
            share(cue, 3, 4),
            Span::between(Millis(1_750), Millis(2_000))
        );
    }
}
