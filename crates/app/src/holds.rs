//! Legal holds: cases, each with the interactions that it keeps from erasure.

use std::collections::BTreeSet;

use domain::{HoldId, InteractionId, Secret, Timestamp};
use policy::{Denial, Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Filed, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::keyed;

/// A hold as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The case, as people call it.
    #[serde(with = "keyed::secret")]
    pub case: Secret,
    /// Why, in the officer's words.
    #[serde(with = "keyed::secret")]
    pub reason: Secret,
    /// Who placed it, by handle.
    pub placed_by: String,
    /// When it was lifted as a whole.
    #[serde(with = "keyed::maybe_at")]
    pub lifted: Option<Timestamp>,
    /// Who lifted it.
    pub lifted_by: Option<String>,
}

impl Registered for Hold {
    type Id = HoldId;
    const REGISTER: &'static str = "holds";
    const PERSONAL: bool = true;

    fn state(&self) -> &'static str {
        if self.lifted.is_some() {
            "lifted"
        } else {
            "placed"
        }
    }
}

/// A hold with what lies under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldView {
    /// Its number.
    pub id: HoldId,
    /// When it was placed.
    pub placed: Timestamp,
    /// What it says.
    pub hold: Hold,
    /// What it keeps.
    pub interactions: BTreeSet<InteractionId>,
}

impl App {
    /// Places a hold on interactions.
    ///
    /// # Errors
    /// [`AppError::Input`] without a case, a reason or interactions; [`AppError::Denied`];
    /// [`AppError::NotFound`].
    pub async fn place_hold(
        &self,
        scope: &Scope,
        case: &str,
        reason: &str,
        interactions: &BTreeSet<InteractionId>,
    ) -> Result<HoldId, AppError> {
        if case.trim().is_empty() || reason.trim().is_empty() || interactions.is_empty() {
            return Err(AppError::Input(
                "a hold needs a case, a reason and at least one interaction (clause P41)"
                    .to_owned(),
            ));
        }
        let permit = self.keep::<Seal>(scope).await?;
        let hold = Hold {
            case: Secret::new(case.trim()),
            reason: Secret::new(reason.trim()),
            placed_by: scope.actor().handle.clone(),
            lifted: None,
            lifted_by: None,
        };
        Ok(self.store.place_hold(&permit, &hold, interactions).await?)
    }

    /// Lays a hold on further interactions, or takes it off some.
    ///
    /// # Errors
    /// [`AppError::Input`] where it was lifted; [`AppError::NotFound`]; [`AppError::Denied`].
    pub async fn change_hold(
        &self,
        scope: &Scope,
        id: HoldId,
        add: &BTreeSet<InteractionId>,
        release: &BTreeSet<InteractionId>,
    ) -> Result<(), AppError> {
        let seen = self.hold_record(scope, id).await?;
        if seen.body.lifted.is_some() {
            return Err(AppError::Input(format!(
                "`{id}` was lifted; place a new hold"
            )));
        }
        let permit = self.keep::<Seal>(scope).await?;
        let same = seen.body.clone();
        self.store
            .change_hold(&permit, &seen, &same, add, release)
            .await?;
        Ok(())
    }

    /// Lifts a hold from everything that it keeps. What other holds keep stays kept.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Denied`].
    pub async fn lift_hold(&self, scope: &Scope, id: HoldId) -> Result<(), AppError> {
        let seen = self.hold_record(scope, id).await?;
        let items = self.items_of(scope, id).await?;
        let permit = self.keep::<Seal>(scope).await?;
        let lifted = Hold {
            lifted: Some(self.now()),
            lifted_by: Some(scope.actor().handle.clone()),
            ..seen.body.clone()
        };
        self.store
            .change_hold(&permit, &seen, &lifted, &BTreeSet::new(), &items)
            .await?;
        Ok(())
    }

    /// Every hold of the tenant, newest first, lifted ones too.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn holds(&self, scope: &Scope) -> Result<Vec<HoldView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let holds = self
            .store
            .register::<Hold>(&permit, &[], None, 1_000)
            .await?;
        let items = self.store.held(&permit, None).await?;
        Ok(holds
            .into_iter()
            .map(|filed| HoldView {
                interactions: items
                    .iter()
                    .filter(|item| item.hold == filed.id)
                    .map(|item| item.interaction)
                    .collect(),
                id: filed.id,
                placed: filed.filed,
                hold: filed.body,
            })
            .collect())
    }

    /// Names the cases that keep an interaction, in a refusal to erase it.
    pub(crate) async fn name_cases(
        &self,
        scope: &Scope,
        id: InteractionId,
        mut denial: Box<Denial>,
    ) -> Box<Denial> {
        let held = matches!(
            self.store.facts(scope.tenant(), id).await,
            Ok(Some(facts)) if facts.on_hold
        );
        if held
            && let Ok(cases) = self.cases_of(scope, id).await
            && !cases.is_empty()
        {
            denial.sentence = format!("{}: {}", denial.sentence, cases.join(", "));
        }
        denial
    }

    /// The cases under which an interaction lies, by name and number.
    async fn cases_of(&self, scope: &Scope, id: InteractionId) -> Result<Vec<String>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let items = self.store.held(&permit, Some(id)).await?;
        let holds = self
            .store
            .register::<Hold>(&permit, &["placed"], None, 1_000)
            .await?;
        Ok(holds
            .iter()
            .filter(|filed| items.iter().any(|item| item.hold == filed.id))
            .map(|filed| format!("{} ({})", filed.body.case.expose(), filed.id))
            .collect())
    }

    async fn items_of(
        &self,
        scope: &Scope,
        id: HoldId,
    ) -> Result<BTreeSet<InteractionId>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let items = self.store.held(&permit, None).await?.into_iter();
        Ok(items
            .filter(|item| item.hold == id)
            .map(|item| item.interaction)
            .collect())
    }

    async fn hold_record(&self, scope: &Scope, id: HoldId) -> Result<Filed<Hold>, AppError> {
        let permit = self.keep::<Read>(scope).await?;
        Ok(self.store.filed(&permit, id).await?)
    }
}
