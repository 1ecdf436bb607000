//! Removes secrets from transcripts and texts.
