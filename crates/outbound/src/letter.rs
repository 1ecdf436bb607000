//! Letters to persons: codes, answers, receipts.

use std::fmt;
use std::path::PathBuf;

use domain::Secret;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};

use crate::OutboundError;

/// How letters leave.
#[derive(Clone, PartialEq, Eq)]
pub enum Post {
    /// `smtps://…`, or `smtp://…` on this machine or with `?tls=required`.
    Relay(Secret),
    /// A folder that a mail server picks messages up from.
    Pickup(PathBuf),
}

impl Post {
    /// From the configuration's form: an `smtp`, `smtps` or `file` URL.
    ///
    /// # Errors
    /// [`OutboundError::Endpoint`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, OutboundError> {
        let url = Url::parse(text).map_err(|_| {
            OutboundError::Endpoint(
                "post is `smtp://HOST:PORT`, `smtps://HOST` or `file:///FOLDER`",
            )
        })?;
        let here = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name == "127.0.0.1",
            None => false,
        };
        let tls = url
            .query_pairs()
            .any(|pair| pair == ("tls".into(), "required".into()));
        match url.scheme() {
            "file" => url
                .to_file_path()
                .map(Self::Pickup)
                .map_err(|()| OutboundError::Endpoint("the pickup folder is no path")),
            "smtps" => Ok(Self::Relay(Secret::new(text))),
            "smtp" if here || tls => Ok(Self::Relay(Secret::new(text))),
            _ => Err(OutboundError::Endpoint(
                "letters go over TLS: use `smtps://…` or add `?tls=required`",
            )),
        }
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Relay(_) => "Post(relay)",
            Self::Pickup(_) => "Post(pickup)",
        })
    }
}

/// A letter.
pub struct Letter {
    /// Who it is from.
    pub from: String,
    /// To whom.
    pub to: Secret,
    /// Its subject; never personal.
    pub subject: String,
    /// Its text.
    pub text: Secret,
    /// A file with it: name and bytes.
    pub attached: Option<(String, Vec<u8>)>,
}

impl Letter {
    pub(crate) fn message(&self, id: &str) -> Result<Message, OutboundError> {
        let from = self
            .from
            .parse()
            .map_err(|_| OutboundError::Letter("the sender's address is none"))?;
        let to = self
            .to
            .expose()
            .parse()
            .map_err(|_| OutboundError::Letter("the recipient's address is none"))?;
        let builder = Message::builder()
            .from(from)
            .to(to)
            .subject(&self.subject)
            .message_id(Some(format!("<{id}@privity>")));
        let text = SinglePart::plain(self.text.expose().to_owned());
        let built = match &self.attached {
            None => builder.singlepart(text),
            Some((name, bytes)) => {
                let kind = ContentType::parse("application/octet-stream")
                    .map_err(|_| OutboundError::Letter("its attachment has no type"))?;
                let file = Attachment::new(name.clone()).body(bytes.clone(), kind);
                builder.multipart(MultiPart::mixed().singlepart(text).singlepart(file))
            }
        };
        built.map_err(|_| OutboundError::Letter("it has no sender or recipient"))
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter")
    }
}

/// Sends or lays down; returns what the other side said and the bytes sent.
pub(crate) async fn post(
    post: &Post,
    letter: &Letter,
    id: &str,
) -> Result<(String, Vec<u8>), OutboundError> {
    let message = letter.message(id)?;
    let bytes = message.formatted();
    match post {
        Post::Relay(url) => {
            #[expect(clippy::disallowed_methods, reason = "the one gate")]
            let relay = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
                .map_err(|source| OutboundError::Mail(Box::new(source)))?
                .build();
            let answer = relay
                .send(message)
                .await
                .map_err(|source| OutboundError::Mail(Box::new(source)))?;
            Ok((format!("{} from the relay", answer.code()), bytes))
        }
        Post::Pickup(folder) => {
            let name = format!("{id}.eml");
            crate::gateway::lay_down(folder, &name, &bytes).await?;
            Ok((name, bytes))
        }
    }
}
