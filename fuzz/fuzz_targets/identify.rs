//! Telling what a file is, then reading it as that.
#![no_main]

use formats::{HEAD, Hints, identify, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let kind = identify(bytes.get(..HEAD).unwrap_or(bytes));
    let hints = Hints {
        received: domain::Timestamp(0),
        agents: Vec::new(),
    };
    drop(read(kind, bytes, &hints));
});
