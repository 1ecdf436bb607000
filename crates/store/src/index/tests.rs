use proptest::prelude::*;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{TenantId, Timestamp};
use uuid::Uuid;

use super::folder::Folder;
use super::source::{Count, Entry, Plan};
use super::*;
use crate::keys::{Key, KeyedHash};

fn plan() -> impl Strategy<Value = Candidates> {
    let moment = || prop::option::of((0i64..6).prop_map(Timestamp));
    let leaf = prop_oneof![
        Just(Candidates::All),
        Just(Candidates::None),
        (0u64..6).prop_map(|token| Candidates::Token(TokenId(token))),
        (moment(), moment()).prop_map(|(from, until)| Candidates::Started { from, until }),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Candidates::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Candidates::Or),
            inner.prop_map(|inner| Candidates::Not(Box::new(inner))),
        ]
    })
}

/// Start and tokens of an interaction.
type Doc = (i64, BTreeSet<u64>);

fn docs(most: usize) -> impl Strategy<Value = Vec<Doc>> {
    let doc = (0i64..6, prop::collection::btree_set(0u64..6, 0..6));
    prop::collection::vec(doc, 1..most)
}

/// The meaning of a plan, by its definition.
fn holds(plan: &Candidates, doc: &Doc) -> bool {
    match plan {
        Candidates::All => true,
        Candidates::None => false,
        Candidates::Token(token) => doc.1.contains(&token.0),
        Candidates::Started { from, until } => {
            from.is_none_or(|from| doc.0 >= from.0) && until.is_none_or(|until| doc.0 < until.0)
        }
        Candidates::Not(inner) => !holds(inner, doc),
        Candidates::And(parts) => parts.iter().all(|part| holds(part, doc)),
        Candidates::Or(parts) => parts.iter().any(|part| holds(part, doc)),
        Candidates::Next(..) | Candidates::Value { .. } => panic!("not among the cases"),
    }
}

fn engine_plan(plan: &Candidates) -> Plan {
    plan.plan(&KeyedHash::new(&Key::from_slice(&[7; 32]).unwrap()))
}

fn meets(plan: &Plan, doc: &Doc) -> bool {
    match plan {
        Plan::All => true,
        Plan::None => false,
        Plan::Token(token) => doc.1.contains(&token.0),
        Plan::Started(from, until) => {
            from.is_none_or(|from| doc.0 >= from.0) && until.is_none_or(|until| doc.0 < until.0)
        }
        Plan::Not(inner) => !meets(inner, doc),
        Plan::And(parts) => parts.iter().all(|part| meets(part, doc)),
        Plan::Or(parts) => parts.iter().any(|part| meets(part, doc)),
    }
}

fn nothing_bare_inside(plan: &Plan) -> bool {
    let whole = |part: &Plan| !matches!(part, Plan::All | Plan::None) && nothing_bare_inside(part);
    match plan {
        Plan::And(parts) | Plan::Or(parts) => parts.len() > 1 && parts.iter().all(whole),
        Plan::Not(inner) => whole(inner),
        Plan::All | Plan::None | Plan::Token(_) | Plan::Started(..) => true,
    }
}

proptest! {
    #[test]
    fn an_engines_plan_means_the_same_and_has_no_all_or_none_inside(
        plan in plan(),
        docs in docs(8),
    ) {
        let made = engine_plan(&plan);
        for doc in &docs {
            prop_assert_eq!(holds(&plan, doc), meets(&made, doc));
        }
        prop_assert!(nothing_bare_inside(&made), "{:?}", made);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// tantivy against the definition: what is found, in which order, page by page, and counted;
    /// over two commits, so over two segments, with an entry that was replaced.
    #[test]
    fn the_folder_finds_what_the_plan_means_newest_first(
        plan in plan(),
        docs in docs(12),
        replaced in (0i64..6, prop::collection::btree_set(0u64..6, 0..6)),
        size in 1usize..5,
    ) {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let tenant = TenantId::from_uuid(Uuid::from_u128(1));
        let spot = |place: usize, doc: &Doc| Spot {
            started: Timestamp(doc.0),
            id: InteractionId::from_uuid(Uuid::from_u128(place as u128)),
        };
        let entry = |place: usize, doc: &Doc| Entry {
            spot: spot(place, doc),
            tokens: doc.1.iter().copied().map(TokenId).collect(),
        };
        let mut docs = docs;
        let all: Vec<Entry> = docs.iter().enumerate().map(|(at, doc)| entry(at, doc)).collect();
        let (first, second) = all.split_at(all.len() / 2);
        docs[0] = replaced;
        let last = vec![entry(0, &docs[0])];
        let made = engine_plan(&plan);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (pages, count) = runtime.block_on(async {
            for entries in [first.to_vec(), second.to_vec(), last] {
                folder.put(tenant, entries).await.unwrap();
            }
            let mut pages: Vec<Spot> = Vec::new();
            loop {
                let after = pages.last().copied();
                let page = folder.page(tenant, &made, after, size).await.unwrap();
                let ended = page.len() < size;
                pages.extend(page);
                if ended {
                    break;
                }
            }
            let count = folder.count(tenant, &made, Duration::from_secs(60)).await.unwrap();
            (pages, count)
        });
        let mut expected: Vec<Spot> = docs
            .iter()
            .enumerate()
            .filter(|(_, doc)| holds(&plan, doc))
            .map(|(place, doc)| spot(place, doc))
            .collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        prop_assert_eq!(&pages, &expected);
        prop_assert_eq!(count, Count::exactly(expected.len() as u64));
        let hurried = runtime.block_on(folder.count(tenant, &made, Duration::ZERO)).unwrap();
        prop_assert!(hurried.at_least <= count.at_least);
        prop_assert!(hurried.at_most >= count.at_most);
    }
}
