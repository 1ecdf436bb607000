//! The facts and numbers that a search may ask for beside words, by the search language's names.

use domain::query::Fields;
use domain::{Metrics, Millis, SpeakerLabel, Timestamp};

use crate::rows::interaction as row;
use crate::{StoreError, listing};

/// What the plain columns say.
pub(super) fn of_row(fields: &mut Fields, row: &row::Model) -> Result<(), StoreError> {
    let summary = listing::summary_of(row)?;
    fields.text("channel", summary.channel.key());
    fields.text("direction", summary.direction.key());
    fields.instant("started", Timestamp(row.started));
    if let Some(duration) = summary.duration {
        fields.number("duration", duration.as_secs_f64());
    }
    for role in &summary.parties {
        fields.text("party", role.key());
    }
    for kind in summary.redactions.keys() {
        fields.text("redacted", kind.tag());
    }
    Ok(())
}

/// What was measured; durations in seconds, shares from 0 to 1.
pub(super) fn of_metrics(fields: &mut Fields, metrics: &Metrics) {
    let durations: [(&str, Millis); 4] = [
        ("talk", metrics.talk),
        ("silence", metrics.silence),
        ("longest_silence", metrics.longest_silence),
        ("overtalk", metrics.overtalk),
    ];
    for (name, value) in durations {
        fields.number(name, value.as_secs_f64());
    }
    if let Some(ratio) = metrics.talk_ratio.0 {
        fields.number("talk_ratio", ratio);
    }
    let (mut words, mut minutes) = (0.0, 0.0);
    for party in &metrics.parties {
        words += f64::from(party.words);
        minutes += party.talk.as_secs_f64() / 60.0;
        if let (SpeakerLabel::Agent, Some(mean)) = (party.speaker, party.response_gap.mean) {
            fields.number("response_gap", mean.as_secs_f64());
        }
    }
    if minutes > 0.0 {
        fields.number("words_per_minute", words / minutes);
    }
    if let Some(sentiment) = &metrics.sentiment {
        fields.number("sentiment", sentiment.overall.get());
        if let Some(shift) = sentiment.shift() {
            fields.number("sentiment_shift", shift.get());
        }
    }
}
