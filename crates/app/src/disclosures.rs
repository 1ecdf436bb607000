//! Recipients that a tenant grants, and every time that something goes to one.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    DataCategory, DisclosureId, InteractionId, LeafIndex, Millis, Purpose, RecipientId,
    RecipientKind, Secret, Timestamp,
};
pub use outbound::{Slip, Sticky, open_bundle};
pub use store::Registered;

use outbound::{Endpoint, Parcel};
use policy::{
    Attestation, Disclose, Facts, Find, Permit, Read, RecipientFacts, Scope, Seal, compare,
};
use serde::{Deserialize, Serialize};
use store::Filed;
use zeroize::Zeroizing;

use crate::app::App;
use crate::error::AppError;
use crate::exporting::ExportFormat;
use crate::keyed;

/// The shortest time between telling the tenant and the first disclosure.
pub const SHORTEST_NOTICE_DAYS: u32 = 14;

/// A recipient as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Its name, for people.
    #[serde(with = "keyed::secret")]
    pub name: Secret,
    /// What kind it is.
    #[serde(with = "keyed::one")]
    pub kind: RecipientKind,
    /// The contract's clause that needs it (P105).
    pub contract: String,
    /// What it may receive data for.
    #[serde(with = "keyed::many")]
    pub purposes: BTreeSet<Purpose>,
    /// Which kinds of data.
    #[serde(with = "keyed::many")]
    pub categories: BTreeSet<DataCategory>,
    /// Terms of its contract, by key (P84).
    pub terms: BTreeSet<String>,
    /// Attested level of each control, by key (P106).
    pub controls: BTreeMap<String, u8>,
    /// Until when the attestation is good.
    #[serde(with = "keyed::at")]
    pub attested_until: Timestamp,
    /// Where it processes (P78).
    pub region: String,
    /// What makes the transfer lawful, where it is abroad.
    pub mechanism: Option<String>,
    /// From when on something may go, after the advance notice.
    #[serde(with = "keyed::at")]
    pub noticed_from: Timestamp,
    /// It must erase what it got so many days after it got it.
    pub erase_after_days: Option<u32>,
    /// `folder`, `webhook` or `mail`.
    pub transport: String,
    /// Folder, URL or address.
    #[serde(with = "keyed::secret")]
    pub address: Secret,
    /// What both sides know.
    #[serde(with = "keyed::secret")]
    pub secret: Secret,
    /// Who granted it.
    pub granted_by: String,
    /// Why nothing goes there any more: an objection, a withdrawal, or its own word that it can
    /// no longer keep the terms.
    pub stopped: Option<String>,
}

impl Registered for Recipient {
    type Id = RecipientId;
    const REGISTER: &'static str = "recipients";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.stopped.is_some() {
            "stopped"
        } else {
            "granted"
        }
    }
}

/// A recipient with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientView {
    /// Its number.
    pub id: RecipientId,
    /// When it was granted.
    pub granted: Timestamp,
    /// What it is.
    pub recipient: Recipient,
    /// In what it falls short of the policy now; empty: in nothing.
    pub lacks: Vec<String>,
}

/// A disclosure as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// To whom; none for an authority, which its order names.
    #[serde(with = "keyed::maybe")]
    pub recipient: Option<RecipientId>,
    /// What kind of recipient.
    #[serde(with = "keyed::one")]
    pub kind: RecipientKind,
    /// What: the interaction.
    #[serde(with = "keyed::one")]
    pub interaction: InteractionId,
    /// In which form.
    pub format: String,
    /// Which kinds of data.
    #[serde(with = "keyed::many")]
    pub categories: Vec<DataCategory>,
    /// What for.
    #[serde(with = "keyed::one")]
    pub purpose: Purpose,
    /// Why, in the words of who decided.
    #[serde(with = "keyed::secret")]
    pub reason: Secret,
    /// On what basis: the contract's clause, or the order.
    pub basis: String,
    /// Who decided, by handle.
    pub by: String,
    /// The version that allowed it.
    pub policy_version: String,
    /// The clauses that allowed it.
    pub clauses: Vec<String>,
    /// What closed it; none: it was not confirmed.
    pub slip: Option<Slip>,
    /// Why it did not go.
    pub failure: Option<String>,
}

impl Registered for Disclosure {
    type Id = DisclosureId;
    const REGISTER: &'static str = "disclosures";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        match (&self.slip, &self.failure) {
            (Some(_), _) => "delivered",
            (None, Some(_)) => "failed",
            (None, None) => "sending",
        }
    }
}

/// A disclosure with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureView {
    /// Its number.
    pub id: DisclosureId,
    /// When it was decided.
    pub at: Timestamp,
    /// The leaf that records it, where it was just made.
    pub leaf: Option<LeafIndex>,
    /// What went.
    pub disclosure: Disclosure,
}

impl App {
    /// Grants a recipient. The notice begins now; nothing goes before it is over.
    ///
    /// # Errors
    /// [`AppError::Input`] where something is missing or the notice is too short;
    /// [`AppError::Denied`].
    pub async fn grant_recipient(
        &self,
        scope: &Scope,
        new: &Recipient,
    ) -> Result<RecipientId, AppError> {
        for (what, missing) in [
            ("a name", new.name.expose().trim().is_empty()),
            (
                "the contract's clause that needs it",
                new.contract.trim().is_empty(),
            ),
            ("a purpose", new.purposes.is_empty()),
            ("kinds of data", new.categories.is_empty()),
            ("a region", new.region.trim().is_empty()),
        ] {
            if missing {
                return Err(AppError::Input(format!(
                    "a recipient needs {what} (clause P105)"
                )));
            }
        }
        endpoint(new)?;
        let shortest = self.now().plus(days(SHORTEST_NOTICE_DAYS));
        let own = matches!(new.kind, RecipientKind::Customer | RecipientKind::Person);
        if !own && new.noticed_from < shortest {
            return Err(AppError::Input(format!(
                "the customer's people are told {SHORTEST_NOTICE_DAYS} days before anything goes \
                 to somebody else (clause P105); set a later day"
            )));
        }
        let permit = self.keep::<Seal>(scope).await?;
        Ok(self.store.file(&permit, new).await?)
    }

    /// Stops a recipient at once: an objection, a withdrawal, or its own notice that it is unable
    /// to keep the terms (P84).
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn stop_recipient(
        &self,
        scope: &Scope,
        id: RecipientId,
        why: &str,
    ) -> Result<(), AppError> {
        let seen = self.recipient(scope, id).await?;
        let permit = self.keep::<Seal>(scope).await?;
        let stopped = Recipient {
            stopped: Some(why.to_owned()),
            ..seen.body.clone()
        };
        self.store.amend(&permit, &seen, &stopped).await?;
        Ok(())
    }

    /// Every recipient of the tenant, newest first, with what it lacks by today's policy.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn recipients(&self, scope: &Scope) -> Result<Vec<RecipientView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Recipient>(&permit, &[], None, 1_000)
            .await?;
        let policy = self.policy();
        Ok(all
            .into_iter()
            .map(|filed| {
                let who = attestation(&filed.body);
                let lacks = compare(&policy, &self.config.region, &who, self.now());
                let mut all = lacks.terms;
                all.extend(lacks.controls);
                all.extend(lacks.transfer);
                RecipientView {
                    id: filed.id,
                    granted: filed.filed,
                    recipient: filed.body,
                    lacks: all,
                }
            })
            .collect())
    }

    /// Sends one interaction to a recipient: decided by the policy, entered in the register
    /// before a byte leaves, closed by the transport's answer.
    ///
    /// # Errors
    /// [`AppError::Denied`] with what stands against it; [`AppError::Outbound`] where it did not
    /// arrive, which the register then says too.
    pub async fn disclose(
        &self,
        scope: &Scope,
        to: RecipientId,
        id: InteractionId,
        format: ExportFormat,
        reason: &str,
    ) -> Result<DisclosureView, AppError> {
        if reason.trim().is_empty() {
            return Err(AppError::Input(
                "say why it is disclosed; the register asks for it (clause P31)".to_owned(),
            ));
        }
        let recipient = self
            .recipient(&self.clockwork(scope.tenant()), to)
            .await?
            .body;
        let categories = categories(format);
        let facts = self
            .sharing_facts(scope, id, &recipient, &categories)
            .await?;
        let permit = self
            .decide::<Disclose, _>(
                &scope.for_purpose(Purpose::Sharing),
                id,
                &categories,
                &facts,
            )
            .await?;
        let bytes = Zeroizing::new(self.export(scope, id, format).await?);
        let entry = Disclosure {
            recipient: Some(to),
            kind: recipient.kind,
            interaction: id,
            format: format.extension().to_owned(),
            categories: categories.clone(),
            purpose: Purpose::Sharing,
            reason: Secret::new(reason.trim()),
            basis: recipient.contract.clone(),
            by: scope.actor().handle.clone(),
            policy_version: permit.version().to_owned(),
            clauses: permit.clauses().iter().map(ToString::to_string).collect(),
            slip: None,
            failure: None,
        };
        let way = endpoint(&recipient)?;
        let sticky = sticky(
            &permit,
            &recipient.terms,
            recipient.erase_after_days,
            self.now(),
        );
        self.send(&permit, &way, entry, (format, bytes), sticky)
            .await
    }

    /// Register row and leaf, then the transport, then the slip.
    pub(crate) async fn send(
        &self,
        permit: &Permit<Disclose, InteractionId>,
        way: &Endpoint,
        entry: Disclosure,
        (format, bytes): (ExportFormat, Zeroizing<Vec<u8>>),
        sticky: Sticky,
    ) -> Result<DisclosureView, AppError> {
        let (number, leaf) = self.store.file_disclosure(permit, &entry).await?;
        let parcel = Parcel {
            id: number,
            interaction: *permit.resource(),
            kind: entry.kind,
            purpose: permit.purpose(),
            categories: permit.categories().to_vec(),
            media_type: format.media_type(),
            bytes,
            sticky,
        };
        let handed = self
            .gateway
            .deliver(permit, way, &parcel, &*self.chance, self.now())
            .await;
        let (closed, outcome) = match handed {
            Ok(slip) => {
                let closed = Disclosure {
                    slip: Some(slip),
                    ..entry
                };
                (closed, None)
            }
            Err(error) => {
                let closed = Disclosure {
                    failure: Some(crate::pipeline::chain(&error)),
                    ..entry
                };
                (closed, Some(error))
            }
        };
        let clockwork = self.clockwork(permit.tenant());
        let reading = self.keep::<Read>(&clockwork).await?;
        let seen = self.store.filed::<Disclosure>(&reading, number).await?;
        let writing = self.keep::<Seal>(&clockwork).await?;
        self.store.amend(&writing, &seen, &closed).await?;
        match outcome {
            Some(error) => Err(error.into()),
            None => Ok(DisclosureView {
                id: number,
                at: seen.filed,
                leaf: Some(leaf),
                disclosure: closed,
            }),
        }
    }

    /// The register of disclosures, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn disclosures(&self, scope: &Scope) -> Result<Vec<DisclosureView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Disclosure>(&permit, &[], None, 1_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| DisclosureView {
                id: filed.id,
                at: filed.filed,
                leaf: None,
                disclosure: filed.body,
            })
            .collect())
    }

    pub(crate) async fn recipient(
        &self,
        scope: &Scope,
        id: RecipientId,
    ) -> Result<Filed<Recipient>, AppError> {
        let permit = self.keep::<Read>(scope).await?;
        Ok(self.store.filed(&permit, id).await?)
    }

    /// The interaction's facts with the recipient's. A grant is the tenant's instruction to share:
    /// where an interaction stands on the standing instruction alone, it covers sharing, too.
    /// A basis that came with the interaction must say so itself.
    pub(crate) async fn sharing_facts(
        &self,
        scope: &Scope,
        id: InteractionId,
        recipient: &Recipient,
        categories: &[DataCategory],
    ) -> Result<Facts, AppError> {
        let facts = self.store.facts(scope.tenant(), id).await?;
        let mut facts = facts.ok_or_else(|| AppError::NotFound {
            what: "interaction",
            name: id.to_string(),
        })?;
        let now = self.now();
        let tenant = self.tenant_of(scope).await?;
        if facts.lawful_bases == [tenant.instruction.basis] {
            for basis in &mut facts.lawful_bases {
                basis.grants.push((Purpose::Sharing, true));
            }
        }
        facts.recipient = Some(RecipientFacts {
            granted: recipient.stopped.is_none()
                && recipient.purposes.contains(&Purpose::Sharing)
                && categories.iter().all(|c| recipient.categories.contains(c)),
            noticed: recipient.noticed_from <= now,
            lacks: compare(
                &self.policy(),
                &self.config.region,
                &attestation(recipient),
                now,
            ),
        });
        Ok(facts)
    }
}

/// What the payload is bound to.
pub(crate) fn sticky(
    permit: &Permit<Disclose, InteractionId>,
    terms: &BTreeSet<String>,
    erase_after: Option<u32>,
    now: Timestamp,
) -> Sticky {
    Sticky {
        policy_version: permit.version().to_owned(),
        purpose: permit.purpose().key().to_owned(),
        categories: permit
            .categories()
            .iter()
            .map(ToString::to_string)
            .collect(),
        clauses: permit.clauses().iter().map(ToString::to_string).collect(),
        terms: terms.iter().cloned().collect(),
        erase_by: erase_after.map(|after| now.plus(days(after)).0),
    }
}

/// The kinds of data that a format carries.
pub(crate) fn categories(format: ExportFormat) -> Vec<DataCategory> {
    let mut kinds = vec![
        DataCategory::RedactedContent,
        DataCategory::InteractionMetadata,
    ];
    if matches!(format, ExportFormat::Wav | ExportFormat::VCon) {
        kinds.push(DataCategory::RedactedAudio);
    }
    kinds
}

fn attestation(who: &Recipient) -> Attestation {
    Attestation {
        kind: who.kind,
        terms: who.terms.clone(),
        controls: who.controls.clone(),
        region: who.region.clone(),
        mechanism: who.mechanism.clone(),
        valid_until: who.attested_until,
    }
}

pub(crate) fn endpoint(who: &Recipient) -> Result<Endpoint, AppError> {
    let (address, secret) = (who.address.clone(), who.secret.clone());
    match who.transport.as_str() {
        "folder" => Ok(Endpoint::Folder {
            path: address.expose().into(),
            secret,
        }),
        "webhook" => Ok(Endpoint::Webhook {
            url: address,
            secret,
        }),
        "mail" => Ok(Endpoint::Mail {
            to: address,
            secret,
        }),
        other => Err(AppError::Input(format!(
            "`{other}` is no transport; it is folder, webhook or mail"
        ))),
    }
}

pub(crate) const fn days(count: u32) -> Millis {
    Millis(count as u64 * 86_400_000)
}
