//! What the demo's desks have to show in registers that are seldom used: messages, an exercise of an
//! exposure, a duty by law, figures that were released, a passing that waits for its approvals.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DataCategory, InteractionId, Millis, Secret};
use policy::Scope;
use store::Tenant;

use crate::app::App;
use crate::breaches::Breach;
use crate::disclosures::Recipient;
use crate::error::AppError;
use crate::inquiries::WrittenDown;
use crate::obligations::Obligation;
use crate::releases::{Column, MicroEpsilon, ReleaseOrder, Shape, TERM};
use crate::succession::{Succession, document_hash};

const HOUR: u64 = 3_600_000;
const DAY: Millis = Millis(24 * HOUR);

/// Fills these registers once.
pub(super) async fn fill(
    app: &App,
    tenant: &Tenant,
    officer: &Scope,
    ids: &[InteractionId],
) -> Result<(), AppError> {
    let desk = app.privacy_desk("demo-desk-1");
    messages(app, &desk).await?;
    exposures(app, &desk, tenant, ids).await?;
    let duty = Obligation {
        law: "HGB".to_owned(),
        article: "257(1)".to_owned(),
        demands: "letters of trade are kept for six years".to_owned(),
        categories: BTreeSet::from([DataCategory::RawContent, DataCategory::RedactedContent]),
        keep_days: Some(2_192),
        entered_by: String::new(),
        ended: None,
    };
    app.enter_obligation(officer, &duty).await?;
    figures(app, officer).await?;
    let plan = Succession {
        successor: Secret::new("Northwind Hosting SE"),
        trigger: "merger".to_owned(),
        signed: before(app, DAY),
        document_sha256: document_hash(b"the demo's contract of merger"),
        approvals: BTreeSet::new(),
        told: None,
        handed: None,
    };
    let id = app.plan_succession(&desk, &plan).await?;
    app.approve_succession(&desk, id).await
}

fn before(app: &App, span: Millis) -> domain::Timestamp {
    let span = i64::try_from(span.0).unwrap_or(0);
    domain::Timestamp(app.now().0 - span)
}

/// A call that was answered, a letter that waits, a dispute about last week.
async fn messages(app: &App, desk: &Scope) -> Result<(), AppError> {
    let call = WrittenDown {
        way: "call".to_owned(),
        kind: "question".to_owned(),
        from: Secret::new("Frau Brandt, +49 40 5550 1182"),
        subject: Secret::new("How long calls are kept"),
        text: Secret::new("Asks how long the recording of her call of last month is kept."),
        owner: desk.actor().handle.clone(),
    };
    let answered = app.write_down(desk, &call).await?;
    let told =
        "Ninety days for the recording, a year for the rest; the rule is on the page /policy.";
    app.answer_inquiry(desk, answered, told).await?;
    let letter = WrittenDown {
        way: "letter".to_owned(),
        kind: "complaint".to_owned(),
        from: Secret::new("T. Okonkwo, 14 Mill Lane, Leeds"),
        subject: Secret::new("Nobody said that the call was recorded"),
        text: Secret::new(
            "Writes that the announcement was missing on the line for field service.",
        ),
        ..call
    };
    app.write_down(desk, &letter).await?;
    let facts = "was told that nothing had been passed on, and a summary went to a survey company";
    let at = before(app, Millis(HOUR / 60));
    let from = Secret::new("m.lindqvist@elsewhere.example");
    match app.open_dispute(desk, &from, facts, at).await {
        // A demo of this minute has no version in force before it.
        Ok(_) | Err(AppError::NotFound { .. }) => Ok(()),
        Err(other) => Err(other),
    }
}

/// An exercise that everybody was told of, and one whose clock runs.
async fn exposures(
    app: &App,
    desk: &Scope,
    tenant: &Tenant,
    ids: &[InteractionId],
) -> Result<(), AppError> {
    let first = Breach {
        known: before(app, Millis(30 * HOUR)),
        what: Secret::new("a laptop with an export of five chats was left on a train"),
        categories: BTreeSet::from([DataCategory::RedactedContent, DataCategory::Contact]),
        concerned: BTreeMap::from([(tenant.id, ids.iter().take(5).copied().collect())]),
        consequences: Secret::new("somebody could learn who asked about a refund"),
        measures: Secret::new("its disk is encrypted and was locked from afar; nothing to do"),
        drill: true,
        customers_told: None,
        authority_told: None,
        delay: None,
    };
    let told = app.report_breach(desk, &first).await?;
    app.tell_customers(desk, told, None).await?;
    app.told_authority(desk, told).await?;
    let second = Breach {
        known: before(app, Millis(5 * HOUR)),
        what: Secret::new("a backup was readable to the operator's own people for two hours"),
        consequences: Secret::new("nothing readable: every record in it is sealed"),
        measures: Secret::new("its key was destroyed and the backup made anew"),
        ..first
    };
    app.report_breach(desk, &second).await?;
    Ok(())
}

/// Monthly figures for a recipient that is bound to look for nobody in them.
async fn figures(app: &App, officer: &Scope) -> Result<(), AppError> {
    let all = app.recipients(officer).await?;
    let ours = all.iter().find(|one| {
        let who: &Recipient = &one.recipient;
        one.lacks.is_empty() && who.terms.contains(TERM) && who.noticed_from <= app.now()
    });
    let Some(to) = ours else {
        return Ok(());
    };
    let order = ReleaseOrder {
        recipient: to.id,
        reason: Secret::new("staffing of the coming quarter"),
        shape: Shape {
            groups: vec![Column::Channel],
            sensitive: None,
            k: 10,
            l: 1,
            epsilon: MicroEpsilon(250_000),
        },
    };
    app.release(officer, &order).await.map(|_| ())
}
