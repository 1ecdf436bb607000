use super::runs;
use super::{NumberUse, Stream, TokenKind};
use crate::redact::words::Words;

fn stream(text: &str) -> Stream {
    Stream::of_words(&Words::of_text(text), &[])
}

fn digits(text: &str) -> Vec<String> {
    runs::find(&stream(text))
        .into_iter()
        .map(|run| run.digits)
        .collect()
}

#[test]
fn digits_are_read_however_they_are_said() {
    for (said, expected) in [
        ("four one one one", "4111"),
        ("forty one eleven", "4111"),
        ("double seven triple zero", "77000"),
        ("twenty oh five", "2005"),
        ("oh oh seven", "007"),
        ("nine hundred eleven", "911"),
        ("four, um, one - one / one", "4111"),
        ("four one sorry no wait four two", "4142"),
        ("４１ ١١", "4111"),
        ("4\u{200b}1", "41"),
        ("seventy-seven", "77"),
        ("two thousand and six", "2006"),
        ("one to four five", "1"),
    ] {
        assert_eq!(
            digits(said).first().map(String::as_str),
            Some(expected),
            "{said}"
        );
    }
}

#[test]
fn numbers_learn_their_use() {
    let uses = |text: &str| -> Vec<NumberUse> {
        stream(text)
            .tokens()
            .iter()
            .filter_map(|token| match token.kind {
                TokenKind::Number(usage) => Some(usage),
                _ => None,
            })
            .collect()
    };
    for (text, expected) in [
        ("84 dollars", NumberUse::Money),
        ("$1", NumberUse::Money),
        ("5 business days", NumberUse::Quantity),
        ("3:30", NumberUse::Time),
        ("4 pm", NumberUse::Time),
        ("the last four digits", NumberUse::Phrase),
        ("one moment", NumberUse::Phrase),
        ("the second", NumberUse::Ordinal),
        ("4111 1111 1111 1111 dollars", NumberUse::Plain),
    ] {
        assert_eq!(uses(text).first(), Some(&expected), "{text}");
    }
}

#[test]
fn every_token_knows_its_words() {
    let stream = stream("card: forty one, thanks!");
    let places: Vec<(usize, usize)> = stream.tokens().iter().map(|t| (t.first, t.last)).collect();
    assert_eq!(places, vec![(0, 0), (0, 0), (1, 2), (2, 2), (3, 3), (3, 3)]);
}
