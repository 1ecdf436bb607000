//! Sensitive authentication data: what PCI DSS 3.3 forbids to keep after authorisation, sealed or
//! not. It is taken out of the original too.

use domain::{EntityKind, RawTranscript, RedactionSpan, Secret};

/// Detectors of a PIN.
const PIN: &str = "credential.pin";
/// Detector of a word that came in as a placeholder.
const PLACEHOLDER: &str = "placeholder";

/// Whether a span is a card's verification code, its track data or a PIN. A placeholder of these
/// kinds counts: what it stands for was taken out before, and may still be in the sound.
#[must_use]
pub fn is_authentication_data(span: &RedactionSpan) -> bool {
    match span.kind {
        EntityKind::Cvv | EntityKind::TrackData => true,
        EntityKind::Credential => matches!(span.detector.0.as_str(), PIN | PLACEHOLDER),
        _ => false,
    }
}

/// The transcript with each of the spans' words in the form of its tag; times, turns and the
/// number of words stay. `None` where there is nothing to take out.
#[must_use]
pub fn without(raw: &RawTranscript, spans: &[RedactionSpan]) -> Option<RawTranscript> {
    let mut left = raw.clone();
    let mut changed = false;
    for span in spans {
        let place = |index: u32| usize::try_from(index).unwrap_or(usize::MAX);
        let range = place(span.first.0)..=place(span.last.0);
        let words = left.words.get_mut(range).unwrap_or_default();
        let Some(speaker) = words.first().map(|word| word.speaker) else {
            continue;
        };
        let tag = span.kind.to_string();
        for word in words.iter_mut().filter(|word| word.speaker == speaker) {
            if word.text.expose() != tag {
                word.text = Secret::new(tag.clone());
                changed = true;
            }
        }
    }
    changed.then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planting;
    use crate::redact::{self, Profile};

    #[test]
    fn codes_pins_and_tracks_leave_the_original_and_the_rest_stays() {
        let raw = planting::transcript([
            (0, "And the security code?"),
            (1, "it's seven three nine, and my pin is 4821"),
            (1, "my card number is 4111 1111 1111 1111"),
        ]);
        let spans = redact::spans(&raw, &[], &Profile::default());
        let secret: Vec<_> = spans.into_iter().filter(is_authentication_data).collect();
        let left = without(&raw, &secret).unwrap();
        let words: Vec<&str> = left.words.iter().map(|word| word.text.expose()).collect();
        assert_eq!(left.words.len(), raw.words.len());
        let text = words.join(" ");
        assert!(!text.contains("seven") && !text.contains("4821"), "{text}");
        assert!(text.contains("4111 1111 1111 1111"), "{text}");
        // What was taken out is found again as a placeholder, and nothing is left to take.
        let again = redact::spans(&left, &[], &Profile::default());
        let again: Vec<_> = again.into_iter().filter(is_authentication_data).collect();
        assert_eq!(again.len(), secret.len());
        assert!(without(&left, &again).is_none());
    }
}
