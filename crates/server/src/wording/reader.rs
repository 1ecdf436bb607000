//! Whoever reads a page: their language and the zone of their clock, for as long as their request
//! lasts.

use std::sync::{Arc, LazyLock};

use axum::extract::{Request, State as Shared};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::middleware::Next;
use axum::response::Response;
use domain::Timestamp;
use jiff::tz::TimeZone;

use super::Locales;
use super::locales::{REFERENCE, direction};
use crate::State;
use crate::door::plain_cookie;

/// Cookie with the tag of the language that a person chose.
pub(crate) const LANGUAGE: &str = "privity_language";
/// Cookie with the name of the zone that a person chose.
pub(crate) const ZONE: &str = "privity_zone";
/// Cookie with the zone that the browser says it is in; set by script.
const BROWSER: &str = "privity_browser_zone";

/// Language and zone of a request.
pub(crate) struct Reader {
    pub(super) locales: Arc<Locales>,
    pub(super) language: String,
    zone: TimeZone,
    chosen: bool,
}

tokio::task_local! {
    static READER: Reader;
}

/// What is said where no request is: English, UTC.
static NOBODY: LazyLock<Reader> = LazyLock::new(|| Reader {
    locales: Arc::new(Locales::load(None, REFERENCE).unwrap_or_default()),
    language: REFERENCE.to_owned(),
    zone: TimeZone::UTC,
    chosen: false,
});

pub(super) fn with<T>(act: impl Fn(&Reader) -> T) -> T {
    READER.try_with(&act).unwrap_or_else(|_| act(&NOBODY))
}

/// Renders what lies below in the language and zone of whoever sent the request.
pub(crate) async fn follow(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let reader = of(&state, request.headers());
    READER.scope(reader, next.run(request)).await
}

fn of(state: &State, headers: &HeaderMap) -> Reader {
    let locales = Arc::clone(&state.locales);
    let chosen = plain_cookie(headers, LANGUAGE).and_then(|tag| locales.known(tag));
    let language = chosen.unwrap_or_else(|| {
        let accepted = headers.get(ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        locales.accepted(accepted.unwrap_or_default())
    });
    let chosen = plain_cookie(headers, ZONE).and_then(zone);
    let browser = || plain_cookie(headers, BROWSER).and_then(zone);
    Reader {
        language: language.to_owned(),
        chosen: chosen.is_some(),
        zone: chosen
            .or_else(browser)
            .unwrap_or_else(|| state.zone.clone()),
        locales,
    }
}

/// The zone of a name such as `Europe/Berlin`; a browser writes it into its cookie with `%2F`.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(&name.replace("%2F", "/")).ok()
}

/// The reader's language as `lang` has it.
pub(crate) fn language() -> String {
    with(|reader| reader.language.clone())
}

/// Which way the reader's language is written, as `dir` has it.
pub(crate) fn side() -> &'static str {
    with(|reader| direction(&reader.language))
}

/// The name of the zone in which the reader's times are shown.
pub(crate) fn zone_name() -> String {
    with(|reader| reader.zone.iana_name().unwrap_or("UTC").to_owned())
}

/// Whether the reader chose the zone, rather than their browser or the installation.
pub(crate) fn has_chosen() -> bool {
    with(|reader| reader.chosen)
}

/// Every language: its tag, what it calls itself, whether it is the reader's.
pub(crate) fn languages() -> Vec<(String, String, bool)> {
    with(|reader| {
        let none = fluent_bundle::FluentArgs::new();
        let one = |tag: &str| {
            let name = reader.locales.message(tag, "common-language", &none);
            (tag.to_owned(), name, tag == reader.language)
        };
        reader.locales.tags().map(one).collect()
    })
}

/// An instant on the reader's clock, written as `form` says (`strftime`); nothing for an instant
/// outside the calendar or a form that does not exist.
pub(crate) fn clock(at: Timestamp, form: &str) -> Option<String> {
    let instant = jiff::Timestamp::from_millisecond(at.0).ok()?;
    let local = with(|reader| instant.to_zoned_datetime(reader.zone.clone()));
    jiff::fmt::strtime::format(form, &local).ok()
}
