//! Style, scripts and icon, compiled in. Their address carries a hash of their bytes, so that a
//! browser may keep them for a year.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::State;

/// Name, media type and bytes.
const ASSETS: &[(&str, &str, &str)] = &[
    (
        "app.css",
        "text/css; charset=utf-8",
        include_str!("../../../../web/app.css"),
    ),
    (
        "app.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../../web/app.js"),
    ),
    (
        "player.js",
        "text/javascript; charset=utf-8",
        include_str!("../../../../web/player.js"),
    ),
    (
        "icon.svg",
        "image/svg+xml",
        include_str!("../../../../web/icon.svg"),
    ),
];

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut sum = Sha256::new();
    for (_, _, text) in ASSETS {
        sum.update(text);
    }
    hex::encode(sum.finalize()).chars().take(12).collect()
});

/// The present version of all assets, part of their addresses.
pub(crate) fn version() -> &'static str {
    VERSION.as_str()
}

pub(super) fn router() -> Router<State> {
    Router::new().route("/assets/{version}/{name}", get(serve))
}

async fn serve(Path((asked, name)): Path<(String, String)>) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(known, _, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = text.into_response();
    let kept = if asked == version() {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
