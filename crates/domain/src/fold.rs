//! The form in which texts are compared.

use unicode_normalization::UnicodeNormalization;

/// A text as the search language compares it: compatibility forms and case folded, apostrophes
/// unified, invisible joiners left out. The words of the index, the words of a query and the
/// values of fields all pass through here, so that they always agree.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{02b9}' | '\u{2032}' | '\u{00b4}' | '`' => {
                folded.push('\'');
            }
            '\u{00ad}' | '\u{200b}' | '\u{200d}' | '\u{feff}' => {}
            c => folded.push(c),
        }
    }
    folded.nfkc().collect()
}
