//! Errors as RFC 9457 problem documents; the one place where they get their status.

use app::{AppError, withheld_reason};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// RFC 9457 problem document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Kind of problem, stable: `urn:privity:problem:…`.
    #[serde(rename = "type")]
    kind: String,
    /// Short name of the kind.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Clauses of the policy that stand against it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clauses: Vec<String>,
    /// Column of the fault in a query, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &str, title: &'static str, detail: &str) -> Self {
        Self {
            kind: format!("urn:privity:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.to_owned(),
            clauses: Vec::new(),
            column: None,
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Not signed in",
            "send an API key as `Authorization: Bearer …`; `privity key add` makes one",
        )
    }

    pub(crate) fn not_scoped(purpose: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "key_scope",
            "The key is not for this",
            &format!(
                "the key may not ask for the purpose `{purpose}`; make one with `--purpose {purpose}`"
            ),
        )
    }

    pub(crate) fn not_your_role(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "role", "Not in your role", detail)
    }

    pub(crate) fn input(detail: &str) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "input",
            "The input cannot be used",
            detail,
        )
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) const fn title(&self) -> &'static str {
        self.title
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    pub(crate) fn clauses(&self) -> &[String] {
        &self.clauses
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Denied(denial) => Self {
                clauses: denial.clauses.iter().map(ToString::to_string).collect(),
                ..Self::new(
                    StatusCode::FORBIDDEN,
                    "denied",
                    "The policy forbids it",
                    &denial.sentence,
                )
            },
            AppError::NotFound { what, name } => Self::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "Not found",
                &format!("there is no {what} `{name}`"),
            ),
            AppError::Withheld(why) => Self::new(
                StatusCode::CONFLICT,
                "withheld",
                "Not shown",
                &withheld_reason(&why),
            ),
            AppError::Input(detail) => Self::input(&detail),
            AppError::Unpublishable(reasons) => Self::input(&reasons.join("; ")),
            AppError::Query { message, column } => Self {
                column: Some(column),
                ..Self::input(&message)
            },
            AppError::Rights(fault) => Self::input(&fault.to_string()),
            AppError::Id(error) => Self::input(&error.to_string()),
            AppError::Outbound(error) if error.unreachable().is_some() => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unreachable",
                "No way to get there",
                &format!(
                    "nothing can be sent to a {} from here; give another address, or write to \
                     the contact that the policy names",
                    error.unreachable().unwrap_or_default()
                ),
            ),
            other @ (AppError::Config(_)
            | AppError::Store(_)
            | AppError::Policy(_)
            | AppError::Engine(_)
            | AppError::Format(_)
            | AppError::Models(_)
            | AppError::Audio(_)
            | AppError::Rules(_)
            | AppError::Outbound(_)
            | AppError::Io { .. }
            | AppError::Chance(_)
            | AppError::Stopped) => internal(&other),
        }
    }
}

/// What went wrong inside goes to the log, not to the caller.
fn internal(error: &dyn std::error::Error) -> Problem {
    tracing::error!(error = error.to_string(), "a request failed");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something failed here",
        "the request was not carried out; the operator's log says why; it is safe to try again",
    )
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}

pub(crate) async fn not_found() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "not_found",
        "Not found",
        "there is nothing at this address",
    )
}
