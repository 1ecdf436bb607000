//! Splits a reply from what it quotes. The signature stays with the reply.

/// Beginnings of what quotes everything after it.
const MARKERS: &[&str] = &[
    "-----original message-----",
    "----- original message -----",
    "-----ursprüngliche nachricht-----",
    "-----message d'origine-----",
    "-----mensaje original-----",
    "---------- forwarded message",
    "begin forwarded message:",
];

/// How the line before a quotation ends.
const WROTE: &[&str] = &[
    "wrote:",
    "schrieb:",
    "a écrit :",
    "a écrit:",
    "escribió:",
    "ha scritto:",
    "skrev:",
];

/// How such a line begins.
const ON: &[&str] = &["on ", "am ", "le ", "el ", "il ", "den "];

/// First fields of the block that one widespread client puts before a quotation.
const SENDER_FIELDS: &[&str] = &["from:", "*from:*", "von:", "de:", "da:"];
const OTHER_FIELDS: &[&str] = &[
    "sent:",
    "*sent:*",
    "date:",
    "*date:*",
    "to:",
    "*to:*",
    "cc:",
    "subject:",
    "*subject:*",
    "gesendet:",
    "an:",
    "betreff:",
    "envoyé :",
    "envoyé:",
    "à :",
    "à:",
    "objet :",
    "objet:",
    "enviado:",
    "para:",
    "asunto:",
];

/// The new words, and the quoted ones where there are any.
pub(crate) fn split(text: &str) -> (String, Option<String>) {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (mut own, mut quoted): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        if quotes_the_rest(rest) {
            quoted.extend(rest);
            break;
        }
        let introduction = introduction(rest);
        if introduction > 0 {
            quoted.extend(rest.iter().take(introduction));
            at += introduction;
            if !rest.iter().skip(introduction).any(|line| is_quoted(line)) {
                quoted.extend(rest.iter().skip(introduction));
                break;
            }
            continue;
        }
        let Some(line) = rest.first() else { break };
        if is_quoted(line) {
            quoted.push(line);
        } else {
            own.push(line);
        }
        at += 1;
    }
    let quoted = joined(&quoted);
    (joined(&own), (!quoted.is_empty()).then_some(quoted))
}

fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    let mut blank = 0;
    for line in lines {
        if line.trim().is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(line);
    }
    out
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn quotes_the_rest(rest: &[&str]) -> bool {
    let Some(first) = rest.first().map(|line| line.trim().to_lowercase()) else {
        return false;
    };
    if MARKERS.iter().any(|marker| first.starts_with(marker)) {
        return true;
    }
    // A line of underscores stands before the block of fields in some versions.
    let rule = first.len() >= 10 && first.bytes().all(|byte| byte == b'_');
    let block = if rule {
        rest.get(1..).unwrap_or_default()
    } else {
        rest
    };
    let mut fields = block.iter().map(|line| line.trim().to_lowercase());
    let begins = fields
        .next()
        .is_some_and(|line| SENDER_FIELDS.iter().any(|field| line.starts_with(field)));
    let others = fields
        .take(5)
        .filter(|line| OTHER_FIELDS.iter().any(|field| line.starts_with(field)));
    begins && others.count() >= 2
}

/// How many lines introduce a quotation, as in "On 9 October, Ann wrote:", wrapped or not.
fn introduction(rest: &[&str]) -> usize {
    let Some(first) = rest.first().map(|line| line.trim().to_lowercase()) else {
        return 0;
    };
    if !ON.iter().any(|on| first.starts_with(on)) {
        return 0;
    }
    for (number, line) in rest.iter().take(4).enumerate() {
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            return 0;
        }
        if WROTE.iter().any(|wrote| line.ends_with(wrote)) {
            return number + 1;
        }
    }
    0
}
