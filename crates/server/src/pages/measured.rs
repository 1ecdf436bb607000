//! The numbers of one conversation with their definitions, in the reader's words.

use app::View;
use domain::{Channel, Metrics, Millis, PartyMetrics, Ratio, Sentiment, Tone};

use crate::{Say, t};

/// A number of a conversation.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) definition: Say,
}

fn row(name: impl ToString, value: impl ToString, definition: Say) -> Row {
    Row {
        name: name.to_string(),
        value: value.to_string(),
        definition,
    }
}

pub(super) fn rows(view: &View) -> Vec<Row> {
    let Ok(metrics) = &view.metrics else {
        return Vec::new();
    };
    let mut rows = vec![row(
        t("measured-duration"),
        metrics.duration,
        t("measured-duration-is"),
    )];
    // Writing has no talking time: only what is measured of it is shown.
    let spoken = view.summary.channel == Channel::Voice;
    if spoken {
        rows.extend(spoken_rows(metrics));
    }
    rows.push(row(
        t("measured-sentiment"),
        sentiment(metrics.sentiment.as_ref()),
        t("measured-sentiment-is"),
    ));
    for party in &metrics.parties {
        if spoken {
            rows.extend(spoken_party_rows(party));
        }
        rows.extend(party_rows(party));
    }
    rows
}

fn spoken_rows(metrics: &Metrics) -> [Row; 5] {
    let sum = |of: Millis, count: usize| {
        t("measured-sum")
            .a("time", of.to_string())
            .a("count", count)
    };
    let seconds = |of: Millis| of.as_secs_f64().to_string();
    [
        row(t("measured-talk"), metrics.talk, t("measured-talk-is")),
        row(
            t("measured-silence").a("seconds", seconds(metrics.settings.silence)),
            sum(metrics.silence, metrics.silences.len()),
            t("measured-silence-is"),
        ),
        row(
            t("measured-longest-silence"),
            metrics.longest_silence,
            t("measured-longest-silence-is"),
        ),
        row(
            t("measured-overtalk").a("seconds", seconds(metrics.settings.overtalk)),
            sum(metrics.overtalk, metrics.overtalks.len()),
            t("measured-overtalk-is"),
        ),
        row(
            t("measured-talk-ratio"),
            share(metrics.talk_ratio),
            t("measured-talk-ratio-is"),
        ),
    ]
}

fn spoken_party_rows(party: &PartyMetrics) -> [Row; 3] {
    let who = || party.speaker.to_string();
    let speed = party.words_per_minute.map_or_else(
        || "–".to_owned(),
        |speed| {
            t("measured-per-minute")
                .a("words", format!("{speed:.0}"))
                .to_string()
        },
    );
    [
        row(
            t("measured-talk-of").a("speaker", who()),
            party.talk,
            t("measured-talk-is"),
        ),
        row(
            t("measured-speed").a("speaker", who()),
            speed,
            t("measured-speed-is"),
        ),
        row(
            t("measured-monologue").a("speaker", who()),
            party.longest_monologue,
            t("measured-monologue-is"),
        ),
    ]
}

fn party_rows(party: &PartyMetrics) -> [Row; 2] {
    let who = || party.speaker.to_string();
    let gaps = party.response_gap;
    let gap = match (gaps.mean, gaps.longest) {
        (Some(mean), Some(longest)) => t("measured-gaps")
            .a("mean", mean.to_string())
            .a("longest", longest.to_string())
            .a("count", gaps.count)
            .to_string(),
        _ => "–".to_owned(),
    };
    [
        row(
            t("measured-questions").a("speaker", who()),
            share(party.question_rate),
            t("measured-questions-is"),
        ),
        row(
            t("measured-gap").a("speaker", who()),
            gap,
            t("measured-gap-is"),
        ),
    ]
}

fn sentiment(of: Option<&Sentiment>) -> String {
    let said = |tone: Option<Tone>| tone.map_or_else(|| "–".to_owned(), |tone| tone.to_string());
    match of {
        None => said(None),
        Some(of) => t("measured-sentiment-parts")
            .a("overall", of.overall.to_string())
            .a("shift", said(of.shift()))
            .a("quarters", of.quarters.map(said).join(", "))
            .to_string(),
    }
}

fn share(ratio: Ratio) -> String {
    ratio
        .0
        .map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", value * 100.0))
}

#[cfg(test)]
mod tests {
    use domain::METRIC_DEFINITIONS;

    use super::*;

    #[test]
    fn the_pages_say_what_the_command_line_and_exports_say() {
        let said = [
            ("duration", t("measured-duration-is")),
            ("talk", t("measured-talk-is")),
            ("silence", t("measured-silence-is")),
            ("longest_silence", t("measured-longest-silence-is")),
            ("overtalk", t("measured-overtalk-is")),
            ("talk_ratio", t("measured-talk-ratio-is")),
            ("sentiment", t("measured-sentiment-is")),
            ("words_per_minute", t("measured-speed-is")),
            ("longest_monologue", t("measured-monologue-is")),
            ("question_rate", t("measured-questions-is")),
            ("response_gap", t("measured-gap-is")),
        ];
        assert_eq!(said.len(), METRIC_DEFINITIONS.len());
        for known in METRIC_DEFINITIONS {
            let (_, text) = said.iter().find(|(key, _)| *key == known.key).unwrap();
            assert_eq!(text.to_string(), known.definition, "{}", known.key);
        }
    }
}
