//! Names, streets and places are found in spoken lines and in written ones.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use engine::EngineError;
use engine::names::{NameFinder, NameHit, NameLabel};

#[expect(clippy::disallowed_methods, reason = "tests read where the models are")]
fn models() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let models = std::env::var("PRIVITY_MODELS").map_or(workspace, PathBuf::from);
    assert!(
        models.join("rampart/model_q4.onnx").is_file(),
        "no models in `{}`: run `privity models pull` or set PRIVITY_MODELS",
        models.display()
    );
    models
}

fn finder() -> NameFinder {
    NameFinder::load(&models()).unwrap()
}

fn words<'a>(text: &'a str, hits: &[NameHit]) -> Vec<(&'a str, NameLabel)> {
    let word = |hit: &NameHit| (text.get(hit.start..hit.end).unwrap(), hit.label);
    hits.iter().map(word).collect()
}

/// Lines as recognisers and as people write them, and what must be found in them.
const LINES: &[(&str, &[(&str, NameLabel)])] = &[
    (
        "my name is sarah connor and i live on maple street in springfield ohio",
        &[
            ("sarah", NameLabel::GivenName),
            ("connor", NameLabel::Surname),
            ("maple street", NameLabel::StreetName),
            ("springfield", NameLabel::City),
            ("ohio", NameLabel::State),
        ],
    ),
    (
        "Thanks for calling, this is Brian. Am I speaking with Mrs. Okonkwo?",
        &[
            ("Brian", NameLabel::GivenName),
            ("Okonkwo", NameLabel::Surname),
        ],
    ),
    (
        "yes it's maria gonzalez rodriguez, zip code 60614",
        &[
            ("maria", NameLabel::GivenName),
            ("gonzalez rodriguez", NameLabel::Surname),
            ("60614", NameLabel::ZipCode),
        ],
    ),
    (
        "The parcel goes to 44 Königsallee, Düsseldorf.",
        &[
            ("44", NameLabel::BuildingNumber),
            ("Königsallee", NameLabel::StreetName),
            ("Düsseldorf", NameLabel::City),
        ],
    ),
    (
        "this is patrick o'brien calling back",
        &[
            ("patrick", NameLabel::GivenName),
            ("o'brien", NameLabel::Surname),
        ],
    ),
];

const PLAIN: &[&str] = &[
    "i'm calling about my last bill it is higher than the one before",
    "can you mark that will you please",
    "Your order has been shipped and will arrive on Thursday.",
    "",
    "   ",
];

#[test]
fn names_streets_and_places_are_found_cased_or_not() {
    let texts: Vec<&str> = LINES.iter().map(|(text, _)| *text).collect();
    let found = finder().find(&texts).unwrap();
    for ((text, expected), hits) in LINES.iter().zip(&found) {
        assert_eq!(words(text, hits), *expected, "{text}");
    }
}

#[test]
fn plain_lines_hold_nothing() {
    for (text, hits) in PLAIN.iter().zip(finder().find(PLAIN).unwrap()) {
        assert_eq!(words(text, &hits), [], "{text}");
    }
}

#[test]
fn a_line_alone_is_answered_as_in_company() {
    let mut finder = finder();
    let texts: Vec<&str> = LINES
        .iter()
        .map(|(text, _)| *text)
        .chain(PLAIN.iter().copied())
        .collect();
    let together = finder.find(&texts).unwrap();
    for (text, hits) in texts.iter().zip(&together) {
        let alone = finder.find(&[text]).unwrap();
        assert_eq!(words(text, &alone.concat()), words(text, hits), "{text}");
    }
}

#[test]
fn a_name_is_found_anywhere_in_a_text_longer_than_the_models_window() {
    let filler = "and then i waited for the parcel but it did not come so i called again ";
    let mut finder = finder();
    for before in [10, 14, 15, 20, 40] {
        let text = format!(
            "{}please ask for margaret okonkwo at the desk {}",
            filler.repeat(before),
            filler.repeat(30)
        );
        let hits = finder.find(&[&text]).unwrap().concat();
        let found = words(&text, &hits);
        assert!(
            found.contains(&("margaret", NameLabel::GivenName)),
            "{before}: {found:?}"
        );
        assert!(
            found.contains(&("okonkwo", NameLabel::Surname)),
            "{before}: {found:?}"
        );
    }
}

#[test]
fn a_folder_without_the_model_says_what_is_missing() {
    let error = NameFinder::load(Path::new("no such folder")).unwrap_err();
    assert!(matches!(error, EngineError::Missing { .. }), "{error}");
}
