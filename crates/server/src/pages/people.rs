//! An organisation's people: invited, given a role, locked, reset. For owners.

use app::{Account, Invitation, Standing, seen_text};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{TenantId, TenantRole, UserId};

use super::forms::Fields;
use super::me::{Me, duties, in_words};
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::{Say, State, t};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    me: Me,
    people: Vec<PersonRow>,
    roles: Vec<RoleRow>,
    fresh: Option<Fresh>,
}

struct Fresh {
    name: String,
    code: String,
}

struct PersonRow {
    id: String,
    name: String,
    mail: String,
    role: Say,
    standing: Say,
    state: &'static str,
    locked: bool,
    seen: String,
    roles: Vec<RoleRow>,
}

pub(super) struct RoleRow {
    pub(super) key: &'static str,
    pub(super) name: Say,
    pub(super) duties: Say,
    pub(super) chosen: bool,
}

/// Roles that somebody of the tenant can have; the operator's desk has one.
fn roles(tenant: TenantId, now: Option<TenantRole>) -> Vec<RoleRow> {
    TenantRole::ALL
        .iter()
        .filter(|role| {
            tenant != TenantId::INSTALLATION || **role == app::first_role(TenantId::INSTALLATION)
        })
        .map(|role| RoleRow {
            key: role.key(),
            name: in_words(*role),
            duties: duties(*role),
            chosen: now == Some(*role),
        })
        .collect()
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let me = owner(&state, &person).await?;
    list(&state, me, &person, None).await
}

pub(super) async fn invite(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let me = owner(&state, &person).await?;
    let invitation = Invitation {
        tenant: person.caller.tenant,
        mail: fields.get("mail").parse().map_err(app::AppError::Id)?,
        name: fields.secret("name"),
        role: fields.get("role").parse().map_err(app::AppError::Id)?,
    };
    let (_, code) = state
        .app
        .invite(&invitation, person.caller.handle())
        .await?;
    let fresh = Fresh {
        name: fields.get("name").to_owned(),
        code: code.expose().to_owned(),
    };
    list(&state, me, &person, Some(fresh)).await
}

pub(super) async fn change(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let me = owner(&state, &person).await?;
    let tenant = person.caller.tenant;
    let id: UserId = id.parse().map_err(app::AppError::Id)?;
    let account = state.app.person_of(tenant, id).await?;
    let locked = account.standing == Standing::Locked;
    let by = person.caller.handle();
    match fields.get("act") {
        "role" => {
            let role = fields.get("role").parse().map_err(app::AppError::Id)?;
            state.app.set_person(tenant, id, role, locked, by).await?;
        }
        "lock" => {
            state
                .app
                .set_person(tenant, id, account.role, !locked, by)
                .await?;
        }
        "reset" => {
            let code = state.app.reset(tenant, id, by).await?;
            let fresh = Fresh {
                name: account.name.expose().to_owned(),
                code: code.expose().to_owned(),
            };
            return list(&state, me, &person, Some(fresh)).await;
        }
        _ => return Err(Problem::input(t("problem-choose-for-the-account")).into()),
    }
    Ok(see("/people"))
}

async fn owner(state: &State, person: &Person) -> Result<Me, Oops> {
    let me = Me::of(state, person, "people").await?;
    if me.owner {
        Ok(me)
    } else {
        Err(Problem::not_your_role(t("problem-people-are-changed-by")).into())
    }
}

async fn list(
    state: &State,
    me: Me,
    person: &Person,
    fresh: Option<Fresh>,
) -> Result<Response, Oops> {
    let tenant = person.caller.tenant;
    let people = state.app.people(tenant).await?;
    let usual = if me.operator {
        app::first_role(tenant)
    } else {
        TenantRole::Analyst
    };
    Ok(page(&PeoplePage {
        me,
        people: people.iter().map(row).collect(),
        roles: roles(tenant, Some(usual)),
        fresh,
    }))
}

fn row(account: &Account) -> PersonRow {
    let (standing, state) = match account.standing {
        Standing::Invited => (t("people-invited"), "busy"),
        Standing::Active => (t("people-active"), "good"),
        Standing::Locked => (t("people-locked"), "bad"),
    };
    PersonRow {
        id: account.id.to_string(),
        name: account.name.expose().to_owned(),
        mail: account.mail.expose().to_owned(),
        role: in_words(account.role),
        standing,
        state,
        locked: account.standing == Standing::Locked,
        seen: seen_text(account.seen),
        roles: roles(account.tenant, Some(account.role)),
    }
}
