//! Resumable uploads as programs and the page send them, with connections that break.

#![expect(
    clippy::disallowed_methods,
    reason = "a client that breaks its connection speaks to the server itself"
)]

use std::net::SocketAddr;

use app::NewApiKey;
use axum::http::{StatusCode, header};
use domain::Purpose;
use serde_json::Value;
use server::Door;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Browser, CHAT, Place, invited, owner, place};

/// A program that speaks tus over connections of its own.
struct Program {
    at: SocketAddr,
    key: String,
}

struct Said {
    status: u16,
    head: String,
    body: String,
}

impl Said {
    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    fn offset(&self) -> usize {
        self.header("upload-offset").unwrap().parse().unwrap()
    }
}

impl Program {
    fn head(&self, method: &str, path: &str, more: &[(&str, &str)], length: usize) -> String {
        let more: String = more
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             tus-resumable: 1.0.0\r\nconnection: close\r\ncontent-length: {length}\r\n{more}\r\n",
            self.at, self.key
        )
    }

    async fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Said {
        let mut stream = TcpStream::connect(self.at).await.unwrap();
        let head = self.head(method, path, more, body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server may answer, and close, before all of a refused body was sent.
        let sent = stream.write_all(body).await;
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer).await;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            let body = format!("no answer: {sent:?} {read:?}");
            return Said {
                status: 0,
                head: text,
                body,
            };
        };
        Said {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    async fn begin(&self, bytes: &[u8], labels: &str) -> String {
        let length = bytes.len().to_string();
        let more = [
            ("upload-length", length.as_str()),
            ("upload-metadata", labels),
        ];
        let begun = self.ask("POST", "/api/v1/uploads", &more, b"").await;
        assert_eq!(begun.status, 201, "{}", begun.body);
        assert!(begun.header("upload-expires").is_some());
        begun.header("location").unwrap().to_owned()
    }

    async fn patch(&self, place: &str, offset: usize, bytes: &[u8]) -> Said {
        let offset = offset.to_string();
        self.ask("PATCH", place, &part(&offset), bytes).await
    }

    /// Begins to send a part, and breaks the connection after so many bytes of it.
    async fn broken(&self, place: &str, offset: usize, bytes: &[u8], after: usize) {
        let offset = offset.to_string();
        let mut stream = TcpStream::connect(self.at).await.unwrap();
        let head = self.head("PATCH", place, &part(&offset), bytes.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&bytes[..after]).await.unwrap();
        stream.flush().await.unwrap();
        drop(stream);
    }
}

fn part(offset: &str) -> [(&str, &str); 2] {
    [
        ("upload-offset", offset),
        ("content-type", "application/offset+octet-stream"),
    ]
}

/// Listens as the real server does.
async fn served(place: &Place) -> Program {
    let key = NewApiKey {
        tenant: place.tenant.id,
        label: "importer".to_owned(),
        purposes: vec![Purpose::Storage],
    };
    let (_, key) = place.app.add_api_key(&key, "test").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let app = place.app.clone();
    tokio::spawn(server::serve(
        app,
        Door::keys_only(),
        listener,
        std::future::pending(),
    ));
    Program {
        at,
        key: key.expose().to_owned(),
    }
}

/// A recording of so many bytes of noise.
fn recording(length: usize, chance: &mut u64) -> Vec<u8> {
    let data = u32::try_from(length - 44).unwrap();
    let mut wav = Vec::with_capacity(length);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(data + 36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&8_000u32.to_le_bytes());
    wav.extend_from_slice(&16_000u32.to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&data.to_le_bytes());
    while wav.len() < length {
        wav.extend_from_slice(&next(chance).to_le_bytes()[..2]);
    }
    wav.truncate(length);
    wav
}

/// A sequence that is the same in every run.
fn next(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[tokio::test]
async fn an_upload_over_connections_that_break_anywhere_ends_with_the_same_bytes() {
    let place = place("").await;
    let program = served(&place).await;
    let mut chance = 7;
    let file = recording(9 << 20, &mut chance);
    let upload = program
        .begin(&file, "filename Y2FsbC53YXY=,agent Tm9yYSBQcml2YXRvdmE=")
        .await;
    let (mut offset, mut breaks) = (0, 0);
    while breaks < 12 && offset < file.len() {
        let rest = &file[offset..];
        let after = usize::try_from(next(&mut chance)).unwrap() % (rest.len().min(2 << 20) + 1);
        program.broken(&upload, offset, rest, after).await;
        breaks += 1;
        offset = settled(&program, &upload, offset).await;
    }
    assert!(
        offset > 0 && offset < file.len(),
        "{offset} bytes after {breaks} breaks"
    );
    readable_nowhere(&place, &file[offset / 2..offset / 2 + 64]);
    readable_nowhere(&place, b"Nora Privatova");
    let wrong = program.patch(&upload, offset + 1, b"x").await;
    assert_eq!(wrong.status, 409, "{}", wrong.body);
    // A part of a broken connection may still be on its way into its seal.
    let done = loop {
        let done = program.patch(&upload, offset, &file[offset..]).await;
        if !matches!(done.status, 0 | 409) {
            break done;
        }
        offset = settled(&program, &upload, offset).await;
    };
    assert_eq!(
        (done.status, done.offset()),
        (204, file.len()),
        "{}",
        done.body
    );

    let became = program.ask("GET", &upload, &[], b"").await;
    let became: Value = serde_json::from_str(&became.body).unwrap();
    assert_eq!(became["outcomes"][0]["outcome"], "taken_in", "{became}");
    // The same bytes are one interaction: what was put together is what was sent.
    let scope = place.app.local_scope(
        place.tenant.id,
        domain::TenantRole::Analyst,
        Purpose::Storage,
    );
    let again = place
        .app
        .take_in(&scope, file, &app::IntakeOrder::default())
        .await
        .unwrap();
    let app::Outcome::Known { id } = &again[0] else {
        panic!("{again:?}");
    };
    assert_eq!(became["outcomes"][0]["id"], id.to_string());
}

/// The offset once what was under way is sealed: it does not move between two looks.
async fn settled(program: &Program, upload: &str, least: usize) -> usize {
    let mut last = None;
    loop {
        let head = program.ask("HEAD", upload, &[], b"").await;
        assert_eq!(head.status, 204, "{}", head.head);
        let now = head.offset();
        assert!(now >= least, "nothing that was sealed is lost");
        if last == Some(now) {
            return now;
        }
        last = Some(now);
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
}

fn readable_nowhere(place: &Place, secret: &[u8]) {
    let mut folders = vec![place._folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "readable in {}", path.display());
        }
    }
}

#[tokio::test]
async fn uploads_keep_to_the_protocol_and_to_their_owner() {
    let place = place("uploads_megabytes = 1\nlargest_file_megabytes = 1\n").await;
    let program = served(&place).await;
    let options = program.ask("OPTIONS", "/api/v1/uploads", &[], b"").await;
    assert_eq!(
        options.header("tus-extension"),
        Some("creation,expiration,termination")
    );
    assert_eq!(options.header("tus-max-size"), Some("1048576"));

    let upload = program.begin(CHAT.as_bytes(), "").await;
    let rival = NewApiKey {
        tenant: place.tenant.id,
        label: "rival".to_owned(),
        purposes: vec![Purpose::Storage],
    };
    let (_, key) = place.app.add_api_key(&rival, "test").await.unwrap();
    let rival = Program {
        at: program.at,
        key: key.expose().to_owned(),
    };
    for (method, status) in [("HEAD", 404), ("GET", 404), ("DELETE", 404)] {
        assert_eq!(
            rival.ask(method, &upload, &[], b"").await.status,
            status,
            "{method}"
        );
    }
    assert_eq!(rival.patch(&upload, 0, b"x").await.status, 404);
    let nobody = Program {
        at: program.at,
        key: "privity_none".to_owned(),
    };
    assert_eq!(nobody.ask("HEAD", &upload, &[], b"").await.status, 401);

    let kind = [("upload-offset", "0"), ("content-type", "text/plain")];
    assert_eq!(program.ask("PATCH", &upload, &kind, b"x").await.status, 415);
    let length = [("upload-length", "1048577")];
    assert_eq!(
        program
            .ask("POST", "/api/v1/uploads", &length, b"")
            .await
            .status,
        422
    );
    let length = [("upload-length", "1048576")];
    let full = program.ask("POST", "/api/v1/uploads", &length, b"").await;
    assert!(
        full.status == 422 && full.body.contains("together"),
        "{}",
        full.body
    );

    let gone = program.ask("DELETE", &upload, &[], b"").await;
    assert_eq!(gone.status, 204);
    assert_eq!(program.ask("HEAD", &upload, &[], b"").await.status, 404);

    let refused = program.begin(b"PK\x03\x04 no", "").await;
    assert_eq!(
        program.patch(&refused, 0, b"PK\x03\x04 no").await.status,
        204
    );
    let became = program.ask("GET", &refused, &[], b"").await;
    assert!(became.body.contains("\"refused\""), "{}", became.body);
}

#[tokio::test]
async fn the_page_goes_on_with_ones_own_uploads_and_no_other_site_can() {
    let place = place("").await;
    let mut ada = owner(&place).await;
    let token = ada.token(&place, "/take-in").await;
    let send = |browser: &Browser, method: &str, path: &str, form: &str| {
        browser
            .request(method, path)
            .header("tus-resumable", "1.0.0")
            .header("x-form", form)
            .header("upload-length", CHAT.len())
            .header("upload-metadata", "filename WmFwaG9kaW5lLmpzb24=")
            .header("upload-offset", "0")
            .header(header::CONTENT_TYPE, "application/offset+octet-stream")
    };
    let forged = send(&ada, "POST", "/take-in/uploads", "0000")
        .body("".into())
        .unwrap();
    assert_eq!(ada.send(&place, forged).await.status, StatusCode::FORBIDDEN);
    let begin = send(&ada, "POST", "/take-in/uploads", &token)
        .body("".into())
        .unwrap();
    let begun = ada.send(&place, begin).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.text);
    let upload = begun.headers[header::LOCATION].to_str().unwrap().to_owned();
    let page = ada.get(&place, "/take-in").await;
    assert!(
        page.text.contains("Zaphodine.json") && page.text.contains("0 % of"),
        "{}",
        page.text
    );

    let mut ben = invited(&place, &mut ada, "Ben", "ben@acme.example", "analyst").await;
    let other = ben.token(&place, "/take-in").await;
    let peek = send(&ben, "HEAD", &upload, &other).body("".into()).unwrap();
    assert_eq!(ben.send(&place, peek).await.status, StatusCode::NOT_FOUND);
    assert!(
        !ben.get(&place, "/take-in")
            .await
            .text
            .contains("Zaphodine.json")
    );

    let rest = send(&ada, "PATCH", &upload, &token)
        .body(CHAT.into())
        .unwrap();
    let done = ada.send(&place, rest).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    let became = send(&ada, "GET", &upload, &token).body("".into()).unwrap();
    let became = ada.send(&place, became).await;
    assert!(became.text.contains("taken in as chat"), "{}", became.text);
    let second = send(&ada, "POST", "/take-in/uploads", &token)
        .body("".into())
        .unwrap();
    let second = ada.send(&place, second).await;
    let second = second.headers[header::LOCATION]
        .to_str()
        .unwrap()
        .to_owned();
    let id = second.rsplit('/').next().unwrap();
    let given = ada
        .post(&place, "/take-in", "/take-in/give-up", &[("id", id)])
        .await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    assert!(
        !ada.get(&place, "/take-in")
            .await
            .text
            .contains("Zaphodine.json")
    );
}
