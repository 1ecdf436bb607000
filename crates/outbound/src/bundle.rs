//! A sealed file for one recipient.
//!
//! One line of JSON (format, disclosure, media type, the policy that travels with it), a line
//! feed, a 96-bit nonce, AES-256-GCM over the payload. The key is HKDF-SHA256 of the shared secret
//! with the disclosure's id as salt; the line is the associated data, so that the payload does not
//! open without the policy it was sent under.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use domain::{Chance, Secret};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::OutboundError;
use crate::parcel::Sticky;

const FORMAT: &str = "privity.bundle/1";
const NONCE: usize = 12;
/// The shortest secret that two sides may share.
const SHORTEST: usize = 16;

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    disclosure: String,
    media_type: String,
    policy: Sticky,
}

pub(crate) fn seal(
    secret: &Secret,
    (id, media_type, policy): (&str, &str, &Sticky),
    bytes: &[u8],
    chance: &dyn Chance,
) -> Result<Vec<u8>, OutboundError> {
    let head = Head {
        format: FORMAT.to_owned(),
        disclosure: id.to_owned(),
        media_type: media_type.to_owned(),
        policy: policy.clone(),
    };
    seal_under(secret, &head, bytes, chance)
}

/// Seals what is of no single interaction: the obligations that pass to a successor.
///
/// # Errors
/// [`OutboundError::Endpoint`] for a secret that is too short; [`OutboundError::Chance`].
pub fn seal_pack(
    secret: &Secret,
    name: &str,
    plain: &[u8],
    sticky: Sticky,
    chance: &dyn Chance,
) -> Result<Vec<u8>, OutboundError> {
    let head = Head {
        format: FORMAT.to_owned(),
        disclosure: name.to_owned(),
        media_type: "application/json".to_owned(),
        policy: sticky,
    };
    seal_under(secret, &head, plain, chance)
}

fn seal_under(
    secret: &Secret,
    head: &Head,
    plain: &[u8],
    chance: &dyn Chance,
) -> Result<Vec<u8>, OutboundError> {
    let line = serde_json::to_vec(head).map_err(|_| OutboundError::Bundle("written"))?;
    let mut nonce = [0u8; NONCE];
    chance.fill(&mut nonce)?;
    let payload = Payload {
        msg: plain,
        aad: &line,
    };
    let sealed = cipher(secret, &head.disclosure)?
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| OutboundError::Bundle("sealed"))?;
    let mut file = line;
    file.push(b'\n');
    file.extend_from_slice(&nonce);
    file.extend_from_slice(&sealed);
    Ok(file)
}

/// Opens a bundle: the payload, and the policy that it was sent under.
///
/// # Errors
/// [`OutboundError::Bundle`] where it is none, was altered, or the secret is another.
pub fn open_bundle(
    secret: &Secret,
    file: &[u8],
) -> Result<(Zeroizing<Vec<u8>>, Sticky), OutboundError> {
    let refused = || OutboundError::Bundle("opened: it was altered or the secret is another");
    let end = file.iter().position(|byte| *byte == b'\n');
    let (line, rest) = end
        .and_then(|at| file.split_at_checked(at))
        .ok_or_else(refused)?;
    let head: Head = serde_json::from_slice(line).map_err(|_| refused())?;
    if head.format != FORMAT {
        return Err(OutboundError::Bundle("opened: its format is not known"));
    }
    let rest = rest.get(1..).ok_or_else(refused)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(refused)?;
    let payload = Payload {
        msg: sealed,
        aad: line,
    };
    let plain = cipher(secret, &head.disclosure)?
        .decrypt(&Nonce::from(*nonce), payload)
        .map_err(|_| refused())?;
    Ok((Zeroizing::new(plain), head.policy))
}

fn cipher(secret: &Secret, salt: &str) -> Result<Aes256Gcm, OutboundError> {
    let shared = secret.expose().as_bytes();
    if shared.len() < SHORTEST {
        return Err(OutboundError::Endpoint(
            "the shared secret has fewer than 16 characters",
        ));
    }
    let mut key = Zeroizing::new([0u8; 32]);
    Hkdf::<Sha256>::new(Some(salt.as_bytes()), shared)
        .expand(b"privity v1 bundle", &mut *key)
        .map_err(|_| OutboundError::Bundle("keyed"))?;
    Ok(Aes256Gcm::new((&*key).into()))
}
