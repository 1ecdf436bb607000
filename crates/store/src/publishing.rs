//! Posted versions of the policy, notices of changes, and what was seen for or against clauses.
//! Public, or about the installation: nothing here is personal.

use domain::{Actor, ClauseId, LeafIndex, Purpose, Timestamp};
use policy::Notice;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};

use crate::ledger::{Entry, EntryKind};
use crate::rows::{clause_evidence as seen, policy_notice as notice, policy_version as row};
use crate::{Store, StoreError};

/// A version as it was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// SHA-256 of its document, in hex.
    pub version: String,
    /// The document, byte for byte.
    pub document: String,
    /// When it was posted.
    pub posted: Timestamp,
    /// From when on it holds.
    pub effective_from: Timestamp,
    /// Purposes that some rule of it permits.
    pub permits: Vec<Purpose>,
}

/// The latest of one kind that was seen about a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseSeen {
    /// Which clause.
    pub clause: ClauseId,
    /// `test`, `live` or `waiver`.
    pub kind: String,
    /// Name of the test or of the live check.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Whether it speaks for the clause.
    pub holds: bool,
    /// Waiver: until when.
    pub until: Option<Timestamp>,
    /// What was found, or why it is waived.
    pub reason: String,
}

impl Store {
    /// Posts a version, with the notice of its change where one is given.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where it was posted already.
    pub async fn publish(
        &self,
        by: &Actor,
        new: &PublishedVersion,
        told: Option<&Notice>,
    ) -> Result<LeafIndex, StoreError> {
        let now = self.clock.now();
        let mut entry = Entry::new(EntryKind::Published, now, &by.handle, "publish");
        entry.role = Some(by.kind.right().to_owned());
        entry.policy_version = Some(new.version.clone());
        let entry = &entry;
        self.db
            .write("publish", None, |txn| {
                Box::pin(async move {
                    let known = row::Entity::find_by_id(new.version.clone());
                    if known.one(txn.db()).await?.is_some() {
                        return Err(StoreError::Taken {
                            what: "policy version",
                            name: new.version.clone(),
                        });
                    }
                    let posted = row::ActiveModel {
                        version: Set(new.version.clone()),
                        document: Set(new.document.clone()),
                        posted: Set(new.posted.0),
                        effective_from: Set(new.effective_from.0),
                        permits: Set(purposes_to_text(new.permits.iter())),
                    };
                    row::Entity::insert(posted)
                        .exec_without_returning(txn.db())
                        .await?;
                    if let Some(told) = told {
                        let given = notice::ActiveModel {
                            version: Set(told.version.clone()),
                            given: Set(told.given.0),
                            purposes: Set(purposes_to_text(told.purposes.iter())),
                        };
                        notice::Entity::insert(given)
                            .exec_without_returning(txn.db())
                            .await?;
                    }
                    Ok(self.ledger.append(txn.db(), None, entry).await?)
                })
            })
            .await
    }

    /// Every posted version, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn published(&self) -> Result<Vec<PublishedVersion>, StoreError> {
        let rows = self
            .db
            .read("published", None, |txn| {
                Box::pin(async move {
                    let rows = row::Entity::find()
                        .order_by_asc(row::Column::Posted)
                        .order_by_asc(row::Column::EffectiveFrom)
                        .all(txn.db())
                        .await?;
                    Ok(rows)
                })
            })
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(PublishedVersion {
                    permits: purposes_from(&row.permits)?,
                    version: row.version,
                    document: row.document,
                    posted: Timestamp(row.posted),
                    effective_from: Timestamp(row.effective_from),
                })
            })
            .collect()
    }

    /// Every notice.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn notices(&self) -> Result<Vec<Notice>, StoreError> {
        let rows = self
            .db
            .read("notices", None, |txn| {
                Box::pin(async move { Ok(notice::Entity::find().all(txn.db()).await?) })
            })
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Notice {
                    purposes: purposes_from(&row.purposes)?.into_iter().collect(),
                    version: row.version,
                    given: Timestamp(row.given),
                })
            })
            .collect()
    }

    /// Keeps what was seen; the latest of each kind and name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn record_seen(&self, all: &[ClauseSeen]) -> Result<(), StoreError> {
        self.db
            .write("record_seen", None, |txn| {
                Box::pin(async move {
                    for one in all {
                        let newest = OnConflict::columns([
                            seen::Column::Clause,
                            seen::Column::Kind,
                            seen::Column::Name,
                        ])
                        .update_columns([
                            seen::Column::At,
                            seen::Column::Holds,
                            seen::Column::UntilAt,
                            seen::Column::Reason,
                        ])
                        .to_owned();
                        seen::Entity::insert(seen::ActiveModel {
                            clause: Set(one.clause.to_string()),
                            kind: Set(one.kind.clone()),
                            name: Set(one.name.clone()),
                            at: Set(one.at.0),
                            holds: Set(one.holds),
                            until_at: Set(one.until.map(|at| at.0)),
                            reason: Set(one.reason.clone()),
                        })
                        .on_conflict(newest)
                        .exec_without_returning(txn.db())
                        .await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The latest of each kind that was seen about every clause.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn seen(&self) -> Result<Vec<ClauseSeen>, StoreError> {
        let rows = self
            .db
            .read("seen", None, |txn| {
                Box::pin(async move { Ok(seen::Entity::find().all(txn.db()).await?) })
            })
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(ClauseSeen {
                    clause: row.clause.parse()?,
                    kind: row.kind,
                    name: row.name,
                    at: Timestamp(row.at),
                    holds: row.holds,
                    until: row.until_at.map(Timestamp),
                    reason: row.reason,
                })
            })
            .collect()
    }
}

fn purposes_to_text<'a>(purposes: impl Iterator<Item = &'a Purpose>) -> String {
    let keys: Vec<&str> = purposes.map(|purpose| purpose.key()).collect();
    keys.join(",")
}

fn purposes_from(text: &str) -> Result<Vec<Purpose>, StoreError> {
    let keys = text.split(',').filter(|key| !key.is_empty());
    Ok(keys.map(str::parse).collect::<Result<_, _>>()?)
}
