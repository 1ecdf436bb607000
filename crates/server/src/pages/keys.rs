//! API keys: made, shown once, revoked.

use app::{ApiKeyRecord, NewApiKey};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{ApiKeyId, Purpose};

use super::forms::Fields;
use super::me::Me;
use super::overview::Moment;
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::{Say, State, t};

/// What a key can be made for here, and what that means.
const OFFERED: &[(Purpose, Say, bool)] = &[
    (Purpose::Storage, t("keys-bring-interactions-in"), true),
    (
        Purpose::Review,
        t("keys-list-search-and-read-redacted"),
        true,
    ),
    (Purpose::Playback, t("keys-hear-redacted-audio"), false),
    (
        Purpose::Export,
        t("keys-take-redacted-interactions-out"),
        false,
    ),
];

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    me: Me,
    keys: Vec<KeyRow>,
    offered: Vec<Offer>,
    fresh: Option<String>,
}

struct KeyRow {
    id: String,
    label: String,
    purposes: String,
    created: Moment,
    revoked: Option<Moment>,
}

struct Offer {
    key: &'static str,
    means: Say,
    usual: bool,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    list(&state, &person, None).await
}

pub(super) async fn make(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    may(&state, &person).await?;
    let purposes: Vec<Purpose> = OFFERED
        .iter()
        .map(|(purpose, ..)| *purpose)
        .filter(|purpose| fields.all("purpose").any(|key| key == purpose.key()))
        .collect();
    let label = fields.get("label").trim().to_owned();
    if label.is_empty() || label.len() > 80 || purposes.is_empty() {
        return Err(Problem::input(t("problem-a-key-needs-a-name")).into());
    }
    let key = NewApiKey {
        tenant: person.caller.tenant,
        label,
        purposes,
    };
    let (_, token) = state.app.add_api_key(&key, person.caller.handle()).await?;
    list(&state, &person, Some(token.expose().to_owned())).await
}

pub(super) async fn revoke(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    may(&state, &person).await?;
    let id: ApiKeyId = id.parse().map_err(app::AppError::Id)?;
    state
        .app
        .revoke_api_key(person.caller.tenant, id, person.caller.handle())
        .await?;
    Ok(see("/keys"))
}

async fn may(state: &State, person: &Person) -> Result<Me, Oops> {
    let me = Me::of(state, person, "keys").await?;
    if me.keys {
        Ok(me)
    } else {
        Err(Problem::not_your_role(t("problem-keys-are-made-by")).into())
    }
}

async fn list(state: &State, person: &Person, fresh: Option<String>) -> Result<Response, Oops> {
    let me = may(state, person).await?;
    let keys = state.app.api_keys(person.caller.tenant).await?;
    Ok(page(&KeysPage {
        me,
        keys: keys.iter().rev().map(row).collect(),
        offered: OFFERED
            .iter()
            .map(|(purpose, means, usual)| Offer {
                key: purpose.key(),
                means: *means,
                usual: *usual,
            })
            .collect(),
        fresh,
    }))
}

fn row(key: &ApiKeyRecord) -> KeyRow {
    let means = |purpose: &Purpose| {
        OFFERED
            .iter()
            .find(|(known, ..)| known == purpose)
            .map_or_else(
                || purpose.key().to_owned(),
                |(_, means, _)| means.to_string(),
            )
    };
    let purposes: Vec<String> = key.purposes.iter().map(means).collect();
    KeyRow {
        id: key.id.to_string(),
        label: key.label.clone(),
        purposes: purposes.join("; "),
        created: Moment::of(key.created),
        revoked: key.revoked.map(Moment::of),
    }
}
