//! The query tree of the search language.
