//! Coaching: the team's page, and the page of whoever is asked to listen to something: an agent
//! sees their own interactions, their trend and their wins.

use app::review::{
    AgentPage, NewAssignment, SeenAssignments, StepOrder, TeamPage, Week, Win, moment_of,
};
use app::{AppError, parse_time};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{AssignmentId, AssignmentStep, Lesson, Purpose, TenantRole, UserId};

use super::beside::{AssignmentRow, FillingRow, assignment, filling};
use super::names::{Choice, Names};
use crate::door::Person;
use crate::pages::filters::{day_of, day_text};
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, page, see};
use crate::problem::Problem;
use crate::routes::interactions::parse;
use crate::routes::scope;
use crate::{State, t};

/// Height of a trend in its own units.
const TALL: f64 = 40.0;

#[derive(Template)]
#[template(path = "mine.html")]
struct MinePage {
    me: Me,
    open: Vec<AssignmentRow>,
    done: Vec<AssignmentRow>,
    fillings: Vec<FillingRow>,
    trend: Vec<WeekBar>,
    mean: String,
    wins: Vec<WinRow>,
    people: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "coaching.html")]
struct CoachingPage {
    me: Me,
    mine: Vec<AssignmentRow>,
    agents: Vec<AgentRow>,
    open: Vec<AssignmentRow>,
    disputed: Vec<FillingRow>,
    people: Vec<Choice>,
}

pub(super) struct WeekBar {
    x: usize,
    y: u64,
    height: u64,
    words: String,
    week: String,
    forms: u32,
    mean: String,
}

struct WinRow {
    at: Moment,
    href: String,
    text: String,
    praise: bool,
}

struct AgentRow {
    name: String,
    open: u32,
    overdue: u32,
    done: u32,
    forms: u32,
    mean: String,
    trend: Vec<WeekBar>,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let me = Me::of(&state, &person, "coaching").await?;
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let names = Names::of(&state, &person).await?;
    let people = names.choices(&[TenantRole::Owner, TenantRole::Coach], &[]);
    if me.agent {
        let found = state.app.agent_page(&scope).await?;
        return Ok(page(&mine(&state, &person, me, found, &names, people)));
    }
    let found: TeamPage = state.app.team_page(&scope).await?;
    let row = |one: &app::review::AssignmentView| assignment(one, &state, &person, &me, &names);
    let mine = match person.caller.user() {
        Some(user) => {
            let wanted = SeenAssignments {
                person: Some(user),
                ..SeenAssignments::default()
            };
            state.app.assignments(&scope, &wanted).await?
        }
        None => Vec::new(),
    };
    Ok(page(&CoachingPage {
        mine: mine
            .iter()
            .filter(|one| one.assignment.stands().is_open())
            .map(row)
            .collect(),
        agents: found
            .agents
            .iter()
            .map(|one| AgentRow {
                name: one.name.expose().to_owned(),
                open: one.open,
                overdue: one.overdue,
                done: one.done,
                forms: one.forms,
                mean: points(one.mean),
                trend: bars(&one.trend),
            })
            .collect(),
        open: found.open.iter().map(row).collect(),
        disputed: found
            .disputed
            .iter()
            .map(|one| filling(one, &person, &me, &names))
            .collect(),
        people,
        me,
    }))
}

fn mine(
    state: &State,
    person: &Person,
    me: Me,
    found: AgentPage,
    names: &Names,
    people: Vec<Choice>,
) -> MinePage {
    let row = |one: &app::review::AssignmentView| assignment(one, state, person, &me, names);
    let scores: Vec<f64> = found
        .fillings
        .iter()
        .filter(|one| one.filling.stands().counts())
        .filter_map(|one| one.filling.score)
        .collect();
    let count = u32::try_from(scores.len()).unwrap_or(u32::MAX);
    MinePage {
        open: found.open.iter().map(row).collect(),
        done: found.done.iter().map(row).collect(),
        fillings: found
            .fillings
            .iter()
            .map(|one| filling(one, person, &me, names))
            .collect(),
        trend: bars(&found.trend),
        mean: points((count > 0).then(|| scores.iter().sum::<f64>() / f64::from(count))),
        wins: found
            .wins
            .iter()
            .map(|(at, win)| win_row(*at, win))
            .collect(),
        people,
        me,
    }
}

fn win_row(at: domain::Timestamp, win: &Win) -> WinRow {
    match win {
        Win::Praise(one) => WinRow {
            at: Moment::of(at),
            href: format!("/interactions/{}#t{}", one.interaction, one.assignment.from),
            text: one.assignment.note.expose().to_owned(),
            praise: true,
        },
        Win::Score(one) => WinRow {
            at: Moment::of(at),
            href: format!("/interactions/{}#forms", one.interaction),
            text: t("coaching-of-100-on")
                .a(
                    "score",
                    one.score()
                        .map_or_else(String::new, |score| score.to_string()),
                )
                .a("form", &one.form)
                .to_string(),
            praise: false,
        },
    }
}

fn bars(weeks: &[Week]) -> Vec<WeekBar> {
    let bar = |(place, week): (usize, &Week)| {
        let share = week.mean.map_or(0.0, |mean| mean / 100.0 * TALL);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of forty units"
        )]
        let height = share.round().clamp(0.0, TALL) as u64;
        let height = if week.mean.is_some() {
            height.max(1)
        } else {
            0
        };
        let day = day_text(day_of(week.begins));
        WeekBar {
            x: place * 12,
            y: 40u64.saturating_sub(height),
            height,
            words: match week.mean {
                Some(mean) => t("coaching-week-of-on-form-s")
                    .a("day", &day)
                    .a("mean", format!("{mean:.1}"))
                    .a("forms", week.forms)
                    .to_string(),
                None => t("coaching-week-of-no-form").a("day", &day).to_string(),
            },
            week: day,
            forms: week.forms,
            mean: points(week.mean),
        }
    };
    weeks.iter().enumerate().map(bar).collect()
}

fn points(mean: Option<f64>) -> String {
    mean.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.1}"))
}

/// Asks somebody to listen to a part of an interaction.
pub(super) async fn assign(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id = parse(&id)?;
    let who: UserId = fields.get("person").parse().map_err(AppError::Id)?;
    let due = Some(fields.get("due")).filter(|text| !text.is_empty());
    let due = due
        // The whole day is theirs.
        .map(|day| parse_time(&format!("{day}T23:59:59Z")))
        .transpose()?;
    let new = NewAssignment {
        person: who,
        from: moment_of(fields.get("from"))?,
        until: moment_of(fields.get("until"))?,
        lesson: if fields.get("lesson") == Lesson::Praise.key() {
            Lesson::Praise
        } else {
            Lesson::Improve
        },
        note: fields.secret("note"),
        due,
    };
    state.app.assign(&scope, id, &new).await?;
    Ok(see(&format!("/interactions/{id}#coaching")))
}

pub(super) async fn take_step(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: AssignmentId = id
        .parse()
        .map_err(|error| Problem::from(AppError::Id(error)))?;
    let step: AssignmentStep = fields.get("act").parse().map_err(AppError::Id)?;
    let to =
        Some(fields.get("to")).filter(|text| !text.is_empty() && step == AssignmentStep::Forwarded);
    let order = StepOrder {
        step,
        note: fields.get("note").to_owned(),
        to: to.map(str::parse).transpose().map_err(AppError::Id)?,
    };
    state.app.step_assignment(&scope, id, &order).await?;
    Ok(see("/coaching"))
}
