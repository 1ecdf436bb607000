//! Conversations that grow after they were taken in.

use crate::installation::{Engine, Installation};
use app::{IntakeOrder, Outcome, Until};
use domain::{InteractionId, Purpose, TenantRole};

fn mail(id: &str, answers: &[&str], from: &str, words: &str) -> Vec<u8> {
    let references: Vec<String> = answers.iter().map(|id| format!("<{id}>")).collect();
    let references = if references.is_empty() {
        String::new()
    } else {
        format!("References: {}\r\n", references.join(" "))
    };
    format!(
        "Message-ID: <{id}>\r\n{references}Date: Fri, 09 Oct 2026 07:4{} +0000\r\n\
         From: {from}\r\nTo: team@harbor.example\r\nSubject: A late parcel\r\n\r\n{words}\r\n",
        format_args!("{}:00", answers.len())
    )
    .into_bytes()
}

async fn send(place: &Installation, bytes: Vec<u8>) -> Outcome {
    let scope = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Storage);
    let mut outcomes = place
        .app
        .take_in(&scope, bytes, &IntakeOrder::default())
        .await
        .unwrap();
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

async fn turns(place: &Installation, id: InteractionId) -> usize {
    let done = place.app.work(Until::Drained, |_| {}).await.unwrap();
    assert_eq!((done.denied, done.poisoned), (0, 0));
    let review = place
        .app
        .local_scope(place.tenant, TenantRole::Analyst, Purpose::Review);
    let view = place.app.view(&review, id).await.unwrap();
    view.transcript.unwrap().turns().len()
}

const ANN: &str = "Ann <ann@example.org>";
const TEAM: &str = "Team <team@harbor.example>";

#[tokio::test]
async fn mails_that_arrive_one_by_one_are_one_thread_in_whatever_order() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let answer = mail("a@h", &["q@e"], TEAM, "It will arrive tomorrow.");
        let Outcome::Taken { id, .. } = send(&place, answer.clone()).await else {
            panic!("the first is new");
        };
        assert_eq!(turns(&place, id).await, 1);

        let question = mail("q@e", &[], ANN, "Where is my parcel?");
        let continued = Outcome::Continued { id, messages: 1 };
        assert_eq!(send(&place, question).await, continued);
        assert_eq!(turns(&place, id).await, 2);

        // Its writer's program names the parent only, not the thread's root.
        let thanks = mail("t@e", &["a@h"], ANN, "Thank you, it came.");
        assert_eq!(send(&place, thanks).await, continued);
        assert_eq!(turns(&place, id).await, 3);
        assert_eq!(send(&place, answer).await, Outcome::Known { id });
    }
}

fn chat(messages: &[&str]) -> Vec<u8> {
    let messages: Vec<String> = messages
        .iter()
        .enumerate()
        .map(|(n, text)| {
            format!(
                r#"{{ "from": {}, "at": "2026-10-08T16:2{n}:05Z", "text": "{text}" }}"#,
                n % 2
            )
        })
        .collect();
    format!(
        r#"{{ "format": "privity.chat/1", "id": "c-9", "channel": "chat",
        "started": "2026-10-08T16:20:05Z",
        "parties": [{{ "role": "consumer" }}, {{ "role": "agent" }}],
        "messages": [{}] }}"#,
        messages.join(",")
    )
    .into_bytes()
}

#[tokio::test]
async fn a_chat_that_is_sent_again_with_more_messages_goes_on() {
    for engine in Engine::BOTH {
        let place = Installation::new(engine).await;
        let Outcome::Taken { id, .. } = send(&place, chat(&["Hello there", "Good morning"])).await
        else {
            panic!("the first is new");
        };
        assert_eq!(turns(&place, id).await, 2);
        let longer = chat(&["Hello there", "Good morning", "My lamp is broken"]);
        assert_eq!(
            send(&place, longer.clone()).await,
            Outcome::Continued { id, messages: 1 }
        );
        assert_eq!(turns(&place, id).await, 3);
        assert_eq!(send(&place, longer).await, Outcome::Known { id });
    }
}
