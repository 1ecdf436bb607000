//! A tenant's identity provider as its owner sets it.

use domain::{Secret, TenantId, TenantRole};
use store::SingleSignOn;

use crate::app::App;
use crate::error::AppError;

const LONGEST: usize = 300;

/// Settings as an owner writes them.
#[derive(Debug, Clone)]
pub struct NewSingleSignOn {
    /// The provider's issuer identifier, `https://…`.
    pub issuer: String,
    /// What it knows this installation by.
    pub client: String,
    /// What this installation shows it; none keeps the present one.
    pub secret: Option<Secret>,
    /// What people call it.
    pub label: String,
    /// Whether the sign-in page names it to everybody.
    pub listed: bool,
    /// Whether it is the only way in, for all but owners.
    pub only: bool,
    /// The claim that says a person's role; empty: none.
    pub claim: String,
    /// `value = role`, a line each.
    pub roles: String,
    /// Mail domains whose people need no invitation, with spaces or commas between.
    pub domains: String,
    /// What those are there to do.
    pub domain_role: Option<TenantRole>,
}

impl App {
    /// A tenant's identity provider, where it has one.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn single_sign_on(&self, tenant: TenantId) -> Result<Option<SingleSignOn>, AppError> {
        Ok(self.store.single_sign_on(tenant).await?)
    }

    /// The identity providers that the sign-in page names: what people call them, and the short
    /// name of their tenant.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn listed_single_sign_on(&self) -> Result<Vec<(String, String)>, AppError> {
        let mut listed = Vec::new();
        for (tenant, settings) in self.store.listed_single_sign_on().await? {
            if let Some(tenant) = self.store.tenant(tenant).await? {
                listed.push((settings.label, tenant.slug.to_string()));
            }
        }
        Ok(listed)
    }

    /// Sets a tenant's identity provider, once its discovery document was read.
    ///
    /// # Errors
    /// [`AppError::Input`] saying what to change; [`AppError::Outbound`] where the provider cannot
    /// be reached or understood.
    pub async fn set_single_sign_on(
        &self,
        tenant: TenantId,
        new: &NewSingleSignOn,
        by: &str,
    ) -> Result<(), AppError> {
        if tenant == TenantId::INSTALLATION {
            return Err(AppError::Input(
                "the operator's privacy desk signs in by password".to_owned(),
            ));
        }
        let known = self.store.single_sign_on(tenant).await?;
        let settings = settings(new, known.map(|known| known.secret))?;
        let local = !self.config.behind_tls();
        self.gateway.discover(&settings.issuer, local).await?;
        self.store.set_single_sign_on(tenant, &settings, by).await?;
        Ok(())
    }

    /// Takes a tenant's identity provider away.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where it has none.
    pub async fn drop_single_sign_on(&self, tenant: TenantId, by: &str) -> Result<(), AppError> {
        Ok(self.store.drop_single_sign_on(tenant, by).await?)
    }
}

fn settings(new: &NewSingleSignOn, known: Option<Secret>) -> Result<SingleSignOn, AppError> {
    let input = |what: &str| AppError::Input(what.to_owned());
    let filled = |text: &str, what: &str| {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Err(AppError::Input(format!(
                "{what} has 1 to {LONGEST} characters"
            )));
        }
        Ok(text.to_owned())
    };
    let secret = new.secret.clone().or(known);
    let domains = domains(&new.domains)?;
    let domain_role = new.domain_role.filter(|_| !domains.is_empty());
    if domain_role == Some(TenantRole::Owner) {
        return Err(input("an owner is invited by a person"));
    }
    if !domains.is_empty() && domain_role.is_none() {
        return Err(input("people of a mail domain need a role"));
    }
    let claim = Some(new.claim.trim())
        .filter(|claim| !claim.is_empty())
        .map(|claim| filled(claim, "a claim"))
        .transpose()?;
    Ok(SingleSignOn {
        issuer: filled(&new.issuer, "an issuer")?,
        client: filled(&new.client, "a client id")?,
        secret: secret
            .filter(|secret| !secret.expose().is_empty())
            .ok_or_else(|| input("the provider gives a client secret; write it down here"))?,
        label: filled(&new.label, "a name")?,
        listed: new.listed,
        only: new.only,
        roles: roles(&new.roles)?,
        claim,
        domains,
        domain_role,
    })
}

fn roles(text: &str) -> Result<Vec<(String, TenantRole)>, AppError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (value, role) = line.rsplit_once('=').ok_or_else(|| {
                AppError::Input("a role is written `value = role`, a line each".to_owned())
            })?;
            let role: TenantRole = role.trim().parse()?;
            if role == TenantRole::Owner {
                return Err(AppError::Input("no claim makes an owner".to_owned()));
            }
            Ok((value.trim().to_owned(), role))
        })
        .collect()
}

fn domains(text: &str) -> Result<Vec<String>, AppError> {
    let words = text.split([' ', ',', '\n', '\r', '\t']);
    words
        .map(|word| word.trim().trim_start_matches('@').to_lowercase())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let plain = word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
            if plain && word.contains('.') && word.len() <= 253 {
                Ok(word)
            } else {
                Err(AppError::Input(
                    "a mail domain is written like acme.example".to_owned(),
                ))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> NewSingleSignOn {
        NewSingleSignOn {
            issuer: "https://id.acme.example".to_owned(),
            client: "privity".to_owned(),
            secret: Some(Secret::new("s")),
            label: "Acme".to_owned(),
            listed: true,
            only: false,
            claim: " groups ".to_owned(),
            roles: "qa team = analyst\n\nleads=coach".to_owned(),
            domains: "@Acme.example, sub.acme.example".to_owned(),
            domain_role: Some(TenantRole::Agent),
        }
    }

    #[test]
    fn settings_are_read_as_they_are_written() {
        let read = settings(&written(), None).unwrap();
        assert_eq!(read.domains, ["acme.example", "sub.acme.example"]);
        assert_eq!(
            read.roles,
            [
                ("qa team".to_owned(), TenantRole::Analyst),
                ("leads".to_owned(), TenantRole::Coach)
            ]
        );
        assert_eq!(read.claim.as_deref(), Some("groups"));
        let kept = NewSingleSignOn {
            secret: None,
            ..written()
        };
        let kept = settings(&kept, Some(Secret::new("old"))).unwrap();
        assert_eq!(kept.secret.expose(), "old");
    }

    #[test]
    fn nobody_becomes_an_owner_by_a_claim_or_a_domain() {
        for wrong in [
            NewSingleSignOn {
                roles: "boss = owner".to_owned(),
                ..written()
            },
            NewSingleSignOn {
                domain_role: Some(TenantRole::Owner),
                ..written()
            },
            NewSingleSignOn {
                domain_role: None,
                ..written()
            },
            NewSingleSignOn {
                domains: "acme".to_owned(),
                ..written()
            },
            NewSingleSignOn {
                secret: None,
                ..written()
            },
        ] {
            assert!(matches!(settings(&wrong, None), Err(AppError::Input(_))));
        }
    }
}
