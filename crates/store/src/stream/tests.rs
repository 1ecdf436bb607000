use domain::TenantId;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::testing::{Counting, Dice};

const SEALED_CHUNK: usize = CHUNK + TAG;

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn at() -> Address<'static> {
    Address {
        tenant: TenantId::from_uuid(Uuid::from_u128(7)),
        table: "objects",
        row: "int_1",
        column: "media",
    }
}

fn noise(length: usize) -> Vec<u8> {
    (0..length)
        .map(|n| u8::try_from(n * 31 % 251).unwrap())
        .collect()
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    seal_all(&key(), &at(), plain, &Dice).unwrap()
}

fn range(whole: &[u8], wanted: Range<u64>) -> Result<Vec<u8>, SealError> {
    let length = u64::try_from(whole.len()).unwrap();
    let opener = Opener::new(&key(), &at(), &whole[..HEADER], length)?;
    let window = opener.window(wanted)?;
    let (from, to) = (window.sealed.start, window.sealed.end);
    let slice = &whole[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
    opener
        .open(&at(), &window, slice)
        .map(|plain| plain.to_vec())
}

#[test]
fn every_version_of_a_stream_opens() {
    let golden = hex::decode(include_str!("../../tests/golden/stream.v1.hex").trim()).unwrap();
    let plain = open_all(&key(), &at(), &golden).unwrap();
    assert_eq!(plain.as_slice(), b"two chunks would be 64 KiB and more");
    let same = seal_all(&key(), &at(), &plain, &Counting::default()).unwrap();
    assert_eq!(same, golden);
}

#[test]
fn lengths_around_a_chunks_border_come_back_whole() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1] {
        let plain = noise(length);
        let whole = sealed(&plain);
        let chunks = length.div_ceil(CHUNK).max(1);
        assert_eq!(whole.len(), HEADER + length + chunks * TAG, "{length}");
        assert_eq!(open_all(&key(), &at(), &whole).unwrap().as_slice(), plain);
    }
}

#[test]
fn pieces_of_any_size_give_the_same_stream() {
    let plain = noise(3 * CHUNK);
    let whole = seal_all(&key(), &at(), &plain, &Counting::default()).unwrap();
    for size in [1000, CHUNK - 1, CHUNK, CHUNK + 1] {
        let mut sealer = Sealer::new(&key(), &at(), &Counting::default()).unwrap();
        let mut pieces = Vec::new();
        for piece in plain.chunks(size) {
            pieces.extend(sealer.push(piece).unwrap());
        }
        let (last, length) = sealer.finish().unwrap();
        pieces.extend(last);
        assert_eq!((length, pieces == whole), (3 * 65_536, true), "{size}");
    }
}

#[test]
fn a_stretch_reads_only_the_chunks_that_hold_it() {
    let whole = sealed(&noise(5 * CHUNK));
    let length = u64::try_from(whole.len()).unwrap();
    let opener = Opener::new(&key(), &at(), &whole[..HEADER], length).unwrap();
    let inside = opener.window(70_000..80_000).unwrap();
    assert_eq!(inside.sealed.end - inside.sealed.start, CHUNK_U64 + TAG_U64);
    let across = opener.window(65_000..66_000).unwrap();
    assert_eq!(
        across.sealed.end - across.sealed.start,
        2 * (CHUNK_U64 + TAG_U64)
    );
    assert!(matches!(
        opener.window(0..5 * CHUNK_U64 + 1),
        Err(SealError::Range { .. })
    ));
}

#[test]
fn cut_swapped_repeated_and_foreign_chunks_are_refused() {
    let plain = noise(3 * CHUNK + 5);
    let whole = sealed(&plain);
    let (header, body) = whole.split_at(HEADER);
    let chunks: Vec<&[u8]> = body.chunks(SEALED_CHUNK).collect();
    let foreign = sealed(&plain);
    let other = &foreign[HEADER..HEADER + SEALED_CHUNK];
    let splices: [Vec<&[u8]>; 7] = [
        vec![header, chunks[0], chunks[1], chunks[2]],
        vec![header, chunks[0], chunks[1]],
        vec![header, chunks[1], chunks[0], chunks[2], chunks[3]],
        vec![
            header, chunks[0], chunks[0], chunks[1], chunks[2], chunks[3],
        ],
        vec![header, chunks[0], chunks[2], chunks[3]],
        vec![header, other, chunks[1], chunks[2], chunks[3]],
        vec![header],
    ];
    for (number, splice) in splices.iter().enumerate() {
        assert!(
            open_all(&key(), &at(), &splice.concat()).is_err(),
            "splice {number}"
        );
    }
    assert!(open_all(&key(), &at(), &[]).is_err());
}

#[test]
fn a_stream_opens_only_at_its_address_and_under_its_key() {
    let whole = sealed(b"abc");
    let moved = Address {
        row: "int_2",
        ..at()
    };
    assert!(open_all(&key(), &moved, &whole).is_err());
    assert!(open_all(&Key::from_bytes([8; 32]), &at(), &whole).is_err());
}

#[test]
fn every_bent_byte_of_a_short_stream_is_refused() {
    let whole = sealed(b"0123456789");
    for place in 0..whole.len() {
        let mut bent = whole.clone();
        bent[place] ^= 0x40;
        assert!(open_all(&key(), &at(), &bent).is_err(), "byte {place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_stretch_equals_the_plain_slice(
        length in 0usize..4 * CHUNK,
        ends in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        place in any::<prop::sample::Index>(),
    ) {
        let plain = noise(length);
        let whole = sealed(&plain);
        let (a, b) = (ends.0.index(length + 1), ends.1.index(length + 1));
        let (from, to) = (a.min(b), a.max(b));
        let wanted = u64::try_from(from).unwrap()..u64::try_from(to).unwrap();
        let found = range(&whole, wanted).unwrap();
        prop_assert_eq!(found.as_slice(), &plain[from..to]);
        let mut bent = whole.clone();
        bent[place.index(whole.len())] ^= 1;
        prop_assert!(open_all(&key(), &at(), &bent).is_err());
    }
}
