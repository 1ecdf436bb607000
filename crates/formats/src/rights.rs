//! Messages of the Data Rights Protocol 1.0 (Consumer Reports): what an agent sends for a person.
//!
//! A message is base64 over an Ed25519 signature of 64 bytes followed by the signed JSON (libsodium's
//! combined mode). Who signed is checked by whoever knows the agents; this reads.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use domain::{Secret, Timestamp};
use serde::Deserialize;

/// Longest message in characters.
pub const LONGEST: usize = 65_536;
const SIGNATURE: usize = 64;

/// Why a message cannot be used. Nothing of its content is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RightsError {
    /// Not base64, or too short to hold a signature.
    #[error("the body is not base64 of a signature of 64 bytes and a message")]
    Envelope,
    /// Not the JSON that the protocol asks for.
    #[error("the signed message is not as the protocol asks: {0}")]
    Message(String),
    /// A field that must be a time is none.
    #[error("`{0}` is not an ISO 8601 time with its offset")]
    Time(&'static str),
    /// A version that is not spoken here.
    #[error("`drp.version` must be `1.0` (or `0.9.3` or `0.9.4`, which are the same)")]
    Version,
}

/// A message with its signature, neither of them checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Ed25519, over `message`.
    pub signature: [u8; SIGNATURE],
    /// JSON in UTF-8.
    pub message: Vec<u8>,
}

impl Envelope {
    /// Reads a body of `text/plain`.
    ///
    /// # Errors
    /// [`RightsError::Envelope`].
    pub fn read(body: &str) -> Result<Self, RightsError> {
        let body = body.trim();
        if body.len() > LONGEST {
            return Err(RightsError::Envelope);
        }
        let bytes = BASE64_STANDARD
            .decode(body)
            .or_else(|_| BASE64_STANDARD_NO_PAD.decode(body))
            .map_err(|_| RightsError::Envelope)?;
        let (signature, message) = bytes
            .split_first_chunk::<SIGNATURE>()
            .ok_or(RightsError::Envelope)?;
        Ok(Self {
            signature: *signature,
            message: message.to_vec(),
        })
    }

    /// Writes the body that [`Self::read`] reads.
    #[must_use]
    pub fn write(&self) -> String {
        let mut bytes = self.signature.to_vec();
        bytes.extend_from_slice(&self.message);
        BASE64_STANDARD.encode(bytes)
    }
}

/// Between whom, and for how long a message is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// The agent.
    pub agent: String,
    /// The business it is for.
    pub business: String,
    /// When it was made.
    pub issued: Timestamp,
    /// Until when it may be acted on.
    pub expires: Timestamp,
}

/// A right as the protocol names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// `access` and `access:specific`.
    Access,
    /// `deletion`.
    Deletion,
    /// `sale:opt_out`, also written `sale:opt-out`.
    OptOut,
}

impl Right {
    /// What is taken in here, as the service directory writes it.
    pub const SUPPORTED: [&'static str; 4] =
        ["access", "access:specific", "deletion", "sale:opt_out"];

    fn of(key: &str) -> Option<Self> {
        match key {
            "access" | "access:specific" => Some(Self::Access),
            "deletion" => Some(Self::Deletion),
            "sale:opt_out" | "sale:opt-out" => Some(Self::OptOut),
            _ => None,
        }
    }
}

/// A request that a right be exercised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// Between whom and until when.
    pub bounds: Bounds,
    /// Which right; none: one that is not taken in here.
    pub right: Option<Right>,
    /// The law, as `ccpa`; none: without one.
    pub regime: Option<String>,
    /// The agent's own number for it.
    pub number: Option<String>,
    /// Where the agent wants to be told.
    pub callback: Option<String>,
    /// The person's mail address.
    pub mail: Option<Secret>,
    /// The agent says that it has checked that the address is the person's.
    pub mail_verified: bool,
    /// The person's telephone number.
    pub phone: Option<Secret>,
}

#[derive(Deserialize)]
struct BoundsWire {
    #[serde(rename = "agent-id")]
    agent: String,
    #[serde(rename = "business-id")]
    business: String,
    #[serde(rename = "issued-at")]
    issued: String,
    #[serde(rename = "expires-at")]
    expires: String,
    #[serde(rename = "drp.version")]
    version: String,
}

#[derive(Deserialize)]
struct ExerciseWire {
    #[serde(flatten)]
    bounds: BoundsWire,
    exercise: String,
    #[serde(default)]
    regime: Option<String>,
    #[serde(rename = "agent-request-id", default)]
    number: Option<String>,
    #[serde(default)]
    status_callback: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    #[serde(default)]
    phone_number: Option<String>,
}

#[derive(Deserialize)]
struct RevokeWire {
    #[serde(default)]
    reason: Option<String>,
}

/// Reads what a pair-wise key set-up says.
///
/// # Errors
/// [`RightsError`] naming the field.
pub fn pairing(message: &[u8]) -> Result<Bounds, RightsError> {
    bounds(json(message)?)
}

/// Reads a request that a right be exercised. Claims about the person that are not needed here are
/// passed over and so never kept.
///
/// # Errors
/// [`RightsError`] naming the field.
pub fn exercise(message: &[u8]) -> Result<Exercise, RightsError> {
    let wire: ExerciseWire = json(message)?;
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    Ok(Exercise {
        bounds: bounds(wire.bounds)?,
        right: Right::of(&wire.exercise),
        regime: said(wire.regime).map(|law| law.to_ascii_lowercase()),
        number: said(wire.number),
        callback: said(wire.status_callback),
        mail: said(wire.email).map(Secret::new),
        mail_verified: wire.email_verified,
        phone: said(wire.phone_number).map(Secret::new),
    })
}

/// Reads why a person takes a request back; empty where no reason is given.
///
/// # Errors
/// [`RightsError::Message`].
pub fn revocation(message: &[u8]) -> Result<String, RightsError> {
    Ok(json::<RevokeWire>(message)?.reason.unwrap_or_default())
}

fn bounds(wire: BoundsWire) -> Result<Bounds, RightsError> {
    if !matches!(wire.version.as_str(), "1.0" | "1.0.0" | "0.9.3" | "0.9.4") {
        return Err(RightsError::Version);
    }
    Ok(Bounds {
        issued: time(&wire.issued, "issued-at")?,
        expires: time(&wire.expires, "expires-at")?,
        agent: wire.agent,
        business: wire.business,
    })
}

fn time(text: &str, field: &'static str) -> Result<Timestamp, RightsError> {
    // Milliseconds round down: a time is never after itself.
    let at: jiff::Timestamp = text.parse().map_err(|_| RightsError::Time(field))?;
    Ok(Timestamp(at.as_millisecond()))
}

/// The parser's message may quote a value; its place and kind are enough.
fn json<T: serde::de::DeserializeOwned>(message: &[u8]) -> Result<T, RightsError> {
    serde_json::from_slice(message).map_err(|error| {
        let text = error.to_string();
        let missing = text.strip_prefix("missing field ");
        RightsError::Message(match missing.and_then(|rest| rest.split('`').nth(1)) {
            Some(field) => format!("`{field}` is missing"),
            None => format!(
                "a fault at line {}, column {}",
                error.line(),
                error.column()
            ),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: &str = r#"{"agent-id":"CR_AGENT","business-id":"PRIVITY","issued-at":"2026-11-27T10:00:00Z",
        "expires-at":"2026-11-27T12:10:00+02:00","drp.version":"1.0","agent-request-id":"a-1",
        "exercise":"deletion","regime":"CCPA","relationships":["customer"],
        "status_callback":"https://agent.example/told","name":"Tom Hale","email":"tom@example.org",
        "email_verified":true,"address":{"locality":"Fresno"}}"#;

    #[test]
    fn a_whole_request_is_read() {
        let read = exercise(WHOLE.as_bytes()).unwrap();
        assert_eq!(read.right, Some(Right::Deletion));
        assert_eq!(read.regime.as_deref(), Some("ccpa"));
        assert_eq!(read.bounds.expires.since(read.bounds.issued).0, 600_000);
        assert!(read.mail_verified);
        assert_eq!(read.number.as_deref(), Some("a-1"));
    }

    #[test]
    fn faults_name_the_field_and_never_the_person() {
        let without = WHOLE.replace(r#""exercise":"deletion","#, "");
        let fault = exercise(without.as_bytes()).unwrap_err().to_string();
        assert!(fault.contains("`exercise` is missing"), "{fault}");
        let late = WHOLE.replace("2026-11-27T10:00:00Z", "yesterday");
        assert_eq!(
            exercise(late.as_bytes()),
            Err(RightsError::Time("issued-at"))
        );
        let wrong = WHOLE.replace("true", "\"tom@example.org\"");
        let fault = exercise(wrong.as_bytes()).unwrap_err().to_string();
        assert!(!fault.contains("tom"), "{fault}");
        let old = WHOLE.replace("\"1.0\"", "\"0.5\"");
        assert_eq!(exercise(old.as_bytes()), Err(RightsError::Version));
    }

    #[test]
    fn a_right_that_is_not_taken_in_is_no_fault_of_the_message() {
        let sale = WHOLE.replace("deletion", "sale:opt_in");
        assert_eq!(exercise(sale.as_bytes()).unwrap().right, None);
        for right in Right::SUPPORTED {
            assert!(Right::of(right).is_some(), "{right}");
        }
    }

    proptest! {
        #[test]
        fn an_envelope_reads_as_it_was_written(
            signature in proptest::collection::vec(any::<u8>(), SIGNATURE),
            message in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let envelope = Envelope { signature: signature.try_into().unwrap(), message };
            prop_assert_eq!(Envelope::read(&envelope.write()).unwrap(), envelope);
        }

        #[test]
        fn no_body_makes_it_panic(body in ".{0,200}", message in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(Envelope::read(&body));
            drop((exercise(&message), pairing(&message), revocation(&message)));
        }
    }
}
