//! What a person says is wrong stays, and what they say instead goes with it.

use app::requests::{CorrectionOrder, Outcome, RequestKind};
use app::{ExportFormat, Until};
use domain::{Millis, Purpose, Secret, TenantRole};

use crate::desk::{chat, officer, take};
use crate::installation::{Engine, Installation};
use crate::requests::proven;

async fn corrected(engine: Engine) {
    let (place, post) = Installation::with_post(engine).await;
    let (app, officer) = (&place.app, officer(&place));
    let id = take(&place, chat(1, "tom@example.org")).await;
    let foreign = take(&place, chat(2, "eve@example.org")).await;
    app.work(Until::Drained, |_| {}).await.unwrap();
    let analyst = app.local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let exported = async |format| {
        let bytes = app.export(&analyst, id, format).await.unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let before: serde_json::Value =
        serde_json::from_str(&exported(ExportFormat::VCon).await).unwrap();
    assert!(before.get("amended").is_none());

    proven(
        &place,
        post.path(),
        RequestKind::Rectification,
        "tom@example.org",
    )
    .await;
    let case = app.cases(&officer).await.unwrap().remove(0).id;
    let order = |interaction, says: &str| CorrectionOrder {
        interaction,
        says: Secret::new(says),
        stretch: Some((Millis(0), Millis(1_000))),
    };
    let says =
        "It was two parcels, as I wrote. My name is Tobias Wexler, card 4111 1111 1111 1111.";
    for refused in [
        app.rectify_for(&officer, case, &order(foreign, says)).await,
        app.rectify_for(&officer, case, &order(id, "  ")).await,
        app.rectify_for(&analyst, case, &order(id, says)).await,
    ] {
        assert!(refused.is_err(), "{refused:?}");
    }
    app.rectify_for(&officer, case, &order(id, says))
        .await
        .unwrap();

    let seen = app.corrections(&analyst, id).await.unwrap();
    let shown = seen[0].correction.says.expose().to_owned();
    assert!(
        shown.contains("two parcels") && shown.contains("[CARD]"),
        "{shown}"
    );
    assert!(
        !shown.contains("Wexler") && !shown.contains("4111"),
        "{shown}"
    );
    assert!(app.corrections(&analyst, foreign).await.unwrap().is_empty());

    let after: serde_json::Value =
        serde_json::from_str(&exported(ExportFormat::VCon).await).unwrap();
    assert_eq!(after["amended"]["uuid"], before["uuid"]);
    assert_ne!(after["uuid"], before["uuid"]);
    assert!(after.get("redacted").is_none(), "one of both, never both");
    assert_eq!(after["dialog"], before["dialog"], "what was said stays");
    assert_eq!(after["attachments"][0]["type"], "privity.correction/1");
    for format in [
        ExportFormat::Json,
        ExportFormat::Txt,
        ExportFormat::Vtt,
        ExportFormat::Csv,
        ExportFormat::VCon,
    ] {
        let text = exported(format).await;
        assert!(text.contains("It was two parcels"), "{format:?}: {text}");
        assert!(!text.contains("Wexler"), "{format:?}");
    }
    let done = Outcome::Fulfilled {
        what: "your statement stands beside the conversation".to_owned(),
    };
    app.end_case(&officer, case, &done).await.unwrap();
    let late = app.rectify_for(&officer, case, &order(id, says)).await;
    assert!(late.is_err(), "the case has ended");

    // It is in what the person gets, and goes when the conversation goes.
    proven(&place, post.path(), RequestKind::Access, "tom@example.org").await;
    let access = app.cases(&officer).await.unwrap();
    let access = access
        .iter()
        .find(|one| one.case.kind == RequestKind::Access);
    let pack = app.access_pack(&officer, access.unwrap().id).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(pack.bytes.to_vec())).unwrap();
    let mut text = String::new();
    let mut file = zip.by_name(&format!("{id}.vcon.json")).unwrap();
    std::io::Read::read_to_string(&mut file, &mut text).unwrap();
    assert!(text.contains("It was two parcels"), "{text}");
    place.assert_unreadable(&["two parcels", "Wexler"]).await;
    assert_eq!(app.replay_ledger().await.unwrap().unmatched, []);
    app.erase(&officer, id).await.unwrap();
    assert!(app.corrections(&analyst, id).await.is_err());
}

#[tokio::test]
async fn p87_what_a_person_corrects_stands_beside_their_words_wherever_these_go() {
    corrected(Engine::Embedded).await;
}

#[tokio::test]
async fn p87_what_a_person_corrects_stands_beside_their_words_wherever_these_go_on_postgresql() {
    corrected(Engine::PostgreSql).await;
}
