//! Use cases: asks the policy, moves data between the other crates. Knows no HTTP, no SQL, no
//! ciphertext. [`App::open`] is the one place that wires concrete parts.

mod access;
mod app;
mod config;
mod doctor;
mod error;
mod evidence;
mod exporting;
mod finding;
mod intake;
pub mod models;
mod numbers;
mod parties;
mod pipeline;
mod plan;
mod reading;
mod runtime;
mod tenants;
mod thread;
mod troubles;

pub use access::Caller;
pub use app::App;
pub use config::{Config, ConfigError, FILE as CONFIG_FILE, Overrides};
pub use doctor::{Check, Health, examine};
pub use error::AppError;
pub use evidence::{ClauseView, Finding, LedgerReport, check_policy, show_policy};
pub use exporting::ExportFormat;
pub use finding::{Found, Hit, Piece, Snippet};
pub use intake::{IntakeOrder, Outcome};
pub use numbers::{metric_rows, metrics_json};
pub use pipeline::{Done, Ended, Event, Until};
pub use policy::Scope;
pub use reading::{Shown, View, parse_time, reason as withheld_reason, rfc3339};
pub use store::{AccessEntry, ApiKeyRecord, ListFilter, NewApiKey, Page, Receipt, Summary, Tenant};
pub use tenants::TenantOrder;
pub use troubles::Trouble;
