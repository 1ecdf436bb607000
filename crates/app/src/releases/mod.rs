//! Figures about many conversations, for a named recipient: through one gate, with noise, under a
//! yearly budget that is added exactly. No conversation, no word and no name leaves this way.

mod table;

use domain::{DataCategory, Millis, Purpose, RecipientId, ReleaseId, Secret, Timestamp};
use policy::{Find, Scope, Seal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{ListFilter, Page, Registered, Summary};

pub use table::{Column, Margin, MicroEpsilon, Row, Shape};

use crate::app::App;
use crate::error::AppError;
use crate::keyed;
use crate::reading::rfc3339;

/// What all releases of a customer may lose together within a year (epsilon 2).
pub const YEARLY: MicroEpsilon = MicroEpsilon(2_000_000);
/// The smallest group that may be asked for.
pub const SMALLEST_GROUP: u64 = 5;
/// The term by which a recipient promises to find nobody in the figures.
pub const TERM: &str = "no_reidentification";
const YEAR: Millis = Millis(365 * 86_400_000);
const FORMAT: &str = "privity.release/1";
const PAGE: u32 = 1_000;

/// A release as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// To whom.
    #[serde(with = "keyed::one")]
    pub recipient: RecipientId,
    /// What for.
    #[serde(with = "keyed::secret")]
    pub reason: Secret,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Privacy loss; zero where it was refused after all.
    pub epsilon: MicroEpsilon,
    /// Smallest group.
    pub k: u64,
    /// Fewest values of the sensitive column.
    pub l: u64,
    /// SHA-256 of the file, in hex; none where none was made.
    pub sha256: Option<String>,
    /// Who decided, by handle.
    pub by: String,
}

impl Registered for Release {
    type Id = ReleaseId;
    const REGISTER: &'static str = "releases";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.sha256.is_some() {
            "released"
        } else {
            "refused"
        }
    }
}

/// A release with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseView {
    /// Its number.
    pub id: ReleaseId,
    /// When it was decided.
    pub at: Timestamp,
    /// What it says.
    pub release: Release,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ReleaseOrder {
    /// To whom.
    pub recipient: RecipientId,
    /// What for.
    pub reason: Secret,
    /// Which figures.
    pub shape: Shape,
}

/// What would stand against a release, and what it would cost. Nothing of the conversations is
/// looked at for it: who tries shapes learns nothing and spends nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Every reason to refuse it; empty: it may be made.
    pub against: Vec<String>,
    /// What the releases of the last year lost together.
    pub spent: MicroEpsilon,
    /// What would be left of the year's budget.
    pub left: MicroEpsilon,
    /// Groups that the closed lists allow, full or empty.
    pub groups: u64,
    /// How noisy it would be; none where no figures can be made of the shape.
    pub margin: Option<Margin>,
}

impl App {
    /// What a release would be refused for and what it would cost, without making it.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn preview_release(
        &self,
        scope: &Scope,
        order: &ReleaseOrder,
    ) -> Result<Preview, AppError> {
        let mut against = self.refusals(scope, order).await?;
        let spent = self.spent(scope).await?;
        let with = spent.plus(order.shape.epsilon);
        if with > YEARLY {
            against.push(beyond(with));
        }
        Ok(Preview {
            against,
            spent,
            left: MicroEpsilon(YEARLY.0.saturating_sub(with.0)),
            groups: order.shape.cells(),
            margin: order.shape.margin(),
        })
    }

    /// Makes the figures for a granted recipient and writes the release down. What was spent stays
    /// spent, whatever becomes of the file.
    ///
    /// # Errors
    /// [`AppError::Input`] for a recipient that is not bound not to look for persons, for groups
    /// that are too small, or beyond the year's budget; [`AppError::Denied`].
    pub async fn release(
        &self,
        scope: &Scope,
        order: &ReleaseOrder,
    ) -> Result<(ReleaseId, String), AppError> {
        self.may_receive(scope, order).await?;
        let mut release = Release {
            recipient: order.recipient,
            reason: order.reason.clone(),
            columns: columns(&order.shape),
            epsilon: order.shape.epsilon,
            k: order.shape.k,
            l: u64::try_from(order.shape.l).unwrap_or(u64::MAX),
            sha256: None,
            by: scope.actor().handle.clone(),
        };
        let permit = self.keep::<Seal>(scope).await?;
        // Entered before it is looked at what the year has left: of two at once none gets more.
        let id = self.store.file(&permit, &release).await?;
        let spent = self.spent(scope).await?;
        let reading = self.keep::<policy::Read>(scope).await?;
        let seen = self.store.filed::<Release>(&reading, id).await?;
        if spent > YEARLY {
            release.epsilon = MicroEpsilon(0);
            self.store.amend(&permit, &seen, &release).await?;
            return Err(AppError::Input(format!("{} (clause P42)", beyond(spent))));
        }
        let rows = table::count(&order.shape, &self.everything(scope).await?)?;
        let file = json!({
            "format": FORMAT, "release": id.to_string(), "made": rfc3339(self.now()),
            "recipient": order.recipient.to_string(), "terms": [TERM],
            "policy": self.policy().version(), "unit": "conversation",
            "epsilon": order.shape.epsilon.to_string(), "k": order.shape.k, "l": order.shape.l,
            "mechanism": "discrete Laplace", "withheld": "groups that are small, alike or empty",
            "rows": rows,
        });
        let file = format!("{file:#}\n");
        release.sha256 = Some(hex::encode(Sha256::digest(file.as_bytes())));
        self.store.amend(&permit, &seen, &release).await?;
        Ok((id, file))
    }

    /// The first reason against a release, as a refusal.
    async fn may_receive(&self, scope: &Scope, order: &ReleaseOrder) -> Result<(), AppError> {
        match self.refusals(scope, order).await?.into_iter().next() {
            Some(why) => Err(AppError::Input(format!("{why} (clause P42)"))),
            None => Ok(()),
        }
    }

    /// Everything that stands against a release beside the budget.
    async fn refusals(&self, scope: &Scope, order: &ReleaseOrder) -> Result<Vec<String>, AppError> {
        let (shape, mut against) = (&order.shape, Vec::new());
        let all = self.recipients(scope).await?;
        match all.iter().find(|one| one.id == order.recipient) {
            None => against.push("there is no such recipient".to_owned()),
            Some(known) => {
                let noticed = known.recipient.noticed_from <= self.now();
                if known.recipient.state() != "granted" || !noticed {
                    against.push("the recipient is not granted, or its notice is not over".into());
                }
                if !known.recipient.terms.contains(TERM) {
                    against.push(format!(
                        "the recipient's contract does not say that it looks for nobody in the \
                         figures: add the term {TERM}"
                    ));
                }
            }
        }
        if order.reason.expose().trim().is_empty() {
            against.push("a release says what it is for".to_owned());
        }
        if shape.k < SMALLEST_GROUP || shape.sensitive.is_some() && shape.l < 2 {
            against.push("the smallest group is 5, and shows at least 2 values".to_owned());
        }
        if shape.epsilon.0 == 0 || shape.epsilon > YEARLY {
            against.push(format!("the loss epsilon is above 0 and at most {YEARLY}"));
        }
        if shape
            .sensitive
            .is_some_and(|one| shape.groups.contains(&one))
        {
            against.push("what is counted cannot make the groups as well".to_owned());
        }
        Ok(against)
    }

    /// What all releases of the last year lose together.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn spent(&self, scope: &Scope) -> Result<MicroEpsilon, AppError> {
        let now = self.now();
        let all = self.releases(scope).await?;
        Ok(all
            .iter()
            .filter(|one| now.since(one.at) < YEAR)
            .fold(MicroEpsilon(0), |sum, one| sum.plus(one.release.epsilon)))
    }

    /// The tenant's releases, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn releases(&self, scope: &Scope) -> Result<Vec<ReleaseView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Release>(&permit, &[], None, 100_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| ReleaseView {
                id: filed.id,
                at: filed.filed,
                release: filed.body,
            })
            .collect())
    }

    /// Facts of every interaction, none of its words.
    async fn everything(&self, scope: &Scope) -> Result<Vec<Summary>, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let permit = self
            .ask_to_find(&scope, &[DataCategory::InteractionMetadata])
            .await?;
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = Page { limit: PAGE, after };
            let found = self
                .store
                .list(&permit, &ListFilter::default(), &page)
                .await?;
            after = found.last().map(|one| one.id);
            let full = found.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
            all.extend(found);
            if !full {
                return Ok(all);
            }
        }
    }
}

fn beyond(spent: MicroEpsilon) -> String {
    format!(
        "within a year all releases together may lose epsilon {YEARLY}; with this one they would \
         have lost {spent}"
    )
}

fn columns(shape: &Shape) -> Vec<String> {
    let all = shape.groups.iter().chain(&shape.sensitive);
    all.map(ToString::to_string).collect()
}
