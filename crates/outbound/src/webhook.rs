//! Webhooks signed as standardwebhooks.com says: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Millis, Secret, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::OutboundError;
use crate::parcel::Parcel;

/// How old a signature may be for a receiver.
const TOLERANCE: Millis = Millis(5 * 60 * 1000);

/// The message's three headers.
pub(crate) struct Signed {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
}

pub(crate) fn body(parcel: &Parcel, at: Timestamp) -> Zeroizing<Vec<u8>> {
    let message = json!({
        "type": "interaction.disclosed",
        "timestamp": at.0,
        "data": {
            "disclosure": parcel.id.to_string(),
            "interaction": parcel.interaction.to_string(),
            "media_type": parcel.media_type,
            "payload": STANDARD.encode(&*parcel.bytes),
        },
        "policy": parcel.sticky,
    });
    Zeroizing::new(message.to_string().into_bytes())
}

pub(crate) fn sign(
    secret: &Secret,
    id: &str,
    at: Timestamp,
    body: &[u8],
) -> Result<Signed, OutboundError> {
    let timestamp = (at.0 / 1000).to_string();
    let tag = mac(secret, id, &timestamp, body)?.finalize().into_bytes();
    Ok(Signed {
        id: id.to_owned(),
        signature: format!("v1,{}", STANDARD.encode(tag)),
        timestamp,
    })
}

/// Checks a webhook as its receiver must: signature first, then age.
///
/// # Errors
/// [`OutboundError::Signature`] saying what does not hold.
pub fn verify_webhook(
    secret: &Secret,
    (id, timestamp, signature): (&str, &str, &str),
    body: &[u8],
    now: Timestamp,
) -> Result<(), OutboundError> {
    let tags = signature
        .split(' ')
        .filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    let mut matching = false;
    for tag in tags {
        let mac = mac(secret, id, timestamp, body)?;
        matching |= mac.verify_slice(&tag).is_ok();
    }
    if !matching {
        return Err(OutboundError::Signature("it was not made with this secret"));
    }
    let sent: i64 = timestamp
        .parse()
        .map_err(|_| OutboundError::Signature("its time is none"))?;
    let sent = Timestamp(sent.saturating_mul(1000));
    if sent.since(now).max(now.since(sent)) > TOLERANCE {
        return Err(OutboundError::Signature("it is too old or from the future"));
    }
    Ok(())
}

/// Only TLS, or plain HTTP to this very machine.
pub(crate) fn address(url: &Secret) -> Result<Url, OutboundError> {
    let parsed = Url::parse(url.expose())
        .map_err(|_| OutboundError::Endpoint("a webhook needs an `https://` URL"))?;
    let here = match parsed.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match (parsed.scheme(), here) {
        ("https", _) | ("http", true) => Ok(parsed),
        _ => Err(OutboundError::Endpoint(
            "a webhook needs an `https://` URL; `http://` is for this machine only",
        )),
    }
}

fn mac(
    secret: &Secret,
    id: &str,
    timestamp: &str,
    body: &[u8],
) -> Result<Hmac<Sha256>, OutboundError> {
    let key = secret.expose();
    let key = STANDARD
        .decode(key.strip_prefix("whsec_").unwrap_or(key))
        .map(Zeroizing::new)
        .map_err(|_| OutboundError::Endpoint("a webhook's secret is `whsec_` and base64"))?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key)
        .map_err(|_| OutboundError::Endpoint("a webhook's secret cannot be used"))?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Ok(mac)
}
