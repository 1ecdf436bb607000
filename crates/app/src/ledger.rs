//! A tenant's part of the transparency log: what happened with its data, who did it, under which
//! clauses, and the proofs that nothing of it was altered.

use domain::{DataCategory, LeafIndex, Purpose, Timestamp};
use policy::{Find, Scope};
use store::Listed;

use crate::app::App;
use crate::error::AppError;

/// Leaves that are looked at together, and how often at most: a record's leaves lie near it.
const LOOKED_AT: u64 = 1_000;
const FARTHEST: usize = 20;
/// Kinds of leaves that change a record.
const CHANGES: &[&str] = &["filed", "held", "released", "disclosed"];

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Where it stands.
    pub leaf: LeafIndex,
    /// When.
    pub at: Timestamp,
    /// What happened; none where its evidence was destroyed on purpose.
    pub what: Option<LedgerDeed>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerDeed {
    /// Such as `opened` or `refused`.
    pub kind: &'static str,
    /// Handle of who acted; never a personal name.
    pub actor: String,
    /// The right in which they acted.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// Id of what it was done to.
    pub resource: String,
    /// The clauses that permitted or refused it.
    pub clauses: Vec<String>,
}

impl App {
    /// A tenant's newest lines, or the newest before a leaf.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Store`].
    pub async fn ledger(
        &self,
        scope: &Scope,
        before: Option<LeafIndex>,
        limit: u64,
    ) -> Result<Vec<LedgerLine>, AppError> {
        let permit = self.ask_for_ledger(scope).await?;
        let tenant = permit.tenant();
        let listed = self
            .store
            .ledger_entries_before(tenant, before, limit)
            .await?;
        Ok(listed.into_iter().map(line).collect())
    }

    /// One line of a tenant's part.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the leaf is another's or not there; [`AppError::Denied`].
    pub async fn ledger_line(
        &self,
        scope: &Scope,
        leaf: LeafIndex,
    ) -> Result<LedgerLine, AppError> {
        let next = LeafIndex(leaf.0.saturating_add(1));
        let found = self.ledger(scope, Some(next), 1).await?;
        let found = found.into_iter().find(|line| line.leaf == leaf);
        found.ok_or_else(|| AppError::NotFound {
            what: "leaf of your organisation",
            name: leaf.0.to_string(),
        })
    }

    /// The leaves of what was done to one record of the scope's own registers, oldest first: its
    /// entry and each change. Whoever may look into the registers may see them.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Store`].
    pub async fn record_leaves(
        &self,
        scope: &Scope,
        record: &str,
    ) -> Result<Vec<LedgerLine>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let since = made(record);
        let (mut found, mut before) = (Vec::new(), None);
        for _ in 0..FARTHEST {
            let page = self
                .store
                .ledger_entries_before(permit.tenant(), before, LOOKED_AT)
                .await?;
            before = page.last().map(|one| one.index);
            let over = page.last().is_none_or(|one| one.at < since)
                || u64::try_from(page.len()).unwrap_or(0) < LOOKED_AT;
            let about = page.into_iter().map(line).filter(|line| {
                let deed = line.what.as_ref();
                deed.is_some_and(|deed| deed.resource == record && CHANGES.contains(&deed.kind))
            });
            found.extend(about);
            if over {
                break;
            }
        }
        found.reverse();
        Ok(found)
    }

    /// One leaf of the scope's own part, for whoever may look into the registers.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the leaf is another's or not there; [`AppError::Denied`].
    pub async fn desk_leaf(&self, scope: &Scope, leaf: LeafIndex) -> Result<LedgerLine, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let next = Some(LeafIndex(leaf.0.saturating_add(1)));
        let found = self
            .store
            .ledger_entries_before(permit.tenant(), next, 1)
            .await?;
        let found = found.into_iter().map(line).find(|line| line.leaf == leaf);
        found.ok_or_else(|| AppError::NotFound {
            what: "leaf of this desk",
            name: leaf.0.to_string(),
        })
    }

    /// Name of the log in its checkpoints.
    #[must_use]
    pub fn ledger_origin(&self) -> &str {
        self.store.ledger_origin()
    }

    /// A resource of the log as anybody may fetch it: `checkpoint` or a tile by its path.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn log_resource(&self, path: &str) -> Result<Option<Vec<u8>>, AppError> {
        let found = self.store.log_resource(path).await?;
        Ok(found.map(|bytes| bytes.to_vec()))
    }

    /// A tenant's lines from a leaf on with their offline proofs: JSON lines.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::Store`] where nothing is under a checkpoint yet.
    pub async fn ledger_proofs(
        &self,
        scope: &Scope,
        from: LeafIndex,
        limit: u64,
    ) -> Result<String, AppError> {
        let permit = self.ask_for_ledger(scope).await?;
        Ok(self
            .store
            .export_ledger(permit.tenant(), from, limit)
            .await?)
    }

    async fn ask_for_ledger(
        &self,
        scope: &Scope,
    ) -> Result<policy::Permit<Find, policy::Interactions>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        self.ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await
    }
}

/// When a record was entered, by its number: the first 48 bits of it are that instant (UUIDv7,
/// RFC 9562). Of a number that is none, the beginning of time.
fn made(record: &str) -> Timestamp {
    let digits = record.split_once('_').map_or("", |(_, digits)| digits);
    let instant = digits.get(..12).map(|text| i64::from_str_radix(text, 16));
    Timestamp(instant.and_then(Result::ok).unwrap_or(0))
}

fn line(listed: Listed) -> LedgerLine {
    LedgerLine {
        leaf: listed.index,
        at: listed.at,
        what: listed.entry.map(|entry| LedgerDeed {
            kind: entry.kind.key(),
            actor: entry.actor,
            role: entry.role.unwrap_or_default(),
            purpose: entry
                .purpose
                .map_or_else(String::new, |purpose| purpose.key().to_owned()),
            resource: entry.resource.unwrap_or_default(),
            clauses: entry.clauses.iter().map(ToString::to_string).collect(),
        }),
    }
}
