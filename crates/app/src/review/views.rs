//! A list's filters and columns under a name, for oneself or for everybody.

use domain::{DataCategory, SavedViewId, Secret};
use policy::Scope;
use serde::{Deserialize, Serialize};
use store::{NoteFilter, Noted};

use super::REMARK;
use crate::app::App;
use crate::error::AppError;
use crate::keyed;

const LONGEST_NAME: usize = 60;
const LONGEST_ADDRESS: usize = 1_000;

/// A view as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// What it is called.
    #[serde(with = "keyed::secret")]
    pub name: Secret,
    /// What stands after `/interactions?`: filters and columns; no words of anybody.
    pub address: String,
    /// Everybody of the tenant sees it.
    pub shared: bool,
}

impl Noted for SavedView {
    type Id = SavedViewId;
    const KIND: &'static str = "view";
    const HOLDS: &'static [DataCategory] = REMARK;

    fn state(&self) -> &'static str {
        if self.shared { "shared" } else { "own" }
    }
}

/// A view in somebody's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedViewRow {
    /// Which.
    pub id: SavedViewId,
    /// It is one's own, and can be taken away.
    pub own: bool,
    /// As it is kept.
    pub view: SavedView,
}

impl App {
    /// Keeps a view.
    ///
    /// # Errors
    /// [`AppError::Input`] without a name; [`AppError::Denied`].
    pub async fn save_view(&self, scope: &Scope, new: &SavedView) -> Result<SavedViewId, AppError> {
        let name = new.name.expose().trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AppError::Input(format!(
                "a view's name has 1 to {LONGEST_NAME} characters"
            )));
        }
        if new.address.len() > LONGEST_ADDRESS {
            return Err(AppError::Input("the view has too many filters".to_owned()));
        }
        let permit = self.ask_to_arrange(scope, REMARK).await?;
        let kept = SavedView {
            name: Secret::new(name),
            ..new.clone()
        };
        Ok(self.store.note(&permit, &kept).await?)
    }

    /// One's own views and those that are for everybody, by name.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn saved_views(&self, scope: &Scope) -> Result<Vec<SavedViewRow>, AppError> {
        let find = self.ask_for_notes(scope).await?;
        let all = NoteFilter::default();
        let notes = self.store.notes::<SavedView>(&find, &all).await?;
        let own = &scope.actor().handle;
        let mut rows: Vec<SavedViewRow> = notes
            .into_iter()
            .filter(|note| note.body.shared || note.by == *own)
            .map(|note| SavedViewRow {
                id: note.id,
                own: note.by == *own,
                view: note.body,
            })
            .collect();
        rows.sort_by_key(|row| row.view.name.expose().to_lowercase());
        Ok(rows)
    }

    /// Takes one's own view away.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for one of somebody else too; [`AppError::Denied`].
    pub async fn drop_view(&self, scope: &Scope, id: SavedViewId) -> Result<(), AppError> {
        let permit = self.ask_to_arrange(scope, REMARK).await?;
        let find = self.ask_for_notes(scope).await?;
        let seen = self.store.note_by_id::<SavedView>(&find, id).await?;
        if seen.by != scope.actor().handle {
            return Err(crate::definitions::missing("view of yours", id));
        }
        Ok(self.store.drop_note(&permit, &seen).await?)
    }
}
