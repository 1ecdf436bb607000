//! Evidence of one interaction in a file that verifies offline: what happened to it, each leaf
//! with its path to a signed checkpoint.

use domain::{DataCategory, InteractionId, LeafIndex};
use policy::{Read, Scope};
use serde::{Deserialize, Serialize};
use store::verify_proof;

use crate::app::App;
use crate::error::AppError;
use crate::reading::rfc3339;

const FORMAT: &str = "privity.evidence/1";

/// What the file says.
#[derive(Debug, Serialize, Deserialize)]
struct Bundle {
    format: String,
    origin: String,
    interaction: String,
    made: String,
    verifiers: Vec<String>,
    proofs: Vec<String>,
}

/// What a check of a bundle found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Name of the log.
    pub origin: String,
    /// Each leaf in a line, for people.
    pub leaves: Vec<String>,
    /// Checked with a key that was pinned outside, not with the file's own word.
    pub pinned: bool,
}

impl App {
    /// Every leaf about an interaction with its proof, as a JSON text.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::Store`] where a leaf cannot be proven.
    pub async fn evidence_bundle(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<String, AppError> {
        let scope = scope.for_purpose(domain::Purpose::Review);
        let permit = self
            .ask::<Read>(&scope, id, &[DataCategory::InteractionMetadata])
            .await?;
        let log = self.store.access_log(permit.tenant(), id).await?;
        self.store.checkpoint().await?;
        let mut leaves: Vec<LeafIndex> = log.iter().map(|entry| entry.leaf).collect();
        leaves.sort_unstable();
        let mut proofs = Vec::with_capacity(leaves.len());
        for leaf in leaves {
            proofs.push(self.store.prove_leaf(leaf).await?);
        }
        let bundle = Bundle {
            format: FORMAT.to_owned(),
            origin: self.store.ledger_origin().to_owned(),
            interaction: id.to_string(),
            made: rfc3339(self.now()),
            verifiers: self.store.ledger_verifiers().await?,
            proofs,
        };
        serde_json::to_string_pretty(&bundle)
            .map_err(|_| AppError::Input("the bundle cannot be written".to_owned()))
    }
}

/// Checks a bundle with nothing but its text and keys that were pinned outside; without any, by
/// the keys that it names itself, which proves that it is whole but not whose it is.
///
/// # Errors
/// [`AppError::Input`] with the first link that does not hold.
pub fn verify(text: &str, pinned: &[String]) -> Result<Checked, AppError> {
    let refused = |what: String| AppError::Input(format!("the bundle does not verify: {what}"));
    let bundle: Bundle =
        serde_json::from_str(text).map_err(|_| refused("it is no evidence bundle".to_owned()))?;
    if bundle.format != FORMAT {
        return Err(refused(format!("`{}` is not known", bundle.format)));
    }
    if bundle.proofs.is_empty() {
        return Err(refused("it holds no proof".to_owned()));
    }
    let keys = if pinned.is_empty() {
        &bundle.verifiers
    } else {
        pinned
    };
    let mut leaves = Vec::with_capacity(bundle.proofs.len());
    for proof in &bundle.proofs {
        let proven = verify_proof(proof, keys).map_err(|error| refused(error.to_string()))?;
        if proven.origin != bundle.origin {
            return Err(refused("a proof is of another log".to_owned()));
        }
        let told = match &proven.entry {
            None => "its evidence was forgotten".to_owned(),
            Some(entry) => {
                if entry.resource.as_deref() != Some(&*bundle.interaction) {
                    return Err(refused("a leaf is about something else".to_owned()));
                }
                let purpose = entry.purpose.map_or("", |purpose| purpose.key());
                let clauses: Vec<&str> = entry.clauses.iter().map(|c| c.as_str()).collect();
                format!(
                    "{} by {} for {purpose} under {}",
                    entry.kind,
                    entry.actor,
                    clauses.join(", ")
                )
            }
        };
        leaves.push(format!(
            "{:>6}  {}  {told}",
            proven.index.0,
            rfc3339(proven.at)
        ));
    }
    Ok(Checked {
        origin: bundle.origin,
        leaves,
        pinned: !pinned.is_empty(),
    })
}
