//! Fields that a tenant declares: metadata of its interactions that queries may name. Every query
//! is read over the standard fields and these; another name is refused.

use analysis::search::{FieldKind, FieldSet, FieldSpec, may_be_declared};
use domain::TenantId;
use policy::Scope;
use store::DeclaredField;

use crate::app::App;
use crate::error::AppError;
use crate::review::REMARK;

/// Characters of what a field is.
const LONGEST_ABOUT: usize = 120;
/// Fields of one tenant.
const MOST: usize = 200;

impl App {
    /// Declares a field of words, or says anew what it is. Interactions that were taken in before
    /// have it too, where their metadata names it.
    ///
    /// # Errors
    /// [`AppError::Input`] for a name that cannot be one; [`AppError::Denied`].
    pub async fn declare_field(
        &self,
        scope: &Scope,
        name: &str,
        about: &str,
    ) -> Result<(), AppError> {
        let name = name.trim().to_lowercase();
        if !may_be_declared(&name) {
            return Err(AppError::Input(format!(
                "`{name}` cannot be declared; a field's name is a letter, then letters, digits and \
                 `_`, at most 40, and none that the search language has already"
            )));
        }
        let about = about.trim();
        if about.chars().count() > LONGEST_ABOUT {
            return Err(AppError::Input(format!(
                "what a field is takes at most {LONGEST_ABOUT} characters"
            )));
        }
        let permit = self.ask_to_arrange(scope, REMARK).await?;
        let there = self.store.declared_fields(scope.tenant()).await?;
        if there.len() >= MOST && !there.iter().any(|one| one.name == name) {
            return Err(AppError::Input(format!(
                "a tenant declares at most {MOST} fields"
            )));
        }
        let field = DeclaredField {
            name,
            about: about.to_owned(),
        };
        Ok(self.store.declare_field(&permit, &field).await?)
    }

    /// Takes a declaration back.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`]; [`AppError::Input`] while a rule of keeping
    /// needs the field to know what it reaches.
    pub async fn drop_field(&self, scope: &Scope, name: &str) -> Result<(), AppError> {
        let permit = self.ask_to_arrange(scope, REMARK).await?;
        let without = self.field_set(scope.tenant()).await?.without(name);
        for view in self
            .retention_rules(&self.clockwork(scope.tenant()))
            .await?
        {
            let text = view.rule.query.as_deref().unwrap_or_default();
            if !text.is_empty() && analysis::search::parse_with(text, &without).is_err() {
                return Err(AppError::Input(format!(
                    "the rule of keeping {} asks for `{name}`; end it first (`privity retention \
                     end {0}`), else what it reaches would stay for longer than was promised",
                    view.id
                )));
            }
        }
        Ok(self.store.drop_field(&permit, &name.to_lowercase()).await?)
    }

    /// The fields that the tenant declared, by name.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn declared_fields(&self, scope: &Scope) -> Result<Vec<DeclaredField>, AppError> {
        let permit = self.ask_for_notes(scope).await?;
        Ok(self.store.declared_fields(permit.tenant()).await?)
    }

    /// Every field that a tenant's queries may name.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn field_set(&self, tenant: TenantId) -> Result<FieldSet, AppError> {
        let mut fields = FieldSet::standard();
        for one in self.store.declared_fields(tenant).await? {
            let spec = FieldSpec {
                kind: FieldKind::Text,
                about: one.about,
                values: Vec::new(),
            };
            fields.declare(&one.name, spec);
        }
        Ok(fields)
    }
}
