//! Tells the speakers of a call apart and maps them to agent and consumer.

use analysis::roles::{self, RoleGuess};
use domain::{
    ChannelUse, Confidence, DataCategory, DialogKind, Interaction, PartyIndex, RawTranscript, Role,
    SoundReport, Span, Speaker, SpeakerBasis, SpeakerLabel,
};
use engine::speakers::{Diarization, ONE_VOICE, assign};
use store::StageOutput;

use super::{Context, Fault, recording};
use crate::parties;

pub(super) async fn run(context: &mut Context<'_>) -> Result<Vec<StageOutput>, Fault> {
    let permit = context
        .may_read(&[
            DataCategory::RawContent,
            DataCategory::Contact,
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
            reason: "written: every message names its sender".to_owned(),
        }]);
    }
    let mut raw = context.app.store.raw_transcript(&permit).await?;
    let sound = context.app.store.sound(&permit).await?;
    if sound.channel_use == ChannelUse::Mixed && !raw.words.is_empty() {
        let parts = recording::encoded(context, &interaction).await?;
        let limits = context.app.config.limits.clone();
        let told_apart = context
            .engines
            .compute(move |engines| {
                let recording = recording::decode(&parts, &limits)?;
                let channel = recording.report.live.first().copied().unwrap_or(0);
                Ok(engines
                    .diarizer()?
                    .two_speakers(&recording.track(channel)?)?)
            })
            .await?;
        split(&mut raw, &told_apart);
    }
    name_speakers(&mut raw, &interaction, &sound);
    Ok(vec![StageOutput::Raw(raw)])
}

/// Gives each word the voice that speaks it.
fn split(raw: &mut RawTranscript, told_apart: &Diarization) {
    if told_apart.separation.get() < ONE_VOICE {
        return;
    }
    let spans: Vec<Span> = raw.words.iter().map(|word| word.span).collect();
    for (word, (speaker, _)) in raw.words.iter_mut().zip(assign(&spans, told_apart)) {
        word.speaker = speaker;
    }
    raw.turns = analysis::turns::cut(&mut raw.words);
    raw.speakers = (0..2u8)
        .map(|place| Speaker {
            label: SpeakerLabel::Other(place + 1),
            party: PartyIndex(u16::from(place)),
            basis: SpeakerBasis::Diarized,
            role_confidence: Confidence::new(0.0),
        })
        .collect();
}

/// Labels by what the source declared for each channel, else by what is said.
fn name_speakers(raw: &mut RawTranscript, interaction: &Interaction, sound: &SoundReport) {
    if declared(raw, interaction, sound) {
        return;
    }
    let texts: Vec<(u8, String)> = raw
        .turns
        .iter()
        .map(|turn| (turn.speaker, turn_text(raw, turn)))
        .collect();
    let turns: Vec<(u8, &str)> = texts
        .iter()
        .map(|(who, text)| (*who, text.as_str()))
        .collect();
    let guess = roles::map_roles(&turns, interaction.direction);
    apply(&mut raw.speakers, interaction, &guess);
}

fn apply(speakers: &mut [Speaker], interaction: &Interaction, guess: &RoleGuess) {
    let only_two = speakers.len() <= 2;
    for (place, speaker) in speakers.iter_mut().enumerate() {
        let role = if place == usize::from(guess.agent) {
            Role::Agent
        } else if only_two {
            Role::Consumer
        } else {
            continue;
        };
        let Some(party) = parties::of_role(interaction, role) else {
            continue;
        };
        speaker.label = parties::label(role, party);
        speaker.party = party;
        speaker.role_confidence = guess.confidence;
    }
}

/// Whether the source named a party for every live channel; applies it if so.
fn declared(raw: &mut RawTranscript, interaction: &Interaction, sound: &SoundReport) -> bool {
    let Some(dialog) = interaction
        .dialogs
        .iter()
        .find(|dialog| dialog.kind == DialogKind::Recording)
    else {
        return false;
    };
    if sound.channel_use != ChannelUse::Separate || sound.live.len() != raw.speakers.len() {
        return false;
    }
    let named: Vec<(PartyIndex, Role)> = sound
        .live
        .iter()
        .filter_map(|channel| dialog.parties.get(usize::from(*channel)).copied().flatten())
        .filter_map(|party| {
            let role = interaction.parties.get(usize::from(party.0))?.role;
            (role != Role::Unknown).then_some((party, role))
        })
        .collect();
    if named.len() != raw.speakers.len() {
        return false;
    }
    for (speaker, (party, role)) in raw.speakers.iter_mut().zip(named) {
        speaker.label = parties::label(role, party);
        speaker.party = party;
        speaker.basis = SpeakerBasis::Declared;
        speaker.role_confidence = Confidence::CERTAIN;
    }
    true
}

fn turn_text(raw: &RawTranscript, turn: &domain::Turn) -> String {
    let first = usize::try_from(turn.first.0).unwrap_or(usize::MAX);
    let last = usize::try_from(turn.last.0).unwrap_or(0);
    let words = raw.words.get(first..=last).unwrap_or_default();
    let own = words.iter().filter(|word| word.speaker == turn.speaker);
    own.map(|word| word.text.expose())
        .collect::<Vec<_>>()
        .join(" ")
}
