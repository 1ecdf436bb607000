//! The gate itself.

use std::path::Path;
use std::time::Duration;

use domain::{Chance, InteractionId, Secret, Timestamp};
use policy::{Desk, Disclose, Permit, Seal};

use crate::letter::{self, Letter, Post};
use crate::notice::Notice;
use crate::parcel::{Endpoint, Parcel, Slip};
use crate::{OutboundError, bundle, webhook};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands parcels and letters over. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Gateway {
    http: reqwest::Client,
    post: Option<Post>,
    from: String,
}

impl Gateway {
    /// Opens nothing yet. Redirects are not followed: the recipient that was granted is the one
    /// that is spoken to.
    ///
    /// # Errors
    /// [`OutboundError::Http`] where TLS cannot be set up.
    #[expect(clippy::disallowed_methods, reason = "the one gate")]
    pub fn new(post: Option<Post>, from: &str) -> Result<Self, OutboundError> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|source| OutboundError::Http(Box::new(source)))?;
        Ok(Self {
            http,
            post,
            from: from.to_owned(),
        })
    }

    /// Hands a parcel to its recipient under the permit for this disclosure.
    ///
    /// # Errors
    /// [`OutboundError::Permit`] and [`OutboundError::WrongParcel`] before anything leaves; what
    /// the transport says afterwards.
    pub async fn deliver(
        &self,
        permit: &Permit<Disclose, InteractionId>,
        endpoint: &Endpoint,
        parcel: &Parcel,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Slip, OutboundError> {
        if *permit.resource() != parcel.interaction {
            return Err(OutboundError::WrongParcel {
                permitted: *permit.resource(),
                held: parcel.interaction,
            });
        }
        for category in &parcel.categories {
            permit.check(*category, now)?;
        }
        let (answer, sent) = match endpoint {
            Endpoint::Folder { path, secret } => {
                let sealed = sealed(secret, parcel, chance)?;
                let name = format!("{}.privity", parcel.id);
                lay_down(path, &name, &sealed).await?;
                (name, sealed)
            }
            Endpoint::Webhook { url, secret } => {
                let body = webhook::body(parcel, now);
                let signed = webhook::sign(secret, &parcel.id.to_string(), now, &body)?;
                let status = self.send(webhook::address(url)?, &signed, &body).await?;
                (format!("HTTP {status}"), body.to_vec())
            }
            Endpoint::Mail { to, secret } => {
                let sealed = sealed(secret, parcel, chance)?;
                let letter = Letter {
                    from: self.from.clone(),
                    to: to.clone(),
                    subject: "A sealed file for you".to_owned(),
                    text: "The attached file opens with the secret that you were given.".into(),
                    attached: Some((format!("{}.privity", parcel.id), sealed)),
                };
                letter::post(self.post()?, &letter, &parcel.id.to_string()).await?
            }
        };
        Ok(Slip::new(now, endpoint.transport(), answer, &sent))
    }

    /// Tells a recipient of something about interactions, each under the permit that allows it.
    /// The same notice again is the same message: same id, same content.
    ///
    /// # Errors
    /// [`OutboundError::Permit`] before anything leaves; what the transport says afterwards.
    pub async fn tell(
        &self,
        permits: &[Permit<Disclose, InteractionId>],
        endpoint: &Endpoint,
        notice: &Notice,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Slip, OutboundError> {
        if permits.is_empty() {
            return Err(OutboundError::Unpermitted);
        }
        for permit in permits {
            for category in &notice.categories {
                permit.check(*category, now)?;
            }
        }
        self.hand_over(endpoint, notice, chance, now).await
    }

    /// Sends a recipient a notice that is about nobody: a test, or what was measured of the
    /// product itself.
    ///
    /// # Errors
    /// [`OutboundError::NotATest`] where it is about something; what the transport says.
    pub async fn knock(
        &self,
        permit: &Permit<Seal, Desk>,
        endpoint: &Endpoint,
        notice: &Notice,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Slip, OutboundError> {
        permit.check(domain::DataCategory::InteractionMetadata, now)?;
        if !notice.categories.is_empty() {
            return Err(OutboundError::NotATest);
        }
        self.hand_over(endpoint, notice, chance, now).await
    }

    async fn hand_over(
        &self,
        endpoint: &Endpoint,
        notice: &Notice,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Slip, OutboundError> {
        let body = notice.body();
        let (answer, sent) = match endpoint {
            Endpoint::Folder { path, secret } => {
                let about = (notice.id.as_str(), "application/json", &notice.sticky);
                let sealed = bundle::seal(secret, about, &body, chance)?;
                let name = format!("{}.privity", notice.id);
                lay_down(path, &name, &sealed).await?;
                (name, sealed)
            }
            Endpoint::Webhook { url, secret } => {
                let signed = webhook::sign(secret, &notice.id, now, &body)?;
                let status = self.send(webhook::address(url)?, &signed, &body).await?;
                (format!("HTTP {status}"), body)
            }
            Endpoint::Mail { to, .. } => {
                let letter = Letter {
                    from: self.from.clone(),
                    to: to.clone(),
                    subject: notice.subject.clone(),
                    text: Secret::new(notice.text.as_str()),
                    attached: None,
                };
                letter::post(self.post()?, &letter, &notice.id).await?
            }
        };
        Ok(Slip::new(now, endpoint.transport(), answer, &sent))
    }

    /// Posts a letter that belongs to the registers: a code, an answer, a receipt.
    ///
    /// # Errors
    /// [`OutboundError::Unreachable`] where no post is configured; what the relay says.
    pub async fn write(
        &self,
        permit: &Permit<Seal, Desk>,
        id: &str,
        mut letter: Letter,
        now: Timestamp,
    ) -> Result<Slip, OutboundError> {
        permit.check(domain::DataCategory::Contact, now)?;
        letter.from.clone_from(&self.from);
        let (answer, sent) = letter::post(self.post()?, &letter, id).await?;
        Ok(Slip::new(now, "mail", answer, &sent))
    }

    /// Tells an agent that acts for a person how their request stands, at the address that came
    /// with the agent's signed request.
    ///
    /// # Errors
    /// [`OutboundError::Permit`] before anything leaves; what the transport says afterwards.
    pub async fn call_back(
        &self,
        permit: &Permit<Seal, Desk>,
        url: &Secret,
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<Slip, OutboundError> {
        permit.check(domain::DataCategory::Contact, now)?;
        let request = self
            .http
            .post(webhook::address(url)?)
            .header("content-type", "application/json")
            .body(body.clone());
        let status = accepted(request).await?;
        Ok(Slip::new(now, "callback", format!("HTTP {status}"), &body))
    }

    /// Whether letters can leave at all.
    #[must_use]
    pub const fn has_post(&self) -> bool {
        self.post.is_some()
    }

    /// For the other files of the gate.
    pub(crate) const fn client(&self) -> &reqwest::Client {
        &self.http
    }

    fn post(&self) -> Result<&Post, OutboundError> {
        self.post
            .as_ref()
            .ok_or(OutboundError::Unreachable("mail address", "post"))
    }

    async fn send(
        &self,
        url: url::Url,
        signed: &webhook::Signed,
        body: &[u8],
    ) -> Result<u16, OutboundError> {
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", &signed.id)
            .header("webhook-timestamp", &signed.timestamp)
            .header("webhook-signature", &signed.signature)
            .body(body.to_vec());
        accepted(request).await
    }
}

/// Sends, and takes any success for an answer.
async fn accepted(request: reqwest::RequestBuilder) -> Result<u16, OutboundError> {
    let answer = request
        .send()
        .await
        // The URL may name the recipient; it stays out of messages.
        .map_err(|source| OutboundError::Http(Box::new(source.without_url())))?;
    let status = answer.status();
    if status.is_success() {
        Ok(status.as_u16())
    } else {
        Err(OutboundError::Refused(status.as_u16()))
    }
}

fn sealed(secret: &Secret, parcel: &Parcel, chance: &dyn Chance) -> Result<Vec<u8>, OutboundError> {
    let id = parcel.id.to_string();
    let about = (id.as_str(), parcel.media_type, &parcel.sticky);
    bundle::seal(secret, about, &parcel.bytes, chance)
}

/// Writes a file whole or not at all: under another name first.
pub(crate) async fn lay_down(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), OutboundError> {
    let (path, half) = (folder.join(name), folder.join(format!(".{name}.part")));
    let fault = |source| OutboundError::Io {
        path: path.clone(),
        source,
    };
    tokio::fs::create_dir_all(folder).await.map_err(fault)?;
    tokio::fs::write(&half, bytes).await.map_err(fault)?;
    tokio::fs::rename(&half, &path).await.map_err(fault)
}
