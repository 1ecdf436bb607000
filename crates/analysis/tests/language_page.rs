//! Every example on `docs/search/language.md` is a query.

use analysis::search::{explain, format, parse};

const PAGE: &str = include_str!("../../../docs/search/language.md");

#[test]
fn every_example_parses() {
    let mut inside = false;
    let mut examples = 0;
    for line in PAGE.lines() {
        match line {
            "```query" => inside = true,
            "```" => inside = false,
            example if inside => {
                examples += 1;
                let query = parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
                assert_eq!(parse(&format(&query)), Ok(query.clone()), "{example}");
                assert!(
                    explain(&query).starts_with("Interactions where "),
                    "{example}"
                );
            }
            _ => {}
        }
    }
    assert!(examples > 40, "{examples} examples");
}
