//! Coming in and going out, the first account, accepting an invitation.

use app::{Answer, AppError, Entrant, Invitation};
use askama::Template;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Secret;

use super::forms::{Bound, Fields, set_cookie};
use super::{Oops, page, see};
use crate::door::Person;
use crate::problem::Problem;
use crate::wording::reader;
use crate::{State, t};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    csrf: String,
    fault: Option<String>,
    code_wanted: bool,
    mail: String,
    guest: bool,
    /// What people call the identity providers that are shown to all, and whose they are.
    providers: Vec<(String, String)>,
}

pub(super) async fn form(Shared(state): Shared<State>, request: Request) -> Result<Response, Oops> {
    let bound = Bound::new(&state, &request)?;
    let shown = page(&SignInPage {
        csrf: bound.csrf.clone(),
        fault: None,
        code_wanted: false,
        mail: String::new(),
        guest: state.door.has_guest(),
        providers: state.app.listed_single_sign_on().await?,
    });
    Ok(bound.on(shown))
}

pub(super) async fn enter(Shared(state): Shared<State>, fields: Fields) -> Result<Response, Oops> {
    let providers = state.app.listed_single_sign_on().await?;
    let again = |status: StatusCode, fault: &str, code_wanted: bool| {
        let shown = page(&SignInPage {
            csrf: fields.get("csrf").to_owned(),
            fault: Some(fault.to_owned()),
            code_wanted,
            mail: fields.get("mail").to_owned(),
            guest: state.door.has_guest(),
            providers: providers.clone(),
        });
        (status, shown).into_response()
    };
    let wrong = || {
        again(
            StatusCode::UNAUTHORIZED,
            &t("sign-in-mail-address-password-or-code").to_string(),
            !fields.get("code").is_empty(),
        )
    };
    let Ok(mail) = fields.get("mail").parse() else {
        return Ok(wrong());
    };
    let entrant = Entrant {
        mail,
        password: fields.secret("password"),
        code: fields.get("code").to_owned(),
    };
    Ok(match state.app.sign_in(&entrant).await? {
        Answer::In(token) => came_in(&state, &token).await?,
        Answer::No => wrong(),
        Answer::CodeWanted => again(
            StatusCode::UNAUTHORIZED,
            &t("sign-in-this-account-asks-for-a").to_string(),
            true,
        ),
        Answer::BySingleSignOn => again(
            StatusCode::UNAUTHORIZED,
            &t("sign-in-your-organisation-signs-in-by").to_string(),
            false,
        ),
        Answer::Later(wait) => again(
            StatusCode::TOO_MANY_REQUESTS,
            &t("sign-in-too-many-wrong-attempts")
                .a("seconds", wait.0.div_ceil(1_000))
                .to_string(),
            false,
        ),
    })
}

pub(super) async fn enter_by_secret(
    Shared(state): Shared<State>,
    fields: Fields,
) -> Result<Response, Oops> {
    let secret = Secret::new(fields.get("secret").trim());
    let Some(token) = state.door.by_secret(&state.app, &secret).await? else {
        // Guessing is slow for whoever guesses and costs nobody else anything.
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        let shown = page(&SignInPage {
            csrf: fields.get("csrf").to_owned(),
            fault: Some(t("sign-in-that-is-no-key-or").to_string()),
            code_wanted: false,
            mail: String::new(),
            guest: state.door.has_guest(),
            providers: state.app.listed_single_sign_on().await?,
        });
        return Ok((StatusCode::UNAUTHORIZED, shown).into_response());
    };
    came_in(&state, &token).await
}

async fn came_in(state: &State, token: &Secret) -> Result<Response, Oops> {
    let mut response = see("/");
    let_in(state, &mut response, token).await?;
    Ok(response)
}

/// Sets the session's cookie, and those of the language and the zone that the person chose, here or
/// in another browser.
pub(super) async fn let_in(
    state: &State,
    response: &mut Response,
    token: &Secret,
) -> Result<(), Oops> {
    let cookies = state.cookies();
    set_cookie(response, &cookies.signed_in(token));
    let chosen = state.app.reading_of(token).await?;
    for (name, value) in [
        (reader::LANGUAGE, chosen.language),
        (reader::ZONE, chosen.zone),
    ] {
        if let Some(value) = value {
            set_cookie(response, &cookies.wish(name, &value));
        }
    }
    Ok(())
}

pub(super) async fn leave(
    Shared(state): Shared<State>,
    person: Person,
    headers: HeaderMap,
    _: Fields,
) -> Result<Response, Oops> {
    let farther = match super::single::origin(&state, &headers) {
        Ok(origin) => {
            let back = format!("{origin}/sign-in");
            state.app.farther_out(&person.token, &back).await
        }
        Err(_) => None,
    };
    state.app.sign_out(&person.token).await?;
    let mut response = match farther {
        Some((label, there)) => page(&SignedOutPage {
            label,
            there: there.expose().to_owned(),
        }),
        None => see("/sign-in"),
    };
    set_cookie(&mut response, &state.cookies().signed_out());
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cookies\", \"storage\""),
    );
    Ok(response)
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutPage {
    label: String,
    there: String,
}

#[derive(Template)]
#[template(path = "join.html")]
struct JoinPage {
    csrf: String,
    fault: Option<String>,
    first: bool,
    code: String,
    name: String,
    mail: String,
}

impl JoinPage {
    fn again(fields: &Fields, first: bool, fault: &str) -> Response {
        let shown = page(&Self {
            csrf: fields.get("csrf").to_owned(),
            fault: Some(fault.to_owned()),
            first,
            code: fields.get("code").to_owned(),
            name: fields.get("name").to_owned(),
            mail: fields.get("mail").to_owned(),
        });
        (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()
    }

    fn fresh(state: &State, request: &Request, first: bool) -> Result<Response, Oops> {
        let bound = Bound::new(state, request)?;
        let shown = page(&Self {
            csrf: bound.csrf.clone(),
            fault: None,
            first,
            code: String::new(),
            name: String::new(),
            mail: String::new(),
        });
        Ok(bound.on(shown))
    }
}

pub(super) async fn first_form(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<Response, Oops> {
    JoinPage::fresh(&state, &request, true)
}

/// Makes the first account of a tenant, its owner, for whoever shows the code that the operator's
/// console printed.
pub(super) async fn first(Shared(state): Shared<State>, fields: Fields) -> Result<Response, Oops> {
    let again = |fault: &str| Ok(JoinPage::again(&fields, true, fault));
    let Ok(mail) = fields.get("mail").parse() else {
        return again(&t("sign-in-a-mail-address-is-written").to_string());
    };
    let Some(tenant) = state.door.first_of(&fields.secret("code")) else {
        return again(&t("sign-in-that-is-not-the-code").to_string());
    };
    if !state.app.is_unattended(tenant).await? {
        return again(&t("sign-in-this-organisation-has-an-owner").to_string());
    }
    let owner = Invitation {
        tenant,
        mail,
        name: fields.secret("name"),
        role: app::first_role(tenant),
    };
    // A weak password must not leave an account without one behind.
    if let Err(error) = state.app.check_password(&owner, &fields.secret("password")) {
        return told(error, &fields, true);
    }
    let (_, code) = match state.app.invite(&owner, "set-up").await {
        Ok(made) => made,
        Err(error) => return told(error, &fields, true),
    };
    match state.app.join(&code, &fields.secret("password")).await? {
        Some(token) => came_in(&state, &token).await,
        None => again(&t("sign-in-the-account-could-not-be").to_string()),
    }
}

pub(super) async fn join_form(
    Shared(state): Shared<State>,
    request: Request,
) -> Result<Response, Oops> {
    JoinPage::fresh(&state, &request, false)
}

/// Lets an invited person choose their password.
pub(super) async fn join(Shared(state): Shared<State>, fields: Fields) -> Result<Response, Oops> {
    let (code, password) = (fields.secret("code"), fields.secret("password"));
    match state.app.join(&code, &password).await {
        Ok(Some(token)) => came_in(&state, &token).await,
        Ok(None) => {
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            let fault = &t("sign-in-that-code-opens-nothing-it").to_string();
            Ok(JoinPage::again(&fields, false, fault))
        }
        Err(error) => told(error, &fields, false),
    }
}

/// What the person can mend stands on the form; anything else is a problem.
fn told(error: AppError, fields: &Fields, first: bool) -> Result<Response, Oops> {
    match error {
        AppError::Input(why) => Ok(JoinPage::again(fields, first, &why)),
        other => Err(Problem::from(other).into()),
    }
}
