//! Break-glass: somebody of the operator is let in by the tenant, for a reason and a time, with a
//! second person's word. Everything of it stands in the tenant's own register and log.

use domain::{
    Actor, ActorKind, BreakGlassId, DataCategory, InteractionId, Millis, Purpose, Secret, Timestamp,
};
use policy::{Facts, Find, Read, Scope, Seal};
use serde::{Deserialize, Serialize};
use store::{Filed, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::exporting::ExportFormat;
use crate::keyed;

/// The longest that somebody is let in for.
const LONGEST: Millis = Millis(24 * 60 * 60 * 1000);

/// One opening as its tenant keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Who of the operator asks, by handle.
    pub asked_by: String,
    /// Why.
    #[serde(with = "keyed::secret")]
    pub reason: Secret,
    /// For how long, in milliseconds from the tenant's approval.
    pub length: u64,
    /// Who of the tenant approved.
    pub approved_by: Option<String>,
    /// Until when it holds.
    #[serde(with = "keyed::maybe_at")]
    pub until: Option<Timestamp>,
    /// The second person of the operator.
    pub seconded_by: Option<String>,
    /// The tenant refused or ended it.
    pub refused: bool,
}

impl Registered for Opening {
    type Id = BreakGlassId;
    const REGISTER: &'static str = "openings";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        match (self.refused, &self.approved_by, &self.seconded_by) {
            (true, _, _) => "refused",
            (false, Some(_), Some(_)) => "open",
            (false, Some(_), None) => "approved",
            (false, None, _) => "asked",
        }
    }
}

/// An opening with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningView {
    /// Its number.
    pub id: BreakGlassId,
    /// When it was asked for.
    pub asked: Timestamp,
    /// `asked`, `approved`, `open` or `refused`.
    pub state: &'static str,
    /// What it says.
    pub opening: Opening,
}

impl App {
    /// Asks a tenant to let somebody of the operator in.
    ///
    /// # Errors
    /// [`AppError::Input`] without a reason or for longer than a day.
    pub async fn ask_to_open(
        &self,
        tenant: domain::TenantId,
        who: &str,
        reason: &str,
        length: Millis,
    ) -> Result<BreakGlassId, AppError> {
        if reason.trim().is_empty() || length > LONGEST || length == Millis::ZERO {
            return Err(AppError::Input(
                "an opening needs a reason and at most a day (clause P101)".to_owned(),
            ));
        }
        let opening = Opening {
            asked_by: who.to_owned(),
            reason: Secret::new(reason.trim()),
            length: length.0,
            approved_by: None,
            until: None,
            seconded_by: None,
            refused: false,
        };
        let permit = self.keep::<Seal>(&self.clockwork(tenant)).await?;
        Ok(self.store.file(&permit, &opening).await?)
    }

    /// The tenant's privacy officer approves or refuses; refusing ends one that is open.
    ///
    /// # Errors
    /// [`AppError::Denied`] for anybody else; [`AppError::NotFound`].
    pub async fn answer_opening(
        &self,
        officer: &Scope,
        id: BreakGlassId,
        approve: bool,
    ) -> Result<(), AppError> {
        let permit = self.keep::<Seal>(officer).await?;
        let seen = self.opening(officer, id).await?;
        let mut opening = seen.body.clone();
        if approve {
            opening.approved_by = Some(officer.actor().handle.clone());
            opening.until = Some(self.now().plus(Millis(opening.length)));
        } else {
            opening.refused = true;
        }
        self.store.amend(&permit, &seen, &opening).await?;
        Ok(())
    }

    /// A second person of the operator agrees.
    ///
    /// # Errors
    /// [`AppError::Input`] where it is the one who asked.
    pub async fn second_opening(
        &self,
        tenant: domain::TenantId,
        id: BreakGlassId,
        who: &str,
    ) -> Result<(), AppError> {
        let scope = self.clockwork(tenant);
        let seen = self.opening(&scope, id).await?;
        if seen.body.asked_by == who {
            return Err(AppError::Input(
                "the second person is another than the one who asks (clause P101)".to_owned(),
            ));
        }
        let permit = self.keep::<Seal>(&scope).await?;
        let opening = Opening {
            seconded_by: Some(who.to_owned()),
            ..seen.body.clone()
        };
        self.store.amend(&permit, &seen, &opening).await?;
        Ok(())
    }

    /// Opens the redacted copy of one interaction for `who` was let in: who asked, nobody else.
    ///
    /// # Errors
    /// [`AppError::Denied`] before both approvals, after the time or for somebody else; it is on
    /// the tenant's log.
    pub async fn open_let_in(
        &self,
        tenant: domain::TenantId,
        id: BreakGlassId,
        interaction: InteractionId,
        who: &str,
    ) -> Result<Vec<u8>, AppError> {
        let opening = self.opening(&self.clockwork(tenant), id).await?.body;
        let open = opening.asked_by == who
            && opening.state() == "open"
            && opening.until.is_some_and(|until| self.now() < until);
        let actor = Actor {
            kind: ActorKind::BreakGlass(id),
            handle: who.to_owned(),
        };
        let scope = self.mint_scope(tenant, actor, Purpose::Review);
        let facts = self.store.facts(tenant, interaction).await?;
        let facts = Facts {
            opening_approved: open,
            ..facts.ok_or_else(|| AppError::NotFound {
                what: "interaction",
                name: interaction.to_string(),
            })?
        };
        let kinds = [
            DataCategory::RedactedContent,
            DataCategory::InteractionMetadata,
        ];
        let permit = self
            .decide::<Read, _>(&scope, interaction, &kinds, &facts)
            .await?;
        self.export_under(&permit, ExportFormat::Txt).await
    }

    /// Every opening that the tenant was asked for, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn openings(&self, scope: &Scope) -> Result<Vec<OpeningView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Opening>(&permit, &[], None, 1_000)
            .await?;
        Ok(all
            .into_iter()
            .map(|filed| OpeningView {
                id: filed.id,
                asked: filed.filed,
                state: filed.body.state(),
                opening: filed.body,
            })
            .collect())
    }

    async fn opening(&self, scope: &Scope, id: BreakGlassId) -> Result<Filed<Opening>, AppError> {
        let permit = self.keep::<Read>(scope).await?;
        Ok(self.store.filed(&permit, id).await?)
    }
}
