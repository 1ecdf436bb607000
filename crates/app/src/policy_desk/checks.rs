//! What a live installation is asked about each clause.

use std::collections::BTreeSet;

use domain::{ClauseId, Millis, Purpose};
use policy::Find;
use store::{EntryKind, Registered as _};

use crate::app::App;
use crate::breaches::Breach;
use crate::disclosures::Disclosure;
use crate::error::AppError;
use crate::inquiries::Inquiry;
use crate::orders::Order;
use crate::releases::{TERM, YEARLY};
use crate::requests::{Case, Justification, Outcome, Request, RequestKind};
use crate::witness::WitnessReport;

/// How old the last run of the job that erases may be.
const FRESH_RUN: Millis = Millis(2 * 86_400_000);

/// One answer.
pub(super) struct Check {
    pub(super) clause: ClauseId,
    pub(super) agrees: bool,
    pub(super) found: String,
}

/// What is asked once for several clauses.
struct Seen {
    faults: usize,
    covered: u64,
    witness: WitnessReport,
    versions: usize,
    findings: usize,
    disclosures: Disclosures,
    orders: Vec<Order>,
    inquiries: Vec<Inquiry>,
    breaches: Vec<Breach>,
    lawful_refusals: usize,
    unnamed_laws: usize,
    late_cases: usize,
    cases: u64,
    overdue: usize,
    stale_runs: usize,
    tenants: usize,
}

#[derive(Default)]
struct Disclosures {
    delivered: usize,
    unclosed: usize,
    rows: usize,
    leaves: u64,
    ungranted: usize,
    lacking: Vec<String>,
}

impl App {
    /// Asks everything. A duty that asks for deeds does not hold where none are on record.
    pub(super) async fn live_checks(&self) -> Result<Vec<Check>, AppError> {
        let seen = self.look().await?;
        let mut checks = Vec::new();
        let mut say = |clauses: &[&str], agrees: bool, found: String| {
            for clause in clauses {
                if let Ok(clause) = clause.parse() {
                    checks.push(Check {
                        clause,
                        agrees,
                        found: found.clone(),
                    });
                }
            }
        };
        let witness = &seen.witness;
        let matched = witness.unmatched.is_empty();
        let deeds = format!(
            "{} deeds of {} leaves replayed, {} without a matching decision",
            witness.deeds,
            witness.leaves,
            witness.unmatched.len()
        );
        say(
            &[
                "P04", "P18", "P41", "P83", "P86", "P96", "P98", "P99", "P100", "P101", "P102",
                "P104", "P112", "P113",
            ],
            matched,
            deeds.clone(),
        );
        let (vouched, vouching) = self.witnesses_hold().await?;
        say(
            &["P103"],
            matched && vouched,
            format!("{deeds}; {vouching}"),
        );
        let log = format!(
            "{} leaves under checkpoints, {} faults",
            seen.covered, seen.faults
        );
        say(&["P67"], seen.faults == 0, log);
        let (ended, keys) = self.keys_hold().await?;
        say(&["P72"], ended, keys);
        let posted = format!(
            "{} versions posted, the one in force among them",
            seen.versions
        );
        say(&["P01", "P93", "P94", "P95"], seen.versions > 0, posted);
        let lint = format!("{} findings in the version in force", seen.findings);
        say(&["P02", "P03", "P06"], seen.findings == 0, lint);
        let out = &seen.disclosures;
        let register = format!(
            "{} disclosures in the register, {} leaves, {} delivered, {} not closed",
            out.rows, out.leaves, out.delivered, out.unclosed
        );
        let whole = out.unclosed == 0 && u64::try_from(out.rows).unwrap_or(0) == out.leaves;
        say(&["P31"], whole, register.clone());
        let (within, releases) = self.releases_hold().await?;
        say(&["P42"], whole && within, format!("{register}; {releases}"));
        let granted = format!(
            "{} disclosures to somebody who was not granted",
            out.ungranted
        );
        say(&["P105", "P36"], out.ungranted == 0, granted);
        let lacks = if out.lacking.is_empty() {
            "every recipient that gets something is bound and as strong as we are".to_owned()
        } else {
            out.lacking.join("; ")
        };
        say(&["P78", "P84", "P106"], out.lacking.is_empty(), lacks);
        let hasty = seen.orders.iter().filter(|order| {
            let gagged = order.gag_until.is_some();
            !order.produced.is_empty()
                && (order.approvals.len() < 2 || !(order.told.is_some() || gagged))
        });
        let hasty = hasty.count();
        let orders = format!(
            "{} orders on record, {hasty} answered without approval or notice",
            seen.orders.len()
        );
        say(&["P38", "P107"], hasty == 0, orders);
        let (kept, dangers) = self.emergencies_hold(&seen.orders);
        say(&["P39"], kept, dangers);
        let cases = format!(
            "{} cases, {} past their day and not sent back",
            seen.cases, seen.late_cases
        );
        say(
            &["P87", "P88", "P91", "P108", "P109", "P110", "P111"],
            seen.late_cases == 0,
            cases,
        );
        let (pinned, disputes) = self.disputes_hold(&seen.inquiries).await?;
        say(&["P05"], pinned, disputes);
        let (answered, messages) = self.messages_hold(&seen.inquiries);
        say(&["P92"], answered, messages);
        let (unnamed, refusals) = (seen.unnamed_laws, seen.lawful_refusals);
        let laws = format!("{refusals} refusals for a duty by law, {unnamed} that name none");
        say(&["P30"], unnamed == 0, laws);
        let (passed, packs) = self.successions_hold().await?;
        say(&["P37"], passed, packs);
        let late = seen.breaches.iter().filter(|one| one.is_late(self.now()));
        let late = late.count();
        let told = format!(
            "{} exposures on record, {late} told late or not yet",
            seen.breaches.len()
        );
        say(&["P68"], late == 0, told);
        let kept = format!(
            "{} overdue interactions not held, {} of {} customers without a run in two days",
            seen.overdue, seen.stale_runs, seen.tenants
        );
        say(&["P89"], seen.overdue == 0 && seen.stale_runs == 0, kept);
        Ok(checks)
    }

    /// Whether nobody who is to vouch for the log refuses to, and how far they did.
    async fn witnesses_hold(&self) -> Result<(bool, String), AppError> {
        let seen = self.witnesses().await?;
        let refused = seen.behind() && seen.all.iter().any(|one| one.problem.is_some());
        let told = format!(
            "{} of {} leaves cosigned by {} of {} witnesses",
            seen.vouched(),
            seen.covered,
            seen.quorum,
            seen.all.len()
        );
        Ok((!refused, told))
    }

    /// Refusals for a duty by law, and those that name none of the tenant's register.
    async fn refusals_by_law(&self, scope: &policy::Scope) -> Result<(usize, usize), AppError> {
        let finding = self.keep::<Find>(scope).await?;
        let ended = self
            .store
            .register::<Case>(&finding, &["ended"], None, 100_000)
            .await?;
        let duties = self.obligations(scope).await?;
        let (mut refusals, mut unnamed) = (0, 0);
        for case in &ended {
            let Some(Outcome::Refused { why, sentence }) = &case.body.outcome else {
                continue;
            };
            if *why == Justification::LegalObligation {
                refusals += 1;
                let named = duties
                    .iter()
                    .any(|duty| sentence.contains(&duty.id.to_string()));
                unnamed += usize::from(!named);
            }
        }
        Ok((refusals, unnamed))
    }

    /// Whether each customer's releases of a year are within the budget, each to a recipient that is
    /// bound to look for nobody.
    async fn releases_hold(&self) -> Result<(bool, String), AppError> {
        let (mut count, mut over, mut unbound) = (0, 0, 0);
        for tenant in self.store.tenants().await? {
            let scope = self.clockwork(tenant.id);
            let recipients = self.recipients(&scope).await?;
            over += usize::from(self.spent(&scope).await? > YEARLY);
            for view in self.releases(&scope).await? {
                if view.release.sha256.is_none() {
                    continue;
                }
                count += 1;
                let bound = recipients.iter().any(|one| {
                    one.id == view.release.recipient && one.recipient.terms.contains(TERM)
                });
                unbound += usize::from(!bound);
            }
        }
        let found = format!(
            "{count} releases of figures, {unbound} to somebody who is not bound, {over} customers \
             beyond the budget"
        );
        Ok((over == 0 && unbound == 0, found))
    }

    /// Whether each pack was handed over after two approvals and the notice to the customers.
    async fn successions_hold(&self) -> Result<(bool, String), AppError> {
        let all = self.successions(&self.privacy_desk("clock")).await?;
        let handed: Vec<_> = all
            .iter()
            .filter_map(|one| Some((&one.succession, one.succession.handed?)))
            .collect();
        let hasty = handed.iter().filter(|(plan, at)| {
            plan.approvals.len() < 2 || plan.told.is_none_or(|told| told > *at)
        });
        let hasty = hasty.count();
        let found = format!(
            "{} packs handed over, {hasty} without two approvals or before the notice",
            handed.len()
        );
        Ok((hasty == 0, found))
    }

    /// Whether each dispute is judged by the version that held when its facts happened.
    async fn disputes_hold(&self, inquiries: &[Inquiry]) -> Result<(bool, String), AppError> {
        let (mut count, mut wrong) = (0, 0);
        for inquiry in inquiries {
            let Some(at) = inquiry.facts_at else { continue };
            count += 1;
            let held = self.policy_at(at).await?;
            wrong += usize::from(inquiry.judged_by.as_deref() != Some(held.version()));
        }
        let found = format!("{count} disputes, {wrong} not judged by the version of their time");
        Ok((wrong == 0, found))
    }

    /// Whether each message has somebody who answers it, in time.
    fn messages_hold(&self, inquiries: &[Inquiry]) -> (bool, String) {
        let now = self.now();
        let unowned = inquiries.iter().filter(|one| one.owner.trim().is_empty());
        let late = inquiries
            .iter()
            .filter(|one| one.answer.is_none() && one.due < now);
        let (unowned, late) = (unowned.count(), late.count());
        let found = format!(
            "{} messages, {unowned} without somebody who answers, {late} past their day",
            inquiries.len()
        );
        (unowned == 0 && late == 0, found)
    }

    /// Whether each emergency had the reasons of two and was looked at again in time.
    fn emergencies_hold(&self, orders: &[Order]) -> (bool, String) {
        let now = self.now();
        let helped = orders
            .iter()
            .filter(|order| order.is_emergency() && !order.produced.is_empty());
        let (mut count, mut unreasoned, mut late) = (0, 0, 0);
        for order in helped {
            count += 1;
            unreasoned += usize::from(order.reasons.len() < 2);
            late += usize::from(order.look_back_by().is_some_and(|by| by < now));
        }
        let found = format!(
            "{count} emergencies answered, {unreasoned} without the reasons of two, {late} past \
             their day to be looked at again"
        );
        (unreasoned == 0 && late == 0, found)
    }

    async fn look(&self) -> Result<Seen, AppError> {
        let ledger = self.store.verify_ledger().await?;
        let tenants = self.store.tenants().await?;
        let mut seen = Seen {
            faults: ledger.findings.len(),
            covered: ledger.covered,
            witness: self.replay_ledger().await?,
            versions: self.store.published().await?.len(),
            findings: self.policy().check().len(),
            disclosures: Disclosures::default(),
            orders: Vec::new(),
            inquiries: Vec::new(),
            breaches: Vec::new(),
            lawful_refusals: 0,
            unnamed_laws: 0,
            late_cases: 0,
            cases: 0,
            overdue: 0,
            stale_runs: 0,
            tenants: tenants.len(),
        };
        let told = &seen.witness.kinds;
        seen.disclosures.leaves = told.get(EntryKind::Disclosed.key()).copied().unwrap_or(0);
        for tenant in &tenants {
            let scope = self.clockwork(tenant.id);
            let finding = self.keep::<Find>(&scope).await?;
            let late = self
                .store
                .register::<Case>(&finding, &["open"], Some(self.now()), 1_000)
                .await?;
            seen.late_cases += late.len();
            let counts = self.store.register_counts::<Case>(tenant.id).await?;
            seen.cases += counts.values().sum::<u64>();
            let (refusals, unnamed) = self.refusals_by_law(&scope).await?;
            seen.lawful_refusals += refusals;
            seen.unnamed_laws += unnamed;
            let overdue = self.retention_preview(&scope).await?;
            seen.overdue += overdue.iter().filter(|one| !one.on_hold).count();
            let last = self.retention_runs(&scope).await?.first().map(|run| run.at);
            // A tenant that is new has nothing that a run could have missed.
            let since = last.unwrap_or(tenant.created);
            if self.now().since(since) > FRESH_RUN {
                seen.stale_runs += 1;
            }
            self.look_at_disclosures(&scope, &mut seen.disclosures)
                .await?;
        }
        let desk = self.privacy_desk("clock");
        let finding = self.keep::<Find>(&desk).await?;
        let orders = self
            .store
            .register::<Order>(&finding, &[], None, 10_000)
            .await?;
        let late = self
            .store
            .register::<Request>(&finding, &["passed_on"], Some(self.now()), 10_000)
            .await?;
        seen.late_cases += late
            .iter()
            .filter(|one| one.body.kind == RequestKind::Complaint)
            .count();
        let inquiries = self.inquiries(&desk).await?;
        seen.inquiries = inquiries.into_iter().map(|one| one.inquiry).collect();
        let breaches = self.breaches(&desk).await?;
        seen.breaches = breaches.into_iter().map(|one| one.breach).collect();
        seen.orders = orders.into_iter().map(|filed| filed.body).collect();
        Ok(seen)
    }

    async fn look_at_disclosures(
        &self,
        scope: &policy::Scope,
        seen: &mut Disclosures,
    ) -> Result<(), AppError> {
        let finding = self.keep::<Find>(scope).await?;
        let all = self
            .store
            .register::<Disclosure>(&finding, &[], None, 100_000)
            .await?;
        let recipients = self.recipients(scope).await?;
        let mut used = BTreeSet::new();
        for filed in &all {
            seen.rows += 1;
            match filed.body.state() {
                "delivered" => seen.delivered += 1,
                "sending" => seen.unclosed += 1,
                _ => {}
            }
            if filed.body.purpose == Purpose::Sharing {
                let before = |id| {
                    let known = recipients.iter().find(|one| one.id == id);
                    known.is_some_and(|one| one.granted <= filed.filed)
                };
                match filed.body.recipient {
                    Some(id) if before(id) => {
                        used.insert(id);
                    }
                    _ => seen.ungranted += 1,
                }
            }
        }
        for one in recipients.iter().filter(|one| used.contains(&one.id)) {
            let open = one.recipient.state() == "granted";
            if open && !one.lacks.is_empty() {
                seen.lacking
                    .push(format!("{}: {}", one.id, one.lacks.join(", ")));
            }
        }
        Ok(())
    }
}
