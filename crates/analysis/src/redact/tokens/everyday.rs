//! Words of everyday talk that are nobody's name: far more than the lexicon's, for what a name
//! model need not read.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::lexicon;

/// Whether a lower-case word is one of everyday talk, inflected forms included.
pub(crate) fn is_everyday(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let measured = include_str!("everyday/measured.txt").split_whitespace();
        measured
            .chain(include_str!("everyday/added.txt").split_whitespace())
            .collect()
    });
    let known = |word: &str| words.contains(word) || lexicon::is_common(word);
    if known(word) || lexicon::number_word(word).is_some() {
        return true;
    }
    let base = |ending: &str| word.strip_suffix(ending).filter(|base| base.len() > 2);
    let doubled = |base: &str| {
        let mut letters = base.chars().rev();
        let last = letters.next();
        last.is_some() && last == letters.next() && known(base.get(..base.len() - 1).unwrap_or(""))
    };
    let is_verb = |base: &str| known(base) || known(&format!("{base}e")) || doubled(base);
    base("s").is_some_and(known)
        || base("es").is_some_and(known)
        || base("ies").is_some_and(|base| known(&format!("{base}y")))
        || base("ed").is_some_and(is_verb)
        || base("ing").is_some_and(is_verb)
        || base("ly").is_some_and(known)
        || base("n't").is_some_and(known)
        || ["'ll", "'re", "'ve", "'d", "'m"]
            .iter()
            .any(|ending| base(ending).is_some_and(known))
}
