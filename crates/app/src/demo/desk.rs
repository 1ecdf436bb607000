//! What the demo's privacy desk has to show: a hold, rules, recipients and what went to them,
//! persons' requests at several steps, orders, somebody who asks to be let in, a small audit. All
//! of it is done through the same doors as by anybody; the persons' codes are read from the folder
//! in which their letters lie.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::{
    DataCategory, InteractionId, Millis, Purpose, RecipientKind, Secret, TenantId, TenantRole,
};
use policy::Scope;
use store::{ListFilter, Page, Tenant};

use super::{consumers, rarer};
use crate::app::App;
use crate::audit::AuditOrder;
use crate::disclosures::{Recipient, days};
use crate::error::AppError;
use crate::exporting::ExportFormat;
use crate::orders::{Order, hash};
use crate::requests::{Justification, Law, Outcome, RequestKind, RequestOrder, Ticket};
use crate::retention::{Reach, RetentionOrder};

/// Interactions that the desk's entries are about.
const ABOUT: u32 = 40;
/// Secrets of each type in the demo's audit: enough for a page, far from enough for a claim.
const PLANTED: usize = 4;

/// Fills the desk once; says whether it did. `post` is the folder of the demo's letters, `count`
/// how many conversations were made up.
///
/// # Errors
/// Whatever the desk refuses; [`AppError::Io`] where a letter cannot be read.
pub async fn fill(app: &App, tenant: &Tenant, post: &Path, count: usize) -> Result<bool, AppError> {
    let officer = app.local_scope(tenant.id, TenantRole::PrivacyOfficer, Purpose::Governance);
    if !app.holds(&officer).await?.is_empty() {
        return Ok(false);
    }
    let ids = some_interactions(app, tenant).await?;
    if ids.len() < 8 {
        return Ok(false);
    }
    holds(app, &officer, &ids).await?;
    app.set_retention(&officer, &RetentionOrder::all(Reach::Whole, 365))
        .await?;
    app.set_retention(&officer, &RetentionOrder::all(Reach::Voice, 90))
        .await?;
    recipients(app, &officer, &ids).await?;
    requests(app, post, &consumers(app.now(), count)).await?;
    answers(app, &officer).await?;
    orders(app, tenant.id, &ids).await?;
    rarer::fill(app, tenant, &officer, &ids).await?;
    let hours = Millis(2 * 3_600_000);
    let why = "a recording that stays at the stage `transcribe`";
    app.ask_to_open(tenant.id, "demo-operator", why, hours)
        .await?;
    if app.redaction_report().await?.is_none() {
        let order = AuditOrder {
            written: PLANTED,
            spoken: 0,
            seed: 1,
            tenant: Some(tenant.id),
            live: false,
            log: None,
        };
        app.audit_redaction(&order, &|_| {}).await?;
    }
    app.clause_status().await?;
    Ok(true)
}

async fn some_interactions(app: &App, tenant: &Tenant) -> Result<Vec<InteractionId>, AppError> {
    let review = app.local_scope(tenant.id, TenantRole::Analyst, Purpose::Review);
    let filter = ListFilter {
        ready_only: true,
        ..ListFilter::default()
    };
    let page = Page {
        limit: ABOUT,
        after: None,
    };
    let found = app.list(&review, &filter, &page).await?;
    Ok(found.into_iter().map(|one| one.id).collect())
}

async fn holds(app: &App, officer: &Scope, ids: &[InteractionId]) -> Result<(), AppError> {
    // The oldest of them: whoever asks for erasure wrote or called last.
    let of = |skip: usize, take: usize| -> BTreeSet<InteractionId> {
        ids.iter().rev().skip(skip).take(take).copied().collect()
    };
    app.place_hold(
        officer,
        "Harbor v. Northwind, 24 C 118",
        "a claim about a refund; counsel asked on the phone and in writing",
        &of(0, 3),
    )
    .await?;
    let over = app
        .place_hold(
            officer,
            "Inquiry of the ombudsman",
            "settled in writing",
            &of(3, 2),
        )
        .await?;
    app.lift_hold(officer, over).await
}

async fn recipients(app: &App, officer: &Scope, ids: &[InteractionId]) -> Result<(), AppError> {
    let policy = app.policy();
    let ours: BTreeMap<String, u8> = policy
        .controls()
        .iter()
        .map(|control| (control.key.clone(), control.ours))
        .collect();
    let mut terms: BTreeSet<String> = policy.terms().iter().map(|term| term.key.clone()).collect();
    // The policy's terms are of conversations; without this one no figures go there.
    terms.insert(crate::releases::TERM.to_owned());
    let warehouse = Recipient {
        name: Secret::new("Harbor data warehouse"),
        kind: RecipientKind::Customer,
        contract: "order 1, section 4".to_owned(),
        purposes: BTreeSet::from([Purpose::Sharing]),
        categories: BTreeSet::from([
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ]),
        terms,
        controls: ours.clone(),
        attested_until: app.now().plus(days(365)),
        region: app.config().region.clone(),
        mechanism: None,
        noticed_from: app.now(),
        erase_after_days: Some(30),
        transport: "folder".to_owned(),
        address: Secret::new(
            app.config()
                .data
                .join("out/warehouse")
                .display()
                .to_string(),
        ),
        secret: Secret::new("known to the demo and to nobody else"),
        granted_by: officer.actor().handle.clone(),
        stopped: None,
    };
    // A processor that attests less than the policy asks for, so that nothing can go there.
    let weaker = Recipient {
        name: Secret::new("Clearview Surveys Ltd"),
        kind: RecipientKind::Processor,
        contract: "order 1, section 7".to_owned(),
        controls: ours
            .into_iter()
            .map(|(key, level)| (key, level / 2))
            .collect(),
        noticed_from: app.now().plus(days(21)),
        transport: "webhook".to_owned(),
        address: Secret::new("https://surveys.example/in"),
        secret: Secret::new("whsec_ZGVtby1kZW1vLWRlbW8tZGVtby1kZW1v"),
        ..warehouse.clone()
    };
    let to = app.grant_recipient(officer, &warehouse).await?;
    app.grant_recipient(officer, &weaker).await?;
    for id in ids.iter().skip(4).take(2) {
        let why = "monthly report on refunds, run of this month";
        app.disclose(officer, to, *id, ExportFormat::Json, why)
            .await?;
    }
    Ok(())
}

/// Persons ask; all but one prove it with the code that was sent to them.
async fn requests(app: &App, post: &Path, mails: &[String]) -> Result<(), AppError> {
    let asked = [
        (
            RequestKind::Access,
            "What do you hold about me, and who heard it?",
        ),
        (RequestKind::Erasure, "Please erase everything."),
        (
            RequestKind::Rectification,
            "My name is spelt wrong in your notes.",
        ),
        (
            RequestKind::Objection,
            "I do not want my calls to be scored.",
        ),
        (
            RequestKind::Complaint,
            "Nobody answered my letter of last month.",
        ),
        (RequestKind::Portability, ""),
    ];
    for (number, ((kind, message), mail)) in asked.into_iter().zip(mails).enumerate() {
        let order = RequestOrder {
            kind,
            law: Law::Gdpr,
            identifier: Secret::new(mail.as_str()),
            message: Secret::new(message),
        };
        let ticket = app.open_request(&order).await?;
        if number < 5 {
            let code = code(post, &ticket)?;
            app.prove_request(ticket.id, &ticket.token, &code).await?;
        }
    }
    Ok(())
}

fn code(post: &Path, ticket: &Ticket) -> Result<Secret, AppError> {
    let letter = std::fs::read_to_string(post.join(format!("{}-code.eml", ticket.id)))
        .map_err(AppError::io("read a letter of the demo"))?;
    let after = letter
        .split_once("Your code is ")
        .map_or("", |(_, rest)| rest);
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    Ok(Secret::new(digits))
}

/// One case gets more time, one is refused; the others wait.
async fn answers(app: &App, officer: &Scope) -> Result<(), AppError> {
    for view in app.cases(officer).await? {
        match view.case.kind {
            RequestKind::Rectification => {
                let why = "the recordings have to be listened to again";
                app.extend_case(officer, view.id, why).await?;
            }
            RequestKind::Objection => {
                let outcome = Outcome::Refused {
                    why: Justification::LegalClaims,
                    sentence: "a claim about the call is open, and the score is part of it"
                        .to_owned(),
                };
                app.end_case(officer, view.id, &outcome).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// One order that was answered, one that waits for its second approval and may not be told yet.
async fn orders(app: &App, tenant: TenantId, ids: &[InteractionId]) -> Result<(), AppError> {
    let (first, second) = (
        app.privacy_desk("demo-desk-1"),
        app.privacy_desk("demo-desk-2"),
    );
    let order = Order {
        issuer: Secret::new("Landgericht Hamburg"),
        country: "DE".to_owned(),
        kind: "court_order".to_owned(),
        authority: "ZPO § 142".to_owned(),
        demand_sha256: hash(b"the demo's first order"),
        scope: Secret::new("every conversation about the refund of invoice 1182 in this quarter"),
        tenant,
        gag_until: None,
        review: None,
        approvals: BTreeSet::new(),
        reasons: Vec::new(),
        looked_back: None,
        produced_at: None,
        told: None,
        produced: Vec::new(),
        rejected: None,
    };
    let least: BTreeSet<InteractionId> = ids.iter().skip(6).take(1).copied().collect();
    let id = app.receive_order(&first, &order).await?;
    let narrowing = "issuer and place checked by call-back; narrowed to the one call that names it";
    app.review_order(&first, id, narrowing, least.clone())
        .await?;
    app.approve_order(&first, id).await?;
    app.approve_order(&second, id).await?;
    let folder = app.config().data.join("produced").join(id.to_string());
    let secret = Secret::new("handed over on paper");
    app.produce_order(&first, id, &folder, &secret).await?;

    let quiet = Order {
        issuer: Secret::new("Zollfahndungsamt Essen"),
        kind: "authority_request".to_owned(),
        authority: "StPO § 95".to_owned(),
        demand_sha256: hash(b"the demo's second order"),
        scope: Secret::new("all mail of one sender"),
        gag_until: Some(app.now().plus(days(20))),
        ..order
    };
    let id = app.receive_order(&first, &quiet).await?;
    let narrowing = "names one thread; the rest of the mailbox is not covered";
    app.review_order(&first, id, narrowing, least).await?;
    app.approve_order(&first, id).await
}
