//! What the demo tenant's people did: agents and coaches with accounts, moments, forms, a closed
//! and an open calibration session, a sampling plan, coaching in every state, and alerts on their
//! way. All of it goes through the same doors as anybody's.

use std::collections::BTreeSet;

use domain::{
    AnswerStep, AssignmentStep, CalibrationId, DataCategory, InteractionId, Lesson, Millis,
    MomentKind, Purpose, RecipientKind, Secret, TenantId, TenantRole, UserId,
};
use policy::Scope;
use store::{ListFilter, Page, Summary};

use super::AGENTS;
use super::chance::Dice;
use crate::access::Caller;
use crate::accounts::Invitation;
use crate::alerts::NewRoute;
use crate::app::App;
use crate::disclosures::Recipient;
use crate::error::AppError;
use crate::review::{NewAssignment, NewCalibration, NewFilling, NewMoment, StepOrder};

const COACHES: &[&str] = &["Nora Lind", "Felix Brandt"];
const FORM: &str = "Quality.Call review";
const SEED: u64 = 0x52_45_56_49_45_57;
/// Interactions that are looked through for what somebody did with them.
const LOOKED_THROUGH: u32 = 120;

const REMARKS: &[(MomentKind, &str)] = &[
    (
        MomentKind::Comment,
        "Says back what the caller needs before looking it up. Worth showing to others.",
    ),
    (MomentKind::Tag, "empathy"),
    (MomentKind::Comment, "The wait is not announced here."),
    (MomentKind::Bookmark, ""),
    (MomentKind::Tag, "next step"),
    (MomentKind::Comment, "A clear date instead of soon."),
];
const LESSONS: &[(Lesson, &str)] = &[
    (
        Lesson::Improve,
        "Listen for the moment where the wait begins. What could you say before it?",
    ),
    (
        Lesson::Praise,
        "You name the day and the hour. That is what we want everybody to hear.",
    ),
    (
        Lesson::Improve,
        "The question is asked twice. How would you write it down the first time?",
    ),
    (
        Lesson::Improve,
        "Try to offer the second appointment before they ask.",
    ),
];

/// Somebody of the demo, with their scope.
struct Someone {
    id: UserId,
    scope: Scope,
}

impl App {
    /// Gives the demo's tenant its people, and somebody who is told of alerts; once. Says whether
    /// it was now.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn people_the_demo(&self, tenant: TenantId) -> Result<bool, AppError> {
        if !self.people(tenant).await?.is_empty() {
            return Ok(false);
        }
        let agents = AGENTS.iter().map(|(name, _)| (*name, TenantRole::Agent));
        let coaches = COACHES.iter().map(|name| (*name, TenantRole::Coach));
        for (name, role) in agents.chain(coaches) {
            let mail = format!("{}@harbor.example", name.to_lowercase().replace(' ', "."));
            let person = Invitation {
                tenant,
                mail: mail.parse()?,
                name: Secret::new(name),
                role,
            };
            self.invite(&person, "demo").await?;
        }
        let officer = self.local_scope(tenant, TenantRole::PrivacyOfficer, Purpose::Governance);
        let outbox = self.config.data.join("outbox");
        let desk = self.demo_recipient("Night desk", "folder", &outbox.display().to_string());
        let pager = self.demo_recipient("Pager", "webhook", "http://127.0.0.1:9/alerts");
        for (who, alerts) in [(desk, &[][..]), (pager, &["Service.Poor score"])] {
            let recipient = self.grant_recipient(&officer, &who).await?;
            let route = NewRoute {
                recipient,
                alerts: alerts.iter().map(|name| (*name).to_owned()).collect(),
                digest: Millis::ZERO,
            };
            self.add_alert_route(&officer, &route).await?;
        }
        Ok(true)
    }

    /// The tenant's own systems: nothing is sent to anybody else.
    fn demo_recipient(&self, name: &str, transport: &str, address: &str) -> Recipient {
        let policy = self.policy();
        Recipient {
            name: Secret::new(name),
            kind: RecipientKind::Customer,
            contract: "demo order, section 2".to_owned(),
            purposes: BTreeSet::from([Purpose::Sharing]),
            categories: BTreeSet::from([DataCategory::InteractionMetadata]),
            terms: policy.terms().iter().map(|term| term.key.clone()).collect(),
            controls: policy
                .controls()
                .iter()
                .map(|control| (control.key.clone(), control.ours))
                .collect(),
            attested_until: self.now().plus(Millis(365 * 86_400_000)),
            region: self.config.region.clone(),
            mechanism: None,
            noticed_from: self.now(),
            erase_after_days: Some(30),
            transport: transport.to_owned(),
            address: Secret::new(address),
            secret: Secret::new("whsec_ZGVtbyBzZWNyZXQgb2YgYm90aCBzaWRlcw=="),
            granted_by: "demo".to_owned(),
            stopped: None,
        }
    }

    /// Lets the demo's people do something with what was processed.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn enliven_the_demo(&self, tenant: TenantId) -> Result<(), AppError> {
        let coaches = self.those(tenant, COACHES.iter().copied()).await?;
        let agents = self
            .those(tenant, AGENTS.iter().map(|(name, _)| *name))
            .await?;
        let Some(coach) = coaches.first() else {
            return Ok(());
        };
        let handled = self.handled(&coach.scope).await?;
        let mut dice = Dice::new(SEED);
        self.note_moments(&coaches, &mut dice).await?;
        self.score(&coaches, &handled, &mut dice).await?;
        self.answer_scores(&agents).await?;
        self.calibrate(&coaches, &handled, &mut dice).await?;
        self.set_sampling(&coach.scope, FORM, 2, Some(7)).await?;
        self.coach(&coaches, &agents, &handled, &mut dice).await?;
        self.tell_of_alerts(tenant).await?;
        Ok(())
    }

    async fn those(
        &self,
        tenant: TenantId,
        names: impl Iterator<Item = &'static str>,
    ) -> Result<Vec<Someone>, AppError> {
        let people = self.people(tenant).await?;
        let mut found = Vec::new();
        for name in names {
            let Some(account) = people.iter().find(|one| one.name.expose() == name) else {
                continue;
            };
            let own = self.store.took_part(tenant, &[name]).await?;
            let caller = Caller::of_person(account, own);
            if let Some(scope) = self.caller_scope(&caller, Purpose::Review) {
                found.push(Someone {
                    id: account.id,
                    scope,
                });
            }
        }
        Ok(found)
    }

    /// The newest interactions that are ready, with the agent who took part.
    async fn handled(&self, scope: &Scope) -> Result<Vec<(Summary, UserId)>, AppError> {
        let mut handled = Vec::new();
        for one in self.newest(scope).await? {
            if let Some(agent) = self.agents_of(scope, one.id).await?.first() {
                handled.push((one, *agent));
            }
        }
        Ok(handled)
    }

    async fn newest(&self, scope: &Scope) -> Result<Vec<Summary>, AppError> {
        let ready = ListFilter {
            ready_only: true,
            ..ListFilter::default()
        };
        let page = Page {
            limit: LOOKED_THROUGH,
            after: None,
        };
        self.list(scope, &ready, &page).await
    }

    async fn note_moments(&self, coaches: &[Someone], dice: &mut Dice) -> Result<(), AppError> {
        let Some(coach) = coaches.first() else {
            return Ok(());
        };
        let newest = self.newest(&coach.scope).await?;
        for summary in newest.iter().step_by(5).take(20) {
            let long = summary.duration.map_or(20_000, |long| long.0);
            for _ in 0..dice.between(1, 3) {
                let Some((kind, text)) = dice.pick(REMARKS) else {
                    continue;
                };
                let Some(coach) = dice.pick(coaches) else {
                    continue;
                };
                let moment = NewMoment {
                    kind: *kind,
                    from: Millis(dice.below(long.max(1))),
                    until: None,
                    text: Secret::new(*text),
                };
                self.add_moment(&coach.scope, summary.id, &moment).await?;
            }
        }
        Ok(())
    }

    async fn score(
        &self,
        coaches: &[Someone],
        handled: &[(Summary, UserId)],
        dice: &mut Dice,
    ) -> Result<(), AppError> {
        for (place, (summary, _)) in handled.iter().enumerate().take(72) {
            if place % 2 == 1 {
                continue;
            }
            let Some(coach) = dice.pick(coaches) else {
                continue;
            };
            let filling = answers(dice, None);
            self.fill_form(&coach.scope, summary.id, &filling).await?;
        }
        Ok(())
    }

    /// Some agents have read what was said of them, one disagrees.
    async fn answer_scores(&self, agents: &[Someone]) -> Result<(), AppError> {
        for (place, agent) in agents.iter().enumerate() {
            let page = self.agent_page(&agent.scope).await?;
            let Some(newest) = page.fillings.first() else {
                continue;
            };
            let (step, note) = match place {
                0 => (
                    AnswerStep::Disputed,
                    "I did ask for the name, at the very beginning. Please listen again.",
                ),
                1..=4 => (AnswerStep::Acknowledged, ""),
                _ => continue,
            };
            self.answer_filling(&agent.scope, newest.id, step, note)
                .await?;
        }
        Ok(())
    }

    async fn calibrate(
        &self,
        coaches: &[Someone],
        handled: &[(Summary, UserId)],
        dice: &mut Dice,
    ) -> Result<(), AppError> {
        let [first, second, ..] = coaches else {
            return Ok(());
        };
        let judges = vec![first.id, second.id];
        let some = |skip: usize, take: usize| -> Vec<InteractionId> {
            let part = handled.iter().skip(skip).take(take);
            part.map(|(summary, _)| summary.id).collect()
        };
        for (title, ids, closed) in [
            ("Listening, last month", some(1, 6), true),
            ("Solutions, this month", some(9, 4), false),
        ] {
            if ids.is_empty() {
                continue;
            }
            let session = NewCalibration {
                title: Secret::new(title),
                form: FORM.to_owned(),
                interactions: ids.clone(),
                judges: judges.clone(),
            };
            let session = self.open_calibration(&first.scope, &session).await?;
            for (place, id) in ids.iter().enumerate() {
                let seen = answers(dice, Some(session));
                self.fill_form(&first.scope, *id, &seen).await?;
                if closed || place == 0 {
                    let other = differently(dice, seen);
                    self.fill_form(&second.scope, *id, &other).await?;
                }
            }
            if closed {
                self.close_calibration(&first.scope, session).await?;
            }
        }
        Ok(())
    }

    /// Assignments in every state.
    async fn coach(
        &self,
        coaches: &[Someone],
        agents: &[Someone],
        handled: &[(Summary, UserId)],
        dice: &mut Dice,
    ) -> Result<(), AppError> {
        let [coach, colleague, ..] = coaches else {
            return Ok(());
        };
        use AssignmentStep as Step;
        let ways: &[&[(Step, &str)]] = &[
            &[],
            &[
                (Step::Listened, ""),
                (Step::Acknowledged, "I will announce the wait."),
            ],
            &[(Step::Listened, "")],
            &[(
                Step::Disputed,
                "The system was slow that day; I said so at the start.",
            )],
            &[
                (Step::Listened, ""),
                (Step::Acknowledged, ""),
                (Step::Completed, "Heard it in the next call."),
            ],
            &[(Step::Forwarded, "Please look at this one with me.")],
            &[],
        ];
        for (place, (agent, way)) in agents.iter().zip(ways.iter().cycle()).enumerate() {
            let own = handled.iter().filter(|(_, by)| *by == agent.id);
            for (turn, (summary, _)) in own.take(2).enumerate() {
                let long = summary.duration.map_or(20_000, |long| long.0).max(2_000);
                let from = dice.below(long / 2);
                let Some((lesson, note)) = LESSONS.get((place + turn) % LESSONS.len()) else {
                    continue;
                };
                let days = if place % 3 == 2 { 3 } else { 12 };
                let new = NewAssignment {
                    person: agent.id,
                    from: Millis(from),
                    until: Millis((from + long / 3).min(long)),
                    lesson: *lesson,
                    note: Secret::new(*note),
                    due: Some(self.now().plus(Millis(days * 86_400_000))),
                };
                let id = self.assign(&coach.scope, summary.id, &new).await?;
                for (step, note) in way.iter().filter(|_| turn == 0) {
                    let order = StepOrder {
                        step: *step,
                        note: (*note).to_owned(),
                        to: (*step == Step::Forwarded).then_some(colleague.id),
                    };
                    self.step_assignment(&agent.scope, id, &order).await?;
                }
            }
        }
        Ok(())
    }
}

/// Answers as somebody in a good mood gives them.
fn answers(dice: &mut Dice, session: Option<CalibrationId>) -> NewFilling {
    let often =
        |dice: &mut Dice, yes: &str, no: &str| if dice.below(6) == 0 { no } else { yes }.to_owned();
    let said = [
        "",
        "Announce the wait.",
        "Keep naming the day.",
        "Ask one thing at a time.",
    ];
    let given = [
        ("Greets with name and company", often(dice, "yes", "no")),
        (
            "Makes sure who it is before changing anything",
            match dice.below(14) {
                0 => "no",
                1..=4 => "na",
                _ => "yes",
            }
            .to_owned(),
        ),
        (
            "Listens and shows understanding",
            dice.between(2, 5).to_string(),
        ),
        (
            "Solution",
            match dice.below(6) {
                0 => "Left open",
                1 | 2 => "Next step agreed",
                _ => "Solved",
            }
            .to_owned(),
        ),
        ("Offers more help", often(dice, "yes", "na")),
        (
            "To keep or to change",
            dice.pick(&said).copied().unwrap_or_default().to_owned(),
        ),
    ];
    NewFilling {
        form: FORM.to_owned(),
        answers: given
            .into_iter()
            .map(|(question, answer)| (question.to_owned(), answer))
            .collect(),
        session,
    }
}

/// Much the same, as somebody else would see it.
fn differently(dice: &mut Dice, seen: NewFilling) -> NewFilling {
    let mut other = seen;
    for (question, answer) in &mut other.answers {
        if question.starts_with("Listens") && dice.below(2) == 0 {
            *answer = if answer == "5" {
                "4".to_owned()
            } else {
                "5".to_owned()
            };
        }
        if question.starts_with("Greets") && dice.below(4) == 0 {
            *answer = if answer == "yes" { "no" } else { "yes" }.to_owned();
        }
    }
    other
}
