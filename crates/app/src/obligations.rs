//! Duties laid down by law: which law, which article, what it demands. A use or a refusal that rests
//! on the law names one of them.

use domain::{DataCategory, ObligationId, Timestamp};
use policy::{Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Filed, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::keyed;

/// One duty as its tenant keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// The law, such as `HGB`.
    pub law: String,
    /// Its article, such as `257(1)`.
    pub article: String,
    /// What it demands, in a sentence.
    pub demands: String,
    /// Kinds of data that it reaches.
    #[serde(with = "keyed::many")]
    pub categories: BTreeSet<DataCategory>,
    /// For how many days after the intake, where it demands keeping.
    pub keep_days: Option<u32>,
    /// Who entered it.
    pub entered_by: String,
    /// When it was taken back.
    #[serde(with = "keyed::maybe_at")]
    pub ended: Option<Timestamp>,
}

impl Obligation {
    /// The law and its article, as a letter names them.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.law, self.article)
    }
}

impl Registered for Obligation {
    type Id = ObligationId;
    const REGISTER: &'static str = "obligations";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.ended.is_some() {
            "ended"
        } else {
            "in_force"
        }
    }
}

/// A duty with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObligationView {
    /// Its number.
    pub id: ObligationId,
    /// When it was entered.
    pub entered: Timestamp,
    /// What it says.
    pub obligation: Obligation,
}

impl App {
    /// Enters a duty.
    ///
    /// # Errors
    /// [`AppError::Input`] without law, article, demand or kinds of data.
    pub async fn enter_obligation(
        &self,
        scope: &Scope,
        obligation: &Obligation,
    ) -> Result<ObligationId, AppError> {
        let texts = [&obligation.law, &obligation.article, &obligation.demands];
        if texts.iter().any(|text| text.trim().is_empty()) || obligation.categories.is_empty() {
            return Err(AppError::Input(
                "a duty names its law, the article, what it demands and of which data (clause P30)"
                    .to_owned(),
            ));
        }
        let fresh = Obligation {
            entered_by: scope.actor().handle.clone(),
            ended: None,
            ..obligation.clone()
        };
        let permit = self.keep::<Seal>(scope).await?;
        Ok(self.store.file(&permit, &fresh).await?)
    }

    /// Takes a duty back: nothing may rest on it from now on.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Input`] where it ended already.
    pub async fn end_obligation(&self, scope: &Scope, id: ObligationId) -> Result<(), AppError> {
        let permit = self.keep::<Read>(scope).await?;
        let seen: Filed<Obligation> = self.store.filed(&permit, id).await?;
        if seen.body.ended.is_some() {
            return Err(AppError::Input(format!("`{id}` has ended")));
        }
        let ended = Obligation {
            ended: Some(self.now()),
            ..seen.body.clone()
        };
        let permit = self.keep::<Seal>(scope).await?;
        self.store.amend(&permit, &seen, &ended).await?;
        Ok(())
    }

    /// The tenant's duties, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn obligations(&self, scope: &Scope) -> Result<Vec<ObligationView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Obligation>(&permit, &[], None, 1_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| ObligationView {
                id: filed.id,
                entered: filed.filed,
                obligation: filed.body,
            })
            .collect())
    }

    /// The duty that a text rests on: the first number of one in it that is in force. Returns the
    /// text with the law's name in the number's place.
    ///
    /// # Errors
    /// [`AppError::Input`] where the text names none.
    pub(crate) async fn resting_on_law(
        &self,
        scope: &Scope,
        text: &str,
    ) -> Result<String, AppError> {
        for view in self.obligations(scope).await? {
            let number = view.id.to_string();
            if view.obligation.ended.is_none() && text.contains(&number) {
                let name = view.obligation.name();
                return Ok(text.replace(&number, &format!("{name} ({number})")));
            }
        }
        Err(AppError::Input(
            "who rests on a duty by law names it: enter the law and its article (`privity \
             obligation add`) and put its number, obl_…, into the sentence (clause P30)"
                .to_owned(),
        ))
    }
}
