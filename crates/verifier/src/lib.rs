//! Checks what a Privity installation hands out, with nothing of that installation: proofs of
//! single leaves, evidence bundles, exports of a ledger, signed reports on the clauses, and the
//! manifest of what a person was given.
//!
//! It shares no code with the program that made them, on purpose: whoever doubts the installation
//! need not run its code. Formats: C2SP signed-note, tlog-checkpoint and tlog-proof, RFC 6962 for
//! the tree, and the leaf of 65 bytes that docs/formats/proof.md writes down.

#![warn(missing_docs)]

mod cosign;
mod files;
mod leaf;
mod note;
mod proof;
mod tree;
mod witness;

pub use cosign::{Cosigned, WitnessKey, cosignatures};
pub use files::{Report, Trust, check, check_under};
pub use note::{Key, Note};
pub use proof::{Proven, check_proof};
pub use witness::{Refusal, Witness, new_witness};

/// SHA-256 of bytes in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let sum: [u8; 32] = sha2::Sha256::digest(bytes).into();
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why something is not proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The text has not the form that it should have.
    #[error("{what} is not in its form: {detail}")]
    Form {
        /// Which part.
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// None of the keys signed it.
    #[error("no key that was given signed it")]
    Unsigned,
    /// A key that was given has signed something else.
    #[error("the signature of `{0}` does not hold")]
    Signature(String),
    /// The signature is of somebody else's key, not of the log's own.
    #[error("it is signed, but not by the log `{0}`")]
    Stranger(String),
    /// The leaf is not at its place in the signed tree.
    #[error("leaf {0} is not in the signed tree at this place")]
    Path(u64),
    /// The entry is not what the leaf commits to.
    #[error("the entry of leaf {0} is not the one that the leaf commits to")]
    Entry(u64),
    /// Too few witnesses vouch that all see the same log.
    #[error("{found} of the witnesses that were given cosigned it, {wanted} are asked for")]
    Quorum {
        /// How many cosigned it.
        found: usize,
        /// How many are asked for.
        wanted: usize,
    },
    /// A file says something that its proofs do not.
    #[error("{0}")]
    Says(String),
}

pub(crate) fn form(what: &'static str, detail: impl Into<String>) -> Doubt {
    Doubt::Form {
        what,
        detail: detail.into(),
    }
}
