//! The second witness: replays the ledger against the policy versions it names, and against the
//! store's own index of accesses and holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::{InteractionId, LeafIndex, TenantId};
use policy::{Deed, Policy, witness};
use store::{EntryKind, Listed};

use crate::app::App;
use crate::error::AppError;

/// A deed on record without a matching decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// Whose data; none: the installation's own.
    pub tenant: Option<TenantId>,
    /// The leaf.
    pub leaf: LeafIndex,
    /// What does not fit.
    pub sentence: String,
}

/// What the witness found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WitnessReport {
    /// Leaves that were read.
    pub leaves: u64,
    /// Deeds that were replayed.
    pub deeds: u64,
    /// How many of each kind, by the ledger's word.
    pub kinds: BTreeMap<String, u64>,
    /// What has no matching decision.
    pub unmatched: Vec<Unmatched>,
}

/// Replays one part of the ledger, oldest first.
struct Replay<'a> {
    policies: &'a BTreeMap<String, Policy>,
    held: BTreeMap<InteractionId, u64>,
    report: WitnessReport,
}

impl App {
    /// Replays every tenant's part of the ledger: each deed against the version that it names,
    /// no erasure between the placing and the lifting of a hold, and every leaf about an
    /// interaction against the store's own list of accesses.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Policy`] where a posted version cannot be read.
    pub async fn replay_ledger(&self) -> Result<WitnessReport, AppError> {
        let mut policies = BTreeMap::new();
        for posted in self.store.published().await? {
            policies.insert(posted.version, Policy::parse(&posted.document)?);
        }
        let mut report = WitnessReport::default();
        for tenant in self.store.tenants().await? {
            let mut entries = self.store.ledger_entries(tenant.id, u64::MAX >> 1).await?;
            entries.reverse();
            let mut replay = Replay {
                policies: &policies,
                held: BTreeMap::new(),
                report: WitnessReport::default(),
            };
            for one in &entries {
                replay.leaf(tenant.id, one);
            }
            self.compare_accesses(tenant.id, &entries, &mut replay.report)
                .await?;
            report.leaves += replay.report.leaves;
            report.deeds += replay.report.deeds;
            for (kind, count) in replay.report.kinds {
                *report.kinds.entry(kind).or_default() += count;
            }
            report.unmatched.extend(replay.report.unmatched);
        }
        Ok(report)
    }

    /// Every leaf about an interaction must be in the store's list of accesses and the other way
    /// round: a read that was struck from one is still in the other.
    async fn compare_accesses(
        &self,
        tenant: TenantId,
        entries: &[Listed],
        report: &mut WitnessReport,
    ) -> Result<(), AppError> {
        let told: BTreeSet<u64> = entries
            .iter()
            .filter(|one| {
                let about = one.entry.as_ref().and_then(|e| e.resource.as_deref());
                about.is_some_and(|name| name.parse::<InteractionId>().is_ok())
            })
            .map(|one| one.index.0)
            .collect();
        let forgotten: BTreeSet<u64> = entries
            .iter()
            .filter(|one| one.entry.is_none())
            .map(|one| one.index.0)
            .collect();
        let listed: BTreeSet<u64> = self.store.accesses(tenant).await?.into_iter().collect();
        for (leaf, sentence) in told
            .difference(&listed)
            .map(|leaf| (*leaf, "the store does not list this access"))
            .chain(
                listed
                    .difference(&told)
                    .filter(|leaf| !forgotten.contains(*leaf))
                    .map(|leaf| {
                        (
                            *leaf,
                            "the store lists an access that the ledger does not tell",
                        )
                    }),
            )
        {
            report.unmatched.push(Unmatched {
                tenant: Some(tenant),
                leaf: LeafIndex(leaf),
                sentence: sentence.to_owned(),
            });
        }
        Ok(())
    }
}

impl Replay<'_> {
    fn leaf(&mut self, tenant: TenantId, one: &Listed) {
        self.report.leaves += 1;
        let Some(entry) = &one.entry else {
            return;
        };
        *self
            .report
            .kinds
            .entry(entry.kind.key().to_owned())
            .or_default() += 1;
        let about: Option<InteractionId> =
            entry.resource.as_deref().and_then(|name| name.parse().ok());
        let mut doubts: Vec<String> = Vec::new();
        match (entry.kind, about) {
            (EntryKind::Held, Some(id)) => *self.held.entry(id).or_default() += 1,
            (EntryKind::Released, Some(id)) => {
                let count = self.held.entry(id).or_default();
                *count = count.saturating_sub(1);
            }
            (EntryKind::Erasing | EntryKind::Purged, Some(id))
                if self.held.get(&id).is_some_and(|count| *count > 0) =>
            {
                doubts.push("it was erased under a hold (P41)".to_owned());
            }
            _ => {}
        }
        let permitted = !matches!(
            entry.kind,
            EntryKind::Refused
                | EntryKind::Published
                | EntryKind::Account
                | EntryKind::KeyMade
                | EntryKind::KeyDestroyed
                | EntryKind::Forgotten
        );
        if permitted {
            self.report.deeds += 1;
            let version = entry.policy_version.as_deref().unwrap_or_default();
            match self.policies.get(version) {
                None => doubts.push("it names a version that was never posted (P95)".to_owned()),
                Some(policy) => {
                    let deed = Deed {
                        right: entry.role.clone().unwrap_or_default(),
                        action: entry.action.clone(),
                        purpose: entry.purpose,
                        categories: entry.categories.clone(),
                        clauses: entry.clauses.clone(),
                    };
                    if let Err(doubt) = witness(policy, &deed) {
                        doubts.push(doubt.to_string());
                    }
                }
            }
        }
        for sentence in doubts {
            self.report.unmatched.push(Unmatched {
                tenant: Some(tenant),
                leaf: one.index,
                sentence,
            });
        }
    }
}
