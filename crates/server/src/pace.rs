//! How often somebody without an account may ask: counted by the address that speaks to us, kept
//! in memory for an hour, never written down. Behind a proxy all speak from its address, and the
//! count is everybody's together.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use app::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::{Millis, Timestamp};

use crate::problem::Problem;

const WINDOW: Millis = Millis(3_600_000);
/// Addresses that are counted apart; beyond them all count together.
const ADDRESSES: usize = 10_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Paced {
    /// A request is taken in and a letter goes out.
    Opening,
    /// A reference or code is tried.
    Trying,
}

impl Paced {
    /// So often within an hour.
    const fn most(self) -> u32 {
        match self {
            Self::Opening => 30,
            Self::Trying => 120,
        }
    }
}

/// Somebody without an account, by the address that speaks to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Guest(Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.map(|ConnectInfo(peer)| peer.ip())))
    }
}

/// The counts.
pub(crate) struct Pace {
    app: App,
    counts: Mutex<HashMap<(Guest, Paced), (Timestamp, u32)>>,
}

impl Pace {
    pub(crate) fn new(app: App) -> Self {
        Self {
            app,
            counts: Mutex::default(),
        }
    }

    /// Counts one.
    ///
    /// # Errors
    /// The problem that it was too many.
    pub(crate) fn take(&self, guest: &Guest, what: Paced) -> Result<(), Problem> {
        let now = self.app.now();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, (since, _)| now.since(*since) < WINDOW);
        let crowded = counts.len() >= ADDRESSES && !counts.contains_key(&(*guest, what));
        let guest = if crowded { Guest(None) } else { *guest };
        let (_, count) = counts.entry((guest, what)).or_insert((now, 0));
        *count = count.saturating_add(1);
        if *count > what.most() {
            return Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "pace",
                "Too often",
                "this was tried too often from here within an hour; come back later",
            ));
        }
        Ok(())
    }
}
