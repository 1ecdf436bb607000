//! Prints the words of the name model's vocabulary that it takes for nobody's name, whatever of
//! five neutral sentences they stand in: `analysis/src/redact/tokens/everyday/measured.txt`.
//!
//! `cargo run --release -p app --example gate_words -- MODELS > measured.txt`
#![expect(
    clippy::unwrap_used,
    reason = "a measuring tool stops at what it does not expect"
)]

use std::collections::BTreeSet;
use std::path::Path;

use engine::names::NameFinder;

const SENTENCES: [&str; 5] = [
    "{}",
    "i talked about {} yesterday",
    "{} told me it was fine",
    "please send it to {} today",
    "the {} is here",
];
/// A word is left out when it is at least as likely as this to be part of a name.
const UNLIKELY: f32 = 0.1;
/// Columns of the file.
const WIDTH: usize = 118;

fn main() {
    let models = std::env::args().nth(1).unwrap();
    let models = Path::new(&models);
    let mut finder = NameFinder::load(models).unwrap();
    let is_word = |word: &String| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut words: BTreeSet<String> = finder.vocabulary().into_iter().filter(is_word).collect();
    for sentence in SENTENCES {
        let at = sentence.find("{}").unwrap();
        let asked: Vec<&String> = words.iter().collect();
        let texts: Vec<String> = asked
            .iter()
            .map(|word| sentence.replace("{}", word))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let likely = finder.likely(&texts, at).unwrap();
        let left = asked.into_iter().zip(likely);
        words = left
            .filter(|(_, likely)| *likely < UNLIKELY)
            .map(|(word, _)| word.clone())
            .collect();
    }
    let mut line = String::new();
    for word in words {
        if line.len() + word.len() >= WIDTH {
            println!("{line}");
            line.clear();
        }
        line.push_str(if line.is_empty() { "" } else { " " });
        line.push_str(&word);
    }
    println!("{line}");
}
