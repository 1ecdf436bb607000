//! What leaves looks as recorded here, and what left comes back in.

#![expect(clippy::expect_used, reason = "helpers of tests")]

mod views;

use domain::{Channel, Content, Interaction, Millis, Role, Timestamp};
use formats::{
    Hints, Incoming, Kind, export_csv, export_json, export_txt, export_vcon, export_vtt, identify,
    read,
};
use views::{call, chat, metrics, view};

/// The smallest WAV header with two channels.
const WAV: &[u8] =
    b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0\x40\x1f\0\0\0\x7d\0\0\x04\0\x10\0data\0\0\0\0";

fn back(text: &str, kind: Kind) -> Incoming {
    assert_eq!(identify(text.as_bytes()), kind);
    let hints = Hints {
        received: Timestamp(1_791_000_000_000),
        agents: Vec::new(),
    };
    read(kind, text.as_bytes(), &hints)
        .expect("our own export")
        .remove(0)
}

fn said(interaction: &Interaction) -> Vec<(Role, u64, String)> {
    let role = |party: Option<domain::PartyIndex>| {
        let party = party.and_then(|at| interaction.parties.get(usize::from(at.0)));
        party.map_or(Role::Unknown, |party| party.role)
    };
    let mut found = Vec::new();
    for dialog in &interaction.dialogs {
        match &dialog.content {
            Content::Captions(cues) => found.extend(cues.iter().map(|cue| {
                (
                    role(cue.party),
                    cue.span.start().0,
                    cue.text.expose().to_owned(),
                )
            })),
            Content::Text { body, .. } => {
                let at: Millis = dialog.start.since(interaction.started);
                found.push((role(dialog.originator), at.0, body.expose().to_owned()));
            }
            Content::Media(_) | Content::None => {}
        }
    }
    found
}

fn of_call() -> Vec<(Role, u64, String)> {
    vec![
        (Role::Agent, 0, "Hello, how can I help?".to_owned()),
        (
            Role::Consumer,
            2_000,
            "[CARD] is <my> card & mine".to_owned(),
        ),
        (Role::Agent, 5_000, "Thank you, [PERSON]".to_owned()),
    ]
}

fn of_chat() -> Vec<(Role, u64, String)> {
    vec![
        (Role::Consumer, 0, "=SUM(A1) fails, \"why\"?".to_owned()),
        (Role::Agent, 30_000, "Let me look, [PERSON]".to_owned()),
    ]
}

#[test]
fn exports_look_as_recorded() {
    let (call, chat, metrics) = (call(), chat(), metrics());
    let spoken = view(&call, Channel::Voice, Some(&metrics), Some(WAV));
    let written = view(&chat, Channel::Chat, None, None);
    insta::assert_snapshot!("call_vcon", export_vcon(&spoken).unwrap());
    insta::assert_snapshot!("call_json", export_json(&spoken).unwrap());
    insta::assert_snapshot!("call_vtt", export_vtt(&spoken).unwrap());
    insta::assert_snapshot!("call_txt", export_txt(&spoken).unwrap());
    insta::assert_snapshot!("call_csv", export_csv(&spoken).unwrap());
    insta::assert_snapshot!("chat_vcon", export_vcon(&written).unwrap());
    insta::assert_snapshot!("chat_csv", export_csv(&written).unwrap());
}

#[test]
fn a_call_comes_back_in() {
    let call = call();
    let silent = view(&call, Channel::Voice, None, None);
    let audible = view(&call, Channel::Voice, None, Some(WAV));
    let vcon = back(&export_vcon(&silent).unwrap(), Kind::VCon).interaction;
    assert_eq!(said(&vcon), of_call());
    assert_eq!(
        vcon.started, silent.created,
        "a removed dialog has no start of its own"
    );
    let json = back(&export_json(&silent).unwrap(), Kind::InteractionJson).interaction;
    assert_eq!((said(&json), json.started), (of_call(), silent.started));
    let vtt = back(&export_vtt(&silent).unwrap(), Kind::WebVtt).interaction;
    assert_eq!(said(&vtt), of_call());
    let sound = back(&export_vcon(&audible).unwrap(), Kind::VCon).interaction;
    assert_eq!(sound.dialogs[0].content, Content::Media(WAV.to_vec()));
    assert_eq!(sound.dialogs[0].parties.len(), 2, "one party per channel");
    assert_eq!(sound.started, audible.started);
}

#[test]
fn a_chat_comes_back_in() {
    let chat = chat();
    let written = view(&chat, Channel::Chat, None, None);
    for (text, kind) in [
        (export_vcon(&written).unwrap(), Kind::VCon),
        (export_json(&written).unwrap(), Kind::InteractionJson),
        (export_csv(&written).unwrap(), Kind::ChatCsv),
    ] {
        let found = back(&text, kind).interaction;
        assert_eq!(said(&found), of_chat(), "{kind:?}");
        assert_eq!(
            (found.channel, found.started),
            (Channel::Chat, written.started),
            "{kind:?}"
        );
    }
}

#[test]
fn a_formula_is_defused_and_a_vcon_keeps_its_uuid() {
    let chat = chat();
    let written = view(&chat, Channel::Chat, None, None);
    assert!(export_csv(&written).unwrap().contains("\"'=SUM(A1)"));
    assert_eq!(
        export_vcon(&written).unwrap(),
        export_vcon(&written).unwrap()
    );
}
