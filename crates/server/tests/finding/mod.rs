//! Searching on the page.

use app::{IntakeOrder, Outcome, Until};
use domain::{Purpose, TenantRole};

use crate::{Place, owner, place};

/// A chat of the given day that says the given words.
async fn said(place: &Place, day: u8, words: &str) -> String {
    let scope = place
        .app
        .local_scope(place.tenant.id, TenantRole::Analyst, Purpose::Storage);
    let at = format!("2026-10-{day:02}T09:00:00Z");
    let file = serde_json::json!({
        "format": "privity.chat/1",
        "id": format!("c-{day}"),
        "channel": "chat",
        "started": at,
        "direction": "inbound",
        "parties": [{"role": "agent"}, {"role": "consumer"}],
        "messages": [{"from": 1, "at": at, "text": words}]
    });
    let file = file.to_string().into_bytes();
    let order = IntakeOrder::default();
    let taken = place.app.take_in(&scope, file, &order).await;
    let taken = taken.unwrap();
    let Outcome::Taken { id, .. } = &taken[0] else {
        panic!("{taken:?}");
    };
    place.app.work(Until::Drained, |_| {}).await.unwrap();
    id.to_string()
}

#[tokio::test]
async fn results_come_newest_or_best_first() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let dense = said(&place, 1, "refund, I want my refund, where is the refund").await;
    let thin = said(
        &place,
        2,
        "somebody spoke of a refund when I called about my bill",
    )
    .await;
    for (order, first, second) in [("newest", &thin, &dense), ("best", &dense, &thin)] {
        let asked = [("query", "refund"), ("order", order)];
        let page = ada.post(&place, "/search", "/search", &asked).await.text;
        let of = |id: &str| page.find(&format!("/interactions/{id}\""));
        assert!(
            of(first).is_some() && of(first) < of(second),
            "{order}: {page}"
        );
        assert!(
            page.contains(&format!("are shown, {order} first")),
            "{page}"
        );
        let chosen = format!("name=\"order\" value=\"{order}\" checked");
        assert!(
            page.contains(&chosen),
            "what was asked stays chosen: {page}"
        );
    }
}
