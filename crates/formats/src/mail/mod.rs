//! Mail: messages to interactions, one per thread, without quoting anything twice.

mod desk;
mod html;
mod letter;
mod mbox;
mod quote;
mod thread;

pub use desk::{DeskMail, desk_mail};
pub(crate) use html::split as split_html;
pub use mbox::{MailThreads, mbox_threads};
pub(crate) use quote::split as split_quoted;

use crate::{FormatError, Hints, Incoming};

use letter::Letter;
use thread::Thread;

/// Reads one `.eml` file: a thread of one message.
pub(crate) fn read_message(bytes: &[u8], hints: &Hints) -> Result<Incoming, FormatError> {
    let letter = Letter::read(bytes).ok_or_else(|| {
        FormatError::malformed(
            "mail",
            "line 1",
            "header fields such as `From:` are expected",
        )
    })?;
    let mut thread = Thread::default();
    thread.add(letter);
    thread.finish(hints)
}
