//! Use cases: asks the policy, moves data between the other crates. Knows no HTTP, no SQL, no
//! ciphertext. [`App::open`] is the one place that wires concrete parts.

mod access;
mod accounts;
mod alerts;
mod app;
mod audit;
mod book;
pub mod breaches;
pub mod bundle;
mod categories;
mod clockwork;
mod config;
mod definitions;
pub mod demo;
mod desk;
pub mod disclosures;
mod doctor;
mod emergencies;
mod error;
mod evidence;
mod exporting;
mod fields;
mod finding;
mod harvest;
pub mod holds;
pub mod inquiries;
mod intake;
mod keyed;
mod labels;
mod ledger;
pub mod letting_in;
pub mod models;
mod narrowing;
mod network;
mod numbers;
pub mod obligations;
pub mod orders;
mod overview;
mod parties;
mod peaks;
mod pipeline;
mod plan;
pub mod policy_desk;
mod queries;
mod reading;
mod redaction;
mod redactor;
pub mod releases;
pub mod requests;
mod results;
pub mod retention;
pub mod review;
mod runtime;
mod scores;
mod sentences;
pub mod succession;
mod teams;
mod tenants;
mod thread;
pub mod topics;
mod troubles;
mod uploads;
mod watching;
pub mod witness;
mod witnessing;

pub use access::Caller;
pub use accounts::{Answer, Entrant, Invitation, first_role, seen_text};
pub use accounts::{Arrival, Departure, NewSingleSignOn, NotIn, Return, Unfit};
pub use alerts::{AlertRoute, AlertView, NewRoute, RouteView, SightingTold, Told, Tried};
pub use analysis::categories::{Change, Counts, Measured};
pub use analysis::forms::{Agreement, Ask, Form, Question};
pub use analysis::scores::total as score_of;
pub use analysis::search::{Completion, FieldSet, QueryError};
pub use app::App;
pub use audit::{
    AlarmsOfKind, AuditOrder, AuditReport, FalseAlarms, Interval, PlaceFound, Skipped, TypeFound,
    deliver_sightings,
};
pub use categories::{ChangedExample, Side, Workbench};
pub use config::{Config, ConfigError, FILE as CONFIG_FILE, Overrides, WitnessSetting};
pub use definitions::text::length;
pub use definitions::{DefinitionSummary, DefinitionView, Imported};
pub use doctor::{Check, Health, examine};
pub use error::AppError;
pub use evidence::{ClauseView, Finding, LedgerReport, check_policy, show_policy};
pub use exporting::ExportFormat;
pub use finding::{Found, Hit, Piece, Snippet};
pub use intake::{IntakeOrder, Outcome};
pub use ledger::{LedgerDeed, LedgerLine};
pub use network::Network;
pub use numbers::{metric_rows, metrics_json};
pub use outbound::verify_webhook;
pub use overview::{Overview, Totals};
pub use peaks::Peaks;
pub use pipeline::{Done, Ended, Event, Until};
pub use policy::Scope;
pub use queries::{ReadQuery, complete_query, query_faults, read_query};
pub use reading::{Shown, View, http_date, parse_time, reason as withheld_reason, rfc3339};
pub use redaction::{
    AuthenticationData, Explained, RedactionEvents, RedactionRules, Rules, RulesError, TypeRule,
    explain_redaction,
};
pub use redactor::{Reads, Redactor};
pub use results::{
    Cursor, Facet, FacetValue, Match, Matches, Ranking, Results, SearchRequest, Total,
};
pub use runtime::{OsChance, SystemClock};
pub use scores::{CategoryHit, Findings, IndicatorView, ScoreView};
pub use store::{
    AccessEntry, Alert, ApiKeyRecord, DeclaredField, Definition, DefinitionVersion, Delivery,
    DeliveryState, Edition, FoundBy, ListFilter, NewApiKey, Page, Progress, Receipt,
    StoredOverride, Summary, Tenant, VersionText,
};
pub use store::{Account, Reading, SignIn, SignInOutcome, SingleSignOn, Standing};
pub use store::{Appended, DaySum, Reached, TagKey, TagUse};
pub use teams::team_of;
pub use tenants::TenantOrder;
pub use troubles::Trouble;
pub use uploads::{PART, UploadLabels, UploadView};
pub use watching::{Pile, WatchedKind, WatchedNow, WatchedSource, WatchedState};
pub use witnessing::{Witnessed, Witnesses};
