//! Metrics as rows for people and JSON for programs.

use domain::{METRIC_DEFINITIONS, Metrics, Millis, PartyMetrics, Ratio, Sentiment, Tone};
use serde_json::{Value, json};

use crate::reading::{View, reason};

/// Name and value of every metric, in the order of their definitions; per speaker where the
/// metric is one of a speaker. Empty where the metrics are withheld.
#[must_use]
pub fn metric_rows(view: &View) -> Vec<(String, String)> {
    view.metrics.as_ref().map_or_else(|_| Vec::new(), rows)
}

fn rows(metrics: &Metrics) -> Vec<(String, String)> {
    let mut rows = vec![
        ("Duration".to_owned(), metrics.duration.to_string()),
        ("Talk time".to_owned(), metrics.talk.to_string()),
        (
            format!(
                "Silence (from {} s)",
                metrics.settings.silence.as_secs_f64()
            ),
            format!("{} in {}", metrics.silence, metrics.silences.len()),
        ),
        (
            "Longest silence".to_owned(),
            metrics.longest_silence.to_string(),
        ),
        (
            format!(
                "Overtalk (from {} s)",
                metrics.settings.overtalk.as_secs_f64()
            ),
            format!("{} in {}", metrics.overtalk, metrics.overtalks.len()),
        ),
        ("Talk ratio".to_owned(), share(metrics.talk_ratio)),
        (
            "Sentiment of the consumer".to_owned(),
            sentiment(metrics.sentiment.as_ref()),
        ),
    ];
    for party in &metrics.parties {
        rows.extend(party_rows(party));
    }
    rows
}

fn party_rows(party: &PartyMetrics) -> Vec<(String, String)> {
    let who = party.speaker;
    let per_minute = party.words_per_minute;
    vec![
        (format!("Talk time of {who}"), party.talk.to_string()),
        (
            format!("Talk speed of {who}"),
            per_minute.map_or_else(|| "–".to_owned(), |speed| format!("{speed:.0} words/min")),
        ),
        (
            format!("Longest monologue of {who}"),
            party.longest_monologue.to_string(),
        ),
        (
            format!("Question rate of {who}"),
            share(party.question_rate),
        ),
        (format!("Response gap of {who}"), gap(party)),
    ]
}

fn gap(party: &PartyMetrics) -> String {
    let gaps = party.response_gap;
    match (gaps.mean, gaps.longest) {
        (Some(mean), Some(longest)) => {
            format!("mean {mean}, longest {longest}, {} in all", gaps.count)
        }
        _ => "–".to_owned(),
    }
}

/// `−0.32, shift −0.41 (quarters +0.10, –, −0.50, −0.31)`.
fn sentiment(of: Option<&Sentiment>) -> String {
    let Some(of) = of else {
        return "–".to_owned();
    };
    let said = |tone: Option<Tone>| tone.map_or_else(|| "–".to_owned(), |tone| tone.to_string());
    let (shift, quarters) = (said(of.shift()), of.quarters.map(said).join(", "));
    format!("{}, shift {shift} (quarters {quarters})", of.overall)
}

fn share(ratio: Ratio) -> String {
    ratio
        .0
        .map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", value * 100.0))
}

/// Every metric with its definition; `withheld` where there is none.
#[must_use]
pub fn metrics_json(view: &View) -> Value {
    let metrics = match &view.metrics {
        Ok(metrics) => metrics,
        Err(why) => return json!({ "withheld": reason(why) }),
    };
    let ms = |value: Option<Millis>| value.map(|time| time.0);
    let parties: Vec<Value> = metrics
        .parties
        .iter()
        .map(|party| {
            json!({
                "speaker": party.speaker.to_string(),
                "talk_ms": party.talk.0,
                "words": party.words,
                "words_per_minute": party.words_per_minute,
                "longest_monologue_ms": party.longest_monologue.0,
                "question_rate": party.question_rate.0,
                "turns": party.turns,
                "response_gap": {
                    "count": party.response_gap.count,
                    "first_ms": ms(party.response_gap.first),
                    "mean_ms": ms(party.response_gap.mean),
                    "longest_ms": ms(party.response_gap.longest),
                },
            })
        })
        .collect();
    let definitions: serde_json::Map<String, Value> = METRIC_DEFINITIONS
        .iter()
        .map(|metric| (metric.key.to_owned(), Value::from(metric.definition)))
        .collect();
    json!({
        "duration_ms": metrics.duration.0,
        "talk_ms": metrics.talk.0,
        "silence_ms": metrics.silence.0,
        "longest_silence_ms": metrics.longest_silence.0,
        "silences": metrics.silences.iter().map(|s| json!([s.span.start().0, s.span.end().0])).collect::<Vec<_>>(),
        "overtalk_ms": metrics.overtalk.0,
        "overtalks": metrics.overtalks.iter().map(|o| json!({
            "start_ms": o.span.start().0, "end_ms": o.span.end().0, "interrupter": o.interrupter.to_string(),
        })).collect::<Vec<_>>(),
        "talk_ratio": metrics.talk_ratio.0,
        "sentiment": metrics.sentiment.map(|one| json!({
            "overall": one.overall.get(), "shift": one.shift().map(Tone::get),
            "quarters": one.quarters.map(|tone| tone.map(Tone::get)), "turns": one.turns,
        })),
        "parties": parties,
        "thresholds": { "silence_ms": metrics.settings.silence.0, "overtalk_ms": metrics.settings.overtalk.0 },
        "definitions": definitions,
    })
}
