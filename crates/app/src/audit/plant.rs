//! Conversations with planted secrets, as files of the forms that come in.

use std::fmt::Write as _;

use analysis::planting::{self, Dice, Sample, Wording};
use domain::EntityKind;
use serde_json::json;

/// A form that written conversations come in; each goes through another reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Chat,
    Mail,
    VCon,
    Captions,
}

impl Form {
    const ALL: [Self; 4] = [Self::Chat, Self::Mail, Self::VCon, Self::Captions];
}

/// Types whose spoken form a voice can say and a recogniser write.
pub(super) const SPOKEN: &[&str] = &[
    "card",
    "cvv",
    "ssn",
    "phone",
    "bank_account",
    "birth_date",
    "person",
];

/// One type's samples, half of them in the wording that the rules were tuned with.
pub(super) fn written(
    kind: (&'static str, EntityKind),
    count: usize,
    dice: &mut Dice,
) -> Vec<Sample> {
    (0..count)
        .map(|number| planting::with_secret(kind, wording(number), dice))
        .collect()
}

pub(super) const fn wording(number: usize) -> Wording {
    if number.is_multiple_of(2) {
        Wording::HeldOut
    } else {
        Wording::Tuned
    }
}

/// A sample whose secret is in words alone, so that a voice says what is written.
pub(super) fn sayable(
    kind: (&'static str, EntityKind),
    number: usize,
    dice: &mut Dice,
) -> Option<Sample> {
    const TRIES: usize = 60;
    let wordy = |sample: &Sample| {
        let said = sample.said().unwrap_or_default();
        let sayable = |c: char| c.is_alphabetic() || c == ' ' || ",.'".contains(c);
        said.chars().all(sayable)
    };
    (0..TRIES)
        .map(|_| planting::with_secret(kind, wording(number), dice))
        .find(wordy)
}

/// The file of a conversation. `number` makes it unlike every other and picks its form.
pub(super) fn file(sample: &Sample, number: usize) -> Vec<u8> {
    let form = Form::ALL.get(number % Form::ALL.len()).copied();
    match form.unwrap_or(Form::Chat) {
        Form::Chat => chat(sample, number),
        Form::Mail => mail(sample, number),
        Form::VCon => vcon(sample, number),
        Form::Captions => captions(sample),
    }
    .into_bytes()
}

fn at(second: usize) -> String {
    format!("2026-10-08T16:{:02}:{:02}Z", second / 60 % 60, second % 60)
}

fn chat(sample: &Sample, number: usize) -> String {
    let messages: Vec<_> = sample
        .lines
        .iter()
        .enumerate()
        .map(|(place, (who, text))| json!({ "from": who, "at": at(place * 7), "text": text }))
        .collect();
    json!({
        "format": "privity.chat/1",
        "id": format!("audit-{number}"),
        "parties": [{ "role": "agent" }, { "role": "consumer" }],
        "messages": messages,
    })
    .to_string()
}

/// One message of the consumer with all lines, as a thread that was copied into it.
fn mail(sample: &Sample, number: usize) -> String {
    let mut text = format!(
        "From: consumer@sender.example\r\nTo: desk@receiver.example\r\n\
         Subject: question {number}\r\nDate: Thu, 8 Oct 2026 16:20:05 +0000\r\n\
         Message-ID: <audit-{number}@sender.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n"
    );
    for (_, line) in &sample.lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text
}

fn vcon(sample: &Sample, number: usize) -> String {
    let dialog: Vec<_> = sample
        .lines
        .iter()
        .enumerate()
        .map(|(place, (who, text))| {
            json!({
                "type": "text",
                "start": at(place * 7),
                "parties": who,
                "originator": who,
                "mediatype": "text/plain",
                "body": text,
                "encoding": "none",
            })
        })
        .collect();
    json!({
        "vcon": "0.0.2",
        "uuid": format!("018f6d2e-0000-8000-8000-{number:012}"),
        "created_at": at(0),
        "parties": [
            { "tel": "tel:+15550100", "role": "agent" },
            { "tel": "tel:+15550199", "role": "customer" },
        ],
        "dialog": dialog,
    })
    .to_string()
}

fn captions(sample: &Sample) -> String {
    let mut text = "WEBVTT\n\n".to_owned();
    for (place, (who, line)) in sample.lines.iter().enumerate() {
        let speaker = if *who == 0 { "Agent" } else { "Consumer" };
        let second = place * 8;
        // Writing to a String cannot fail.
        if writeln!(
            text,
            "00:{:02}:{:02}.000 --> 00:{:02}:{:02}.500\n<v {speaker}>{line}\n",
            second / 60,
            second % 60,
            (second + 7) / 60,
            (second + 7) % 60
        )
        .is_err()
        {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use formats::Hints;

    #[test]
    fn every_form_comes_in_with_every_word_of_its_conversation() {
        let mut dice = Dice::new(3);
        let hints = Hints {
            received: Timestamp(1_790_000_000_000),
            agents: Vec::new(),
        };
        for (number, kind) in planting::TYPES.iter().enumerate() {
            for form in 0..Form::ALL.len() {
                let sample = planting::with_secret(*kind, wording(number), &mut dice);
                let bytes = file(&sample, number * Form::ALL.len() + form);
                let head = &bytes[..formats::HEAD.min(bytes.len())];
                let read = formats::read(formats::identify(head), &bytes, &hints).unwrap();
                let text = format!("{:?}", read.len());
                assert_eq!(text, "1", "{form}");
                let words: usize = read[0]
                    .interaction
                    .dialogs
                    .iter()
                    .map(|dialog| match &dialog.content {
                        domain::Content::Text { body, quoted } => {
                            let quoted = quoted.as_ref().map_or("", |text| text.expose());
                            body.expose().split_whitespace().count()
                                + quoted.split_whitespace().count()
                        }
                        domain::Content::Captions(cues) => cues
                            .iter()
                            .map(|cue| cue.text.expose().split_whitespace().count())
                            .sum(),
                        _ => 0,
                    })
                    .sum();
                let said: usize = sample
                    .lines
                    .iter()
                    .map(|(_, line)| line.split_whitespace().count())
                    .sum();
                assert_eq!(words, said, "form {form}: {:?}", sample.lines);
            }
        }
    }

    #[test]
    fn a_voice_gets_words_only() {
        let mut dice = Dice::new(5);
        for name in SPOKEN {
            let kind = planting::TYPES
                .iter()
                .find(|(kind, _)| kind == name)
                .unwrap();
            let sample = sayable(*kind, 0, &mut dice).unwrap();
            assert!(
                !sample
                    .said()
                    .unwrap()
                    .contains(|c: char| c.is_ascii_digit())
            );
        }
    }
}
