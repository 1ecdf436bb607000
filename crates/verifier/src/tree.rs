//! The path from a leaf to the root (RFC 6962, section 2.1.1; the loop is RFC 9162, 2.1.3.2).

use sha2::{Digest, Sha256};

/// A node of the tree.
pub(crate) type Hash = [u8; 32];

/// The hash of a leaf's bytes.
pub(crate) fn leaf_hash(bytes: &[u8]) -> Hash {
    let mut sum = Sha256::new();
    sum.update([0]);
    sum.update(bytes);
    sum.finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut sum = Sha256::new();
    sum.update([1]);
    sum.update(left);
    sum.update(right);
    sum.finalize().into()
}

/// Whether the path leads from the leaf at `index` to the root of a tree of `size` leaves.
pub(crate) fn leads_to(root: &Hash, size: u64, index: u64, leaf: Hash, path: &[Hash]) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(step, &hash);
            while at % 2 == 0 && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        at /= 2;
        last /= 2;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as the RFC defines it, by recursion.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(half(leaves.len()));
                node_hash(&root(left), &root(right))
            }
        }
    }

    fn path(leaves: &[Hash], index: usize) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(half(leaves.len()));
        let (mut inner, other) = if index < left.len() {
            (path(left, index), root(right))
        } else {
            (path(right, index - left.len()), root(left))
        };
        inner.push(other);
        inner
    }

    fn half(count: usize) -> usize {
        count.next_power_of_two() / 2
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_found_and_no_other_place_is() {
        for size in 1..40_usize {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let root = root(&leaves);
            for index in 0..size {
                let path = path(&leaves, index);
                let found = |size: usize, at: usize, path: &[Hash]| {
                    leads_to(&root, size as u64, at as u64, leaves[index], path)
                };
                assert!(found(size, index, &path), "{index} of {size}");
                for other in (0..size).filter(|other| *other != index) {
                    assert!(!found(size, other, &path), "{index} at {other} of {size}");
                }
                assert!(!found(size, size, &path));
                if let Some((_, cut)) = path.split_first() {
                    assert!(!found(size, index, cut));
                }
                let longer = [path.as_slice(), &[root]].concat();
                assert!(!found(size, index, &longer));
            }
        }
    }
}
