//! The sound's shape as a picture: one lane per channel, silences, overtalk and removed spans
//! drawn on it. Colours are of middle brightness, since one picture serves both themes.

use app::{Peaks, View};
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::{Purpose, Span};

use super::Oops;
use crate::State;
use crate::door::Person;
use crate::routes::interactions::parse;
use crate::routes::scope;

/// Width in units; a stretch of the sound each.
const WIDE: usize = 800;
/// Height of one channel's lane.
const LANE: u32 = 44;

pub(super) async fn draw(
    Shared(state): Shared<State>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Oops> {
    let id = parse(&id)?;
    let playback = scope(&state, &person.caller, Purpose::Playback)?;
    let peaks = state.app.peaks(&playback, id, WIDE).await?;
    let review = scope(&state, &person.caller, Purpose::Review)?;
    let view = state.app.view(&review, id).await?;
    let mut response = picture(&peaks, &view).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("image/svg+xml"),
    );
    Ok(response)
}

fn picture(peaks: &Peaks, view: &View) -> String {
    let lanes = u32::try_from(peaks.channels.len().clamp(1, 8)).unwrap_or(1);
    let tall = lanes * LANE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {tall}\" preserveAspectRatio=\"none\">"
    );
    let mut band = |span: Span, colour: &str, strength: &str| {
        let (x, wide) = place(span, peaks);
        svg.push_str(&format!("<rect x=\"{x}\" y=\"0\" width=\"{wide}\" height=\"{tall}\" fill=\"{colour}\" fill-opacity=\"{strength}\"/>"));
    };
    if let Ok(metrics) = &view.metrics {
        for silence in &metrics.silences {
            band(silence.span, "#8b95a3", "0.22");
        }
        for overtalk in &metrics.overtalks {
            band(overtalk.span, "#c2417c", "0.30");
        }
    }
    if let Ok(transcript) = &view.transcript {
        for removed in transcript.redactions() {
            band(removed.span, "#d08a1d", "0.55");
        }
    }
    for (number, channel) in peaks.channels.iter().enumerate() {
        let middle = f64::from(LANE) * (f64::from(u32::try_from(number).unwrap_or(0)) + 0.5);
        let colour = if number % 2 == 0 {
            "#3f7fc4"
        } else {
            "#2f9b7c"
        };
        svg.push_str(&lane(channel, middle, colour));
    }
    svg.push_str("</svg>");
    svg
}

fn lane(channel: &[f32], middle: f64, colour: &str) -> String {
    let half = f64::from(LANE) / 2.0 - 2.0;
    let mut path = String::new();
    for (x, peak) in channel.iter().enumerate() {
        // Loudness is heard by ratio: the root lifts quiet speech above the line.
        let tall = (f64::from(*peak).sqrt() * half).max(0.5);
        path.push_str(&format!("M{x} {:.1}v{:.1}", middle - tall, tall * 2.0));
    }
    format!("<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"0.8\"/>")
}

fn place(span: Span, peaks: &Peaks) -> (u64, u64) {
    let wide = u64::try_from(WIDE).unwrap_or(1);
    let whole = peaks.duration.0.max(1);
    let x = |at: u64| at.min(whole) * wide / whole;
    let start = x(span.start().0);
    (start, (x(span.end().0) - start).max(1))
}
