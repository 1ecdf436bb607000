//! WebVTT and SRT come in with their speakers and times.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use domain::{Caption, Content, Millis, Role, Timestamp};
use formats::{Hints, Incoming, Kind, read};

fn captions(kind: Kind, text: &str) -> Incoming {
    let hints = Hints {
        received: Timestamp(0),
        agents: vec!["Sam Ortiz".to_owned()],
    };
    read(kind, text.as_bytes(), &hints)
        .expect("captions")
        .remove(0)
}

fn cues(incoming: &Incoming) -> Vec<(Option<u16>, u64, u64, &str)> {
    let Some(Content::Captions(cues)) = incoming.interaction.dialogs.first().map(|d| &d.content)
    else {
        return Vec::new();
    };
    let cue = |cue: &'_ Caption| {
        (
            cue.party.map(|party| party.0),
            cue.span.start().0,
            cue.span.end().0,
        )
    };
    cues.iter()
        .map(|one| {
            let (party, start, end) = cue(one);
            (party, start, end, one.text.expose())
        })
        .collect()
}

#[test]
fn webvtt_with_voices_notes_and_settings() {
    let text = "WEBVTT - a call\n\nSTYLE\n::cue { color: red }\n\nNOTE not spoken\n\nintro\n00:01.500 --> 00:03.000 align:start\n<v.loud Sam Ortiz>Good <i>morning</i> &amp; welcome</v>\n\n01:00:04.000 --> 01:00:06.250\n<v Ann>Hi.\nI have a question.\n\n01:00:07.000 --> 01:00:08.000\nno voice\n";
    let found = captions(Kind::WebVtt, text);
    assert_eq!(
        cues(&found),
        [
            (Some(0), 1_500, 3_000, "Good morning & welcome"),
            (Some(1), 3_604_000, 3_606_250, "Hi. I have a question."),
            (None, 3_607_000, 3_608_000, "no voice"),
        ]
    );
    let roles: Vec<Role> = found.interaction.parties.iter().map(|p| p.role).collect();
    assert_eq!(roles, [Role::Agent, Role::Unknown]);
    assert_eq!(
        found.interaction.dialogs[0].duration,
        Some(Millis(3_608_000))
    );
    assert_eq!(found.warnings, ["some captions do not say who speaks"]);
}

#[test]
fn srt_with_names_in_front_and_several_speakers_per_cue() {
    let text = "\u{feff}1\r\n00:00:00,000 --> 00:00:02,500\r\nAgent: Hello, how can I help?\r\n\r\n2\r\n00:00:02,600 --> 00:00:05,000\r\n- Ann Lee: My order: it is late.\r\n- Agent: Sorry.\r\n\r\n3\r\n00:00:06,1 --> 00:00:07,000\r\nthe time is 10:30\r\n";
    let found = captions(Kind::Srt, text);
    assert_eq!(
        cues(&found),
        [
            (Some(0), 0, 2_500, "Hello, how can I help?"),
            (Some(1), 2_600, 5_000, "My order: it is late."),
            (Some(0), 2_600, 5_000, "Sorry."),
            (None, 6_100, 7_000, "the time is 10:30"),
        ]
    );
    assert_eq!(found.interaction.parties[0].role, Role::Agent);
    assert_eq!(found.interaction.parties[0].name, None);
}

#[test]
fn a_broken_time_names_its_line() {
    let hints = Hints {
        received: Timestamp(0),
        agents: Vec::new(),
    };
    for (text, line) in [
        ("WEBVTT\n\n00:03.000 --> 00:01.000\nback\n", "line 3"),
        ("WEBVTT\n\n00:03 -> x --> 00:01.000\nback\n", "line 3"),
        ("WEBVTT\n\n\n1.0 --> 2.0\nx\n", "line 4"),
    ] {
        let message = read(Kind::WebVtt, text.as_bytes(), &hints)
            .unwrap_err()
            .to_string();
        assert!(message.contains(line), "{message}");
    }
    assert_eq!(
        read(Kind::WebVtt, b"WEBVTT\n", &hints).unwrap_err().key(),
        "nothing"
    );
}
