//! Single sign-on: away to an organisation's identity provider, back from it, and its settings.
//!
//! A browser goes there from a page and not by a redirect of a form, which the content security
//! policy would stop; and it comes in from a page and not by a redirect that began at another
//! site, where its strict cookie would not be sent.

use app::{Arrival, NewSingleSignOn, NotIn, Return, SingleSignOn};
use askama::Template;
use axum::extract::{Query, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Secret, TenantRole, TenantSlug};

use super::forms::{Fields, set_cookie};
use super::me::{Me, in_words};
use super::people::RoleRow;
use super::{Oops, page, see};
use crate::door::Person;
use crate::pace::{Guest, Paced};
use crate::problem::Problem;
use crate::{Say, State, t};

/// Where providers send browsers back to.
const BACK: &str = "/sign-in/back";

#[derive(Template)]
#[template(path = "leaving.html")]
struct LeavingPage<'a> {
    title: Say,
    link: &'a str,
    to: &'a str,
}

#[derive(Template)]
#[template(path = "not_in.html")]
struct NotInPage {
    why: Say,
    mend: Say,
}

/// The address at which people reach the pages: the configured one, else the one that the browser
/// names, where that is this very machine.
pub(super) fn origin(state: &State, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(public) = &state.app.config().public {
        return Ok(public.clone());
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let here = host.filter(|host| {
        let name = host.rsplit_once(':').map_or(*host, |(name, _)| name);
        matches!(name, "127.0.0.1" | "localhost" | "[::1]")
    });
    here.map(|host| format!("http://{host}"))
        .ok_or_else(|| Problem::input(t("problem-single-sign-on-needs-public")))
}

/// To the provider of an organisation.
pub(super) async fn away(
    Shared(state): Shared<State>,
    guest: Guest,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Oops> {
    state.pace.take(&guest, Paced::SigningIn)?;
    let back = format!("{}{BACK}", origin(&state, &headers)?);
    let slug: TenantSlug = fields
        .get("organisation")
        .trim()
        .parse()
        .map_err(app::AppError::Id)?;
    let departure = match state.app.begin_single_sign_on(&slug, &back).await {
        Ok(departure) => departure,
        Err(app::AppError::Outbound(error)) => {
            tracing::warn!(%error, "an identity provider failed");
            return Ok(not_in(NotIn::Unreachable));
        }
        Err(error) => return Err(error.into()),
    };
    let mut response = page(&LeavingPage {
        title: t("leaving-to-your-organisations-sign-in"),
        link: &departure.host,
        to: departure.to.expose(),
    });
    set_cookie(
        &mut response,
        &state.cookies().on_its_way(&departure.browser),
    );
    Ok(response)
}

/// Back from the provider.
pub(super) async fn back(
    Shared(state): Shared<State>,
    guest: Guest,
    Query(pairs): Query<Vec<(String, String)>>,
    request: Request,
) -> Result<Response, Oops> {
    let (parts, _) = request.into_parts();
    state.pace.take(&guest, Paced::SigningIn)?;
    let of = |name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let came = Return {
        state: Secret::new(of("state").unwrap_or_default()),
        code: of("code")
            .filter(|_| of("error").is_none())
            .map(Secret::new),
        issuer: of("iss").map(str::to_owned),
        browser: state.cookies().away(&parts),
    };
    let to = format!("{}{BACK}", origin(&state, &parts.headers)?);
    let mut response = match state.app.end_single_sign_on(&came, &to).await? {
        Arrival::In(token) => {
            let mut response = page(&LeavingPage {
                title: t("leaving-signed-in"),
                link: &t("leaving-go-on").to_string(),
                to: "/",
            });
            super::sign_in::let_in(&state, &mut response, &token).await?;
            response
        }
        Arrival::No(why) => not_in(why),
    };
    set_cookie(&mut response, &state.cookies().is_back());
    Ok(response)
}

fn not_in(why: NotIn) -> Response {
    let (status, why, mend) = match why {
        NotIn::NotUnderWay => (
            StatusCode::BAD_REQUEST,
            t("not-in-this-sign-in-was-begun"),
            t("not-in-begin-again"),
        ),
        NotIn::Refused => (
            StatusCode::FORBIDDEN,
            t("not-in-your-organisations-sign-in-did"),
            t("not-in-try-again-there-or-ask"),
        ),
        NotIn::Unfit(_) | NotIn::NotTheirs => (
            StatusCode::FORBIDDEN,
            t("not-in-the-answer-of-your-organisations"),
            t("not-in-begin-again-if-it-happens"),
        ),
        NotIn::Unreachable => (
            StatusCode::BAD_GATEWAY,
            t("not-in-your-organisations-sign-in-cannot"),
            t("not-in-try-again-later-or-tell"),
        ),
        NotIn::NoMail => (
            StatusCode::FORBIDDEN,
            t("not-in-your-organisations-sign-in-does"),
            t("not-in-ask-whoever-runs-it-to"),
        ),
        NotIn::Unknown => (
            StatusCode::FORBIDDEN,
            t("not-in-there-is-no-account-for"),
            t("not-in-ask-an-owner-of-your"),
        ),
        NotIn::Locked => (
            StatusCode::FORBIDDEN,
            t("not-in-your-account-is-locked"),
            t("not-in-an-owner-of-your-organisation"),
        ),
        NotIn::Another => (
            StatusCode::FORBIDDEN,
            t("not-in-somebody-else-of-your-organisations"),
            t("not-in-an-owner-of-your-organisation-can"),
        ),
    };
    (status, page(&NotInPage { why, mend })).into_response()
}

#[derive(Template)]
#[template(path = "single_sign_on.html")]
struct SettingsPage {
    me: Me,
    known: bool,
    told: Option<Say>,
    fault: Option<String>,
    back: String,
    slug: String,
    form: Form,
    roles: Vec<RoleRow>,
}

/// The settings as the form shows them; never the secret.
#[derive(Default)]
struct Form {
    label: String,
    issuer: String,
    client: String,
    listed: bool,
    only: bool,
    domains: String,
    claim: String,
    roles: String,
    domain_role: Option<TenantRole>,
}

impl Form {
    fn of(settings: &SingleSignOn) -> Self {
        let lines: Vec<String> = settings
            .roles
            .iter()
            .map(|(value, role)| format!("{value} = {role}"))
            .collect();
        Self {
            label: settings.label.clone(),
            issuer: settings.issuer.clone(),
            client: settings.client.clone(),
            listed: settings.listed,
            only: settings.only,
            domains: settings.domains.join(" "),
            claim: settings.claim.clone().unwrap_or_default(),
            roles: lines.join("\n"),
            domain_role: settings.domain_role,
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).to_owned();
        Self {
            label: text("label"),
            issuer: text("issuer"),
            client: text("client"),
            listed: fields.get("listed") == "yes",
            only: fields.get("only") == "yes",
            domains: text("domains"),
            claim: text("claim"),
            roles: text("roles"),
            domain_role: fields.get("domain_role").parse().ok(),
        }
    }
}

pub(super) async fn settings(
    Shared(state): Shared<State>,
    person: Person,
    headers: HeaderMap,
) -> Result<Response, Oops> {
    let me = owner(&state, &person).await?;
    let known = state.app.single_sign_on(person.caller.tenant).await?;
    let form = known.as_ref().map(Form::of).unwrap_or_default();
    show(&state, &person, &headers, me, form, (None, None)).await
}

pub(super) async fn set(
    Shared(state): Shared<State>,
    person: Person,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Oops> {
    let me = owner(&state, &person).await?;
    let form = Form::typed(&fields);
    let new = NewSingleSignOn {
        issuer: form.issuer.clone(),
        client: form.client.clone(),
        secret: Some(fields.secret("secret")).filter(|secret| !secret.expose().is_empty()),
        label: form.label.clone(),
        listed: form.listed,
        only: form.only,
        claim: form.claim.clone(),
        roles: form.roles.clone(),
        domains: form.domains.clone(),
        domain_role: form.domain_role,
    };
    let (tenant, by) = (person.caller.tenant, person.caller.handle());
    let fault = match state.app.set_single_sign_on(tenant, &new, by).await {
        Ok(()) => None,
        Err(app::AppError::Input(why)) => Some(why),
        Err(app::AppError::Id(why)) => Some(why.to_string()),
        Err(app::AppError::Outbound(why)) => Some(why.to_string()),
        Err(other) => return Err(other.into()),
    };
    let kept = fault.is_none();
    let told = kept.then_some(t("single-sign-on-it-was-reached-and-is"));
    let shown = show(&state, &person, &headers, me, form, (told, fault)).await?;
    if kept {
        return Ok(shown);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

pub(super) async fn remove(
    Shared(state): Shared<State>,
    person: Person,
    _: Fields,
) -> Result<Response, Oops> {
    owner(&state, &person).await?;
    let (tenant, by) = (person.caller.tenant, person.caller.handle());
    state.app.drop_single_sign_on(tenant, by).await?;
    Ok(see("/single-sign-on"))
}

async fn show(
    state: &State,
    person: &Person,
    headers: &HeaderMap,
    me: Me,
    form: Form,
    (told, fault): (Option<Say>, Option<String>),
) -> Result<Response, Oops> {
    let tenant = state.app.tenant_by_id(person.caller.tenant).await?;
    let back = origin(state, headers).map_or_else(
        |problem| problem.detail().to_owned(),
        |origin| format!("{origin}{BACK}"),
    );
    let known = state.app.single_sign_on(tenant.id).await?.is_some();
    let roles = TenantRole::ALL
        .iter()
        .filter(|role| **role != TenantRole::Owner)
        .map(|role| RoleRow {
            key: role.key(),
            name: in_words(*role),
            duties: super::me::duties(*role),
            chosen: form.domain_role == Some(*role),
        })
        .collect();
    Ok(page(&SettingsPage {
        me,
        known,
        told,
        fault,
        back,
        slug: tenant.slug.to_string(),
        form,
        roles,
    }))
}

async fn owner(state: &State, person: &Person) -> Result<Me, Oops> {
    let me = Me::of(state, person, "people").await?;
    if me.owner && !me.operator {
        Ok(me)
    } else {
        Err(Problem::not_your_role(t("problem-single-sign-on-is-set-by")).into())
    }
}
