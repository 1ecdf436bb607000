//! vCon in every unsigned version.
#![no_main]

use formats::{Hints, Kind, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let hints = Hints {
        received: domain::Timestamp(0),
        agents: vec!["agent@example.org".to_owned()],
    };
    drop(read(Kind::VCon, bytes, &hints));
});
