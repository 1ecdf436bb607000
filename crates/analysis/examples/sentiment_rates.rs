//! How far the sentiment of texts agrees with people's: `sentiment_rates FILE...`. A line of a file
//! is an id, a mean rating (negative is bad) and a text, separated by tabs.

use std::error::Error;

use analysis::metrics::tone_of;

/// Ratings nearer to nothing than this are of neither sign.
const NEUTRAL: f64 = 0.05;

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        return Err("usage: sentiment_rates FILE...".into());
    }
    println!("{:<44} {:>6} {:>6} {:>6}", "file", "texts", "r", "sign");
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file)?).into_owned();
        let rated: Vec<(f64, f64)> = text.lines().filter_map(rated).collect();
        let name = file.rsplit('/').next().unwrap_or(&file);
        println!(
            "{name:<44} {:>6} {:>6.3} {:>6.3}",
            rated.len(),
            correlation(&rated),
            agreement(&rated)
        );
    }
    Ok(())
}

/// The people's rating and ours.
fn rated(line: &str) -> Option<(f64, f64)> {
    let mut parts = line.splitn(3, '\t').skip(1);
    let rating = parts.next()?.trim().parse().ok()?;
    Some((rating, tone_of(parts.next()?).get()))
}

/// Pearson's.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let number = pairs.iter().map(|_| 1.0).sum::<f64>();
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / number;
    let (left, right) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (a, b) = (pair.0 - left, pair.1 - right);
        both += a * b;
        one += a * a;
        other += b * b;
    }
    both / (one * other).sqrt()
}

/// Share of the texts that are rated good or bad, of which we say the same.
fn agreement(pairs: &[(f64, f64)]) -> f64 {
    let told: Vec<&(f64, f64)> = pairs
        .iter()
        .filter(|pair| pair.0.abs() >= NEUTRAL)
        .collect();
    let same = told.iter().filter(|pair| pair.0 * pair.1 > 0.0);
    let number = told.iter().map(|_| 1.0).sum::<f64>();
    same.map(|_| 1.0).sum::<f64>() / number
}
