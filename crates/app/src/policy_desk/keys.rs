//! What is on record about keys that were revoked (P72).

use domain::Millis;

use crate::app::App;
use crate::error::AppError;

/// What was begun before a key was revoked may end so much later.
const UNDER_WAY: Millis = Millis(60_000);

impl App {
    /// Whether no deed is on record of a key after it was revoked.
    pub(super) async fn keys_hold(&self) -> Result<(bool, String), AppError> {
        let (mut known, mut revoked, mut late) = (0, 0, 0);
        for tenant in self.store.tenants().await? {
            let keys = self.store.api_keys(tenant.id).await?;
            known += keys.len();
            let ended: Vec<_> = keys
                .iter()
                .filter_map(|key| Some((key.id.to_string(), key.revoked?)))
                .collect();
            revoked += ended.len();
            if ended.is_empty() {
                continue;
            }
            let entries = self.store.ledger_entries(tenant.id, u64::MAX >> 1).await?;
            late += entries
                .iter()
                .filter(|listed| {
                    let actor = listed.entry.as_ref().map(|entry| entry.actor.as_str());
                    ended.iter().any(|(id, end)| {
                        actor == Some(id.as_str()) && listed.at.since(*end) > UNDER_WAY
                    })
                })
                .count();
        }
        let found = format!("{known} keys, {revoked} revoked, {late} deeds by one after that");
        Ok((late == 0, found))
    }
}
