//! The policy as a page: Markdown and HTML from the same document that decides.

use std::fmt::Write as _;

use crate::Policy;
use crate::document::{Clause, ClausePlane};
use crate::status::Standing;

/// The policy as Markdown. With standings, each clause shows how it stands.
#[must_use]
pub fn markdown(policy: &Policy, standings: &[Standing]) -> String {
    let head = policy.head();
    let mut out = format!(
        "# {}\n\nVersion {} ({}), in force from {}. Answered for by {}; questions to {}.\n",
        head.title,
        head.number,
        policy.version(),
        head.effective_from,
        head.controller,
        head.contact
    );
    for section in policy.sections() {
        line(&mut out, format_args!("\n## {}\n", section.heading));
        for clause in policy.clauses().iter().filter(|c| c.section == section.key) {
            line(
                &mut out,
                format_args!(
                    "<a id=\"{0}\"></a>**{0}** {1}{2}\n",
                    clause.id,
                    clause.prose.trim(),
                    note(clause, standings)
                ),
            );
        }
    }
    line(
        &mut out,
        format_args!("\n## Purposes\n\n| purpose | means |\n|---|---|"),
    );
    for purpose in policy.purposes() {
        line(
            &mut out,
            format_args!("| {} | {} |", purpose.noun, purpose.means),
        );
    }
    line(
        &mut out,
        format_args!("\n## How long data is kept\n\n| data | rule | clause |\n|---|---|---|"),
    );
    for rule in policy.retention() {
        line(
            &mut out,
            format_args!(
                "| {} | {} | [{2}](#{2}) |",
                policy.noun_of(&rule.category),
                rule.words,
                rule.clause
            ),
        );
    }
    line(
        &mut out,
        format_args!("\n## Recipients\n\n| who | bound by |\n|---|---|"),
    );
    for recipient in policy.recipients() {
        let bound = recipient.bound_by.as_deref().unwrap_or("nothing");
        line(&mut out, format_args!("| {} | {bound} |", recipient.noun));
    }
    line(
        &mut out,
        format_args!("\n## How to ask\n\n| for | where | days | cost |\n|---|---|---|---|"),
    );
    for procedure in policy.procedures() {
        line(
            &mut out,
            format_args!(
                "| {} | {} | {} | {} |",
                procedure.about, procedure.ask, procedure.days, procedure.fee
            ),
        );
    }
    out
}

/// The policy as the body of a page, with an anchor at every clause.
#[must_use]
pub fn html(policy: &Policy, standings: &[Standing]) -> String {
    let head = policy.head();
    let mut out = format!(
        "<article class=\"policy\">\n<h1>{}</h1>\n<p>Version {} (<code>{}</code>), in force from \
         <time>{}</time>. Answered for by {}; questions to {}.</p>\n",
        escape(&head.title),
        escape(&head.number),
        policy.version(),
        head.effective_from,
        escape(&head.controller),
        escape(&head.contact)
    );
    for section in policy.sections() {
        line(
            &mut out,
            format_args!("<section>\n<h2>{}</h2>", escape(&section.heading)),
        );
        for clause in policy.clauses().iter().filter(|c| c.section == section.key) {
            line(
                &mut out,
                format_args!(
                    "<p id=\"{0}\" class=\"clause {1}\"><a href=\"#{0}\">{0}</a> {2}{3}</p>",
                    clause.id,
                    clause.kind,
                    escape(clause.prose.trim()),
                    escape(&note(clause, standings))
                ),
            );
        }
        line(&mut out, format_args!("</section>"));
    }
    let purposes = policy
        .purposes()
        .iter()
        .map(|p| vec![p.noun.clone(), p.means.clone()]);
    table(&mut out, "Purposes", &["purpose", "means"], purposes);
    let kept = policy.retention().iter().map(|rule| {
        let noun = policy.noun_of(&rule.category).to_owned();
        vec![noun, rule.words.clone(), rule.clause.to_string()]
    });
    table(
        &mut out,
        "How long data is kept",
        &["data", "rule", "clause"],
        kept,
    );
    let recipients = policy.recipients().iter().map(|recipient| {
        let bound = recipient.bound_by.as_deref().unwrap_or("nothing");
        vec![recipient.noun.clone(), bound.to_owned()]
    });
    table(&mut out, "Recipients", &["who", "bound by"], recipients);
    let asking = policy.procedures().iter().map(|how| {
        vec![
            how.about.clone(),
            how.ask.clone(),
            how.days.to_string(),
            how.fee.clone(),
        ]
    });
    table(
        &mut out,
        "How to ask",
        &["for", "where", "days", "cost"],
        asking,
    );
    out.push_str("</article>\n");
    out
}

/// What a reader must know beside the words: that it is not in force, and how it stands.
pub(crate) fn note(clause: &Clause, standings: &[Standing]) -> String {
    let plane = match clause.plane {
        ClausePlane::Site => " [visitors of the site]",
        ClausePlane::Hosting | ClausePlane::Both | ClausePlane::Unsaid => "",
    };
    let standing = standings
        .iter()
        .find(|standing| standing.clause == clause.id);
    match (standing, &clause.unbacked) {
        (Some(standing), _) => format!("{plane} ({}: {})", standing.status, standing.sentence),
        (None, Some(reason)) => format!("{plane} (not in force yet: {reason})"),
        (None, None) => plane.to_owned(),
    }
}

fn table(
    out: &mut String,
    heading: &str,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) {
    let cells = |tag: &str, cells: &[String]| -> String {
        cells
            .iter()
            .map(|cell| format!("<{tag}>{}</{tag}>", escape(cell)))
            .collect()
    };
    let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    line(out, format_args!("<section>\n<h2>{heading}</h2>\n<table>"));
    line(
        out,
        format_args!("<thead><tr>{}</tr></thead>\n<tbody>", cells("th", &columns)),
    );
    for row in rows {
        line(out, format_args!("<tr>{}</tr>", cells("td", &row)));
    }
    line(out, format_args!("</tbody>\n</table>\n</section>"));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    if out.write_fmt(text).is_ok() {
        out.push('\n');
    }
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(c),
        }
    }
    safe
}
