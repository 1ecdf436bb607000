//! The policy and the log's name for programs; no key is asked for.

use app::rfc3339;
use axum::Json;
use axum::extract::{Path, Query as Asked, State as Shared};
use policy::Policy;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::pages::public::policy::instant;
use crate::problem::Problem;

/// A version of the policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyWire {
    /// SHA-256 of its document, in hex.
    version: String,
    /// Number for people.
    number: String,
    /// Its title.
    title: String,
    /// Who answers for it.
    controller: String,
    /// Where questions and complaints go.
    contact: String,
    /// First day on which it holds.
    effective_from: String,
    /// Whether it holds now.
    in_force: bool,
    /// Every clause, in order.
    clauses: Vec<ClauseWire>,
}

/// One clause.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClauseWire {
    /// Its number, stable over versions.
    id: String,
    /// `duty`, `never`, `may`, `choice`, `fact`, `claim` or `disclaimer`.
    kind: String,
    /// `site`, `hosting` or `both`.
    plane: String,
    /// Heading that it stands under.
    section: String,
    /// Its words.
    words: String,
    /// First 16 hexadecimal digits of the SHA-256 of its words.
    words_sha256: String,
    /// Why it is not in force yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_in_force: Option<String>,
}

impl PolicyWire {
    fn of(state: &State, policy: &Policy) -> Self {
        let head = policy.head();
        let heading = |key: &str| {
            let found = policy.sections().iter().find(|one| one.key == key);
            found.map_or_else(|| key.to_owned(), |one| one.heading.clone())
        };
        Self {
            version: policy.version().to_owned(),
            number: head.number.clone(),
            title: head.title.clone(),
            controller: head.controller.clone(),
            contact: head.contact.clone(),
            effective_from: head.effective_from.to_string(),
            in_force: policy.version() == state.app.policy().version(),
            clauses: policy
                .clauses()
                .iter()
                .map(|clause| ClauseWire {
                    id: clause.id.to_string(),
                    kind: clause.kind.key().to_owned(),
                    plane: clause.plane.key().to_owned(),
                    section: heading(&clause.section),
                    words: clause.prose.trim().to_owned(),
                    words_sha256: clause.hash_of_words(),
                    not_in_force: clause.unbacked.clone(),
                })
                .collect(),
        }
    }
}

/// Which day's policy.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AtQuery {
    /// A day, or an instant as RFC 3339; default: now.
    at: Option<String>,
}

/// The policy in force, or the one that was.
#[utoipa::path(get, path = "/api/v1/policy", params(AtQuery), security(()),
    responses((status = 200, body = PolicyWire), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn in_force(
    Shared(state): Shared<State>,
    Asked(query): Asked<AtQuery>,
) -> Result<Json<PolicyWire>, Problem> {
    let Some(at) = query.at else {
        return Ok(Json(PolicyWire::of(&state, &state.app.policy())));
    };
    let found = state.app.policy_at(instant(&at)?).await?;
    Ok(Json(PolicyWire::of(&state, &found)))
}

/// A posted version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionWire {
    /// SHA-256 of its document, in hex.
    version: String,
    /// Number for people.
    number: String,
    /// When it was posted, RFC 3339.
    posted: String,
    /// From when on it holds, RFC 3339.
    effective_from: String,
    /// Whether it holds now.
    in_force: bool,
}

/// Every posted version, newest first.
#[utoipa::path(get, path = "/api/v1/policy/versions", security(()),
    responses((status = 200, body = Vec<VersionWire>)))]
pub(crate) async fn versions(
    Shared(state): Shared<State>,
) -> Result<Json<Vec<VersionWire>>, Problem> {
    let all = state.app.policy_versions().await?;
    let wire = all.into_iter().map(|view| VersionWire {
        version: view.version,
        number: view.number,
        posted: rfc3339(view.posted),
        effective_from: rfc3339(view.effective_from),
        in_force: view.in_force,
    });
    Ok(Json(wire.collect()))
}

/// One posted version, by its hash or at least six digits of its beginning.
#[utoipa::path(get, path = "/api/v1/policy/versions/{version}", params(("version" = String, Path)), security(()),
    responses((status = 200, body = PolicyWire), (status = 404, body = Problem)))]
pub(crate) async fn version(
    Shared(state): Shared<State>,
    Path(version): Path<String>,
) -> Result<Json<PolicyWire>, Problem> {
    let found = state.app.policy_version(&version).await?;
    Ok(Json(PolicyWire::of(&state, &found)))
}

/// Which two versions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareQuery {
    /// Hash of the earlier version, or its beginning.
    from: String,
    /// Hash of the later one; default: the one in force.
    to: Option<String>,
}

/// What changed between two versions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifferenceWire {
    /// Hash of the earlier version.
    from: String,
    /// Hash of the later one.
    to: String,
    /// Whether people must be told before it touches data that is held already.
    material: bool,
    /// Every change.
    changes: Vec<ChangeWire>,
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeWire {
    /// The clause, where it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    /// What changed, for a person.
    sentence: String,
    /// Whether it is material by itself.
    material: bool,
}

/// Compares two versions.
#[utoipa::path(get, path = "/api/v1/policy/compare", params(CompareQuery), security(()),
    responses((status = 200, body = DifferenceWire), (status = 404, body = Problem)))]
pub(crate) async fn compare(
    Shared(state): Shared<State>,
    Asked(query): Asked<CompareQuery>,
) -> Result<Json<DifferenceWire>, Problem> {
    let from = state.app.policy_version(&query.from).await?;
    let found = state
        .app
        .compare_policies(from.version(), query.to.as_deref())
        .await?;
    Ok(Json(DifferenceWire {
        material: found.is_material(),
        from: found.from,
        to: found.to,
        changes: found
            .changes
            .into_iter()
            .map(|change| ChangeWire {
                clause: change.clause.map(|id| id.to_string()),
                sentence: change.sentence,
                material: change.material,
            })
            .collect(),
    }))
}

/// What a verifier pins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogWire {
    /// Name of the log.
    origin: String,
    /// Keys that sign or signed its checkpoints, in signed-note's form.
    keys: Vec<String>,
    /// Path of the newest checkpoint.
    checkpoint: &'static str,
    /// Path below which its tiles are.
    tiles: &'static str,
}

/// Name and keys of the transparency log.
#[utoipa::path(get, path = "/api/v1/log", security(()), responses((status = 200, body = LogWire)))]
pub(crate) async fn log(Shared(state): Shared<State>) -> Result<Json<LogWire>, Problem> {
    Ok(Json(LogWire {
        origin: state.app.ledger_origin().to_owned(),
        keys: state.app.ledger_keys().await?,
        checkpoint: "/log/checkpoint",
        tiles: "/log/tile/",
    }))
}
