//! The forms in which conversations arrive: chats as our JSON, calls as vCon with a transcript,
//! mail as a mailbox.

use std::fmt::Write as _;

use domain::{Channel, Timestamp};
use serde_json::{Value, json};

use super::chance::Dice;
use super::{Conversation, DemoFile, MAILBOX};
use crate::reading::rfc3339;

pub(super) fn file(conversation: &Conversation, dice: &mut Dice) -> DemoFile {
    let number = conversation.number;
    let (name, bytes) = match conversation.channel {
        Channel::Chat => (
            format!("chat-{number:04}.json"),
            chat(conversation, dice).to_string().into_bytes(),
        ),
        Channel::Voice => (
            format!("call-{number:04}.vcon.json"),
            call(conversation, dice).to_string().into_bytes(),
        ),
        Channel::Email => (
            format!("mail-{number:04}.mbox"),
            mail(conversation, dice).into_bytes(),
        ),
    };
    let agent = (conversation.channel == Channel::Email).then_some(MAILBOX);
    DemoFile { name, bytes, agent }
}

fn after(started: Timestamp, millis: u64) -> String {
    rfc3339(Timestamp(
        started.0.saturating_add(i64::try_from(millis).unwrap_or(0)),
    ))
}

fn chat(conversation: &Conversation, dice: &mut Dice) -> Value {
    let mut at = 0u64;
    let messages: Vec<Value> = conversation
        .lines
        .iter()
        .skip(1)
        .map(|line| {
            let wait = if line.waits { (40, 180) } else { (6, 45) };
            let message = json!({
                "from": u8::from(!line.by_agent),
                "at": after(conversation.started, at),
                "text": line.text,
            });
            at += dice.between(wait.0, wait.1) * 1_000;
            message
        })
        .collect();
    json!({
        "format": "privity.chat/1",
        "id": format!("demo-chat-{}", conversation.number),
        "channel": "chat",
        "started": after(conversation.started, 0),
        "direction": "inbound",
        "parties": [
            { "role": "agent", "name": conversation.agent },
            { "role": "consumer", "name": conversation.consumer.name, "mailto": conversation.consumer.mail },
        ],
        "messages": messages,
        "meta": { "team": conversation.team, "reason": conversation.reason },
    })
}

fn call(conversation: &Conversation, dice: &mut Dice) -> Value {
    let mut clock = 600u64;
    let mut segments = Vec::new();
    for line in &conversation.lines {
        let words = u64::try_from(line.text.split_whitespace().count()).unwrap_or(1);
        // The clock is where the last line ended; a pause, a wait, or falling into the other's
        // words comes before this one.
        let start = match (line.waits, dice.below(10)) {
            (true, _) => clock + dice.between(3_500, 21_000),
            (false, 0) => clock.saturating_sub(dice.between(1_100, 2_400)),
            (false, _) => clock + dice.between(250, 1_600),
        };
        let end = start + words * dice.between(310, 420);
        segments.push(json!({
            "speaker": u8::from(!line.by_agent),
            "start": seconds(start),
            "end": seconds(end),
            "text": line.text,
            "confidence": 0.9,
        }));
        clock = clock.max(end);
    }
    json!({
        "vcon": "0.4.0",
        "uuid": format!("018f0000-0000-8000-8000-{:012x}", 0xde_0000 + conversation.number),
        "created_at": after(conversation.started, 0),
        "parties": [
            { "role": "agent", "name": conversation.agent },
            { "role": "customer", "name": conversation.consumer.name, "mailto": conversation.consumer.mail },
        ],
        "dialog": [],
        "analysis": [{
            "type": "wtf_transcription",
            "encoding": "json",
            "body": {
                "transcript": { "language": "en" },
                "segments": segments,
            },
        }],
    })
}

fn seconds(millis: u64) -> f64 {
    domain::Millis(millis).as_secs_f64()
}

/// The consumer writes what they say first and second, the agent answers with a quotation, and
/// sometimes the consumer thanks.
fn mail(conversation: &Conversation, dice: &mut Dice) -> String {
    let said = |by_agent: bool, skip: usize, take: usize| -> String {
        let lines = conversation.lines.iter().skip(1);
        let own = lines.filter(|line| line.by_agent == by_agent);
        let texts: Vec<&str> = own
            .skip(skip)
            .take(take)
            .map(|line| line.text.as_str())
            .collect();
        texts.join("\n\n")
    };
    let consumer = &conversation.consumer;
    let first = format!(
        "Hello,\n\n{}\n\nKind regards,\n{}",
        said(false, 0, 3),
        consumer.name
    );
    let quoted: String = first.lines().map(|line| format!("> {line}\n")).collect();
    let answer = format!(
        "Dear {},\n\n{}\n\nBest regards,\n{}\n\nOn an earlier day, {} wrote:\n{quoted}",
        consumer.name.split(' ').next().unwrap_or_default(),
        said(true, 1, 3),
        conversation.agent,
        consumer.name,
    );
    let own = format!("{} <{}>", consumer.name, consumer.mail);
    let agent = format!("{} <{MAILBOX}>", conversation.agent);
    let replied = dice.between(20 * 60, 9 * 3_600) * 1_000;
    let mut letters = vec![
        (0, own.as_str(), agent.as_str(), first),
        (replied, &agent, &own, answer),
    ];
    if dice.below(3) == 0 {
        let later = replied + dice.between(600, 14_000) * 1_000;
        letters.push((
            later,
            &own,
            &agent,
            "Thank you for the quick answer. That solves it.".to_owned(),
        ));
    }
    let mut mailbox = String::new();
    for (place, (at, from, to, body)) in letters.iter().enumerate() {
        let re = if place == 0 { "" } else { "Re: " };
        let thread = match place {
            0 => String::new(),
            _ => format!(
                "In-Reply-To: <demo-{0}-{1}@harbor.example>\nReferences: <demo-{0}-0@harbor.example>\n",
                conversation.number,
                place - 1
            ),
        };
        // Writing to a String cannot fail.
        if write!(
            mailbox,
            "From mailer@harbor.example Thu Jan  1 00:00:00 1970\nMessage-ID: <demo-{}-{place}@harbor.example>\n\
             {thread}Date: {}\nFrom: {from}\nTo: {to}\nSubject: {re}{}\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\n\n{body}\n\n",
            conversation.number,
            mail_date(conversation.started, *at),
            conversation.reason,
        )
        .is_err()
        {
            break;
        }
    }
    mailbox
}

/// RFC 5322.
fn mail_date(started: Timestamp, millis: u64) -> String {
    let at = started.0.saturating_add(i64::try_from(millis).unwrap_or(0));
    jiff::Timestamp::from_millisecond(at).map_or_else(
        |_| String::new(),
        |at| at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
    )
}
