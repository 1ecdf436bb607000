//! What is said to an identity provider: its discovery document and keys are read, a code is
//! exchanged for an identity token (OpenID Connect Core 1.0, Discovery 1.0). Nothing of a person
//! goes there; what comes back is not believed here.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Secret;
use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded::{Serializer, byte_serialize};
use url::{Host, Url};

use crate::{Gateway, OutboundError};

/// Longer answers are not read.
const LONGEST: usize = 512 * 1024;
/// Where an issuer's discovery document lies below it.
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// An identity provider, as its discovery document describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its issuer identifier; the one that was asked for.
    pub issuer: String,
    /// Where people are sent to sign in.
    pub authorization: Url,
    /// Where people are sent to sign out there too, if it has such a page.
    pub end_session: Option<Url>,
    token: Url,
    keys: Url,
    userinfo: Option<Url>,
    /// Takes the client's secret in the form and not in a header.
    by_form: bool,
    /// Plain HTTP to this very machine is fine.
    local: bool,
}

#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// What a code was exchanged for.
#[derive(Debug, Clone)]
pub struct Exchanged {
    /// Says who somebody is; not believed yet.
    pub identity: Secret,
    /// Opens what the provider says of them apart from that.
    pub access: Option<Secret>,
}

#[derive(Deserialize)]
struct Complaint {
    error: String,
}

/// A code with what proves that it was asked for here.
pub struct CodeForToken<'a> {
    /// What the provider knows this installation by.
    pub client: &'a str,
    /// What this installation shows it.
    pub secret: &'a Secret,
    /// As it came back.
    pub code: &'a Secret,
    /// What the code's challenge was made of (RFC 7636).
    pub verifier: &'a Secret,
    /// Where the provider sent the browser back to.
    pub back: &'a str,
}

impl CodeForToken<'_> {
    fn form(&self, with_secret: bool) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code.expose())
            .append_pair("code_verifier", self.verifier.expose())
            .append_pair("redirect_uri", self.back);
        if with_secret {
            form.append_pair("client_id", self.client)
                .append_pair("client_secret", self.secret.expose());
        }
        form.finish()
    }
}

impl fmt::Debug for CodeForToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeForToken")
    }
}

impl Gateway {
    /// Reads an issuer's discovery document. `local` allows plain HTTP to this very machine.
    ///
    /// # Errors
    /// [`OutboundError::Endpoint`] for addresses that are not spoken to; what the transport says;
    /// [`OutboundError::Provider`] for a document of another issuer or of another form.
    pub async fn discover(
        &self,
        issuer: &str,
        local: bool,
    ) -> Result<IdentityProvider, OutboundError> {
        let base = issuer.trim_end_matches('/');
        let place = spoken_to(&format!("{base}{DISCOVERY}"), local)?;
        let found: Discovered = self.read(self.client().get(place)).await?;
        if found.issuer != issuer {
            return Err(OutboundError::Provider("it calls itself by another issuer"));
        }
        let methods = &found.token_endpoint_auth_methods_supported;
        let takes = |method: &str| methods.iter().any(|one| one == method);
        Ok(IdentityProvider {
            authorization: spoken_to(&found.authorization_endpoint, local)?,
            end_session: found
                .end_session_endpoint
                .map(|text| spoken_to(&text, local))
                .transpose()?,
            token: spoken_to(&found.token_endpoint, local)?,
            userinfo: found
                .userinfo_endpoint
                .map(|text| spoken_to(&text, local))
                .transpose()?,
            keys: spoken_to(&found.jwks_uri, local)?,
            by_form: !takes("client_secret_basic") && takes("client_secret_post"),
            issuer: found.issuer,
            local,
        })
    }

    /// The keys that a provider signs with at present (a JWK set's), as they are written there.
    ///
    /// # Errors
    /// What the transport says; [`OutboundError::Provider`] for another form.
    pub async fn provider_keys(
        &self,
        provider: &IdentityProvider,
    ) -> Result<Vec<serde_json::Value>, OutboundError> {
        let keys: Keys = self.read(self.client().get(provider.keys.clone())).await?;
        Ok(keys.keys)
    }

    /// Exchanges a code for an identity token.
    ///
    /// # Errors
    /// What the transport says; [`OutboundError::Unexchanged`] where the provider does not take
    /// the code.
    pub async fn exchange(
        &self,
        provider: &IdentityProvider,
        asked: &CodeForToken<'_>,
    ) -> Result<Exchanged, OutboundError> {
        let mut request = self.client().post(provider.token.clone());
        if !provider.by_form {
            // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
            let pair = format!(
                "{}:{}",
                encoded(asked.client),
                encoded(asked.secret.expose())
            );
            request = request.header("authorization", format!("Basic {}", STANDARD.encode(pair)));
        }
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(asked.form(provider.by_form));
        let tokens: Tokens = self.read(request).await?;
        Ok(Exchanged {
            identity: Secret::new(tokens.id_token),
            access: tokens.access_token.map(Secret::new),
        })
    }

    /// What a provider says of a person apart from the identity token, where it has such a place
    /// (Core 1.0, section 5.3).
    ///
    /// # Errors
    /// What the transport says; [`OutboundError::Provider`] for another form.
    pub async fn userinfo(
        &self,
        provider: &IdentityProvider,
        access: &Secret,
    ) -> Result<Option<serde_json::Map<String, serde_json::Value>>, OutboundError> {
        let Some(place) = provider.userinfo.clone() else {
            return Ok(None);
        };
        let request = self
            .client()
            .get(place)
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {}", access.expose()));
        self.read(request).await.map(Some)
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, OutboundError> {
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let bytes = whole(answer).await?;
        if !status.is_success() {
            let said = serde_json::from_slice::<Complaint>(&bytes).ok();
            let refused = said.is_some_and(|said| said.error == "invalid_grant");
            return Err(if refused {
                OutboundError::Unexchanged
            } else {
                OutboundError::Refused(status.as_u16())
            });
        }
        serde_json::from_slice(&bytes)
            .map_err(|_| OutboundError::Provider("its answer has another form"))
    }
}

impl IdentityProvider {
    /// The host that people are sent to.
    #[must_use]
    pub fn host(&self) -> String {
        self.authorization.host_str().unwrap_or_default().to_owned()
    }

    /// The address that a browser is sent to, with what the sign-in carries.
    ///
    /// # Errors
    /// [`OutboundError::Endpoint`] where it is not to be spoken to.
    pub fn sign_in_at(&self, pairs: &[(&str, &str)]) -> Result<Secret, OutboundError> {
        let mut url = self.authorization.clone();
        url.query_pairs_mut().extend_pairs(pairs);
        spoken_to(url.as_str(), self.local).map(|url| Secret::new(url.as_str()))
    }
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

async fn whole(mut answer: Response) -> Result<Vec<u8>, OutboundError> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unreachable)? {
        if bytes.len() + piece.len() > LONGEST {
            return Err(OutboundError::Provider("its answer is too long"));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// The address stays out of messages.
fn unreachable(source: reqwest::Error) -> OutboundError {
    OutboundError::Http(Box::new(source.without_url()))
}

/// Only TLS to a named host, or plain HTTP to this very machine where that is allowed. A tenant
/// chooses the address: it must not reach into the operator's own network by number.
fn spoken_to(text: &str, local: bool) -> Result<Url, OutboundError> {
    let url = Url::parse(text)
        .map_err(|_| OutboundError::Endpoint("an identity provider needs an `https://` URL"))?;
    let here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    let named = matches!(url.host(), Some(Host::Domain(_))) && !here;
    match url.scheme() {
        "https" if named => Ok(url),
        "http" | "https" if here && local => Ok(url),
        _ => Err(OutboundError::Endpoint(
            "an identity provider is reached at an `https://` URL with a host's name",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_hosts_over_tls_are_spoken_to_unless_the_installation_is_local() {
        assert!(spoken_to("https://id.example/a", false).is_ok());
        for refused in [
            "http://id.example/a",
            "https://10.0.0.5/a",
            "https://[fd00::1]/a",
            "https://localhost/a",
            "http://127.0.0.1:8080/a",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(spoken_to(refused, false).is_err(), "{refused}");
        }
        assert!(spoken_to("http://127.0.0.1:8080/a", true).is_ok());
        assert!(spoken_to("http://10.0.0.5/a", true).is_err());
    }
}
