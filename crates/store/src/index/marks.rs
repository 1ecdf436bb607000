//! What the index knows of an interaction beside its words, as further keyed hashes: which word
//! follows which in one speaker's mouth, and which values its fields have. To whoever reads the
//! index they look like words.
//!
//! Pairs share a million marks. Two pairs may share one, which the matcher sorts out; in return
//! the index stays small, and a mark does not say which pair made it.

use std::collections::{BTreeSet, HashMap};

use domain::query::{FieldValue, Fields, TokenId, WordStream};
use domain::{SpeakerLabel, fold};

use crate::keys::KeyedHash;

/// Marks that pairs share.
const PAIR_MARKS: u64 = 1 << 20;

/// The mark of one word right after another.
pub(super) fn next(hasher: &KeyedHash, first: TokenId, second: TokenId) -> TokenId {
    // No word begins with this character, so no word has a pair's mark on purpose.
    let mut bytes = [0x1e; 17];
    let (_, rest) = bytes.split_at_mut(1);
    let (one, two) = rest.split_at_mut(8);
    one.copy_from_slice(&first.0.to_be_bytes());
    two.copy_from_slice(&second.0.to_be_bytes());
    TokenId(hasher.token(&bytes) % PAIR_MARKS)
}

/// The mark of a folded value of a field.
pub(super) fn value(hasher: &KeyedHash, field: &str, folded: &str) -> TokenId {
    TokenId(hasher.token(format!("\u{1f}{field}\u{1f}{folded}").as_bytes()))
}

/// Every mark of an interaction, each once, in order.
pub(super) fn of(hasher: &KeyedHash, stream: &WordStream, fields: &Fields) -> Vec<TokenId> {
    let pairs: BTreeSet<(TokenId, TokenId)> = pairs(stream).collect();
    let pairs = pairs.into_iter().map(|(a, b)| next(hasher, a, b));
    let mut marks: BTreeSet<TokenId> = pairs.collect();
    for (name, values) in fields.iter() {
        for known in values {
            if let FieldValue::Text(text) = known {
                marks.insert(value(hasher, name, &fold(text.trim())));
            }
        }
    }
    marks.into_iter().collect()
}

/// Words that follow each other in one speaker's own order.
fn pairs(stream: &WordStream) -> impl Iterator<Item = (TokenId, TokenId)> {
    let mut latest: HashMap<SpeakerLabel, TokenId> = HashMap::new();
    stream.words.iter().filter_map(move |word| {
        let before = latest.insert(word.speaker, word.token);
        before.map(|before| (before, word.token))
    })
}
