//! Orders of courts and authorities: taken down, checked and narrowed, approved by two, told to
//! the tenant unless that is forbidden, answered with the least, counted in a public report.

use std::collections::{BTreeMap, BTreeSet};

use domain::{InteractionId, Millis, OrderId, Purpose, RecipientKind, Secret, TenantId, Timestamp};
use outbound::Endpoint;
use policy::{Disclose, Facts, Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Filed, Registered};
use zeroize::Zeroizing;

use crate::app::App;
use crate::disclosures::{Disclosure, DisclosureView, categories, sticky};
use crate::error::AppError;
use crate::exporting::ExportFormat;
use crate::keyed;

/// The kind of an order that no court gave, in danger.
pub(crate) const EMERGENCY: &str = "emergency";
/// Within which time a third person looks at what was done in an emergency.
pub(crate) const LOOK_BACK: Millis = Millis(72 * 3_600_000);
/// Counts below this are not published.
pub const SMALL: u64 = 5;
/// How old the published counts may be.
const COUNTED_EVERY: Millis = Millis(3_600_000);

/// An order as it is kept at the operator's desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Who issued it.
    #[serde(with = "keyed::secret")]
    pub issuer: Secret,
    /// Country of the issuer, such as `DE`.
    pub country: String,
    /// `court_order`, `subpoena`, `warrant`, `authority_request` or `emergency`.
    pub kind: String,
    /// Law and article that it rests on.
    pub authority: String,
    /// SHA-256 of the order as received, in hex.
    pub demand_sha256: String,
    /// What it asks for.
    #[serde(with = "keyed::secret")]
    pub scope: Secret,
    /// Whose interactions.
    #[serde(with = "keyed::one")]
    pub tenant: TenantId,
    /// Until when the tenant must not be told; none: it is told first.
    #[serde(with = "keyed::maybe_at")]
    pub gag_until: Option<Timestamp>,
    /// Review: is it valid, and how was it narrowed.
    pub review: Option<Review>,
    /// Who approved, by handle; two are needed, and not the reviewer alone.
    pub approvals: BTreeSet<String>,
    /// Where there is danger: each approver's written reasons.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// Where there was danger: what a person found afterwards.
    #[serde(default)]
    pub looked_back: Option<LookedBack>,
    /// When something was handed over.
    #[serde(default, with = "keyed::maybe_at")]
    pub produced_at: Option<Timestamp>,
    /// When the tenant was told.
    #[serde(with = "keyed::maybe_at")]
    pub told: Option<Timestamp>,
    /// What was produced.
    #[serde(with = "keyed::many")]
    pub produced: Vec<InteractionId>,
    /// Why it was turned down.
    pub rejected: Option<String>,
}

/// What the review found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who reviewed.
    pub by: String,
    /// How issuer, scope and place were checked, and what was cut away.
    #[serde(with = "keyed::secret")]
    pub narrowing: Secret,
    /// The least that satisfies it.
    #[serde(with = "keyed::many")]
    pub interactions: BTreeSet<InteractionId>,
}

impl Order {
    /// Whether it asks without a court's order because somebody is in danger (clause P39).
    #[must_use]
    pub fn is_emergency(&self) -> bool {
        self.kind == EMERGENCY
    }

    fn is_approved(&self) -> bool {
        let reasoned = !self.is_emergency() || self.reasons.len() >= 2;
        self.review.is_some() && self.approvals.len() >= 2 && reasoned
    }

    /// By when what was done in an emergency must be looked at again; none where it was, or need
    /// not be.
    #[must_use]
    pub fn look_back_by(&self) -> Option<Timestamp> {
        let open = self.is_emergency() && self.looked_back.is_none();
        self.produced_at
            .filter(|_| open)
            .map(|at| at.plus(LOOK_BACK))
    }

    fn is_told(&self, now: Timestamp) -> bool {
        self.told.is_some() || self.gag_until.is_some_and(|until| until > now)
    }
}

impl Registered for Order {
    type Id = OrderId;
    const REGISTER: &'static str = "orders";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        match (&self.rejected, self.produced.is_empty(), &self.review) {
            (Some(_), _, _) => "rejected",
            (None, false, _) => "produced",
            (None, true, Some(_)) if self.approvals.len() >= 2 => "approved",
            (None, true, Some(_)) => "reviewed",
            (None, true, None) => "received",
        }
    }

    /// When the ban on telling ends and the tenant has to be told, or an emergency must be looked
    /// at again.
    fn due(&self) -> Option<Timestamp> {
        let untold = self.gag_until.filter(|_| self.told.is_none());
        untold.into_iter().chain(self.look_back_by()).min()
    }
}

/// Why one of the two approves although no court has ordered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Who, by handle.
    pub by: String,
    /// What danger, and why this and no less stops it.
    #[serde(with = "keyed::secret")]
    pub text: Secret,
}

/// What a third person found afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedBack {
    /// Who, by handle; not one of the two.
    pub by: String,
    /// When.
    #[serde(with = "keyed::at")]
    pub at: Timestamp,
    /// Whether it was right to hand it over.
    pub justified: bool,
    /// What was found, and what follows.
    #[serde(with = "keyed::secret")]
    pub finding: Secret,
}

/// A notice of an order in the tenant's own register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderNotice {
    /// Which order.
    #[serde(with = "keyed::one")]
    pub order: OrderId,
    /// Who issued it, and on what law.
    #[serde(with = "keyed::secret")]
    pub issuer: Secret,
    /// Law and article.
    pub authority: String,
    /// What it asks for.
    #[serde(with = "keyed::secret")]
    pub scope: Secret,
}

impl Registered for OrderNotice {
    // A notice is filed once and never changed; it shares the orders' kind of id.
    type Id = OrderId;
    const REGISTER: &'static str = "order_notices";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        "told"
    }
}

/// An order with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderView {
    /// Its number.
    pub id: OrderId,
    /// When it came in.
    pub received: Timestamp,
    /// What it says and how it stands.
    pub order: Order,
}

/// A row of the public report: counts by country and kind, small ones withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportRow {
    /// Country of the issuer.
    pub country: String,
    /// Kind of order.
    pub kind: String,
    /// How many came in; none where the count is too small to print.
    pub received: Option<u64>,
    /// How many were answered, in whole or in part.
    pub complied: Option<u64>,
    /// How many were turned down.
    pub rejected: Option<u64>,
    /// Tenants affected.
    pub tenants: Option<u64>,
}

impl App {
    /// Takes an order down.
    ///
    /// # Errors
    /// [`AppError::Input`] without issuer, law or scope; [`AppError::Denied`].
    pub async fn receive_order(&self, desk: &Scope, order: &Order) -> Result<OrderId, AppError> {
        let blank = [
            order.issuer.expose(),
            &order.country,
            &order.authority,
            order.scope.expose(),
            &order.demand_sha256,
        ];
        if blank.iter().any(|text| text.trim().is_empty()) {
            return Err(AppError::Input(
                "an order needs its issuer, country, law, scope and the hash of its document \
                 (clause P38)"
                    .to_owned(),
            ));
        }
        let permit = self.keep::<Seal>(desk).await?;
        let fresh = Order {
            review: None,
            approvals: BTreeSet::new(),
            told: None,
            produced: Vec::new(),
            produced_at: None,
            reasons: Vec::new(),
            looked_back: None,
            rejected: None,
            ..order.clone()
        };
        let id = self.store.file(&permit, &fresh).await?;
        if fresh.gag_until.is_none_or(|until| until <= self.now()) {
            self.tell_tenant(desk, id).await?;
        }
        Ok(id)
    }

    /// Reviews an order: how issuer, scope and place were checked, and the least that satisfies it.
    ///
    /// # Errors
    /// [`AppError::Input`] without a note on the narrowing; [`AppError::NotFound`].
    pub async fn review_order(
        &self,
        desk: &Scope,
        id: OrderId,
        narrowing: &str,
        interactions: BTreeSet<InteractionId>,
    ) -> Result<(), AppError> {
        if narrowing.trim().is_empty() || interactions.is_empty() {
            return Err(AppError::Input(
                "a review says how the order was narrowed, and to which interactions (clause P38)"
                    .to_owned(),
            ));
        }
        let by = desk.actor().handle.clone();
        self.change_order(desk, id, |order| {
            order.review = Some(Review {
                by,
                narrowing: Secret::new(narrowing.trim()),
                interactions,
            });
            // What was approved was another scope.
            order.approvals.clear();
            order.reasons.clear();
            Ok(())
        })
        .await
    }

    /// Approves a reviewed order; two persons must.
    ///
    /// # Errors
    /// [`AppError::Input`] before the review, or where the same person approves twice.
    pub async fn approve_order(&self, desk: &Scope, id: OrderId) -> Result<(), AppError> {
        let by = desk.actor().handle.clone();
        self.change_order(desk, id, |order| {
            if order.review.is_none() {
                return Err(AppError::Input("review the order first".to_owned()));
            }
            if order.is_emergency() {
                return Err(AppError::Input(
                    "in an emergency each of the two gives their reasons in writing (clause P39)"
                        .to_owned(),
                ));
            }
            if order.approvals.insert(by) {
                Ok(())
            } else {
                Err(AppError::Input(
                    "you approved it already; a second person must (clause P38)".to_owned(),
                ))
            }
        })
        .await
    }

    /// Turns an order down.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn reject_order(&self, desk: &Scope, id: OrderId, why: &str) -> Result<(), AppError> {
        self.change_order(desk, id, |order| {
            order.rejected = Some(why.to_owned());
            Ok(())
        })
        .await
    }

    /// Hands over what the review named, one disclosure for each interaction, into a folder as
    /// sealed bundles.
    ///
    /// # Errors
    /// [`AppError::Denied`] before two approvals and the notice; [`AppError::Outbound`].
    pub async fn produce_order(
        &self,
        desk: &Scope,
        id: OrderId,
        folder: &std::path::Path,
        secret: &Secret,
    ) -> Result<Vec<DisclosureView>, AppError> {
        let order = self.order(desk, id).await?.body;
        let open = order.rejected.is_none() && order.is_approved() && order.is_told(self.now());
        let format = ExportFormat::Json;
        let scope = self.mint_scope(order.tenant, desk.actor().clone(), Purpose::Compelled);
        let mut done = Vec::new();
        let named = order.review.iter().flat_map(|review| &review.interactions);
        for interaction in named.copied() {
            let facts = self.store.facts(order.tenant, interaction).await?;
            let facts = Facts {
                order_approved: open,
                ..facts.ok_or_else(|| AppError::NotFound {
                    what: "interaction",
                    name: interaction.to_string(),
                })?
            };
            let kinds = categories(format);
            let permit = self
                .decide::<Disclose, _>(&scope, interaction, &kinds, &facts)
                .await?;
            let reading = self
                .decide::<Read, _>(&scope, interaction, &kinds, &facts)
                .await?;
            let bytes = Zeroizing::new(self.export_under(&reading, format).await?);
            let entry = Disclosure {
                recipient: None,
                kind: RecipientKind::Authority,
                interaction,
                format: format.extension().to_owned(),
                categories: kinds,
                purpose: Purpose::Compelled,
                reason: order.scope.clone(),
                basis: format!("{} ({id})", order.authority),
                by: desk.actor().handle.clone(),
                policy_version: permit.version().to_owned(),
                clauses: permit.clauses().iter().map(ToString::to_string).collect(),
                slip: None,
                failure: None,
            };
            let way = Endpoint::Folder {
                path: folder.to_owned(),
                secret: secret.clone(),
            };
            let policy = sticky(&permit, &BTreeSet::new(), None, self.now());
            done.push(
                self.send(&permit, &way, entry, (format, bytes), policy)
                    .await?,
            );
        }
        if done.is_empty() {
            return Err(AppError::Input("review the order first".to_owned()));
        }
        let produced = done.iter().map(|one| one.disclosure.interaction).collect();
        let now = self.now();
        self.change_order(desk, id, |order| {
            order.produced = produced;
            order.produced_at = Some(now);
            Ok(())
        })
        .await?;
        Ok(done)
    }

    /// Tells tenants whose order may be told now: the ban has ended.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn tell_after_gags(&self) -> Result<Vec<OrderId>, AppError> {
        let desk = self.privacy_desk("clock");
        let permit = self.keep::<Find>(&desk).await?;
        let due = self
            .store
            .register::<Order>(&permit, &[], Some(self.now()), 1_000)
            .await?;
        let mut told = Vec::new();
        let banned = |order: &Order| order.told.is_none() && order.gag_until.is_some();
        for filed in due.into_iter().filter(|filed| banned(&filed.body)) {
            self.tell_tenant(&desk, filed.id).await?;
            told.push(filed.id);
        }
        Ok(told)
    }

    /// Every order, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn orders(&self, desk: &Scope) -> Result<Vec<OrderView>, AppError> {
        let permit = self.keep::<Find>(desk).await?;
        let all = self
            .store
            .register::<Order>(&permit, &[], None, 10_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| OrderView {
                id: filed.id,
                received: filed.filed,
                order: filed.body,
            })
            .collect())
    }

    /// One order.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn order_view(&self, desk: &Scope, id: OrderId) -> Result<OrderView, AppError> {
        let filed = self.order(desk, id).await?;
        Ok(OrderView {
            id: filed.id,
            received: filed.filed,
            order: filed.body,
        })
    }

    /// What a tenant was told of orders about its interactions.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn order_notices(&self, scope: &Scope) -> Result<Vec<OrderNotice>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<OrderNotice>(&permit, &[], None, 1_000)
            .await?;
        Ok(all.into_iter().map(|filed| filed.body).collect())
    }

    /// The transparency report: counts by country and kind; a count under five is not printed,
    /// and neither is a row's smaller part that could be worked out from it.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn transparency_report(&self, desk: &Scope) -> Result<Vec<ReportRow>, AppError> {
        let mut cells: BTreeMap<(String, String), Vec<Order>> = BTreeMap::new();
        for view in self.orders(desk).await? {
            let order = view.order;
            let cell = (order.country.clone(), order.kind.clone());
            cells.entry(cell).or_default().push(order);
        }
        Ok(cells
            .into_iter()
            .map(|((country, kind), orders)| {
                let count = |kept: &dyn Fn(&Order) -> bool| {
                    u64::try_from(orders.iter().filter(|order| kept(order)).count()).unwrap_or(0)
                };
                let tenants: BTreeSet<TenantId> = orders.iter().map(|o| o.tenant).collect();
                let all = count(&|_| true);
                let complied = count(&|order| !order.produced.is_empty());
                let rejected = count(&|order| order.rejected.is_some());
                let open = all.saturating_sub(complied).saturating_sub(rejected);
                // A part that is printed beside its whole gives the other part away.
                let parts = [complied, rejected, open];
                let safe = parts.iter().all(|part| *part == 0 || *part >= SMALL);
                let printed = |n: u64| (n >= SMALL).then_some(n);
                ReportRow {
                    country,
                    kind,
                    received: printed(all),
                    complied: safe.then_some(complied),
                    rejected: safe.then_some(rejected),
                    tenants: printed(u64::try_from(tenants.len()).unwrap_or(0)),
                }
            })
            .collect())
    }

    /// The transparency report for anybody: the same counts, counted anew once an hour at most, so
    /// that reading it makes no work and no leaves. With when it was counted.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn published_transparency(&self) -> Result<(Timestamp, Vec<ReportRow>), AppError> {
        let now = self.now();
        let mut kept = self.transparency.lock().await;
        if let Some((at, rows)) = &*kept
            && now.since(*at) < COUNTED_EVERY
        {
            return Ok((*at, rows.clone()));
        }
        let rows = self
            .transparency_report(&self.privacy_desk("public"))
            .await?;
        *kept = Some((now, rows.clone()));
        Ok((now, rows))
    }

    async fn tell_tenant(&self, desk: &Scope, id: OrderId) -> Result<(), AppError> {
        let order = self.order(desk, id).await?.body;
        let notice = OrderNotice {
            order: id,
            issuer: order.issuer.clone(),
            authority: order.authority.clone(),
            scope: order.scope.clone(),
        };
        let permit = self.keep::<Seal>(&self.clockwork(order.tenant)).await?;
        self.store.file(&permit, &notice).await?;
        let now = self.now();
        self.change_order(desk, id, |order| {
            order.told = Some(now);
            Ok(())
        })
        .await
    }

    pub(crate) async fn change_order(
        &self,
        desk: &Scope,
        id: OrderId,
        change: impl FnOnce(&mut Order) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let seen = self.order(desk, id).await?;
        if seen.body.rejected.is_some() {
            return Err(AppError::Input(format!("`{id}` was turned down")));
        }
        let mut order = seen.body.clone();
        change(&mut order)?;
        let permit = self.keep::<Seal>(desk).await?;
        self.store.amend(&permit, &seen, &order).await?;
        Ok(())
    }

    async fn order(&self, desk: &Scope, id: OrderId) -> Result<Filed<Order>, AppError> {
        let permit = self.keep::<Read>(desk).await?;
        Ok(self.store.filed(&permit, id).await?)
    }
}

/// SHA-256 of an order as it was received, in hex.
#[must_use]
pub fn hash(document: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(document))
}
