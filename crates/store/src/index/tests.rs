use proptest::prelude::*;

use super::*;

fn plan() -> impl Strategy<Value = Candidates> {
    let leaf = prop_oneof![
        Just(Candidates::All),
        Just(Candidates::None),
        (0u64..6).prop_map(|token| Candidates::Token(TokenId(token))),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Candidates::And),
            prop::collection::vec(inner, 0..4).prop_map(Candidates::Or),
        ]
    })
}

/// The meaning of a plan, by its definition.
fn holds(plan: &Candidates, tokens: &BTreeSet<u64>) -> bool {
    match plan {
        Candidates::All => true,
        Candidates::None => false,
        Candidates::Token(token) => tokens.contains(&token.0),
        Candidates::And(parts) => parts.iter().all(|part| holds(part, tokens)),
        Candidates::Or(parts) => parts.iter().any(|part| holds(part, tokens)),
    }
}

proptest! {
    #[test]
    fn a_simplified_plan_means_the_same_and_has_no_all_or_none_inside(
        plan in plan(),
        tokens in prop::collection::btree_set(0u64..6, 0..6),
    ) {
        let simple = plan.simplified();
        prop_assert_eq!(holds(&plan, &tokens), holds(&simple, &tokens));
        let inside = |part: &Candidates| matches!(part, Candidates::All | Candidates::None);
        if let Candidates::And(parts) | Candidates::Or(parts) = &simple {
            prop_assert!(!parts.iter().any(inside));
            prop_assert!(parts.len() > 1);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// tantivy against the definition.
    #[test]
    fn the_folder_finds_what_the_plan_means(
        plan in plan(),
        docs in prop::collection::vec(prop::collection::btree_set(0u64..6, 0..6), 1..5),
    ) {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let tenant = TenantId::from_uuid(Uuid::from_u128(1));
        let named = |place: usize| InteractionId::from_uuid(Uuid::from_u128(place as u128));
        let entries = docs.iter().enumerate().map(|(place, tokens)| source::Entry {
            id: named(place),
            tokens: tokens.iter().copied().map(TokenId).collect(),
        });
        let simple = plan.simplified();
        if matches!(simple, Candidates::All | Candidates::None) {
            return Ok(());
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut found = runtime.block_on(async {
            folder.put(tenant, entries.collect()).await.unwrap();
            folder.find(tenant, &simple).await.unwrap()
        });
        found.sort();
        let expected: Vec<_> = docs
            .iter()
            .enumerate()
            .filter(|(_, tokens)| holds(&plan, tokens))
            .map(|(place, _)| named(place))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
