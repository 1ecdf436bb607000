//! Puts placeholders into transcripts and texts.

use std::ops::Range;

use domain::{
    ClosingMark, Confidence, DetectorId, EntityKind, PartyIndex, RawTranscript, RedactedTranscript,
    RedactedWord, RedactionSpan, Secret, Span, SpeakerLabel, Token, Turn, WordIndex,
};

use super::merge::Removed;
use super::operate;
use super::profile::Profile;
use super::words::Words;

/// One removed stretch of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextSpan {
    /// Bytes of the input.
    pub range: Range<usize>,
    /// What it was.
    pub kind: EntityKind,
    /// What found it.
    pub detector: DetectorId,
    /// How sure it was.
    pub confidence: Confidence,
}

pub(crate) fn spans(
    raw: &RawTranscript,
    words: &Words<'_>,
    removed: &[Removed],
    profile: &Profile,
) -> Vec<RedactionSpan> {
    removed
        .iter()
        .filter_map(|one| span(raw, words, one, profile))
        .collect()
}

fn span(
    raw: &RawTranscript,
    words: &Words<'_>,
    removed: &Removed,
    profile: &Profile,
) -> Option<RedactionSpan> {
    let items = words.items.get(removed.first..=removed.last)?;
    let (first, last) = (items.first()?, items.last()?);
    let speaker = raw.speakers.get(usize::from(first.speaker));
    Some(RedactionSpan {
        kind: removed.kind,
        regulation: profile.regulation(removed.kind),
        party: speaker.map_or(PartyIndex(0), |speaker| speaker.party),
        speaker: speaker.map_or(SpeakerLabel::Other(first.speaker), |speaker| speaker.label),
        first: first.index,
        last: last.index,
        span: hull(raw, words, removed)?,
        detector: DetectorId(removed.detector.to_string()),
        confidence: Confidence::new(removed.confidence),
    })
}

fn hull(raw: &RawTranscript, words: &Words<'_>, removed: &Removed) -> Option<Span> {
    let items = words.items.get(removed.first..=removed.last)?;
    items
        .iter()
        .filter_map(|item| raw.words.get(usize::try_from(item.index.0).ok()?))
        .map(|word| word.span)
        .reduce(|a, b| a.hull(&b))
}

/// The transcript with one token for each removed stretch.
pub(crate) fn transcript(
    raw: &RawTranscript,
    words: &Words<'_>,
    removed: &[Removed],
    profile: &Profile,
) -> RedactedTranscript {
    let fate = fates(raw, words, removed);
    let mut kept: Vec<RedactedWord> = Vec::with_capacity(raw.words.len());
    let mut place: Vec<u32> = Vec::with_capacity(raw.words.len());
    let mut token_of: Vec<Option<u32>> = vec![None; removed.len()];
    for (word, fate) in raw.words.iter().zip(&fate) {
        let next = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        let span = fate.and_then(|number| Some((number, removed.get(number)?)));
        let earlier = span.and_then(|(number, _)| token_of.get(number).copied().flatten());
        place.push(earlier.unwrap_or(next));
        if earlier.is_some() {
            continue;
        }
        let (token, closing, times, confidence) = match span {
            None => (
                Token::Word(word.text.clone()),
                None,
                word.span,
                word.confidence,
            ),
            Some((number, one)) => {
                if let Some(slot) = token_of.get_mut(number) {
                    *slot = Some(next);
                }
                let closing = closing(words, one);
                let token = operate::replacement(words, one, profile).map_or(
                    Token::Redacted(one.kind),
                    |mut text| {
                        text.extend(closing.map(ClosingMark::mark));
                        Token::Word(Secret::new(text))
                    },
                );
                (
                    token,
                    closing,
                    hull(raw, words, one).unwrap_or(word.span),
                    least(raw, words, one),
                )
            }
        };
        kept.push(RedactedWord {
            token,
            speaker: word.speaker,
            span: times,
            confidence,
            closing,
        });
    }
    let turns = raw.turns.iter().enumerate();
    let turns = turns
        .map(|(number, turn)| moved(turn, number, words, &place))
        .collect();
    assume(raw, kept, turns, spans(raw, words, removed, profile))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where what is left after removal becomes a redacted transcript"
)]
fn assume(
    raw: &RawTranscript,
    words: Vec<RedactedWord>,
    turns: Vec<Turn>,
    spans: Vec<RedactionSpan>,
) -> RedactedTranscript {
    RedactedTranscript::assume_redacted(
        raw.speakers.clone(),
        words,
        turns,
        spans,
        raw.language.clone(),
        raw.engine.clone(),
        raw.duration,
    )
}

/// The mark of the sentence behind a removed stretch. Behind what may itself end in a mark (a
/// password, an address of a page) none is kept: it could be part of the secret.
fn closing(words: &Words<'_>, removed: &Removed) -> Option<ClosingMark> {
    let marked = matches!(
        removed.kind,
        EntityKind::Credential
            | EntityKind::Username
            | EntityKind::TrackData
            | EntityKind::Url
            | EntityKind::Custom
    );
    let last = words.items.get(removed.last).filter(|_| !marked)?.text;
    let before = last.get(..last.len().checked_sub(1)?)?;
    let spoken = before.ends_with(|c: char| c.is_alphanumeric() || c == ']');
    last.chars()
        .last()
        .filter(|_| spoken)
        .and_then(ClosingMark::new)
}

/// For each raw word, the removed stretch that it is part of.
fn fates(raw: &RawTranscript, words: &Words<'_>, removed: &[Removed]) -> Vec<Option<usize>> {
    let mut fates = vec![None; raw.words.len()];
    for (number, one) in removed.iter().enumerate() {
        for item in words.items.get(one.first..=one.last).unwrap_or_default() {
            let at = usize::try_from(item.index.0).unwrap_or(usize::MAX);
            if let Some(fate) = fates.get_mut(at) {
                *fate = Some(number);
            }
        }
    }
    fates
}

fn least(raw: &RawTranscript, words: &Words<'_>, removed: &Removed) -> Confidence {
    let items = words
        .items
        .get(removed.first..=removed.last)
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| raw.words.get(usize::try_from(item.index.0).ok()?))
        .map(|word| word.confidence)
        .reduce(|a, b| if b < a { b } else { a })
        .unwrap_or(Confidence::CERTAIN)
}

/// A turn with its word indices moved to where its words stand now.
fn moved(turn: &Turn, number: usize, words: &Words<'_>, place: &[u32]) -> Turn {
    let from = words.items.partition_point(|item| item.turn < number);
    let now = words
        .items
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|item| item.turn == number)
        .filter_map(|item| place.get(usize::try_from(item.index.0).ok()?).copied());
    let hull = now.fold(None, |hull: Option<(u32, u32)>, at| {
        Some(hull.map_or((at, at), |(low, high)| (low.min(at), high.max(at))))
    });
    match hull {
        Some((first, last)) => Turn {
            first: WordIndex(first),
            last: WordIndex(last),
            ..*turn
        },
        None => *turn,
    }
}

/// The text with a tag for each removed stretch. Marks around a stretch stay.
pub(crate) fn text(
    text: &str,
    words: &Words<'_>,
    removed: &[Removed],
    profile: &Profile,
) -> (String, Vec<TextSpan>) {
    let mut out = String::with_capacity(text.len());
    let mut found = Vec::new();
    let mut written = 0;
    for one in removed.iter().filter(|one| !one.is_old()) {
        let Some(range) = range(text, words, one) else {
            continue;
        };
        out.push_str(text.get(written..range.start).unwrap_or_default());
        match operate::replacement(words, one, profile) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&one.kind.to_string()),
        }
        written = range.end;
        found.push(TextSpan {
            range,
            kind: one.kind,
            detector: DetectorId(one.detector.to_string()),
            confidence: Confidence::new(one.confidence),
        });
    }
    out.push_str(text.get(written..).unwrap_or_default());
    (out, found)
}

/// The bytes of a stretch without the marks at its ends.
fn range(text: &str, words: &Words<'_>, removed: &Removed) -> Option<Range<usize>> {
    let offset = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    let first = words.items.get(removed.first)?.text;
    let last = words.items.get(removed.last)?.text;
    let (head, _, _) = trimmed(first);
    let (_, _, tail) = trimmed(last);
    let start = offset(first) + head.len();
    let end = offset(last) + last.len() - tail.len();
    (start < end).then_some(start..end)
}

/// A word's marks before, the rest, its marks behind. A word of marks only is all rest.
pub(crate) fn trimmed(word: &str) -> (&str, &str, &str) {
    let is_edge = |c: char| "([{<\"'.,;:!?)]}>".contains(c);
    let rest = word.trim_start_matches(is_edge);
    if rest.is_empty() {
        return ("", word, "");
    }
    let head = word.len() - rest.len();
    let core = rest.trim_end_matches(is_edge);
    (
        word.get(..head).unwrap_or_default(),
        core,
        rest.get(core.len()..).unwrap_or_default(),
    )
}
