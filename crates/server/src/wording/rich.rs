//! Sentences that run through elements: a link, a command, a key of the keyboard.

use std::borrow::Cow;
use std::fmt;

use askama::filters::{Escaper, Html, HtmlSafe};

use super::{Argument, Text, t};

/// Elements that a message may name, without attributes. `a` is set with the addresses that the
/// template gives, in their order.
const ELEMENTS: &[&str] = &["b", "code", "em", "kbd"];

/// Stands for `<` in an argument until the message's own elements are set, so that no argument
/// makes an element. The character has no use in text.
const GUARD: &str = "\u{fdd0}";

/// The message of an id, in which `<b>`, `<code>`, `<em>`, `<kbd>` and `<a>` are elements.
/// Everything else in it and in its arguments is escaped by the template engine's escaper.
pub(crate) fn rich(id: &'static str) -> Rich {
    Rich {
        text: t(id).into(),
        links: Vec::new(),
    }
}

/// A message with elements, written when it is shown.
pub(crate) struct Rich {
    text: Text,
    links: Vec<String>,
}

impl Rich {
    /// Gives the argument `$name`.
    pub(crate) fn a(mut self, name: &'static str, value: impl Argument) -> Self {
        self.text = self.text.a(name, value);
        self
    }

    /// Says where the next `<a>` leads.
    pub(crate) fn link(mut self, href: impl fmt::Display) -> Self {
        self.links.push(href.to_string());
        self
    }
}

impl fmt::Display for Rich {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let guarded = self.text.written(guard);
        let mut safe = escaped(&guarded)?;
        for name in ELEMENTS {
            safe = safe
                .replace(&escaped(&format!("<{name}>"))?, &format!("<{name}>"))
                .replace(&escaped(&format!("</{name}>"))?, &format!("</{name}>"));
        }
        let (open, close) = (escaped("<a>")?, escaped("</a>")?);
        for href in &self.links {
            let element = format!("<a href=\"{}\">", escaped(href)?);
            safe = safe
                .replacen(&open, &element, 1)
                .replacen(&close, "</a>", 1);
        }
        f.write_str(&safe.replace(GUARD, &escaped("<")?))
    }
}

impl HtmlSafe for Rich {}

fn guard(text: Cow<'static, str>) -> Cow<'static, str> {
    Cow::Owned(text.replace('<', GUARD))
}

fn escaped(text: &str) -> Result<String, fmt::Error> {
    let mut out = String::with_capacity(text.len());
    Html.write_escaped_str(&mut out, text)?;
    Ok(out)
}
