//! The policy on paper: A4 pages of text, with the fonts that every reader has.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::Policy;
use crate::render::note;
use crate::status::Standing;

/// A4, in points.
const WIDE: f32 = 595.0;
const HIGH: f32 = 842.0;
const MARGIN: f32 = 60.0;
const TEXT: Style = Style {
    bold: false,
    size: 10.5,
    leading: 14.5,
    above: 5.0,
};
const TITLE: Style = Style {
    bold: true,
    size: 20.0,
    leading: 26.0,
    above: 0.0,
};
const HEADING: Style = Style {
    bold: true,
    size: 13.0,
    leading: 18.0,
    above: 16.0,
};
/// Room that a heading wants below it, so that it never stands alone at the end of a page.
const COMPANY: f32 = 50.0;

/// Widths of the characters from space to tilde in Helvetica, in thousandths of its size (Adobe's
/// metrics of the base fonts).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// No character of the bold font is wider than this against the other.
const BOLD: f32 = 1.12;

#[derive(Clone, Copy)]
struct Style {
    bold: bool,
    size: f32,
    leading: f32,
    above: f32,
}

struct Line {
    text: Vec<u8>,
    style: Style,
    from_top: f32,
}

/// The policy as a PDF. With standings, each clause shows how it stands.
#[must_use]
pub fn pdf(policy: &Policy, standings: &[Standing]) -> Vec<u8> {
    let head = policy.head();
    let mut sheet = Sheet::default();
    sheet.add(&head.title, TITLE);
    sheet.add(
        &format!(
            "Version {} ({}), in force from {}. Answered for by {}; questions to {}.",
            head.number,
            policy.version(),
            head.effective_from,
            head.controller,
            head.contact
        ),
        TEXT,
    );
    for section in policy.sections() {
        sheet.add(&section.heading, HEADING);
        for clause in policy.clauses().iter().filter(|c| c.section == section.key) {
            let prose = clause.prose.trim();
            let text = format!("{}   {prose}{}", clause.id, note(clause, standings));
            sheet.add(&text.replace('*', ""), TEXT);
        }
    }
    sheet.add("Purposes", HEADING);
    for purpose in policy.purposes() {
        sheet.add(&format!("{}: {}", purpose.noun, purpose.means), TEXT);
    }
    sheet.add("How long data is kept", HEADING);
    for rule in policy.retention() {
        let what = policy.noun_of(&rule.category);
        sheet.add(&format!("{what}: {} ({})", rule.words, rule.clause), TEXT);
    }
    sheet.add("Recipients", HEADING);
    for recipient in policy.recipients() {
        let bound = recipient.bound_by.as_deref().unwrap_or("nothing");
        sheet.add(&format!("{}: bound by {bound}", recipient.noun), TEXT);
    }
    sheet.add("How to ask", HEADING);
    for procedure in policy.procedures() {
        let text = format!(
            "{}: {}, within {} days, cost: {}",
            procedure.about, procedure.ask, procedure.days, procedure.fee
        );
        sheet.add(&text, TEXT);
    }
    write(&head.title, &sheet.pages)
}

/// Pages as they fill.
#[derive(Default)]
struct Sheet {
    pages: Vec<Vec<Line>>,
    used: f32,
}

impl Sheet {
    fn add(&mut self, text: &str, style: Style) {
        let lines = wrapped(&bytes(text), style);
        let room = HIGH - 2.0 * MARGIN;
        let company = if style.bold { COMPANY } else { 0.0 };
        if self.pages.is_empty() || self.used + style.above + style.leading + company > room {
            self.turn();
        } else {
            self.used += style.above;
        }
        for text in lines {
            if self.used + style.leading > room {
                self.turn();
            }
            self.used += style.leading;
            let from_top = MARGIN + self.used;
            if let Some(page) = self.pages.last_mut() {
                page.push(Line {
                    text,
                    style,
                    from_top,
                });
            }
        }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.used = 0.0;
    }
}

/// Windows Latin 1, which the base fonts can be asked for; what it does not have is a question mark.
fn bytes(text: &str) -> Vec<u8> {
    let one = |letter: char| match letter {
        '\n' | '\r' | '\t' => b' ',
        '\u{2018}' => 0x91,
        '\u{2019}' => 0x92,
        '\u{201c}' => 0x93,
        '\u{201d}' => 0x94,
        '\u{2022}' => 0x95,
        '\u{2013}' => 0x96,
        '\u{2014}' => 0x97,
        '\u{2026}' => 0x85,
        '\u{20ac}' => 0x80,
        other => match u32::from(other) {
            code @ (0x20..0x7f | 0xa0..=0xff) => u8::try_from(code).unwrap_or(b'?'),
            _ => b'?',
        },
    };
    text.chars().map(one).collect()
}

fn width(word: &[u8], style: Style) -> f32 {
    let thousandths: u32 = word
        .iter()
        .map(|byte| {
            let place = byte.checked_sub(0x20).map(usize::from);
            let known = place.and_then(|place| WIDTHS.get(place)).copied();
            u32::from(known.unwrap_or(722))
        })
        .sum();
    // Exact below 2^24, far above any line.
    let thousandths = u16::try_from(thousandths / 10).map_or(6_553.5, f32::from) * 10.0;
    let wide = thousandths * style.size / 1_000.0;
    if style.bold { wide * BOLD } else { wide }
}

/// Lines no wider than the page's text. A word that is wider stands alone and is cut.
fn wrapped(text: &[u8], style: Style) -> Vec<Vec<u8>> {
    let room = WIDE - 2.0 * MARGIN;
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    for word in text.split(|byte| *byte == b' ').filter(|w| !w.is_empty()) {
        let mut longer = line.clone();
        if !longer.is_empty() {
            longer.push(b' ');
        }
        longer.extend_from_slice(word);
        if width(&longer, style) <= room {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for byte in word {
            line.push(*byte);
            if width(&line, style) > room {
                line.pop();
                lines.push(std::mem::replace(&mut line, vec![*byte]));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn write(title: &str, pages: &[Vec<Line>]) -> Vec<u8> {
    let mut numbers = 1..;
    let mut next = || Ref::new(numbers.next().unwrap_or(i32::MAX));
    let (catalog, tree, plain, bold, about) = (next(), next(), next(), next(), next());
    let places: Vec<(Ref, Ref)> = pages.iter().map(|_| (next(), next())).collect();
    let count = i32::try_from(places.len()).unwrap_or(i32::MAX);
    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr("en"));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(about).title(TextStr(title));
    pdf.pages(tree)
        .kids(places.iter().map(|(page, _)| *page))
        .count(count);
    for (font, name) in [(plain, "Helvetica"), (bold, "Helvetica-Bold")] {
        pdf.type1_font(font)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (number, (lines, (place, content))) in pages.iter().zip(&places).enumerate() {
        let mut page = pdf.page(*place);
        page.media_box(Rect::new(0.0, 0.0, WIDE, HIGH));
        page.parent(tree).contents(*content);
        let mut resources = page.resources();
        let mut fonts = resources.fonts();
        fonts.pair(Name(b"F1"), plain).pair(Name(b"F2"), bold);
        fonts.finish();
        resources.finish();
        page.finish();
        pdf.stream(*content, &drawn(lines, number + 1, places.len()));
    }
    pdf.finish()
}

fn drawn(lines: &[Line], number: usize, of: usize) -> Vec<u8> {
    let mut content = Content::new();
    let foot = Line {
        text: bytes(&format!("{number} / {of}")),
        style: Style { size: 9.0, ..TEXT },
        from_top: HIGH - MARGIN / 2.0,
    };
    for line in lines.iter().chain([&foot]) {
        let font: &[u8] = if line.style.bold { b"F2" } else { b"F1" };
        content.begin_text();
        content.set_font(Name(font), line.style.size);
        content.next_line(MARGIN, HIGH - line.from_top);
        content.show(Str(&line.text));
        content.end_text();
    }
    content.finish().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_fits_and_no_word_is_lost() {
        let text = "A person's refusal counts, whatever else was granted. ".repeat(20);
        let lines = wrapped(&bytes(&text), TEXT);
        assert!(lines.len() > 5);
        for line in &lines {
            assert!(width(line, TEXT) <= WIDE - 2.0 * MARGIN);
        }
        let joined = lines.join(&b' ');
        let words = |text: &[u8]| text.split(|b| *b == b' ').filter(|w| !w.is_empty()).count();
        assert_eq!(words(&joined), words(text.as_bytes()));
        let long = wrapped(&[b'W'; 300], HEADING);
        assert_eq!(long.iter().map(Vec::len).sum::<usize>(), 300);
    }

    #[test]
    fn the_shipped_policy_makes_pages() {
        let policy = Policy::shipped().unwrap();
        let made = pdf(&policy, &[]);
        assert!(made.starts_with(b"%PDF-"));
        let text = String::from_utf8_lossy(&made).into_owned();
        assert!(text.contains("P101") && text.contains("/Lang"));
    }
}
