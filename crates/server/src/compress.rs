//! Pages, styles and scripts leave compressed where the browser takes gzip.
//!
//! A page carries its form's token, so an attacker who could have pages of somebody's session made
//! around words of theirs and see their lengths might guess it letter by letter (BREACH). They
//! cannot have one made: the session's cookie is `SameSite=Strict` and is not sent with what another
//! site begins, and without it a page holds nothing of anybody (`docs/decisions/0008`).

use std::io::Write;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter bodies are not worth it.
const SHORTEST: u64 = 1_024;
/// Longer ones are files that somebody takes out.
const LONGEST: u64 = 8 * 1_048_576;
/// What is text here.
const TEXTS: &[&str] = &[
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "application/problem+json",
    "image/svg+xml",
];

pub(crate) async fn gzip(request: Request, next: Next) -> Response {
    let takes = takes_gzip(request.headers());
    let response = next.run(request).await;
    if !is_text(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts
        .headers
        .append(VARY, HeaderValue::from_static("accept-encoding"));
    let length = body.size_hint().exact();
    if !takes || !length.is_some_and(|length| (SHORTEST..LONGEST).contains(&length)) {
        return Response::from_parts(parts, body);
    }
    // A body of a known length lies in memory whole; collecting it neither waits nor fails.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    match squeezed(&bytes) {
        Some(squeezed) => {
            parts.headers.remove(CONTENT_LENGTH);
            parts
                .headers
                .insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Response::from_parts(parts, Body::from(squeezed))
        }
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}

fn squeezed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(4));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    said.unwrap_or_default().split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    TEXTS.contains(&kind)
        && !headers.contains_key(CONTENT_ENCODING)
        && !headers.contains_key(CONTENT_RANGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_who_takes_it() {
        let takes = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, text.parse().unwrap());
            takes_gzip(&headers)
        };
        assert!(takes("gzip, deflate, br") && takes("br;q=1, GZIP;q=0.5"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn what_is_squeezed_opens_to_the_same_bytes() {
        use std::io::Read as _;
        let text = "<p>many alike</p>".repeat(1_000);
        let small = squeezed(text.as_bytes()).unwrap();
        assert!(small.len() < text.len() / 20);
        let mut opened = String::new();
        flate2::read::GzDecoder::new(small.as_slice())
            .read_to_string(&mut opened)
            .unwrap();
        assert_eq!(opened, text);
    }
}
