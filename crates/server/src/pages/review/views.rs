//! Saved views of the list.

use app::review::SavedView;
use app::{AppError, Scope};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{Purpose, SavedViewId};

use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::{Oops, see};
use crate::problem::Problem;
use crate::routes::scope;
use crate::{State, t};

pub(crate) struct ViewRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) own: bool,
    pub(crate) shared: bool,
}

/// The views that whoever looks may choose among.
pub(crate) async fn views(state: &State, scope: &Scope) -> Result<Vec<ViewRow>, AppError> {
    let rows = state.app.saved_views(scope).await?;
    Ok(rows
        .into_iter()
        .map(|row| ViewRow {
            id: row.id.to_string(),
            name: row.view.name.expose().to_owned(),
            href: format!("/interactions?{}", row.view.address),
            own: row.own,
            shared: row.view.shared,
        })
        .collect())
}

pub(super) async fn save(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let here = fields.get("here");
    let address = here.strip_prefix("/interactions?").unwrap_or_default();
    // It becomes a link: nothing but plain pairs.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=&".contains(&byte);
    if !address.bytes().all(plain) {
        return Err(Problem::input(t("problem-the-views-filters-are-not-plain")).into());
    }
    let view = SavedView {
        name: fields.secret("name"),
        address: address.to_owned(),
        shared: fields.get("shared") == "yes",
    };
    state.app.save_view(&scope, &view).await?;
    Ok(see(&format!("/interactions?{address}")))
}

pub(super) async fn drop_view(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: SavedViewId = id.parse().map_err(AppError::Id)?;
    state.app.drop_view(&scope, id).await?;
    Ok(see("/interactions"))
}
