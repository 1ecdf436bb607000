//! Passwords: what is good enough to be one, and its hash.
//!
//! Argon2id with the parameters that OWASP's password storage cheat sheet names first (19 MiB, two
//! passes, one lane). The hash carries its parameters and salt, so that they can be raised later.

use argon2::{Algorithm, Argon2, Params, Version};
use domain::{Chance, Secret};
use subtle::ConstantTimeEq;

use crate::error::AppError;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const SALT: usize = 16;
const LENGTH: usize = 32;
/// Shorter is guessed too soon whatever it is made of.
const SHORTEST: usize = 10;
/// A longer one only costs hashing time.
const LONGEST: usize = 256;

/// Whether a password may be chosen. `about` is what an attacker tries first: the person's
/// name and address, the organisation. Common and breached passwords are in the estimator's
/// dictionaries.
///
/// # Errors
/// [`AppError::Input`] saying what to change.
pub(super) fn acceptable(password: &Secret, about: &[&str]) -> Result<(), AppError> {
    let text = password.expose();
    let length = text.chars().count();
    if length < SHORTEST {
        return Err(weak(&format!("it needs at least {SHORTEST} characters")));
    }
    if text.len() > LONGEST {
        return Err(weak(&format!("it may have at most {LONGEST} bytes")));
    }
    let mut known: Vec<&str> = about.iter().flat_map(|words| parts(words)).collect();
    known.push("privity");
    let estimate = zxcvbn::zxcvbn(text, &known);
    if estimate.score() >= zxcvbn::Score::Three {
        return Ok(());
    }
    let said = estimate.feedback().map_or_else(String::new, |feedback| {
        let warning = feedback.warning().map(|warning| warning.to_string());
        let hints = feedback.suggestions().iter().map(ToString::to_string);
        warning
            .into_iter()
            .chain(hints)
            .collect::<Vec<_>>()
            .join(" ")
    });
    Err(weak(&format!(
        "it would be guessed too soon. {said} Three or four unrelated words do well."
    )))
}

fn weak(why: &str) -> AppError {
    AppError::Input(format!("this password cannot be used: {why}"))
}

fn parts(words: &str) -> impl Iterator<Item = &str> {
    words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.len() > 2)
}

/// The hash to keep: `argon2id$memory$passes$salt$hash`.
///
/// # Errors
/// [`AppError::Chance`]; [`AppError::Stopped`] where the parameters cannot be used.
pub(super) fn hash(password: &Secret, chance: &dyn Chance) -> Result<Secret, AppError> {
    let mut salt = [0u8; SALT];
    chance.fill(&mut salt)?;
    let out = stretch(password, MEMORY_KIB, PASSES, &salt).ok_or(AppError::Stopped)?;
    Ok(Secret::new(format!(
        "argon2id${MEMORY_KIB}${PASSES}${}${}",
        hex::encode(salt),
        hex::encode(out)
    )))
}

/// Whether a password is the one of a kept hash. An unreadable hash fits nothing.
pub(super) fn fits(password: &Secret, kept: &Secret) -> bool {
    let Some((memory, passes, salt, wanted)) = read(kept.expose()) else {
        return false;
    };
    stretch(password, memory, passes, &salt).is_some_and(|out| out.ct_eq(&wanted).into())
}

/// As much work as [`fits`], for an address without an account: the answer takes as long.
pub(super) fn pretend(password: &Secret) {
    // The result is of no use to anybody.
    drop(stretch(password, MEMORY_KIB, PASSES, &[0; SALT]));
}

fn read(kept: &str) -> Option<(u32, u32, Vec<u8>, Vec<u8>)> {
    let mut fields = kept.strip_prefix("argon2id$")?.split('$');
    let memory = fields.next()?.parse().ok()?;
    let passes = fields.next()?.parse().ok()?;
    let salt = hex::decode(fields.next()?).ok()?;
    let hash = hex::decode(fields.next()?).ok()?;
    Some((memory, passes, salt, hash))
}

fn stretch(password: &Secret, memory: u32, passes: u32, salt: &[u8]) -> Option<Vec<u8>> {
    let params = Params::new(memory, passes, 1, Some(LENGTH)).ok()?;
    let mut out = vec![0u8; LENGTH];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.expose().as_bytes(), salt, &mut out)
        .ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::OsChance;

    #[test]
    fn weak_breached_and_personal_passwords_are_refused_with_a_reason() {
        let about = ["Ada Lovelace", "ada@analytical.example"];
        for weak in [
            "short1!",
            "password123",
            "qwertyuiop1",
            "lovelace-ada",
            "analytical2026",
        ] {
            let error = acceptable(&Secret::new(weak), &about).unwrap_err();
            assert!(error.to_string().contains("cannot be used"), "{weak}");
        }
        let endless = "x1".repeat(200);
        assert!(acceptable(&Secret::new(endless), &about).is_err());
        acceptable(&Secret::new("crumple-orbit-9-lantern"), &about).unwrap();
    }

    #[test]
    fn a_hash_fits_its_password_only_and_no_two_are_alike() {
        let password = Secret::new("crumple-orbit-9-lantern");
        let (one, two) = (
            hash(&password, &OsChance).unwrap(),
            hash(&password, &OsChance).unwrap(),
        );
        assert_ne!(one.expose(), two.expose());
        assert!(fits(&password, &one) && fits(&password, &two));
        assert!(!fits(&Secret::new("crumple-orbit-9-lanterN"), &one));
        for broken in ["", "argon2id$", "argon2id$1$1$zz$00", "plain"] {
            assert!(!fits(&password, &Secret::new(broken)), "{broken}");
        }
    }
}
