//! The numbers of a period. Every figure says how it is computed and opens the list behind it.

mod figures;

use std::collections::BTreeMap;

use app::{DaySum, Definition, Overview, Scope, TagUse, Totals, rfc3339, team_of};
use askama::Template;
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use domain::{Channel, DefinitionId, Millis, Purpose, Timestamp};

use self::figures::{Figure, figures, misses, percent, share, tone_of};
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
    sentiment: String,
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
        reasons: reasons(&state, &scope, found.reasons.as_ref()).await?,
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
        sentiment: tone_of(totals),
        href: behind(&address.with("channel", channel.key())),
    };
    found.channels.iter().map(row).collect()
}

/// What the published categories found: within the period, or over all history where that would
/// be too many to count.
async fn reasons(
    state: &State,
    scope: &Scope,
    within: Option<&BTreeMap<DefinitionId, (u64, u64)>>,
) -> Result<Vec<ReasonRow>, Oops> {
    let kind = domain::DefinitionKind::Category;
    let counted: Vec<(Definition, (u64, u64))> = match within {
        Some(counts) => {
            let of = |one: &Definition| counts.get(&one.id).copied().unwrap_or_default();
            let all = state.app.published_definitions(scope, kind).await?;
            all.into_iter()
                .map(|one| {
                    let count = of(&one);
                    (one, count)
                })
                .collect()
        }
        None => {
            let mut all = state.app.definitions(scope, kind).await?;
            all.retain(|one| one.definition.live.is_some());
            all.into_iter()
                .map(|one| (one.definition, (one.found, 0)))
                .collect()
        }
    };
    let most = counted.iter().map(|(_, (found, _))| *found).max();
    let mut rows: Vec<ReasonRow> = counted
        .into_iter()
        .map(|(one, (found, before))| ReasonRow {
            name: one.name.to_string(),
            found,
            change: percent(found, before),
            share: (found * 100).checked_div(most.unwrap_or(0)).unwrap_or(0),
            href: format!("/categories/{}", one.id),
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.found));
    rows.truncate(REASONS);
    Ok(rows)
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
