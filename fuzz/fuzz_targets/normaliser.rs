//! Texts of any kind through the normaliser, every parser of ids and the merge: redaction must
//! end, leave the bytes outside its spans alone, and change nothing the second time.

#![no_main]

use analysis::redact::{self, Profile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let profile = Profile::default();
    let (once, spans) = redact::redact_text(text, &profile);
    let mut at = 0;
    for span in &spans {
        assert!(span.range.start >= at && text.get(span.range.clone()).is_some());
        at = span.range.end;
    }
    let (twice, _) = redact::redact_text(&once, &profile);
    assert!(once == twice);
});
