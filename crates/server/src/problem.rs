//! Errors as RFC 9457 problem documents; the one place where they get their status.

use std::fmt;

use app::{AppError, withheld_reason};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::t;

/// RFC 9457 problem document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Kind of problem, stable: `urn:privity:problem:…`.
    #[serde(rename = "type")]
    kind: String,
    /// Short name of the kind.
    title: String,
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
    pub(crate) fn new(
        status: StatusCode,
        kind: &str,
        title: impl fmt::Display,
        detail: impl fmt::Display,
    ) -> Self {
        Self {
            kind: format!("urn:privity:problem:{kind}"),
            title: title.to_string(),
            status: status.as_u16(),
            detail: detail.to_string(),
            clauses: Vec::new(),
            column: None,
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            t("problem-not-signed-in"),
            t("problem-send-an-api-key"),
        )
    }

    pub(crate) fn not_scoped(purpose: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "key_scope",
            t("problem-the-key-is-not-for-this"),
            t("problem-the-key-may-not").a("purpose", purpose),
        )
    }

    pub(crate) fn not_your_role(detail: impl fmt::Display) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "role",
            t("problem-not-in-your-role"),
            detail,
        )
    }

    pub(crate) fn input(detail: impl fmt::Display) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "input",
            t("problem-the-input-cannot-be-used"),
            detail,
        )
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
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
                    t("problem-the-policy-forbids-it"),
                    &denial.sentence,
                )
            },
            AppError::NotFound { what, name } => Self::new(
                StatusCode::NOT_FOUND,
                "not_found",
                t("problem-not-found"),
                t("problem-there-is-no").a("what", what).a("name", name),
            ),
            AppError::Withheld(why) => Self::new(
                StatusCode::CONFLICT,
                "withheld",
                t("problem-not-shown"),
                withheld_reason(&why),
            ),
            AppError::Input(detail) => Self::input(&detail),
            AppError::Unpublishable(reasons) => Self::input(reasons.join("; ")),
            AppError::Query { message, column } => Self {
                column: Some(column),
                ..Self::input(&message)
            },
            AppError::Rights(fault) => Self::input(fault.to_string()),
            AppError::Id(error) => Self::input(error.to_string()),
            AppError::Outbound(error) if error.unreachable().is_some() => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unreachable",
                t("problem-no-way-to-get-there"),
                t("problem-nothing-can-be-sent").a("kind", error.unreachable().unwrap_or_default()),
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
        t("problem-something-failed-here"),
        t("problem-the-request-was-not-carried-out"),
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
        t("problem-not-found"),
        t("problem-nothing-at-this-address"),
    )
}
