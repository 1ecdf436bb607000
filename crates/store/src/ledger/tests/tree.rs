use std::cell::RefCell;

use proptest::prelude::*;
use tlog_tiles::{Hash, HashReader, record_hash, stored_hashes, tree_hash};

use crate::ledger::tree::{Edge, edge_tiles, hashes, tile_path};

/// The leaves and roots that RFC 6962's reference implementations test themselves with.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_those_of_rfc_6962() {
    let mut edge = Edge::default();
    assert_eq!(hex::encode(edge.root().0), ROOTS[0]);
    for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
        edge.push(record_hash(&hex::decode(leaf).unwrap()));
        assert_eq!(hex::encode(edge.root().0), *root);
    }
}

/// All hashes of a tree, as the crate stores them: an independent way to its root.
#[derive(Default)]
struct Stored(RefCell<Vec<Hash>>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let all = self.0.borrow();
        Ok(indexes
            .iter()
            .map(|at| all[usize::try_from(*at).unwrap()])
            .collect())
    }
}

#[test]
fn roots_and_tiles_agree_with_another_way_of_computing_them() {
    let stored = Stored::default();
    let mut edge = Edge::default();
    let mut full = 0;
    for n in 0..70_000u64 {
        let data = n.to_be_bytes();
        let new = stored_hashes(n, &data, &stored).unwrap();
        stored.0.borrow_mut().extend(new);
        for filled in edge.push(record_hash(&data)) {
            full += 1;
            if full % 50 == 1 {
                assert_eq!(filled.tile.read_data(&stored).unwrap(), filled.bytes);
            }
        }
        let size = n + 1;
        if size < 520 || size % 9973 == 0 || size == 70_000 {
            assert_eq!(edge.root(), tree_hash(size, &stored).unwrap(), "{size}");
        }
    }
    // The example of the tlog-tiles specification.
    assert_eq!(full, 273 + 1);
    let paths: Vec<String> = edge
        .partials(0)
        .iter()
        .map(|data| tile_path(&data.tile))
        .collect();
    assert_eq!(
        paths,
        ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    );
}

#[test]
fn a_full_tile_of_256_leaves_has_one_hash_above_it() {
    let mut edge = Edge::default();
    let mut filled = Vec::new();
    for n in 0..256u64 {
        filled.extend(edge.push(record_hash(&n.to_be_bytes())));
    }
    assert_eq!(filled.len(), 1);
    assert_eq!(tile_path(&filled[0].tile), "tile/0/000");
    assert_eq!(filled[0].bytes.len(), 8192);
    let partials = edge.partials(0);
    assert_eq!(partials.len(), 1);
    assert_eq!(tile_path(&partials[0].tile), "tile/1/000.p/1");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn a_tree_goes_on_from_its_unfinished_tiles(first in 0u64..2000, more in 0u64..600) {
        let leaf = |n: u64| record_hash(&n.to_be_bytes());
        let mut whole = Edge::default();
        let mut kept = std::collections::HashMap::new();
        for n in 0..first {
            whole.push(leaf(n));
        }
        for data in whole.partials(0) {
            kept.insert(tile_path(&data.tile), data.bytes);
        }
        let levels = edge_tiles(first)
            .iter()
            .map(|tile| tile.map_or_else(Vec::new, |tile| hashes(&kept[&tile_path(&tile)])))
            .collect();
        let mut again = Edge::from_levels(first, levels);
        prop_assert_eq!(again.root(), whole.root());
        for n in first..first + more {
            prop_assert_eq!(again.push(leaf(n)), whole.push(leaf(n)));
        }
        prop_assert_eq!(again.root(), whole.root());
    }
}
