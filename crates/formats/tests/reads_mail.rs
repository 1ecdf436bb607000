//! Mail becomes one interaction per thread, and what a reply quotes is kept apart.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "helpers of tests")]

use std::fmt::Write as _;

use domain::{Channel, Content, Direction, Interaction, PartyIndex, Role, Timestamp};
use formats::{Hints, Incoming, Kind, mbox_threads, read};

fn hints(agents: &[&str]) -> Hints {
    Hints {
        received: Timestamp(1_760_000_000_000),
        agents: agents.iter().map(|agent| (*agent).to_owned()).collect(),
    }
}

fn eml(text: &str) -> Incoming {
    let found = read(
        Kind::Eml,
        text.replace('\n', "\r\n").as_bytes(),
        &hints(&[]),
    );
    found.expect("a message").remove(0)
}

fn texts(interaction: &Interaction, index: usize) -> (&str, Option<&str>) {
    match interaction.dialogs.get(index).map(|dialog| &dialog.content) {
        Some(Content::Text { body, quoted }) => {
            (body.expose(), quoted.as_ref().map(|q| q.expose()))
        }
        _ => ("", None),
    }
}

#[test]
fn the_sample_thread_is_one_interaction() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/mail-thread.mbox");
    let bytes = std::fs::read(path).unwrap();
    let found = read(Kind::Mbox, &bytes, &hints(&["support@harbor.example"])).unwrap();
    assert_eq!(found.len(), 1);
    let mail = &found[0].interaction;
    assert_eq!(
        (mail.channel, mail.direction),
        (Channel::Email, Direction::Inbound)
    );
    assert_eq!(mail.dialogs.len(), 3);
    let roles: Vec<Role> = mail.parties.iter().map(|party| party.role).collect();
    assert_eq!(roles, [Role::Unknown, Role::Agent, Role::Unknown]);
    assert_eq!(
        mail.parties[2].name.as_ref().unwrap().expose(),
        "Paul Grant"
    );
    assert_eq!(
        mail.dialogs[2].parties,
        [0, 1, 2].map(|n| Some(PartyIndex(n)))
    );
    assert_eq!(mail.dialogs[1].originator, Some(PartyIndex(1)));
    let (body, quoted) = texts(mail, 1);
    assert!(
        body.ends_with("Samuel Ortiz") && !body.contains('>'),
        "{body}"
    );
    assert!(
        quoted
            .unwrap()
            .starts_with("On Fri, 9 Oct 2026 at 07:40, Olivia Grant wrote:")
    );
    let (body, quoted) = texts(mail, 2);
    assert_eq!(body, "Thank you, Samuel. That was quick.\n\nOlivia");
    assert!(quoted.unwrap().contains("I have cancelled the charge"));
    assert!(found[0].warnings.is_empty(), "{:?}", found[0].warnings);
}

#[test]
fn every_way_to_quote_is_recognised() {
    let cases = [
        ("New.\n\n> old\n> older\n", "New.", Some("> old\n> older")),
        (
            "New.\n\nOn Mon, 1 Jan 2026 at 10:00,\nAnn <a@b.c> wrote:\n\n> old\n\n-- \nBo",
            "New.\n\n-- \nBo",
            Some(""),
        ),
        (
            "New.\n\nOn Monday Ann wrote:\nold without marks\nmore",
            "New.",
            Some("On Monday Ann wrote:\nold without marks\nmore"),
        ),
        (
            "New.\n\n-----Original Message-----\nFrom: Ann\nold",
            "New.",
            Some(""),
        ),
        (
            "New.\n\nFrom: Ann\nSent: Monday\nTo: Bo\nSubject: x\n\nold",
            "New.",
            Some("From: Ann\nSent: Monday\nTo: Bo\nSubject: x\n\nold"),
        ),
        (
            "New.\n________________________________\nVon: Ann\nGesendet: Montag\nAn: Bo\nBetreff: x\n\nalt",
            "New.",
            Some(""),
        ),
        (
            "> question one?\nYes.\n> question two?\nNo.",
            "Yes.\nNo.",
            Some("> question one?\n> question two?"),
        ),
        (
            "From: now on I pay monthly.\nOn the whole I am happy.",
            "From: now on I pay monthly.\nOn the whole I am happy.",
            None,
        ),
        (
            "---------- Forwarded message ---------\nFrom: X\nhello",
            "",
            Some(""),
        ),
    ];
    for (text, own, quoted) in cases {
        let incoming = eml(&format!(
            "From: a@b.c\nDate: Mon, 1 Jan 2026 10:00:00 +0000\n\n{text}"
        ));
        let (body, found) = texts(&incoming.interaction, 0);
        assert_eq!(
            body.replace("-- \n", "--\n"),
            own.replace("-- \n", "--\n"),
            "{text}"
        );
        match quoted {
            None => assert_eq!(found, None, "{text}"),
            Some("") => assert!(found.is_some(), "{text}"),
            Some(all) => assert_eq!(found, Some(all), "{text}"),
        }
    }
}

#[test]
fn encoded_names_html_bodies_and_attachments_are_understood() {
    let incoming = eml(
        "From: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@example.org>\n\
         To: team: a@example.org, B <b@example.org>;\n\
         Bcc: c@example.org\n\
         Subject: =?iso-8859-1?Q?R=FCckgabe?=\n\
         Message-ID: <x@y>\n\
         Date: Tue, 3 Mar 2026 08:00:00 +0100\n\
         MIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=m\n\
         \n\
         --m\n\
         Content-Type: text/html; charset=utf-8\n\
         \n\
         <html><body><p>Hello &amp; thanks</p><p>Bye</p><blockquote type=cite>old <b>words</b></blockquote></body></html>\n\
         --m\n\
         Content-Type: application/pdf; name=a.pdf\n\
         Content-Disposition: attachment\n\
         Content-Transfer-Encoding: base64\n\
         \n\
         JVBERi0=\n\
         --m--\n",
    );
    let mail = &incoming.interaction;
    assert_eq!(mail.parties.len(), 4);
    assert_eq!(
        mail.parties[0].name.as_ref().unwrap().expose(),
        "Jürgen Müller"
    );
    assert_eq!(mail.subject.as_ref().unwrap().expose(), "Rückgabe");
    assert_eq!(mail.started, Timestamp(1_772_521_200_000));
    let (body, quoted) = texts(mail, 0);
    assert!(
        body.starts_with("Hello & thanks") && body.ends_with("Bye"),
        "{body}"
    );
    assert_eq!(quoted, Some("old words"));
    assert_eq!(incoming.warnings, ["1 attachments were left out"]);
}

fn message(id: &str, reply_to: &str, minute: u32, body: &str) -> String {
    let mut text = format!("From x@y Fri Oct  9 07:40:00 2026\nMessage-ID: <{id}>\n");
    if !reply_to.is_empty() {
        writeln!(text, "References: <{reply_to}>").unwrap();
    }
    write!(
        text,
        "Date: Fri, 09 Oct 2026 07:{minute:02}:00 +0000\nFrom: {id}@e.org\n\n{body}\n\n"
    )
    .unwrap();
    text
}

#[test]
fn threads_are_joined_in_any_order_and_copies_taken_once() {
    let mail = [
        message("c", "b", 3, "three"),
        message("z", "", 9, ">From the other thread\nFrom here on"),
        message("a", "", 1, "one"),
        message("b", "a", 2, "two"),
        message("b", "a", 2, "two"),
    ]
    .concat();
    let found: Vec<Incoming> = mbox_threads(mail.as_bytes(), &hints(&[]))
        .map(Result::unwrap)
        .collect();
    assert_eq!(found.len(), 2);
    let thread = found
        .iter()
        .find(|one| one.interaction.dialogs.len() == 3)
        .unwrap();
    let bodies: Vec<&str> = (0..3).map(|n| texts(&thread.interaction, n).0).collect();
    assert_eq!(bodies, ["one", "two", "three"]);
    let other = found
        .iter()
        .find(|one| one.interaction.dialogs.len() == 1)
        .unwrap();
    assert_eq!(
        texts(&other.interaction, 0).0,
        "From the other thread\nFrom here on"
    );
    assert_ne!(thread.interaction.source, other.interaction.source);
    let again: Vec<Incoming> = mbox_threads(mail.as_bytes(), &hints(&[]))
        .map(Result::unwrap)
        .collect();
    assert_eq!(found, again);
}

#[test]
fn a_large_archive_is_read_in_bounded_memory() {
    // 70 MB of distinct threads: more than is held, so early ones are handed out early.
    let body = "word ".repeat(14_000);
    let mut text = String::new();
    let reader = Endless {
        next: 0,
        count: 1_000,
        body: &body,
        buffer: std::io::Cursor::new(Vec::new()),
    };
    let mut threads = mbox_threads(std::io::BufReader::new(reader), &hints(&[]));
    let first = threads.next().unwrap().unwrap();
    write!(text, "{:?}", first.interaction.dialogs.len()).unwrap();
    assert_eq!(text, "1");
    let late: Vec<Incoming> = threads.map(Result::unwrap).collect();
    assert_eq!(
        late.len(),
        1_000,
        "the last message answers the first, which was handed out"
    );
    let of_the_first = late
        .iter()
        .filter(|one| one.interaction.source == first.interaction.source);
    assert_eq!(of_the_first.count(), 1, "it names the thread that it joins");
}

struct Endless<'a> {
    next: u32,
    count: u32,
    body: &'a str,
    buffer: std::io::Cursor<Vec<u8>>,
}

impl std::io::Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let filled = self.buffer.read(into)?;
        if filled > 0 || self.next > self.count {
            return Ok(filled);
        }
        let reply_to = if self.next == self.count { "m0" } else { "" };
        let text = message(
            &format!("m{}", self.next),
            reply_to,
            self.next % 60,
            self.body,
        );
        self.next += 1;
        self.buffer = std::io::Cursor::new(text.into_bytes());
        self.buffer.read(into)
    }
}
