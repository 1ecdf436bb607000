//! Figures about many: the year's budget, what a release would cost and be refused for, the file
//! once, and what was released.

use app::disclosures::{RecipientView, Registered as _};
use app::releases::{
    Column, Margin, MicroEpsilon, Preview, ReleaseOrder, ReleaseView, SMALLEST_GROUP, Shape, TERM,
    YEARLY,
};
use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;
use domain::RecipientId;

use super::{At, Desk, acting, file, sent, short};
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page};
use crate::problem::Problem;
use crate::{Say, State, t};

/// What is asked for where nobody said anything.
const USUAL_K: u64 = 10;
const USUAL_L: usize = 2;
const USUAL_EPSILON: MicroEpsilon = MicroEpsilon(250_000);

#[derive(Template)]
#[template(path = "desk/releases.html")]
struct ReleasesPage {
    me: Me,
    desk: Desk,
    spent: String,
    yearly: String,
    share: u64,
    rows: Vec<Row>,
    recipients: Vec<Offer>,
    /// Somebody who is granted promised to look for nobody in figures.
    bound: bool,
    groups: Vec<Offer>,
    counted: Vec<Offer>,
    asked: Asked,
    smallest: u64,
    term: &'static str,
    preview: Option<Shown>,
}

struct Row {
    id: String,
    at: Moment,
    to: String,
    reason: String,
    columns: String,
    epsilon: String,
    k: u64,
    l: u64,
    by: String,
    sha256: Option<String>,
    hash: String,
}

struct Offer {
    key: String,
    name: String,
    chosen: bool,
}

/// The form as it was filled in.
struct Asked {
    reason: String,
    k: u64,
    l: usize,
    epsilon: String,
}

struct Shown {
    against: Vec<String>,
    left: String,
    groups: u64,
    margin: Option<Margin>,
}

pub(super) async fn list(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let at = At::of(&state, &person, "/desk/releases").await?;
    shown(&state, at, None, None).await
}

async fn shown(
    state: &State,
    at: At,
    order: Option<&ReleaseOrder>,
    preview: Option<Preview>,
) -> Result<Response, Oops> {
    let spent = state.app.spent(&at.scope).await?;
    let all = state.app.releases(&at.scope).await?;
    let recipients = state.app.recipients(&at.scope).await?;
    let shape = order.map(|order| &order.shape);
    let chosen = order.map(|order| order.recipient);
    Ok(page(&ReleasesPage {
        me: at.me,
        desk: at.desk,
        spent: plain(spent),
        yearly: plain(YEARLY),
        share: (spent.0 * 100 / YEARLY.0).min(100),
        rows: all.iter().map(|view| row(view, &recipients)).collect(),
        bound: granted(&recipients).any(is_bound),
        recipients: granted(&recipients)
            .filter(|one| is_bound(one))
            .chain(granted(&recipients).filter(|one| !is_bound(one)))
            .map(|one| offered(one, chosen))
            .collect(),
        groups: offers(|column| {
            shape.map_or(*column == Column::Channel, |s| s.groups.contains(column))
        }),
        counted: offers(|column| shape.is_some_and(|s| s.sensitive == Some(*column))),
        asked: Asked {
            reason: order.map_or_else(String::new, |order| order.reason.expose().to_owned()),
            k: shape.map_or(USUAL_K, |shape| shape.k),
            l: shape.map_or(USUAL_L, |shape| shape.l.max(USUAL_L)),
            epsilon: plain(shape.map_or(USUAL_EPSILON, |shape| shape.epsilon)),
        },
        smallest: SMALLEST_GROUP,
        term: TERM,
        preview: preview.map(|preview| Shown {
            against: preview.against,
            left: plain(preview.left),
            groups: preview.groups,
            margin: preview.margin,
        }),
    }))
}

fn granted(all: &[RecipientView]) -> impl Iterator<Item = &RecipientView> {
    all.iter().filter(|one| one.recipient.state() == "granted")
}

fn is_bound(one: &RecipientView) -> bool {
    one.recipient.terms.contains(TERM)
}

fn offered(one: &RecipientView, chosen: Option<RecipientId>) -> Offer {
    let name = one.recipient.name.expose();
    Offer {
        key: one.id.to_string(),
        name: if is_bound(one) {
            name.to_owned()
        } else {
            t("desk-releases-name-without-the-term")
                .a("name", name)
                .to_string()
        },
        chosen: chosen == Some(one.id),
    }
}

fn offers(chosen: impl Fn(&Column) -> bool) -> Vec<Offer> {
    Column::ALL
        .iter()
        .map(|column| Offer {
            key: column.key().to_owned(),
            name: in_words(*column).to_string(),
            chosen: chosen(column),
        })
        .collect()
}

const fn in_words(column: Column) -> Say {
    match column {
        Column::Channel => t("desk-releases-column-channel"),
        Column::Direction => t("desk-releases-column-who-began"),
        Column::Weekday => t("desk-releases-column-day-of-the"),
        Column::Length => t("desk-releases-column-length-in-four"),
        Column::Removed => t("desk-releases-column-whether-anything-was"),
    }
}

fn row(view: &ReleaseView, recipients: &[RecipientView]) -> Row {
    let release = &view.release;
    let to = recipients.iter().find(|one| one.id == release.recipient);
    Row {
        id: view.id.to_string(),
        at: Moment::of(view.at),
        to: to.map_or_else(
            || release.recipient.to_string(),
            |one| one.recipient.name.expose().to_owned(),
        ),
        reason: release.reason.expose().to_owned(),
        columns: release.columns.join(", "),
        epsilon: plain(release.epsilon),
        k: release.k,
        l: release.l,
        by: release.by.clone(),
        hash: release.sha256.as_deref().map_or_else(String::new, short),
        sha256: release.sha256.clone(),
    }
}

/// `0.25` for a quarter: without the zeros that say nothing.
fn plain(epsilon: MicroEpsilon) -> String {
    let text = epsilon.to_string();
    let text = text.trim_end_matches('0');
    text.strip_suffix('.').unwrap_or(text).to_owned()
}

/// Shows what a release would cost and be refused for, or makes it and hands its file over: once,
/// because only its hash is kept.
pub(super) async fn act(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = acting(&state, &person)?;
    let order = order(&fields)?;
    if fields.get("act") == "make" {
        let (id, text) = state.app.release(&scope, &order).await?;
        return Ok(file(
            &format!("{id}.json"),
            "application/json",
            text.into_bytes(),
        ));
    }
    let at = At::of(&state, &person, "/desk/releases").await?;
    state.app.may_keep_registers(&at.scope)?;
    let preview = state.app.preview_release(&at.scope, &order).await?;
    shown(&state, at, Some(&order), Some(preview)).await
}

fn order(fields: &Fields) -> Result<ReleaseOrder, Oops> {
    let whole = |name: &str, what: Say| -> Result<u64, Problem> {
        let number = fields.get(name).trim().parse();
        number.map_err(|_| Problem::input(t("problem-is-a-whole-number").a("what", what)))
    };
    let groups: Result<Vec<Column>, Oops> = fields.all("group").map(sent::id).collect();
    let sensitive = match fields.get("count") {
        "" => None,
        key => Some(sent::id(key)?),
    };
    let l =
        usize::try_from(whole("l", t("desk-releases-the-smallest-variety"))?).unwrap_or(usize::MAX);
    Ok(ReleaseOrder {
        recipient: sent::id(fields.get("to"))?,
        reason: fields.secret("reason"),
        shape: Shape {
            groups: groups?,
            k: whole("k", t("desk-releases-the-smallest-group"))?,
            l: if sensitive.is_some() { l } else { 1 },
            sensitive,
            epsilon: micro(fields.get("epsilon").trim())?,
        },
    })
}

/// A loss as people write it, exactly: `0.25` is 250,000 millionths.
fn micro(text: &str) -> Result<MicroEpsilon, Problem> {
    let wrong = || Problem::input(t("problem-the-loss-is-a-number"));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || part.len() > 6 || !digits(whole) || !digits(part) {
        return Err(wrong());
    }
    let (whole, part) = (
        whole.parse::<u64>().map_err(|_| wrong())?,
        format!("{part:0<6}").parse::<u64>().map_err(|_| wrong())?,
    );
    Ok(MicroEpsilon(whole * 1_000_000 + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_read_exactly_and_written_plainly() {
        for (text, micros) in [("0.25", 250_000), ("2", 2_000_000), ("0.000001", 1)] {
            let read = micro(text).ok();
            assert_eq!(read, Some(MicroEpsilon(micros)), "{text}");
            assert_eq!(plain(MicroEpsilon(micros)), text);
        }
        for text in ["", ".5", "1e3", "-1", "0.0000001", "99999"] {
            assert!(micro(text).is_err(), "{text}");
        }
    }
}
