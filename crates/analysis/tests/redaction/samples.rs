//! The project's samples: everything personal goes, everything harmless stays.

use super::left_of;

fn script(name: &str) -> String {
    let path = format!(
        "{}/../../samples/scripts/{name}.txt",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<(u8, &str)> = text
        .lines()
        .filter_map(|line| {
            let (head, said) = line.split_once(": ")?;
            match head.split(' ').nth(1)? {
                "agent" if head.starts_with(['+', '-']) => Some((0, said)),
                "consumer" if head.starts_with(['+', '-']) => Some((1, said)),
                _ => None,
            }
        })
        .collect();
    assert!(lines.len() > 10);
    let cased = left_of(&lines);
    let lower: Vec<(u8, String)> = lines.iter().map(|(who, said)| (*who, bare(said))).collect();
    let lower: Vec<(u8, &str)> = lower
        .iter()
        .map(|(who, said)| (*who, said.as_str()))
        .collect();
    format!("{cased}\n---\n{}", left_of(&lower))
}

/// As a recogniser without casing and punctuation writes it.
fn bare(said: &str) -> String {
    said.to_lowercase().replace([',', '.', '?'], "")
}

fn assert_gone(left: &str, secrets: &[&str]) {
    for secret in secrets {
        let found = left.to_lowercase().contains(&secret.to_lowercase());
        assert!(!found, "`{secret}` is left in:\n{left}");
    }
}

fn assert_left(left: &str, words: &[&str]) {
    for part in left.split("\n---\n") {
        for word in words {
            let bare_part = bare(part);
            assert!(
                bare_part.contains(&bare(word)),
                "`{word}` is gone from:\n{part}"
            );
        }
    }
}

#[test]
fn billing_call() {
    let left = script("billing-call");
    assert_gone(
        &left,
        &[
            "Emily",
            "Carter",
            "Daniel",
            "Brooks",
            "forty two",
            "Oak",
            "Springfield",
            "five five five",
            "zero one four six",
            "four one",
            "one one",
            "seven three",
            "nine.",
            "apartment",
        ],
    );
    assert_left(
        &left,
        &[
            "thank you for calling harbor home energy",
            "charged twice for my october bill",
            "cancel the second payment",
            "two payments of eighty four dollars and fifty cents",
            "three to five business days",
            "one moment",
            "which card did you use for the second one",
            "security code on the back",
            "have a good day",
        ],
    );
    for tag in ["[CARD]", "[CVV]", "[PERSON]", "[ADDRESS]", "[PHONE]"] {
        assert_left(&left, &[tag]);
    }
}

#[test]
fn delivery_call() {
    let left = script("delivery-call");
    assert_gone(
        &left,
        &[
            "Marcus",
            "Reed",
            "Laura",
            "Bennett",
            "eighty one",
            "nineteen",
            "fifth",
            "example",
        ],
    );
    assert_left(
        &left,
        &[
            "you have reached northwind furniture",
            "my sofa was supposed to arrive on monday",
            "the order number is seven seven zero four two",
            "what is your date of birth",
            "this friday between nine and twelve",
            "i already took one day off work",
            "fifty dollars off your bill",
            "[EMAIL]",
            "[DATE_OF_BIRTH]",
            "[PERSON]",
        ],
    );
}

#[test]
fn clinic_call() {
    let left = script("clinic-call");
    assert_gone(
        &left,
        &[
            "Hannah",
            "Price",
            "Victor",
            "Lang",
            "five five five",
            "eight six seven",
            "zero seven eight",
            "one one two zero",
            "zero nine",
        ],
    );
    assert_left(
        &left,
        &[
            "good morning lakeside dental",
            "thursday at three thirty",
            "from tuesday to next week",
            "insurance card",
            "wednesday or thursday would be perfect",
            "[GOVERNMENT_ID]",
            "[PHONE]",
            "[PERSON]",
        ],
    );
}

#[test]
fn chat() {
    let path = format!("{}/../../samples/chat.json", env!("CARGO_MANIFEST_DIR"));
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let messages = json["messages"].as_array().unwrap();
    let lines: Vec<(u8, &str)> = messages
        .iter()
        .map(|message| {
            (
                u8::try_from(message["from"].as_u64().unwrap()).unwrap(),
                message["text"].as_str().unwrap(),
            )
        })
        .collect();
    let left = left_of(&lines);
    assert_gone(
        &left,
        &[
            "Thomas",
            "Wright",
            "Priya",
            "5555",
            "4444",
            "11/29",
            "482",
            "415",
            "2671",
            "Mission",
            "San Francisco",
            "94105",
            "example.net",
            "77",
        ],
    );
    assert_left(
        &left,
        &[
            "i cannot log in to my account since this morning",
            "the account is locked because the last payment failed",
            "please never share card details in this chat",
            "i have sent a secure payment link instead",
            "expires [CARD_EXPIRY] cvv [CVV]",
            "[CARD]",
            "[PHONE]",
            "[ADDRESS]",
            "[EMAIL]",
        ],
    );
}

#[test]
fn mail_thread() {
    let path = format!(
        "{}/../../samples/mail-thread.mbox",
        env!("CARGO_MANIFEST_DIR")
    );
    let mbox = std::fs::read_to_string(path).unwrap();
    let bodies: Vec<String> = mbox
        .split("\nFrom ")
        .map(|mail| mail.split_once("\n\n").unwrap().1.to_owned())
        .collect();
    let lines: Vec<(u8, &str)> = [1, 0, 1]
        .into_iter()
        .zip(bodies.iter().map(String::as_str))
        .collect();
    let left = left_of(&lines);
    assert_gone(
        &left,
        &[
            "Olivia", "Grant", "Samuel", "Ortiz", "1881", "4012", "8888", "Birch", "Riverton",
            "0142", "7788", "212", "0187",
        ],
    );
    assert_left(
        &left,
        &[
            "the service visit on 2 October was cancelled by your technician",
            "charged 120 dollars",
            "within five business days",
            "please do not send card numbers by mail",
            "you can reach me at [PHONE] or on my mobile [PHONE]",
            "that was quick",
        ],
    );
}
