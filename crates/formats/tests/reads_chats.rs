//! Chats as JSON and as rows come in whole, and mistakes name their place.

use domain::{Channel, Content, Direction, Interaction, Millis, Role, Timestamp};
use formats::{Hints, Incoming, Kind, read};

fn hints(agents: &[&str]) -> Hints {
    Hints {
        received: Timestamp(1_760_000_000_000),
        agents: agents.iter().map(|agent| (*agent).to_owned()).collect(),
    }
}

fn body(interaction: &Interaction, index: usize) -> &str {
    match interaction.dialogs.get(index).map(|dialog| &dialog.content) {
        Some(Content::Text { body, .. }) => body.expose(),
        _ => "",
    }
}

fn json(text: &str) -> Result<Vec<Incoming>, String> {
    read(Kind::ChatJson, text.as_bytes(), &hints(&[])).map_err(|error| error.to_string())
}

#[test]
fn the_sample_chat_comes_in_whole() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/chat.json");
    let found = read(Kind::ChatJson, &std::fs::read(path).unwrap(), &hints(&[])).unwrap();
    let chat = &found[0].interaction;
    assert_eq!(
        (chat.channel, chat.direction),
        (Channel::Chat, Direction::Inbound)
    );
    assert_eq!((chat.parties.len(), chat.dialogs.len()), (2, 9));
    assert_eq!(chat.parties[0].role, Role::Agent);
    assert_eq!(
        chat.parties[1].mailto.as_ref().unwrap().expose(),
        "thomas.wright@example.net"
    );
    assert_eq!(chat.dialogs[1].originator.unwrap().0, 0);
    assert_eq!(chat.dialogs[1].start.since(chat.started), Millis(36_000));
    assert!(body(chat, 4).contains("5555 5555 5555 4444"));
    assert_eq!(chat.metadata["queue"].expose(), "accounts");
    assert!(chat.source.is_some() && found[0].warnings.is_empty());
}

#[test]
fn a_mistake_names_its_path_and_never_the_words() {
    let good = r#"{"format":"privity.chat/1","parties":[{"role":"agent"}],"messages":[{"from":0,"at":"2026-01-01T00:00:00Z","text":"hi"}]}"#;
    assert!(json(good).is_ok());
    let cases = [
        (good.replace("chat/1", "chat/2"), "$.format"),
        (
            good.replace("\"from\":0", "\"from\":3"),
            "$.messages[0].from",
        ),
        (
            good.replace("\"agent\"", "\"Mr Smith\""),
            "$.parties[0].role",
        ),
        (
            good.replace("2026-01-01T00:00:00Z", "yesterday"),
            "$.messages[0].at",
        ),
        (
            good.replace("\"text\":\"hi\"", "\"text\":7"),
            "$.messages[0].text",
        ),
        (
            good.replace("\"text\":\"hi\"", "\"txt\":\"secret\""),
            "$.messages[0]",
        ),
        (good.replace("\"messages\"", "\"masseges\""), "$"),
        (good[..40].to_owned(), "line 1"),
    ];
    for (text, place) in cases {
        let message = json(&text).unwrap_err();
        assert!(message.contains(&format!("`{place}")), "{message}");
        assert!(
            !message.contains("Smith") && !message.contains("secret"),
            "{message}"
        );
    }
    assert!(
        json(&good.replace(r#"{"from":0,"at":"2026-01-01T00:00:00Z","text":"hi"}"#, "")).is_err()
    );
}

#[test]
fn rows_become_one_interaction_per_conversation() {
    let text = "\u{feff}Conversation ID;At;Role;Name;Text;Message ID\r\n\
        c1;2026-03-01T09:00:00Z;customer;Ann Lee;\"Hello; is \"\"this\"\" on?\";m1\r\n\
        c2;2026-03-01 09:30:00;customer;;Other one;\r\n\
        c1;2026-03-01T09:00:30Z;agent;Bo;Yes.;m2\r\n\
        ;;;;;\r\n\
        c1;;agent;Bo;=1+1;\r\n";
    let found = read(Kind::ChatCsv, text.as_bytes(), &hints(&[])).unwrap();
    assert_eq!(found.len(), 2);
    let first = &found[0].interaction;
    assert_eq!(first.dialogs.len(), 3);
    assert_eq!(body(first, 0), "Hello; is \"this\" on?");
    assert_eq!(body(first, 2), "=1+1");
    assert_eq!(
        first.parties.iter().map(|p| p.role).collect::<Vec<_>>(),
        [Role::Consumer, Role::Agent]
    );
    assert_eq!(first.direction, Direction::Inbound);
    assert_eq!(first.dialogs[0].message_id.as_deref(), Some("m1"));
    assert_eq!(found[0].warnings.len(), 1, "the missing time is told");
    assert_eq!(found[1].interaction.started, Timestamp(1_772_357_400_000));
    assert_ne!(found[0].interaction.source, found[1].interaction.source);
}

#[test]
fn rows_take_the_agents_from_the_hints_and_errors_name_the_line() {
    let text = "chat_id,sender,message\n1,Zoe,hi\n1,Sam,hello\n";
    let found = read(Kind::ChatCsv, text.as_bytes(), &hints(&["sam"])).unwrap();
    let roles: Vec<Role> = found[0]
        .interaction
        .parties
        .iter()
        .map(|p| p.role)
        .collect();
    assert_eq!(roles, [Role::Unknown, Role::Agent]);
    assert_eq!(found[0].interaction.direction, Direction::Inbound);
    for (text, place) in [
        ("chat_id,sender\n1,2\n", "line 1"),
        ("chat_id,at,text\n1,soon,hi\n", "line 2"),
        ("chat_id,at,text\n,,hi\n", "line 2"),
    ] {
        let message = read(Kind::ChatCsv, text.as_bytes(), &hints(&[]))
            .unwrap_err()
            .to_string();
        assert!(message.contains(place), "{message}");
    }
}
