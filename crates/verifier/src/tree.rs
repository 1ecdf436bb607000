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

/// The root of the tree without leaves (RFC 6962, section 2.1).
pub(crate) fn empty_root() -> Hash {
    Sha256::digest([]).into()
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

/// Whether a path shows that a tree of `size` leaves begins with the tree of `old` leaves (RFC 9162,
/// section 2.1.4.2). `old` is not nought.
pub(crate) fn grew(
    (old, old_root): (u64, &Hash),
    (size, root): (u64, &Hash),
    path: &[Hash],
) -> bool {
    if old == 0 || old > size {
        return false;
    }
    if old == size {
        return path.is_empty() && old_root == root;
    }
    let mut steps = path.iter();
    // A tree of a power of two of leaves is a node of the larger one; its hash is not sent.
    let first = if old.is_power_of_two() {
        Some(old_root)
    } else {
        steps.next()
    };
    let Some(first) = first else { return false };
    let (mut before, mut now) = (*first, *first);
    let (mut at, mut last) = (old - 1, size - 1);
    while at % 2 == 1 {
        at /= 2;
        last /= 2;
    }
    for step in steps {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            before = node_hash(step, &before);
            now = node_hash(step, &now);
            while at % 2 == 0 && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            now = node_hash(&now, step);
        }
        at /= 2;
        last /= 2;
    }
    last == 0 && before == *old_root && now == *root
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

    /// The proof as the RFC defines it, by recursion.
    fn growth(leaves: &[Hash], old: usize, whole: bool) -> Vec<Hash> {
        if old == leaves.len() {
            return if whole {
                Vec::new()
            } else {
                vec![root(leaves)]
            };
        }
        let (left, right) = leaves.split_at(half(leaves.len()));
        let (mut inner, other) = if old <= left.len() {
            (growth(left, old, whole), root(right))
        } else {
            (growth(right, old - left.len(), false), root(left))
        };
        inner.push(other);
        inner
    }

    #[test]
    fn every_small_tree_grew_from_its_beginnings_and_from_no_other_tree() {
        for size in 1..40_usize {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let now = (size as u64, &root(&leaves));
            for old in 1..=size {
                let path = growth(&leaves, old, true);
                let before = root(&leaves[..old]);
                assert!(grew((old as u64, &before), now, &path), "{old} of {size}");
                let other = leaf_hash(&before);
                assert!(!grew((old as u64, &other), now, &path), "{old} of {size}");
                assert!(!grew((old as u64, &before), (now.0, &other), &path));
                let longer = [path.as_slice(), &[other]].concat();
                assert!(!grew((old as u64, &before), now, &longer));
                if let Some((_, cut)) = path.split_first() {
                    assert!(!grew((old as u64, &before), now, cut), "{old} of {size}");
                }
            }
        }
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
