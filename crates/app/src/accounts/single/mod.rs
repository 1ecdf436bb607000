//! Coming in by a tenant's own identity provider: OpenID Connect's authorization code flow with
//! PKCE, state and nonce. The provider says who somebody is; whether they may come in here is said
//! by an account, which an invitation made, or by a mail domain that the owner opened.
//!
//! The provider's document and keys are read anew at each sign-in: a key that was rotated in is
//! known at once, one that was withdrawn signs nothing any more.

mod settings;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{MailAddress, Millis, Secret, TenantId, TenantRole, TenantSlug};
use outbound::{CodeForToken, IdentityProvider, OutboundError};
use sha2::{Digest, Sha256};
use store::{
    Account, Holder, NewAccount, SignInOutcome, SingleSignOn, SsoFlow, Standing, Throttle,
};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::AppError;

pub use settings::NewSingleSignOn;
pub use token::Unfit;
use token::{Claims, Expected};

/// A person has so long to sign in at the provider.
const UNDER_WAY: Millis = Millis(10 * 60 * 1_000);
/// What a new account is called where the provider does not say, and who the ledger says made it.
const BY: &str = "single_sign_on";

/// A browser on its way to the provider.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The address it is sent to.
    pub to: Secret,
    /// The provider's host, to be shown.
    pub host: String,
    /// What its cookie holds until it is back.
    pub browser: Secret,
}

/// A browser that the provider sent back.
#[derive(Debug, Clone)]
pub struct Return {
    /// Which sign-in it belongs to.
    pub state: Secret,
    /// The code, where the provider let the person in.
    pub code: Option<Secret>,
    /// What the provider says it is (RFC 9207).
    pub issuer: Option<String>,
    /// What the browser's cookie holds.
    pub browser: Option<Secret>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIn {
    /// Nothing was under way, it was begun in another browser, was used, or is too old.
    NotUnderWay,
    /// The provider did not let them in.
    Refused,
    /// The provider's answer is not believed.
    Unfit(Unfit),
    /// The provider does not take its own code, or answers as another one.
    NotTheirs,
    /// The provider cannot be reached or understood.
    Unreachable,
    /// The provider does not vouch for a mail address.
    NoMail,
    /// There is no account for them.
    Unknown,
    /// The account is locked.
    Locked,
    /// Another person there stands for the account.
    Another,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Arrival {
    /// Come in, with a session's token.
    In(Secret),
    /// No.
    No(NotIn),
}

impl App {
    /// Sends a browser to the provider of a tenant; `back` is where it is to return to.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the tenant has none; [`AppError::Outbound`] where it cannot be
    /// reached.
    pub async fn begin_single_sign_on(
        &self,
        slug: &TenantSlug,
        back: &str,
    ) -> Result<Departure, AppError> {
        let unknown = || AppError::NotFound {
            what: "single sign-on of an organisation",
            name: slug.to_string(),
        };
        let tenant = self.store.tenant_by_slug(slug).await?.ok_or_else(unknown)?;
        let settings = self.store.single_sign_on(tenant.id).await?;
        let settings = settings.ok_or_else(unknown)?;
        let provider = self.provider(&settings).await?;
        let state = self.long_token()?;
        let flow = SsoFlow {
            tenant: tenant.id,
            nonce: self.long_token()?,
            verifier: self.long_token()?,
            browser: self.long_token()?,
            until: self.now().plus(UNDER_WAY),
        };
        self.store.begin_sso_flow(&state, &flow).await?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(flow.verifier.expose()));
        let to = provider.sign_in_at(&[
            ("response_type", "code"),
            ("client_id", &settings.client),
            ("redirect_uri", back),
            ("scope", "openid email profile"),
            ("state", state.expose()),
            ("nonce", flow.nonce.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])?;
        Ok(Departure {
            to,
            host: provider.host(),
            browser: flow.browser,
        })
    }

    /// Looks at what a browser brings back. What is wrong with it is an [`Arrival`].
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn end_single_sign_on(&self, came: &Return, back: &str) -> Result<Arrival, AppError> {
        let arrival = self.arrive(came, back).await;
        match arrival {
            Ok(token) => Ok(Arrival::In(token)),
            Err(Fault::No(why)) => {
                // No person, no code: which step failed is all that the operator needs.
                tracing::info!(?why, "somebody was not let in by single sign-on");
                Ok(Arrival::No(why))
            }
            Err(Fault::Broken(error)) => Err(error),
        }
    }

    /// Where a person can sign out at their provider too; nothing where they did not come by it,
    /// or it has no such page or cannot be reached. Asked before the session ends.
    pub async fn farther_out(&self, session: &Secret, back: &str) -> Option<(String, Secret)> {
        let caller = self.session_caller(session).await.ok()??;
        let account = self.person_of(caller.tenant, caller.user()?).await.ok()?;
        if !account.linked {
            return None;
        }
        let settings = self.store.single_sign_on(account.tenant).await.ok()??;
        let mut page = self.provider(&settings).await.ok()?.end_session?;
        page.query_pairs_mut()
            .append_pair("client_id", &settings.client)
            .append_pair("post_logout_redirect_uri", back);
        Some((settings.label, Secret::new(page.as_str())))
    }

    async fn arrive(&self, came: &Return, back: &str) -> Result<Secret, Fault> {
        let flow = self.store.take_sso_flow(&came.state).await?;
        let flow = flow.ok_or(NotIn::NotUnderWay)?;
        let same = came.browser.as_ref().is_some_and(|shown| {
            let (shown, kept) = (shown.expose().as_bytes(), flow.browser.expose().as_bytes());
            shown.ct_eq(kept).into()
        });
        if !same {
            return Err(NotIn::NotUnderWay.into());
        }
        let code = came.code.as_ref().ok_or(NotIn::Refused)?;
        let settings = self.store.single_sign_on(flow.tenant).await?;
        let settings = settings.ok_or(NotIn::NotUnderWay)?;
        if came
            .issuer
            .as_ref()
            .is_some_and(|said| *said != settings.issuer)
        {
            return Err(NotIn::NotTheirs.into());
        }
        let claims = self.vouched(&settings, &flow, code, back).await?;
        let account = self.account_for(flow.tenant, &settings, &claims).await?;
        let account = self.as_claimed(account, &settings, &claims).await?;
        self.note(&account, SignInOutcome::SingleSignOn, Throttle::NONE, 0)
            .await?;
        let holder = Holder::User(account.id);
        Ok(self.open_session(account.tenant, holder).await?)
    }

    /// What the provider says of the person, once it is believed.
    async fn vouched(
        &self,
        settings: &SingleSignOn,
        flow: &SsoFlow,
        code: &Secret,
        back: &str,
    ) -> Result<Claims, Fault> {
        let far = |error: AppError| match error {
            AppError::Outbound(OutboundError::Unexchanged) => Fault::No(NotIn::NotTheirs),
            AppError::Outbound(error) => {
                tracing::warn!(%error, "an identity provider failed");
                Fault::No(NotIn::Unreachable)
            }
            other => Fault::Broken(other),
        };
        let provider = self.provider(settings).await.map_err(far)?;
        let asked = CodeForToken {
            client: &settings.client,
            secret: &settings.secret,
            code,
            verifier: &flow.verifier,
            back,
        };
        let tokens = self.gateway.exchange(&provider, &asked).await;
        let tokens = tokens.map_err(|error| far(error.into()))?;
        let keys = self.gateway.provider_keys(&provider).await;
        let keys = keys.map_err(|error| far(error.into()))?;
        let expected = Expected {
            issuer: &settings.issuer,
            client: &settings.client,
            nonce: flow.nonce.expose(),
            now: self.now(),
        };
        let mut claims =
            token::read(tokens.identity.expose(), &keys, &expected).map_err(NotIn::Unfit)?;
        // Many providers say the address only there (Core 1.0, section 5.4).
        if let Some(access) = tokens
            .access
            .filter(|_| claims.lacks(settings.claim.as_deref()))
        {
            let more = self.gateway.userinfo(&provider, &access).await;
            claims.add(more.map_err(|error| far(error.into()))?.unwrap_or_default());
        }
        Ok(claims)
    }

    /// The account that the person stands for: the one linked before, else the one of their mail
    /// address, else a new one where the owner opened its domain.
    async fn account_for(
        &self,
        tenant: TenantId,
        settings: &SingleSignOn,
        claims: &Claims,
    ) -> Result<Account, Fault> {
        let (issuer, subject) = (settings.issuer.as_str(), claims.subject.as_str());
        let linked = self
            .store
            .account_by_subject(tenant, issuer, subject)
            .await?;
        if let Some(account) = linked {
            return unlocked(account);
        }
        let mail = claims.verified_mail().ok_or(NotIn::NoMail)?;
        let mail: MailAddress = mail.parse().map_err(|_| NotIn::NoMail)?;
        let found = match self.store.account_by_mail(&mail).await? {
            Some(account) if account.tenant == tenant => account,
            Some(_) => return Err(NotIn::Unknown.into()),
            None => self.newcomer(tenant, settings, claims, mail).await?,
        };
        let account = unlocked(found)?;
        if account.linked {
            return Err(NotIn::Another.into());
        }
        let id = account.id;
        self.store.link_subject(tenant, id, issuer, subject).await?;
        Ok(self.person_of(tenant, id).await?)
    }

    async fn newcomer(
        &self,
        tenant: TenantId,
        settings: &SingleSignOn,
        claims: &Claims,
        mail: MailAddress,
    ) -> Result<Account, Fault> {
        let (name, domain) = mail.expose().rsplit_once('@').ok_or(NotIn::NoMail)?;
        let open = settings.domains.iter().any(|one| one == domain);
        let role = settings
            .domain_role
            .filter(|_| open)
            .ok_or(NotIn::Unknown)?;
        let called: String = claims.name().unwrap_or(name).chars().take(100).collect();
        let new = NewAccount {
            tenant,
            name: Secret::new(called),
            mail,
            role,
        };
        // Nobody is told the code; the link that follows uses it up.
        let id = self
            .store
            .add_account(&new, &self.new_invite()?, BY)
            .await?;
        Ok(self.person_of(tenant, id).await?)
    }

    /// Gives the account the role that the provider's claim says. An owner is made and unmade by
    /// people only.
    async fn as_claimed(
        &self,
        account: Account,
        settings: &SingleSignOn,
        claims: &Claims,
    ) -> Result<Account, Fault> {
        let said = settings.claim.as_deref().map(|claim| claims.texts(claim));
        let said = said.unwrap_or_default();
        let role = settings
            .roles
            .iter()
            .find(|(value, _)| said.contains(&value.as_str()))
            .map(|(_, role)| *role);
        let role = role.filter(|role| *role != account.role && account.role != TenantRole::Owner);
        let Some(role) = role else {
            return Ok(account);
        };
        let (tenant, id) = (account.tenant, account.id);
        self.store.set_standing(tenant, id, role, false, BY).await?;
        self.sign_out_everywhere(tenant, id).await?;
        Ok(Account { role, ..account })
    }

    async fn provider(&self, settings: &SingleSignOn) -> Result<IdentityProvider, AppError> {
        let local = !self.config.behind_tls();
        Ok(self.gateway.discover(&settings.issuer, local).await?)
    }

    /// 256 random bits, as state, nonce and verifier want them.
    fn long_token(&self) -> Result<Secret, AppError> {
        let mut bytes = [0u8; 32];
        self.chance.fill(&mut bytes)?;
        Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }
}

/// Why it went no further.
enum Fault {
    No(NotIn),
    Broken(AppError),
}

impl From<NotIn> for Fault {
    fn from(why: NotIn) -> Self {
        Self::No(why)
    }
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        Self::Broken(error)
    }
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::Broken(error.into())
    }
}

fn unlocked(account: Account) -> Result<Account, Fault> {
    if account.standing == Standing::Locked {
        return Err(NotIn::Locked.into());
    }
    Ok(account)
}
