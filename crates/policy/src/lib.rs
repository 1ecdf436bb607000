//! Who may do what, for which purpose, under which clause.
//!
//! Pure: no storage, no HTTP, no clock. [`decide`] is the only maker of a [`Permit`]; every
//! function that opens, seals or destroys personal data takes one and reads tenant and id from it.

#![warn(missing_docs)]

mod action;
mod decide;
mod facts;
mod permit;
mod policy;
mod scope;

pub use action::{Action, Disclose, Erase, Find, Interactions, Read, Resource, Seal};
pub use decide::decide;
pub use facts::Facts;
pub use permit::{Denial, Permit, PermitError};
pub use policy::{Policy, PolicyError};
pub use scope::Scope;
