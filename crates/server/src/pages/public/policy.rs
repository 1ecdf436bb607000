//! The policy as it is enforced: in force, at an instant, by version, and two versions compared.

use app::policy_desk::VersionView;
use askama::Template;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use policy::{Clause, ClausePlane, Mark, Policy, redline};

use crate::pages::overview::Moment;
use crate::pages::{Oops, page};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Forms for programs, with their media types and what they are.
pub(crate) const FORMS: &[(&str, &str, Say)] = &[
    (
        "markdown",
        "text/markdown; charset=utf-8",
        t("public-policy-form-markdown"),
    ),
    (
        "fideslang",
        "application/yaml; charset=utf-8",
        t("public-policy-form-fideslang"),
    ),
    ("dpv", "application/ld+json", t("public-policy-form-dpv")),
    (
        "cedar",
        "text/plain; charset=utf-8",
        t("public-policy-form-cedar"),
    ),
    (
        "source",
        "application/toml; charset=utf-8",
        t("public-policy-form-source"),
    ),
];

#[derive(Template)]
#[template(path = "public/policy.html")]
struct PolicyPage {
    title: String,
    number: String,
    version: String,
    from: String,
    controller: String,
    contact: String,
    sections: Vec<Section>,
    purposes: Vec<(String, String)>,
    kept: Vec<(String, String, String)>,
    recipients: Vec<(String, String)>,
    asking: Vec<(String, String, u16, String)>,
    forms: &'static [(&'static str, &'static str, Say)],
    in_force: bool,
    /// The day that was asked for.
    at: String,
}

struct Section {
    key: String,
    heading: String,
    clauses: Vec<Row>,
}

struct Row {
    id: String,
    kind: String,
    prose: String,
    /// Only about visitors of the operator's own site.
    site: bool,
    unbacked: Option<String>,
}

impl PolicyPage {
    fn of(policy: &Policy, in_force: bool, at: &str) -> Self {
        let head = policy.head();
        Self {
            title: head.title.clone(),
            number: head.number.clone(),
            version: policy.version().to_owned(),
            from: head.effective_from.to_string(),
            controller: head.controller.clone(),
            contact: head.contact.clone(),
            sections: sections(policy),
            purposes: policy
                .purposes()
                .iter()
                .map(|one| (one.noun.clone(), one.means.clone()))
                .collect(),
            kept: policy
                .retention()
                .iter()
                .map(|rule| {
                    let noun = policy.noun_of(&rule.category).to_owned();
                    (noun, rule.words.clone(), rule.clause.to_string())
                })
                .collect(),
            recipients: policy
                .recipients()
                .iter()
                .map(|one| {
                    let bound = one.bound_by.clone();
                    (
                        one.noun.clone(),
                        bound.unwrap_or_else(|| t("public-policy-bound-by-nothing").to_string()),
                    )
                })
                .collect(),
            asking: policy
                .procedures()
                .iter()
                .map(|how| {
                    (
                        how.about.clone(),
                        how.ask.clone(),
                        how.days,
                        how.fee.clone(),
                    )
                })
                .collect(),
            forms: FORMS,
            in_force,
            at: at.to_owned(),
        }
    }
}

fn sections(policy: &Policy) -> Vec<Section> {
    let clauses = |key: &str| {
        let within = policy.clauses().iter().filter(|one| one.section == key);
        within.map(row).collect::<Vec<Row>>()
    };
    policy
        .sections()
        .iter()
        .map(|section| Section {
            key: section.key.clone(),
            heading: section.heading.clone(),
            clauses: clauses(&section.key),
        })
        .filter(|section| !section.clauses.is_empty())
        .collect()
}

fn row(clause: &Clause) -> Row {
    Row {
        id: clause.id.to_string(),
        kind: clause.kind.key().to_owned(),
        prose: clause.prose.trim().to_owned(),
        site: clause.plane == ClausePlane::Site,
        unbacked: clause.unbacked.clone(),
    }
}

/// The version in force, or with `at` the one of that day.
pub(super) async fn in_force(
    Shared(state): Shared<State>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let current = state.app.policy();
    let asked = pairs.iter().find(|(name, _)| name == "at");
    let Some((_, at)) = asked.filter(|(_, at)| !at.is_empty()) else {
        return Ok(page(&PolicyPage::of(&current, true, "")));
    };
    let found = state.app.policy_at(instant(at)?).await?;
    let in_force = found.version() == current.version();
    Ok(page(&PolicyPage::of(&found, in_force, at)))
}

/// A day stands for its last second: what held on it holds at its end.
pub(crate) fn instant(text: &str) -> Result<domain::Timestamp, Problem> {
    let whole = if text.len() == 10 {
        format!("{text}T23:59:59Z")
    } else {
        text.to_owned()
    };
    Ok(app::parse_time(&whole)?)
}

pub(super) async fn version(
    Shared(state): Shared<State>,
    Path(version): Path<String>,
) -> Result<Response, Oops> {
    let found = state.app.policy_version(&version).await?;
    let in_force = found.version() == state.app.policy().version();
    Ok(page(&PolicyPage::of(&found, in_force, "")))
}

#[derive(Template)]
#[template(path = "public/versions.html")]
struct VersionsPage {
    rows: Vec<Version>,
}

struct Version {
    version: String,
    short: String,
    number: String,
    posted: Moment,
    from: Moment,
    in_force: bool,
    /// The one before it.
    before: Option<String>,
}

pub(super) async fn versions(Shared(state): Shared<State>) -> Result<Response, Oops> {
    let all = state.app.policy_versions().await?;
    let before = all.iter().skip(1).map(|view| Some(view.version.clone()));
    let rows = all.iter().zip(before.chain([None]));
    Ok(page(&VersionsPage {
        rows: rows
            .map(|(view, before)| version_row(view, before))
            .collect(),
    }))
}

fn version_row(view: &VersionView, before: Option<String>) -> Version {
    Version {
        short: view.version.chars().take(12).collect(),
        version: view.version.clone(),
        number: view.number.clone(),
        posted: Moment::of(view.posted),
        from: Moment::of(view.effective_from),
        in_force: view.in_force,
        before,
    }
}

#[derive(Template)]
#[template(path = "public/compare.html")]
struct ComparePage {
    versions: Vec<(String, String, String)>,
    from: String,
    to: String,
    compared: Option<Compared>,
}

struct Compared {
    material: bool,
    changes: Vec<(String, String, bool)>,
    lines: Vec<Line>,
}

struct Line {
    clause: String,
    pieces: Vec<(&'static str, String)>,
}

/// Two versions: what it means, then the words with what went and what came.
pub(super) async fn compare(
    Shared(state): Shared<State>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Oops> {
    let asked = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (from, to) = (asked("from"), asked("to"));
    let all = state.app.policy_versions().await?;
    let compared = if from.is_empty() || to.is_empty() {
        None
    } else {
        Some(compared(&state, from, to).await?)
    };
    Ok(page(&ComparePage {
        versions: all
            .iter()
            .map(|view| {
                let day: String = Moment::of(view.effective_from)
                    .text
                    .chars()
                    .take(10)
                    .collect();
                let short: String = view.version.chars().take(12).collect();
                (
                    view.version.clone(),
                    format!("{} from {day}", view.number),
                    short,
                )
            })
            .collect(),
        from: from.to_owned(),
        to: to.to_owned(),
        compared,
    }))
}

async fn compared(state: &State, from: &str, to: &str) -> Result<Compared, Oops> {
    let difference = state.app.compare_policies(from, Some(to)).await?;
    let (old, new) = (
        state.app.policy_version(from).await?,
        state.app.policy_version(to).await?,
    );
    let changes = difference.changes.iter().filter(|change| {
        // The words themselves stand in the redline.
        !change.sentence.contains(" is worded anew: ")
    });
    Ok(Compared {
        material: difference.is_material(),
        changes: changes
            .map(|change| {
                let clause = change
                    .clause
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string);
                (clause, change.sentence.clone(), change.material)
            })
            .collect(),
        lines: redline(&old, &new)
            .into_iter()
            .map(|line| Line {
                clause: line.clause.to_string(),
                pieces: line
                    .pieces
                    .into_iter()
                    .map(|(mark, words)| (tag(mark), words))
                    .collect(),
            })
            .collect(),
    })
}

const fn tag(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Out => "del",
        Mark::In => "ins",
    }
}

/// The version in force in a form for programs.
pub(super) async fn machine(
    Shared(state): Shared<State>,
    Path(form): Path<String>,
) -> Result<Response, Oops> {
    let Some((key, kind, _)) = FORMS.iter().find(|(key, ..)| *key == form) else {
        return Err(Problem::from(app::AppError::NotFound {
            what: "form of the policy",
            name: form,
        })
        .into());
    };
    let text = match *key {
        "source" => state.app.policy().text().to_owned(),
        key => state.app.render_policy(key, false).await?,
    };
    let mut response = text.into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}
