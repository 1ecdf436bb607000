//! How often somebody without an account may ask: counted by the address that speaks to us, kept
//! in memory for an hour, never written down. Behind a proxy that is trusted (`trusted_proxies`)
//! it is the address that the proxy names; behind any other, the proxy's, and the count is
//! everybody's together.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use app::{App, Network};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::{Millis, Timestamp};

use crate::problem::Problem;
use crate::{State, t};

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
    /// Somebody is on their way to an identity provider or back; an office may share an address.
    SigningIn,
}

impl Paced {
    /// So often within an hour.
    const fn most(self) -> u32 {
        match self {
            Self::Opening => 30,
            Self::Trying => 120,
            Self::SigningIn => 1_200,
        }
    }
}

/// Somebody without an account, by the address that speaks to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Guest(Option<IpAddr>);

impl FromRequestParts<State> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let proxies = &state.app.config().proxies;
        Ok(Self(
            peer.map(|peer| speaker(peer, &parts.headers, proxies)),
        ))
    }
}

/// Who speaks: each trusted proxy says who spoke to it, the last one at the end of the list. The
/// first address from there that is no trusted proxy's is believed and nothing before it.
fn speaker(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    let mut speaker = peer;
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for address in said.into_iter().rev() {
        if !trusted(speaker) {
            break;
        }
        match address.trim().parse::<IpAddr>() {
            Ok(address) => speaker = address.to_canonical(),
            Err(_) => break,
        }
    }
    speaker
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
                t("problem-too-often"),
                t("problem-tried-too-often"),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_say_who_speaks() {
        let proxies: Vec<Network> = ["127.0.0.1", "10.0.0.0/8"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let told = |peer: &str, said: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in said {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            speaker(peer.parse().unwrap(), &headers, &proxies).to_string()
        };
        assert_eq!(told("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(told("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // What the guest made up stands before what the proxies say.
        let chain = ["1.2.3.4, 198.51.100.1", "10.1.1.1"];
        assert_eq!(told("127.0.0.1", &chain), "198.51.100.1");
        assert_eq!(told("127.0.0.1", &["198.51.100.1, unknown"]), "127.0.0.1");
        assert_eq!(told("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(told("127.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }
}
