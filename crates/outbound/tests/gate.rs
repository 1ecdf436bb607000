//! What leaves, and what the other side gets: each transport against a listener of its own.

#![cfg(test)]

use std::path::Path;

use domain::{
    Actor, ActorKind, Chance, DataCategory, InteractionId, LawfulBasis, NoChance, Purpose,
    RecipientKind, Secret, TenantId, TenantRole, Timestamp,
};
use outbound::{
    Endpoint, Gateway, Letter, OutboundError, Parcel, Post, Sticky, open_bundle, verify_webhook,
};
use policy::{Desk, Disclose, Facts, Lacks, Permit, Policy, RecipientFacts, Scope, Seal, decide};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const KINDS: &[DataCategory] = &[
    DataCategory::RedactedContent,
    DataCategory::InteractionMetadata,
];

struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

fn interaction() -> InteractionId {
    "int_00000000000000000000000000000001".parse().unwrap()
}

fn scope(purpose: Purpose) -> Scope {
    let tenant: TenantId = "ten_00000000000000000000000000000001".parse().unwrap();
    let kind = ActorKind::TenantUser {
        role: TenantRole::PrivacyOfficer,
        own: Vec::new(),
    };
    let actor = Actor {
        kind,
        handle: "test".to_owned(),
    };
    Scope::for_test(tenant, actor, purpose, NOW)
}

fn permit() -> Permit<Disclose, InteractionId> {
    let facts = Facts {
        instruction: Some("order 1".to_owned()),
        subjects: 2,
        lawful_bases: vec![LawfulBasis {
            basis: "consent".to_owned(),
            expires: None,
            grants: vec![(Purpose::Sharing, true)],
        }],
        recipient: Some(RecipientFacts {
            granted: true,
            noticed: true,
            lacks: Lacks::default(),
        }),
        ..Facts::default()
    };
    let policy = Policy::shipped().unwrap();
    decide(
        &policy,
        &scope(Purpose::Sharing),
        interaction(),
        KINDS,
        &facts,
    )
    .unwrap()
}

fn writing() -> Permit<Seal, Desk> {
    let policy = Policy::shipped().unwrap();
    let kinds = &[DataCategory::Contact, DataCategory::InteractionMetadata];
    let facts = Facts::default();
    decide(&policy, &scope(Purpose::Governance), Desk, kinds, &facts).unwrap()
}

fn parcel() -> Parcel {
    Parcel {
        id: "dis_00000000000000000000000000000001".parse().unwrap(),
        interaction: interaction(),
        kind: RecipientKind::Processor,
        purpose: Purpose::Sharing,
        categories: KINDS.to_vec(),
        media_type: "text/plain",
        bytes: Zeroizing::new(b"redacted words".to_vec()),
        sticky: Sticky {
            policy_version: "1".to_owned(),
            purpose: "hosting.sharing".to_owned(),
            categories: vec!["user.content.redacted".to_owned()],
            clauses: vec!["P105".to_owned()],
            terms: vec!["same_purposes".to_owned()],
            erase_by: Some(5),
        },
    }
}

fn gateway(post: Option<&str>) -> Gateway {
    let post = post.map(|url| Post::parse(url).unwrap());
    Gateway::new(post, "privacy@operator.example").unwrap()
}

async fn deliver(endpoint: &Endpoint, parcel: &Parcel) -> Result<outbound::Slip, OutboundError> {
    gateway(None)
        .deliver(&permit(), endpoint, parcel, &Dice, NOW)
        .await
}

fn folder(path: &Path) -> Endpoint {
    Endpoint::Folder {
        path: path.to_owned(),
        secret: "sixteen letters at least".into(),
    }
}

#[tokio::test]
async fn a_bundle_opens_with_its_secret_and_under_its_policy_only() {
    let out = tempfile::tempdir().unwrap();
    let slip = deliver(&folder(out.path()), &parcel()).await.unwrap();
    let file = std::fs::read(out.path().join(&slip.answer)).unwrap();
    assert_eq!(u64::try_from(file.len()).unwrap(), slip.sent);
    let secret = Secret::from("sixteen letters at least");
    let (payload, sticky) = open_bundle(&secret, &file).unwrap();
    assert_eq!(
        (&payload[..], sticky),
        (&b"redacted words"[..], parcel().sticky)
    );
    let widened = String::from_utf8_lossy(&file).contains("hosting.sharing");
    assert!(widened, "the policy stands readable beside the payload");
    for place in [10, file.len() - 1] {
        let mut bent = file.clone();
        bent[place] ^= 1;
        assert!(open_bundle(&secret, &bent).is_err(), "{place}");
    }
    let short = Endpoint::Folder {
        path: out.path().to_owned(),
        secret: "short".into(),
    };
    assert!(deliver(&short, &parcel()).await.is_err());
}

/// P31: what the permit does not cover does not leave, whatever the caller packs.
#[tokio::test]
async fn a_parcel_that_the_permit_does_not_cover_stays() {
    let out = tempfile::tempdir().unwrap();
    let mut more = parcel();
    more.categories.push(DataCategory::RawContent);
    let refused = deliver(&folder(out.path()), &more).await;
    assert!(
        matches!(refused, Err(OutboundError::Permit(_))),
        "{refused:?}"
    );
    let mut other = parcel();
    other.interaction = "int_00000000000000000000000000000002".parse().unwrap();
    let refused = deliver(&folder(out.path()), &other).await;
    assert!(
        matches!(refused, Err(OutboundError::WrongParcel { .. })),
        "{refused:?}"
    );
    let late = Timestamp(NOW.0 + 3_600_000);
    let refused = gateway(None)
        .deliver(&permit(), &folder(out.path()), &parcel(), &Dice, late)
        .await;
    assert!(
        matches!(refused, Err(OutboundError::Permit(_))),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

/// Takes one HTTP request and answers with a status.
async fn receiver(status: &'static str) -> (String, tokio::task::JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut reader = BufReader::new(socket);
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).await.unwrap();
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await.unwrap();
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        reader.get_mut().write_all(answer.as_bytes()).await.unwrap();
        (head, body)
    });
    (url, task)
}

fn header(head: &str, name: &str) -> String {
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")));
    line.unwrap().to_owned()
}

#[tokio::test]
async fn a_webhook_is_signed_as_the_standard_says() {
    let secret = Secret::from("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    let (url, heard) = receiver("204 No Content").await;
    let endpoint = Endpoint::Webhook {
        url: Secret::new(url),
        secret: secret.clone(),
    };
    let slip = deliver(&endpoint, &parcel()).await.unwrap();
    assert_eq!(slip.answer, "HTTP 204");
    let (head, body) = heard.await.unwrap();
    let (id, at, signature) = (
        header(&head, "webhook-id"),
        header(&head, "webhook-timestamp"),
        header(&head, "webhook-signature"),
    );
    let headers = (&*id, &*at, &*signature);
    verify_webhook(&secret, headers, &body, NOW).unwrap();
    let mut bent = body.clone();
    bent[5] ^= 1;
    assert!(verify_webhook(&secret, headers, &bent, NOW).is_err());
    let late = Timestamp(NOW.0 + 600_000);
    assert!(
        verify_webhook(&secret, headers, &body, late).is_err(),
        "too old"
    );
    let text = String::from_utf8(body).unwrap();
    assert!(text.contains("\"policy_version\":\"1\""), "{text}");

    let (url, _heard) = receiver("500 Oops").await;
    let failing = Endpoint::Webhook {
        url: Secret::new(url),
        secret: secret.clone(),
    };
    let refused = deliver(&failing, &parcel()).await;
    assert!(
        matches!(refused, Err(OutboundError::Refused(500))),
        "{refused:?}"
    );
    let plain = Endpoint::Webhook {
        url: "http://example.org/hook".into(),
        secret,
    };
    assert!(matches!(
        deliver(&plain, &parcel()).await,
        Err(OutboundError::Endpoint(_))
    ));
}

/// A mail server that takes one letter.
async fn mail_server() -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut reader = BufReader::new(socket);
        reader.get_mut().write_all(b"220 here\r\n").await.unwrap();
        let (mut heard, mut in_data) = (String::new(), false);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).await.unwrap() == 0 {
                return heard;
            }
            heard.push_str(&line);
            let answer: &[u8] = match (in_data, line.trim_end()) {
                (true, ".") => {
                    // The connection may stay open for the next letter; this one is whole.
                    reader.get_mut().write_all(b"250 taken\r\n").await.unwrap();
                    return heard;
                }
                (true, _) => continue,
                (false, "DATA") => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => return heard,
                (false, _) => b"250 ok\r\n",
            };
            reader.get_mut().write_all(answer).await.unwrap();
        }
    });
    (url, task)
}

#[tokio::test]
async fn a_letter_reaches_the_relay() {
    let (url, heard) = mail_server().await;
    let letter = Letter {
        from: String::new(),
        to: "tom@example.org".into(),
        subject: "Your code".to_owned(),
        text: "Your code is 12345678.".into(),
        attached: None,
    };
    let slip = gateway(Some(&url))
        .write(&writing(), "req-1", letter, NOW)
        .await
        .unwrap();
    assert_eq!(slip.transport, "mail");
    assert!(slip.answer.starts_with("250"), "{}", slip.answer);
    let heard = heard.await.unwrap();
    assert!(
        heard.contains("12345678") && heard.contains("RCPT TO:<tom@example.org>"),
        "{heard}"
    );
    for refused in ["smtp://mail.example.org", "ftp://x", "nothing"] {
        assert!(Post::parse(refused).is_err(), "{refused}");
    }
    let nowhere = Letter {
        from: String::new(),
        to: "tom@example.org".into(),
        subject: "x".to_owned(),
        text: "x".into(),
        attached: None,
    };
    let refused = gateway(None).write(&writing(), "x", nowhere, NOW).await;
    assert!(
        matches!(refused, Err(OutboundError::Unreachable(..))),
        "{refused:?}"
    );
}
