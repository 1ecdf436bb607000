//! Explains any decision: who may do what with what, for what, and why or why not.

use domain::{Actor, ActorKind, DataCategory, InteractionId, Purpose, TenantId, TenantRole};
use policy::{Denial, Disclose, Erase, Facts, Find, Interactions, Read, Scope, Seal, decide};

use crate::app::App;
use crate::error::AppError;

/// Rights that can be asked in, with what they are called.
pub const RIGHTS: &[(&str, &str)] = &[
    ("owner", "owner"),
    ("analyst", "analyst"),
    ("coach", "coach"),
    ("agent", "agent, of their own interaction"),
    ("agent_elsewhere", "agent, of somebody else's interaction"),
    ("privacy_officer", "privacy officer"),
    ("integrator", "integrator"),
    ("api_key", "API key"),
    ("pipeline", "the pipeline"),
    ("operator_admin", "the operator's administrator"),
    ("privacy_desk", "the operator's privacy desk"),
    ("break_glass", "somebody of the operator who was let in"),
];

/// Actions that can be asked about, with what they mean.
pub const ACTIONS: &[(&str, &str)] = &[
    ("read", "open"),
    ("seal", "store"),
    ("find", "list or search"),
    ("erase", "erase"),
    ("disclose", "hand to somebody else"),
];

/// A question to the policy in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The right that is asked in: a role, `api_key`, `pipeline`, `operator_admin`, …
    pub right: String,
    /// `read`, `seal`, `find`, `erase` or `disclose`.
    pub action: String,
    /// What for.
    pub purpose: Purpose,
    /// Which kinds of data.
    pub categories: Vec<DataCategory>,
    /// About which interaction; none: about a freshly taken one in good order.
    pub about: Option<(TenantId, InteractionId)>,
}

/// The answer with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The clauses that allow it, or stand against it.
    pub clauses: Vec<String>,
    /// Why, for a person.
    pub sentence: String,
    /// The words of those clauses.
    pub words: Vec<String>,
    /// The version that answers.
    pub version: String,
}

impl App {
    /// What the policy in force answers. Nothing is opened and nothing is recorded.
    ///
    /// # Errors
    /// [`AppError::Input`] for an unknown right or action; [`AppError::NotFound`].
    #[expect(
        clippy::disallowed_methods,
        reason = "asked by nobody for nothing: the permit is dropped"
    )]
    pub async fn ask_policy(&self, question: &Question) -> Result<Answer, AppError> {
        let (tenant, id, facts) = match question.about {
            Some((tenant, id)) => {
                let facts = self.store.facts(tenant, id).await?;
                let facts = facts.ok_or_else(|| AppError::NotFound {
                    what: "interaction",
                    name: id.to_string(),
                })?;
                (tenant, id, facts)
            }
            None => (
                TenantId::INSTALLATION,
                InteractionId::from_uuid(TenantId::INSTALLATION.as_uuid()),
                self.in_good_order(),
            ),
        };
        let actor = Actor {
            kind: right(&question.right, id)?,
            handle: "question".to_owned(),
        };
        let scope = Scope::authenticated(tenant, actor, question.purpose, self.now());
        let policy = self.policy();
        let kinds = &question.categories;
        macro_rules! clauses {
            ($action:ty, $resource:expr) => {
                decide::<$action, _>(&policy, &scope, $resource, kinds, &facts)
                    .map(|permit| permit.clauses().to_vec())
            };
        }
        let outcome: Result<Vec<domain::ClauseId>, Denial> = match question.action.as_str() {
            "read" => clauses!(Read, id),
            "seal" => clauses!(Seal, id),
            "find" => clauses!(Find, Interactions),
            "erase" => clauses!(Erase, id),
            "disclose" => clauses!(Disclose, id),
            other => {
                return Err(AppError::Input(format!(
                    "`{other}` is no action; it is read, seal, find, erase or disclose"
                )));
            }
        };
        let (allowed, clauses, sentence) = match outcome {
            Ok(clauses) => (true, clauses, "it is allowed".to_owned()),
            Err(denial) => (false, denial.clauses, denial.sentence),
        };
        let words = clauses
            .iter()
            .filter_map(|id| policy.clause(id))
            .map(|clause| clause.prose.trim().to_owned());
        Ok(Answer {
            allowed,
            words: words.collect(),
            clauses: clauses.iter().map(ToString::to_string).collect(),
            sentence,
            version: policy.version().to_owned(),
        })
    }

    fn in_good_order(&self) -> Facts {
        Facts {
            instruction: Some("an instruction".to_owned()),
            subjects: 2,
            lawful_bases: vec![domain::LawfulBasis {
                basis: "contract".to_owned(),
                expires: None,
                grants: Vec::new(),
            }],
            collected_under: Some(self.policy().version().to_owned()),
            collected_at: Some(self.now()),
            ..Facts::default()
        }
    }
}

/// The actor of a right; an agent is one who took part.
fn right(key: &str, id: InteractionId) -> Result<ActorKind, AppError> {
    let role = |role: TenantRole| ActorKind::TenantUser {
        role,
        own: match role {
            TenantRole::Agent => vec![id],
            _ => Vec::new(),
        },
    };
    let nobody = domain::ApiKeyId::from_uuid(id.as_uuid());
    Ok(match key {
        "api_key" => ActorKind::ApiKey(nobody),
        "pipeline" => ActorKind::Pipeline,
        "operator_admin" => ActorKind::OperatorAdmin,
        "privacy_desk" => ActorKind::PrivacyDesk,
        "break_glass" => ActorKind::BreakGlass(domain::BreakGlassId::from_uuid(id.as_uuid())),
        "agent_elsewhere" => ActorKind::TenantUser {
            role: TenantRole::Agent,
            own: Vec::new(),
        },
        other => role(other.parse().map_err(|_| {
            AppError::Input(format!(
                "`{other}` is no right; it is owner, analyst, coach, agent, agent_elsewhere, \
                 privacy_officer, integrator, api_key, pipeline, operator_admin, privacy_desk or \
                 break_glass"
            ))
        })?),
    })
}
