//! Who is let in: machines by their API key, people by a session that a key or the demo's code
//! opened.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use app::{App, AppError, Caller};
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Millis, Secret, TenantId, TenantRole, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::State;
use crate::problem::Problem;

/// A session ends after this long without a request.
const IDLE: Millis = Millis(30 * 60 * 1_000);
/// Wrong codes before the code no longer opens anything.
const TRIES: u32 = 20;
pub(crate) const COOKIE_NAME: &str = "privity_session";

/// Sessions of this process and, in the demo, the code that opens one.
pub struct Door {
    sessions: Mutex<HashMap<[u8; 32], Session>>,
    code: Option<Mutex<Code>>,
}

struct Session {
    caller: Caller,
    seen: Timestamp,
}

struct Code {
    code: Secret,
    tenant: TenantId,
    tries: u32,
}

impl Door {
    /// Opens to API keys only.
    #[must_use]
    pub fn keys_only() -> Self {
        Self {
            sessions: Mutex::default(),
            code: None,
        }
    }

    /// Opens to API keys, and to `code` as an analyst of `tenant`.
    #[must_use]
    pub fn with_code(code: Secret, tenant: TenantId) -> Self {
        Self {
            sessions: Mutex::default(),
            code: Some(Mutex::new(Code {
                code,
                tenant,
                tries: 0,
            })),
        }
    }

    /// A new session for whoever shows a valid key or code.
    pub(crate) async fn sign_in(
        &self,
        app: &App,
        shown: &Secret,
    ) -> Result<Option<Secret>, AppError> {
        let caller = match self.caller_by_code(app, shown) {
            Some(caller) => Some(caller),
            None => app.caller(shown).await?,
        };
        let Some(caller) = caller else {
            return Ok(None);
        };
        let token = app.token()?;
        let session = Session {
            caller,
            seen: app.now(),
        };
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(digest(&token), session);
        Ok(Some(token))
    }

    fn caller_by_code(&self, app: &App, shown: &Secret) -> Option<Caller> {
        let mut code = self
            .code
            .as_ref()?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if code.tries >= TRIES {
            return None;
        }
        let right: bool = digest(&code.code).ct_eq(&digest(shown)).into();
        if right {
            Some(app.local_caller(code.tenant, TenantRole::Analyst))
        } else {
            code.tries += 1;
            None
        }
    }

    pub(crate) fn sign_out(&self, token: &Secret) {
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&digest(token));
    }

    fn caller_by_session(&self, token: &Secret, now: Timestamp) -> Option<Caller> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| now.since(session.seen) < IDLE);
        let session = sessions.get_mut(&digest(token))?;
        session.seen = now;
        Some(session.caller.clone())
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
pub(crate) struct Person(pub(crate) Caller);

impl FromRequestParts<State> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let caller = session_token(parts)
            .and_then(|token| state.door.caller_by_session(&token, state.app.now()));
        caller
            .map(Self)
            .ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}

/// The session cookie's value.
pub(crate) fn session_token(parts: &Parts) -> Option<Secret> {
    let cookies = parts.headers.get(COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, value)| Secret::new(value))
}
