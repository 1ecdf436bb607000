//! Routes: which alerts go to which recipient, at once or together. A privacy officer sets them,
//! as they grant recipients; they stand in the tenant's registers.

use domain::{AlertRouteId, DefinitionId, DefinitionKind, Millis, RecipientId, Timestamp};
use outbound::Notice;
use policy::{Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Filed, Registered};

use crate::app::App;
use crate::disclosures::{Recipient, Slip, Sticky, endpoint};
use crate::error::AppError;
use crate::keyed;
use crate::reading::rfc3339;

/// A digest longer than this is a report.
const LONGEST_DIGEST: Millis = Millis(7 * 86_400_000);
const ROUTES: u64 = 200;

/// How a test came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// When.
    #[serde(with = "keyed::at")]
    pub at: Timestamp,
    /// What the other side said.
    pub slip: Option<Slip>,
    /// Why it did not arrive.
    pub failure: Option<String>,
}

/// A route as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRoute {
    /// To whom.
    #[serde(with = "keyed::one")]
    pub recipient: RecipientId,
    /// Only these alerts; empty: all.
    #[serde(with = "keyed::many")]
    pub alerts: Vec<DefinitionId>,
    /// Collects for so many milliseconds and tells of all together; 0: of each at once.
    pub digest: u64,
    /// Who set it, by handle.
    pub by: String,
    /// The last test.
    pub tried: Option<Tried>,
    /// Why nothing goes by it any more.
    pub stopped: Option<String>,
}

impl Registered for AlertRoute {
    type Id = AlertRouteId;
    const REGISTER: &'static str = "alert_routes";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.stopped.is_some() {
            "stopped"
        } else {
            "open"
        }
    }
}

/// A route to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRoute {
    /// To whom.
    pub recipient: RecipientId,
    /// Only these alerts, by name; empty: all.
    pub alerts: Vec<String>,
    /// Collects for so long; 0: tells of each at once.
    pub digest: Millis,
}

/// A route with its number and its recipient's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteView {
    /// Its number.
    pub id: AlertRouteId,
    /// When it was set.
    pub since: Timestamp,
    /// What it says.
    pub route: AlertRoute,
    /// The recipient, as the register has it.
    pub recipient: Option<Recipient>,
}

impl App {
    /// Sets a route. It tells of what is raised from now on.
    ///
    /// # Errors
    /// [`AppError::Input`] for a digest that is too long or a recipient that was stopped;
    /// [`AppError::NotFound`] for an unknown recipient or alert; [`AppError::Denied`].
    pub async fn add_alert_route(
        &self,
        scope: &Scope,
        new: &NewRoute,
    ) -> Result<AlertRouteId, AppError> {
        if new.digest > LONGEST_DIGEST {
            return Err(AppError::Input(
                "a digest collects for at most 7 days".to_owned(),
            ));
        }
        let to = self.recipient(scope, new.recipient).await?.body;
        if let Some(why) = &to.stopped {
            return Err(AppError::Input(format!("the recipient was stopped: {why}")));
        }
        let find = self.ask_to_define(scope).await?;
        let mut alerts = Vec::with_capacity(new.alerts.len());
        for name in &new.alerts {
            alerts.push(self.named(&find, DefinitionKind::Alert, name).await?.id);
        }
        let route = AlertRoute {
            recipient: new.recipient,
            alerts,
            digest: new.digest.0,
            by: scope.actor().handle.clone(),
            tried: None,
            stopped: None,
        };
        let permit = self.keep::<Seal>(scope).await?;
        Ok(self.store.file(&permit, &route).await?)
    }

    /// Stops a route: what waits is not told any more.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn stop_alert_route(
        &self,
        scope: &Scope,
        id: AlertRouteId,
        why: &str,
    ) -> Result<(), AppError> {
        let seen = self.alert_route(scope, id).await?;
        let permit = self.keep::<Seal>(scope).await?;
        let stopped = AlertRoute {
            stopped: Some(why.to_owned()),
            ..seen.body.clone()
        };
        self.store.amend(&permit, &seen, &stopped).await?;
        Ok(())
    }

    /// Every route, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn alert_routes(&self, scope: &Scope) -> Result<Vec<RouteView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let routes = self.routes(&permit, &[]).await?;
        let known = self
            .store
            .register::<Recipient>(&permit, &[], None, 1_000)
            .await?;
        Ok(routes
            .into_iter()
            .map(|filed| RouteView {
                id: filed.id,
                since: filed.filed,
                recipient: known
                    .iter()
                    .find(|one| one.id == filed.body.recipient)
                    .map(|one| one.body.clone()),
                route: filed.body,
            })
            .collect())
    }

    /// Sends a message about nobody by a route, and notes on the route how it came out.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`]. That it did not arrive is an outcome.
    pub async fn try_alert_route(
        &self,
        scope: &Scope,
        id: AlertRouteId,
    ) -> Result<Tried, AppError> {
        let seen = self.alert_route(scope, id).await?;
        let to = self.recipient(scope, seen.body.recipient).await?.body;
        let permit = self.keep::<Seal>(scope).await?;
        let now = self.now();
        let notice = Notice {
            id: format!("{id}-test-{}", now.0),
            kind: "alert.test",
            made: rfc3339(now),
            categories: Vec::new(),
            data: json!({ "route": id.to_string() }),
            subject: "A test of an alert's route".to_owned(),
            text: format!("This is a test of the route {id}. Nothing was raised.\n"),
            sticky: Sticky {
                policy_version: permit.version().to_owned(),
                purpose: permit.purpose().key().to_owned(),
                categories: Vec::new(),
                clauses: Vec::new(),
                terms: Vec::new(),
                erase_by: None,
            },
        };
        let sent = self
            .gateway
            .knock(&permit, &endpoint(&to)?, &notice, &*self.chance, now)
            .await;
        let tried = match sent {
            Ok(slip) => Tried {
                at: now,
                slip: Some(slip),
                failure: None,
            },
            Err(error) => Tried {
                at: now,
                slip: None,
                failure: Some(crate::pipeline::chain(&error)),
            },
        };
        let noted = AlertRoute {
            tried: Some(tried.clone()),
            ..seen.body.clone()
        };
        self.store.amend(&permit, &seen, &noted).await?;
        Ok(tried)
    }

    pub(super) async fn routes(
        &self,
        permit: &policy::Permit<Find, policy::Desk>,
        states: &[&str],
    ) -> Result<Vec<Filed<AlertRoute>>, AppError> {
        let found = self.store.register(permit, states, None, ROUTES).await?;
        Ok(found)
    }

    async fn alert_route(
        &self,
        scope: &Scope,
        id: AlertRouteId,
    ) -> Result<Filed<AlertRoute>, AppError> {
        let permit = self.keep::<Read>(scope).await?;
        Ok(self.store.filed(&permit, id).await?)
    }
}
