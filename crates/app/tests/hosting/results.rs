//! Pages of results: facets, ranking, going on after a page, and a budget of time.

use app::{FacetValue, IntakeOrder, Outcome, Ranking, Results, SearchRequest, Until};
use domain::{InteractionId, Metadata, Millis, Purpose, Secret, TenantRole};

use crate::installation::{Engine, Installation};

async fn chat(place: &Installation, minute: u32, text: &str, queue: &str) -> InteractionId {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let chat = format!(
        r#"{{ "format": "privity.chat/1", "id": "{minute}", "channel": "chat",
  "started": "2026-10-08T16:{minute:02}:00Z", "direction": "inbound",
  "parties": [{{ "role": "agent", "name": "Priya Nair" }}, {{ "role": "consumer" }}],
  "messages": [{{ "from": 1, "at": "2026-10-08T16:{minute:02}:00Z", "text": "{text}" }}] }}"#
    );
    let order = IntakeOrder {
        metadata: Metadata::from([
            ("queue".to_owned(), Secret::new(queue)),
            ("note".to_owned(), Secret::new("write to jo@shop.example")),
        ]),
        ..IntakeOrder::default()
    };
    let taken = place.app.take_in(&scope, chat.into_bytes(), &order).await;
    match taken.unwrap().as_slice() {
        [Outcome::Taken { id, .. }] => *id,
        other => panic!("{other:?}"),
    }
}

async fn results(place: &Installation, request: &SearchRequest) -> Results {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    place.app.results(&scope, request).await.unwrap()
}

fn ids(results: &Results) -> Vec<InteractionId> {
    results.hits.iter().map(|hit| hit.summary.id).collect()
}

#[tokio::test]
async fn results_are_counted_narrowed_ranked_and_paged() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let first = chat(&place, 1, "refund please, refund", "billing").await;
        let second = chat(&place, 2, "a refund", "billing").await;
        let third = chat(&place, 3, "my refund", "Second Line").await;
        place.app.work(Until::Drained, |_| {}).await.unwrap();

        let all = results(&place, &SearchRequest::new("refund")).await;
        assert_eq!(ids(&all), [third, second, first]);
        let facet = |name: &str| {
            let found = all.facets.iter().find(|facet| facet.field == name);
            found.map(|facet| facet.values.clone()).unwrap_or_default()
        };
        assert_eq!(
            facet("queue"),
            [("billing".to_owned(), 2), ("Second Line".to_owned(), 1)]
        );
        assert_eq!(facet("language"), [("en".to_owned(), 3)]);
        assert_eq!(
            facet("note")[0].0,
            "write to [EMAIL]",
            "what was declared is redacted too"
        );
        let (agent, count) = facet("agent").remove(0);
        assert!(
            agent.starts_with("agent-") && count == 3,
            "a name is not shown: {agent}"
        );

        let queue = |value: &str| {
            vec![FacetValue {
                field: "queue".to_owned(),
                value: value.to_owned(),
            }]
        };
        let mut narrowed = SearchRequest::new("refund");
        narrowed.include = queue("second line");
        assert_eq!(ids(&results(&place, &narrowed).await), [third]);
        narrowed.exclude = narrowed.include;
        narrowed.include = Vec::new();
        assert_eq!(ids(&results(&place, &narrowed).await), [second, first]);
        let asked = results(&place, &SearchRequest::new("refund queue:billing")).await;
        assert_eq!(asked.total, 2);

        let mut best = SearchRequest::new("refund");
        best.ranking = Ranking::Best;
        assert_eq!(ids(&results(&place, &best).await), [first, third, second]);

        // What arrives in between is not on the next page, and nothing is twice or left out.
        let mut page = SearchRequest::new("refund");
        page.limit = 2;
        let one = results(&place, &page).await;
        assert_eq!(ids(&one), [third, second]);
        let fourth = chat(&place, 4, "refund", "billing").await;
        place.app.work(Until::Drained, |_| {}).await.unwrap();
        page.after = Some(one.next.unwrap().to_string().parse().unwrap());
        let two = results(&place, &page).await;
        assert_eq!(ids(&two), [first]);
        assert!(two.next.is_none() && two.total == 4);

        let mut hurried = SearchRequest::new("refund");
        hurried.budget = Millis(0);
        let partial = results(&place, &hurried).await;
        let most = partial.total.at_most.unwrap();
        assert!(
            partial.total.at_least <= most && most <= 4,
            "{:?}",
            partial.total
        );
        assert_eq!(partial.partial, partial.examined < 4);
        assert_eq!(
            results(&place, &SearchRequest::new("refund")).await.hits[0]
                .summary
                .id,
            fourth
        );
    }
}
