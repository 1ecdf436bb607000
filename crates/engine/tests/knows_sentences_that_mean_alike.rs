//! Vectors of sentences, against the figures published with the model.

use std::path::PathBuf;

use engine::EngineError;
use engine::sentences::{SentenceModel, WIDTH};

fn models() -> PathBuf {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models");
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told where the models are"
    )]
    let models = std::env::var("PRIVITY_MODELS").map_or(workspace, PathBuf::from);
    assert!(
        SentenceModel::is_there(&models),
        "no sentence model in `{}`: run `privity models pull all-minilm-l6-v2`",
        models.display()
    );
    models
}

fn likeness(a: &[f32; WIDTH], b: &[f32; WIDTH]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The quickstart of the Sentence Transformers documentation prints these likenesses for this
/// model: 0.6660, 0.1046, 0.1411.
#[test]
fn likenesses_are_those_that_are_published_for_the_model() {
    let mut model = SentenceModel::load(&models()).unwrap();
    let texts = [
        "The weather is lovely today.",
        "It's so sunny outside!",
        "He drove to the stadium.",
    ];
    let [lovely, sunny, stadium] = model.vectors(&texts).unwrap().try_into().unwrap();
    for (found, published) in [
        (likeness(&lovely, &lovely), 1.0),
        (likeness(&lovely, &sunny), 0.6660),
        (likeness(&lovely, &stadium), 0.1046),
        (likeness(&sunny, &stadium), 0.1411),
    ] {
        assert!(
            (found - published).abs() < 5e-4,
            "{found} is not {published}"
        );
    }
}

#[test]
fn a_vector_does_not_depend_on_its_company() {
    let mut model = SentenceModel::load(&models()).unwrap();
    let short = "i want to cancel my order";
    let long = "well the thing is that the parcel was left with somebody whom i do not know at all";
    let alone = model.vectors(&[short]).unwrap();
    let together = model.vectors(&[long, short, "", short]).unwrap();
    assert!(likeness(&alone[0], &together[1]) > 0.99999);
    assert_eq!(together[1], together[3]);
    assert!(model.vectors(&[]).unwrap().is_empty());
    let endless = "word ".repeat(5_000);
    assert!(
        model.vectors(&[&endless]).unwrap()[0]
            .iter()
            .all(|one| one.is_finite())
    );
}

#[test]
fn without_the_model_the_error_says_how_to_get_it() {
    let empty = tempfile::tempdir().unwrap();
    let error = SentenceModel::load(empty.path()).unwrap_err();
    assert!(matches!(error, EngineError::NotPulled { .. }));
    assert!(
        error
            .to_string()
            .contains("privity models pull all-minilm-l6-v2")
    );
}
