//! Stored forms of what is sealed of an account, numbered for life.

use domain::{Chance, MailAddress, Secret, UserId};
use serde::{Deserialize, Serialize};

use super::reading::Reading;
use crate::StoreError;
use crate::keys::TenantKeys;
use crate::seal::{Address, open, seal};

/// What opens the door for a person.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Password hash with its parameters and salt, in the form of whoever checks it.
    pub password: Secret,
    /// Key of the one-time codes, base 32, where the person set one up.
    pub totp: Option<Secret>,
}

#[derive(Serialize, Deserialize)]
struct ProfileV1 {
    v: u16,
    mail: String,
    name: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    zone: Option<String>,
}

/// Who a person is, as it is sealed.
pub(super) struct Profile {
    pub(super) mail: MailAddress,
    pub(super) name: Secret,
    pub(super) reading: Reading,
}

#[derive(Serialize, Deserialize)]
struct CredentialsV1 {
    v: u16,
    password: String,
    totp: Option<String>,
}

pub(super) fn seal_profile(
    keys: &TenantKeys,
    id: UserId,
    profile: &Profile,
    chance: &dyn Chance,
) -> Result<Vec<u8>, StoreError> {
    let stored = ProfileV1 {
        v: 1,
        mail: profile.mail.expose().to_owned(),
        name: profile.name.expose().to_owned(),
        language: profile.reading.language.clone(),
        zone: profile.reading.zone.clone(),
    };
    put(keys, id, "profile", &stored, chance)
}

pub(super) fn open_profile(
    keys: &TenantKeys,
    id: UserId,
    sealed: &[u8],
) -> Result<Profile, StoreError> {
    let stored: ProfileV1 = take(keys, id, "profile", sealed)?;
    known(stored.v)?;
    Ok(Profile {
        mail: stored.mail.parse()?,
        name: Secret::new(stored.name),
        reading: Reading {
            language: stored.language,
            zone: stored.zone,
        },
    })
}

pub(super) fn seal_credentials(
    keys: &TenantKeys,
    id: UserId,
    credentials: &Credentials,
    chance: &dyn Chance,
) -> Result<Vec<u8>, StoreError> {
    let stored = CredentialsV1 {
        v: 1,
        password: credentials.password.expose().to_owned(),
        totp: credentials.totp.as_ref().map(|key| key.expose().to_owned()),
    };
    put(keys, id, "credentials", &stored, chance)
}

pub(super) fn open_credentials(
    keys: &TenantKeys,
    id: UserId,
    sealed: &[u8],
) -> Result<Credentials, StoreError> {
    let stored: CredentialsV1 = take(keys, id, "credentials", sealed)?;
    known(stored.v)?;
    Ok(Credentials {
        password: Secret::new(stored.password),
        totp: stored.totp.map(Secret::new),
    })
}

fn put(
    keys: &TenantKeys,
    id: UserId,
    column: &str,
    stored: &impl Serialize,
    chance: &dyn Chance,
) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(stored)
        .map_err(|_| StoreError::record("account", "it has no stored form"))?;
    let row = id.to_string();
    Ok(seal(
        keys.records(),
        &address(keys, &row, column),
        &plain,
        chance,
    )?)
}

fn take<T: serde::de::DeserializeOwned>(
    keys: &TenantKeys,
    id: UserId,
    column: &str,
    sealed: &[u8],
) -> Result<T, StoreError> {
    let row = id.to_string();
    let plain = open(keys.records(), &address(keys, &row, column), sealed)?;
    serde_json::from_slice(&plain).map_err(|error| {
        let place = format!("{:?} error at byte {}", error.classify(), error.column());
        StoreError::record("account", place)
    })
}

fn known(version: u16) -> Result<(), StoreError> {
    if version == 1 {
        return Ok(());
    }
    let problem = format!("version {version} is not known to this program");
    Err(StoreError::record("account", problem))
}

fn address<'a>(keys: &TenantKeys, row: &'a str, column: &'a str) -> Address<'a> {
    Address {
        tenant: keys.tenant(),
        table: "users",
        row,
        column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 1 as it was first written: it must stay readable.
    #[test]
    fn version_1_stays_readable() {
        let profile: ProfileV1 =
            serde_json::from_str(r#"{"v":1,"mail":"a@b.example","name":"Ada"}"#).unwrap();
        assert_eq!((profile.v, profile.mail.as_str()), (1, "a@b.example"));
        let credentials: CredentialsV1 =
            serde_json::from_str(r#"{"v":1,"password":"x","totp":null}"#).unwrap();
        assert!(known(credentials.v).is_ok() && known(2).is_err());
    }
}
