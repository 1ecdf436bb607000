//! Mail to the privacy desk: who writes, what in their own words, and whether a program wrote it.

use domain::Secret;
use mail_parser::{Message, MessageParser};

use super::letter::Letter;
use crate::FormatError;

/// One message to the desk.
#[derive(Debug, Clone)]
pub struct DeskMail {
    /// Who writes.
    pub from: Secret,
    /// What it is about.
    pub subject: Secret,
    /// Their own words, without what they quote.
    pub text: Secret,
    /// Its Message-ID, where it has one.
    pub id: Option<String>,
    /// Written by a program (RFC 3834, section 2): not to be answered by one.
    pub automatic: bool,
}

/// Reads a message to the desk.
///
/// # Errors
/// [`FormatError`] for what is no mail, or says of nobody that they wrote it.
pub fn desk_mail(bytes: &[u8]) -> Result<DeskMail, FormatError> {
    let malformed = |what| FormatError::malformed("mail", "its header", what);
    let letter = Letter::read(bytes)
        .ok_or_else(|| malformed("header fields such as `From:` are expected"))?;
    let from = letter.from.into_iter().find_map(|party| party.mailto);
    let from = from.ok_or_else(|| malformed("`From:` names no address to answer to"))?;
    let automatic = MessageParser::default()
        .parse(bytes)
        .is_some_and(|message| is_automatic(&message));
    Ok(DeskMail {
        from,
        subject: letter.subject.unwrap_or_else(|| Secret::new("")),
        text: letter.body,
        id: letter.id,
        automatic,
    })
}

fn is_automatic(message: &Message<'_>) -> bool {
    let value = |name: &str| {
        let raw = message.header_raw(name)?;
        Some(raw.trim().to_ascii_lowercase())
    };
    let submitted = value("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let bulk =
        value("Precedence").is_some_and(|value| ["bulk", "junk", "list"].contains(&value.as_str()));
    let nobody = value("Return-Path").is_some_and(|value| value == "<>");
    submitted || bulk || nobody || value("List-Id").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(header: &str) -> Vec<u8> {
        format!(
            "From: Tom Hill <tom@example.org>\r\nSubject: My data\r\nMessage-ID: <1@example.org>\r\n\
             {header}\r\nPlease erase it.\r\n\r\n> you wrote something\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn own_words_and_sender_are_read() {
        let read = desk_mail(&mail("")).unwrap();
        assert_eq!(read.from.expose(), "tom@example.org");
        assert_eq!(read.subject.expose(), "My data");
        assert_eq!(read.text.expose(), "Please erase it.");
        assert!(!read.automatic);
    }

    #[test]
    fn what_a_program_wrote_is_told_apart() {
        for header in [
            "Auto-Submitted: auto-replied\r\n",
            "Precedence: bulk\r\n",
            "List-Id: <news.example.org>\r\n",
            "Return-Path: <>\r\n",
        ] {
            assert!(desk_mail(&mail(header)).unwrap().automatic, "{header}");
        }
        assert!(
            !desk_mail(&mail("Auto-Submitted: no\r\n"))
                .unwrap()
                .automatic
        );
    }

    #[test]
    fn what_is_no_mail_is_refused() {
        assert!(desk_mail(b"").is_err());
        assert!(desk_mail(b"Subject: nobody\r\n\r\nhello").is_err());
    }
}
