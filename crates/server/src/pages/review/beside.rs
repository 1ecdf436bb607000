//! What stands beside an interaction: its moments, the forms filled in about it, and what people
//! were asked to listen to in it.

use app::review::{AssignmentView, FillingView, MomentView, NewMoment, moment_of};
use app::{AppError, Scope, View};
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use domain::{Channel, InteractionId, Millis, MomentId, Purpose, TenantRole};

use super::names::{Choice, Names};
use crate::State;
use crate::door::Person;
use crate::pages::forms::Fields;
use crate::pages::me::Me;
use crate::pages::overview::Moment;
use crate::pages::{Oops, see};
use crate::problem::Problem;
use crate::routes::interactions::parse;
use crate::routes::scope;

/// Everything that stands beside one interaction.
pub(crate) struct Beside {
    pub(crate) corrections: Vec<CorrectionRow>,
    pub(crate) moments: Vec<MomentRow>,
    pub(crate) fillings: Vec<FillingRow>,
    pub(crate) assignments: Vec<AssignmentRow>,
    pub(crate) forms: Vec<Choice>,
    pub(crate) people: Vec<Choice>,
    pub(crate) may_note: bool,
    pub(crate) may_judge: bool,
}

/// What somebody who took part says instead.
pub(crate) struct CorrectionRow {
    pub(crate) at: Moment,
    /// The stretch that it is about, with where it is on the page.
    pub(crate) stretch: Option<(String, u64)>,
    pub(crate) says: String,
}

pub(crate) struct MomentRow {
    pub(crate) id: String,
    pub(crate) at: String,
    pub(crate) at_ms: u64,
    pub(crate) link_ms: u64,
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    pub(crate) by: String,
    pub(crate) removable: bool,
}

pub(crate) struct FillingRow {
    pub(crate) id: String,
    pub(crate) form: String,
    pub(crate) version: u32,
    pub(crate) score: String,
    pub(crate) by: String,
    pub(crate) at: Moment,
    pub(crate) state: &'static str,
    pub(crate) stands: &'static str,
    pub(crate) in_session: bool,
    pub(crate) agent: String,
    pub(crate) interaction: String,
    pub(crate) answers: Vec<AnswerLine>,
    pub(crate) steps: Vec<StepLine>,
    /// It is about whoever looks, and waits for their word.
    pub(crate) may_acknowledge: bool,
    pub(crate) may_dispute: bool,
    pub(crate) may_settle: bool,
}

pub(crate) struct AnswerLine {
    pub(crate) question: String,
    pub(crate) answer: String,
    pub(crate) state: &'static str,
}

pub(crate) struct StepLine {
    pub(crate) at: Moment,
    pub(crate) by: String,
    pub(crate) what: String,
    pub(crate) note: String,
}

pub(crate) struct AssignmentRow {
    pub(crate) id: String,
    pub(crate) interaction: String,
    pub(crate) link_ms: u64,
    pub(crate) from_ms: u64,
    pub(crate) until_ms: u64,
    pub(crate) part: String,
    pub(crate) person: String,
    pub(crate) by: String,
    pub(crate) praise: bool,
    pub(crate) note: String,
    pub(crate) due: Option<Moment>,
    pub(crate) overdue: bool,
    pub(crate) state: &'static str,
    pub(crate) stands: &'static str,
    pub(crate) steps: Vec<StepLine>,
    /// Steps that whoever looks may take now.
    pub(crate) acts: Vec<&'static str>,
}

impl AssignmentRow {
    /// Whether whoever looks may take a step now.
    pub(crate) fn may(&self, act: &str) -> bool {
        self.acts.contains(&act)
    }
}

pub(crate) async fn beside(
    state: &State,
    person: &Person,
    scope: &Scope,
    me: &Me,
    view: &View,
) -> Result<Beside, AppError> {
    let id = view.summary.id;
    let names = Names::of(state, person).await?;
    let corrections = state.app.corrections(scope, id).await?;
    let moments = state.app.moments(scope, id).await?;
    let fillings = state.app.fillings_of(scope, id).await?;
    let assignments = state.app.assignments_of(scope, id).await?;
    let (mut forms, mut people) = (Vec::new(), Vec::new());
    if me.judges {
        forms = state
            .app
            .forms(scope)
            .await?
            .into_iter()
            .map(|form| Choice {
                id: form.id.to_string(),
                name: form.name.to_string(),
            })
            .collect();
        let agents = state.app.agents_of(scope, id).await?;
        people = names.choices(&[TenantRole::Owner, TenantRole::Coach], &agents);
    }
    Ok(Beside {
        corrections: corrections
            .iter()
            .map(|one| CorrectionRow {
                at: Moment::of(one.at),
                stretch: one.correction.stretch.map(|(from, until)| {
                    let (from, until) = (Millis(from), Millis(until));
                    (format!("{from}–{until}"), place_of(view, from))
                }),
                says: one.correction.says.expose().to_owned(),
            })
            .collect(),
        moments: moments
            .iter()
            .map(|one| moment(one, view, person, me, &names))
            .collect(),
        fillings: fillings
            .iter()
            .map(|one| filling(one, person, me, &names))
            .collect(),
        assignments: assignments
            .iter()
            .map(|one| assignment(one, state, person, me, &names))
            .collect(),
        forms,
        people,
        may_note: me.notes,
        may_judge: me.judges,
    })
}

fn moment(one: &MomentView, view: &View, person: &Person, me: &Me, names: &Names) -> MomentRow {
    let own = person
        .caller
        .user()
        .is_some_and(|user| user.to_string() == one.by);
    let at = Millis(one.moment.from);
    let until = one.moment.until.map(Millis);
    MomentRow {
        id: one.id.to_string(),
        at: until.map_or_else(|| at.to_string(), |until| format!("{at}–{until}")),
        at_ms: at.0,
        link_ms: place_of(view, at),
        kind: one.moment.kind.key(),
        text: one.moment.text.expose().to_owned(),
        by: names.of_handle(&one.by),
        removable: own || me.judges,
    }
}

/// Where the page has a place for a moment: a player goes to the second, messages have a place
/// each.
fn place_of(view: &View, at: Millis) -> u64 {
    if view.summary.channel == Channel::Voice {
        return at.0;
    }
    let Ok(transcript) = &view.transcript else {
        return at.0;
    };
    let starts = transcript.turns().iter().map(|turn| turn.span.start());
    starts.filter(|start| *start <= at).max().unwrap_or(at).0
}

pub(super) fn filling(one: &FillingView, person: &Person, me: &Me, names: &Names) -> FillingRow {
    use domain::AnswerStep as Step;
    let stands = one.filling.stands();
    let in_session = one.filling.session.is_some();
    let mine = one.filling.agent.is_some() && one.filling.agent == person.caller.user();
    let may = |next: Step| !in_session && stands.leads_to(next);
    FillingRow {
        id: one.id.to_string(),
        form: one.form.clone(),
        version: one.filling.version,
        score: one
            .score()
            .map_or_else(|| "–".to_owned(), |score| score.to_string()),
        by: names.of_handle(&one.by),
        at: Moment::of(one.at),
        state: match stands {
            Step::Filled | Step::Acknowledged | Step::Upheld => "good",
            Step::Disputed => "busy",
            Step::Withdrawn => "bad",
        },
        stands: stands.key(),
        in_session,
        agent: one
            .filling
            .agent
            .map_or_else(String::new, |agent| names.of_user(agent)),
        interaction: one.interaction.to_string(),
        answers: one
            .answers
            .iter()
            .map(|answer| AnswerLine {
                question: answer.question.clone(),
                answer: answer.answer.expose().to_owned(),
                state: match answer.credit.map(domain::Credit::get) {
                    None => "",
                    Some(share) if share >= 1.0 => "good",
                    Some(share) if share <= 0.0 => "bad",
                    Some(_) => "busy",
                },
            })
            .collect(),
        steps: steps(&one.filling.steps, names),
        may_acknowledge: mine && may(Step::Acknowledged),
        may_dispute: mine && may(Step::Disputed),
        may_settle: me.judges && may(Step::Upheld),
    }
}

fn steps(steps: &[app::review::Step], names: &Names) -> Vec<StepLine> {
    let line = |step: &app::review::Step| StepLine {
        at: Moment::of(step.at),
        by: names.of_handle(&step.by),
        what: step.what.clone(),
        note: step.note.expose().to_owned(),
    };
    steps.iter().map(line).collect()
}

pub(super) fn assignment(
    one: &AssignmentView,
    state: &State,
    person: &Person,
    me: &Me,
    names: &Names,
) -> AssignmentRow {
    use domain::AssignmentStep as Step;
    let part = &one.assignment;
    let stands = part.stands();
    let mine = person.caller.user() == Some(part.person);
    let overdue = one.overdue(state.app.now());
    let own = [Step::Listened, Step::Acknowledged, Step::Disputed];
    let shared = [Step::Forwarded, Step::Completed];
    let acts = own
        .iter()
        .filter(|_| mine)
        .chain(shared.iter().filter(|_| mine || me.judges));
    AssignmentRow {
        id: one.id.to_string(),
        interaction: one.interaction.to_string(),
        link_ms: part.from,
        from_ms: part.from,
        until_ms: part.until,
        part: format!("{}–{}", Millis(part.from), Millis(part.until)),
        person: names.of_user(part.person),
        by: names.of_handle(&one.by),
        praise: part.lesson == domain::Lesson::Praise,
        note: part.note.expose().to_owned(),
        due: part.due.map(Moment::of),
        overdue,
        state: match stands {
            Step::Completed | Step::Acknowledged => "good",
            Step::Disputed => "bad",
            Step::Assigned | Step::Listened | Step::Forwarded => "busy",
        },
        stands: stands.key(),
        steps: steps(&part.steps, names),
        acts: acts
            .filter(|next| stands.leads_to(**next))
            .map(|next| next.key())
            .collect(),
    }
}

pub(super) async fn note(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id = parse(&id)?;
    let until = Some(fields.get("until")).filter(|text| !text.trim().is_empty());
    let new = NewMoment {
        kind: fields.get("kind").parse().map_err(AppError::Id)?,
        from: moment_of(fields.get("at"))?,
        until: until.map(moment_of).transpose()?,
        text: fields.secret("text"),
    };
    state.app.add_moment(&scope, id, &new).await?;
    Ok(see(&format!("/interactions/{id}#moments")))
}

pub(super) async fn remove(
    Shared(state): Shared<State>,
    person: Person,
    Path((id, moment)): Path<(String, String)>,
    _: Fields,
) -> Result<Response, Oops> {
    let scope = scope(&state, &person.caller, Purpose::Review)?;
    let id: InteractionId = parse(&id)?;
    let moment: MomentId = moment
        .parse()
        .map_err(|error| Problem::from(AppError::Id(error)))?;
    state.app.remove_moment(&scope, id, moment).await?;
    Ok(see(&format!("/interactions/{id}#moments")))
}
