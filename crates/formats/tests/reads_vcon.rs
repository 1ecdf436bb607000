//! vCon of every version comes in, both spellings of what was renamed; sealed forms and what
//! is there by address only are refused in words.

use domain::{
    Channel, Content, DialogKind, Direction, Interaction, Millis, PartyIndex, Purpose, Role,
    Timestamp,
};
use formats::{FormatError, Hints, Incoming, Kind, identify, read};
use serde_json::{Value, json};

fn take(value: &Value) -> Result<Incoming, FormatError> {
    let hints = Hints {
        received: Timestamp(1_760_000_000_000),
        agents: vec!["+15550100".to_owned()],
    };
    let bytes = value.to_string();
    assert_eq!(identify(bytes.as_bytes()), Kind::VCon);
    read(Kind::VCon, bytes.as_bytes(), &hints).map(|mut found| found.remove(0))
}

fn call() -> Value {
    json!({
        "vcon": "0.0.1",
        "uuid": "018f6d2e-0000-8000-8000-000000000001",
        "created_at": "2026-02-03T10:00:00Z",
        "subject": "An order",
        "parties": [
            { "tel": "tel:+15550100", "name": "Sam" },
            { "tel": "+15550199", "mailto": "mailto:ann@example.org", "role": "customer" },
        ],
        "dialog": [{
            "type": "recording",
            "start": "2026-02-03T10:00:05+00:00",
            "duration": 12.5,
            "parties": [1, 0],
            "originator": 1,
            "mimetype": "audio/x-wav",
            "filename": "call.wav",
            "body": "UklGRgA_-w==",
            "encoding": "base64url",
            "session_id": "abc",
            "alg": "SHA-512",
            "signature": "x",
        }],
        "analysis": [],
        "attachments": [],
    })
}

#[test]
fn an_old_call_and_a_new_one_are_read_alike() {
    let old = call();
    let mut new = old.clone();
    new["vcon"] = json!("0.5.0");
    new["extensions"] = json!(["CC"]);
    new["critical"] = json!(["CC"]);
    new["amended_from"] = json!({ "uuid": "018f6d2e-0000-8000-8000-00000000000a" });
    let dialog = new["dialog"][0].as_object_mut().unwrap();
    for gone in ["mimetype", "alg", "signature"] {
        dialog.remove(gone);
    }
    dialog.insert("mediatype".into(), json!("audio/x-wav"));
    dialog.insert("content_hash".into(), json!("sha512-x"));
    dialog.insert("session_id".into(), json!({ "local": "a", "remote": "b" }));
    // Older writers used the other alphabet, and no padding is as good.
    dialog.insert("body".into(), json!("UklGRgA/+w"));
    let (old, new) = (take(&old).unwrap(), take(&new).unwrap());
    assert_eq!(old, new);
    let call: &Interaction = &old.interaction;
    assert_eq!(
        (call.channel, call.direction),
        (Channel::Voice, Direction::Inbound)
    );
    assert_eq!(call.parties[0].role, Role::Agent, "by the hint's number");
    assert_eq!(call.parties[1].role, Role::Consumer);
    assert_eq!(
        call.parties[1].mailto.as_ref().unwrap().expose(),
        "ann@example.org"
    );
    let dialog = &call.dialogs[0];
    assert_eq!(dialog.parties, [Some(PartyIndex(1)), Some(PartyIndex(0))]);
    assert_eq!(dialog.duration, Some(Millis(12_500)));
    assert_eq!(
        dialog.content,
        Content::Media(vec![0x52, 0x49, 0x46, 0x46, 0, 0x3f, 0xfb])
    );
    assert_eq!(call.started, Timestamp(1_770_112_805_000));
}

#[test]
fn every_version_and_none_is_read() {
    for version in [
        "0.0.1", "0.0.2", "0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0",
    ] {
        let mut value = call();
        value["vcon"] = json!(version);
        assert!(take(&value).unwrap().warnings.is_empty(), "{version}");
    }
    let mut value = call();
    value.as_object_mut().unwrap().remove("vcon");
    assert!(take(&value).is_ok());
    value["vcon"] = json!("9.0.0");
    assert_eq!(take(&value).unwrap().warnings.len(), 1);
}

#[test]
fn sealed_forms_and_unknown_critical_extensions_are_refused() {
    let signed = take(&json!({ "payload": "e30", "signatures": [] })).unwrap_err();
    assert!(signed.to_string().contains("signed vCon (JWS)"), "{signed}");
    let encrypted =
        json!({ "unprotected": {}, "recipients": [], "ciphertext": "x", "iv": "", "tag": "" });
    let encrypted = take(&encrypted).unwrap_err();
    assert!(
        encrypted.to_string().contains("encrypted vCon (JWE)"),
        "{encrypted}"
    );
    for key in ["critical", "must_support"] {
        let mut value = call();
        value[key] = json!(["CC", "quantum"]);
        let refused = take(&value).unwrap_err().to_string();
        assert!(refused.contains(&format!("$.{key}[1]")), "{refused}");
    }
}

#[test]
fn what_is_there_by_address_only_is_told_and_never_fetched() {
    let mut value = call();
    let dialog = value["dialog"][0].as_object_mut().unwrap();
    dialog.remove("body");
    dialog.insert("url".into(), json!("https://example.org/ann-lee.wav"));
    let refused = take(&value).unwrap_err();
    assert_eq!(refused.key(), "unsupported");
    let refused = refused.to_string();
    assert!(
        refused.contains("nothing is fetched") && !refused.contains("ann-lee"),
        "{refused}"
    );
    value["dialog"].as_array_mut().unwrap().push(json!({
        "type": "text", "start": "2026-02-03T10:01:00Z", "parties": [0, 1], "body": "hi", "encoding": "none",
    }));
    let found = take(&value).unwrap();
    assert_eq!(
        (found.interaction.dialogs.len(), found.warnings.len()),
        (1, 1)
    );
}

#[test]
fn texts_mail_html_and_transfers_become_dialogs() {
    let value = json!({
        "uuid": "u", "created_at": "2026-02-03T10:00:00Z",
        "parties": [{ "mailto": "a@example.org" }, { "mailto": "b@example.org", "role": "agent" }, { "type": "bot" }],
        "dialog": [
            {},
            { "type": "text", "start": "Tue, 03 Feb 2026 10:00:00 +0000", "parties": 0, "message_id": "<1@x>",
              "mediatype": "text/plain", "body": "New.\n\n> old", "encoding": "none" },
            { "type": "text", "start": "2026-02-03T10:05:00Z", "parties": [1, 0], "originator": 1,
              "mediatype": "text/html", "body": "PHA-SGkgJmFtcDsgYnllPC9wPg", "encoding": "base64url" },
            { "type": "transfer", "start": "2026-02-03T10:06:00Z", "transferee": 0, "transferor": 1, "transfer_target": 2 },
        ],
    });
    let found = take(&value).unwrap().interaction;
    assert_eq!(
        (found.channel, found.direction),
        (Channel::Email, Direction::Inbound)
    );
    assert_eq!(found.parties[2].role, Role::Bot);
    let kinds: Vec<DialogKind> = found.dialogs.iter().map(|dialog| dialog.kind).collect();
    assert_eq!(
        kinds,
        [DialogKind::Text, DialogKind::Text, DialogKind::Signalling]
    );
    let texts: Vec<(&str, bool)> = found
        .dialogs
        .iter()
        .filter_map(|dialog| match &dialog.content {
            Content::Text { body, quoted } => Some((body.expose(), quoted.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [("New.", true), ("Hi & bye", false)]);
}

#[test]
fn a_transcript_made_elsewhere_stands_for_a_recording_that_is_not_here() {
    let wtf = json!({
        "transcript": { "text": "Hello. Hi.", "language": "en", "duration": 3.0, "confidence": 0.9 },
        "segments": [
            { "id": 1, "start": 1.5, "end": 2.0, "text": "Hi.", "speaker": "customer" },
            { "id": 0, "start": 0.0, "end": 1.25, "text": "Hello.", "confidence": 0.5, "speaker": 1 },
        ],
        "metadata": {},
    });
    for (kind, body, encoding) in [
        ("transcript", wtf.clone(), "json"),
        ("wtf_transcription", json!(wtf.to_string()), "json"),
        ("transcript", json!({ "wtf_transcription": wtf }), "json"),
        ("transcript", json!(wtf.to_string()), "none"),
    ] {
        let mut value = call();
        value["dialog"][0] = json!({ "type": "recording", "start": "2026-02-03T10:00:05Z", "parties": [1, 0], "url": "https://x", "content_hash": "y" });
        value["analysis"] = json!([{ "type": kind, "dialog": 0, "vendor": "v", "body": body, "encoding": encoding }]);
        let found = take(&value).unwrap().interaction;
        let Content::Captions(cues) = &found.dialogs[0].content else {
            panic!("captions expected");
        };
        assert_eq!((cues.len(), found.channel), (2, Channel::Voice));
        assert_eq!(cues[0].text.expose(), "Hello.");
        assert_eq!(
            cues[0].party,
            Some(PartyIndex(0)),
            "the second channel's party"
        );
        assert_eq!(cues[1].party, Some(PartyIndex(1)), "by role");
        assert_eq!(cues[0].span.end(), Millis(1_250));
        assert_eq!(cues[0].confidence, Some(0.5));
    }
    let mut value = call();
    value["analysis"] = json!([{ "type": "transcript", "dialog": 0, "vendor": "v", "body": wtf, "encoding": "json" }]);
    let found = take(&value).unwrap();
    assert_eq!(
        found.interaction.dialogs.len(),
        1,
        "the recording itself is better"
    );
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn lawful_bases_come_in_from_both_drafts_and_both_spellings() {
    let grants = json!([
        { "purpose": "recording", "granted": true, "granted_at": "2026-01-01T00:00:00Z" },
        { "purpose": "transcription", "granted": true, "conditions": [] },
        { "purpose": "analysis", "granted": false },
        { "purpose": "sharing", "granted": true, "conditions": ["only abroad"] },
    ]);
    let expected = vec![
        (Purpose::Storage, true),
        (Purpose::Transcription, true),
        (Purpose::Analysis, false),
        (Purpose::Sharing, false),
    ];
    for key in ["type", "purpose"] {
        let mut value = call();
        let body = json!({ "lawful_basis": "contract", "expiration": "2027-01-01T00:00:00Z", "purpose_grants": grants });
        value["attachments"] = json!([{ key: "lawful_basis", "start": "2026-02-03T10:00:00Z", "party": 0, "dialog": 0, "encoding": "json", "body": body }]);
        let bases = take(&value).unwrap().interaction.lawful_bases;
        assert_eq!(bases[0].basis, "contract");
        assert_eq!(bases[0].expires, Some(Timestamp(1_798_761_600_000)));
        assert_eq!(bases[0].grants, expected, "{key}");
    }
    for consents in [
        json!([{ "purpose": "transcription", "status": "granted" }, { "purpose": "analysis", "status": "denied" }]),
        json!([{ "consent": "transcription", "value": true }, { "consent": "analysis", "value": false }]),
    ] {
        let mut value = call();
        value["attachments"] = json!([{ "type": "consent", "body": json!({ "expiration": null, "party": 0, "consents": consents }).to_string(), "encoding": "json" }]);
        let bases = take(&value).unwrap().interaction.lawful_bases;
        assert_eq!(bases[0].basis, "consent");
        assert_eq!(
            bases[0].grants,
            [(Purpose::Transcription, true), (Purpose::Analysis, false)]
        );
    }
}

#[test]
fn a_basis_that_grants_nothing_known_refuses_everything() {
    let mut value = call();
    value["attachments"] = json!([{ "type": "lawful_basis", "body": { "lawful_basis": "consent", "purpose_grants": [{ "purpose": "astrology", "granted": true }] } }]);
    let bases = take(&value).unwrap().interaction.lawful_bases;
    assert!(!bases[0].grants.is_empty() && bases[0].grants.iter().all(|(_, granted)| !granted));
    value["attachments"][0]["body"]["lawful_basis"] = json!("because");
    assert!(take(&value).is_err());
}

#[test]
fn mistakes_name_their_path() {
    for (pointer, wrong, place) in [
        ("/dialog/0/parties", json!([0, 7]), "$.dialog[0].parties[1]"),
        ("/dialog/0/body", json!("%%%"), "$.dialog[0].body"),
        ("/dialog/0/start", json!("noon"), "$.dialog[0].start"),
        ("/dialog/0/type", json!("song"), "$.dialog[0].type"),
        ("/parties", json!({}), "$.parties"),
        ("/created_at", json!([]), "$.created_at"),
    ] {
        let mut value = call();
        *value.pointer_mut(pointer).unwrap() = wrong;
        let message = take(&value).unwrap_err().to_string();
        assert!(message.contains(&format!("`{place}`")), "{message}");
    }
}
