//! A transcript as WebVTT and as plain text.

use std::fmt::Write as _;

use domain::Millis;

use crate::FormatError;
use crate::time::rfc3339;

use super::{ExportCorrection, ExportView};

/// WebVTT with a cue per turn and its speaker as voice.
///
/// # Errors
/// None in practice: writing to memory does not fail.
pub fn export_vtt(view: &ExportView<'_>) -> Result<String, FormatError> {
    let mut out = format!("WEBVTT\n\nNOTE {} {}\n", view.id, rfc3339(view.started));
    for one in view.corrections {
        let (about, says) = (about(one), escaped(one.says.expose()));
        writeln!(
            out,
            "\nNOTE Correction of {}{about}: {says}",
            rfc3339(one.at)
        )
        .map_err(|source| failed("WebVTT", source))?;
    }
    for turn in view.transcript.turns() {
        // A cue must last; written messages do not.
        let end = turn
            .span
            .end()
            .max(Millis(turn.span.start().0.saturating_add(1)));
        let (start, end) = (clock(turn.span.start()), clock(end));
        let (label, text) = (view.label(turn), escaped(&view.text(turn)));
        writeln!(out, "\n{start} --> {end}\n<v {label}>{text}")
            .map_err(|source| failed("WebVTT", source))?;
    }
    Ok(out)
}

/// Plain text, a line per turn: time, speaker, words.
///
/// # Errors
/// None in practice: writing to memory does not fail.
pub fn export_txt(view: &ExportView<'_>) -> Result<String, FormatError> {
    let (id, channel, started) = (view.id, view.channel.key(), rfc3339(view.started));
    let mut out = format!("{id}  {channel}  {started}\n\n");
    for turn in view.transcript.turns() {
        let quoted = if turn.quoted { " (quoted)" } else { "" };
        let (at, label, text) = (turn.span.start(), view.label(turn), view.text(turn));
        writeln!(out, "[{at}] {label}{quoted}: {text}").map_err(|source| failed("text", source))?;
    }
    for one in view.corrections {
        let (at, about, says) = (rfc3339(one.at), about(one), one.says.expose());
        writeln!(out, "\nCorrection of {at}{about}: {says}")
            .map_err(|source| failed("text", source))?;
    }
    Ok(out)
}

fn about(one: &ExportCorrection) -> String {
    one.stretch.map_or_else(String::new, |(from, until)| {
        format!(", about {from} to {until}")
    })
}

fn failed(format: &'static str, source: std::fmt::Error) -> FormatError {
    FormatError::Write {
        format,
        source: Box::new(source),
    }
}

fn clock(at: Millis) -> String {
    let (seconds, millis) = (at.0 / 1_000, at.0 % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}.{millis:03}")
}

/// No line break or arrow may end a cue early.
fn escaped(text: &str) -> String {
    let flat: Vec<&str> = text.split_whitespace().collect();
    flat.join(" ")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
