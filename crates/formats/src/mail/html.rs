//! HTML mail to plain text, with block quotes kept apart.

use mail_parser::decoders::html::html_to_text;

/// New words and quoted ones.
pub(crate) fn split(html: &str) -> (String, String) {
    let (mut own, mut quoted) = (String::new(), String::new());
    let mut depth = 0usize;
    for piece in pieces(html) {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            Piece::Rest(text) if depth > 0 => quoted.push_str(text),
            Piece::Rest(text) => own.push_str(text),
        }
    }
    (plain(&own), plain(&quoted))
}

fn plain(html: &str) -> String {
    let text = html_to_text(html);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

enum Piece<'a> {
    Open,
    Close,
    Rest(&'a str),
}

fn pieces(html: &str) -> Vec<Piece<'_>> {
    const OPEN: &str = "<blockquote";
    const CLOSE: &str = "</blockquote";
    // ASCII lower case keeps every byte's place.
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = lower.get(at..) {
        let open = rest.find(OPEN).map(|place| (place, true));
        let close = rest.find(CLOSE).map(|place| (place, false));
        let next = match (open, close) {
            (Some(open), Some(close)) => Some(open.min(close)),
            (one, other) => one.or(other),
        };
        let Some((place, opens)) = next else {
            found.push(Piece::Rest(html.get(at..).unwrap_or_default()));
            break;
        };
        found.push(Piece::Rest(html.get(at..at + place).unwrap_or_default()));
        found.push(if opens { Piece::Open } else { Piece::Close });
        let Some(end) = rest.get(place..).and_then(|tag| tag.find('>')) else {
            break;
        };
        at += place + end + 1;
    }
    found
}
