//! What every page shows of whoever looks at it.

use domain::TenantRole;

use super::Oops;
use crate::door::{Person, form_token};
use crate::{Say, State, t};

/// Whoever is signed in, as the pages' frame shows them.
pub(crate) struct Me {
    /// What forms carry.
    pub(crate) csrf: String,
    /// Colleagues' name of the person, or what stands for it.
    pub(crate) name: String,
    /// Role in words.
    pub(crate) role: Say,
    /// Name of the organisation.
    pub(crate) tenant: String,
    /// Section of the page.
    pub(crate) here: &'static str,
    /// May manage people.
    pub(crate) owner: bool,
    /// May manage keys.
    pub(crate) keys: bool,
    /// May look at the log.
    pub(crate) ledger: bool,
    /// Has an account.
    pub(crate) account: bool,
    /// Sees only their own interactions.
    pub(crate) agent: bool,
    /// The privacy desk is for them.
    pub(crate) desk: bool,
    /// Belongs to the operator's own privacy desk and to no tenant.
    pub(crate) operator: bool,
    /// May note moments.
    pub(crate) notes: bool,
    /// May judge how somebody handled an interaction.
    pub(crate) judges: bool,
    /// Keeps the registers.
    pub(crate) officer: bool,
}

impl Me {
    pub(crate) async fn of(
        state: &State,
        person: &Person,
        here: &'static str,
    ) -> Result<Self, Oops> {
        let caller = &person.caller;
        let (role, operator) = (caller.role(), caller.is_operator());
        let name = match caller.user() {
            Some(user) => {
                let account = state.app.person_of(caller.tenant, user).await?;
                account.name.expose().to_owned()
            }
            None if role.is_some() => t("me-guest").to_string(),
            None => t("me-api-key").to_string(),
        };
        Ok(Self {
            csrf: form_token(&person.token),
            name,
            role: match role {
                Some(role) => in_words(role),
                None if operator => t("me-privacy-desk"),
                None => t("me-machine"),
            },
            tenant: if operator {
                t("me-the-operator").to_string()
            } else {
                state.app.tenant_by_id(caller.tenant).await?.name
            },
            here,
            owner: operator || role == Some(TenantRole::Owner),
            keys: matches!(role, Some(TenantRole::Owner | TenantRole::Integrator)),
            ledger: matches!(role, Some(TenantRole::Owner | TenantRole::PrivacyOfficer)),
            account: caller.user().is_some(),
            agent: role == Some(TenantRole::Agent),
            desk: operator || matches!(role, Some(TenantRole::Owner | TenantRole::PrivacyOfficer)),
            operator,
            notes: !matches!(role, Some(TenantRole::Agent | TenantRole::Integrator)),
            judges: matches!(role, Some(TenantRole::Owner | TenantRole::Coach) | None),
            officer: role == Some(TenantRole::PrivacyOfficer),
        })
    }
}

/// A role as people say it.
pub(crate) const fn in_words(role: TenantRole) -> Say {
    match role {
        TenantRole::Owner => t("me-role-owner"),
        TenantRole::Analyst => t("me-role-analyst"),
        TenantRole::Coach => t("me-role-coach"),
        TenantRole::Agent => t("me-role-agent"),
        TenantRole::PrivacyOfficer => t("me-role-privacy-officer"),
        TenantRole::Integrator => t("me-role-integrator"),
    }
}

/// What a role is there to do.
pub(crate) const fn duties(role: TenantRole) -> Say {
    match role {
        TenantRole::Owner => t("me-everything-except-what-redaction-removed"),
        TenantRole::Analyst => t("me-lists-searches-reads-listens-exports"),
        TenantRole::Coach => t("me-as-an-analyst-fills-in"),
        TenantRole::Agent => t("me-only-the-interactions-they-took"),
        TenantRole::PrivacyOfficer => t("me-as-an-analyst-requests-holds"),
        TenantRole::Integrator => t("me-brings-interactions-in-takes-exports"),
    }
}
