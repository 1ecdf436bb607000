//! Stretches of speech: where someone speaks, where nobody does, where two do at once.

use domain::{Millis, OvertalkEvent, RedactedTranscript, RedactedWord, Span, SpeakerLabel, Token};

use super::backchannel::is_back_channel;

/// Words of one speaker less than this apart are one stretch.
const BREATH: Millis = Millis(500);

/// Speech of one speaker without a pause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) speaker: u8,
    pub(super) label: SpeakerLabel,
    pub(super) span: Span,
    /// Nothing but back-channels.
    pub(super) listening: bool,
}

/// Whether a place is nothing but a listening sound.
fn listening(word: &RedactedWord) -> bool {
    match &word.token {
        Token::Word(text) => is_back_channel(text.expose()),
        Token::Redacted(_) => false,
    }
}

/// Every stretch, speaker by speaker, each speaker's in order of start.
pub(super) fn stretches(transcript: &RedactedTranscript) -> Vec<Stretch> {
    let mut all = Vec::new();
    for (index, speaker) in (0_u8..).zip(transcript.speakers()) {
        let mut open: Option<Stretch> = None;
        let mut own: Vec<&RedactedWord> = transcript
            .words()
            .iter()
            .filter(|word| word.speaker == index)
            .collect();
        own.sort_by_key(|word| word.span.start());
        for word in own {
            let quiet = listening(word);
            match &mut open {
                Some(stretch) if stretch.span.gap(&word.span) < BREATH => {
                    stretch.span = stretch.span.hull(&word.span);
                    stretch.listening &= quiet;
                }
                _ => all.extend(open.replace(Stretch {
                    speaker: index,
                    label: speaker.label,
                    span: word.span,
                    listening: quiet,
                })),
            }
        }
        all.extend(open);
    }
    all
}

/// Time covered by at least one stretch, as disjoint spans in order.
pub(super) fn union(speech: &[Stretch]) -> Vec<Span> {
    let mut spans: Vec<Span> = speech.iter().map(|stretch| stretch.span).collect();
    spans.sort();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start() <= last.end() => *last = last.hull(&span),
            _ => joined.push(span),
        }
    }
    joined
}

/// What disjoint spans in order leave of an interaction.
pub(super) fn gaps(talk: &[Span], duration: Millis) -> Vec<Span> {
    let mut gaps = Vec::new();
    let mut from = Millis::ZERO;
    for span in talk {
        if span.start() > from {
            gaps.push(Span::between(from, span.start()));
        }
        from = from.max(span.end());
    }
    if duration > from {
        gaps.push(Span::between(from, duration));
    }
    gaps
}

/// Where at least two speakers say more than back-channels at once; the interrupter is the one
/// whose speech begins with the overlap.
pub(super) fn overlaps(speech: &[Stretch]) -> Vec<OvertalkEvent> {
    let mut edges: Vec<(Millis, bool, SpeakerLabel)> = Vec::new();
    for stretch in speech.iter().filter(|stretch| !stretch.listening) {
        if stretch.span.duration() > Millis::ZERO {
            edges.push((stretch.span.start(), true, stretch.label));
            edges.push((stretch.span.end(), false, stretch.label));
        }
    }
    // Ends sort before starts, so that speech that only touches does not overlap.
    edges.sort();
    let mut events = Vec::new();
    let mut speaking = 0_usize;
    let mut open: Option<(Millis, SpeakerLabel)> = None;
    for (at, starts, label) in edges {
        if starts {
            speaking += 1;
            if speaking == 2 {
                open = Some((at, label));
            }
        } else {
            speaking = speaking.saturating_sub(1);
            if speaking == 1
                && let Some((from, interrupter)) = open.take()
            {
                events.push(OvertalkEvent {
                    span: Span::between(from, at),
                    interrupter,
                });
            }
        }
    }
    events
}

/// The longest time from a speaker's first to last word with nobody else saying more than
/// back-channels in between.
pub(super) fn longest_monologue(transcript: &RedactedTranscript, speaker: u8) -> Millis {
    let mut longest = Millis::ZERO;
    let mut open: Option<Span> = None;
    for word in transcript.words() {
        if word.speaker == speaker {
            let span = open.map_or(word.span, |run| run.hull(&word.span));
            longest = longest.max(span.duration());
            open = Some(span);
        } else if !listening(word) {
            open = None;
        }
    }
    longest
}
