//! Recall and precision of redaction by type, on generated conversations, and its speed on one
//! core: the rules alone, and with `--models` the rules behind the name model.
//!
//! `cargo run --release -p app --example redaction_rates -- [--count N] [--seed S] [--wording tuned |
//! repaired | later | mended | held-out] [--models FOLDER] [--ungated] [--dump FILE] [--misses]`. With `--dump` the texts go to a file of JSON
//! lines, for `presidio.py` beside this file.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measuring tool stops at what it does not expect"
)]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use analysis::planting::{self, Dice, Sample, Wording};
use analysis::redact::{self, Profile};
use app::{Interval, Reads, Redactor};
use domain::{EntityKind, RawTranscript, RedactionSpan};

/// Conversations whose names are looked for together, as those of one longer call are.
const TOGETHER: usize = 16;

/// Counts of one type.
#[derive(Default)]
struct Tally {
    samples: u64,
    gone: u64,
    typed: u64,
}

/// Counts of the spans that carry one tag.
#[derive(Default)]
struct Spans {
    right: u64,
    elsewhere: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|a| a == name);
    let option = |name: &str| {
        let at = arguments.iter().position(|a| a == name)?;
        arguments.get(at + 1)
    };
    let count: usize = option("--count").map_or(2_000, |n| n.parse().unwrap());
    let seed: u64 = option("--seed").map_or(1, |n| n.parse().unwrap());
    let wording = match option("--wording").map_or("tuned", String::as_str) {
        "held-out" => Wording::HeldOut,
        "smoothed" => Wording::Smoothed,
        "mended" => Wording::Mended,
        "later" => Wording::Later,
        "repaired" => Wording::Repaired,
        "tuned" => Wording::Tuned,
        other => {
            panic!("no wording `{other}`: tuned, repaired, later, mended, smoothed or held-out")
        }
    };
    let samples = samples(count, seed, wording);
    if let Some(path) = option("--dump") {
        dump(&samples, path);
    }
    let profile = Profile::default();
    let raws: Vec<RawTranscript> = samples.iter().map(Sample::transcript).collect();
    println!("rules alone, {wording:?} wording, seed {seed}");
    let begun = processor_seconds();
    let found: Vec<Vec<RedactionSpan>> = raws
        .iter()
        .map(|raw| redact::spans(raw, &[], &profile))
        .collect();
    report(&samples, &raws, &found, processor_seconds() - begun);
    let found = match option("--models") {
        None => found,
        Some(models) => {
            let reads = if has("--ungated") {
                Reads::Everything
            } else {
                Reads::Questions
            };
            println!("\nrules and name model ({reads:?}), {TOGETHER} conversations at once");
            let mut redactor = Redactor::load(Path::new(models), reads).unwrap();
            let begun = processor_seconds();
            let mut found = Vec::with_capacity(raws.len());
            for some in raws.chunks(TOGETHER) {
                let some: Vec<&RawTranscript> = some.iter().collect();
                found.extend(redactor.spans(&some, &profile).unwrap());
            }
            report(&samples, &raws, &found, processor_seconds() - begun);
            found
        }
    };
    if has("--misses") {
        misses(&samples, &raws, &found);
    }
}

/// Processor time of this thread so far; everything here runs on it.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: u64 = stat.split(' ').next().unwrap().parse().unwrap();
    std::time::Duration::from_nanos(nanoseconds).as_secs_f64()
}

fn samples(count: usize, seed: u64, wording: Wording) -> Vec<Sample> {
    let mut dice = Dice::new(seed);
    let mut samples = Vec::new();
    for kind in planting::TYPES {
        samples.extend((0..count).map(|_| planting::with_secret(*kind, wording, &mut dice)));
    }
    samples.extend((0..count * 2).map(|_| planting::without_secret(wording, &mut dice)));
    samples
}

/// Words of the secret in the transcript's order.
fn place(sample: &Sample, raw: &RawTranscript) -> Option<(u32, u32)> {
    let planted = sample.secret?;
    let start = raw.turns.get(planted.turn)?.first.0;
    Some((
        start + u32::try_from(planted.first).ok()?,
        start + u32::try_from(planted.last).ok()?,
    ))
}

fn kind_at(spans: &[RedactionSpan], at: u32) -> Option<EntityKind> {
    spans
        .iter()
        .find(|span| (span.first.0..=span.last.0).contains(&at))
        .map(|span| span.kind)
}

fn report(samples: &[Sample], raws: &[RawTranscript], found: &[Vec<RedactionSpan>], spent: f64) {
    let mut types: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let mut tags: BTreeMap<EntityKind, Spans> = BTreeMap::new();
    let (mut alarms, mut harmless) = (0, 0);
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
        }
        let Some((first, last)) = secret else {
            harmless += 1;
            alarms += spans.len();
            continue;
        };
        let tally = types.entry(sample.kind).or_default();
        tally.samples += 1;
        tally.gone += u64::from((first..=last).all(|at| kind_at(spans, at).is_some()));
        tally.typed +=
            u64::from((first..=last).all(|at| kind_at(spans, at) == Some(sample.expected)));
    }
    println!(
        "{:14} {:>6}  {:26}removed under its own tag",
        "type", "n", "removed"
    );
    for (kind, tally) in &types {
        println!(
            "{kind:14} {:>6}  {:26}{}",
            tally.samples,
            Interval::wilson(tally.gone, tally.samples).to_string(),
            Interval::wilson(tally.typed, tally.samples)
        );
    }
    println!(
        "\n{:18} {:>6}  precision: spans on a secret of the tag's type",
        "tag", "spans"
    );
    for (kind, spans) in &tags {
        let all = spans.right + spans.elsewhere;
        println!(
            "{:18} {all:>6}  {}",
            kind.tag(),
            Interval::wilson(spans.right, all)
        );
    }
    println!("\n{alarms} spans in {harmless} conversations without a secret");
    let sentences: usize = samples.iter().map(|sample| sample.lines.len()).sum();
    println!(
        "{} conversations, {sentences} sentences in {spent:.2} s of processor: {:.0} sentences/s",
        samples.len(),
        f64::from(u32::try_from(sentences).unwrap()) / spent
    );
}

fn dump(samples: &[Sample], path: &str) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for sample in samples {
        let text: Vec<&str> = sample.lines.iter().map(|(_, text)| text.as_str()).collect();
        let span = sample.secret.map(|planted| {
            let before: usize = text[..planted.turn]
                .iter()
                .map(|line| line.chars().count() + 1)
                .sum();
            let line: Vec<&str> = text[planted.turn].split_whitespace().collect();
            let width = |words: &[&str]| -> usize {
                words.iter().map(|word| word.chars().count() + 1).sum()
            };
            let start = before + width(&line[..planted.first]);
            [
                start,
                start + width(&line[planted.first..=planted.last]) - 1,
            ]
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
        let outside = spans.iter().find(|span| {
            secret.is_none_or(|(first, last)| span.first.0 > last || span.last.0 < first)
        });
        let mut note = |what: String| {
            let seen = shown.entry(what.clone()).or_default();
            *seen += 1;
            if *seen <= 14 {
                let spans: Vec<(&str, u32, u32)> = spans
                    .iter()
                    .map(|span| (span.detector.0.as_str(), span.first.0, span.last.0))
                    .collect();
                let lines: Vec<_> = sample.lines.iter().map(|(_, text)| text).collect();
                println!("{what}: {lines:?} {secret:?} {spans:?}");
            }
        };
        if let Some((first, last)) = secret {
            if !(first..=last).all(|at| kind_at(spans, at).is_some()) {
                note(format!("MISS {}", sample.kind));
            } else if !(first..=last).all(|at| kind_at(spans, at) == Some(sample.expected)) {
                note(format!("LABEL {}", sample.kind));
            }
        }
        if let Some(span) = outside {
            note(format!("FALSE {}", span.kind.tag()));
        }
    }
}
