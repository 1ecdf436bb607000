use proptest::prelude::*;

use super::*;
use crate::testing::{Counting, Dice};

const KEY: [u8; 32] = [7; 32];

fn at<'a>(row: &'a str, column: &'a str) -> Address<'a> {
    Address {
        tenant: TenantId::from_uuid(Uuid::from_u128(7)),
        table: "objects",
        row,
        column,
    }
}

#[test]
fn every_version_of_a_sealed_record_opens() {
    let golden = include_str!("../../tests/golden/sealed.v1.hex").trim();
    let key = Key::from_bytes(KEY);
    let plain = open(&key, &at("int_1", "words"), &hex::decode(golden).unwrap()).unwrap();
    assert_eq!(plain.as_slice(), b"hello, sealed world");
    let same = seal(&key, &at("int_1", "words"), &plain, &Counting::default()).unwrap();
    assert_eq!(hex::encode(same), golden);
}

#[test]
fn an_unknown_version_is_named() {
    let key = Key::from_bytes(KEY);
    let mut sealed = seal(&key, &at("r", "c"), b"x", &Dice).unwrap();
    sealed[0] = 9;
    assert!(matches!(
        open(&key, &at("r", "c"), &sealed),
        Err(SealError::Version(9))
    ));
}

#[test]
fn an_address_is_not_its_fields_run_together() {
    let key = Key::from_bytes(KEY);
    let sealed = seal(&key, &at("ab", "c"), b"x", &Dice).unwrap();
    assert!(open(&key, &at("a", "bc"), &sealed).is_err());
    let elsewhere = Address {
        table: "turns",
        ..at("ab", "c")
    };
    assert!(open(&key, &elsewhere, &sealed).is_err());
    let stranger = Address {
        tenant: Address::INSTALLATION,
        ..at("ab", "c")
    };
    assert!(open(&key, &stranger, &sealed).is_err());
    assert!(open(&Key::from_bytes([8; 32]), &at("ab", "c"), &sealed).is_err());
}

proptest! {
    #[test]
    fn what_was_sealed_opens_and_any_bent_or_missing_byte_is_refused(
        plain in prop::collection::vec(any::<u8>(), 0..300),
        place in any::<prop::sample::Index>(),
        flip in 1u8..,
        cut in any::<prop::sample::Index>(),
    ) {
        let key = Key::from_bytes(KEY);
        let sealed = seal(&key, &at("r", "c"), &plain, &Dice).unwrap();
        let opened = open(&key, &at("r", "c"), &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
        let mut bent = sealed.clone();
        bent[place.index(sealed.len())] ^= flip;
        prop_assert!(open(&key, &at("r", "c"), &bent).is_err());
        prop_assert!(open(&key, &at("r", "c"), &sealed[..cut.index(sealed.len())]).is_err());
    }
}
