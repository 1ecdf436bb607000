//! Redaction as a tenant sees it: its settings, what was removed where, and doing it again.

mod settings;

use analysis::redact::special::{self, Mention};
use analysis::redact::{self, Operator, Profile, Surrogates, demands};
use domain::{
    DataCategory, EntityKind, Interaction, InteractionId, Purpose, RedactionSpan, Regulation,
    TenantId,
};
use policy::{Permit, Read, Scope};

use crate::app::App;
use crate::error::AppError;
use crate::reading::shown;

pub use settings::{AuthenticationData, Rules, RulesError};

/// Days by which dates may be moved: a year, so that seasons say nothing.
const SHIFT: u32 = 365;

/// The settings that a tenant's interactions are redacted under.
#[derive(Debug, Clone)]
pub struct RedactionRules {
    /// What they say.
    pub rules: Rules,
    /// Where they are from: `default`, `installation` or the tenant's version.
    pub from: String,
    /// As they were written; empty for the default.
    pub text: String,
}

impl RedactionRules {
    /// What is noted with everything redacted under them.
    #[must_use]
    pub fn ruleset(&self) -> String {
        format!("rules {}, {}", redact::RULES, self.from)
    }
}

/// One type as it is treated under some settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRule {
    /// Which.
    pub kind: EntityKind,
    /// What happens to it.
    pub operator: Operator,
    /// The rule sets in force that demand its removal.
    pub regulations: Vec<Regulation>,
}

/// What was removed of one interaction, and what is mentioned in what is left.
#[derive(Debug, Clone)]
pub struct RedactionEvents {
    /// Each removed stretch: type, regulation, speaker, times, detector, confidence.
    pub events: Vec<RedactionSpan>,
    /// Mentions of special categories.
    pub mentions: Vec<Mention>,
}

impl App {
    /// The settings that apply to a tenant: its own, else the installation's, else the default.
    ///
    /// # Errors
    /// [`AppError::Rules`] where they cannot be used: nothing is then redacted, so nothing is
    /// shown.
    pub async fn redaction_rules(&self, tenant: TenantId) -> Result<RedactionRules, AppError> {
        if let Some(own) = self.store.redaction_settings(tenant).await? {
            return Ok(RedactionRules {
                rules: Rules::parse(&own.text)?,
                from: format!("tenant settings {}", own.version),
                text: own.text,
            });
        }
        self.installation_rules().await
    }

    /// The installation's settings, else the default.
    pub(crate) async fn installation_rules(&self) -> Result<RedactionRules, AppError> {
        let Some(path) = &self.config.redaction else {
            return Ok(RedactionRules {
                rules: Rules::default(),
                from: "default settings".to_owned(),
                text: String::new(),
            });
        };
        let text = tokio::fs::read_to_string(path)
            .await
            .map_err(AppError::io(format!("read `{}`", path.display())))?;
        Ok(RedactionRules {
            rules: Rules::parse(&text)?,
            from: format!("installation settings {}", fingerprint(&text)),
            text,
        })
    }

    /// Replaces a tenant's settings. What was redacted before stays as it is until it is
    /// redacted again.
    ///
    /// # Errors
    /// [`AppError::Rules`] where they cannot be used; nothing is changed then.
    pub async fn set_redaction_rules(&self, scope: &Scope, text: &str) -> Result<u64, AppError> {
        Rules::parse(text)?;
        Ok(self.store.set_redaction_settings(scope, text).await?)
    }

    /// Every type, as it is treated under some settings.
    #[must_use]
    pub fn redaction_types(rules: &Rules) -> Vec<TypeRule> {
        let profile = &rules.profile;
        let regulations = |kind| {
            let in_force = profile.regulations.iter().copied();
            in_force.filter(|one| demands(*one, kind)).collect()
        };
        EntityKind::ALL
            .iter()
            .map(|kind| TypeRule {
                kind: *kind,
                operator: profile.operator(*kind),
                regulations: regulations(*kind),
            })
            .collect()
    }

    /// What was removed of an interaction; never the secrets.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`]; [`AppError::Withheld`] where it is not
    /// redacted yet.
    pub async fn redaction_events(
        &self,
        scope: &Scope,
        id: InteractionId,
    ) -> Result<RedactionEvents, AppError> {
        let scope = scope.for_purpose(Purpose::Review);
        let wants = [DataCategory::RedactedContent];
        let permit = self.ask::<Read>(&scope, id, &wants).await?;
        let redacted = shown(self.store.redacted_transcript(&permit).await)?;
        let redacted = redacted.map_err(AppError::Withheld)?;
        Ok(RedactionEvents {
            events: redacted.redactions().to_vec(),
            mentions: special::mentions(&redacted),
        })
    }

    /// Puts a tenant's processed interactions that were redacted under other rules or settings
    /// than today's back before redaction, or all of them; says how many. Measures, index and
    /// exports follow from the new words.
    ///
    /// # Errors
    /// [`AppError::Rules`], [`AppError::Store`].
    pub async fn redact_again(
        &self,
        scope: &Scope,
        only: Option<InteractionId>,
        all: bool,
    ) -> Result<u64, AppError> {
        let tenant = scope.tenant();
        if let Some(id) = only {
            self.store.redact_again(tenant, id).await?;
            return Ok(1);
        }
        let now = self.redaction_rules(tenant).await?.ruleset();
        let mut count = 0;
        for (id, then) in self.store.redacted_under(tenant).await? {
            if all || then.as_ref() != Some(&now) {
                self.store.redact_again(tenant, id).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// How many of a tenant's processed interactions were redacted under other rules or settings
    /// than today's.
    ///
    /// # Errors
    /// [`AppError::Rules`], [`AppError::Store`].
    pub async fn redacted_otherwise(&self, tenant: TenantId) -> Result<u64, AppError> {
        let now = self.redaction_rules(tenant).await?.ruleset();
        let known = self.store.redacted_under(tenant).await?;
        let other = known.iter().filter(|(_, then)| then.as_ref() != Some(&now));
        Ok(u64::try_from(other.count()).unwrap_or(u64::MAX))
    }

    /// The settings with what they need to know of one interaction: its parties' names, the
    /// tenant's key for surrogates, the days by which its dates are moved.
    pub(crate) async fn profile_for(
        &self,
        rules: &Rules,
        interaction: &Interaction,
        permit: &Permit<Read, InteractionId>,
    ) -> Result<Profile, AppError> {
        let names = interaction.parties.iter();
        let mut profile = Profile {
            known_names: names.filter_map(|party| party.name.clone()).collect(),
            ..rules.profile.clone()
        };
        let keyed = profile
            .operators
            .values()
            .any(|one| matches!(one, Operator::Surrogate | Operator::Shift));
        if keyed {
            let hash = self.store.surrogate_hash(permit).await?;
            let drawn = hash(format!("date shift\0{}", permit.resource()).as_bytes());
            let drawn = drawn
                .first_chunk::<4>()
                .copied()
                .map_or(0, u32::from_be_bytes);
            profile.shift_days = i32::try_from(drawn % SHIFT + 1).ok().map(|days| -days);
            profile.surrogates = Some(Surrogates::new(hash));
        }
        Ok(profile)
    }
}

/// A text as the rules leave it, with what they found; names that only the model knows stay.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The text with what takes the secrets' places.
    pub text: String,
    /// What was found, by which detector.
    pub spans: Vec<redact::TextSpan>,
}

/// How the rules treat one line of text under some settings.
#[must_use]
pub fn explain_redaction(rules: &Rules, text: &str) -> Explained {
    let (text, spans) = redact::redact_text(text, &rules.profile);
    Explained { text, spans }
}

/// Tells one text from another; the installation's file is no secret.
fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = hex::encode(Sha256::digest(text));
    hash.get(..12).unwrap_or_default().to_owned()
}
