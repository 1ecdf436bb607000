//! The ledger's witnesses, as the desk keeps them.

use policy::{Desk, Permit, Seal};

use crate::ledger::{EntryKind, LedgerError, Submission, WitnessKey, WitnessState};
use crate::{Store, StoreError};

impl Store {
    /// The newest checkpoint as a witness that last saw `old` leaves is asked to cosign it; none
    /// where nothing was signed yet.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] with [`LedgerError::SetBack`] where the witness saw more than there
    /// is, or where no proof can be made.
    pub async fn submission(&self, old: u64) -> Result<Option<Submission>, StoreError> {
        let (db, blobs) = (self.db.conn(), &self.blobs);
        Ok(self.ledger.submission(db, blobs, old).await?)
    }

    /// Checks a witness's answer to the submission of `size` leaves and keeps it with the
    /// checkpoint. The first of a witness is a leaf: from then on it receives every checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Permit`]; [`StoreError::Ledger`] with [`LedgerError::Witness`] where its
    /// cosignature does not hold.
    pub async fn keep_cosignature(
        &self,
        permit: &Permit<Seal, Desk>,
        size: u64,
        witness: &WitnessKey,
        answer: &str,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        for category in permit.categories() {
            permit.check(*category, now)?;
        }
        let mut entry = self.deed(permit, EntryKind::Filed);
        entry.resource = Some(format!("witness {}", witness.name()));
        let entry = &entry;
        let keys = &*self.tenant_keys(permit.tenant()).await?;
        let state = &WitnessState {
            size,
            tried: now,
            problem: None,
        };
        self.db
            .write("keep_cosignature", None, |txn| {
                Box::pin(async move {
                    let kept = self
                        .ledger
                        .keep_cosignature(txn.db(), size, witness, answer);
                    let first = kept.await?;
                    self.ledger
                        .note_witness(txn.db(), witness.name(), state)
                        .await?;
                    if first {
                        self.append(txn.db(), keys, entry).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Notes that a witness did not cosign, and why. What it cosigned before stays.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_witness_problem(
        &self,
        witness: &WitnessKey,
        problem: &str,
    ) -> Result<(), StoreError> {
        let known = self.witness_state(witness).await?;
        let state = &WitnessState {
            size: known.map_or(0, |known| known.size),
            tried: self.clock.now(),
            problem: Some(problem.to_owned()),
        };
        self.db
            .write("note_witness_problem", None, |txn| {
                Box::pin(async move {
                    self.ledger
                        .note_witness(txn.db(), witness.name(), state)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// How it stands with a witness; none where it was never asked.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn witness_state(
        &self,
        witness: &WitnessKey,
    ) -> Result<Option<WitnessState>, StoreError> {
        let db = self.db.conn();
        Ok(self.ledger.witness_state(db, witness.name()).await?)
    }

    /// Leaves under the newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn leaves_covered(&self) -> Result<u64, StoreError> {
        Ok(self.ledger.covered(self.db.conn()).await?)
    }
}

impl StoreError {
    /// What stands against a witness or its answer, where that is what failed.
    #[must_use]
    pub const fn of_witness(&self) -> Option<&LedgerError> {
        if let Self::Ledger(error) = self
            && matches!(error, LedgerError::Witness(_) | LedgerError::SetBack { .. })
        {
            return Some(error);
        }
        None
    }
}
