//! The numbers of a period. Every figure says how it is computed and opens the list behind it.

use std::collections::BTreeMap;

use app::{DaySum, DefinitionSummary, Overview, TagUse, Totals, rfc3339, team_of};
use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use domain::{Channel, DefinitionId, Millis, Purpose, Timestamp};

use super::filters::{Address, Chip, day_of, day_text};
use super::me::Me;
use super::{Oops, page, see};
use crate::door::Person;
use crate::routes::scope;
use crate::wording::reader::clock;
use crate::{Say, State, t};

const USUAL_DAYS: i64 = 30;
/// Longest period that is drawn day by day.
const MOST_DAYS: i64 = 366;
/// Categories that are shown.
const REASONS: usize = 10;
/// Height of the chart in its own units.
const TALL: u64 = 120;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    me: Me,
    from: String,
    to: String,
    periods: Vec<Choice>,
    channels: Vec<Choice>,
    /// What the form of the period carries on.
    kept: Vec<(String, String)>,
    teams: Vec<Team>,
    chips: Vec<Chip>,
    figures: Vec<Figure>,
    bars: Vec<Bar>,
    width: usize,
    highest: u64,
    middle: String,
    by_channel: Vec<ChannelRow>,
    redactions: Vec<RedactionRow>,
    reasons: Vec<ReasonRow>,
    /// The reasons are of the period; else of all history.
    within: bool,
    behind: String,
    empty: bool,
}

struct Choice {
    text: String,
    href: String,
    chosen: bool,
}

struct Team {
    key: String,
    name: String,
    chosen: bool,
}

struct Figure {
    name: Say,
    value: String,
    change: Option<String>,
    definition: Say,
    href: String,
    bad: bool,
}

struct Bar {
    day: String,
    x: usize,
    parts: Vec<Part>,
    count: u64,
    words: String,
    href: String,
}

struct Part {
    kind: &'static str,
    y: u64,
    height: u64,
}

struct ChannelRow {
    name: Say,
    count: u64,
    length: String,
    silence: String,
    overtalk: String,
    gap: String,
    href: String,
}

struct ReasonRow {
    name: String,
    found: u64,
    change: Option<String>,
    share: u64,
    href: String,
}

struct RedactionRow {
    kind: &'static str,
    spans: u64,
    interactions: u64,
    share: u64,
    href: String,
}

pub(super) async fn show(
    Shared(state): Shared<State>,
    person: Person,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "overview").await?;
    if me.operator {
        return Ok(see("/desk"));
    }
    if me.agent {
        return Ok(see("/interactions"));
    }
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let today = day_of(state.app.now());
    let address = with_period(&pairs, today);
    let filter = address.filter()?;
    let found = state.app.overview(&scope, &filter).await?;
    let (first, last) = (
        filter.from.map_or(today, day_of),
        filter.until.map_or(today, |at| day_of(at) - 1),
    );
    let last = last.clamp(first, first + MOST_DAYS);
    let highest = highest(&found.days);
    let categories = state
        .app
        .definitions(&scope, domain::DefinitionKind::Category)
        .await?;
    let labels = state.app.labels(&scope).await?;
    let teams = state.app.teams(&scope).await?;
    let desk = me.desk;
    Ok(page(&OverviewPage {
        me,
        from: day_text(first),
        to: day_text(last),
        periods: periods(&address, today, last - first + 1),
        channels: channels(&address),
        kept: address.pairs_but(&["from", "to", "team"]),
        teams: teams_of(&teams, &address),
        chips: address.chips("/", &labels, &["from", "to", "channel"]),
        figures: {
            let mut all = figures(&address, &found);
            all.push(misses(&state, desk).await?);
            all
        },
        bars: bars(&address, &found.days, (first, last), highest),
        width: usize::try_from(last - first + 1).unwrap_or(1) * 10,
        highest,
        middle: day_text(i64::midpoint(first, last)),
        by_channel: by_channel(&address, &found),
        redactions: redactions(&address, &found),
        within: found.reasons.is_some(),
        reasons: reasons(&categories, found.reasons.as_ref()),
        behind: behind(&address),
        empty: found.totals.count == 0,
    }))
}

/// The address with both ends of its period: the last thirty days unless it says otherwise.
fn with_period(pairs: &[(String, String)], today: i64) -> Address {
    let mut address = Address::of(pairs);
    if address.get("to").is_none() {
        address = address.with("to", &day_text(today));
    }
    if address.get("from").is_none() {
        address = address.with("from", &day_text(today - USUAL_DAYS + 1));
    }
    address
}

fn behind(address: &Address) -> String {
    format!("/interactions{}", address.text())
}

fn periods(address: &Address, today: i64, shown: i64) -> Vec<Choice> {
    [7, 30, 90]
        .iter()
        .map(|days| {
            let other = address
                .with("from", &day_text(today - days + 1))
                .with("to", &day_text(today));
            Choice {
                text: t("overview-days").a("days", *days).to_string(),
                href: format!("/{}", other.text()),
                chosen: *days == shown && address.get("to") == Some(&day_text(today)),
            }
        })
        .collect()
}

fn channels(address: &Address) -> Vec<Choice> {
    let now = address.get("channel");
    let all = Choice {
        text: t("overview-all-channels").to_string(),
        href: format!("/{}", address.without("channel").text()),
        chosen: now.is_none(),
    };
    let each = [Channel::Voice, Channel::Chat, Channel::Email].map(|channel| Choice {
        text: name_of(channel).to_string(),
        href: format!("/{}", address.with("channel", channel.key()).text()),
        chosen: now == Some(channel.key()),
    });
    std::iter::once(all).chain(each).collect()
}

fn teams_of(labels: &[TagUse], address: &Address) -> Vec<Team> {
    let team = |label: &TagUse| {
        let key = label.key.to_hex();
        Some(Team {
            name: team_of(label.label.expose())?.to_owned(),
            chosen: address.has("team", &key),
            key,
        })
    };
    labels.iter().filter_map(team).collect()
}

const fn name_of(channel: Channel) -> Say {
    match channel {
        Channel::Voice => t("overview-calls"),
        Channel::Chat => t("overview-chats"),
        Channel::Email => t("overview-mails"),
    }
}

fn counted(channel: Channel, count: u64) -> String {
    let said = match channel {
        Channel::Voice => t("overview-count-voice").a("count", count),
        Channel::Chat => t("overview-count-chat").a("count", count),
        Channel::Email => t("overview-count-email").a("count", count),
    };
    said.to_string()
}

fn figures(address: &Address, found: &Overview) -> Vec<Figure> {
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
async fn misses(state: &State, desk: bool) -> Result<Figure, Oops> {
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

fn change(now: u64, before: u64) -> Option<String> {
    let change = percent(now, before)?;
    Some(t("overview-change").a("change", change).to_string())
}

fn percent(now: u64, before: u64) -> Option<String> {
    let (now, before) = (i128::from(now), i128::from(before));
    let by = ((now - before) * 100).checked_div(before)?;
    Some(format!("{}{} %", sign(by < 0), by.unsigned_abs()))
}

const fn sign(less: bool) -> char {
    if less { '−' } else { '+' }
}

fn share(part: Millis, whole: Millis) -> String {
    let tenths = part.0.saturating_mul(1_000).checked_div(whole.0);
    tenths.map_or_else(
        || "–".to_owned(),
        |tenths| format!("{}.{} %", tenths / 10, tenths % 10),
    )
}

/// `4.2 s`, `3 min 20 s`, `2 h 5 min`.
pub(super) fn lasting(time: Millis) -> String {
    let seconds = time.0 / 1_000;
    match seconds {
        0..60 => format!("{}.{} s", seconds, time.0 % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

fn highest(days: &[DaySum]) -> u64 {
    let mut counts = BTreeMap::new();
    for day in days {
        *counts.entry(day.day).or_insert(0u64) += day.count;
    }
    counts.into_values().max().unwrap_or(0)
}

fn bars(address: &Address, days: &[DaySum], (first, last): (i64, i64), highest: u64) -> Vec<Bar> {
    (first..=last)
        .enumerate()
        .map(|(place, day)| {
            let sums: Vec<&DaySum> = days.iter().filter(|sum| sum.day == day).collect();
            let (mut top, mut parts, mut words) = (TALL, Vec::new(), Vec::new());
            for sum in &sums {
                let height = (sum.count * TALL).checked_div(highest).unwrap_or(0).max(1);
                top = top.saturating_sub(height);
                parts.push(Part {
                    kind: sum.channel.key(),
                    y: top,
                    height,
                });
                words.push(counted(sum.channel, sum.count));
            }
            let text = day_text(day);
            Bar {
                href: behind(&address.with("from", &text).with("to", &text)),
                count: sums.iter().map(|sum| sum.count).sum(),
                words: words.join(", "),
                x: place * 10,
                day: text,
                parts,
            }
        })
        .collect()
}

fn by_channel(address: &Address, found: &Overview) -> Vec<ChannelRow> {
    let row = |(channel, totals): (&Channel, &Totals)| ChannelRow {
        name: name_of(*channel),
        count: totals.count,
        length: totals
            .mean_duration()
            .map_or_else(|| "–".to_owned(), lasting),
        // Writing has no silence.
        silence: if *channel == Channel::Voice {
            share(totals.silence, totals.duration)
        } else {
            "–".to_owned()
        },
        overtalk: share(totals.overtalk, totals.talk),
        gap: totals.gap_mean().map_or_else(|| "–".to_owned(), lasting),
        href: behind(&address.with("channel", channel.key())),
    };
    found.channels.iter().map(row).collect()
}

/// What the published categories found: within the period, or over all history where that would
/// be too many to count.
fn reasons(
    categories: &[DefinitionSummary],
    within: Option<&BTreeMap<DefinitionId, (u64, u64)>>,
) -> Vec<ReasonRow> {
    let counted = |one: &DefinitionSummary| match within {
        Some(counts) => counts.get(&one.definition.id).copied().unwrap_or_default(),
        None => (one.found, 0),
    };
    let live = categories
        .iter()
        .filter(|one| one.definition.live.is_some());
    let most = live.clone().map(|one| counted(one).0).max().unwrap_or(0);
    let mut rows: Vec<ReasonRow> = live
        .map(|one| {
            let (found, before) = counted(one);
            ReasonRow {
                name: one.definition.name.to_string(),
                found,
                change: percent(found, before),
                share: (found * 100).checked_div(most).unwrap_or(0),
                href: format!("/categories/{}", one.definition.id),
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.found));
    rows.truncate(REASONS);
    rows
}

fn redactions(address: &Address, found: &Overview) -> Vec<RedactionRow> {
    let most = found.redactions.values().map(|(spans, _)| *spans).max();
    let mut rows: Vec<RedactionRow> = found
        .redactions
        .iter()
        .map(|(kind, (spans, interactions))| RedactionRow {
            kind: kind.tag(),
            spans: *spans,
            interactions: *interactions,
            share: (spans * 100).checked_div(most.unwrap_or(0)).unwrap_or(0),
            href: behind(&address.with("redacted", kind.tag())),
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.spans));
    rows
}

/// `2026-10-05 09:12` on the reader's clock, and the instant.
pub(super) struct Moment {
    pub(super) iso: String,
    pub(super) text: String,
}

impl Moment {
    pub(super) fn of(at: Timestamp) -> Self {
        let iso = rfc3339(at);
        let text = clock(at, &t("common-clock").to_string()).unwrap_or_else(|| iso.clone());
        Self { iso, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_shares_are_said_as_people_say_them() {
        assert_eq!(lasting(Millis(4_250)), "4.2 s");
        assert_eq!(lasting(Millis(200_000)), "3 min 20 s");
        assert_eq!(lasting(Millis(7_500_000)), "2 h 5 min");
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
