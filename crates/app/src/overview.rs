//! The numbers of a period, each with its definition and the filter that lists what is behind it.

use std::collections::BTreeMap;

use domain::{Channel, DataCategory, DefinitionId, EntityKind, Millis, Purpose, Tone};
use policy::{Find, Interactions, Permit, Scope};
use store::{DaySum, KeptDay, ListFilter};

use crate::app::App;
use crate::error::AppError;

/// Interactions of both periods up to which findings are counted for a page: one look-up each.
const COUNTED: u64 = 20_000;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Sums of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Interactions.
    pub count: u64,
    /// Of these, processed to the end.
    pub ready: u64,
    /// Of these, failed at a stage.
    pub failed: u64,
    /// Of these, stopped by the policy.
    pub stopped: u64,
    /// Of these, measured.
    pub measured: u64,
    /// Sum of their lengths.
    pub duration: Millis,
    /// Talk time of the measured.
    pub talk: Millis,
    /// Counted silence.
    pub silence: Millis,
    /// With a counted silence.
    pub silent: u64,
    /// Counted overtalk.
    pub overtalk: Millis,
    /// With a counted overtalk.
    pub overtalked: u64,
    /// Agents' responses.
    pub gaps: u64,
    /// Sum of their response gaps.
    pub gap_time: Millis,
    /// The longest of them.
    pub gap_longest: Millis,
    /// With a sentiment.
    pub toned: u64,
    /// Sum of the sentiments, in thousandths.
    pub tone: i64,
}

impl Totals {
    fn add(&mut self, day: &DaySum) {
        self.count += day.count;
        self.ready += day.ready;
        self.failed += day.failed;
        self.stopped += day.stopped;
        self.measured += day.measured;
        self.duration = self.duration.saturating_add(day.duration);
        self.talk = self.talk.saturating_add(day.talk);
        self.silence = self.silence.saturating_add(day.silence);
        self.silent += day.silent;
        self.overtalk = self.overtalk.saturating_add(day.overtalk);
        self.overtalked += day.overtalked;
        self.gaps += day.gaps;
        self.gap_time = self.gap_time.saturating_add(day.gap_time);
        self.gap_longest = self.gap_longest.max(day.gap_longest);
        self.toned += day.toned;
        self.tone += day.tone;
    }

    /// Mean response gap of the agents.
    #[must_use]
    pub fn gap_mean(&self) -> Option<Millis> {
        self.gap_time.0.checked_div(self.gaps).map(Millis)
    }

    /// Mean sentiment of the consumers.
    #[must_use]
    pub fn sentiment(&self) -> Option<Tone> {
        let mean = self.tone.checked_div(i64::try_from(self.toned).ok()?)?;
        i32::try_from(mean).ok().map(Tone)
    }

    /// Mean length.
    #[must_use]
    pub fn mean_duration(&self) -> Option<Millis> {
        self.duration.0.checked_div(self.count).map(Millis)
    }
}

/// The numbers of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// All of the period.
    pub totals: Totals,
    /// All of the period of the same length before.
    pub before: Totals,
    /// By channel.
    pub channels: BTreeMap<Channel, Totals>,
    /// By channel, of the period of the same length before.
    pub channels_before: BTreeMap<Channel, Totals>,
    /// In how many interactions of the period, and of the one before, each published definition
    /// holds; none where there are too many of them to be counted for a page.
    pub reasons: Option<BTreeMap<DefinitionId, (u64, u64)>>,
    /// Alerts raised in the period, and in the one before.
    pub alerts: (u64, u64),
    /// By day since 1970-01-01 (UTC) and channel, in order.
    pub days: Vec<DaySum>,
    /// Removed spans by kind, and interactions with any of that kind.
    pub redactions: BTreeMap<EntityKind, (u64, u64)>,
}

impl App {
    /// The numbers of a filter's period, and of the period of the same length before it where
    /// both its ends are given.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn overview(&self, scope: &Scope, filter: &ListFilter) -> Result<Overview, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await?;
        if let Some(kept) = self.kept_overview(&permit, filter).await? {
            return Ok(kept);
        }
        let days = self.store.day_sums(&permit, filter).await?;
        let before = match before(filter) {
            Some(earlier) => self.store.day_sums(&permit, &earlier).await?,
            None => Vec::new(),
        };
        let (totals, earlier) = (total(&days), total(&before));
        let few = totals.count.saturating_add(earlier.count) <= COUNTED;
        Ok(Overview {
            reasons: if few {
                Some(self.reasons(&permit, filter).await?)
            } else {
                None
            },
            alerts: self.raised(&permit, filter).await?,
            totals,
            before: earlier,
            channels: by_channel(&days),
            channels_before: by_channel(&before),
            days,
            redactions: self.store.redaction_sums(&permit, filter).await?,
        })
    }

    /// From the sums that are kept by day, where the filter asks for no more than they tell.
    async fn kept_overview(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<Option<Overview>, AppError> {
        let Some(earlier) = before(filter) else {
            return Ok(None);
        };
        let both = ListFilter {
            from: earlier.from,
            ..filter.clone()
        };
        let Some(days) = self.store.kept_days(permit, &both).await? else {
            return Ok(None);
        };
        let begin = filter.from.map_or(0, |from| from.0 / DAY_MS);
        let (earlier, days): (Vec<KeptDay>, Vec<KeptDay>) =
            days.into_iter().partition(|day| day.sum.day < begin);
        let mut reasons: BTreeMap<DefinitionId, (u64, u64)> = BTreeMap::new();
        for (id, count) in days.iter().flat_map(|day| &day.found) {
            reasons.entry(*id).or_default().0 += count;
        }
        for (id, count) in earlier.iter().flat_map(|day| &day.found) {
            reasons.entry(*id).or_default().1 += count;
        }
        let mut redactions: BTreeMap<EntityKind, (u64, u64)> = BTreeMap::new();
        for (kind, (spans, interactions)) in days.iter().flat_map(|day| &day.removed) {
            let sum = redactions.entry(*kind).or_default();
            *sum = (sum.0 + spans, sum.1 + interactions);
        }
        let sums = |days: &[KeptDay]| days.iter().map(|day| day.sum).collect::<Vec<DaySum>>();
        let (days, earlier) = (sums(&days), sums(&earlier));
        Ok(Some(Overview {
            totals: total(&days),
            before: total(&earlier),
            channels: by_channel(&days),
            channels_before: by_channel(&earlier),
            reasons: Some(reasons),
            alerts: self.raised(permit, filter).await?,
            days,
            redactions,
        }))
    }
}

impl App {
    async fn reasons(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<BTreeMap<DefinitionId, (u64, u64)>, AppError> {
        let mut all: BTreeMap<DefinitionId, (u64, u64)> = BTreeMap::new();
        for (id, count) in self.store.finding_counts_within(permit, filter).await? {
            all.entry(id).or_default().0 = count;
        }
        if let Some(earlier) = before(filter) {
            for (id, count) in self.store.finding_counts_within(permit, &earlier).await? {
                all.entry(id).or_default().1 = count;
            }
        }
        Ok(all)
    }

    async fn raised(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
    ) -> Result<(u64, u64), AppError> {
        let mut counts = [0, 0];
        let periods = [Some(filter.clone()), before(filter)];
        for (count, period) in counts.iter_mut().zip(periods.into_iter().flatten()) {
            if let (Some(from), Some(until)) = (period.from, period.until) {
                *count = self.store.alerts_raised(permit, (from, until)).await?;
            }
        }
        let [now, earlier] = counts;
        Ok((now, earlier))
    }
}

fn by_channel(days: &[DaySum]) -> BTreeMap<Channel, Totals> {
    let mut channels: BTreeMap<Channel, Totals> = BTreeMap::new();
    for day in days {
        channels.entry(day.channel).or_default().add(day);
    }
    channels
}

fn total(days: &[DaySum]) -> Totals {
    let mut totals = Totals::default();
    for day in days {
        totals.add(day);
    }
    totals
}

fn before(filter: &ListFilter) -> Option<ListFilter> {
    let (from, until) = (filter.from?, filter.until?);
    Some(ListFilter {
        from: Some(domain::Timestamp(from.0 - (until.0 - from.0))),
        until: Some(from),
        ..filter.clone()
    })
}
