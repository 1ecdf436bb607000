//! Teams: an interaction is of the team that its field `team` names. The name stands on it as a
//! tag, `team: billing`, so that lists and figures can be asked for by it, and so that people can
//! put it on by hand where a source does not say it.

use domain::query::{FieldValue, Fields};
use domain::{InteractionId, Secret};
use policy::{Permit, Read, Scope};
use store::{StoreError, TagUse};

use crate::app::App;
use crate::error::AppError;

/// The field that names a team.
const FIELD: &str = "team";
/// How the tag of a team begins.
const MARK: &str = "team:";
/// Characters of a name; a longer text names no team.
const LONGEST: usize = 34;

/// The team that a label names, where it names one.
#[must_use]
pub fn team_of(label: &str) -> Option<&str> {
    let (mark, name) = label.split_at_checked(MARK.len())?;
    let name = name.trim();
    (mark.eq_ignore_ascii_case(MARK) && !name.is_empty()).then_some(name)
}

/// The label of the team that an interaction's redacted fields name. A name out of which
/// something was taken names none.
pub(crate) fn label(fields: &Fields) -> Option<Secret> {
    let Some(FieldValue::Text(name)) = fields.get(FIELD).first() else {
        return None;
    };
    let name = name.trim();
    let plain = !name.is_empty() && name.chars().count() <= LONGEST && !name.contains('[');
    plain.then(|| Secret::new(format!("{MARK} {name}")))
}

impl App {
    /// Labels that name a team, by its name.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn teams(&self, scope: &Scope) -> Result<Vec<TagUse>, AppError> {
        let mut teams = self.labels(scope).await?;
        teams.retain(|one| team_of(one.label.expose()).is_some());
        teams.sort_by(|a, b| a.label.expose().cmp(b.label.expose()));
        Ok(teams)
    }

    /// Puts the label of its team on an interaction.
    pub(crate) async fn mark_team(
        &self,
        permit: &Permit<Read, InteractionId>,
        label: &Secret,
    ) -> Result<(), StoreError> {
        self.store.add_tag(permit, label).await?;
        self.labels_changed(permit.tenant(), Some(label)).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_a_team_and_only_a_whole_name_becomes_one() {
        assert_eq!(team_of("team: billing"), Some("billing"));
        assert_eq!(team_of("Team:Field work"), Some("Field work"));
        for other in ["team:", "teams: x", "billing", "", "té"] {
            assert_eq!(team_of(other), None, "{other}");
        }
        let named = |name: &str| {
            let mut fields = Fields::default();
            fields.text(FIELD, name);
            label(&fields).map(|label| label.expose().to_owned())
        };
        assert_eq!(named(" billing "), Some("team: billing".to_owned()));
        assert_eq!(named("[PERSON]'s"), None);
        assert_eq!(named(&"x".repeat(LONGEST + 1)), None);
        assert!(label(&Fields::default()).is_none());
    }
}
