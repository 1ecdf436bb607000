//! How long interactions are kept: rules by channel or by a query (a field, a region, a category),
//! a preview, and the job that really erases.
//!
//! A rule sets an end for what is here and for what comes in. It never lengthens an end that is
//! nearer, and no run touches what a hold keeps.

use std::collections::HashSet;

use analysis::search;
use domain::{
    Channel, DataCategory, InteractionId, Millis, Purpose, RetentionRuleId, RetentionRunId,
    TenantId, Timestamp,
};
use policy::{Desk, Erase, Facts, Find, Permit, Scope, Seal};
use serde::{Deserialize, Serialize};
pub use store::{Overdue, Reach};
use store::{Receipt, Registered};

use crate::app::App;
use crate::error::AppError;
use crate::finding::refused;
use crate::keyed;
use crate::results::SearchRequest;

const DAY: u64 = 86_400_000;
/// How often the job runs by itself.
const EVERY: Millis = Millis(DAY);
/// Interactions that a rule's query names at a time.
const PAGE: usize = 500;

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRule {
    /// Only interactions of this channel (`voice`, `chat`, …); none: of every one.
    pub channel: Option<String>,
    /// `whole` interactions, or only the `voice` recordings as they were taken in.
    pub reach: String,
    /// Days after the intake.
    pub days: u32,
    /// Only what this query finds, such as `queue:claims` or `region:"EU"`; none: everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Who set it.
    pub set_by: String,
    /// When it was taken back.
    #[serde(with = "keyed::maybe_at")]
    pub ended: Option<Timestamp>,
}

/// A rule that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionOrder {
    /// Only of this channel; none: of every one.
    pub channel: Option<Channel>,
    /// What of an interaction.
    pub reach: Reach,
    /// Days after the intake.
    pub days: u32,
    /// Only what this query finds; none: everything.
    pub query: Option<String>,
}

impl RetentionOrder {
    /// A rule for everything.
    #[must_use]
    pub const fn all(reach: Reach, days: u32) -> Self {
        Self {
            channel: None,
            reach,
            days,
            query: None,
        }
    }
}

impl Registered for RetentionRule {
    type Id = RetentionRuleId;
    const REGISTER: &'static str = "retention_rules";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.ended.is_some() { "ended" } else { "set" }
    }
}

/// One run of the job, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRun {
    /// Who started it: a handle, or `pipeline` for the clock.
    pub by: String,
    /// What was erased, each confirmed in every place.
    #[serde(with = "keyed::many")]
    pub erased: Vec<InteractionId>,
    /// Recordings that were destroyed while the rest stayed.
    #[serde(with = "keyed::many")]
    pub voice_erased: Vec<InteractionId>,
    /// What a hold kept.
    #[serde(with = "keyed::many")]
    pub held: Vec<InteractionId>,
    /// What could not be confirmed, and rules that could not be asked, each with the reason.
    pub failed: Vec<(String, String)>,
}

impl Registered for RetentionRun {
    type Id = RetentionRunId;
    const REGISTER: &'static str = "retention_runs";
    const PERSONAL: bool = false;

    fn state(&self) -> &'static str {
        if self.failed.is_empty() {
            "done"
        } else {
            "failed"
        }
    }
}

/// A rule with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleView {
    /// Its number.
    pub id: RetentionRuleId,
    /// When it was set.
    pub set: Timestamp,
    /// What it says.
    pub rule: RetentionRule,
}

/// A run with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunView {
    /// Its number.
    pub id: RetentionRunId,
    /// When it ended.
    pub at: Timestamp,
    /// What it did.
    pub run: RetentionRun,
}

impl App {
    /// Sets a rule. What is here and would be kept longer gets its end at once; says for how many.
    /// A query is asked again by every run, of what came in meanwhile.
    ///
    /// # Errors
    /// [`AppError::Input`] for a rule of no days or of a longer time than the policy's;
    /// [`AppError::Query`] with the column; [`AppError::Denied`].
    pub async fn set_retention(
        &self,
        scope: &Scope,
        order: &RetentionOrder,
    ) -> Result<(RetentionRuleId, u64), AppError> {
        let (reach, days) = (order.reach, order.days);
        if days == 0 {
            return Err(AppError::Input(
                "a rule keeps for at least one day; erase what is not wanted now".to_owned(),
            ));
        }
        let category = match reach {
            Reach::Whole => DataCategory::RedactedContent,
            Reach::Voice => DataCategory::Voice,
        };
        let policy = self.policy();
        let longest = policy
            .retention()
            .iter()
            .find(|rule| rule.hosted() == Some(category))
            .and_then(|rule| rule.days);
        if let Some(longest) = longest.filter(|longest| days > *longest) {
            return Err(AppError::Input(format!(
                "the policy keeps `{category}` for {longest} days at the longest (clause P89)"
            )));
        }
        let query = order.query.as_deref().map(str::trim);
        let query = query.filter(|text| !text.is_empty());
        let fields = self.field_set(scope.tenant()).await?;
        let query = query
            .map(|text| search::parse_with(text, &fields).map(|asked| search::format(&asked)))
            .transpose()
            .map_err(refused)?;
        let permit = self.keep::<Seal>(scope).await?;
        let rule = RetentionRule {
            channel: order.channel.map(|channel| channel.key().to_owned()),
            reach: reach.key().to_owned(),
            days,
            query,
            set_by: scope.actor().handle.clone(),
            ended: None,
        };
        // A rule that cannot be asked is not filed.
        self.reached_by(scope.tenant(), &rule).await?;
        let id = self.store.file(&permit, &rule).await?;
        Ok((id, self.apply(scope, &rule).await?))
    }

    /// Gives an end to what a rule reaches now; says to how many.
    async fn apply(&self, scope: &Scope, rule: &RetentionRule) -> Result<u64, AppError> {
        if rule.reach != Reach::Whole.key() {
            return Ok(0);
        }
        let permit = self.keep::<Seal>(scope).await?;
        let keep = length(rule.days);
        match self.reached_by(scope.tenant(), rule).await? {
            Some(these) => Ok(self.store.shorten_these(&permit, &these, keep).await?),
            None => Ok(self.store.shorten(&permit, channel_of(rule)?, keep).await?),
        }
    }

    /// What a rule's query finds of its channel; none for a rule without a query. What has not been
    /// processed to its end is found by no query.
    async fn reached_by(
        &self,
        tenant: TenantId,
        rule: &RetentionRule,
    ) -> Result<Option<Vec<InteractionId>>, AppError> {
        let Some(text) = &rule.query else {
            return Ok(None);
        };
        let text = match &rule.channel {
            Some(channel) => format!("channel:{channel} AND ({text})"),
            None => text.clone(),
        };
        let scope = self.pipeline_scope(tenant, Purpose::Erasure);
        let mut request = SearchRequest {
            limit: PAGE,
            ..SearchRequest::new(text)
        };
        let mut found = Vec::new();
        loop {
            let page = self.matches_for(&scope, &request).await?;
            found.extend(page.found.iter().map(|one| one.place.id()));
            match page.next {
                Some(next) => request.after = Some(next),
                None if page.partial => {
                    return Err(AppError::Input(
                        "the rule's query took too long; make it narrower".to_owned(),
                    ));
                }
                None => return Ok(Some(found)),
            }
        }
    }

    /// Takes a rule back. Ends that it set stay: a time that was promised is not lengthened.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`].
    pub async fn end_retention(&self, scope: &Scope, id: RetentionRuleId) -> Result<(), AppError> {
        let reading = self.keep::<policy::Read>(scope).await?;
        let seen = self.store.filed::<RetentionRule>(&reading, id).await?;
        let permit = self.keep::<Seal>(scope).await?;
        let ended = RetentionRule {
            ended: Some(self.now()),
            ..seen.body.clone()
        };
        self.store.amend(&permit, &seen, &ended).await?;
        Ok(())
    }

    /// The tenant's rules in force.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn retention_rules(&self, scope: &Scope) -> Result<Vec<RuleView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let rules = self
            .store
            .register::<RetentionRule>(&permit, &["set"], None, 1_000)
            .await?;
        Ok(rules
            .into_iter()
            .map(|filed| RuleView {
                id: filed.id,
                set: filed.filed,
                rule: filed.body,
            })
            .collect())
    }

    /// What a run would erase now, and what a hold keeps. Nothing is touched.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn retention_preview(&self, scope: &Scope) -> Result<Vec<Overdue>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let mut all = self.store.overdue(&permit, self.now()).await?;
        for view in self.retention_rules(scope).await? {
            let over = self.overdue_by(&permit, &view.rule).await;
            add(&mut all, over.map_err(|error| unaskable(view.id, error))?);
        }
        Ok(all)
    }

    /// What one rule makes overdue that has no end of its own yet.
    async fn overdue_by(
        &self,
        permit: &Permit<Find, Desk>,
        rule: &RetentionRule,
    ) -> Result<Vec<Overdue>, AppError> {
        let (keep, now) = (length(rule.days), self.now());
        let reached = self.reached_by(permit.tenant(), rule).await?;
        if rule.reach == Reach::Voice.key() {
            let channel = channel_of(rule)?;
            let mut voices = self.store.overdue_voice(permit, channel, keep, now).await?;
            if let Some(reached) = reached {
                let reached: HashSet<InteractionId> = reached.into_iter().collect();
                voices.retain(|voice| reached.contains(&voice.interaction));
            }
            return Ok(voices);
        }
        match reached {
            // What came in since the query was last asked has no end yet.
            Some(reached) => Ok(self
                .store
                .overdue_among(permit, &reached, keep, now)
                .await?),
            None => Ok(Vec::new()),
        }
    }

    /// What is overdue now. A rule that cannot be asked any more, such as one whose category is
    /// gone, is named among the failures and holds up no other.
    async fn due(
        &self,
        scope: &Scope,
        failed: &mut Vec<(String, String)>,
    ) -> Result<Vec<Overdue>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let mut due = self.store.overdue(&permit, self.now()).await?;
        for view in self.retention_rules(scope).await? {
            let asked = async {
                if view.rule.query.is_some() {
                    self.apply(scope, &view.rule).await?;
                }
                self.overdue_by(&permit, &view.rule).await
            };
            match asked.await {
                Ok(over) => add(&mut due, over),
                Err(error) => match unaskable(view.id, error) {
                    AppError::Input(reason) => failed.push((view.id.to_string(), reason)),
                    other => return Err(other),
                },
            }
        }
        // Ends that were just set may have come already.
        add(&mut due, self.store.overdue(&permit, self.now()).await?);
        Ok(due)
    }

    /// Erases what is overdue, under the tenant's own rules, and keeps a record of it.
    ///
    /// # Errors
    /// [`AppError::Denied`] where the caller may not keep registers. That a place is unconfirmed,
    /// or that a rule cannot be asked, is in the record, and the next run goes on with it.
    pub async fn retention_run(&self, scope: &Scope) -> Result<RunView, AppError> {
        let mut run = RetentionRun {
            by: scope.actor().handle.clone(),
            erased: Vec::new(),
            voice_erased: Vec::new(),
            held: Vec::new(),
            failed: Vec::new(),
        };
        let permit = self.keep::<Seal>(scope).await?;
        for overdue in self.due(scope, &mut run.failed).await? {
            let id = overdue.interaction;
            if overdue.on_hold {
                run.held.push(id);
                continue;
            }
            match self.erase_overdue(scope.tenant(), &overdue).await {
                Ok(receipt) if receipt.complete() => match overdue.reach {
                    Reach::Whole => run.erased.push(id),
                    Reach::Voice => run.voice_erased.push(id),
                },
                Ok(_) => run
                    .failed
                    .push((id.to_string(), "a place is not confirmed".to_owned())),
                // A hold that was placed meanwhile wins.
                Err(AppError::Denied(denial)) => {
                    run.failed.push((id.to_string(), denial.sentence.clone()));
                }
                Err(other) => return Err(other),
            }
        }
        let id = self.store.file(&permit, &run).await?;
        self.store.checkpoint().await?;
        Ok(RunView {
            id,
            at: self.now(),
            run,
        })
    }

    /// Runs of the job, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn retention_runs(&self, scope: &Scope) -> Result<Vec<RunView>, AppError> {
        let permit = self.keep::<Find>(scope).await?;
        let runs = self
            .store
            .register::<RetentionRun>(&permit, &[], None, 100)
            .await?;
        Ok(runs
            .into_iter()
            .map(|filed| RunView {
                id: filed.id,
                at: filed.filed,
                run: filed.body,
            })
            .collect())
    }

    /// Runs the job for every tenant whose last run is a day ago.
    ///
    /// # Errors
    /// The first failure, once every tenant had its turn.
    pub async fn retention_by_the_clock(&self) -> Result<Vec<RunView>, AppError> {
        let (mut done, mut failed) = (Vec::new(), None);
        for tenant in self.store.tenants().await? {
            let scope = self.clockwork(tenant.id);
            let last = self.retention_runs(&scope).await?.first().map(|run| run.at);
            if last.is_some_and(|at| self.now().since(at) < EVERY) {
                continue;
            }
            match self.retention_run(&scope).await {
                Ok(run) => done.push(run),
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(done), Err)
    }

    /// Until when something that comes in now may be kept by the tenant's rules.
    pub(crate) async fn kept_until(
        &self,
        tenant: TenantId,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, AppError> {
        let rules = self.retention_rules(&self.clockwork(tenant)).await?;
        let ends = rules
            .iter()
            .map(|view| &view.rule)
            .filter(|rule| rule.reach == Reach::Whole.key() && rule.query.is_none())
            .filter(|rule| rule.channel.as_deref().is_none_or(|on| on == channel.key()))
            .map(|rule| now.plus(length(rule.days)));
        Ok(ends.min())
    }

    async fn erase_overdue(&self, tenant: TenantId, what: &Overdue) -> Result<Receipt, AppError> {
        let scope = self.pipeline_scope(tenant, Purpose::Erasure);
        let id = what.interaction;
        let facts = self.store.facts(tenant, id).await?;
        let facts = facts.ok_or_else(|| AppError::NotFound {
            what: "interaction",
            name: id.to_string(),
        })?;
        match what.reach {
            Reach::Whole => {
                let permit = self
                    .decide::<Erase, _>(&scope, id, &[DataCategory::RawContent], &facts)
                    .await?;
                Ok(self.store.erase(permit).await?)
            }
            Reach::Voice => {
                // The recordings' own time, which may end before the interaction's.
                let facts = Facts {
                    keep_until: Some(what.since),
                    ..facts
                };
                let permit = self
                    .decide::<Erase, _>(&scope, id, &[DataCategory::Voice], &facts)
                    .await?;
                Ok(self.store.erase_voice(permit).await?)
            }
        }
    }
}

fn channel_of(rule: &RetentionRule) -> Result<Option<Channel>, AppError> {
    Ok(rule.channel.as_deref().map(str::parse).transpose()?)
}

const fn length(days: u32) -> Millis {
    Millis(days as u64 * DAY)
}

/// What is known already is not named twice: what goes as a whole goes with its recording.
fn add(known: &mut Vec<Overdue>, more: Vec<Overdue>) {
    for one in more {
        if !known
            .iter()
            .any(|other| other.interaction == one.interaction)
        {
            known.push(one);
        }
    }
}

/// The failure of a rule that asks for what is not there any more names the rule.
fn unaskable(rule: RetentionRuleId, error: AppError) -> AppError {
    match error {
        AppError::Query { message, .. } | AppError::Input(message) => AppError::Input(format!(
            "the rule of keeping {rule} cannot be asked: {message}; end it, or bring back what it \
             names"
        )),
        other => other,
    }
}
