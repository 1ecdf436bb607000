//! Which interactions a list, a count or a sum is of.

use domain::{Channel, Direction, EntityKind, Millis, Timestamp, Tone};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::listing::{FAILED, PROCESSING, READY, STOPPED, WAITING};
use crate::rows::{interaction as row, measure, tag};
use crate::tags::TagKey;

/// How far processing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Waiting or at work.
    Open,
    /// Every stage has run.
    Ready,
    /// A stage failed for good.
    Failed,
    /// The policy stopped it.
    Stopped,
}

impl Reached {
    const fn statuses(self) -> &'static [&'static str] {
        match self {
            Self::Open => &[WAITING, PROCESSING],
            Self::Ready => &[READY],
            Self::Failed => &[FAILED],
            Self::Stopped => &[STOPPED],
        }
    }
}

/// Which interactions a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Only so far processed.
    pub reached: Option<Reached>,
    /// Only those of which something of this kind was removed.
    pub redacted: Option<EntityKind>,
    /// Only those whose longest silence lasts at least so long.
    pub silence: Option<Millis>,
    /// Only those with at least so much overtalk.
    pub overtalk: Option<Millis>,
    /// Only those in which an agent took at least so long to respond.
    pub gap: Option<Millis>,
    /// Only those whose consumer's words sound like this or worse.
    pub sentiment: Option<Tone>,
    /// Only those that bear each of these labels.
    pub tags: Vec<TagKey>,
    /// Only of this channel.
    pub channel: Option<Channel>,
    /// Only of this direction.
    pub direction: Option<Direction>,
    /// Only those whose processing has ended well.
    pub ready_only: bool,
    /// Only those that began at or after this instant.
    pub from: Option<Timestamp>,
    /// Only those that began before this instant.
    pub until: Option<Timestamp>,
}

pub(crate) fn condition(filter: &ListFilter) -> Condition {
    // One look by key for each row: a list of all that fit would be made anew for each.
    let at_least = |column: measure::Column, least: Millis| {
        let least = i64::try_from(least.0).unwrap_or(i64::MAX);
        let own = (measure::Column::Tenant, measure::Column::Interaction);
        there_is(measure::Entity::find().filter(column.gte(least)), own)
    };
    let at_most = |worst: Tone| {
        let own = (measure::Column::Tenant, measure::Column::Interaction);
        let column = measure::Column::Sentiment;
        there_is(measure::Entity::find().filter(column.lte(worst.0)), own)
    };
    let bearing = |key: &TagKey| {
        let own = (tag::Column::Tenant, tag::Column::Interaction);
        there_is(
            tag::Entity::find().filter(tag::Column::Hash.eq(key.bytes())),
            own,
        )
    };
    let tagged = filter.tags.iter().map(bearing);
    tagged
        .fold(Condition::all(), Condition::add)
        .add_option(
            filter
                .reached
                .map(|reached| row::Column::Status.is_in(reached.statuses().iter().copied())),
        )
        .add_option(filter.redacted.map(has_redacted))
        .add_option(
            filter
                .silence
                .map(|least| at_least(measure::Column::LongestSilence, least)),
        )
        .add_option(
            filter
                .overtalk
                .map(|least| at_least(measure::Column::Overtalk, least)),
        )
        .add_option(
            filter
                .gap
                .map(|least| at_least(measure::Column::GapLongest, least)),
        )
        .add_option(filter.sentiment.map(at_most))
        .add_option(
            filter
                .channel
                .map(|channel| row::Column::Channel.eq(channel.key())),
        )
        .add_option(
            filter
                .direction
                .map(|way| row::Column::Direction.eq(way.key())),
        )
        .add_option(filter.ready_only.then(|| row::Column::Status.eq(READY)))
        .add_option(filter.from.map(|from| row::Column::Started.gte(from.0)))
        .add_option(filter.until.map(|until| row::Column::Started.lt(until.0)))
}

/// Whether a row beside the interaction's is its own and fits.
fn there_is<E: EntityTrait>(
    fitting: sea_orm::Select<E>,
    (tenant, interaction): (E::Column, E::Column),
) -> Expr {
    let own = |column: E::Column, of: row::Column| column.into_expr().equals((row::Entity, of));
    Expr::exists(
        fitting
            .select_only()
            .column(interaction)
            .filter(own(tenant, row::Column::Tenant))
            .filter(own(interaction, row::Column::Id))
            .into_query(),
    )
}

/// The column lists kinds as `CARD:2,PERSON:5`.
fn has_redacted(kind: EntityKind) -> Condition {
    let tag = kind.tag();
    Condition::any()
        .add(row::Column::Redactions.like(format!("{tag}:%")))
        .add(row::Column::Redactions.like(format!("%,{tag}:%")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred thousand interactions took seconds where each was looked for in a list of all that
    /// have the number, made anew each time.
    #[tokio::test]
    async fn a_list_by_a_number_or_a_tag_looks_at_each_row_by_its_key() {
        let filter = ListFilter {
            overtalk: Some(Millis(2_000)),
            sentiment: Some(Tone::NEGATIVE),
            tags: vec![TagKey::from_hex("0707").unwrap()],
            ..ListFilter::default()
        };
        let asked = row::Entity::find().filter(condition(&filter));
        let steps = crate::testing::plan(&asked).await;
        let of = |what: &str| steps.iter().any(|step| step.contains(what));
        assert!(!of("LIST SUBQUERY"), "{steps:?}");
        assert!(of("measures") && of("tags"), "{steps:?}");
    }
}
