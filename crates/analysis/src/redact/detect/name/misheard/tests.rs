use domain::{Confidence, DetectorId, EntityKind, RawTranscript, RedactedWord, Token};

use crate::redact::{NameSpan, Profile, redact};

const PERSON: EntityKind = EntityKind::Person;
const ADDRESS: EntityKind = EntityKind::Address;

/// Lines of two speakers as a recogniser wrote them, or as people did.
fn transcript(lines: &[&str], engine: &str, clear: f32) -> RawTranscript {
    let lines = lines.iter().zip([0, 1].into_iter().cycle());
    let mut raw = crate::planting::transcript(lines.map(|(line, who)| (who, *line)));
    raw.engine = engine.to_owned();
    for word in &mut raw.words {
        word.confidence = Confidence::new(clear);
    }
    raw
}

/// What is left of the lines where a model takes parts of the last one for names or places.
fn left(raw: &RawTranscript, line: &str, model: &[(&str, EntityKind, f32)]) -> String {
    let names: Vec<NameSpan> = model
        .iter()
        .map(|(part, kind, confidence)| NameSpan {
            turn: raw.turns.len() - 1,
            start: line.find(part).unwrap(),
            end: line.find(part).unwrap() + part.len(),
            kind: *kind,
            confidence: Confidence::new(*confidence),
            detector: DetectorId("name.model".to_owned()),
        })
        .collect();
    let shown = |word: &RedactedWord| match &word.token {
        Token::Word(text) => text.expose().to_owned(),
        Token::Redacted(kind) => format!("[{}]", kind.tag()),
    };
    let redacted = redact(raw, &names, &Profile::default());
    let shown: Vec<String> = redacted.words().iter().map(shown).collect();
    shown.join(" ")
}

fn heard(line: &str, model: &[(&str, EntityKind, f32)]) -> String {
    left(&transcript(&[line], "whisper-tiny.en", 0.5), line, model)
}

fn written(line: &str, model: &[(&str, EntityKind, f32)]) -> String {
    left(&transcript(&[line], "written", 0.5), line, model)
}

#[test]
fn a_model_s_name_in_small_letters_was_not_heard_as_one() {
    let line = "It is so. My rodman has been dropping out";
    let model = [("rodman", PERSON, 0.99)];
    assert_eq!(heard(line, &model), line);
    assert!(!written(line, &model).contains("rodman"));
    let named = "It is so. I met Rodman in the branch";
    assert!(!heard(named, &[("Rodman", PERSON, 0.99)]).contains("Rodman"));
    for (line, word) in [
        ("I wrote to igneous Murphy on Monday", "igneous"),
        ("It says Vincent de laqua on it", "laqua"),
        ("It was meant for Ludmiller Raffertop", "Raffertop"),
    ] {
        let left = heard(line, &[(word, PERSON, 0.6)]);
        assert!(!left.contains(word), "{left}");
    }
    let small = "i met rodman in the branch";
    assert!(
        !heard(small, &[("rodman", PERSON, 0.9)]).contains("rodman"),
        "this recogniser writes no capitals"
    );
}

#[test]
fn a_sentence_s_own_capital_makes_no_name_but_a_second_one_does() {
    let line = "Next week? Merboiler shows fault 14";
    let model = [("Merboiler", PERSON, 0.99)];
    assert_eq!(heard(line, &model), line);
    assert!(!written(line, &model).contains("Merboiler"));
    let clear = transcript(&[line], "whisper-tiny.en", 0.9);
    assert!(!left(&clear, line, &model).contains("Merboiler"));
    for said in [
        "Next week? Merboiler Quandt shows us",
        "Next week? Merboiler from your team rang",
        "Next week? Bye, Merboiler",
    ] {
        let left = heard(said, &model);
        assert!(!left.contains("Merboiler"), "{left}");
    }
    let listed = "Next week? Gareth shows us";
    assert!(!heard(listed, &[("Gareth", PERSON, 0.6)]).contains("Gareth"));
}

#[test]
fn an_unlisted_name_needs_a_sure_model_and_an_everyday_word_is_none() {
    let line = "It takes until you see Merkange in it";
    assert_eq!(heard(line, &[("Merkange", PERSON, 0.6)]), line);
    assert!(!heard(line, &[("Merkange", PERSON, 0.9)]).contains("Merkange"));
    assert!(!written(line, &[("Merkange", PERSON, 0.6)]).contains("Merkange"));
    let everyday = "It is for the Heating in it";
    assert_eq!(heard(everyday, &[("Heating", PERSON, 0.99)]), everyday);
}

#[test]
fn a_word_that_was_hardly_understood_names_nobody_alone() {
    let line = "It said that Matt went through it";
    let model = [("Matt", PERSON, 0.99)];
    let unclear = |line: &str| left(&transcript(&[line], "whisper-tiny.en", 0.2), line, &model);
    assert_eq!(unclear(line), line);
    assert!(!heard(line, &model).contains("Matt"));
    for said in [
        "It said that Matt Quandt went through it",
        "It said Matt from your team went through it",
        "My name is Matt and that is it",
    ] {
        let left = unclear(said);
        assert!(!left.contains("Matt"), "{left}");
    }
}

#[test]
fn a_month_is_nobody_though_somebody_is_called_so() {
    let line = "This is June from the bank, it came in June";
    let left = heard(line, &[]);
    assert_eq!(left, "This is [PERSON] from the bank, it came in June");
    let dated = "It came in June and so on";
    assert_eq!(heard(dated, &[("June", PERSON, 0.99)]), dated);
    assert!(!written(dated, &[("June", PERSON, 0.99)]).contains("June"));
}

#[test]
fn a_place_has_a_capital_a_number_or_somebody_who_asks_for_it() {
    let line = "The queue in the wrench went out of the Door";
    let model = [("wrench", ADDRESS, 0.9)];
    assert_eq!(heard(line, &model), line);
    let odd = "We are in xanthic these days, Sir";
    let model = [("xanthic", ADDRESS, 0.9)];
    assert_eq!(heard(odd, &model), odd);
    assert!(!written(odd, &model).contains("xanthic"));
    for (line, place) in [
        ("We are in Wolverhampton these days", "Wolverhampton"),
        ("It is 26 xanthic streets and so on", "26 xanthic"),
        ("My address is xanthic streets and so on", "xanthic"),
    ] {
        let left = heard(line, &[(place, ADDRESS, 0.9)]);
        assert!(!left.contains(place), "{left}");
    }
}

#[test]
fn the_high_street_stays_however_it_was_heard() {
    for line in [
        "Your shop on the High Streets shuts at nine",
        "Your shop on the high street shuts at nine",
    ] {
        let street = if line.contains("High") {
            "High Streets"
        } else {
            "high street"
        };
        let model = [(street, ADDRESS, 0.95), ("nine", ADDRESS, 0.9)];
        assert_eq!(heard(line, &model), line);
    }
    let left = heard(
        "It goes to 88 High Street, Lincoln",
        &[("High Street", ADDRESS, 0.95), ("Lincoln", ADDRESS, 0.9)],
    );
    assert!(!left.contains("88") && !left.contains("Lincoln"), "{left}");
}

#[test]
fn behind_a_greeting_only_a_listed_name_is_one_without_the_model() {
    for line in ["Okay, Doke, that is us done", "Hi, Mayor, you are through"] {
        assert_eq!(heard(line, &[]), line);
    }
    assert!(!heard("Okay, Emily, that is us done", &[]).contains("Emily"));
    assert!(!heard("This is Zoltan from the bank", &[]).contains("Zoltan"));
    assert!(!heard("This is Chase from the bank", &[]).contains("Chase"));
    let model = [("Priya", PERSON, 0.95)];
    assert!(!heard("Thanks, Priya, I have it", &model).contains("Priya"));
    assert!(!written("Okay, Dokeh, that is us done", &[]).contains("Dokeh"));
}

#[test]
fn a_name_is_asked_for_in_its_own_sentence() {
    let answer = |asked: &str, answer: &str| {
        let raw = transcript(&[asked, answer], "whisper-tiny.en", 0.5);
        left(&raw, answer, &[])
    };
    let passing = "You shall see it within two names. Right, so where were we?";
    let left = answer(passing, "The recipe called Drammel");
    assert!(left.ends_with("The recipe called Drammel"), "{left}");
    let asked = "I see it here. What is your name please? Take your time.";
    assert!(!answer(asked, "It is Drammel").contains("Drammel"));
}

#[test]
fn an_everyday_word_with_a_number_names_no_street() {
    let line = "The manual on Page 11 described green light in amber";
    assert_eq!(heard(line, &[]), line);
    let street = heard("It is 11 Willow Green in town", &[]);
    assert!(!street.contains("Willow"), "{street}");
}
