use super::*;
use crate::ledger::leaf::{Leaf, commit};

const ENTRY_V1: &str = include_str!("../../../tests/golden/ledger-entry.v1.json");
const LEAF_V1: &str = include_str!("../../../tests/golden/ledger-leaf.v1.hex");

fn full() -> Entry {
    Entry {
        role: Some("owner".to_owned()),
        count: Some(3),
        ..entry(7, 1_700_000_000_123)
    }
}

#[test]
fn every_version_of_an_entry_is_read() {
    assert_eq!(Entry::decode(ENTRY_V1.trim().as_bytes()), Some(full()));
    assert_eq!(full().encode().unwrap(), ENTRY_V1.trim().as_bytes());
    let scant = Entry::new(EntryKind::KeyMade, Timestamp(0), "cli", "rotate");
    assert_eq!(Entry::decode(&scant.encode().unwrap()), Some(scant));
}

#[test]
fn an_entry_of_another_version_or_with_more_in_it_is_refused() {
    for bent in [
        ENTRY_V1.replace("\"v\":1", "\"v\":2"),
        ENTRY_V1.replace("\"v\":1", "\"v\":1,\"name\":\"x\""),
        ENTRY_V1.replace("opened", "looked"),
    ] {
        assert_eq!(Entry::decode(bent.as_bytes()), None, "{bent}");
    }
}

#[test]
fn every_version_of_a_leaf_is_read() {
    let bytes = hex::decode(LEAF_V1.trim()).unwrap();
    let leaf = Leaf {
        index: 5,
        at: Timestamp(1_700_000_000_123),
        tenant: Some(tenant(7)),
        commitment: commit(&[0x11; 32], ENTRY_V1.trim().as_bytes()),
    };
    assert_eq!(Leaf::decode(&bytes), Some(leaf));
    assert_eq!(leaf.encode(), bytes);
    assert_eq!(Leaf::decode(&bytes[..64]), None);
}

#[test]
fn every_kind_of_entry_has_a_name_of_its_own() {
    for kind in EntryKind::ALL {
        assert_eq!(kind.key().parse(), Ok(*kind));
    }
}
