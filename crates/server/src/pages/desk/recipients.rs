//! Recipients that a tenant grants: what binds them, what protects what they get, since when.

use std::collections::{BTreeMap, BTreeSet};

use app::disclosures::{Recipient, RecipientView, SHORTEST_NOTICE_DAYS};
use app::releases::TERM;
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{DataCategory, Millis, Purpose, RecipientId, RecipientKind};

use super::clauses::{kinds_in_words, kinds_offered};
use super::{At, Desk, acting, sent};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Kinds that a grant can name; authorities and successors have procedures of their own.
const GRANTED: &[(RecipientKind, Say)] = &[
    (
        RecipientKind::Customer,
        t("desk-recipients-our-own-systems"),
    ),
    (
        RecipientKind::Processor,
        t("desk-recipients-somebody-who-performs-a-task"),
    ),
    (
        RecipientKind::Person,
        t("desk-recipients-the-person-whom-the-data"),
    ),
];

#[derive(Template)]
#[template(path = "desk/recipients.html")]
struct RecipientsPage {
    me: Me,
    desk: Desk,
    rows: Vec<Row>,
    kinds: Vec<(&'static str, Say)>,
    categories: Vec<(&'static str, Say)>,
    terms: Vec<(String, String)>,
    controls: Vec<Control>,
    region: String,
    notice: u32,
}

struct Row {
    id: String,
    name: String,
    kind: RecipientKind,
    contract: String,
    categories: String,
    region: String,
    transport: String,
    from: Moment,
    waits: bool,
    attested: Moment,
    lacks: Vec<String>,
    stopped: Option<String>,
    state: Say,
    colour: &'static str,
}

struct Control {
    key: String,
    noun: String,
    levels: Vec<(usize, String, bool)>,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/recipients").await?;
    let all = state.app.recipients(&at.scope).await?;
    let (policy, now) = (state.app.policy(), state.app.now());
    let offered = [
        DataCategory::RedactedContent,
        DataCategory::RedactedAudio,
        DataCategory::InteractionMetadata,
    ];
    Ok(page(&RecipientsPage {
        me: at.me,
        desk: at.desk,
        rows: all.iter().map(|view| row(view, now)).collect(),
        kinds: GRANTED
            .iter()
            .map(|(kind, name)| (kind.key(), *name))
            .collect(),
        categories: kinds_offered(&offered),
        terms: policy
            .terms()
            .iter()
            .map(|term| (term.key.clone(), term.means.clone()))
            .chain(std::iter::once((
                TERM.to_owned(),
                t("desk-recipients-it-looks-for-nobody-in").to_string(),
            )))
            .collect(),
        controls: policy
            .controls()
            .iter()
            .map(|control| Control {
                key: control.key.clone(),
                noun: control.noun.clone(),
                levels: control
                    .levels
                    .iter()
                    .enumerate()
                    .map(|(level, means)| {
                        (level, means.clone(), level == usize::from(control.ours))
                    })
                    .collect(),
            })
            .collect(),
        region: state.app.config().region.clone(),
        notice: SHORTEST_NOTICE_DAYS,
    }))
}

fn row(view: &RecipientView, now: domain::Timestamp) -> Row {
    let who = &view.recipient;
    let waits = who.noticed_from > now;
    let (state, colour) = match (&who.stopped, view.lacks.is_empty(), waits) {
        (Some(_), _, _) => (t("desk-recipients-is-stopped"), "bad"),
        (None, false, _) => (t("desk-recipients-weaker-than-the-policy-asks"), "bad"),
        (None, true, true) => (t("desk-recipients-notice-runs"), "busy"),
        (None, true, false) => (t("desk-recipients-is-granted"), "good"),
    };
    Row {
        id: view.id.to_string(),
        name: who.name.expose().to_owned(),
        kind: who.kind,
        contract: who.contract.clone(),
        categories: kinds_in_words(&who.categories),
        region: match &who.mechanism {
            Some(mechanism) => format!("{} ({mechanism})", who.region),
            None => who.region.clone(),
        },
        transport: who.transport.clone(),
        from: Moment::of(who.noticed_from),
        waits,
        attested: Moment::of(who.attested_until),
        lacks: view.lacks.clone(),
        stopped: who.stopped.clone(),
        state,
        colour,
    }
}

/// Grants a recipient. Folders are laid down at this machine's command line only: a page must not
/// choose where the program writes.
pub(super) async fn grant(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let transport = fields.get("transport");
    if !matches!(transport, "webhook" | "mail") {
        return Err(Problem::input(t("problem-a-page-grants-by")).into());
    }
    let days: u32 = sent::whole(fields.get("notice"), t("problem-days-of-notice"))?;
    let mut controls = BTreeMap::new();
    for control in state.app.policy().controls() {
        if let Ok(level) = fields.get(&format!("control-{}", control.key)).parse() {
            controls.insert(control.key.clone(), level);
        }
    }
    let mechanism = fields.get("mechanism").trim();
    let new = Recipient {
        name: fields.secret("name"),
        kind: sent::id(fields.get("kind"))?,
        contract: fields.get("contract").trim().to_owned(),
        purposes: BTreeSet::from([Purpose::Sharing]),
        categories: sent::kinds(&fields)?,
        terms: fields.all("term").map(str::to_owned).collect(),
        controls,
        attested_until: app::parse_time(&format!("{}T00:00:00Z", fields.get("attested")))?,
        region: fields.get("region").trim().to_owned(),
        mechanism: (!mechanism.is_empty()).then(|| mechanism.to_owned()),
        noticed_from: state.app.now().plus(Millis(u64::from(days) * 86_400_000)),
        erase_after_days: fields.get("erase_after").trim().parse().ok(),
        transport: transport.to_owned(),
        address: fields.secret("address"),
        secret: fields.secret("secret"),
        granted_by: person.caller.handle().to_owned(),
        stopped: None,
    };
    state.app.grant_recipient(&scope, &new).await?;
    Ok(see("/desk/recipients"))
}

pub(super) async fn stop(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let id: RecipientId = sent::id(&id)?;
    let why = fields.get("why").trim();
    if why.is_empty() {
        return Err(Problem::input(t("problem-say-why-nothing-goes-there")).into());
    }
    state.app.stop_recipient(&scope, id, why).await?;
    Ok(see("/desk/recipients"))
}
