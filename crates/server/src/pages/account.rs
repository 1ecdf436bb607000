//! A person's own account: password, one-time codes, attempts to sign in, reporting one.

use app::{Account, Reading, SignInOutcome};
use askama::Template;
use axum::extract::State as Shared;
use axum::response::Response;

use super::forms::{Fields, set_cookie};
use super::me::Me;
use super::overview::Moment;
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::wording::reader;
use crate::{Say, State, t};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    me: Me,
    mail: String,
    codes: bool,
    key: String,
    key_in_groups: String,
    history: Vec<Attempt>,
    languages: Vec<(String, String, bool)>,
    /// The zone that was chosen; empty: none.
    zone: String,
}

struct Attempt {
    at: Moment,
    words: Say,
    state: &'static str,
}

pub(super) async fn show(Shared(state): Shared<State>, person: Person) -> Result<Response, Oops> {
    let account = account(&state, &person).await?;
    let me = Me::of(&state, &person, "account").await?;
    let key = state.app.new_codes_key()?;
    let letters: Vec<char> = key.expose().chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    let history = state.app.sign_in_history(&account).await?;
    Ok(page(&AccountPage {
        me,
        mail: account.mail.expose().to_owned(),
        languages: reader::languages(),
        zone: reader::has_chosen()
            .then(reader::zone_name)
            .unwrap_or_default(),
        codes: state.app.asks_for_codes(&account).await?,
        key: key.expose().to_owned(),
        key_in_groups: groups.join(" "),
        history: history
            .iter()
            .map(|attempt| {
                let (words, state) = outcome(attempt.outcome);
                Attempt {
                    at: Moment::of(attempt.at),
                    words,
                    state,
                }
            })
            .collect(),
    }))
}

const fn outcome(outcome: SignInOutcome) -> (Say, &'static str) {
    match outcome {
        SignInOutcome::Right => (t("account-signed-in"), "good"),
        SignInOutcome::SingleSignOn => (t("account-signed-in-by-single-sign-on"), "good"),
        SignInOutcome::WrongPassword => (t("account-wrong-password"), "bad"),
        SignInOutcome::WrongCode => (t("account-wrong-one-time-code"), "bad"),
        SignInOutcome::Throttled => (t("account-refused-unseen-too-many-attempts"), "bad"),
        SignInOutcome::Reported => (t("account-reported-as-not-yours"), "bad"),
    }
}

pub(super) async fn password(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let account = account(&state, &person).await?;
    let (present, wanted) = (fields.secret("present"), fields.secret("wanted"));
    let token = state
        .app
        .change_password(&account, &present, &wanted)
        .await?;
    let mut response = see("/account");
    set_cookie(&mut response, &state.cookies().signed_in(&token));
    Ok(response)
}

pub(super) async fn codes_on(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let account = account(&state, &person).await?;
    let (present, key) = (fields.secret("present"), fields.secret("key"));
    state
        .app
        .turn_codes_on(&account, &present, &key, fields.get("code"))
        .await?;
    Ok(see("/account"))
}

pub(super) async fn codes_off(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let account = account(&state, &person).await?;
    state
        .app
        .turn_codes_off(&account, &fields.secret("present"))
        .await?;
    Ok(see("/account"))
}

/// Keeps the language and the zone of the pages, in this browser and with the account.
pub(super) async fn reading(
    Shared(state): Shared<State>,
    person: Person,
    fields: Fields,
) -> Result<Response, Oops> {
    let language = state.locales.known(fields.get("language"));
    let language =
        language.ok_or_else(|| Problem::input(t("problem-the-language-is-not-offered")))?;
    let zone = fields.get("zone").trim();
    if !zone.is_empty() && reader::zone(zone).is_none() {
        return Err(Problem::input(t("problem-the-time-zone-is-unknown")).into());
    }
    if person.caller.user().is_some() {
        let chosen = Reading {
            language: Some(language.to_owned()),
            zone: Some(zone.to_owned()).filter(|zone| !zone.is_empty()),
        };
        let account = account(&state, &person).await?;
        state.app.set_reading(&account, &chosen).await?;
    }
    let mut response = see("/account");
    let cookies = state.cookies();
    set_cookie(&mut response, &cookies.wish(reader::LANGUAGE, language));
    set_cookie(&mut response, &cookies.wish(reader::ZONE, zone));
    Ok(response)
}

pub(super) async fn everywhere(
    Shared(state): Shared<State>,
    person: Person,
    _: Fields,
) -> Result<Response, Oops> {
    let account = account(&state, &person).await?;
    state
        .app
        .sign_out_everywhere(account.tenant, account.id)
        .await?;
    let mut response = see("/sign-in");
    set_cookie(&mut response, &state.cookies().signed_out());
    Ok(response)
}

pub(super) async fn report(
    Shared(state): Shared<State>,
    person: Person,
    _: Fields,
) -> Result<Response, Oops> {
    let account = account(&state, &person).await?;
    state.app.report_and_lock(&account).await?;
    let mut response = see("/sign-in");
    set_cookie(&mut response, &state.cookies().signed_out());
    Ok(response)
}

async fn account(state: &State, person: &Person) -> Result<Account, Oops> {
    let Some(user) = person.caller.user() else {
        return Err(Problem::not_your_role(t("problem-no-account")).into());
    };
    Ok(state.app.person_of(person.caller.tenant, user).await?)
}
