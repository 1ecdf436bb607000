//! One numbered promise: its words, what they mean, and what makes them true.

use domain::ClauseId;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::keys::words;
use super::{Rule, key, some_key};
use crate::Day;

words! {
    /// What a sentence of the policy does.
    ClauseKind {
        /// Something that is always done.
        Duty = "duty",
        /// Something that is never done.
        Never = "never",
        /// Something that may be done.
        May = "may",
        /// Something that a person can decide.
        Choice = "choice",
        /// A statement about the system.
        Fact = "fact",
        /// A certificate, membership or link that others can withdraw.
        Claim = "claim",
        /// A limit of what is promised.
        Disclaimer = "disclaimer",
    }
}

words! {
    /// Which half of the installation a clause speaks of.
    ClausePlane {
        /// The operator's own site.
        Site = "site",
        /// Tenants' interactions.
        Hosting = "hosting",
        /// Both, each for itself.
        Both = "both",
        /// The document does not say; the linter asks for it.
        Unsaid = "unsaid",
    }
}

words! {
    /// How a person's agreement is taken to exist.
    Consent {
        /// By being there.
        Visit = "visit",
        /// By a deed of theirs for this purpose.
        OptIn = "opt_in",
        /// Until they object.
        OptOut = "opt_out",
        /// As the law of the place asks for.
        AsLawRequires = "as_law_requires",
        /// None is needed; they are told.
        Notice = "notice",
    }
}

/// One clause.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its number, stable over versions.
    #[serde(deserialize_with = "key")]
    pub id: ClauseId,
    /// What kind of sentence it is.
    #[serde(deserialize_with = "key")]
    pub kind: ClauseKind,
    /// Which plane it speaks of.
    #[serde(default = "unsaid", deserialize_with = "key")]
    pub plane: ClausePlane,
    /// The section it stands in.
    pub section: String,
    /// Its words, as published.
    pub prose: String,
    /// First 16 hexadecimal digits of the SHA-256 of its words, so that no word changes
    /// unnoticed under the same predicates.
    pub words: Option<String>,
    /// Usual topics it answers (`retention`, `security`, …), for the search for silences.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Whose or which data it is about, where a plane does not say it.
    #[serde(default)]
    pub about: Vec<String>,
    /// What it says is done, may be done or is never done, as keys that can be compared.
    #[serde(default)]
    pub does: Vec<String>,
    /// Purposes it names.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// Data categories it names.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Kinds of recipients it names.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// What it answers under a name that others can refer to.
    #[serde(default)]
    pub describes: Vec<String>,
    /// What it points at: a clause number or a name that some clause describes.
    #[serde(default)]
    pub refers_to: Vec<String>,
    /// Lists that stand behind its "such as".
    #[serde(default)]
    pub such_as: Vec<String>,
    /// Rights it promises to persons.
    #[serde(default)]
    pub rights: Vec<String>,
    /// How agreement is taken to exist for what it says.
    #[serde(default, deserialize_with = "some_key")]
    pub consent: Option<Consent>,
    /// Disclaimer: what a person is given to protect themselves, as a procedure's name.
    pub tool: Option<String>,
    /// Claim: until when its proof is good.
    #[serde(default, deserialize_with = "some_key")]
    pub valid_until: Option<Day>,
    /// Claim: what proves it.
    pub proof: Option<String>,
    /// Where in the code it is enforced.
    #[serde(default, rename = "enforced_at")]
    pub enforcement_points: Vec<String>,
    /// Names of the tests that prove it.
    #[serde(default)]
    pub tests: Vec<String>,
    /// What a live installation is asked for proof.
    pub evidence: Option<String>,
    /// Why nothing backs it yet. Such a clause is shown as not in force.
    pub unbacked: Option<String>,
    /// What the decision procedure takes from it.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

impl Clause {
    /// The hash of its words, in the form of [`Self::words`].
    #[must_use]
    pub fn hash_of_words(&self) -> String {
        let mut digest = hex::encode(Sha256::digest(self.prose.trim().as_bytes()));
        digest.truncate(16);
        digest
    }

    /// Whether the hosting plane has to keep it.
    #[must_use]
    pub const fn concerns_hosting(&self) -> bool {
        matches!(self.plane, ClausePlane::Hosting | ClausePlane::Both)
    }
}

const fn unsaid() -> ClausePlane {
    ClausePlane::Unsaid
}
