//! A policy document that was read, checked and compiled.

/// A loaded policy.
#[derive(Debug)]
pub struct Policy {
    version: String,
}

/// Why a policy document is none.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {}

impl Policy {
    /// The policy that ships with the program (`policies/`).
    ///
    /// # Errors
    /// [`PolicyError`] where the document is faulty.
    pub fn shipped() -> Result<Self, PolicyError> {
        Ok(Self {
            version: String::new(),
        })
    }

    /// SHA-256 of the document, in hex.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}
