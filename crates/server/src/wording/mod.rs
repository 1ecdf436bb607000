//! What people read on the pages, in their language. English is the language of reference: every
//! message is there; another language says what it can and falls back to it.
//!
//! A page asks for a message by id, `crate::t("list-newest")`, wherever it is rendered: templates
//! have it at hand without a field of their own. Whose language that is follows the request (see
//! [`reader`]). A message holds words, never markup: the template engine escapes it with its
//! arguments. Where a sentence runs through elements, [`rich`] sets the few that it may name.

mod embedded;
mod locales;
pub(crate) mod reader;
mod rich;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use fluent_bundle::{FluentArgs, FluentValue};

pub use locales::LocaleError;
pub(crate) use locales::Locales;
pub(crate) use reader::follow;
pub(crate) use rich::rich;

/// The message of an id in the reader's language.
///
/// A page has hundreds of these and few with arguments, so that this is a name without anything to
/// drop: functions that hold hundreds of owned values take the compiler minutes.
pub(crate) const fn t(id: &'static str) -> Say {
    Say(id)
}

/// A message without arguments, as a value that can be kept and compared: what something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Say(&'static str);

impl Say {
    /// Gives the argument `$name`.
    pub(crate) fn a(self, name: &'static str, value: impl Argument) -> Text {
        Text::from(self).with(name, value.value())
    }
}

impl fmt::Display for Say {
    #[inline(never)]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text::from(*self).fmt(f)
    }
}

impl Argument for Say {
    fn value(&self) -> FluentValue<'static> {
        Text::from(*self).value()
    }
}

impl From<Say> for Text {
    fn from(say: Say) -> Self {
        Self {
            id: say.0,
            args: Vec::new(),
        }
    }
}

impl From<Say> for String {
    fn from(say: Say) -> Self {
        say.to_string()
    }
}

/// A message with its arguments, written when it is shown.
pub(crate) struct Text {
    id: &'static str,
    args: Vec<(&'static str, FluentValue<'static>)>,
}

impl Text {
    /// Gives the argument `$name`.
    pub(crate) fn a(self, name: &'static str, value: impl Argument) -> Self {
        self.with(name, value.value())
    }

    #[inline(never)]
    fn with(mut self, name: &'static str, value: FluentValue<'static>) -> Self {
        self.args.push((name, value));
        self
    }

    fn written(&self, mark: fn(Cow<'static, str>) -> Cow<'static, str>) -> String {
        let args: FluentArgs<'_> = self
            .args
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    FluentValue::String(text) => {
                        FluentValue::String(mark(Cow::Owned(text.clone().into_owned())))
                    }
                    other => other.clone(),
                };
                (*name, value)
            })
            .collect();
        reader::with(|reader| reader.locales.message(&reader.language, self.id, &args))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(|text| text))
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.to_string()
    }
}

/// What can stand in a message: words and whole numbers. By a number a language chooses its
/// plural.
pub(crate) trait Argument {
    /// The value as Fluent takes it.
    fn value(&self) -> FluentValue<'static>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

impl Argument for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Argument for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

impl Argument for Cow<'_, str> {
    fn value(&self) -> FluentValue<'static> {
        self.as_ref().value()
    }
}

impl Argument for Text {
    fn value(&self) -> FluentValue<'static> {
        self.to_string().value()
    }
}

impl Argument for app::Total {
    fn value(&self) -> FluentValue<'static> {
        let least = self.at_least;
        let bounds = match (self.exact(), self.at_most, self.about) {
            (Some(exact), _, _) => return exact.value(),
            (None, None, None) => t("common-at-least").a("least", least),
            (None, None, Some(about)) => t("common-at-least-about")
                .a("least", least)
                .a("about", about),
            (None, Some(most), None) => t("common-between").a("least", least).a("most", most),
            (None, Some(most), Some(about)) => t("common-between-about")
                .a("least", least)
                .a("most", most)
                .a("about", about),
        };
        bounds.value()
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {$(
        impl Argument for $kind {
            fn value(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )*};
}
whole_numbers!(u8, u16, u32, u64, usize, i32, i64);
