//! Telling recipients of alerts: planned, leased, sent under the same id until taken, closed.
//!
//! A route is its officer's standing instruction: each disclosure is asked of the policy in their
//! name, by interaction, and has its row in the register before a byte leaves.

use std::time::Duration;

use domain::{
    Actor, ActorKind, DataCategory, DefinitionKind, DefinitionName, DeliveryId, DisclosureId,
    InteractionId, Millis, Purpose, Secret, TenantId, TenantRole,
};
use outbound::Notice;
use policy::{Desk, Disclose, Find, Permit, Read, Scope, Seal};
use serde_json::{Value, json};
use store::{Closing, DeliveryLease, Filed, RouteOrder, Sending};
use tokio::sync::watch;

use super::AlertRoute;
use crate::app::App;
use crate::disclosures::{Disclosure, Recipient, endpoint, sticky};
use crate::error::AppError;
use crate::pipeline::{Done, chain};
use crate::reading::rfc3339;

/// How often it is looked at whether something is to be told.
const EVERY: Duration = Duration::from_secs(5);
/// How often it is looked at whether to stop.
const STEP: Duration = Duration::from_millis(500);
/// Waiting after the first attempt; doubled after each,
const FIRST_WAIT: u64 = 30_000;
/// up to this,
const LONGEST_WAIT: u64 = 6 * 60 * 60 * 1_000;
/// and given up after so many attempts: about a day and a half.
const ATTEMPTS: u32 = 14;
/// Kinds of data in a message: ids and times.
const TELLS: &[DataCategory] = &[DataCategory::InteractionMetadata];

/// What one look at the routes did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Messages that were taken.
    pub delivered: usize,
    /// Messages that are tried again later.
    pub again: usize,
    /// Messages that were given up or refused by the policy.
    pub ended: usize,
}

/// An alert that may go, with the permit for it.
struct Cleared {
    permit: Permit<Disclose, InteractionId>,
    sending: Sending,
    name: Option<DefinitionName>,
    disclosure: DisclosureId,
}

impl App {
    /// Tells every recipient of a tenant what is due to be told now.
    ///
    /// # Errors
    /// [`AppError::Store`]. That a recipient does not take a message is no error: it is tried
    /// again.
    pub async fn tell_of_alerts(&self, tenant: TenantId) -> Result<Told, AppError> {
        let clockwork = self.clockwork(tenant);
        let find = self.keep::<Find>(&clockwork).await?;
        let routes = self.routes(&find, &[]).await?;
        let mut told = Told::default();
        if routes.is_empty() {
            return Ok(told);
        }
        let desk = self.keep::<Seal>(&clockwork).await?;
        for route in routes.iter().filter(|route| route.body.stopped.is_none()) {
            let order = RouteOrder {
                route: route.id,
                since: route.filed,
                only: route.body.alerts.clone(),
                digest: Millis(route.body.digest),
            };
            self.store
                .plan_deliveries(&desk, &order, self.now())
                .await?;
        }
        while let Some(lease) = self
            .store
            .lease_delivery(&desk, (self.now(), self.config.lease))
            .await?
        {
            let how = match routes.iter().find(|route| route.id == lease.route) {
                Some(route) => self.attempt(&desk, &lease, route).await?,
                None => Closing::Failed("its route is gone".to_owned()),
            };
            match how {
                Closing::Delivered => told.delivered += 1,
                Closing::Again(..) => told.again += 1,
                Closing::Failed(_) | Closing::Refused(_) => told.ended += 1,
            }
            match self
                .store
                .close_delivery(&desk, &lease, &how, self.now())
                .await
            {
                Ok(()) | Err(store::StoreError::DeliveryLost { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(told)
    }

    /// Lets a message that was given up be sent again, under the same id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where it did not fail; [`AppError::Denied`].
    pub async fn retry_alert_delivery(
        &self,
        scope: &Scope,
        id: DeliveryId,
    ) -> Result<(), AppError> {
        let permit = self.keep::<Seal>(scope).await?;
        Ok(self.store.retry_delivery(&permit, id, self.now()).await?)
    }

    /// One attempt at a message. A route or recipient that was stopped tells nothing.
    async fn attempt(
        &self,
        desk: &Permit<Seal, Desk>,
        lease: &DeliveryLease,
        route: &Filed<AlertRoute>,
    ) -> Result<Closing, AppError> {
        let tenant = desk.tenant();
        let clockwork = self.clockwork(tenant);
        let to = self.recipient(&clockwork, route.body.recipient).await?.body;
        if let Some(why) = route.body.stopped.as_ref().or(to.stopped.as_ref()) {
            return Ok(Closing::Failed(format!("stopped: {why}")));
        }
        if lease.alerts.is_empty() {
            return Ok(Closing::Failed("what it told of was erased".to_owned()));
        }
        let cleared = self.cleared(desk, lease, route, &to).await?;
        let Some(first) = cleared.first() else {
            return Ok(Closing::Refused(
                "the policy lets none of it go; the log names the clauses".to_owned(),
            ));
        };
        let notice = notice(lease, &cleared, &to, &first.permit);
        let permits: Vec<_> = cleared.iter().map(|one| one.permit.clone()).collect();
        let sent = self
            .gateway
            .tell(
                &permits,
                &endpoint(&to)?,
                &notice,
                &*self.chance,
                self.now(),
            )
            .await;
        let last = lease.attempt + 1 >= ATTEMPTS;
        let (how, slip, failure) = match sent {
            Ok(slip) => (Closing::Delivered, Some(slip), None),
            Err(error) if last => {
                let why = chain(&error);
                (Closing::Failed(why.clone()), None, Some(why))
            }
            Err(error) => {
                let at = self.now().plus(wait_after(lease.attempt));
                return Ok(Closing::Again(at, chain(&error)));
            }
        };
        for one in &cleared {
            let reading = self.keep::<Read>(&clockwork).await?;
            let seen = self
                .store
                .filed::<Disclosure>(&reading, one.disclosure)
                .await?;
            let closed = Disclosure {
                slip: slip.clone(),
                failure: failure.clone(),
                ..seen.body.clone()
            };
            self.store.amend(desk, &seen, &closed).await?;
        }
        Ok(how)
    }

    /// Asks the policy for each alert's interaction and enters its disclosure; what it refuses is
    /// left out, with the clauses.
    async fn cleared(
        &self,
        desk: &Permit<Seal, Desk>,
        lease: &DeliveryLease,
        route: &Filed<AlertRoute>,
        to: &Recipient,
    ) -> Result<Vec<Cleared>, AppError> {
        let scope = self.officers(desk.tenant(), &route.body.by);
        let find = self.ask_to_define(&scope).await?;
        let named = self.store.definitions(&find, DefinitionKind::Alert).await?;
        let mut cleared = Vec::with_capacity(lease.alerts.len());
        for sending in &lease.alerts {
            let permit = match self.may_tell(&scope, sending.interaction, to).await {
                Ok(permit) => permit,
                Err(AppError::Denied(denial)) => {
                    let clauses: Vec<String> =
                        denial.clauses.iter().map(ToString::to_string).collect();
                    self.store
                        .leave_out(desk, lease, sending.alert, &clauses.join(", "))
                        .await?;
                    continue;
                }
                // Erased since it was raised.
                Err(AppError::NotFound { .. }) => continue,
                Err(other) => return Err(other),
            };
            let own = named.iter().find(|one| one.id == sending.definition);
            let name = own.map(|one| one.name.clone());
            let entry = entry(&permit, route, to, name.as_ref());
            let disclosure = self
                .store
                .file_alert(&permit, lease, sending.alert, &entry)
                .await?;
            cleared.push(Cleared {
                permit,
                sending: *sending,
                name,
                disclosure,
            });
        }
        Ok(cleared)
    }

    async fn may_tell(
        &self,
        scope: &Scope,
        id: InteractionId,
        to: &Recipient,
    ) -> Result<Permit<Disclose, InteractionId>, AppError> {
        let facts = self.sharing_facts(scope, id, to, TELLS).await?;
        let scope = scope.for_purpose(Purpose::Sharing);
        self.decide::<Disclose, _>(&scope, id, TELLS, &facts).await
    }

    /// The scope of the officer who set a route.
    fn officers(&self, tenant: TenantId, handle: &str) -> Scope {
        let actor = Actor {
            kind: ActorKind::TenantUser {
                role: TenantRole::PrivacyOfficer,
                own: Vec::new(),
            },
            handle: handle.to_owned(),
        };
        self.mint_scope(tenant, actor, Purpose::Sharing)
    }

    /// Tells recipients of alerts until stopped. A failure is logged and tried again: nothing
    /// that is to be told is lost by it.
    pub(crate) async fn telling(self, stop: watch::Receiver<bool>) -> Result<Done, AppError> {
        let mut waited = EVERY;
        while !*stop.borrow() {
            if waited >= EVERY {
                waited = Duration::ZERO;
                if let Err(error) = self.tell_everyone().await {
                    tracing::error!(
                        error = chain(&error),
                        "alerts could not be told; tried again"
                    );
                }
            }
            tokio::time::sleep(STEP).await;
            waited += STEP;
        }
        Ok(Done::default())
    }

    async fn tell_everyone(&self) -> Result<(), AppError> {
        for tenant in self.store.tenants().await? {
            self.tell_of_alerts(tenant.id).await?;
        }
        Ok(())
    }
}

/// What the register says of one alert that is told.
fn entry(
    permit: &Permit<Disclose, InteractionId>,
    route: &Filed<AlertRoute>,
    to: &Recipient,
    name: Option<&DefinitionName>,
) -> Disclosure {
    let name = name.map_or_else(|| "a retired alert".to_owned(), ToString::to_string);
    Disclosure {
        recipient: Some(route.body.recipient),
        kind: to.kind,
        interaction: *permit.resource(),
        format: "alert".to_owned(),
        categories: TELLS.to_vec(),
        purpose: Purpose::Sharing,
        reason: Secret::new(format!("the alert `{name}` goes by the route {}", route.id)),
        basis: to.contract.clone(),
        by: route.body.by.clone(),
        policy_version: permit.version().to_owned(),
        clauses: permit.clauses().iter().map(ToString::to_string).collect(),
        slip: None,
        failure: None,
    }
}

fn notice(
    lease: &DeliveryLease,
    cleared: &[Cleared],
    to: &Recipient,
    permit: &Permit<Disclose, InteractionId>,
) -> Notice {
    let called = |one: &Cleared| one.name.as_ref().map(ToString::to_string);
    let alerts: Vec<Value> = cleared
        .iter()
        .map(|one| {
            json!({
                "id": one.sending.alert.to_string(),
                "alert": one.sending.definition.to_string(),
                "name": called(one),
                "interaction": one.sending.interaction.to_string(),
                "raised": rfc3339(one.sending.raised),
                "disclosure": one.disclosure.to_string(),
            })
        })
        .collect();
    let mut text = String::from("Raised:\n\n");
    for one in cleared {
        let name = called(one).unwrap_or_default();
        text.push_str(&format!(
            "{}  {name}  {}\n",
            rfc3339(one.sending.raised),
            one.sending.interaction
        ));
    }
    text.push_str("\nOpen them at /alerts, or at /interactions/ and the id.\n");
    let subject = match cleared.len() {
        1 => "An alert was raised".to_owned(),
        count => format!("{count} alerts were raised"),
    };
    Notice {
        id: lease.id.to_string(),
        kind: "alert.raised",
        made: rfc3339(lease.created),
        categories: TELLS.to_vec(),
        data: json!({ "delivery": lease.id.to_string(), "alerts": alerts }),
        subject,
        text,
        // By when it must be gone counts from when it was made, so that it is the same each time.
        sticky: sticky(permit, &to.terms, to.erase_after_days, lease.created),
    }
}

/// Waiting after so many earlier attempts.
fn wait_after(attempts: u32) -> Millis {
    let doubled = FIRST_WAIT.saturating_mul(1u64 << attempts.min(20));
    Millis(doubled.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_has_an_end() {
        let waits: Vec<u64> = (0..4).map(|n| wait_after(n).0 / 1_000).collect();
        assert_eq!(waits, [30, 60, 120, 240]);
        assert_eq!(wait_after(ATTEMPTS).0, LONGEST_WAIT);
        let all: u64 = (0..ATTEMPTS).map(|n| wait_after(n).0).sum();
        assert!((24 * 3_600_000..72 * 3_600_000).contains(&all));
    }
}
