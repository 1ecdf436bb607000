//! Reading: list, show, play, export, search, and what did not get through.

use app::{AppError, Caller, ExportFormat, ListFilter, Page, rfc3339};
use axum::Json;
use axum::extract::{Path, Query as Asked, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Channel, InteractionId, Purpose};
use serde::Deserialize;

use super::scope;
use crate::State;
use crate::door::Machine;
use crate::problem::Problem;
use crate::wire::{
    AccessWire, FoundWire, ListWire, SearchWire, SummaryWire, TroubleWire, ViewWire,
};

/// Which interactions to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// `voice`, `chat` or `email`.
    channel: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<u32>,
    /// `next` of the previous page.
    after: Option<String>,
}

/// Lists the tenant's interactions, newest first.
#[utoipa::path(get, path = "/api/v1/interactions", params(ListQuery),
    responses((status = 200, body = ListWire), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<ListWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let channel: Option<Channel> = query
        .channel
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(AppError::Id)?;
    let filter = ListFilter {
        channel,
        ..ListFilter::default()
    };
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let after: Option<InteractionId> = query
        .after
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(AppError::Id)?;
    let page = Page { limit, after };
    let found = state.app.list(&scope, &filter, &page).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found
        .last()
        .filter(|_| full)
        .map(|last| last.id.to_string());
    Ok(Json(ListWire {
        interactions: found.iter().map(SummaryWire::from).collect(),
        next,
    }))
}

/// One interaction: redacted turns, metrics, what is withheld and why.
#[utoipa::path(get, path = "/api/v1/interactions/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ViewWire), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<ViewWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let view = state.app.view(&scope, parse(&id)?).await?;
    Ok(Json(ViewWire::from(&view)))
}

/// The redacted audio as WAV; byte ranges are answered.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/audio", params(("id" = String, Path)),
    responses((status = 200, content_type = "audio/wav"), (status = 206, content_type = "audio/wav"),
              (status = 409, body = Problem), (status = 416, body = Problem)))]
pub(crate) async fn audio(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    play(&state, &caller, parse(&id)?, &headers).await
}

/// Answers a whole or ranged request for audio; shared with the pages' player.
pub(crate) async fn play(
    state: &State,
    caller: &Caller,
    id: InteractionId,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let scope = scope(state, caller, Purpose::Playback)?;
    let length = state.app.audio_length(&scope, id).await?;
    let asked = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let range = match asked.map(|text| parse_range(text, length)) {
        None => None,
        Some(Some(range)) => Some(range),
        Some(None) => {
            return Err(Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range",
                "No such range",
                format!("the audio has {length} bytes"),
            ));
        }
    };
    let (status, range) = range.map_or((StatusCode::OK, 0..length), |range| {
        (StatusCode::PARTIAL_CONTENT, range)
    });
    let bytes = state.app.audio_range(&scope, id, range.clone()).await?;
    let mut response = (status, bytes).into_response();
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!(
            "bytes {}-{}/{length}",
            range.start,
            range.end.saturating_sub(1)
        );
        if let Ok(value) = HeaderValue::from_str(&text) {
            fields.insert(header::CONTENT_RANGE, value);
        }
    }
    Ok(response)
}

/// `bytes=a-b`, `bytes=a-`, `bytes=-n` (RFC 9110); one range only.
fn parse_range(text: &str, length: u64) -> Option<std::ops::Range<u64>> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (from.trim(), to.trim()) {
        ("", last) => length.saturating_sub(last.parse().ok()?)..length,
        (first, "") => first.parse().ok()?..length,
        (first, last) => {
            first.parse().ok()?..last.parse::<u64>().ok()?.saturating_add(1).min(length)
        }
    };
    (range.start < range.end).then_some(range)
}

/// Who opened an interaction, when and for what.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/access", params(("id" = String, Path)),
    responses((status = 200, body = Vec<AccessWire>), (status = 404, body = Problem)))]
pub(crate) async fn access(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<Json<Vec<AccessWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let entries = state.app.access_log(&scope, parse(&id)?).await?;
    let wire = entries.into_iter().map(|entry| AccessWire {
        at: rfc3339(entry.at),
        actor: entry.actor,
        action: entry.action,
        purpose: entry.purpose,
        leaf: entry.leaf.0,
    });
    Ok(Json(wire.collect()))
}

/// One redacted interaction as `vcon`, `json`, `vtt`, `txt`, `csv` or `wav`.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/export/{format}",
    params(("id" = String, Path), ("format" = String, Path)),
    responses((status = 200), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn export(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path((id, format)): Path<(String, String)>,
) -> Result<Response, Problem> {
    file(&state, &caller, &id, &format).await
}

/// The file of an export; shared with the pages.
pub(crate) async fn file(
    state: &State,
    caller: &Caller,
    id: &str,
    format: &str,
) -> Result<Response, Problem> {
    let scope = scope(state, caller, Purpose::Export)?;
    let id = parse(id)?;
    let format: ExportFormat = format.parse()?;
    let bytes = state.app.export(&scope, id, format).await?;
    let mut response = bytes.into_response();
    let fields = response.headers_mut();
    fields.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.media_type()),
    );
    let name = format!("attachment; filename=\"{id}.{}\"", format.extension());
    if let Ok(value) = HeaderValue::from_str(&name) {
        fields.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Puts a failed or stopped interaction back into the queue.
#[utoipa::path(post, path = "/api/v1/interactions/{id}/replay", params(("id" = String, Path)),
    responses((status = 202), (status = 404, body = Problem)))]
pub(crate) async fn replay(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let scope = scope(&state, &caller, Purpose::Storage)?;
    let id = parse(&id)?;
    match state.app.replay(&scope, Some(id)).await? {
        0 => Err(AppError::NotFound {
            what: "failed or stopped interaction",
            name: id.to_string(),
        }
        .into()),
        _ => Ok(StatusCode::ACCEPTED),
    }
}

/// Searches redacted words.
#[utoipa::path(post, path = "/api/v1/search", request_body = SearchWire,
    responses((status = 200, body = FoundWire), (status = 422, body = Problem)))]
pub(crate) async fn search(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
    Json(asked): Json<SearchWire>,
) -> Result<Json<FoundWire>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let limit = asked.limit.clamp(1, 100);
    let request = app::SearchRequest {
        skip: asked.skip,
        limit,
        after: asked.after.as_deref().map(str::parse).transpose()?,
        ranking: if asked.best {
            app::Ranking::Best
        } else {
            app::Ranking::Newest
        },
        ..app::SearchRequest::new(asked.query)
    };
    let found = state.app.results(&scope, &request).await?;
    Ok(Json(FoundWire::from(&found)))
}

/// What failed, was stopped by the policy or refused at intake.
#[utoipa::path(get, path = "/api/v1/troubles",
    responses((status = 200, body = Vec<TroubleWire>), (status = 403, body = Problem)))]
pub(crate) async fn troubles(
    Shared(state): Shared<State>,
    Machine(caller): Machine,
) -> Result<Json<Vec<TroubleWire>>, Problem> {
    let scope = scope(&state, &caller, Purpose::Review)?;
    let found = state.app.troubles(&scope).await?;
    let wire = found.into_iter().map(|trouble| TroubleWire {
        what: trouble.what,
        stage: trouble.stage,
        reason: trouble.reason,
        sentence: trouble.sentence,
        at: rfc3339(trouble.at),
    });
    Ok(Json(wire.collect()))
}

pub(crate) fn parse(id: &str) -> Result<InteractionId, Problem> {
    Ok(id.parse().map_err(AppError::Id)?)
}

#[cfg(test)]
mod tests {
    use super::parse_range;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        assert_eq!(parse_range("bytes=0-99", 1_000), Some(0..100));
        assert_eq!(parse_range("bytes=900-", 1_000), Some(900..1_000));
        assert_eq!(parse_range("bytes=-10", 1_000), Some(990..1_000));
        assert_eq!(parse_range("bytes=0-5000", 1_000), Some(0..1_000));
        for bad in [
            "bytes=1000-",
            "bytes=5-4",
            "items=0-1",
            "bytes=x-",
            "bytes=0-1,3-4",
        ] {
            assert_eq!(parse_range(bad, 1_000), None, "{bad}");
        }
    }
}
