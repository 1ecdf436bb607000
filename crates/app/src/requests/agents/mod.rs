//! Agents that act for persons, by the Data Rights Protocol 1.0 (Consumer Reports): known by a key
//! that the operator entered, paired by a signed message, heard only within what they signed.
//!
//! An agent is no way around the proof. A request is taken for the person's where the operator
//! trusts the agent to check addresses and the agent says that it did; otherwise a code goes to the
//! address as for everybody (`need_user_verification`).

mod exercising;
mod standing;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::{Millis, RightsAgentId, Secret, TenantId, Timestamp};
use ed25519_dalek::{Signature, VerifyingKey};
use formats::rights::{Bounds, Envelope, RightsError, pairing};
use policy::{Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Filed, Registered};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::AppError;
use crate::keyed;

pub use standing::RightsStanding;

/// Keys for one pair of agent and business that are good at once: each set-up gives a new one.
const KEYS: usize = 3;
/// Longest time for which a message may be good; the protocol recommends ten minutes.
const LONGEST: Millis = Millis(24 * 3_600_000);

/// Why a message of an agent is not acted on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RightsFault {
    /// The installation has no business id or no public address.
    #[error("requests of agents are not taken in here")]
    NotOffered,
    /// The key, the signature or what it covers does not hold.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The time for which the message was good is over; this very message can never be acted on.
    #[error("the request has expired (`expires-at`); make and sign a new one")]
    Expired,
    /// It cannot be read, or asks for what is not offered.
    #[error("{0}")]
    Unusable(String),
    /// Too many of one agent within an hour.
    #[error("too many requests of this agent within an hour; send the rest later")]
    TooMany,
    /// It has ended already.
    #[error("the request has ended; what has ended cannot be revoked")]
    Ended,
}

impl From<RightsError> for RightsFault {
    fn from(error: RightsError) -> Self {
        Self::Unusable(error.to_string())
    }
}

/// An agent as the operator enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsAgentOrder {
    /// Its id in the network's directory: capital letters and underscores.
    pub key: String,
    /// Its name, as persons know it.
    pub name: String,
    /// Its Ed25519 key in base64.
    pub verify_key: String,
    /// The origin of its site; nothing is sent anywhere else.
    pub site: String,
    /// Whether its word counts that an address was checked.
    pub trusted: bool,
}

/// An agent as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsAgent {
    /// Its id in the network's directory.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its Ed25519 key in base64.
    pub verify_key: String,
    /// The origin of its site.
    pub site: String,
    /// Whether its word counts that an address was checked.
    pub trusted: bool,
    /// What it was given to be known by, hashed.
    pub keys: Vec<BearerKey>,
    /// Since when it is no longer heard.
    #[serde(with = "keyed::maybe_at")]
    pub ended: Option<Timestamp>,
    /// Who entered it, by handle.
    pub by: String,
}

/// One key of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BearerKey {
    /// SHA-256, in hex.
    pub sha256: String,
    /// The business that it is for.
    pub business: String,
    /// When it was given.
    #[serde(with = "keyed::at")]
    pub given: Timestamp,
}

impl Registered for RightsAgent {
    type Id = RightsAgentId;
    const REGISTER: &'static str = "rights_agents";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.ended.is_some() {
            "ended"
        } else {
            "heard"
        }
    }
}

/// An agent with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsAgentView {
    /// Its number.
    pub id: RightsAgentId,
    /// What it says.
    pub agent: RightsAgent,
}

/// Whoever holds a key: the agent, and for which business it acts.
pub(super) struct Bearer {
    pub(super) seen: Filed<RightsAgent>,
    pub(super) business: String,
    /// The tenant that the business is; none: everybody who is hosted here.
    pub(super) tenant: Option<TenantId>,
}

impl App {
    /// Enters an agent.
    ///
    /// # Errors
    /// [`AppError::Input`] for an id, key or site that cannot be one, or an id that is heard
    /// already; [`AppError::Denied`].
    pub async fn add_rights_agent(
        &self,
        desk: &Scope,
        order: &RightsAgentOrder,
    ) -> Result<RightsAgentId, AppError> {
        let letters = |c: char| c.is_ascii_uppercase() || c == '_';
        if order.key.is_empty() || !order.key.chars().all(letters) {
            return Err(AppError::Input(
                "an agent's id has capital letters and underscores only, as CONSUMER_AGENT"
                    .to_owned(),
            ));
        }
        if order.name.trim().is_empty() || !is_origin(&order.site) {
            return Err(AppError::Input(
                "an agent has a name, and a site as https://agent.example, without a path"
                    .to_owned(),
            ));
        }
        verifying(&order.verify_key).ok_or_else(|| {
            AppError::Input("the key is not base64 of an Ed25519 key of 32 bytes".to_owned())
        })?;
        let known = self.rights_agents(desk).await?;
        let heard = |one: &RightsAgentView| one.agent.key == order.key && one.agent.ended.is_none();
        if known.iter().any(heard) {
            return Err(AppError::Input(format!(
                "`{}` is heard already; end it first to change its key",
                order.key
            )));
        }
        let agent = RightsAgent {
            key: order.key.clone(),
            name: order.name.trim().to_owned(),
            verify_key: order.verify_key.clone(),
            site: order.site.clone(),
            trusted: order.trusted,
            keys: Vec::new(),
            ended: None,
            by: desk.actor().handle.clone(),
        };
        let permit = self.keep::<Seal>(desk).await?;
        Ok(self.store.file(&permit, &agent).await?)
    }

    /// Every agent, those that are no longer heard too, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn rights_agents(&self, desk: &Scope) -> Result<Vec<RightsAgentView>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let all = self
            .store
            .register::<RightsAgent>(&permit, &[], None, 1_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| RightsAgentView {
                id: filed.id,
                agent: filed.body,
            })
            .collect())
    }

    /// Hears an agent no longer: its keys end, its requests go on.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn end_rights_agent(&self, desk: &Scope, id: RightsAgentId) -> Result<(), AppError> {
        let reading = self.keep::<Read>(desk).await?;
        let seen = self.store.filed::<RightsAgent>(&reading, id).await?;
        let ended = RightsAgent {
            keys: Vec::new(),
            ended: seen.body.ended.or(Some(self.now())),
            ..seen.body.clone()
        };
        let permit = self.keep::<Seal>(desk).await?;
        self.store.amend(&permit, &seen, &ended).await?;
        Ok(())
    }

    /// What the operator hands to the network's directory: an entry for the installation and one
    /// for each tenant, in the form of section 3.05.2.
    ///
    /// # Errors
    /// [`RightsFault::NotOffered`], [`AppError::Store`].
    pub async fn rights_directory(&self) -> Result<Value, AppError> {
        let (business, public) = self.offered()?;
        let contact = self.policy().head().contact.clone();
        let entry = |id: &str, name: &str| {
            json!({
                "id": id, "name": name, "logo": null, "api_base": format!("{public}/drp"),
                "supported_actions": formats::rights::Right::SUPPORTED,
                "supported_verifications": ["email"], "web_url": public,
                "privacy_policy_url": format!("{public}/policy"),
                "technical_contact": contact, "business_contact": contact,
            })
        };
        let mut all = vec![entry(business, "Everybody who is hosted here")];
        for tenant in self.store.tenants().await? {
            all.push(entry(
                &business_of(business, tenant.slug.as_str()),
                &tenant.name,
            ));
        }
        Ok(Value::Array(all))
    }

    /// Pairs an agent with a business: checks the signed message against the agent's entered key
    /// and gives a key that is shown once.
    ///
    /// # Errors
    /// [`RightsFault`], the checks in the order of section 3.07.
    pub async fn pair_rights_agent(&self, key: &str, body: &str) -> Result<Secret, AppError> {
        self.offered()?;
        let desk = self.privacy_desk("rights_agent");
        let envelope = Envelope::read(body).map_err(RightsFault::from)?;
        let seen = self.heard(&desk).await?;
        let seen = seen.into_iter().find(|one| one.body.key == key);
        let seen = seen.ok_or(RightsFault::Forbidden("no such agent is heard here"))?;
        let signed = signed(&seen.body, &envelope)?;
        let bounds = pairing(signed).map_err(RightsFault::from)?;
        self.within(&bounds, &seen.body.key, None).await?;
        let token = self.token()?;
        let mut agent = seen.body.clone();
        agent.keys.insert(
            0,
            BearerKey {
                sha256: hashed(&token),
                business: bounds.business.clone(),
                given: self.now(),
            },
        );
        let mut same = 0;
        agent.keys.retain(|one| {
            same += usize::from(one.business == bounds.business);
            one.business != bounds.business || same <= KEYS
        });
        let permit = self.keep::<Seal>(&desk).await?;
        self.store.amend(&permit, &seen, &agent).await?;
        Ok(token)
    }

    /// Whether a key is this agent's and still good.
    ///
    /// # Errors
    /// [`RightsFault::Forbidden`].
    pub async fn knows_rights_agent(&self, key: &str, token: &Secret) -> Result<(), AppError> {
        let bearer = self.bearer(token).await?;
        if bearer.seen.body.key == key {
            Ok(())
        } else {
            Err(RightsFault::Forbidden("the key is not this agent's").into())
        }
    }

    /// The installation's business id and public address.
    pub(super) fn offered(&self) -> Result<(&str, &str), RightsFault> {
        let config = self.config();
        match (&config.rights_business, &config.public) {
            (Some(business), Some(public)) => Ok((business, public)),
            _ => Err(RightsFault::NotOffered),
        }
    }

    async fn heard(&self, desk: &Scope) -> Result<Vec<Filed<RightsAgent>>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        Ok(self
            .store
            .register(&permit, &["heard"], None, 1_000)
            .await?)
    }

    pub(super) async fn bearer(&self, token: &Secret) -> Result<Bearer, AppError> {
        self.offered()?;
        let desk = self.privacy_desk("rights_agent");
        let sha256 = hashed(token);
        let holds = |one: &BearerKey| bool::from(one.sha256.as_bytes().ct_eq(sha256.as_bytes()));
        let found = self.heard(&desk).await?.into_iter().find_map(|seen| {
            let key = seen.body.keys.iter().find(|one| holds(one))?;
            let business = key.business.clone();
            Some((seen, business))
        });
        let (seen, business) = found.ok_or(RightsFault::Forbidden(
            "the bearer key is unknown or has ended; set one up at `/v1/agent/{agent-id}`",
        ))?;
        let tenant = self.business(&business).await?;
        Ok(Bearer {
            seen,
            business,
            tenant,
        })
    }

    /// The checks of section 3.07 after the signature, in their order.
    pub(super) async fn within(
        &self,
        bounds: &Bounds,
        agent: &str,
        business: Option<&str>,
    ) -> Result<(), AppError> {
        let now = self.now();
        if bounds.agent != agent {
            return Err(RightsFault::Forbidden("`agent-id` is another agent's").into());
        }
        if business.is_some_and(|known| known != bounds.business) {
            return Err(RightsFault::Forbidden("`business-id` is not the key's").into());
        }
        self.business(&bounds.business).await?;
        if bounds.issued > now {
            return Err(RightsFault::Forbidden("`issued-at` is in the future").into());
        }
        if bounds.expires <= now {
            return Err(RightsFault::Expired.into());
        }
        if bounds.expires.since(bounds.issued) > LONGEST {
            return Err(RightsFault::Forbidden(
                "a message is good for a day at most; ten minutes are recommended",
            )
            .into());
        }
        Ok(())
    }

    /// The tenant that a business id is; none: the installation.
    async fn business(&self, id: &str) -> Result<Option<TenantId>, AppError> {
        let (own, _) = self.offered()?;
        if id == own {
            return Ok(None);
        }
        let tenants = self.store.tenants().await?;
        let found = tenants
            .iter()
            .find(|one| business_of(own, one.slug.as_str()) == id);
        found.map(|one| Some(one.id)).ok_or_else(|| {
            RightsFault::Forbidden("`business-id` is no business that is served here").into()
        })
    }
}

/// The message, where the agent signed it.
pub(super) fn signed<'a>(
    agent: &RightsAgent,
    envelope: &'a Envelope,
) -> Result<&'a [u8], RightsFault> {
    let signature = Signature::from_bytes(&envelope.signature);
    verifying(&agent.verify_key)
        .and_then(|key| key.verify_strict(&envelope.message, &signature).ok())
        .map(|()| envelope.message.as_slice())
        .ok_or(RightsFault::Forbidden(
            "the signature is not this agent's over this message",
        ))
}

fn verifying(base64: &str) -> Option<VerifyingKey> {
    let bytes = BASE64_STANDARD.decode(base64).ok()?;
    VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()
}

/// `PRIVITY` and `acme-west` make `PRIVITY_ACME_WEST`.
fn business_of(own: &str, slug: &str) -> String {
    format!("{own}_{}", slug.to_ascii_uppercase().replace('-', "_"))
}

/// An origin: a scheme and a host, perhaps a port. Without TLS only on this machine.
fn is_origin(site: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost"];
    let host = site.strip_prefix("https://").or_else(|| {
        let here = local.iter().any(|one| {
            site.strip_prefix(one)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        site.strip_prefix("http://").filter(|_| here)
    });
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    host.is_some_and(|host| !host.is_empty() && host.chars().all(fits))
}

pub(super) fn hashed(secret: &Secret) -> String {
    hex::encode(Sha256::digest(secret.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_an_origin_and_nothing_longer() {
        for good in [
            "https://agent.example",
            "https://a.example:8443",
            "http://127.0.0.1:9",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "https://agent.example/x",
            "https://agent@evil.example",
            "http://agent.example",
            "http://127.0.0.1.evil.example",
            "https://",
            "agent.example",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn tenants_have_ids_of_their_own() {
        assert_eq!(business_of("PRIVITY", "acme-west"), "PRIVITY_ACME_WEST");
    }
}
