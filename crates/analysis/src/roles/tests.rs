use super::*;

fn guess(turns: &[(u8, &str)], direction: Direction) -> (u8, f32) {
    let guess = map_roles(turns, direction);
    (guess.agent, guess.confidence.get())
}

#[test]
fn the_company_that_answers_is_the_agent_whoever_is_counted_first() {
    for (agent, consumer) in [(0, 1), (1, 0)] {
        let turns = [
            (
                agent,
                "Thank you for calling Harbor Home Energy. My name is Emily. How can I help you today?",
            ),
            (
                consumer,
                "Hi Emily, I was charged twice for my bill and I want to cancel the second payment.",
            ),
            (
                agent,
                "I'm sorry about that. Can you confirm the address on the account?",
            ),
            (consumer, "Yes, it is twelve forty two Oak Street."),
        ];
        let (found, sure) = guess(&turns, Direction::Inbound);
        assert_eq!(found, agent);
        assert!(sure > 0.95, "{sure}");
    }
}

#[test]
fn asking_for_identity_is_enough_where_the_greeting_was_not_recorded() {
    let turns = [
        (0, "it's about the parcel from last week"),
        (1, "okay and could you give me your date of birth please"),
        (0, "the fourth of july nineteen eighty two"),
    ];
    let (agent, sure) = guess(&turns, Direction::Unknown);
    assert!(agent == 1 && sure > 0.7, "{agent} {sure}");
}

#[test]
fn on_an_outbound_call_the_one_who_says_why_they_call_is_the_agent() {
    let turns = [
        (0, "Hello?"),
        (
            1,
            "Hello, this is Tom, I'm calling about the invoice from March.",
        ),
        (0, "Oh yes, what about it?"),
    ];
    assert_eq!(guess(&turns, Direction::Outbound).0, 1);
    let turns = [
        (0, "Lakeside Dental."),
        (1, "Hello, I'm calling about the invoice from March."),
    ];
    assert_eq!(guess(&turns, Direction::Inbound).0, 0);
}

#[test]
fn without_evidence_the_first_to_speak_decides_and_the_confidence_is_low() {
    let turns = [(1, "yes"), (0, "no"), (1, "well")];
    let (agent, sure) = guess(&turns, Direction::Inbound);
    assert!(agent == 1 && sure < 0.75, "{sure}");
    let (agent, sure) = guess(&turns, Direction::Outbound);
    assert!(agent == 0 && sure < 0.75, "{sure}");
    assert!(guess(&turns, Direction::Unknown).1 < 0.65);
}

#[test]
fn nobody_is_no_agent_and_one_voice_is_judged_alone() {
    assert_eq!(guess(&[], Direction::Inbound), (0, 0.0));
    let voicemail = [(0, "hi i'm calling about my bill i was charged twice")];
    assert!(guess(&voicemail, Direction::Unknown).1 < 0.2);
    let greeting = [(0, "thank you for calling how can i help")];
    assert!(guess(&greeting, Direction::Unknown).1 > 0.9);
}

#[test]
fn phrases_match_whole_words_in_any_writing() {
    assert!(holds(
        &plain("I’m CALLING about—my bill!"),
        "im calling about"
    ));
    assert!(!holds(&plain("this histogram"), "hi"));
    assert!(asks_for_identity(&plain(
        "And the security code on the back?"
    )));
    assert!(!asks_for_identity(&plain("And the sofa never came")));
}

#[test]
fn repeating_a_phrase_does_not_decide_against_a_greeting() {
    let mut turns = vec![(0, "thanks for calling, how can i help")];
    turns.extend(std::iter::repeat_n((0, "i need to see"), 20));
    turns.push((1, "your account"));
    assert_eq!(guess(&turns, Direction::Inbound).0, 0);
}

#[test]
fn every_cue_is_written_as_texts_are_compared() {
    let lists = CUES
        .iter()
        .map(|cue| cue.phrases)
        .chain([ASKED, GREETING, INTRODUCING]);
    for phrase in lists.flatten() {
        assert_eq!(
            plain(phrase),
            format!(" {phrase} "),
            "`{phrase}` can never match"
        );
    }
}
