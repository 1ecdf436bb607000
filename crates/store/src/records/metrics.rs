//! Stored form of the numbers.

use domain::{
    GapStats, MetricSettings, Metrics, Millis, OvertalkEvent, PartyIndex, PartyMetrics, Ratio,
    Sentiment, SilenceEvent, Span, Tone,
};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;

#[derive(Serialize, Deserialize)]
struct MetricsV1 {
    duration: u64,
    talk: u64,
    silence: u64,
    longest_silence: u64,
    silences: Vec<(u64, u64)>,
    overtalk: u64,
    /// Start, end, interrupter.
    overtalks: Vec<(u64, u64, String)>,
    talk_ratio: Option<f64>,
    /// Overall, by quarter, and of how many turns; in thousandths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sentiment: Option<(i32, [Option<i32>; 4], u32)>,
    parties: Vec<PartyV1>,
    /// Thresholds: silence, overtalk.
    thresholds: (u64, u64),
}

#[derive(Serialize, Deserialize)]
struct PartyV1 {
    speaker: String,
    party: u16,
    talk: u64,
    words: u32,
    words_per_minute: Option<f64>,
    longest_monologue: u64,
    question_rate: Option<f64>,
    turns: u32,
    gaps: u32,
    first_gap: Option<u64>,
    mean_gap: Option<u64>,
    longest_gap: Option<u64>,
}

impl Record for Metrics {
    const WHAT: &'static str = "metrics record";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(MetricsV1 {
            duration: self.duration.0,
            talk: self.talk.0,
            silence: self.silence.0,
            longest_silence: self.longest_silence.0,
            silences: self.silences.iter().map(|event| pair(event.span)).collect(),
            overtalk: self.overtalk.0,
            overtalks: self.overtalks.iter().map(overtalk_to).collect(),
            talk_ratio: self.talk_ratio.0,
            sentiment: self.sentiment.map(sentiment_to),
            parties: self.parties.iter().map(party_to).collect(),
            thresholds: (self.settings.silence.0, self.settings.overtalk.0),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: MetricsV1 = unwrap_v1::<Self, _>(bytes)?;
        let silences: Result<Vec<_>, StoreError> = stored
            .silences
            .into_iter()
            .map(|(start, end)| {
                Ok(SilenceEvent {
                    span: span(start, end)?,
                })
            })
            .collect();
        let overtalks: Result<Vec<_>, _> =
            stored.overtalks.into_iter().map(overtalk_from).collect();
        let parties: Result<Vec<_>, _> = stored.parties.into_iter().map(party_from).collect();
        Ok(Self {
            duration: Millis(stored.duration),
            talk: Millis(stored.talk),
            silence: Millis(stored.silence),
            longest_silence: Millis(stored.longest_silence),
            silences: silences?,
            overtalk: Millis(stored.overtalk),
            overtalks: overtalks?,
            talk_ratio: Ratio(stored.talk_ratio),
            sentiment: stored.sentiment.map(sentiment_from),
            parties: parties?,
            settings: MetricSettings {
                silence: Millis(stored.thresholds.0),
                overtalk: Millis(stored.thresholds.1),
            },
        })
    }
}

fn pair(span: Span) -> (u64, u64) {
    (span.start().0, span.end().0)
}

fn span(start: u64, end: u64) -> Result<Span, StoreError> {
    Ok(Span::new(Millis(start), Millis(end))?)
}

fn sentiment_to(of: Sentiment) -> (i32, [Option<i32>; 4], u32) {
    let quarters = of.quarters.map(|tone| tone.map(|tone| tone.0));
    (of.overall.0, quarters, of.turns)
}

fn sentiment_from((overall, quarters, turns): (i32, [Option<i32>; 4], u32)) -> Sentiment {
    Sentiment {
        overall: Tone(overall),
        quarters: quarters.map(|tone| tone.map(Tone)),
        turns,
    }
}

fn overtalk_to(event: &OvertalkEvent) -> (u64, u64, String) {
    let (start, end) = pair(event.span);
    (start, end, event.interrupter.to_string())
}

fn overtalk_from((start, end, who): (u64, u64, String)) -> Result<OvertalkEvent, StoreError> {
    Ok(OvertalkEvent {
        span: span(start, end)?,
        interrupter: who.parse()?,
    })
}

fn party_to(party: &PartyMetrics) -> PartyV1 {
    PartyV1 {
        speaker: party.speaker.to_string(),
        party: party.party.0,
        talk: party.talk.0,
        words: party.words,
        words_per_minute: party.words_per_minute,
        longest_monologue: party.longest_monologue.0,
        question_rate: party.question_rate.0,
        turns: party.turns,
        gaps: party.response_gap.count,
        first_gap: party.response_gap.first.map(|gap| gap.0),
        mean_gap: party.response_gap.mean.map(|gap| gap.0),
        longest_gap: party.response_gap.longest.map(|gap| gap.0),
    }
}

fn party_from(stored: PartyV1) -> Result<PartyMetrics, StoreError> {
    Ok(PartyMetrics {
        speaker: stored.speaker.parse()?,
        party: PartyIndex(stored.party),
        talk: Millis(stored.talk),
        words: stored.words,
        words_per_minute: stored.words_per_minute,
        longest_monologue: Millis(stored.longest_monologue),
        question_rate: Ratio(stored.question_rate),
        turns: stored.turns,
        response_gap: GapStats {
            count: stored.gaps,
            first: stored.first_gap.map(Millis),
            mean: stored.mean_gap.map(Millis),
            longest: stored.longest_gap.map(Millis),
        },
    })
}
