//! The border between the store and an engine that finds candidates by keyed hashes.

use async_trait::async_trait;
use domain::query::TokenId;
use domain::{InteractionId, TenantId};

use super::Candidates;
use crate::StoreError;

/// One interaction as the index sees it: the distinct keyed hashes of its redacted words.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) id: InteractionId,
    pub(crate) tokens: Vec<TokenId>,
}

/// An engine that finds candidates. All engines give the same answer to the same plan.
#[async_trait]
pub(crate) trait CandidateSource: Send + Sync {
    /// Adds entries, replacing those of the same interactions; durable when it returns.
    async fn put(&self, tenant: TenantId, entries: Vec<Entry>) -> Result<(), StoreError>;

    /// Which interactions satisfy a plan made of tokens, `And` and `Or`.
    async fn find(
        &self,
        tenant: TenantId,
        plan: &Candidates,
    ) -> Result<Vec<InteractionId>, StoreError>;

    /// Removes an entry, its bytes too.
    async fn remove(&self, tenant: TenantId, id: InteractionId) -> Result<(), StoreError>;

    /// Removes everything of a tenant.
    async fn clear(&self, tenant: TenantId) -> Result<(), StoreError>;

    /// Name of the place in a receipt.
    fn place(&self) -> &'static str;
}
