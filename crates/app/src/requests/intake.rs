//! From a stranger's form to a proven request that lies with the right tenants.

use domain::{Identifier, IdentifierKind, Millis, RequestId, Secret, Timestamp};
use jiff::tz::TimeZone;
use outbound::Letter;
use policy::{Desk, Find, Permit, Read, Seal};
use sha2::{Digest, Sha256};
use store::Filed;
use subtle::ConstantTimeEq;

use super::{Case, Law, Outcome, Request, RequestKind};
use crate::app::App;
use crate::error::AppError;

/// How long a code is good.
pub(super) const CODE_LIFE: Millis = Millis(30 * 60 * 1000);
/// How often a code may be tried.
const ATTEMPTS: u8 = 5;
/// Requests of one number or address within a day that get a letter.
const A_DAY: usize = 3;
const DAY: Millis = Millis(86_400_000);
/// Requests within an hour, of everybody, after which the page asks to come back.
const AN_HOUR: usize = 200;
const HOUR: Millis = Millis(3_600_000);
/// Characters that a person may add.
const LONGEST_MESSAGE: usize = 4_000;

/// What a person fills in.
#[derive(Debug, Clone)]
pub struct RequestOrder {
    /// What is asked for.
    pub kind: RequestKind,
    /// Under which law.
    pub law: Law,
    /// A number or mail address of theirs.
    pub identifier: Secret,
    /// Anything they want to add.
    pub message: Secret,
}

/// What the person is given: opens the status page, nothing else.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// The request's number.
    pub id: RequestId,
    /// Shown once.
    pub token: Secret,
}

impl Ticket {
    /// Number and token in one, to be kept by the person: nobody can show it again.
    #[must_use]
    pub fn reference(&self) -> Secret {
        Secret::new(format!("{}.{}", self.id, self.token.expose()))
    }

    /// Reads a reference as a person typed it.
    ///
    /// # Errors
    /// [`AppError::Input`] for what is no reference; it is not repeated.
    pub fn read(reference: &Secret) -> Result<Self, AppError> {
        let typed = reference.expose().trim();
        let parts = typed.split_once('.');
        let read = parts.and_then(|(id, token)| Some((id.parse().ok()?, Secret::new(token))));
        let (id, token) = read.ok_or_else(|| {
            AppError::Input(
                "that is no reference: it begins with `req_` and has a dot in the middle"
                    .to_owned(),
            )
        })?;
        Ok(Self { id, token })
    }
}

/// What the status page shows. It is the same whether or not anything was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestStatus {
    /// What was asked for.
    pub kind: RequestKind,
    /// `unproven`, `passed_on`, `escalated` or `ended`.
    pub state: &'static str,
    /// When it came in.
    pub received: Timestamp,
    /// By when it must be answered.
    pub due: Timestamp,
}

/// A request as the operator's desk sees it: no number, no address, no match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// Its number.
    pub id: RequestId,
    /// When it came in.
    pub received: Timestamp,
    /// What is asked for.
    pub kind: RequestKind,
    /// `unproven`, `passed_on`, `escalated` or `ended`.
    pub state: &'static str,
    /// By when it must be answered.
    pub due: Timestamp,
    /// What came back, and why.
    pub escalated: Vec<super::Escalation>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// A number or address about which somebody asks, and what came in before.
pub(super) struct Admission {
    pub(super) who: Identifier,
    pub(super) blinded: String,
    /// The newest requests of everybody.
    pub(super) recent: Vec<Filed<Request>>,
    /// Codes that went to it within a day.
    earlier: usize,
}

impl Admission {
    /// Whether a further code may go there.
    pub(super) const fn gets_letters(&self) -> bool {
        self.earlier < A_DAY
    }

    fn within(&self, now: Timestamp, span: Millis) -> impl Iterator<Item = &Filed<Request>> {
        self.recent
            .iter()
            .filter(move |one| now.since(one.filed) < span)
    }
}

impl App {
    /// Whether codes and answers can be sent from here.
    #[must_use]
    pub fn writes_letters(&self) -> bool {
        self.gateway.has_post()
    }

    /// Takes a request in and sends a code to the number or address. The answer is the same for
    /// everybody.
    ///
    /// # Errors
    /// [`AppError::Input`] for what is no number or address, or where too many come in;
    /// [`AppError::Outbound`] where no letters can leave.
    pub async fn open_request(&self, order: &RequestOrder) -> Result<Ticket, AppError> {
        let admitted = self.admit(&order.identifier, &order.message).await?;
        let now = self.now();
        let public = |one: &&Filed<Request>| one.body.agent.is_none();
        let hour = admitted.within(now, HOUR).filter(public).count();
        if hour >= AN_HOUR {
            return Err(AppError::Input(
                "too many requests are coming in; please try again in an hour".to_owned(),
            ));
        }
        let token = self.token()?;
        // Somebody who is asked about again and again gets no further letters; the answer to
        // whoever asks stays the same.
        let code = admitted.gets_letters().then(|| self.code()).transpose()?;
        let zone = zone(order.law);
        let request = Request {
            kind: order.kind,
            law: order.law,
            identifier: admitted.who.value().clone(),
            blinded: admitted.blinded.clone(),
            message: order.message.clone(),
            ticket_sha256: hashed(&token),
            code_sha256: code.as_ref().map(hashed),
            code_until: now.plus(CODE_LIFE),
            attempts: 0,
            proven: None,
            reached: None,
            due: order.law.answer_by(now, &zone),
            escalated: Vec::new(),
            outcome: None,
            agent: None,
        };
        let permit = self.keep::<Seal>(&self.privacy_desk("public")).await?;
        let id = self.store.file(&permit, &request).await?;
        match code {
            Some(code) => self.send_code(&permit, id, &request, &code).await?,
            None => self.send_instead(&permit, id).await?,
        }
        Ok(Ticket { id, token })
    }

    /// Whether a request about a number or address can be taken in, and what came in before it.
    pub(super) async fn admit(
        &self,
        identifier: &Secret,
        message: &Secret,
    ) -> Result<Admission, AppError> {
        let who: Identifier = identifier.expose().parse()?;
        if message.expose().chars().count() > LONGEST_MESSAGE {
            return Err(AppError::Input(format!(
                "the message is longer than {LONGEST_MESSAGE} characters; say it shorter"
            )));
        }
        if who.kind() == IdentifierKind::Tel || !self.gateway.has_post() {
            let (what, key) = match who.kind() {
                IdentifierKind::Tel => ("telephone number", "post_tel"),
                IdentifierKind::Mail => ("mail address", "post"),
            };
            return Err(outbound::OutboundError::Unreachable(what, key).into());
        }
        let blinded = self.store.blinded(&who).await?;
        let finding = self.keep::<Find>(&self.privacy_desk("public")).await?;
        let recent = self
            .store
            .register::<Request>(&finding, &[], None, 1_000)
            .await?;
        let now = self.now();
        let codes = |one: &Filed<Request>| {
            let by_agent = one.body.agent.as_ref();
            by_agent.map_or(1, |acting| usize::from(acting.codes))
        };
        let earlier = recent
            .iter()
            .filter(|one| now.since(one.filed) < DAY && one.body.blinded == blinded)
            .map(codes)
            .sum();
        Ok(Admission {
            who,
            blinded,
            recent,
            earlier,
        })
    }

    /// Writes a code to the person.
    pub(super) async fn send_code(
        &self,
        permit: &Permit<Seal, Desk>,
        id: RequestId,
        request: &Request,
        code: &Secret,
    ) -> Result<(), AppError> {
        let public = self.config().public.as_deref().unwrap_or_default();
        let (asks, name) = match &request.agent {
            Some(acting) => (
                format!(
                    "{} asked about this address for you. If that is so, say it with the code at\n\
                     {public}/requests/verify/{id}",
                    acting.name
                ),
                format!("{id}-code{}", acting.codes),
            ),
            None => (
                "Somebody, we hope you, asked a privacy question about this address.".to_owned(),
                format!("{id}-code"),
            ),
        };
        let text = format!(
            "{asks}\n\n\
             Your code is {}. It is good for 30 minutes.\n\n\
             If it was not you, do nothing: without the code nothing happens.\n",
            code.expose()
        );
        let letter = letter(&request.identifier, "Your code", text);
        self.gateway
            .write(permit, &name, letter, self.now())
            .await?;
        Ok(())
    }

    /// What leaves in place of a code where an address has had its letters of the day: the same
    /// way, as long, but to the desk itself. Whoever asks waits alike and meets the same failures,
    /// so nobody learns whether somebody else asked about an address today.
    async fn send_instead(
        &self,
        permit: &Permit<Seal, Desk>,
        id: RequestId,
    ) -> Result<(), AppError> {
        let text = format!(
            "An address was asked about more than {A_DAY} times within a day.\n\n\
             No code was sent for the request {id}, and nobody was told.\n\n\
             Nothing has to be done: tomorrow codes are sent to it again.\n"
        );
        let desk = Secret::new(self.config.post_from.as_str());
        let letter = letter(&desk, "Too many requests about one address", text);
        self.gateway
            .write(permit, &format!("{id}-code"), letter, self.now())
            .await?;
        Ok(())
    }

    /// Proves a request by its code, then passes it on.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a wrong ticket; [`AppError::Input`] for a wrong or old code.
    pub async fn prove_request(
        &self,
        id: RequestId,
        token: &Secret,
        code: &Secret,
    ) -> Result<(), AppError> {
        let seen = self.request_of(id, token).await?;
        self.try_code(seen, code).await
    }

    pub(super) async fn try_code(
        &self,
        seen: Filed<Request>,
        code: &Secret,
    ) -> Result<(), AppError> {
        let id = seen.id;
        if seen.body.proven.is_some() {
            // A letter may have failed after the proof: then the same proof tries again.
            return match seen.body.reached {
                Some(_) => Ok(()),
                None => self.pass_on(id).await,
            };
        }
        let desk = self.privacy_desk("public");
        let now = self.now();
        let permit = self.keep::<Seal>(&desk).await?;
        let mut tried = seen.body.clone();
        tried.attempts = tried.attempts.saturating_add(1);
        let sent = tried.code_sha256.clone().unwrap_or_default();
        let right = bool::from(sent.as_bytes().ct_eq(hashed(code).as_bytes()));
        let open = now < tried.code_until && tried.attempts <= ATTEMPTS && tried.outcome.is_none();
        if right && open {
            tried.proven = Some(now);
            tried.code_sha256 = None;
        }
        self.store.amend(&permit, &seen, &tried).await?;
        if tried.proven.is_none() {
            return Err(AppError::Input(
                "the code is wrong or too old; ask again for a new one".to_owned(),
            ));
        }
        self.pass_on(id).await
    }

    /// What the status page shows to the holder of the ticket.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a wrong number or ticket alike.
    pub async fn request_status(
        &self,
        id: RequestId,
        token: &Secret,
    ) -> Result<RequestStatus, AppError> {
        use store::Registered as _;
        let seen = self.request_of(id, token).await?;
        Ok(RequestStatus {
            kind: seen.body.kind,
            state: seen.body.state(),
            received: seen.filed,
            due: seen.body.due,
        })
    }

    /// One request at the operator's desk.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn request(
        &self,
        desk: &policy::Scope,
        id: RequestId,
    ) -> Result<RequestView, AppError> {
        let permit = self.keep::<Read>(desk).await?;
        Ok(view(self.store.filed(&permit, id).await?))
    }

    /// Requests at the operator's desk, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn requests(&self, desk: &policy::Scope) -> Result<Vec<RequestView>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let all = self
            .store
            .register::<Request>(&permit, &[], None, 1_000)
            .await?;
        Ok(all.into_iter().map(view).collect())
    }

    /// Ends a request at the operator's desk, with a letter to the person.
    ///
    /// # Errors
    /// [`AppError::Input`] where it ended already or was not proven; [`AppError::Denied`].
    pub async fn end_request(
        &self,
        desk: &policy::Scope,
        id: RequestId,
        outcome: &Outcome,
    ) -> Result<(), AppError> {
        outcome.check()?;
        let seen = self.request_record(id).await?;
        if seen.body.outcome.is_some() || seen.body.proven.is_none() {
            return Err(AppError::Input(format!(
                "`{id}` has ended or was never proven"
            )));
        }
        let permit = self.keep::<Seal>(desk).await?;
        let text = format!("Your request {id} has ended.\n\n{outcome}\n");
        let letter = letter(&seen.body.identifier, "The end of your request", text);
        self.gateway
            .write(&permit, &format!("{id}-end"), letter, self.now())
            .await?;
        let ended = Request {
            outcome: Some(outcome.clone()),
            ..seen.body.clone()
        };
        self.store.amend(&permit, &seen, &ended).await?;
        Ok(())
    }

    /// Looks in every tenant's keyed hashes, files a case where something is held, and writes to
    /// the person who holds it. The operator's record says only that it was passed on.
    pub(super) async fn pass_on(&self, id: RequestId) -> Result<(), AppError> {
        let seen = self.request_record(id).await?;
        let request = &seen.body;
        let who: Identifier = request.identifier.expose().parse()?;
        let only = request.agent.as_ref().and_then(|acting| acting.tenant);
        let mut holders = Vec::new();
        for tenant in self.store.tenants().await? {
            if only.is_some_and(|only| only != tenant.id) {
                continue;
            }
            let scope = self.clockwork(tenant.id);
            let finding = self.keep::<Find>(&scope).await?;
            if self.store.located(&finding, &who).await?.is_empty() {
                continue;
            }
            holders.push(tenant.name.clone());
            let known = self
                .store
                .register::<Case>(&finding, &[], None, 10_000)
                .await?;
            let filed = known.iter().any(|one| one.body.request == id);
            if request.kind.is_for_tenants() && !filed {
                let case = Case::of(id, &seen);
                let permit = self.keep::<Seal>(&scope).await?;
                self.store.file(&permit, &case).await?;
            }
        }
        let found = if holders.is_empty() && only.is_some() {
            "The organisation that the request was for holds no conversation with this address here."
                .to_owned()
        } else if holders.is_empty() {
            "Nobody whose conversations we host holds one with this address.".to_owned()
        } else {
            format!(
                "These organisations hold conversations with this address:\n\n  {}\n",
                holders.join("\n  ")
            )
        };
        let next = match request.kind {
            RequestKind::Complaint => "A person at our desk will answer your complaint.",
            RequestKind::Locate => "You can now turn to them.",
            _ if holders.is_empty() => "So there is nothing that anybody could do.",
            _ => "We passed your request on to them; they will answer you.",
        };
        let desk = self.privacy_desk("public");
        let permit = self.keep::<Seal>(&desk).await?;
        let asked = request.agent.as_ref().map_or_else(String::new, |acting| {
            format!(
                "{} asked for you. If you did not want that, write to {}.\n\n",
                acting.name,
                self.policy().head().contact
            )
        });
        let text = format!("Your request {id}.\n\n{asked}{found}\n{next}\n");
        let letter = letter(&request.identifier, "Your request", text);
        self.gateway
            .write(&permit, &format!("{id}-found"), letter, self.now())
            .await?;
        // Whether somebody holds a match must not be told by how the record goes on: only what
        // never goes to a tenant ends here.
        let located = request.kind == RequestKind::Locate;
        let reached = Request {
            reached: Some(self.now()),
            outcome: located.then(|| Outcome::Fulfilled {
                what: "the person was told by letter".to_owned(),
            }),
            ..request.clone()
        };
        self.store.amend(&permit, &seen, &reached).await?;
        Ok(())
    }

    pub(super) async fn request_record(&self, id: RequestId) -> Result<Filed<Request>, AppError> {
        let permit = self.keep::<Read>(&self.privacy_desk("public")).await?;
        Ok(self.store.filed(&permit, id).await?)
    }

    async fn request_of(&self, id: RequestId, token: &Secret) -> Result<Filed<Request>, AppError> {
        let missing = || AppError::NotFound {
            what: "request",
            name: id.to_string(),
        };
        let seen = match self.request_record(id).await {
            Err(AppError::NotFound { .. }) => return Err(missing()),
            other => other?,
        };
        let right = seen.body.ticket_sha256.as_bytes();
        if bool::from(right.ct_eq(hashed(token).as_bytes())) {
            Ok(seen)
        } else {
            Err(missing())
        }
    }

    /// Eight digits.
    pub(super) fn code(&self) -> Result<Secret, AppError> {
        let mut bytes = [0u8; 8];
        self.chance.fill(&mut bytes)?;
        let number = u64::from_be_bytes(bytes) % 100_000_000;
        Ok(Secret::new(format!("{number:08}")))
    }
}

fn view(filed: Filed<Request>) -> RequestView {
    use store::Registered as _;
    RequestView {
        id: filed.id,
        received: filed.filed,
        kind: filed.body.kind,
        state: filed.body.state(),
        due: filed.body.due,
        escalated: filed.body.escalated,
        outcome: filed.body.outcome,
    }
}

pub(crate) fn letter(to: &Secret, subject: &str, text: String) -> Letter {
    Letter {
        from: String::new(),
        to: to.clone(),
        subject: subject.to_owned(),
        text: Secret::new(text),
        attached: None,
    }
}

/// The zone in which a law's days are counted.
pub(crate) fn zone(law: Law) -> TimeZone {
    let name = match law {
        Law::Gdpr => "Europe/Brussels",
        Law::Ccpa => "America/Los_Angeles",
    };
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn hashed(secret: &Secret) -> String {
    hex::encode(Sha256::digest(secret.expose().as_bytes()))
}
