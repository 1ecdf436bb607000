//! Comments, bookmarks and tags on a moment of an interaction. Whoever may open the interaction
//! sees them, the agent who took part too.

use domain::{DataCategory, InteractionId, Millis, MomentId, MomentKind, Secret, Timestamp};
use policy::Scope;
use serde::{Deserialize, Serialize};
use store::{Note, Noted};

use super::{LONGEST_NOTE, REMARK};
use crate::app::App;
use crate::definitions::missing;
use crate::error::AppError;
use crate::keyed;

/// A tag longer than this is a comment.
const LONGEST_TAG: usize = 40;

/// A moment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// What stands there.
    #[serde(with = "keyed::one")]
    pub kind: MomentKind,
    /// From when on, in milliseconds from the start.
    pub from: u64,
    /// Until when, where it is a stretch.
    pub until: Option<u64>,
    /// What is said; may be empty for a bookmark.
    #[serde(with = "keyed::secret")]
    pub text: Secret,
}

impl Noted for Moment {
    type Id = MomentId;
    const KIND: &'static str = "moment";
    const HOLDS: &'static [DataCategory] = REMARK;

    fn state(&self) -> &'static str {
        self.kind.key()
    }
}

/// A moment to note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMoment {
    /// What stands there.
    pub kind: MomentKind,
    /// From when on.
    pub from: Millis,
    /// Until when, where it is a stretch.
    pub until: Option<Millis>,
    /// What is said.
    pub text: Secret,
}

/// A moment with who noted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MomentView {
    /// Which.
    pub id: MomentId,
    /// Who, by handle.
    pub by: String,
    /// When it was noted.
    pub noted: Timestamp,
    /// What it says.
    pub moment: Moment,
}

impl App {
    /// Notes a moment of an interaction.
    ///
    /// # Errors
    /// [`AppError::Input`] for a moment after the end, or a comment or tag without words;
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn add_moment(
        &self,
        scope: &Scope,
        id: InteractionId,
        new: &NewMoment,
    ) -> Result<MomentId, AppError> {
        let permit = self.ask_to_remark(scope, id).await?;
        let seen = self.ask_to_review(scope, id).await?;
        let moment = checked(new)?;
        let long = self.store.summary(&seen).await?.duration;
        let end = new.until.unwrap_or(new.from);
        if let Some(long) = long.filter(|long| end > *long) {
            return Err(AppError::Input(format!(
                "the interaction ends at {long}; {end} is after it"
            )));
        }
        Ok(self.store.note(&permit, &moment).await?)
    }

    /// The moments that were noted in an interaction, in its order.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn moments(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<Vec<MomentView>, AppError> {
        let permit = self.ask_to_review(scope, id).await?;
        let notes = self.store.notes_of::<Moment>(&permit).await?;
        let mut all: Vec<MomentView> = notes.into_iter().map(view).collect();
        all.sort_by_key(|one| (one.moment.from, one.id));
        Ok(all)
    }

    /// Takes a moment away: one's own, or anybody's for whoever may judge.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn remove_moment(
        &self,
        scope: &Scope,
        id: InteractionId,
        moment: MomentId,
    ) -> Result<(), AppError> {
        let seen = self.ask_to_review(scope, id).await?;
        let notes = self.store.notes_of::<Moment>(&seen).await?;
        let found = notes.into_iter().find(|note| note.id == moment);
        let found = found.ok_or_else(|| missing("moment", moment))?;
        let permit = if found.by == scope.actor().handle {
            self.ask_to_remark(scope, id).await?
        } else {
            self.ask_to_assess(scope, id).await?
        };
        Ok(self.store.drop_note(&permit, &found).await?)
    }
}

fn checked(new: &NewMoment) -> Result<Moment, AppError> {
    let text = new.text.expose().trim();
    let longest = match new.kind {
        MomentKind::Tag => LONGEST_TAG,
        MomentKind::Comment | MomentKind::Bookmark => LONGEST_NOTE,
    };
    if text.chars().count() > longest {
        return Err(AppError::Input(format!(
            "a {} has at most {longest} characters",
            new.kind
        )));
    }
    if text.is_empty() && new.kind != MomentKind::Bookmark {
        return Err(AppError::Input(format!("a {} needs words", new.kind)));
    }
    if new.until.is_some_and(|until| until <= new.from) {
        return Err(AppError::Input("a stretch ends after it begins".to_owned()));
    }
    Ok(Moment {
        kind: new.kind,
        from: new.from.0,
        until: new.until.map(|until| until.0),
        text: Secret::new(text),
    })
}

fn view(note: Note<Moment>) -> MomentView {
    MomentView {
        id: note.id,
        by: note.by,
        noted: note.at,
        moment: note.body,
    }
}
