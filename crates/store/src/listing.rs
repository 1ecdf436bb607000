//! What can be said of an interaction without opening it: facts for a decision, summaries for a
//! list. Nothing here is personal, and every query names its tenant.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use domain::{
    ActorKind, Channel, Direction, EntityKind, InteractionId, Millis, Role, Stage, TenantId,
    TenantRole, Timestamp,
};
use policy::{Facts, Find, Interactions, Permit, Read};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::filtering::{ListFilter, condition};
use crate::rows::interaction as row;
use crate::{Store, StoreError, records, refusing};

/// Where an interaction is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Taken in; no stage has run.
    Waiting,
    /// This stage is next or at work.
    Processing(Stage),
    /// Every stage has run.
    Ready,
    /// The policy stopped it at a stage; the clauses by number.
    Stopped {
        /// Which stage was refused.
        stage: Stage,
        /// By which clauses.
        clauses: Vec<String>,
    },
    /// A stage failed for good and waits to be replayed.
    Failed(Stage),
    /// Being destroyed: its keys are gone, some of its bytes may not be.
    Erasing,
}

/// Facts and counts of one interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Which.
    pub id: InteractionId,
    /// How people met.
    pub channel: Channel,
    /// Who began.
    pub direction: Direction,
    /// When it began.
    pub started: Timestamp,
    /// When it was taken in.
    pub received: Timestamp,
    /// How long it is, once known.
    pub duration: Option<Millis>,
    /// Where it is on its way.
    pub status: Status,
    /// Who took part, by role, in the interaction's order.
    pub parties: Vec<Role>,
    /// Words after redaction, a removed span counting as one.
    pub words: u32,
    /// Turns after redaction.
    pub turns: u32,
    /// Removed spans by kind.
    pub redactions: BTreeMap<EntityKind, u32>,
    /// What a listener should know, in sentences without personal data.
    pub warnings: Vec<String>,
    /// Under a legal hold.
    pub on_hold: bool,
}

impl Summary {
    /// The status as one word, a stopped one with its clauses: `stopped (P98)`.
    #[must_use]
    pub fn status_text(&self) -> String {
        match &self.status {
            Status::Waiting => "waiting".to_owned(),
            Status::Processing(_) => "processing".to_owned(),
            Status::Ready => "ready".to_owned(),
            Status::Stopped { clauses, .. } if clauses.is_empty() => "stopped".to_owned(),
            Status::Stopped { clauses, .. } => format!("stopped ({})", clauses.join(", ")),
            Status::Failed(_) => "failed".to_owned(),
            Status::Erasing => "erasing".to_owned(),
        }
    }
}

/// Which part of a list: what comes after an interaction in the list's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// At most so many.
    pub limit: u32,
    /// Starts after this one; at the newest where there is none.
    pub after: Option<InteractionId>,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            limit: 50,
            after: None,
        }
    }
}

impl Store {
    /// What a decision about one interaction must know; `None` for another tenant's too.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn facts(
        &self,
        tenant: TenantId,
        id: InteractionId,
    ) -> Result<Option<Facts>, StoreError> {
        let found = self
            .db
            .read("facts", Some(tenant), |txn| {
                Box::pin(async move { Ok(find(txn.db(), tenant, id).await?) })
            })
            .await?;
        found.map(|row| facts_of(&row)).transpose()
    }

    /// As [`Self::facts`] for several; those that are not there are left out.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn facts_of(
        &self,
        tenant: TenantId,
        ids: &[InteractionId],
    ) -> Result<HashMap<InteractionId, Facts>, StoreError> {
        let rows = self
            .db
            .read("facts_of", Some(tenant), |txn| {
                Box::pin(async move { Ok(find_all(txn.db(), tenant, ids).await?) })
            })
            .await?;
        rows.iter()
            .map(|row| Ok((InteractionId::from_uuid(row.id), facts_of(row)?)))
            .collect()
    }

    /// Facts and counts of one interaction.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::NotFound`], [`StoreError::Database`].
    pub async fn summary(
        &self,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Summary, StoreError> {
        permit.check(domain::DataCategory::InteractionMetadata, self.clock.now())?;
        let (tenant, id) = (permit.tenant(), *permit.resource());
        let found = self
            .db
            .read("summary", Some(tenant), |txn| {
                Box::pin(async move { Ok(find(txn.db(), tenant, id).await?) })
            })
            .await?;
        let row = found.ok_or_else(|| StoreError::not_found("interaction", id))?;
        summary_of(&row)
    }

    /// A page of the permit's tenant's interactions, newest first. What is past its retention
    /// and not on hold is left out whether or not it was swept yet.
    ///
    /// # Errors
    /// [`StoreError::Permit`], [`StoreError::NotFound`] where the page starts after an
    /// interaction that is gone, [`StoreError::Database`].
    pub async fn list(
        &self,
        permit: &Permit<Find, Interactions>,
        filter: &ListFilter,
        page: &Page,
    ) -> Result<Vec<Summary>, StoreError> {
        let now = self.clock.now();
        permit.check(domain::DataCategory::InteractionMetadata, now)?;
        let tenant = permit.tenant();
        let rows = self
            .db
            .read("list", Some(tenant), |txn| {
                Box::pin(async move {
                    let mut query = row::Entity::find()
                        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
                        .filter(alive(now))
                        .filter(own(permit))
                        .filter(condition(filter));
                    if let Some(after) = page.after {
                        let mark = find(txn.db(), tenant, after).await?;
                        let mark =
                            mark.ok_or_else(|| StoreError::not_found("interaction", after))?;
                        query = query.filter(older_than(&mark));
                    }
                    let rows = query
                        .order_by_desc(row::Column::Started)
                        .order_by_desc(row::Column::Id)
                        .limit(u64::from(page.limit))
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        rows.iter().map(summary_of).collect()
    }
}

/// The row of one interaction of a tenant.
pub(crate) async fn find(
    txn: &sea_orm::DatabaseTransaction,
    tenant: TenantId,
    id: InteractionId,
) -> Result<Option<row::Model>, sea_orm::DbErr> {
    row::Entity::find_by_id((tenant.as_uuid(), id.as_uuid()))
        .one(txn)
        .await
}

/// Those of some interactions of a tenant that are there.
pub(crate) async fn find_all(
    txn: &sea_orm::DatabaseTransaction,
    tenant: TenantId,
    ids: &[InteractionId],
) -> Result<Vec<row::Model>, sea_orm::DbErr> {
    let ids = ids.iter().map(InteractionId::as_uuid);
    row::Entity::find()
        .filter(row::Column::Tenant.eq(tenant.as_uuid()))
        .filter(row::Column::Id.is_in(ids))
        .all(txn)
        .await
}

/// Not past its retention, unless a hold keeps it; and nobody in it refused that it is looked at.
pub(crate) fn alive(now: Timestamp) -> Condition {
    let kept = Condition::any()
        .add(row::Column::OnHold.eq(true))
        .add(row::Column::KeepUntil.is_null())
        .add(row::Column::KeepUntil.gt(now.0));
    Condition::all().add(kept).add(refusing::unrefused())
}

pub(crate) const WAITING: &str = "waiting";
pub(crate) const PROCESSING: &str = "processing";
pub(crate) const READY: &str = "ready";
pub(crate) const STOPPED: &str = "stopped";
pub(crate) const FAILED: &str = "failed";
pub(crate) const ERASING: &str = "erasing";

pub(crate) fn older_than(mark: &row::Model) -> Condition {
    let same_start = Condition::all()
        .add(row::Column::Started.eq(mark.started))
        .add(row::Column::Id.lt(mark.id));
    Condition::any()
        .add(row::Column::Started.lt(mark.started))
        .add(same_start)
}

fn facts_of(row: &row::Model) -> Result<Facts, StoreError> {
    Ok(Facts {
        instruction: Some(row.instruction.clone()),
        subjects: u16::try_from(row.subjects).unwrap_or(u16::MAX),
        lawful_bases: records::bases_from_text(&row.lawful_bases)?,
        on_hold: row.on_hold,
        refused: refusing::from_text(&row.refused)?,
        collected_under: Some(row.collected_under.clone()),
        collected_at: Some(Timestamp(row.received)),
        keep_until: row.keep_until.map(Timestamp),
        ..Facts::default()
    })
}

/// What an agent's lists are cut to: what they took part in. Nobody else's are.
pub(crate) fn own(permit: &Permit<Find, Interactions>) -> Condition {
    let own = own_ids(permit);
    Condition::all()
        .add_option(own.map(|own| row::Column::Id.is_in(own.iter().map(InteractionId::as_uuid))))
}

/// The interactions that an agent took part in; none for whoever may see all.
pub(crate) fn own_ids(permit: &Permit<Find, Interactions>) -> Option<&[InteractionId]> {
    match &permit.actor().kind {
        ActorKind::TenantUser {
            role: TenantRole::Agent,
            own,
        } => Some(own),
        ActorKind::TenantUser { .. }
        | ActorKind::ApiKey(_)
        | ActorKind::Pipeline
        | ActorKind::OperatorAdmin
        | ActorKind::PrivacyDesk
        | ActorKind::BreakGlass(_) => None,
    }
}

pub(crate) fn summary_of(row: &row::Model) -> Result<Summary, StoreError> {
    let parties: Result<_, _> = split(&row.parties).map(str::parse).collect();
    Ok(Summary {
        id: InteractionId::from_uuid(row.id),
        channel: row.channel.parse()?,
        direction: row.direction.parse()?,
        started: Timestamp(row.started),
        received: Timestamp(row.received),
        duration: row
            .duration
            .map(|long| Millis(u64::try_from(long).unwrap_or(0))),
        status: status_of(row)?,
        parties: parties?,
        words: count(row.words),
        turns: count(row.turns),
        redactions: redactions_from(&row.redactions)?,
        warnings: row.warnings.lines().map(str::to_owned).collect(),
        on_hold: row.on_hold,
    })
}

fn status_of(row: &row::Model) -> Result<Status, StoreError> {
    let stage = || -> Result<Stage, StoreError> {
        let key = row.stage.as_deref();
        Ok(key
            .ok_or_else(|| StoreError::record("status", "it names no stage"))?
            .parse()?)
    };
    Ok(match row.status.as_str() {
        WAITING => Status::Waiting,
        PROCESSING => Status::Processing(stage()?),
        READY => Status::Ready,
        STOPPED => Status::Stopped {
            stage: stage()?,
            clauses: split(row.outcome.as_deref().unwrap_or_default())
                .map(str::to_owned)
                .collect(),
        },
        FAILED => Status::Failed(stage()?),
        ERASING => Status::Erasing,
        _ => return Err(StoreError::record("status", "it is not known")),
    })
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|part| !part.is_empty())
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Roles for their column.
pub(crate) fn roles_to_text(roles: impl Iterator<Item = Role>) -> String {
    let keys: Vec<&str> = roles.map(Role::key).collect();
    keys.join(",")
}

/// Sentences for their column, one a line, each once.
pub(crate) fn warnings_to_text(warnings: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for warning in warnings {
        let line = warning.replace('\n', " ");
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// Counts for their column: `CARD:2,PERSON:5`.
pub(crate) fn redactions_to_text(counts: &BTreeMap<EntityKind, u32>) -> String {
    let mut text = String::new();
    for (kind, count) in counts {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing to a String cannot fail.
        if write!(text, "{comma}{}:{count}", kind.tag()).is_err() {
            break;
        }
    }
    text
}

pub(crate) fn redactions_from(text: &str) -> Result<BTreeMap<EntityKind, u32>, StoreError> {
    let mut counts = BTreeMap::new();
    for part in split(text) {
        let counted = part
            .split_once(':')
            .and_then(|(tag, n)| Some((tag, n.parse().ok()?)));
        let (tag, count) =
            counted.ok_or_else(|| StoreError::record("count of redactions", "it has no number"))?;
        counts.insert(tag.parse()?, count);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_survive_their_column() {
        let counts = BTreeMap::from([(EntityKind::Card, 2), (EntityKind::Person, 5)]);
        let text = redactions_to_text(&counts);
        assert_eq!(text, "CARD:2,PERSON:5");
        assert_eq!(redactions_from(&text).unwrap(), counts);
        assert_eq!(redactions_from("").unwrap(), BTreeMap::new());
        assert!(redactions_from("CARD").is_err());
    }
}
