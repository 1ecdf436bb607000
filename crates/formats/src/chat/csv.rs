//! Chats as rows with a header: a row per message, any number of conversations per file.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};
use domain::{
    Channel, Content, Dialog, DialogKind, Party, PartyIndex, Role, Secret, SourceKey, Timestamp,
};

use crate::incoming::{bare, direction, role};
use crate::time::instant;
use crate::{FormatError, Hints, Incoming};

const FORMAT: &str = "chat CSV";

/// Columns and the names they are known by.
const CONVERSATION: &[&str] = &[
    "conversation_id",
    "conversation",
    "chat_id",
    "interaction_id",
];
const AT: &[&str] = &[
    "at",
    "started",
    "time",
    "timestamp",
    "sent_at",
    "created_at",
];
const ROLE: &[&str] = &["role", "from", "sender", "speaker", "author"];
const NAME: &[&str] = &["name", "from_name", "sender_name"];
const TEXT: &[&str] = &["text", "message", "body", "content"];
const MESSAGE: &[&str] = &["message_id"];
const CHANNEL: &[&str] = &["channel"];

/// What a spreadsheet takes for a formula; see the export.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether the first line is a header that names at least conversation and text.
pub(crate) fn looks_like_csv(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default();
    Columns::find(header, delimiter(header)).is_ok()
}

pub(crate) fn read_csv(bytes: &[u8], hints: &Hints) -> Result<Vec<Incoming>, FormatError> {
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf".as_slice())
        .unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let header = text.lines().next().unwrap_or_default();
    let delimiter = delimiter(header);
    let columns = Columns::find(header, delimiter)?;
    let mut rows = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut conversations = Conversations::default();
    for record in rows.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            FormatError::malformed(FORMAT, format!("line {line}"), "this is no row")
        })?;
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            conversations.add(&columns.row(&record)?, hints);
        }
    }
    conversations.finish()
}

/// Comma, semicolon or tab: whichever the header uses most.
fn delimiter(header: &str) -> u8 {
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

struct Columns {
    conversation: usize,
    at: Option<usize>,
    role: Option<usize>,
    name: Option<usize>,
    text: usize,
    message: Option<usize>,
    channel: Option<usize>,
}

struct Row<'a> {
    conversation: &'a str,
    at: Option<Timestamp>,
    role: &'a str,
    name: &'a str,
    text: &'a str,
    message: &'a str,
    channel: Channel,
}

impl Columns {
    fn find(header: &str, delimiter: u8) -> Result<Self, FormatError> {
        let names: Vec<String> = header
            .split(char::from(delimiter))
            .map(|name| {
                name.trim()
                    .trim_matches('"')
                    .to_ascii_lowercase()
                    .replace([' ', '-'], "_")
            })
            .collect();
        let place = |known: &[&str]| {
            known
                .iter()
                .find_map(|known| names.iter().position(|name| name == known))
        };
        let missing = |what: &str| {
            FormatError::malformed(FORMAT, "line 1", format!("a column `{what}` is expected"))
        };
        Ok(Self {
            conversation: place(CONVERSATION).ok_or_else(|| missing("conversation_id"))?,
            at: place(AT),
            role: place(ROLE),
            name: place(NAME),
            text: place(TEXT).ok_or_else(|| missing("text"))?,
            message: place(MESSAGE),
            channel: place(CHANNEL),
        })
    }

    fn row<'a>(&self, record: &'a StringRecord) -> Result<Row<'a>, FormatError> {
        let line = record.position().map_or(0, csv::Position::line);
        let wrong = |what: &str| FormatError::malformed(FORMAT, format!("line {line}"), what);
        let cell = |place: Option<usize>| {
            place
                .and_then(|place| record.get(place))
                .unwrap_or_default()
                .trim()
        };
        let conversation = cell(Some(self.conversation));
        if conversation.is_empty() {
            return Err(wrong("its conversation is not named"));
        }
        let at =
            match cell(self.at) {
                "" => None,
                text => Some(instant(text).ok_or_else(|| {
                    wrong("an instant such as `2026-10-08T16:20:05Z` is expected")
                })?),
            };
        Ok(Row {
            conversation,
            at,
            role: cell(self.role),
            name: cell(self.name),
            text: plain(cell(Some(self.text))),
            message: cell(self.message),
            channel: match cell(self.channel) {
                "email" => Channel::Email,
                _ => Channel::Chat,
            },
        })
    }
}

/// Takes the guard away that our own export puts before what looks like a formula.
fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => text,
    }
}

#[derive(Default)]
struct Conversations {
    places: HashMap<String, usize>,
    found: Vec<Incoming>,
}

impl Conversations {
    fn add(&mut self, row: &Row<'_>, hints: &Hints) {
        let next = self.found.len();
        let place = *self
            .places
            .entry(row.conversation.to_owned())
            .or_insert(next);
        if place == next {
            let mut interaction = bare(row.channel, row.at.unwrap_or(hints.received));
            interaction.source = Some(SourceKey::from_source("csv", row.conversation));
            self.found.push(Incoming {
                interaction,
                warnings: Vec::new(),
            });
        }
        let Some(Incoming {
            interaction,
            warnings,
        }) = self.found.get_mut(place)
        else {
            return;
        };
        let before = interaction.dialogs.last().map(|dialog| dialog.start);
        if row.at.is_none() {
            let sentence = "a message without a time takes that of the one before it".to_owned();
            if !warnings.contains(&sentence) {
                warnings.push(sentence);
            }
        }
        let writer = writer(&mut interaction.parties, row, hints);
        interaction.dialogs.push(Dialog {
            kind: DialogKind::Text,
            start: row.at.or(before).unwrap_or(interaction.started),
            duration: None,
            parties: Vec::new(),
            originator: Some(writer),
            message_id: (!row.message.is_empty()).then(|| row.message.to_owned()),
            content: Content::Text {
                body: Secret::new(row.text),
                quoted: None,
            },
        });
    }

    fn finish(mut self) -> Result<Vec<Incoming>, FormatError> {
        for Incoming { interaction, .. } in &mut self.found {
            interaction.dialogs.sort_by_key(|dialog| dialog.start);
            if let Some(first) = interaction.dialogs.first() {
                interaction.started = first.start;
            }
            let everybody: Vec<_> = (0u16..)
                .zip(&interaction.parties)
                .map(|(index, _)| Some(PartyIndex(index)))
                .collect();
            for dialog in &mut interaction.dialogs {
                dialog.parties.clone_from(&everybody);
            }
            interaction.direction = direction(interaction);
        }
        if self.found.is_empty() {
            return Err(FormatError::Nothing { format: FORMAT });
        }
        Ok(self.found)
    }
}

/// The party of the row: known by role and name, or by role alone where no name is given.
fn writer(parties: &mut Vec<Party>, row: &Row<'_>, hints: &Hints) -> PartyIndex {
    let declared = role(row.role);
    // A sender column may hold the name itself.
    let name = match (row.name, declared) {
        ("", Role::Unknown) => row.role,
        (name, _) => name,
    };
    let mut party = Party::of_role(Role::Unknown);
    let text = (!name.is_empty()).then(|| Secret::new(name));
    if name.contains('@') {
        party.mailto = text;
    } else {
        party.name = text;
    }
    party.role = hints.role(declared, &party);
    let place = parties
        .iter()
        .position(|known| *known == party)
        .unwrap_or_else(|| {
            parties.push(party);
            parties.len() - 1
        });
    PartyIndex(u16::try_from(place).unwrap_or(u16::MAX))
}
