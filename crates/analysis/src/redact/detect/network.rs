//! Web addresses, IP and MAC addresses, written and spoken.

use std::net::{Ipv4Addr, Ipv6Addr};

use domain::EntityKind;

use super::email;
use crate::redact::cues::Cue;
use crate::redact::scan::{Hit, Scan};

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for (position, item) in scan.words.items.iter().enumerate() {
        if let Some((kind, detector, confidence)) = written(item.text) {
            hits.push(Hit {
                first: position,
                last: position,
                kind,
                detector: detector.into(),
                confidence,
            });
        }
    }
    for at in 0..scan.stream.tokens().len() {
        if let Some(last) = spoken_ip(scan, at) {
            hits.extend(scan.hit((at, last), EntityKind::NetworkAddress, "network.ip", 0.9));
        }
        if let Some(last) = spoken_url(scan, at) {
            hits.extend(scan.hit((at, last), EntityKind::Url, "network.url", 0.8));
        }
    }
    for code in scan.codes.iter().filter(|code| code.text.len() == 12) {
        let hex = code.text.bytes().all(|b| b.is_ascii_hexdigit());
        if hex
            && scan
                .before(code.first)
                .take(2)
                .any(|cued| cued.cue == Cue::Mac)
        {
            hits.extend(scan.hit(
                (code.first, code.last),
                EntityKind::NetworkAddress,
                "network.mac",
                0.9,
            ));
        }
    }
}

fn written(word: &str) -> Option<(EntityKind, &'static str, f32)> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != ':');
    if is_mac(bare) {
        return Some((EntityKind::NetworkAddress, "network.mac", 0.95));
    }
    if !bare.contains(['.', ':']) {
        return None;
    }
    if is_url(bare) {
        return Some((EntityKind::Url, "network.url", 0.95));
    }
    let host = bare
        .trim_end_matches(':')
        .split(['/', '='])
        .find(|part| part.contains(['.', ':']))?;
    let plain_v4 = host.rsplit_once(':').map_or(host, |(address, _)| address);
    if plain_v4.parse::<Ipv4Addr>().is_ok() {
        return Some((EntityKind::NetworkAddress, "network.ip", 0.9));
    }
    let colons = host.matches(':').count();
    let v6 = colons >= 2 && host.len() > 4 && host.parse::<Ipv6Addr>().is_ok();
    v6.then_some((EntityKind::NetworkAddress, "network.ip", 0.95))
}

fn is_mac(text: &str) -> bool {
    let text = text.replace('-', ":");
    let mut parts = text.split(':');
    text.matches(':').count() == 5
        && parts.all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if lower.contains("://") || lower.starts_with("www.") {
        return true;
    }
    if lower.contains('@') {
        return false;
    }
    let host = lower.split(['/', '?', '#', ':']).next().unwrap_or("");
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    let labelled = name.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
    labelled && letters >= 2 && email::is_top_level(top)
}

/// `one ninety two dot one sixty eight dot one dot ten`; written parts come here as well where
/// spaces stand between them.
fn spoken_ip(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let turn = scan.stream.turn(at);
    if !scan.stream.get(at)?.is_number()
        || scan
            .previous(at)
            .is_some_and(|t| t.is_number() || is_dot(t))
    {
        return None;
    }
    let mut place = at;
    let mut last = at;
    for part in 0..4 {
        if part > 0 {
            scan.stream.get(place).filter(|t| is_dot(t))?;
            place += 1;
        }
        let mut digits = String::new();
        while let Some(token) = scan
            .stream
            .get(place)
            .filter(|t| t.is_number() && Some(t.turn) == turn)
        {
            digits.push_str(token.digits());
            last = place;
            place += 1;
        }
        digits.parse::<u8>().ok()?;
    }
    let version = scan.behind_word(at);
    (!matches!(version, "version" | "firmware" | "release" | "v" | "build")).then_some(last)
}

fn is_dot(token: &crate::redact::tokens::Token) -> bool {
    token.is_mark('.') || matches!(token.word(), "dot" | "point")
}

/// `www dot example dot com slash offers`, `example dot com`. Mail addresses are found first
/// and win the words they share.
fn spoken_url(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let word = scan.stream.get(at)?.word();
    let before = scan
        .previous(at)
        .map_or("", crate::redact::tokens::Token::word);
    let joined = scan
        .stream
        .get(at + 1)
        .is_some_and(|next| next.word() == "dot" || next.letter().is_some());
    if before == "dot"
        || before == "at" && word != "www"
        || word.is_empty()
        || matches!(word, "dot" | "the" | "a")
        || !joined
    {
        return None;
    }
    let (last, _) = email::domain(scan, at, 2)?;
    let mut end = last;
    while scan.stream.word(end + 1) == "slash" && !scan.stream.word(end + 2).is_empty() {
        end += 2;
    }
    (word == "www"
        || end > last
        || scan
            .stream
            .slice(at, last)
            .iter()
            .any(|t| t.word() == "dot"))
    .then_some(end)
}
