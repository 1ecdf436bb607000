//! Whether an identity token is what it says: signature, issuer, audience, time, nonce (OpenID
//! Connect Core 1.0, section 3.1.3.7). Three ways of signing are known, each with its own kind of
//! key; a token cannot choose another, and none is no way.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY: i64 = 60;
/// A subject identifier is at most so long (Core 1.0, section 2).
const LONGEST_SUBJECT: usize = 255;

/// What the token must be about.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// What a token says of a person.
pub(super) struct Claims {
    pub(super) subject: String,
    all: Map<String, Value>,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not three parts of the right form.
    #[error("it is not a signed token")]
    Form,
    /// Signed in a way that is not accepted, or not at all.
    #[error("it is not signed by RS256, ES256 or EdDSA")]
    Algorithm,
    /// No key of the provider signed it.
    #[error("no present key of the provider signed it")]
    Signature,
    /// Another provider's.
    #[error("it is of another issuer")]
    Issuer,
    /// For another program.
    #[error("it is for another client")]
    Audience,
    /// Too old, or from the future.
    #[error("its time is over or has not come")]
    Time,
    /// Of another sign-in.
    #[error("it belongs to another sign-in")]
    Nonce,
    /// About nobody.
    #[error("it names nobody")]
    Subject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Rs256,
    Es256,
    EdDsa,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// A key of a JWK set (RFC 7517, RFC 7518 section 6, RFC 8037).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// Reads a token that one of `keys` must have signed.
pub(super) fn read(token: &str, keys: &[Value], expected: &Expected<'_>) -> Result<Claims, Unfit> {
    let (signed, signature) = token.rsplit_once('.').ok_or(Unfit::Form)?;
    let (header, payload) = signed.split_once('.').ok_or(Unfit::Form)?;
    if payload.contains('.') {
        return Err(Unfit::Form);
    }
    let header: Header = json(header)?;
    let way = Way::of(&header.alg).ok_or(Unfit::Algorithm)?;
    if header.crit.is_some() {
        return Err(Unfit::Algorithm);
    }
    let signature = bytes(signature).ok_or(Unfit::Form)?;
    let signer = keys
        .iter()
        .filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok())
        .filter(|key| header.kid.is_none() || key.kid == header.kid)
        .filter(|key| key.usage.as_deref().is_none_or(|usage| usage == "sig"))
        .filter(|key| key.alg.as_deref().is_none_or(|alg| alg == header.alg))
        .filter_map(|key| key.for_way(way))
        .any(|key| key.verify_sig(signed.as_bytes(), &signature).is_ok());
    if !signer {
        return Err(Unfit::Signature);
    }
    check(json(payload)?, expected)
}

fn check(all: Map<String, Value>, expected: &Expected<'_>) -> Result<Claims, Unfit> {
    if text(&all, "iss") != Some(expected.issuer) {
        return Err(Unfit::Issuer);
    }
    let several = match all.get("aud") {
        Some(Value::String(one)) if one == expected.client => false,
        Some(Value::Array(many)) if many.iter().any(|one| one == expected.client) => many.len() > 1,
        _ => return Err(Unfit::Audience),
    };
    match text(&all, "azp") {
        Some(party) if party == expected.client => {}
        None if !several && !all.contains_key("azp") => {}
        _ => return Err(Unfit::Audience),
    }
    let now = expected.now.0.div_euclid(1_000);
    let second = |name: &str| all.get(name).and_then(seconds);
    let ends = second("exp").ok_or(Unfit::Time)?;
    let made = second("iat").ok_or(Unfit::Time)?;
    let begins = second("nbf").unwrap_or(i64::MIN);
    if ends.saturating_add(LEEWAY) <= now || made.max(begins) > now + LEEWAY {
        return Err(Unfit::Time);
    }
    let nonce = text(&all, "nonce").ok_or(Unfit::Nonce)?;
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(Unfit::Nonce);
    }
    let subject = text(&all, "sub")
        .filter(|sub| !sub.is_empty() && sub.len() <= LONGEST_SUBJECT)
        .ok_or(Unfit::Subject)?;
    Ok(Claims {
        subject: subject.to_owned(),
        all,
    })
}

impl Claims {
    /// Whether the mail address or the claim of a role is not among them.
    pub(super) fn lacks(&self, role: Option<&str>) -> bool {
        let has = |name: &str| self.all.contains_key(name);
        !has("email") || role.is_some_and(|role| !has(role))
    }

    /// Adds what the provider says apart from the token, if it is of the same person; nothing
    /// that was signed is replaced.
    pub(super) fn add(&mut self, more: Map<String, Value>) {
        if text(&more, "sub") != Some(&self.subject) {
            return;
        }
        for (name, value) in more {
            self.all.entry(name).or_insert(value);
        }
    }

    /// The mail address, where the provider says that it is the person's.
    pub(super) fn verified_mail(&self) -> Option<&str> {
        // Some write the boolean as a text.
        let verified = match self.all.get("email_verified") {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(said)) => said == "true",
            _ => false,
        };
        text(&self.all, "email").filter(|_| verified)
    }

    /// What colleagues call the person.
    pub(super) fn name(&self) -> Option<&str> {
        text(&self.all, "name").filter(|name| !name.trim().is_empty())
    }

    /// Every text of a claim that is one or a list of them.
    pub(super) fn texts(&self, claim: &str) -> Vec<&str> {
        match self.all.get(claim) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

impl Way {
    fn of(alg: &str) -> Option<Self> {
        match alg {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

impl Jwk {
    /// The key for a way of signing; nothing where it is of another kind or too weak.
    fn for_way(&self, way: Way) -> Option<ParsedPublicKey> {
        let part = |text: &Option<String>| text.as_deref().and_then(bytes);
        let curve = self.crv.as_deref();
        match (way, self.kty.as_str(), curve) {
            (Way::Rs256, "RSA", _) => {
                let (n, e) = (part(&self.n)?, part(&self.e)?);
                let (n, e) = (unpadded(&n), unpadded(&e));
                PublicKeyComponents { n, e }
                    .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                    .ok()
            }
            (Way::Es256, "EC", Some("P-256")) => {
                let mut point = vec![4];
                point.extend(part(&self.x)?);
                point.extend(part(&self.y)?);
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()
            }
            (Way::EdDsa, "OKP", Some("Ed25519")) => {
                ParsedPublicKey::new(&ED25519, part(&self.x)?).ok()
            }
            _ => None,
        }
    }
}

/// A number without the zeros before it.
fn unpadded(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

fn text<'a>(all: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    all.get(name).and_then(Value::as_str)
}

/// Seconds since 1970; a fraction is cut off.
fn seconds(value: &Value) -> Option<i64> {
    if let Some(whole) = value.as_i64() {
        return Some(whole);
    }
    let text = value.as_f64().filter(|n| n.is_finite())?.trunc();
    format!("{text:.0}").parse().ok()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn json<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, Unfit> {
    let bytes = bytes(part).ok_or(Unfit::Form)?;
    serde_json::from_slice(&bytes).map_err(|_| Unfit::Form)
}

#[cfg(test)]
mod tests;
