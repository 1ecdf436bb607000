//! The search language.
