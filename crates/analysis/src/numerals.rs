//! English numerals as they are spelt: one list for what reads, searches and invents them.

/// `zero` to `nineteen`.
pub(crate) const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// `twenty` to `ninety`.
pub(crate) const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// `first` to `twentieth`.
pub(crate) const ORDINALS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// The value of a word of [`SMALL`].
pub(crate) fn small(word: &str) -> Option<u32> {
    place(&SMALL, word)
}

/// The value of a word of [`TENS`].
pub(crate) fn tens(word: &str) -> Option<u32> {
    place(&TENS, word).map(|at| (at + 2) * 10)
}

/// The value of a word of [`ORDINALS`].
pub(crate) fn ordinal(word: &str) -> Option<u32> {
    place(&ORDINALS, word).map(|at| at + 1)
}

fn place(list: &[&str], word: &str) -> Option<u32> {
    (0..)
        .zip(list)
        .find(|(_, name)| **name == word)
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_have_their_values() {
        assert_eq!((small("zero"), small("nineteen")), (Some(0), Some(19)));
        assert_eq!((tens("twenty"), tens("ninety")), (Some(20), Some(90)));
        assert_eq!(
            (ordinal("first"), ordinal("twentieth")),
            (Some(1), Some(20))
        );
        assert_eq!(
            (small("first"), tens("ten"), ordinal("one")),
            (None, None, None)
        );
    }
}
