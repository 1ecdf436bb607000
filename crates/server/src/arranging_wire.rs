//! What goes over the wire of kept views, sampling plans and routes of alerts, converted by hand.

use app::review::{Drawn, SamplingView, SavedViewRow};
use app::{RouteView, Tried, rfc3339};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A view of the list to keep.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewViewWire {
    pub(crate) name: String,
    /// What stands after `/interactions?`: filters and columns, no words of anybody.
    pub(crate) filters: String,
    /// Everybody of the tenant sees it.
    #[serde(default)]
    pub(crate) shared: bool,
}

/// A kept view.
#[derive(Serialize, ToSchema)]
pub(crate) struct ViewWire {
    id: String,
    name: String,
    filters: String,
    shared: bool,
    /// It is one's own, and can be taken away.
    own: bool,
}

impl From<&SavedViewRow> for ViewWire {
    fn from(row: &SavedViewRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.view.name.expose().to_owned(),
            filters: row.view.address.clone(),
            shared: row.view.shared,
            own: row.own,
        }
    }
}

/// A sampling plan to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSamplingWire {
    /// The form to fill in, by folders and name.
    pub(crate) form: String,
    /// So many of each agent each week, 1 to 50.
    pub(crate) per_week: u8,
    /// Decides which; none: one is drawn and kept.
    pub(crate) seed: Option<u64>,
}

/// A sampling plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SamplingWire {
    id: String,
    form: String,
    per_week: u8,
    seed: u64,
}

impl From<&SamplingView> for SamplingWire {
    fn from(view: &SamplingView) -> Self {
        Self {
            id: view.id.to_string(),
            form: view.form.clone(),
            per_week: view.plan.per_week,
            seed: view.plan.seed,
        }
    }
}

/// Which week.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeekWire {
    /// A time in it (RFC 3339); none: this week. Weeks go from Monday to Sunday in UTC.
    pub(crate) within: Option<String>,
}

/// An interaction that a plan drew.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DrawnWire {
    interaction: String,
    agent: String,
    started: String,
    /// The plan's form was filled in about it.
    done: bool,
}

impl From<&Drawn> for DrawnWire {
    fn from(drawn: &Drawn) -> Self {
        Self {
            interaction: drawn.summary.id.to_string(),
            agent: drawn.agent.to_string(),
            started: rfc3339(drawn.summary.started),
            done: drawn.done,
        }
    }
}

/// A route to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRouteWire {
    pub(crate) recipient: String,
    /// Only these alerts, by name; empty: all.
    #[serde(default)]
    pub(crate) alerts: Vec<String>,
    /// Collects for so long and tells of all together; 0: of each at once.
    #[serde(default)]
    pub(crate) digest_ms: u64,
}

/// Why something is stopped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopWire {
    pub(crate) why: String,
}

/// A route of alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RouteWire {
    id: String,
    since: String,
    recipient: String,
    /// Only these alerts, by id; empty: all.
    alerts: Vec<String>,
    digest_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tested: Option<TriedWire>,
}

impl From<&RouteView> for RouteWire {
    fn from(view: &RouteView) -> Self {
        let route = &view.route;
        Self {
            id: view.id.to_string(),
            since: rfc3339(view.since),
            recipient: route.recipient.to_string(),
            alerts: route.alerts.iter().map(ToString::to_string).collect(),
            digest_ms: route.digest,
            stopped: route.stopped.clone(),
            tested: route.tried.as_ref().map(TriedWire::from),
        }
    }
}

/// How a test came out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriedWire {
    at: String,
    arrived: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl From<&Tried> for TriedWire {
    fn from(tried: &Tried) -> Self {
        Self {
            at: rfc3339(tried.at),
            arrived: tried.slip.is_some(),
            failure: tried.failure.clone(),
        }
    }
}
