//! WebVTT and SRT: timed text with or without speakers.

use domain::{
    Caption, Channel, Content, Dialog, DialogKind, Interaction, Millis, Party, PartyIndex, Role,
    Secret, Span,
};

use crate::incoming::{bare, role};
use crate::{FormatError, Hints, Incoming};

pub(crate) fn read_vtt(bytes: &[u8], hints: &Hints) -> Result<Incoming, FormatError> {
    read(bytes, hints, "WebVTT")
}

pub(crate) fn read_srt(bytes: &[u8], hints: &Hints) -> Result<Incoming, FormatError> {
    read(bytes, hints, "SRT")
}

/// Both are blocks of lines in which one line holds two times; what comes before it in its
/// block names the cue, what follows is its text.
fn read(bytes: &[u8], hints: &Hints, format: &'static str) -> Result<Incoming, FormatError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut cues = Cues::default();
    let mut lines = (1u32..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let Some((start, end)) = line.split_once("-->") else {
            continue;
        };
        let wrong = || {
            FormatError::malformed(
                format,
                format!("line {number}"),
                "two times such as `00:00:01.000 --> 00:00:04.000` are expected",
            )
        };
        let start = clock(start.trim()).ok_or_else(wrong)?;
        // Settings such as `align:start` may follow the end.
        let end = end
            .split_whitespace()
            .next()
            .and_then(clock)
            .ok_or_else(wrong)?;
        let span = Span::new(start, end).map_err(|_| wrong())?;
        let body: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| !line.trim().is_empty())
            .collect();
        cues.add(span, &body, hints);
    }
    cues.finish(hints, format)
}

/// `[h:]mm:ss` with a fraction after a full stop or a comma.
fn clock(text: &str) -> Option<Millis> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let mut seconds = 0u64;
    let mut parts = 0;
    for part in whole.split(':') {
        let number: u64 = part.trim().parse().ok()?;
        seconds = seconds.checked_mul(60)?.checked_add(number)?;
        parts += 1;
    }
    if !(2..=3).contains(&parts) || !(1..=9).contains(&fraction.len()) {
        return None;
    }
    let millis: u64 = fraction
        .chars()
        .chain("00".chars())
        .take(3)
        .collect::<String>()
        .parse()
        .ok()?;
    Some(Millis(seconds.checked_mul(1_000)?.checked_add(millis)?))
}

#[derive(Default)]
struct Cues {
    parties: Vec<Party>,
    captions: Vec<Caption>,
}

impl Cues {
    /// A cue may change speakers from line to line; words without one are the last speaker's.
    fn add(&mut self, span: Span, lines: &[&str], hints: &Hints) {
        let mut pieces: Vec<(Option<PartyIndex>, String)> = Vec::new();
        for line in lines {
            for (speaker, words) in voices(line) {
                let party = speaker.map(|name| self.party(&name, hints));
                match pieces.last_mut() {
                    Some((last, text)) if party.is_none() || party == *last => {
                        text.push(' ');
                        text.push_str(&words);
                    }
                    _ => pieces.push((party, words)),
                }
            }
        }
        for (party, text) in pieces {
            let text = text.trim();
            if !text.is_empty() {
                self.captions.push(Caption {
                    party,
                    span,
                    text: Secret::new(text),
                    confidence: None,
                });
            }
        }
    }

    fn party(&mut self, name: &str, hints: &Hints) -> PartyIndex {
        let declared = role(name);
        let mut party = Party::of_role(Role::Unknown);
        if declared == Role::Unknown {
            party.name = Some(Secret::new(name));
        }
        party.role = hints.role(declared, &party);
        let place = self
            .parties
            .iter()
            .position(|known| *known == party)
            .unwrap_or_else(|| {
                self.parties.push(party);
                self.parties.len() - 1
            });
        PartyIndex(u16::try_from(place).unwrap_or(u16::MAX))
    }

    fn finish(mut self, hints: &Hints, format: &'static str) -> Result<Incoming, FormatError> {
        self.captions.sort_by_key(|caption| caption.span);
        let Some(end) = self.captions.iter().map(|caption| caption.span.end()).max() else {
            return Err(FormatError::Nothing { format });
        };
        let mut warnings = Vec::new();
        if self.captions.iter().any(|caption| caption.party.is_none()) {
            warnings.push("some captions do not say who speaks".to_owned());
        }
        let dialog = Dialog {
            kind: DialogKind::Transcript,
            start: hints.received,
            duration: Some(end),
            parties: (0u16..)
                .zip(&self.parties)
                .map(|(n, _)| Some(PartyIndex(n)))
                .collect(),
            originator: None,
            message_id: None,
            content: Content::Captions(self.captions),
        };
        Ok(Incoming {
            interaction: Interaction {
                parties: self.parties,
                dialogs: vec![dialog],
                ..bare(Channel::Voice, hints.received)
            },
            warnings,
        })
    }
}

/// The speakers of a line with their words: `<v Name>` spans, or one `Name:` in front.
fn voices(line: &str) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("<v") {
        if !before.trim().is_empty() {
            found.push((None, clean(before)));
        }
        let Some((tag, words)) = after.split_once('>') else {
            break;
        };
        // Classes stand between the tag and the name, as in `<v.loud Name>`.
        let name = tag
            .split_once(char::is_whitespace)
            .map_or("", |(_, name)| name)
            .trim();
        let (own, next) = match words.find("<v") {
            Some(at) => words.split_at(at),
            None => (words, ""),
        };
        found.push(((!name.is_empty()).then(|| clean(name)), clean(own)));
        rest = next;
    }
    if !found.is_empty() {
        return found;
    }
    let line = clean(line);
    match prefix(&line) {
        Some((name, words)) => vec![(Some(name.to_owned()), words.to_owned())],
        None => vec![(None, line)],
    }
}

/// `Name:` in front of a line: up to four words that begin with capitals or digits, or one
/// known role.
fn prefix(line: &str) -> Option<(&str, &str)> {
    let (name, words) = line.trim_start_matches(['-', ' ']).split_once(':')?;
    let words = words
        .strip_prefix(' ')
        .or_else(|| words.is_empty().then_some(words))?;
    let name = name.trim();
    let mut count = 0;
    let named = name.split_whitespace().all(|word| {
        count += 1;
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    });
    let plausible = (1..=4).contains(&count) && name.len() <= 60;
    (plausible && named || role(name) != Role::Unknown).then_some((name, words))
}

/// Without tags and with its entities resolved.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let Some(end) = tag.find('>') else {
            rest = tag;
            break;
        };
        rest = tag.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&lrm;", ""),
        ("&rlm;", ""),
        ("&amp;", "&"),
    ];
    let resolved = entities
        .iter()
        .fold(out, |text, (entity, plain)| text.replace(entity, plain));
    resolved.trim().to_owned()
}
