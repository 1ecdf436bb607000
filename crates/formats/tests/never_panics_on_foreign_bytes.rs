//! Whatever bytes arrive, reading ends with interactions or an error, and every index in an
//! interaction points at something.

use domain::{Content, Interaction, Timestamp};
use formats::{Hints, Kind, identify, read};
use proptest::prelude::*;

const VCON: &str = r#"{"vcon":"0.4.0","uuid":"u","created_at":"2026-02-03T10:00:00Z","parties":[{"tel":"tel:+1555","role":"agent"},{"mailto":"a@b.c","name":"Zoë"}],"dialog":[{"type":"text","start":"2026-02-03T10:00:00Z","parties":[0,[1],null],"originator":1,"body":"hé > x","encoding":"none","message_id":"<a@b>"},{"type":"recording","parties":[0,1],"body":"UklGRg","encoding":"base64url"},{}],"analysis":[{"type":"transcript","dialog":2,"body":{"segments":[{"start":0,"end":1,"text":"x","speaker":1}]}}],"attachments":[{"type":"lawful_basis","body":{"lawful_basis":"consent","expiration":null,"purpose_grants":[{"purpose":"analysis","granted":true}]}},{"purpose":"consent","encoding":"json","body":"{\"consents\":[{\"consent\":\"storage\",\"value\":\"yes\"}]}"}]}"#;
const CHAT: &str = r#"{"format":"privity.chat/1","id":"1","parties":[{"role":"agent"},{"name":"é"}],"messages":[{"from":0,"at":"2026-01-01T00:00:00Z","text":"hi"},{"from":1,"at":"2026-01-01T00:00:09Z","text":"né"}],"meta":{"a":1}}"#;
const INTERACTION: &str = r#"{"format":"privity.interaction/1","id":"int_1","channel":"voice","direction":"inbound","started":"2026-01-01T00:00:00Z","parties":[{"role":"agent"}],"speakers":[{"label":"agent","party":0}],"turns":[{"speaker":0,"start_ms":0,"end_ms":5,"text":"a"}]}"#;
const CSV: &str =
    "conversation_id,at,role,name,text\n1,2026-01-01T00:00:00Z,agent,Bé,\"a \"\"b\"\"\"\n2,,x,,y\n";
const MAIL: &str = "Message-ID: <a@b>\nReferences: <c@d> <e@f>\nFrom: =?utf-8?Q?J=C3=BC?= <a@b.c>\nTo: x: y@z.a;\nDate: Tue, 3 Mar 2026 08:00:00 +0100\nContent-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/html\n\n<p>h\u{e9} <blockquote>x<blockquote>y</blockquote>\n--q--\n\nOn Monday\nAnn wrote:\n> é\n";
const VTT: &str = "WEBVTT\n\n00:01.500 --> 00:03.000 align:start\n<v.loud Sam É>Good <i>morning</i> &amp;</v>\nAnn: hé\n\n<v\n";
const SRT: &str = "1\n00:00:00,000 --> 00:00:02,500\nAgent: Hé <v x\n\n2\n00:00:02,600 --> 00:00:05,000\n- Ann Lee: x\n";

fn seeds() -> Vec<(Kind, Vec<u8>)> {
    let mbox = format!("From x\n{MAIL}\nFrom y\n>From z\n{MAIL}");
    vec![
        (Kind::VCon, VCON.into()),
        (Kind::ChatJson, CHAT.into()),
        (Kind::InteractionJson, INTERACTION.into()),
        (Kind::ChatCsv, CSV.into()),
        (Kind::Eml, MAIL.into()),
        (Kind::Mbox, mbox.into_bytes()),
        (Kind::WebVtt, VTT.into()),
        (Kind::Srt, SRT.into()),
    ]
}

fn hints() -> Hints {
    Hints {
        received: Timestamp(1_760_000_000_000),
        agents: vec!["a@b.c".to_owned()],
    }
}

/// Every party index points at a party.
fn whole(interaction: &Interaction) -> bool {
    let count = interaction.parties.len();
    interaction.dialogs.iter().all(|dialog| {
        let captions = match &dialog.content {
            Content::Captions(cues) => cues.as_slice(),
            _ => &[],
        };
        let named = dialog.parties.iter().flatten().chain(&dialog.originator);
        let mut all = named.chain(captions.iter().filter_map(|cue| cue.party.as_ref()));
        all.all(|index| usize::from(index.0) < count)
    })
}

#[test]
fn the_seeds_themselves_are_read() {
    for (kind, bytes) in seeds() {
        assert_eq!(identify(&bytes), kind);
        let found =
            read(kind, &bytes, &hints()).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert!(found.iter().all(|one| whole(&one.interaction)), "{kind:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn mutated_files_end_well(
        which in 0usize..8,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 0..10),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let (kind, mut bytes) = seeds().swap_remove(which);
        for (at, value, how) in edits {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = value,
                1 => bytes.insert(at, value),
                _ => drop(bytes.remove(at)),
            }
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        let told = identify(&bytes);
        for kind in [kind, told] {
            if let Ok(found) = read(kind, &bytes, &hints()) {
                prop_assert!(found.iter().all(|one| whole(&one.interaction)));
            }
        }
    }

    #[test]
    fn any_text_ends_well(text in "\\PC{0,200}", which in 0usize..8) {
        let (kind, _) = seeds().swap_remove(which);
        drop(read(kind, text.as_bytes(), &hints()));
        prop_assert!(!identify(text.as_bytes()).name().is_empty());
    }
}
