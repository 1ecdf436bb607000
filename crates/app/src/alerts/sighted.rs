//! Telling a tenant's recipients that the audit of redaction saw a secret: counts, places and the
//! seed, about nobody, by every route that takes all alerts.

use domain::{AlertRouteId, TenantId};
use outbound::Notice;
use policy::{Find, Seal};
use serde_json::json;

use crate::app::App;
use crate::audit::AuditReport;
use crate::disclosures::{Sticky, endpoint};
use crate::error::AppError;
use crate::pipeline::chain;

/// How telling of an audit's sightings came out, by route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SightingTold {
    /// The route.
    pub route: AlertRouteId,
    /// Why it did not arrive.
    pub failure: Option<String>,
}

impl App {
    /// Tells of what an audit saw by each of a tenant's open routes that takes all alerts; by none
    /// where it saw nothing. The same report is the same message.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Store`]. That it did not arrive is an outcome.
    pub async fn tell_of_sightings(
        &self,
        tenant: TenantId,
        report: &AuditReport,
    ) -> Result<Vec<SightingTold>, AppError> {
        let mut told = Vec::new();
        if report.sightings() == 0 {
            return Ok(told);
        }
        let clockwork = self.clockwork(tenant);
        let find = self.keep::<Find>(&clockwork).await?;
        let routes = self.routes(&find, &["open"]).await?;
        for route in routes.iter().filter(|route| route.body.alerts.is_empty()) {
            let to = self.recipient(&clockwork, route.body.recipient).await?.body;
            if to.stopped.is_some() {
                continue;
            }
            let permit = self.keep::<Seal>(&clockwork).await?;
            let notice = notice(route.id, report, &permit);
            let sent = self
                .gateway
                .knock(&permit, &endpoint(&to)?, &notice, &*self.chance, self.now())
                .await;
            told.push(SightingTold {
                route: route.id,
                failure: sent.err().map(|error| chain(&error)),
            });
        }
        Ok(told)
    }
}

/// The message; every secret of an audit is invented, and none is in it.
fn notice(
    route: AlertRouteId,
    report: &AuditReport,
    permit: &policy::Permit<Seal, policy::Desk>,
) -> Notice {
    let seen = report.sightings();
    let places: Vec<_> = report
        .places
        .iter()
        .filter(|place| place.seen > 0)
        .map(|place| json!({ "place": place.place, "seen": place.seen }))
        .collect();
    let types: Vec<_> = report
        .types
        .iter()
        .filter(|one| one.left() > 0)
        .map(|one| json!({ "type": one.kind, "form": one.form, "left": one.left() }))
        .collect();
    Notice {
        id: format!("{route}-sighted-{}", report.began.replace(':', "")),
        kind: "redaction.sighted",
        made: report.began.clone(),
        categories: Vec::new(),
        data: json!({
            "sightings": seen, "seed": report.seed, "types": types, "places": places,
        }),
        subject: "The audit of redaction saw a planted secret".to_owned(),
        text: format!(
            "The audit of redaction that began at {} saw planted secrets {seen} times. \
             `privity redact report` shows where; the seed is {}.\n",
            report.began, report.seed
        ),
        sticky: Sticky {
            policy_version: permit.version().to_owned(),
            purpose: permit.purpose().key().to_owned(),
            categories: Vec::new(),
            clauses: Vec::new(),
            terms: Vec::new(),
            erase_by: None,
        },
    }
}
