//! What coaching adds up to: an agent's own page, and the team's.

use std::collections::BTreeMap;

use domain::{AssignmentStep, Lesson, Secret, Timestamp, UserId};
use policy::Scope;

use super::{
    AssignmentView, FillingView, SeenAssignments, SeenFillings, user_of, week_of, week_start,
};
use crate::app::App;
use crate::error::AppError;

/// Weeks that a trend shows.
const WEEKS: i64 = 8;
/// From so many points on a form is a win.
const WIN: f64 = 90.0;
/// Forms of everybody in a trend's weeks that are read at most.
const MOST: u64 = 5_000;

/// One week of a trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Week {
    /// Its first instant.
    pub begins: Timestamp,
    /// Forms that count.
    pub forms: u32,
    /// Their mean score; none without any.
    pub mean: Option<f64>,
}

/// What an agent sees of themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentPage {
    /// What they are asked to listen to, newest first.
    pub open: Vec<AssignmentView>,
    /// What is done with.
    pub done: Vec<AssignmentView>,
    /// Forms about them, newest first.
    pub fillings: Vec<FillingView>,
    /// The last weeks, oldest first.
    pub trend: Vec<Week>,
    /// Praise, and forms of at least ninety points.
    pub wins: Vec<(Timestamp, Win)>,
}

/// Something that went well.
#[derive(Debug, Clone, PartialEq)]
pub enum Win {
    /// A part that somebody praised.
    Praise(AssignmentView),
    /// A form with many points.
    Score(FillingView),
}

/// One agent in the team's table.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentRow {
    /// Who.
    pub agent: UserId,
    /// Their name.
    pub name: Secret,
    /// What they are asked to and have not done with.
    pub open: u32,
    /// Of these, past their day.
    pub overdue: u32,
    /// What is done with.
    pub done: u32,
    /// The last weeks, oldest first.
    pub trend: Vec<Week>,
    /// Forms of these weeks, and their mean score.
    pub forms: u32,
    /// None without forms.
    pub mean: Option<f64>,
}

/// What a coach sees of the team.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamPage {
    /// By name.
    pub agents: Vec<AgentRow>,
    /// Everything that is open, newest first.
    pub open: Vec<AssignmentView>,
    /// Forms that agents dispute.
    pub disputed: Vec<FillingView>,
}

impl App {
    /// An agent's own page.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever has no account; [`AppError::Denied`].
    pub async fn agent_page(&self, scope: &Scope) -> Result<AgentPage, AppError> {
        let me = user_of(scope).ok_or_else(|| AppError::NotFound {
            what: "account",
            name: scope.actor().handle.clone(),
        })?;
        let mine = SeenAssignments {
            person: Some(me),
            ..SeenAssignments::default()
        };
        let assigned = self.assignments(scope, &mine).await?;
        let about_me = SeenFillings {
            agent: Some(me),
            ..SeenFillings::default()
        };
        let fillings = self.fillings(scope, &about_me).await?;
        let (open, done): (Vec<_>, Vec<_>) = assigned
            .into_iter()
            .partition(|one| one.assignment.stands().is_open());
        let praised = open
            .iter()
            .chain(&done)
            .filter(|one| one.assignment.lesson == Lesson::Praise)
            .map(|one| (one.at, Win::Praise(one.clone())));
        let scored = fillings
            .iter()
            .filter(|one| counts(one) && one.filling.score.is_some_and(|score| score >= WIN))
            .map(|one| (one.at, Win::Score(one.clone())));
        let mut wins: Vec<(Timestamp, Win)> = praised.chain(scored).collect();
        wins.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Ok(AgentPage {
            trend: trend(fillings.iter(), self.now()),
            open,
            done,
            fillings,
            wins,
        })
    }

    /// The team's page: every agent with an account.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub async fn team_page(&self, scope: &Scope) -> Result<TeamPage, AppError> {
        let now = self.now();
        let all = self.assignments(scope, &SeenAssignments::default()).await?;
        let lately = SeenFillings {
            since: Some(first_week(now)),
            limit: MOST,
            ..SeenFillings::default()
        };
        let fillings = self.fillings(scope, &lately).await?;
        let disputed = SeenFillings {
            states: &["disputed"],
            ..SeenFillings::default()
        };
        let disputed = self.fillings(scope, &disputed).await?;
        let mut agents = Vec::new();
        for (agent, _, name) in self.agents(scope).await? {
            let own: Vec<&AssignmentView> = all
                .iter()
                .filter(|one| one.assignment.person == agent)
                .collect();
            let count = |which: &dyn Fn(&AssignmentView) -> bool| {
                let found = own.iter().filter(|one| which(one)).count();
                u32::try_from(found).unwrap_or(u32::MAX)
            };
            let about = fillings
                .iter()
                .filter(|one| one.filling.agent == Some(agent));
            let scores: Vec<f64> = about
                .clone()
                .filter(|one| counts(one))
                .filter_map(|one| one.filling.score)
                .collect();
            agents.push(AgentRow {
                agent,
                name,
                open: count(&|one| one.assignment.stands().is_open()),
                overdue: count(&|one| one.overdue(now)),
                done: count(&|one| one.assignment.stands() == AssignmentStep::Completed),
                trend: trend(about, now),
                forms: u32::try_from(scores.len()).unwrap_or(u32::MAX),
                mean: mean(&scores),
            });
        }
        agents.sort_by(|a, b| a.name.expose().cmp(b.name.expose()));
        let open = all
            .into_iter()
            .filter(|one| one.assignment.stands().is_open());
        Ok(TeamPage {
            agents,
            open: open.collect(),
            disputed,
        })
    }
}

fn counts(view: &FillingView) -> bool {
    view.filling.stands().counts()
}

fn first_week(now: Timestamp) -> Timestamp {
    week_start(week_of(now) - WEEKS + 1)
}

/// The mean score of each of the last weeks, by when the interactions began.
fn trend<'a>(fillings: impl Iterator<Item = &'a FillingView>, now: Timestamp) -> Vec<Week> {
    let mut weeks: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for one in fillings.filter(|one| counts(one)) {
        if let Some(score) = one.filling.score {
            weeks
                .entry(week_of(one.filling.handled))
                .or_default()
                .push(score);
        }
    }
    let last = week_of(now);
    (last - WEEKS + 1..=last)
        .map(|week| {
            let scores = weeks.get(&week).map(Vec::as_slice).unwrap_or_default();
            Week {
                begins: week_start(week),
                forms: u32::try_from(scores.len()).unwrap_or(u32::MAX),
                mean: mean(scores),
            }
        })
        .collect()
}

fn mean(scores: &[f64]) -> Option<f64> {
    let count = u32::try_from(scores.len())
        .ok()
        .filter(|count| *count > 0)?;
    Some(scores.iter().sum::<f64>() / f64::from(count))
}
