//! One message, parsed: who, when, in answer to what, and its words without the quoted ones.

use domain::{Party, Role, Secret, Timestamp};
use mail_parser::{Address, HeaderValue, Message, MessageParser, PartType};

use super::{html, quote};

/// What is kept of a message.
pub(super) struct Letter {
    pub(super) id: Option<String>,
    /// Ids of earlier messages, the oldest first.
    pub(super) references: Vec<String>,
    pub(super) date: Option<Timestamp>,
    pub(super) subject: Option<Secret>,
    pub(super) from: Vec<Party>,
    /// To, Cc and Bcc in that order.
    pub(super) recipients: Vec<Party>,
    pub(super) body: Secret,
    pub(super) quoted: Option<Secret>,
    pub(super) attachments: usize,
}

impl Letter {
    /// `None` where there is no header.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let message = MessageParser::default().parse(bytes)?;
        if message.headers().is_empty() {
            return None;
        }
        let (body, quoted) = words(&message);
        let recipients = [message.to(), message.cc(), message.bcc()];
        Some(Self {
            id: message.message_id().map(str::to_owned),
            references: references(&message),
            date: message.date().and_then(|date| {
                let millis = date.to_timestamp().checked_mul(1_000)?;
                date.is_valid().then_some(Timestamp(millis))
            }),
            subject: message
                .subject()
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .map(Secret::new),
            from: parties(message.from().or_else(|| message.sender())),
            recipients: recipients.into_iter().flat_map(parties).collect(),
            body: Secret::new(body),
            quoted: quoted.map(Secret::new),
            attachments: message.attachment_count(),
        })
    }

    /// Memory that its text takes.
    pub(super) fn size(&self) -> usize {
        let quoted = self.quoted.as_ref().map_or(0, |text| text.expose().len());
        let references: usize = self.references.iter().map(String::len).sum();
        self.body.expose().len() + quoted + references + 512
    }
}

fn references(message: &Message<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in [message.references(), message.in_reply_to()] {
        let listed: &HeaderValue<'_> = value;
        for id in listed.as_text_list().unwrap_or_default() {
            if !found.iter().any(|known| known == id.as_ref()) {
                found.push(id.clone().into_owned());
            }
        }
    }
    found
}

fn parties(address: Option<&Address<'_>>) -> Vec<Party> {
    let some = |text: Option<&str>| {
        text.map(str::trim)
            .filter(|text| !text.is_empty())
            .map(Secret::new)
    };
    address
        .map(|address| {
            address
                .iter()
                .map(|one| Party {
                    name: some(one.name()),
                    mailto: some(one.address()),
                    ..Party::of_role(Role::Unknown)
                })
                .filter(|party| party.name.is_some() || party.mailto.is_some())
                .collect()
        })
        .unwrap_or_default()
}

/// Plain text where the message has any, else its HTML.
fn words(message: &Message<'_>) -> (String, Option<String>) {
    let (mut own, mut quoted) = (Vec::new(), Vec::new());
    for part in message.text_bodies() {
        let (body, mut quotes) = match &part.body {
            PartType::Text(text) => quote::split(text),
            PartType::Html(text) => {
                let (body, blocks) = html::split(text);
                let (body, mut lines) = quote::split(&body);
                if !blocks.is_empty() {
                    lines = Some(
                        [lines.unwrap_or_default(), blocks]
                            .join("\n")
                            .trim()
                            .to_owned(),
                    );
                }
                (body, lines)
            }
            _ => continue,
        };
        own.push(body);
        quoted.extend(quotes.take());
    }
    own.retain(|text| !text.is_empty());
    (
        own.join("\n\n"),
        (!quoted.is_empty()).then(|| quoted.join("\n\n")),
    )
}
