//! Mail to the desk's address: every message becomes an inquiry with an owner and a day, is
//! acknowledged, and is answered by a person. One that asks for a right opens the request as well,
//! whose code goes to the sender: a forged sender proves nothing.
//!
//! A letter on paper or a call is written down by whoever took it, and goes the same way.
//!
//! A dispute is an inquiry about a time: it pins the version of the policy that held then, by its
//! hash (clause P05).

use domain::{Identifier, IdentifierKind, InquiryId, Millis, RequestId, Secret, Timestamp};
use policy::{Desk, Find, Permit, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Filed, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::keyed;
use crate::requests::{Law, RequestKind, RequestOrder, Ticket, letter, zone};

/// Messages of one sender within a day that are acknowledged; later ones are kept without a word.
const ACKNOWLEDGED: usize = 5;
const DAY: Millis = Millis(86_400_000);

/// How a message comes: by mail, on paper, by telephone.
pub const WAYS: &[&str] = &["mail", "letter", "call"];
/// What a message that is written down can be.
pub const KINDS: &[&str] = &["question", "complaint", "request"];
/// Characters of a message that is written down.
const LONGEST: usize = 20_000;

/// A message at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// `question`, `complaint`, `request` or `dispute`.
    pub kind: String,
    /// How it came: one of [`WAYS`].
    #[serde(default = "by_mail")]
    pub way: String,
    /// Who wrote.
    #[serde(with = "keyed::secret")]
    pub from: Secret,
    /// About what.
    #[serde(with = "keyed::secret")]
    pub subject: Secret,
    /// In their words.
    #[serde(with = "keyed::secret")]
    pub text: Secret,
    /// Hash of the message, so that it comes in once.
    pub seen: String,
    /// Who answers, by handle.
    pub owner: String,
    /// By when.
    #[serde(with = "keyed::at")]
    pub due: Timestamp,
    /// The request that it opened.
    #[serde(with = "keyed::maybe")]
    pub request: Option<RequestId>,
    /// For a dispute: when the facts happened, and the version that held then.
    #[serde(with = "keyed::maybe_at")]
    pub facts_at: Option<Timestamp>,
    /// Hash of that version.
    pub judged_by: Option<String>,
    /// The answer.
    pub answer: Option<Answer>,
}

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who, by handle.
    pub by: String,
    /// When.
    #[serde(with = "keyed::at")]
    pub at: Timestamp,
    /// What.
    #[serde(with = "keyed::secret")]
    pub text: Secret,
}

fn by_mail() -> String {
    "mail".to_owned()
}

impl Inquiry {
    /// Whether an answer can leave as a letter: the sender has a mail address.
    #[must_use]
    pub fn has_mail(&self) -> bool {
        is_mail(&self.from)
    }
}

impl Registered for Inquiry {
    type Id = InquiryId;
    const REGISTER: &'static str = "inquiries";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        if self.answer.is_some() {
            "answered"
        } else {
            "open"
        }
    }

    fn due(&self) -> Option<Timestamp> {
        self.answer.is_none().then_some(self.due)
    }
}

/// An inquiry with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryView {
    /// Its number.
    pub id: InquiryId,
    /// When it came in.
    pub received: Timestamp,
    /// `open` or `answered`.
    pub state: &'static str,
    /// What it says.
    pub inquiry: Inquiry,
}

/// A letter on paper or a call as whoever took it writes it down.
#[derive(Debug, Clone)]
pub struct WrittenDown {
    /// `letter` or `call`.
    pub way: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Who wrote or called: a name, number or address under which they can be answered.
    pub from: Secret,
    /// About what.
    pub subject: Secret,
    /// What was said.
    pub text: Secret,
    /// Who answers, by handle.
    pub owner: String,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailTaken {
    /// Its number.
    pub id: InquiryId,
    /// The request that it opened.
    pub request: Option<RequestId>,
    /// It was here already.
    pub known: bool,
}

impl App {
    /// Takes a message to the desk in: an inquiry with an owner and a day, an acknowledgement, and
    /// the request that it asks for.
    ///
    /// # Errors
    /// [`AppError::Format`] for what is no mail; [`AppError::Outbound`] where no letter can leave.
    pub async fn take_desk_mail(
        &self,
        desk: &Scope,
        owner: &str,
        bytes: &[u8],
    ) -> Result<MailTaken, AppError> {
        let mail = formats::desk_mail(bytes)?;
        let seen = hex::encode(Sha256::digest(match &mail.id {
            Some(id) => id.as_bytes(),
            None => bytes,
        }));
        let all = self.inquiries(desk).await?;
        if let Some(known) = all.iter().find(|one| one.inquiry.seen == seen) {
            return Ok(MailTaken {
                id: known.id,
                request: known.inquiry.request,
                known: true,
            });
        }
        let right = asked(mail.subject.expose(), mail.text.expose());
        let now = self.now();
        let ticket = match right {
            // A program that asks for a right is no person; the desk looks at it.
            Some(kind) if !mail.automatic && mail.from.expose().parse::<Identifier>().is_ok() => {
                let order = RequestOrder {
                    kind,
                    law: Law::Gdpr,
                    identifier: mail.from.clone(),
                    message: mail.text.clone(),
                };
                Some(self.open_request(&order).await?)
            }
            _ => None,
        };
        let inquiry = Inquiry {
            kind: match right {
                Some(RequestKind::Complaint) => "complaint",
                Some(_) => "request",
                None => "question",
            }
            .to_owned(),
            way: by_mail(),
            from: mail.from.clone(),
            subject: mail.subject,
            text: mail.text,
            seen,
            owner: owner.to_owned(),
            due: Law::Gdpr.answer_by(now, &zone(Law::Gdpr)),
            request: ticket.as_ref().map(|ticket| ticket.id),
            facts_at: None,
            judged_by: None,
            answer: None,
        };
        let permit = self.keep::<Seal>(desk).await?;
        let id = self.store.file(&permit, &inquiry).await?;
        let today = all
            .iter()
            .filter(|one| one.inquiry.from == inquiry.from && now.since(one.received) < DAY);
        if !mail.automatic && today.count() < ACKNOWLEDGED {
            self.acknowledge(&permit, (id, &inquiry), ticket.as_ref())
                .await?;
        }
        Ok(MailTaken {
            id,
            request: inquiry.request,
            known: false,
        })
    }

    /// Writes a letter on paper or a call down, with its owner and day. Nobody is written to: the
    /// person knows that they were heard.
    ///
    /// # Errors
    /// [`AppError::Input`] where something of it is missing; [`AppError::Denied`].
    pub async fn write_down(&self, desk: &Scope, new: &WrittenDown) -> Result<InquiryId, AppError> {
        let said = |what: &str| Err(AppError::Input(format!("{what} (clause P92)")));
        if !matches!(new.way.as_str(), "letter" | "call") || !KINDS.contains(&&*new.kind) {
            return said("say whether it was a letter or a call, and what it is");
        }
        if new.owner.trim().is_empty() {
            return said("every message has somebody who answers it");
        }
        let texts = [&new.from, &new.subject, &new.text];
        if texts.iter().any(|text| text.expose().trim().is_empty()) {
            return said("write down who it was, about what, and what was said");
        }
        if new.text.expose().chars().count() > LONGEST {
            return said("say it in fewer words: 20,000 characters at most");
        }
        let trimmed = |text: &Secret| Secret::new(text.expose().trim());
        let now = self.now();
        let seen = Sha256::new_with_prefix(new.from.expose())
            .chain_update(new.text.expose())
            .chain_update(now.0.to_be_bytes());
        let inquiry = Inquiry {
            kind: new.kind.clone(),
            way: new.way.clone(),
            from: trimmed(&new.from),
            subject: trimmed(&new.subject),
            text: trimmed(&new.text),
            seen: hex::encode(seen.finalize()),
            owner: new.owner.trim().to_owned(),
            due: Law::Gdpr.answer_by(now, &zone(Law::Gdpr)),
            request: None,
            facts_at: None,
            judged_by: None,
            answer: None,
        };
        let permit = self.keep::<Seal>(desk).await?;
        Ok(self.store.file(&permit, &inquiry).await?)
    }

    async fn acknowledge(
        &self,
        permit: &Permit<Seal, Desk>,
        (id, inquiry): (InquiryId, &Inquiry),
        ticket: Option<&Ticket>,
    ) -> Result<(), AppError> {
        let next = match ticket {
            Some(ticket) => format!(
                "You ask for a right, so we opened the request {}. Its ticket is {}. A code comes \
                 in another letter; with both, the page for requests takes it up.",
                ticket.id,
                ticket.token.expose()
            ),
            None => "A person will read it and answer.".to_owned(),
        };
        let text = format!(
            "Your message is here. Its number is {id}.\n\n{next}\n\nYou have an answer by {}.\n",
            crate::rfc3339(inquiry.due)
        );
        let letter = letter(&inquiry.from, "Your message is here", text);
        self.gateway
            .write(permit, &format!("{id}-here"), letter, self.now())
            .await?;
        Ok(())
    }

    /// Opens a dispute about something that happened at a time: it is judged by the version of the
    /// policy that held then.
    ///
    /// # Errors
    /// [`AppError::Input`] without facts or for a time before any version; [`AppError::Denied`].
    pub async fn open_dispute(
        &self,
        desk: &Scope,
        from: &Secret,
        facts: &str,
        at: Timestamp,
    ) -> Result<InquiryId, AppError> {
        if facts.trim().is_empty() || at > self.now() {
            return Err(AppError::Input(
                "a dispute says what happened, at a time that has passed (clause P05)".to_owned(),
            ));
        }
        let version = self.policy_at(at).await?.version().to_owned();
        let text = Secret::new(facts.trim());
        let seen = Sha256::new_with_prefix(from.expose())
            .chain_update(text.expose())
            .chain_update(self.now().0.to_be_bytes());
        let dispute = Inquiry {
            kind: "dispute".to_owned(),
            way: by_mail(),
            from: from.clone(),
            subject: Secret::new("Dispute"),
            text,
            seen: hex::encode(seen.finalize()),
            owner: desk.actor().handle.clone(),
            due: Law::Gdpr.answer_by(self.now(), &zone(Law::Gdpr)),
            request: None,
            facts_at: Some(at),
            judged_by: Some(version),
            answer: None,
        };
        let permit = self.keep::<Seal>(desk).await?;
        Ok(self.store.file(&permit, &dispute).await?)
    }

    /// Answers an inquiry: by letter where the sender has a mail address; else the words are kept
    /// as what was told on paper or by telephone.
    ///
    /// # Errors
    /// [`AppError::Input`] without words or a second time; [`AppError::NotFound`].
    pub async fn answer_inquiry(
        &self,
        desk: &Scope,
        id: InquiryId,
        text: &str,
    ) -> Result<(), AppError> {
        let permit = self.keep::<Read>(desk).await?;
        let seen: Filed<Inquiry> = self.store.filed(&permit, id).await?;
        if text.trim().is_empty() || seen.body.answer.is_some() {
            return Err(AppError::Input(
                "an answer needs words, and is given once".to_owned(),
            ));
        }
        let answered = Inquiry {
            answer: Some(Answer {
                by: desk.actor().handle.clone(),
                at: self.now(),
                text: Secret::new(text.trim()),
            }),
            ..seen.body.clone()
        };
        let permit = self.keep::<Seal>(desk).await?;
        if seen.body.has_mail() {
            let words = format!("Your message {id}.\n\n{}\n", text.trim());
            let letter = letter(&seen.body.from, "An answer to your message", words);
            self.gateway
                .write(&permit, &format!("{id}-answer"), letter, self.now())
                .await?;
        }
        self.store.amend(&permit, &seen, &answered).await?;
        Ok(())
    }

    /// One inquiry.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn inquiry(&self, desk: &Scope, id: InquiryId) -> Result<InquiryView, AppError> {
        let permit = self.keep::<Read>(desk).await?;
        Ok(view(self.store.filed(&permit, id).await?))
    }

    /// Every inquiry, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn inquiries(&self, desk: &Scope) -> Result<Vec<InquiryView>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let all = self
            .store
            .register::<Inquiry>(&permit, &[], None, 10_000)
            .await?;
        Ok(all.into_iter().map(view).collect())
    }
}

fn view(filed: Filed<Inquiry>) -> InquiryView {
    InquiryView {
        id: filed.id,
        received: filed.filed,
        state: filed.body.state(),
        inquiry: filed.body,
    }
}

fn is_mail(address: &Secret) -> bool {
    let read = address.expose().parse::<Identifier>();
    read.is_ok_and(|who| who.kind() == IdentifierKind::Mail)
}

/// Words by which people ask for a right. What is not told apart stays a question for a person.
const SIGNS: &[(RequestKind, &[&str])] = &[
    (
        RequestKind::Complaint,
        &["complaint", "complain", "i object to how", "not acceptable"],
    ),
    (
        RequestKind::Erasure,
        &[
            "erase",
            "erasure",
            "delete my",
            "delete all",
            "delete the",
            "remove my",
            "right to be forgotten",
        ],
    ),
    (
        RequestKind::Portability,
        &["portability", "machine-readable", "machine readable"],
    ),
    (
        RequestKind::Rectification,
        &[
            "rectify",
            "rectification",
            "correct my",
            "correct the",
            "is wrong about me",
        ],
    ),
    (
        RequestKind::Restriction,
        &["restrict the", "restriction of", "stop processing"],
    ),
    (
        RequestKind::Objection,
        &[
            "i object",
            "objection",
            "opt out",
            "opt-out",
            "do not record",
        ],
    ),
    (
        RequestKind::Locate,
        &[
            "which company",
            "which organisation",
            "who holds",
            "who has my",
        ],
    ),
    (
        RequestKind::Access,
        &[
            "access request",
            "subject access",
            "access to my",
            "copy of my",
            "copy of all",
            "what data",
            "which data",
            "data you hold",
            "data you have",
        ],
    ),
];

/// The right that a message asks for; the first that fits, the gravest first.
fn asked(subject: &str, text: &str) -> Option<RequestKind> {
    let said = format!("{subject}\n{text}").to_lowercase();
    let found = SIGNS
        .iter()
        .find(|(_, signs)| signs.iter().any(|sign| said.contains(sign)));
    found.map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_told_by_its_words() {
        for (text, kind) in [
            ("Please delete my recordings", Some(RequestKind::Erasure)),
            ("Send me a copy of my calls", Some(RequestKind::Access)),
            (
                "I want to complain about a call",
                Some(RequestKind::Complaint),
            ),
            ("Who holds my number?", Some(RequestKind::Locate)),
            ("How long do you keep calls?", None),
        ] {
            assert_eq!(asked("", text), kind, "{text}");
        }
    }
}
