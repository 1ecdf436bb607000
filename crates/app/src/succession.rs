//! The installation passes to another operator: what was promised passes with it. A pack holds the
//! versions of the policy and the notices, what is open at the desk, every duty, recipient and hold
//! by its register, and what was erased; no conversation: those pass only by their customer's
//! word, as disclosures to a recipient of the kind `successor`.
//!
//! The receiving installation takes a pack whole or not at all. What it cannot keep, it refuses.

use std::collections::BTreeSet;

use domain::{
    InquiryId, InteractionId, Purpose, RequestId, Secret, SuccessionId, TenantId, Timestamp,
};
use outbound::Sticky;
use policy::{Find, History, Notice, Policy, PostedVersion, Read, Scope, Seal, permitted_purposes};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Filed, PublishedVersion, Registered};

use crate::app::App;
use crate::disclosures::Recipient;
use crate::error::AppError;
use crate::inquiries::Inquiry;
use crate::keyed;
use crate::obligations::Obligation;
use crate::requests::Request;

const FORMAT: &str = "privity.succession/1";
/// What may lead to it (clause P37).
pub const TRIGGERS: &[&str] = &["merger", "acquisition", "sale", "insolvency"];

/// A passing as the operator keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// To whom.
    #[serde(with = "keyed::secret")]
    pub successor: Secret,
    /// One of [`TRIGGERS`].
    pub trigger: String,
    /// When the contract or order behind it was signed.
    #[serde(with = "keyed::at")]
    pub signed: Timestamp,
    /// SHA-256 of that document, in hex.
    pub document_sha256: String,
    /// Who approved, by handle; two must.
    pub approvals: BTreeSet<String>,
    /// When every customer was told.
    #[serde(with = "keyed::maybe_at")]
    pub told: Option<Timestamp>,
    /// When the pack was handed over.
    #[serde(with = "keyed::maybe_at")]
    pub handed: Option<Timestamp>,
}

impl Registered for Succession {
    type Id = SuccessionId;
    const REGISTER: &'static str = "successions";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        match (self.handed, self.told, self.approvals.len()) {
            (Some(_), _, _) => "handed_over",
            (None, Some(_), _) => "told",
            (None, None, 2..) => "approved",
            (None, None, _) => "planned",
        }
    }
}

/// What a customer is told, in its own register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuccessionNotice {
    /// Which passing.
    #[serde(with = "keyed::one")]
    pub succession: SuccessionId,
    /// To whom.
    #[serde(with = "keyed::secret")]
    pub successor: Secret,
    /// What leads to it.
    pub trigger: String,
}

impl Registered for SuccessionNotice {
    // Filed once and never changed; it shares the passings' kind of id.
    type Id = SuccessionId;
    const REGISTER: &'static str = "succession_notices";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        "told"
    }
}

/// A passing with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionView {
    /// Its number.
    pub id: SuccessionId,
    /// `planned`, `approved`, `told` or `handed_over`.
    pub state: &'static str,
    /// When it was written down.
    pub filed: Timestamp,
    /// What it says.
    pub succession: Succession,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    format: String,
    origin: String,
    verifiers: Vec<String>,
    versions: Vec<Version>,
    notices: Vec<Told>,
    requests: Vec<Numbered<Request>>,
    inquiries: Vec<Numbered<Inquiry>>,
    customers: Vec<Customer>,
    erased: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Version {
    version: String,
    document: String,
    posted: i64,
    effective_from: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    version: String,
    given: i64,
    purposes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbered<T> {
    id: String,
    body: T,
}

/// What a customer is promised: read by the successor's people, entered anew by the customer's.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Customer {
    name: String,
    instruction: String,
    obligations: Vec<Obligation>,
    recipients: Vec<Recipient>,
    holds: Vec<String>,
}

/// What a pack brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Versions of the policy that were not here.
    pub versions: usize,
    /// Open requests of persons.
    pub requests: usize,
    /// Messages at the desk without an answer.
    pub inquiries: usize,
    /// What was erased there, and stays erased here.
    pub erased: usize,
    /// The customers, whose word their conversations wait for.
    pub customers: Vec<String>,
}

impl App {
    /// Writes a passing down.
    ///
    /// # Errors
    /// [`AppError::Input`] without a successor, a known trigger, a day that has come and the
    /// document's hash.
    pub async fn plan_succession(
        &self,
        desk: &Scope,
        plan: &Succession,
    ) -> Result<SuccessionId, AppError> {
        let whole = !plan.successor.expose().trim().is_empty()
            && TRIGGERS.contains(&&*plan.trigger)
            && plan.signed <= self.now()
            && plan.document_sha256.len() == 64;
        if !whole {
            return Err(AppError::Input(format!(
                "a passing needs its successor, what leads to it ({}), a contract that was signed, \
                 and its hash (clause P37)",
                TRIGGERS.join(", ")
            )));
        }
        let fresh = Succession {
            approvals: BTreeSet::new(),
            told: None,
            handed: None,
            ..plan.clone()
        };
        let permit = self.keep::<Seal>(desk).await?;
        Ok(self.store.file(&permit, &fresh).await?)
    }

    /// Approves it; two persons must.
    ///
    /// # Errors
    /// [`AppError::Input`] where the same person does twice.
    pub async fn approve_succession(&self, desk: &Scope, id: SuccessionId) -> Result<(), AppError> {
        let by = desk.actor().handle.clone();
        self.change_succession(desk, id, |plan| {
            if plan.approvals.insert(by) {
                Ok(())
            } else {
                Err("you approved it already; a second person must (clause P37)")
            }
        })
        .await
    }

    /// Tells every customer, in their own register.
    ///
    /// # Errors
    /// [`AppError::Input`] before two approvals, or a second time.
    pub async fn tell_of_succession(
        &self,
        desk: &Scope,
        id: SuccessionId,
    ) -> Result<usize, AppError> {
        let plan = self.succession(desk, id).await?.body;
        if plan.approvals.len() < 2 || plan.told.is_some() {
            return Err(AppError::Input(
                "the customers are told once, after two have approved".to_owned(),
            ));
        }
        let tenants = self.store.tenants().await?;
        for tenant in &tenants {
            let notice = SuccessionNotice {
                succession: id,
                successor: plan.successor.clone(),
                trigger: plan.trigger.clone(),
            };
            let permit = self.keep::<Seal>(&self.clockwork(tenant.id)).await?;
            self.store.file_as(&permit, id, &notice).await?;
        }
        let now = self.now();
        self.change_succession(desk, id, |plan| {
            plan.told = Some(now);
            Ok(())
        })
        .await?;
        Ok(tenants.len())
    }

    /// The pack, sealed for the successor under a secret of both sides.
    ///
    /// # Errors
    /// [`AppError::Input`] before two approvals and the notice; [`AppError::Outbound`] for a short
    /// secret.
    pub async fn hand_over(
        &self,
        desk: &Scope,
        id: SuccessionId,
        secret: &Secret,
    ) -> Result<Vec<u8>, AppError> {
        let plan = self.succession(desk, id).await?.body;
        if plan.approvals.len() < 2 || plan.told.is_none() {
            return Err(AppError::Input(
                "nothing is handed over before two have approved and every customer was told \
                 (clause P37)"
                    .to_owned(),
            ));
        }
        let unwritten = |_| AppError::Input("the pack cannot be written".to_owned());
        let plain = serde_json::to_vec(&self.pack(desk).await?).map_err(unwritten)?;
        let plain = zeroize::Zeroizing::new(plain);
        let sticky = Sticky {
            policy_version: self.policy().version().to_owned(),
            purpose: Purpose::Governance.key().to_owned(),
            categories: Vec::new(),
            clauses: vec!["P37".to_owned()],
            terms: Vec::new(),
            erase_by: None,
        };
        let file = outbound::seal_pack(secret, &id.to_string(), &plain, sticky, &*self.chance)?;
        let now = self.now();
        self.change_succession(desk, id, |plan| {
            plan.handed = Some(now);
            Ok(())
        })
        .await?;
        Ok(file)
    }

    async fn pack(&self, desk: &Scope) -> Result<Pack, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let open = |state: &str| state != "ended" && state != "answered";
        let requests = self
            .store
            .register::<Request>(&permit, &[], None, 100_000)
            .await?;
        let inquiries = self
            .store
            .register::<Inquiry>(&permit, &[], None, 100_000)
            .await?;
        let mut customers = Vec::new();
        for tenant in self.store.tenants().await? {
            let scope = self.clockwork(tenant.id);
            let obligations = self.obligations(&scope).await?;
            let recipients = self.recipients(&scope).await?;
            let holds = self.holds(&scope).await?;
            customers.push(Customer {
                name: tenant.name,
                instruction: tenant.instruction.id,
                obligations: obligations.into_iter().map(|one| one.obligation).collect(),
                // What both sides know is between the customer's recipient and this operator.
                recipients: recipients
                    .into_iter()
                    .map(|one| Recipient {
                        secret: Secret::new(""),
                        ..one.recipient
                    })
                    .collect(),
                holds: holds
                    .iter()
                    .filter(|one| one.hold.lifted.is_none())
                    .map(|one| one.hold.case.expose().to_owned())
                    .collect(),
            });
        }
        let erased = self.store.erased()?;
        Ok(Pack {
            format: FORMAT.to_owned(),
            origin: self.store.ledger_origin().to_owned(),
            verifiers: self.store.ledger_verifiers().await?,
            versions: self
                .store
                .published()
                .await?
                .into_iter()
                .map(version)
                .collect(),
            notices: self.store.notices().await?.iter().map(told).collect(),
            requests: numbered(requests, open),
            inquiries: numbered(inquiries, open),
            customers,
            erased: erased
                .iter()
                .map(|(tenant, id)| (tenant.to_string(), id.to_string()))
                .collect(),
        })
    }

    /// Takes a pack in, whole or not at all.
    ///
    /// # Errors
    /// [`AppError::Outbound`] for another secret; [`AppError::Input`] with every obligation that
    /// cannot be loaded here.
    pub async fn receive_succession(
        &self,
        desk: &Scope,
        secret: &Secret,
        file: &[u8],
    ) -> Result<Received, AppError> {
        let (plain, _) = outbound::open_bundle(secret, file)?;
        let pack: Pack = serde_json::from_slice(&plain).map_err(|error| {
            refused(&[format!(
                "line {}: something in it is not known here",
                error.line()
            )])
        })?;
        let known = self.store.published().await?;
        let loaded = Loaded::check(&pack, &known, self.now()).map_err(|faults| refused(&faults))?;
        let permit = self.keep::<Seal>(desk).await?;
        self.store.note_erased(&loaded.erased)?;
        for new in &loaded.versions {
            let notice = loaded.notices.iter().find(|one| one.version == new.version);
            self.store.publish(desk.actor(), new, notice).await?;
        }
        self.reread_policy().await?;
        for (id, body) in &loaded.requests {
            self.store.file_as(&permit, *id, *body).await?;
        }
        for (id, body) in &loaded.inquiries {
            self.store.file_as(&permit, *id, *body).await?;
        }
        Ok(Received {
            versions: loaded.versions.len(),
            requests: loaded.requests.len(),
            inquiries: loaded.inquiries.len(),
            erased: loaded.erased.len(),
            customers: pack.customers.iter().map(|one| one.name.clone()).collect(),
        })
    }

    /// Every passing, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn successions(&self, desk: &Scope) -> Result<Vec<SuccessionView>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let all = self
            .store
            .register::<Succession>(&permit, &[], None, 1_000)
            .await?;
        Ok(all.into_iter().map(view).collect())
    }

    /// One passing.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn succession_view(
        &self,
        desk: &Scope,
        id: SuccessionId,
    ) -> Result<SuccessionView, AppError> {
        Ok(view(self.succession(desk, id).await?))
    }

    /// What a customer was told of a passing.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn succession_notices(
        &self,
        scope: &Scope,
    ) -> Result<Vec<SuccessionNotice>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<SuccessionNotice>(&permit, &[], None, 1_000)
            .await?;
        Ok(all.into_iter().map(|filed| filed.body).collect())
    }

    async fn succession(
        &self,
        desk: &Scope,
        id: SuccessionId,
    ) -> Result<Filed<Succession>, AppError> {
        let permit = self.keep::<Read>(desk).await?;
        Ok(self.store.filed(&permit, id).await?)
    }

    async fn change_succession(
        &self,
        desk: &Scope,
        id: SuccessionId,
        change: impl FnOnce(&mut Succession) -> Result<(), &'static str>,
    ) -> Result<(), AppError> {
        let seen = self.succession(desk, id).await?;
        let mut plan = seen.body.clone();
        change(&mut plan).map_err(|why| AppError::Input(why.to_owned()))?;
        let permit = self.keep::<Seal>(desk).await?;
        self.store.amend(&permit, &seen, &plan).await?;
        Ok(())
    }
}

/// What a pack holds, in this installation's own shapes.
struct Loaded<'a> {
    versions: Vec<PublishedVersion>,
    notices: Vec<Notice>,
    requests: Vec<(RequestId, &'a Request)>,
    inquiries: Vec<(InquiryId, &'a Inquiry)>,
    erased: BTreeSet<(TenantId, InteractionId)>,
}

impl<'a> Loaded<'a> {
    fn check(
        pack: &'a Pack,
        known: &[PublishedVersion],
        now: Timestamp,
    ) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        if pack.format != FORMAT {
            return Err(vec![format!("its form `{}` is not known", pack.format)]);
        }
        let mut versions = Vec::new();
        for one in &pack.versions {
            if known.iter().any(|here| here.version == one.version) {
                continue;
            }
            match Policy::parse(&one.document) {
                Ok(policy) if policy.version() == one.version => versions.push(PublishedVersion {
                    version: one.version.clone(),
                    document: one.document.clone(),
                    posted: Timestamp(one.posted),
                    effective_from: Timestamp(one.effective_from),
                    permits: permitted_purposes(&policy).into_iter().collect(),
                }),
                Ok(_) => faults.push(format!("version {} is not its document's", one.version)),
                Err(_) => faults.push(format!("version {} cannot be read here", one.version)),
            }
        }
        faults.extend(disorder(known, &versions, now));
        let mut erased = BTreeSet::new();
        for (tenant, id) in &pack.erased {
            match (tenant.parse(), id.parse()) {
                (Ok(tenant), Ok(id)) => drop(erased.insert((tenant, id))),
                _ => faults.push("an erasure names nothing".to_owned()),
            }
        }
        let mut notices = Vec::with_capacity(pack.notices.len());
        for one in &pack.notices {
            let purposes: Result<_, _> = one.purposes.iter().map(|key| key.parse()).collect();
            match purposes {
                Ok(purposes) => notices.push(Notice {
                    version: one.version.clone(),
                    given: Timestamp(one.given),
                    purposes,
                }),
                Err(_) => faults.push("a notice names a purpose that is not known here".to_owned()),
            }
        }
        let requests = parsed(&pack.requests, "request", &mut faults);
        let inquiries = parsed(&pack.inquiries, "message", &mut faults);
        if faults.is_empty() {
            Ok(Self {
                versions,
                notices,
                requests,
                inquiries,
                erased,
            })
        } else {
            Err(faults)
        }
    }
}

/// Whether the versions of both sides make one history, in which this side's own is in force.
fn disorder(
    known: &[PublishedVersion],
    new: &[PublishedVersion],
    now: Timestamp,
) -> Option<String> {
    // Theirs are kept for what was collected under them; what holds here, this side decides.
    let own = known.iter().filter(|one| one.effective_from <= now);
    let since = own.map(|one| one.effective_from).max();
    let theirs = new
        .iter()
        .find(|one| Some(one.effective_from) > since || since.is_none());
    if let Some(held) = theirs {
        return Some(format!(
            "its version {} would hold here, now or later; post your own anew after it was posted, \
             then take the pack in",
            held.version
        ));
    }
    let mut all: Vec<&PublishedVersion> = known.iter().chain(new).collect();
    all.sort_by_key(|one| (one.posted, one.effective_from));
    let mut history = History::default();
    for one in &all {
        let posted = PostedVersion {
            version: one.version.clone(),
            posted: one.posted,
            effective_from: one.effective_from,
            permits: one.permits.iter().copied().collect(),
        };
        if let Err(error) = history.post(posted) {
            return Some(error.to_string());
        }
    }
    None
}

fn parsed<'a, I: std::str::FromStr, T>(
    all: &'a [Numbered<T>],
    what: &str,
    faults: &mut Vec<String>,
) -> Vec<(I, &'a T)> {
    let mut found = Vec::with_capacity(all.len());
    for one in all {
        match one.id.parse() {
            Ok(id) => found.push((id, &one.body)),
            Err(_) => faults.push(format!("a {what} has no number")),
        }
    }
    found
}

fn numbered<R: Registered>(all: Vec<Filed<R>>, open: impl Fn(&str) -> bool) -> Vec<Numbered<R>> {
    all.into_iter()
        .filter(|filed| open(filed.body.state()))
        .map(|filed| Numbered {
            id: filed.id.to_string(),
            body: filed.body,
        })
        .collect()
}

fn version(one: PublishedVersion) -> Version {
    Version {
        version: one.version,
        document: one.document,
        posted: one.posted.0,
        effective_from: one.effective_from.0,
    }
}

fn told(one: &Notice) -> Told {
    Told {
        version: one.version.clone(),
        given: one.given.0,
        purposes: one
            .purposes
            .iter()
            .map(|one| one.key().to_owned())
            .collect(),
    }
}

fn refused(faults: &[String]) -> AppError {
    AppError::Input(format!(
        "the pack is not taken in, because not everything that was promised can be kept here: {}",
        faults.join("; ")
    ))
}

fn view(filed: Filed<Succession>) -> SuccessionView {
    SuccessionView {
        id: filed.id,
        state: filed.body.state(),
        filed: filed.filed,
        succession: filed.body,
    }
}

/// SHA-256 of the contract or order behind a passing, in hex.
#[must_use]
pub fn document_hash(document: &[u8]) -> String {
    hex::encode(Sha256::digest(document))
}
