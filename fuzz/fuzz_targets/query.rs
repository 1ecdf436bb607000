//! The search language: a text is a tree or an error, never more; and a tree written out is read
//! again, as a tree that is written the same.
#![no_main]

use analysis::search::{explain, format, parse, terms};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(query) = parse(text) else { return };
    drop(explain(&query));
    drop(terms(&query));
    let once = format(&query);
    let again = parse(&once).map(|query| format(&query));
    assert!(again.is_ok_and(|twice| twice == once));
});
