//! A transcript as rows, readable again as chat CSV.

use crate::FormatError;
use crate::time::rfc3339;

use super::ExportView;

/// What a spreadsheet would run as a formula when it begins a cell.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A header and a row per turn; see docs/formats/csv.md. A text that a spreadsheet would take
/// for a formula gets an apostrophe in front. Where somebody says that something is wrong, a further
/// column has what they say instead.
///
/// # Errors
/// [`FormatError::Write`] where a row cannot be written.
pub fn export_csv(view: &ExportView<'_>) -> Result<String, FormatError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| FormatError::Write {
        format: "CSV",
        source,
    };
    let mut rows = csv::Writer::from_writer(Vec::new());
    let mut header = vec![
        "conversation_id",
        "channel",
        "at",
        "role",
        "text",
        "start_ms",
        "end_ms",
        "quoted",
    ];
    if !view.corrections.is_empty() {
        header.push("corrections");
    }
    rows.write_record(&header)
        .map_err(|e| failed(Box::new(e)))?;
    let id = view.id.to_string();
    for turn in view.transcript.turns() {
        let mut row = vec![
            id.clone(),
            view.channel.key().to_owned(),
            rfc3339(view.started.plus(turn.span.start())),
            view.label(turn).to_string(),
            guarded(view.text(turn)),
            turn.span.start().0.to_string(),
            turn.span.end().0.to_string(),
            turn.quoted.to_string(),
        ];
        if !view.corrections.is_empty() {
            let about = view.corrections.iter().filter(|one| one.is_about(turn));
            let says: Vec<&str> = about.map(|one| one.says.expose()).collect();
            row.push(guarded(says.join(" / ")));
        }
        rows.write_record(&row).map_err(|e| failed(Box::new(e)))?;
    }
    let bytes = rows
        .into_inner()
        .map_err(|e| failed(e.to_string().into()))?;
    String::from_utf8(bytes).map_err(|e| failed(Box::new(e)))
}

fn guarded(text: String) -> String {
    if text.starts_with(FORMULA) {
        format!("'{text}")
    } else {
        text
    }
}
