//! Numbers of a conversation, by the definitions in [`domain::METRIC_DEFINITIONS`].
//!
//! Reads redacted transcripts only; a removed span is speech and one word. Written messages have
//! no talking time: of them, words, turns, questions and response gaps are measured and the rest
//! is zero or absent. Limits: back-channels and question words are English lists, and so is the
//! lexicon of sentiment.

mod backchannel;
mod sentiment;
mod speech;
mod turns;

#[cfg(test)]
mod tests;

use domain::{
    MetricSettings, Metrics, Millis, OvertalkEvent, PartyMetrics, Ratio, RedactedTranscript,
    SilenceEvent, Speaker, SpeakerBasis, SpeakerLabel,
};

pub use backchannel::{BACK_CHANNELS, is_back_channel};
pub use sentiment::tone_of;
pub use turns::QUESTION_WORDS;

use speech::Stretch;

/// Whether talking time means anything for a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Words have times of their own.
    Spoken,
    /// The words of a message share its time.
    Written,
}

impl Medium {
    /// Written where every speaker is the sender of messages, spoken otherwise.
    #[must_use]
    pub fn of(transcript: &RedactedTranscript) -> Self {
        let speakers = transcript.speakers();
        let senders = speakers
            .iter()
            .all(|speaker| speaker.basis == SpeakerBasis::Sender);
        if senders && !speakers.is_empty() {
            Self::Written
        } else {
            Self::Spoken
        }
    }
}

/// Measures a transcript whose medium its speakers tell.
#[must_use]
pub fn measure(transcript: &RedactedTranscript, settings: &MetricSettings) -> Metrics {
    measure_as(transcript, Medium::of(transcript), settings)
}

/// Measures a transcript of a known medium.
#[must_use]
pub fn measure_as(
    transcript: &RedactedTranscript,
    medium: Medium,
    settings: &MetricSettings,
) -> Metrics {
    let speech = match medium {
        Medium::Spoken => speech::stretches(transcript),
        Medium::Written => Vec::new(),
    };
    let duration = transcript
        .words()
        .iter()
        .map(|word| word.span.end())
        .fold(transcript.duration(), Millis::max);
    let talk = speech::union(&speech);
    let silences = match medium {
        Medium::Spoken => silences(&talk, duration, settings),
        Medium::Written => Vec::new(),
    };
    let overtalks = overtalks(&speech, settings);
    let parties: Vec<PartyMetrics> = (0_u8..)
        .zip(transcript.speakers())
        .map(|(index, speaker)| party(transcript, medium, &speech, index, speaker))
        .collect();
    Metrics {
        duration,
        talk: total(talk.iter().map(domain::Span::duration)),
        silence: total(silences.iter().map(|event| event.span.duration())),
        longest_silence: longest(silences.iter().map(|event| event.span.duration())),
        silences,
        overtalk: total(overtalks.iter().map(|event| event.span.duration())),
        overtalks,
        talk_ratio: talk_ratio(&parties),
        sentiment: sentiment::of(transcript, medium, duration),
        parties,
        settings: *settings,
    }
}

fn total(parts: impl Iterator<Item = Millis>) -> Millis {
    parts.fold(Millis::ZERO, Millis::saturating_add)
}

fn longest(parts: impl Iterator<Item = Millis>) -> Millis {
    parts.max().unwrap_or(Millis::ZERO)
}

fn silences(
    talk: &[domain::Span],
    duration: Millis,
    settings: &MetricSettings,
) -> Vec<SilenceEvent> {
    speech::gaps(talk, duration)
        .into_iter()
        .filter(|span| span.duration() >= settings.silence && span.duration() > Millis::ZERO)
        .map(|span| SilenceEvent { span })
        .collect()
}

fn overtalks(speech: &[Stretch], settings: &MetricSettings) -> Vec<OvertalkEvent> {
    speech::overlaps(speech)
        .into_iter()
        .filter(|event| event.span.duration() >= settings.overtalk)
        .collect()
}

fn party(
    transcript: &RedactedTranscript,
    medium: Medium,
    speech: &[Stretch],
    index: u8,
    speaker: &Speaker,
) -> PartyMetrics {
    let talk = total(
        speech
            .iter()
            .filter(|stretch| stretch.speaker == index)
            .map(|stretch| stretch.span.duration()),
    );
    let words = transcript
        .words()
        .iter()
        .filter(|word| word.speaker == index)
        .count();
    let words = u32::try_from(words).unwrap_or(u32::MAX);
    let minutes = talk.as_secs_f64() / 60.0;
    PartyMetrics {
        speaker: speaker.label,
        party: speaker.party,
        talk,
        words,
        words_per_minute: (talk > Millis::ZERO).then(|| f64::from(words) / minutes),
        longest_monologue: match medium {
            Medium::Spoken => speech::longest_monologue(transcript, index),
            Medium::Written => Millis::ZERO,
        },
        question_rate: turns::question_rate(transcript, index),
        turns: turns::count(transcript, index),
        response_gap: turns::response_gap(transcript, index),
    }
}

fn talk_ratio(parties: &[PartyMetrics]) -> Ratio {
    let of = |label: SpeakerLabel| {
        total(
            parties
                .iter()
                .filter(|party| party.speaker == label)
                .map(|party| party.talk),
        )
    };
    let (agent, consumer) = (of(SpeakerLabel::Agent), of(SpeakerLabel::Consumer));
    let both = agent.saturating_add(consumer);
    Ratio((both > Millis::ZERO).then(|| agent.as_secs_f64() / both.as_secs_f64()))
}
