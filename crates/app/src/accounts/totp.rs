//! One-time codes of authenticator programs: RFC 6238 with HMAC-SHA-1, six digits, 30 seconds,
//! which every such program knows.

use domain::{Chance, Secret, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::error::AppError;

const STEP_MS: i64 = 30_000;
const DIGITS: u32 = 1_000_000;
/// Steps before and after the present one that are let through, for clocks that differ.
const DRIFT: i64 = 1;
const KEY: usize = 20;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new key, base 32 (RFC 4648, unpadded).
///
/// # Errors
/// [`AppError::Chance`].
pub(super) fn new_key(chance: &dyn Chance) -> Result<Secret, AppError> {
    let mut bytes = [0u8; KEY];
    chance.fill(&mut bytes)?;
    Ok(Secret::new(encode(&bytes)))
}

/// The time step that a code is right for, if it is newer than the `last` one used.
pub(super) fn step_of(key: &Secret, code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let key = decode(key.expose())?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let present = now.0.div_euclid(STEP_MS);
    (present - DRIFT..=present + DRIFT)
        .filter(|step| *step > last)
        .find(|step| {
            code_at(&key, *step).is_some_and(|right| right.as_bytes().ct_eq(code.as_bytes()).into())
        })
}

fn code_at(key: &[u8], step: i64) -> Option<String> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(key).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // Dynamic truncation, RFC 4226, 5.3.
    let offset = usize::from(hash.last()? & 0x0f);
    let four: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(four) & 0x7fff_ffff;
    Some(format!("{:06}", number % DIGITS))
}

fn encode(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let mut text = String::new();
    for five in bits.as_bytes().chunks(5) {
        let five = std::str::from_utf8(five).unwrap_or_default();
        let value = usize::from_str_radix(&format!("{five:0<5}"), 2).unwrap_or_default();
        text.extend(ALPHABET.get(value).map(|letter| char::from(*letter)));
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bits = String::new();
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        bits.push_str(&format!("{value:05b}"));
    }
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).ok()?, 2).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1, last six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let key = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(key, seconds / 30).as_deref(), Some(code));
        }
    }

    #[test]
    fn a_code_opens_once_and_near_its_time_only() {
        let key = Secret::new(encode(b"12345678901234567890"));
        let at = |seconds: i64| Timestamp(seconds * 1_000);
        assert_eq!(step_of(&key, "287 082", at(59), 0), Some(1));
        assert_eq!(step_of(&key, "287082", at(59), 1), None, "used");
        assert_eq!(step_of(&key, "287082", at(80), 0), Some(1), "a slow clock");
        assert_eq!(step_of(&key, "287082", at(150), 0), None, "too late");
        assert_eq!(step_of(&key, "", at(59), 0), None);
    }
}
