//! The machine forms say what the document says.

use policy::exports;
use serde_json::Value;

use crate::asking::shipped;

#[test]
fn the_fideslang_manifest_declares_what_is_permitted_and_nothing_else() {
    let text = exports::fideslang(&shipped());
    let body = text.split_once('\n').unwrap().1;
    let manifest: Value = serde_json::from_str(body).unwrap();
    let declared = manifest["system"][0]["privacy_declarations"]
        .as_array()
        .unwrap();
    let names: Vec<&str> = declared
        .iter()
        .map(|d| d["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"hosting.analysis"));
    for never in [
        "train_ai_system",
        "improve.system",
        "third_party_sharing.sale",
    ] {
        assert!(!names.contains(&never), "{never}");
    }
    let sharing = declared.iter().find(|d| d["name"] == "hosting.sharing");
    assert_eq!(sharing.unwrap()["data_shared_with_third_parties"], true);
    let analysis = declared
        .iter()
        .find(|d| d["name"] == "hosting.analysis")
        .unwrap();
    let data: Vec<&str> = analysis["data_categories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .collect();
    assert_eq!(data, ["user.content.redacted", "user.behavior.interaction"]);
}

#[test]
fn the_dpv_notice_names_the_version_and_every_recipient() {
    let policy = shipped();
    let notice: Value = serde_json::from_str(&exports::dpv(&policy)).unwrap();
    assert_eq!(notice["@id"], format!("urn:sha256:{}", policy.version()));
    let recipients = notice["dpv:hasRecipient"].as_array().unwrap();
    assert_eq!(recipients.len(), policy.recipients().len());
    assert!(
        recipients
            .iter()
            .all(|r| r["urn:privity:p3p-recipient"].is_string())
    );
}

/// While no clause in force promises to heed the signal, the file must not say so.
#[test]
fn gpc_support_is_claimed_only_where_it_is_promised() {
    let support: Value = serde_json::from_str(&exports::gpc(&shipped())).unwrap();
    assert_eq!(support["gpc"], false);
    let text = shipped().text().replacen(
        "topics = [\"children\"]",
        "topics = [\"children\"]\ndoes = [\"heed_gpc\"]",
        1,
    );
    let promised = policy::Policy::parse(&text).unwrap();
    let support: Value = serde_json::from_str(&exports::gpc(&promised)).unwrap();
    assert_eq!(support["gpc"], true);
}
