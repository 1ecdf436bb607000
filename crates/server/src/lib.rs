//! HTTP: sign-in, the API, the pages. Thin: parse, call `app`, render. To somebody who is not
//! signed in only the way in, the public pages (policy, a person's request, how to verify, the
//! log's commitments) and the style sheet are served.

mod arranging_wire;
mod category_wire;
mod compress;
mod door;
mod openapi;
mod pace;
mod pages;
mod problem;
mod review_wire;
mod routes;
mod topic_wire;
mod wire;
mod witness;
mod wording;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use app::App;
use axum::Router;
use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tokio::net::TcpListener;
use tower_http::set_header::SetResponseHeaderLayer;

pub use door::Door;
pub use openapi::document as openapi;
pub use witness::serve_witness;
pub use wording::LocaleError;
use wording::{Say, Text, rich, t};

/// Why the server stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The listener failed.
    #[error("the server stopped listening")]
    Listen(#[from] std::io::Error),
    /// A file of another language cannot be used.
    #[error("the pages' languages cannot be read")]
    Locales(#[from] LocaleError),
    /// The configured time zone is unknown.
    #[error("`zone` cannot be `{0}`; hint: a name such as `Europe/Berlin`")]
    Zone(String),
}

#[derive(Clone)]
struct State {
    app: App,
    door: Arc<Door>,
    pace: Arc<pace::Pace>,
    locales: Arc<wording::Locales>,
    /// Of whoever has chosen none.
    zone: jiff::tz::TimeZone,
}

impl State {
    fn cookies(&self) -> door::Cookies {
        door::Cookies {
            tls: self.app.config().behind_tls(),
        }
    }
}

/// Serves until `stop` ends; then requests under way are finished.
///
/// # Errors
/// [`ServerError`].
pub async fn serve(
    app: App,
    door: Door,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let router = router(app, door)?.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await?;
    Ok(())
}

/// Every route with its headers; what [`serve`] serves.
///
/// # Errors
/// [`ServerError::Locales`] and [`ServerError::Zone`]: what the configuration says of the pages'
/// languages and clock cannot be used.
pub fn router(app: App, door: Door) -> Result<Router, ServerError> {
    let config = app.config();
    let locales = wording::Locales::load(config.locales.as_deref(), &config.language)?;
    let zone = wording::reader::zone(&config.zone)
        .ok_or_else(|| ServerError::Zone(config.zone.clone()))?;
    let state = State {
        pace: Arc::new(pace::Pace::new(app.clone())),
        app,
        door: Arc::new(door),
        locales: Arc::new(locales),
        zone,
    };
    let tls = state.cookies().tls;
    let mut router = Router::new()
        .merge(routes::router(&state))
        .merge(pages::router(&state))
        .fallback(problem::not_found)
        .with_state(state);
    router = router
        .layer(axum::middleware::from_fn(over_tls))
        .layer(axum::middleware::from_fn(compress::gzip));
    let secure = HEADERS_OF_TLS.iter().filter(|_| tls);
    for (name, value) in HEADERS.iter().chain(secure) {
        router = router.layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        ));
    }
    Ok(router)
}

/// Marks cookies `Secure` where a proxy says that the browser speaks TLS to it. The header is
/// believed from anybody: it can only make a cookie stricter.
async fn over_tls(request: Request, next: Next) -> Response {
    let said = request.headers().get("x-forwarded-proto");
    let tls = said.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"https"));
    let mut response = next.run(request).await;
    if tls {
        let fields = response.headers_mut();
        let cookies: Vec<HeaderValue> = fields.get_all(SET_COOKIE).iter().cloned().collect();
        fields.remove(SET_COOKIE);
        for cookie in cookies {
            let text = cookie.to_str().unwrap_or_default();
            let strict = if text.contains("; Secure") {
                None
            } else {
                HeaderValue::from_str(&format!("{text}; Secure")).ok()
            };
            fields.append(SET_COOKIE, strict.unwrap_or(cookie));
        }
    }
    response
}

/// Nothing from elsewhere, no inline script, nothing kept by caches, no address passed on.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; media-src 'self'; \
         img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Only over TLS would a browser heed them.
const HEADERS_OF_TLS: &[(&str, &str)] = &[("strict-transport-security", "max-age=31536000")];
