//! The figures at the head of the overview, each with its change, its definition and the list
//! behind it.

use std::collections::BTreeMap;

use app::{Overview, Totals};
use domain::{Channel, Millis, Tone};

use super::{behind, lasting};
use crate::pages::Oops;
use crate::pages::filters::Address;
use crate::{Say, State, t};

/// One figure.
pub(super) struct Figure {
    pub(super) name: Say,
    pub(super) value: String,
    pub(super) change: Option<String>,
    pub(super) definition: Say,
    pub(super) href: String,
    pub(super) bad: bool,
}

pub(super) fn figures(address: &Address, found: &Overview) -> Vec<Figure> {
    let (now, before) = (&found.totals, &found.before);
    let voice = |of: &BTreeMap<Channel, Totals>| of.get(&Channel::Voice).copied();
    let calls = voice(&found.channels).unwrap_or_default();
    let calls_before = voice(&found.channels_before).unwrap_or_default();
    let spans: u64 = found.redactions.values().map(|(spans, _)| spans).sum();
    let not_processed = |totals: &Totals| totals.failed + totals.stopped;
    let figure = |name, value, definition, href| Figure {
        name,
        value,
        change: None,
        definition,
        href,
        bad: false,
    };
    let spoken = address.with("channel", Channel::Voice.key());
    vec![
        Figure {
            change: change(now.count, before.count),
            ..figure(
                t("overview-interactions"),
                now.count.to_string(),
                t("overview-calls-chats-and-mail-threads"),
                behind(address),
            )
        },
        Figure {
            change: points(
                (calls.silence, calls.duration),
                (calls_before.silence, calls_before.duration),
            ),
            ..figure(
                t("overview-silence-in-calls"),
                share(calls.silence, calls.duration),
                t("overview-silence-of-3-s-and"),
                behind(&spoken.with("silence", "3")),
            )
        },
        Figure {
            change: points(
                (calls.overtalk, calls.talk),
                (calls_before.overtalk, calls_before.talk),
            ),
            ..figure(
                t("overview-overtalk-in-calls"),
                share(calls.overtalk, calls.talk),
                t("overview-both-speaking-for-1-s"),
                behind(&spoken.with("overtalk", "1")),
            )
        },
        Figure {
            change: calls
                .gap_mean()
                .zip(calls_before.gap_mean())
                .and_then(|(now, before)| change(now.0, before.0)),
            ..figure(
                t("overview-response-gap-in-calls"),
                calls.gap_mean().map_or_else(|| "–".to_owned(), lasting),
                t("overview-mean-time-from-the-end"),
                behind(&spoken.with("gap", "10")),
            )
        },
        Figure {
            change: now
                .sentiment()
                .zip(before.sentiment())
                .map(|(now, before)| tones(now, before)),
            ..figure(
                t("overview-sentiment"),
                tone_of(now),
                t("overview-how-the-consumers-words-sound"),
                behind(&address.with("sentiment", &Tone::NEGATIVE.get().to_string())),
            )
        },
        Figure {
            change: change(found.alerts.0, found.alerts.1),
            ..figure(
                t("overview-alerts"),
                found.alerts.0.to_string(),
                t("overview-raised-in-the-period"),
                "/alerts".to_owned(),
            )
        },
        figure(
            t("overview-removed"),
            spans.to_string(),
            t("overview-spans-of-personal-or-card"),
            "#removed".to_owned(),
        ),
        Figure {
            change: change(not_processed(now), not_processed(before)),
            bad: not_processed(now) > 0,
            ..figure(
                t("overview-not-processed"),
                not_processed(now).to_string(),
                t("overview-failed-at-a-stage-or"),
                "/troubles".to_owned(),
            )
        },
    ]
}

/// How much of what was planted redaction left readable, and when that was measured.
pub(super) async fn misses(state: &State, desk: bool) -> Result<Figure, Oops> {
    let report = state.app.redaction_report().await?;
    let planted = report.as_ref().map_or(0, |report| {
        report.types.iter().map(|found| found.planted).sum::<u64>()
    });
    Ok(Figure {
        name: t("overview-redaction-misses"),
        value: report.as_ref().map_or_else(
            || "–".to_owned(),
            |report| format!("{:.2} %", report.miss_rate().share * 100.0),
        ),
        change: report.as_ref().map(|report| {
            let day: String = report.began.chars().take(10).collect();
            t("overview-measured")
                .a("day", day)
                .a("planted", planted)
                .to_string()
        }),
        definition: t("overview-share-of-planted-data"),
        href: if desk { "/desk/redaction" } else { "#removed" }.to_owned(),
        bad: report.is_some_and(|report| report.sightings() > 0),
    })
}

/// A change of a share in points: hundredths of the whole.
fn points(now: (Millis, Millis), before: (Millis, Millis)) -> Option<String> {
    let tenths = |(part, whole): (Millis, Millis)| {
        let tenths = part.0.saturating_mul(1_000).checked_div(whole.0)?;
        i64::try_from(tenths).ok()
    };
    let by = tenths(now)? - tenths(before)?;
    let sign = sign(by < 0);
    let by = by.unsigned_abs();
    let points = format!("{sign}{}.{}", by / 10, by % 10);
    Some(t("overview-change-points").a("points", points).to_string())
}

/// The mean sentiment, or a dash where none is known.
pub(super) fn tone_of(totals: &Totals) -> String {
    let tone = totals.sentiment();
    tone.map_or_else(|| "–".to_owned(), |tone| tone.to_string())
}

/// A change of sentiment, in its own unit.
fn tones(now: Tone, before: Tone) -> String {
    let by = Tone(now.0 - before.0).to_string();
    t("overview-change").a("change", by).to_string()
}

fn change(now: u64, before: u64) -> Option<String> {
    let change = percent(now, before)?;
    Some(t("overview-change").a("change", change).to_string())
}

pub(super) fn percent(now: u64, before: u64) -> Option<String> {
    let (now, before) = (i128::from(now), i128::from(before));
    let by = ((now - before) * 100).checked_div(before)?;
    Some(format!("{}{} %", sign(by < 0), by.unsigned_abs()))
}

const fn sign(less: bool) -> char {
    if less { '−' } else { '+' }
}

pub(super) fn share(part: Millis, whole: Millis) -> String {
    let tenths = part.0.saturating_mul(1_000).checked_div(whole.0);
    tenths.map_or_else(
        || "–".to_owned(),
        |tenths| format!("{}.{} %", tenths / 10, tenths % 10),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_shares_are_said_as_people_say_them() {
        assert_eq!(lasting(Millis(4_250)), "4.2 s");
        assert_eq!(lasting(Millis(200_000)), "3 min 20 s");
        assert_eq!(lasting(Millis(7_500_000)), "2 h 5 min");
        assert_eq!(tones(Tone(-320), Tone(-250)), "−0.07 on the period before");
        assert_eq!(share(Millis(125), Millis(1_000)), "12.5 %");
        assert_eq!(share(Millis(1), Millis(0)), "–");
        assert_eq!(
            change(15, 10).as_deref(),
            Some("+50 % on the period before")
        );
        assert_eq!(change(9, 10).as_deref(), Some("−10 % on the period before"));
        assert_eq!(change(15, 0), None);
        let (now, before) = ((Millis(125), Millis(1_000)), (Millis(150), Millis(1_000)));
        assert_eq!(
            points(now, before).as_deref(),
            Some("−2.5 points on the period before")
        );
        assert_eq!(points(now, (Millis(0), Millis(0))), None);
    }
}
