//! Whatever bytes arrive, decoding ends with a recording or a fault.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use engine::audio::{Limits, decode};
use proptest::prelude::*;

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audio");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn mutated_files_end_well(
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        keep in 0.0f64..1.3,
    ) {
        let files = fixtures();
        let mut bytes = which.get(&files).clone();
        for (at, value) in edits {
            // Headers are where lies hurt: half of the edits land there.
            let range = if value % 2 == 0 { bytes.len() } else { bytes.len().min(120) };
            let at = at.index(range);
            bytes[at] = value;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small file")]
        let length = (bytes.len() as f64 * keep) as usize;
        bytes.truncate(length);
        if let Ok(audio) = decode(&bytes, &Limits::default()) {
            prop_assert!(audio.frames() > 0);
            for channel in &audio.channels {
                prop_assert_eq!(channel.len(), audio.frames());
                prop_assert!(channel.iter().all(|x| (-1.0..=1.0).contains(x)));
            }
        }
    }

    #[test]
    fn random_bytes_end_well(mut bytes in proptest::collection::vec(any::<u8>(), 0..2_000), head in 0usize..8) {
        let heads: [&[u8]; 8] = [b"", b"RIFF\0\0\0\0WAVEfmt ", b"fLaC", b"OggS", b"ID3\x04", &[0x1a, 0x45, 0xdf, 0xa3], b"\0\0\0\x20ftypM4A ", &[0xff, 0xfb, 0x90, 0x64]];
        bytes.splice(0..0, heads[head].iter().copied());
        drop(decode(&bytes, &Limits::default()));
    }
}
