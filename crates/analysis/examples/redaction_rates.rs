//! Recall and precision of the rule detectors by type, on generated conversations, and their
//! speed on one core.
//!
//! `cargo run --release -p analysis --example redaction_rates [-- --count N --seed S --dump FILE]`.
//! With `--dump` the texts go to a file of JSON lines, for `presidio.py` beside this file.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measuring tool stops at what it does not expect"
)]

#[path = "../tests/redaction/secrets.rs"]
mod secrets;
#[path = "../tests/redaction/talk.rs"]
mod talk;

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use analysis::redact::{self, Profile};
use domain::{EntityKind, RawTranscript, RedactionSpan};
use secrets::{Dice, Sample};

/// Counts of one type.
#[derive(Default)]
struct Tally {
    samples: u32,
    gone: u32,
    typed: u32,
}

/// Counts of the spans that carry one tag.
#[derive(Default)]
struct Spans {
    right: u32,
    elsewhere: u32,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        arguments
            .iter()
            .position(|a| a == name)
            .and_then(|at| arguments.get(at + 1))
    };
    let count: u32 = option("--count").map_or(2_000, |n| n.parse().unwrap());
    let seed: u64 = option("--seed").map_or(1, |n| n.parse().unwrap());
    let samples = samples(count, seed);
    if let Some(path) = option("--dump") {
        dump(&samples, path);
    }
    let profile = Profile::default();
    let raws: Vec<RawTranscript> = samples.iter().map(raw).collect();
    let begun = Instant::now();
    let found: Vec<Vec<RedactionSpan>> = raws
        .iter()
        .map(|raw| redact::spans(raw, &[], &profile))
        .collect();
    let spent = begun.elapsed().as_secs_f64();
    let (types, tags, false_alarms) = tally(&samples, &raws, &found);
    report(&types, &tags);
    let harmless = samples
        .iter()
        .filter(|sample| sample.secret.is_none())
        .count();
    println!("\n{false_alarms} spans in {harmless} conversations without a secret");
    let sentences: usize = samples.iter().map(|sample| sample.lines.len()).sum();
    println!(
        "{} conversations, {sentences} sentences in {spent:.2} s: {:.0} sentences/s",
        samples.len(),
        f64::from(u32::try_from(sentences).unwrap()) / spent
    );
    if arguments.iter().any(|a| a == "--misses") {
        misses(&samples, &raws, &found);
    }
}

fn samples(count: u32, seed: u64) -> Vec<Sample> {
    let mut dice = Dice::new(seed);
    let mut samples = Vec::new();
    for (kind, expected) in secrets::TYPES {
        samples.extend((0..count).map(|_| secrets::with_secret(kind, *expected, &mut dice)));
    }
    samples.extend((0..count * 2).map(|_| secrets::without_secret(&mut dice)));
    samples
}

fn raw(sample: &Sample) -> RawTranscript {
    let lines: Vec<(u8, &str)> = sample
        .lines
        .iter()
        .map(|(who, text)| (*who, text.as_str()))
        .collect();
    talk::transcript(&lines)
}

/// Words of the secret in the transcript's order.
fn place(sample: &Sample, raw: &RawTranscript) -> Option<(u32, u32)> {
    let (turn, first, last) = sample.secret?;
    let start = raw.turns.get(turn)?.first.0;
    Some((
        start + u32::try_from(first).ok()?,
        start + u32::try_from(last).ok()?,
    ))
}

type Counted = (
    BTreeMap<&'static str, Tally>,
    BTreeMap<EntityKind, Spans>,
    u32,
);

fn tally(samples: &[Sample], raws: &[RawTranscript], found: &[Vec<RedactionSpan>]) -> Counted {
    let mut types: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let mut tags: BTreeMap<EntityKind, Spans> = BTreeMap::new();
    let mut false_alarms = 0;
    for ((sample, raw), spans) in samples.iter().zip(raws).zip(found) {
        let secret = place(sample, raw);
        for span in spans {
            let touches =
                secret.is_some_and(|(first, last)| span.first.0 <= last && span.last.0 >= first);
            let tag = tags.entry(span.kind).or_default();
            if touches && span.kind == sample.expected {
                tag.right += 1;
            } else {
                tag.elsewhere += 1;
            }
            false_alarms += u32::from(secret.is_none());
        }
        let Some((first, last)) = secret else {
            continue;
        };
        let kinds = |at: u32| {
            spans
                .iter()
                .find(|span| (span.first.0..=span.last.0).contains(&at))
                .map(|span| span.kind)
        };
        let tally = types.entry(sample.kind).or_default();
        tally.samples += 1;
        tally.gone += u32::from((first..=last).all(|at| kinds(at).is_some()));
        tally.typed += u32::from((first..=last).all(|at| kinds(at) == Some(sample.expected)));
    }
    (types, tags, false_alarms)
}

/// Wilson's interval of a share at 95 %.
fn wilson(hits: u32, of: u32) -> (f64, f64, f64) {
    if of == 0 {
        return (0.0, 0.0, 1.0);
    }
    let (n, z) = (f64::from(of), 1.96);
    let share = f64::from(hits) / n;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z * z / n;
    (share, (middle - half) / whole, (middle + half) / whole)
}

fn report(types: &BTreeMap<&'static str, Tally>, tags: &BTreeMap<EntityKind, Spans>) {
    let percent = |(share, low, high): (f64, f64, f64)| {
        format!(
            "{:6.2} % [{:.2}, {:.2}]",
            share * 100.0,
            low * 100.0,
            high * 100.0
        )
    };
    println!(
        "{:14} {:>6}  {:30}{:30}",
        "type", "n", "removed", "removed under its own tag"
    );
    for (kind, tally) in types {
        println!(
            "{kind:14} {:>6}  {:30}{:30}",
            tally.samples,
            percent(wilson(tally.gone, tally.samples)),
            percent(wilson(tally.typed, tally.samples))
        );
    }
    println!(
        "\n{:18} {:>6}  precision: spans on a secret of the tag's type",
        "tag", "spans"
    );
    for (kind, spans) in tags {
        let all = spans.right + spans.elsewhere;
        println!(
            "{:18} {all:>6}  {}",
            kind.tag(),
            percent(wilson(spans.right, all))
        );
    }
}

fn dump(samples: &[Sample], path: &str) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for sample in samples {
        let text: Vec<&str> = sample.lines.iter().map(|(_, text)| text.as_str()).collect();
        let span = sample.secret.map(|(turn, first, last)| {
            let before: usize = text[..turn]
                .iter()
                .map(|line| line.chars().count() + 1)
                .sum();
            let line: Vec<&str> = text[turn].split_whitespace().collect();
            let width = |words: &[&str]| {
                words
                    .iter()
                    .map(|word| word.chars().count() + 1)
                    .sum::<usize>()
            };
            let start = before + width(&line[..first]);
            [start, start + width(&line[first..=last]) - 1]
        });
        let line = serde_json::json!({
            "kind": sample.kind, "tag": sample.expected.tag(), "text": text.join("\n"), "span": span,
        });
        writeln!(file, "{line}").unwrap();
    }
    file.flush().unwrap();
}

/// Prints what was missed, mislabelled or falsely found, as far as it is generated text.
fn misses(samples: &[Sample], raws: &[RawTranscript], found: &[Vec<RedactionSpan>]) {
    let mut shown: BTreeMap<String, u32> = BTreeMap::new();
    for ((sample, raw), spans) in samples.iter().zip(raws).zip(found) {
        let secret = place(sample, raw);
        let kinds = |at: u32| {
            spans
                .iter()
                .find(|span| (span.first.0..=span.last.0).contains(&at))
                .map(|span| span.kind)
        };
        let outside = spans.iter().find(|span| {
            secret.is_none_or(|(first, last)| span.first.0 > last || span.last.0 < first)
        });
        let mut note = |what: String| {
            let seen = shown.entry(what.clone()).or_default();
            *seen += 1;
            if *seen <= 12 {
                let detectors: Vec<&str> =
                    spans.iter().map(|span| span.detector.0.as_str()).collect();
                println!(
                    "{what}: {:?} -> {} {detectors:?}",
                    sample
                        .lines
                        .iter()
                        .map(|(_, text)| text)
                        .collect::<Vec<_>>(),
                    talk::read(&redact::redact(raw, &[], &Profile::default())).replace('\n', " / ")
                );
            }
        };
        if let Some((first, last)) = secret {
            if !(first..=last).all(|at| kinds(at).is_some()) {
                note(format!("MISS {}", sample.kind));
            } else if !(first..=last).all(|at| kinds(at) == Some(sample.expected)) {
                note(format!("LABEL {}", sample.kind));
            }
        }
        if let Some(span) = outside {
            note(format!("FALSE {}", span.kind.tag()));
        }
    }
}
