//! The closed lists of what can be done and what it can be done to.

use std::fmt;

use domain::{InteractionId, UploadId};

mod closed {
    pub trait Listed {}
}

/// One thing that can be done to personal data. The list is closed.
pub trait Action: closed::Listed + Send + Sync + 'static {
    /// Key in the policy document, in Cedar (`Action::"read"`) and in the ledger.
    const KEY: &'static str;
}

/// What an action is done to. The list is closed.
pub trait Resource: closed::Listed + Clone + fmt::Debug + Send + Sync + 'static {
    /// The one interaction it is, if it is one.
    fn interaction(&self) -> Option<InteractionId>;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}
        impl closed::Listed for $name {}
        impl Action for $name {
            const KEY: &'static str = $key;
        }
        )*

        /// The key of every action there is.
        pub(crate) const ACTIONS: &[&str] = &[$($key,)*];
    };
}

actions! {
    /// Opens sealed data of one interaction.
    Read = "read";
    /// Seals new data of one interaction: taking it in, storing what a stage made.
    Seal = "seal";
    /// Lists and searches a tenant's interactions.
    Find = "find";
    /// Destroys keys, then bytes.
    Erase = "erase";
    /// Hands data to a recipient outside the installation.
    Disclose = "disclose";
}

/// All interactions of the permit's tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interactions;

impl closed::Listed for Interactions {}
impl Resource for Interactions {
    fn interaction(&self) -> Option<InteractionId> {
        None
    }
}

/// The registers of the permit's tenant: recipients, disclosures, holds, requests, retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desk;

impl closed::Listed for Desk {}
impl Resource for Desk {
    fn interaction(&self) -> Option<InteractionId> {
        None
    }
}

/// A file on its way in: it is no interaction yet.
impl closed::Listed for UploadId {}
impl Resource for UploadId {
    fn interaction(&self) -> Option<InteractionId> {
        None
    }
}

impl closed::Listed for InteractionId {}
impl Resource for InteractionId {
    fn interaction(&self) -> Option<InteractionId> {
        Some(*self)
    }
}
