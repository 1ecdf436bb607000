//! Who is let in: machines by their API key, people by a session that a password, a key or the
//! demo's code opened.

use std::sync::{Mutex, PoisonError};

use app::{App, AppError, Caller};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Secret, TenantId, TenantRole};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::State;
use crate::problem::Problem;

/// Wrong codes before no code opens anything any more.
const TRIES: u32 = 20;
const SESSION: &str = "privity_session";
const FORM: &str = "privity_form";
const AWAY: &str = "privity_away";

/// The codes that open this process's doors without an account.
#[derive(Default)]
pub struct Door {
    codes: Mutex<Codes>,
}

#[derive(Default)]
struct Codes {
    guest: Option<([u8; 32], TenantId)>,
    first: Vec<([u8; 32], TenantId)>,
    tries: u32,
}

impl Door {
    /// Opens to API keys and accounts only.
    #[must_use]
    pub fn keys_only() -> Self {
        Self::default()
    }

    /// Opens to `code` as an analyst of `tenant` too.
    #[must_use]
    pub fn with_code(code: &Secret, tenant: TenantId) -> Self {
        let door = Self::default();
        door.lock().guest = Some((digest(code), tenant));
        door
    }

    /// Lets whoever shows `code` make the first account of `tenant`, its owner.
    #[must_use]
    pub fn and_first(self, code: &Secret, tenant: TenantId) -> Self {
        self.lock().first.push((digest(code), tenant));
        self
    }

    /// Whether the demo's code is a way in here.
    pub(crate) fn has_guest(&self) -> bool {
        self.lock().guest.is_some()
    }

    /// A session for whoever shows a valid key or the demo's code.
    pub(crate) async fn by_secret(
        &self,
        app: &App,
        shown: &Secret,
    ) -> Result<Option<Secret>, AppError> {
        if let Some(tenant) = self.guest_of(shown) {
            let token = app.sign_in_as_guest(tenant, TenantRole::Analyst).await?;
            return Ok(Some(token));
        }
        app.sign_in_by_key(shown).await
    }

    fn guest_of(&self, shown: &Secret) -> Option<TenantId> {
        let mut codes = self.lock();
        let guest = codes.guest?;
        codes.tell(shown, &[guest])
    }

    /// The tenant whose first account a code may make.
    pub(crate) fn first_of(&self, shown: &Secret) -> Option<TenantId> {
        let mut codes = self.lock();
        let first = codes.first.clone();
        codes.tell(shown, &first)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Codes> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Codes {
    fn tell(&mut self, shown: &Secret, known: &[([u8; 32], TenantId)]) -> Option<TenantId> {
        if self.tries >= TRIES {
            return None;
        }
        let shown = digest(&Secret::new(shown.expose().trim()));
        let found = known
            .iter()
            .find(|(code, _)| code.ct_eq(&shown).into())
            .map(|(_, tenant)| *tenant);
        if found.is_none() {
            self.tries += 1;
        }
        found
    }
}

fn digest(secret: &Secret) -> [u8; 32] {
    Sha256::digest(secret.expose().as_bytes()).into()
}

/// Whoever calls the API with a valid key.
pub(crate) struct Machine(pub(crate) Caller);

impl FromRequestParts<State> for Machine {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let shown = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let Some(token) = shown.and_then(|value| value.strip_prefix("Bearer ")) else {
            return Err(Problem::unauthorized());
        };
        let caller = state.app.caller(&Secret::new(token.trim())).await?;
        caller.map(Self).ok_or_else(Problem::unauthorized)
    }
}

/// Whoever is signed in on the pages.
pub(crate) struct Person {
    pub(crate) caller: Caller,
    pub(crate) token: Secret,
}

impl FromRequestParts<State> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let away = || Redirect::to("/sign-in").into_response();
        let token = state.cookies().session(parts).ok_or_else(away)?;
        match state.app.session_caller(&token).await {
            Ok(Some(caller)) => Ok(Self { caller, token }),
            Ok(None) => Err(away()),
            Err(error) => Err(Problem::from(error).into_response()),
        }
    }
}

/// How cookies are named and marked here. Behind TLS they carry the `__Host-` prefix, which a
/// browser takes only with `Secure`, from the host itself and for all of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    pub(crate) tls: bool,
}

impl Cookies {
    fn name(self, plain: &str) -> String {
        let prefix = if self.tls { "__Host-" } else { "" };
        format!("{prefix}{plain}")
    }

    fn written(self, plain: &str, value: &str, more: &str) -> String {
        let secure = if self.tls { "; Secure" } else { "" };
        let name = self.name(plain);
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}")
    }

    /// Sets the session's cookie.
    pub(crate) fn signed_in(self, token: &Secret) -> String {
        self.written(SESSION, token.expose(), "")
    }

    /// Takes the session's cookie back.
    pub(crate) fn signed_out(self) -> String {
        self.written(SESSION, "", "; Max-Age=0")
    }

    /// Keeps a wish for a year, such as the language of the pages; an empty one is taken back. It is
    /// no right, so it has its plain name.
    pub(crate) fn wish(self, name: &str, value: &str) -> String {
        let secure = if self.tls { "; Secure" } else { "" };
        let age = if value.is_empty() { 0 } else { 31_536_000 };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}; Max-Age={age}")
    }

    /// Sets the cookie of a browser on its way to an identity provider. Its way back begins at
    /// another site, where a strict cookie would stay behind.
    pub(crate) fn on_its_way(self, token: &Secret) -> String {
        self.written(AWAY, token.expose(), "; Max-Age=600")
            .replace("SameSite=Strict", "SameSite=Lax")
    }

    /// Takes that cookie back.
    pub(crate) fn is_back(self) -> String {
        self.written(AWAY, "", "; Max-Age=0")
    }

    /// Sets the cookie that forms of people who are not signed in are bound to.
    pub(crate) fn for_forms(self, token: &Secret) -> String {
        self.written(FORM, token.expose(), "")
    }

    pub(crate) fn session(self, parts: &Parts) -> Option<Secret> {
        self.value(parts, SESSION)
    }

    pub(crate) fn away(self, parts: &Parts) -> Option<Secret> {
        self.value(parts, AWAY)
    }

    pub(crate) fn form(self, parts: &Parts) -> Option<Secret> {
        self.value(parts, FORM)
    }

    fn value(self, parts: &Parts, plain: &str) -> Option<Secret> {
        let wanted = self.name(plain);
        let cookies = parts.headers.get(COOKIE)?.to_str().ok()?;
        cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, value)| *name == wanted && !value.is_empty())
            .map(|(_, value)| Secret::new(value))
    }
}

/// A cookie that holds a wish and no right, such as the language of the pages.
pub(crate) fn plain_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, value)| *known == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// What a form carries so that only our own pages can post it: made from the cookie's token,
/// which other sites cannot read.
pub(crate) fn form_token(cookie: &Secret) -> String {
    let mut sum = Sha256::new();
    sum.update(b"privity form\0");
    sum.update(cookie.expose().as_bytes());
    hex::encode(sum.finalize())
}

/// Whether a form's token is the cookie's.
pub(crate) fn is_ours(cookie: &Secret, carried: &str) -> bool {
    form_token(cookie)
        .as_bytes()
        .ct_eq(carried.as_bytes())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_tls_a_cookie_is_the_hosts_own() {
        let (open, tls) = (Cookies { tls: false }, Cookies { tls: true });
        let token = Secret::new("abc");
        let plain = open.signed_in(&token);
        assert!(plain.starts_with("privity_session=abc;") && !plain.contains("Secure"));
        let secure = tls.signed_in(&token);
        assert!(
            secure.starts_with("__Host-privity_session=abc; Path=/;"),
            "{secure}"
        );
        for mark in ["HttpOnly", "SameSite=Strict", "Secure"] {
            assert!(secure.contains(mark), "{mark}");
        }
        assert!(!secure.contains("Domain"));
    }

    #[test]
    fn a_form_is_bound_to_its_cookie_and_tells_nothing_of_it() {
        let cookie = Secret::new("secret");
        let carried = form_token(&cookie);
        assert!(is_ours(&cookie, &carried) && !carried.contains("secret"));
        assert!(!is_ours(&Secret::new("other"), &carried));
        assert!(!is_ours(&cookie, ""));
    }
}
