//! Handles as colleagues know them.

use app::{Account, AppError};
use domain::{TenantRole, UserId};

use crate::door::Person;
use crate::{State, t};

/// A tenant's people by their accounts' ids.
pub(super) struct Names(Vec<Account>);

/// Somebody who can be chosen.
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Names {
    pub(super) async fn of(state: &State, person: &Person) -> Result<Self, AppError> {
        Ok(Self(state.app.people(person.caller.tenant).await?))
    }

    /// The name behind an actor's handle.
    pub(super) fn of_handle(&self, handle: &str) -> String {
        match handle {
            "cli" => return t("names-the-command-line").to_string(),
            "local" => return t("names-a-guest").to_string(),
            _ => {}
        }
        match handle.parse() {
            Ok(id) => self.of_user(id),
            Err(_) => t("names-an-api-key").to_string(),
        }
    }

    pub(super) fn of_user(&self, id: UserId) -> String {
        let found = self.0.iter().find(|one| one.id == id);
        found.map_or_else(
            || t("names-somebody-who-left").to_string(),
            |one| one.name.expose().to_owned(),
        )
    }

    /// The people of some roles, by name.
    pub(super) fn choices(&self, roles: &[TenantRole], also: &[UserId]) -> Vec<Choice> {
        let mut choices: Vec<Choice> = self
            .0
            .iter()
            .filter(|one| roles.contains(&one.role) || also.contains(&one.id))
            .map(|one| Choice {
                id: one.id.to_string(),
                name: one.name.expose().to_owned(),
            })
            .collect();
        choices.sort_by(|a, b| a.name.cmp(&b.name));
        choices
    }
}
