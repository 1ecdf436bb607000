//! Word error rate and throughput of a speech engine on recorded telephone prompts.
//!
//! `wer MODELS CSV SOUNDS ENGINE [--json] [--show] [--texts FILE]`: the CSV has the columns `prompt` and
//! `reference`; `SOUNDS/PROMPT.wav` is the recording. Each prompt is recognised alone, then all
//! prompts up to five minutes in one recording with pauses, which is what throughput is measured
//! on. One thread. `--show` prints what was heard with its errors; `--texts` writes what was heard of
//! each prompt for another scorer, a line of the prompt's name, a tab and the text.

mod score;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use engine::audio::{Limits, decode, to_16k};
use engine::speech::{EngineChoice, Recogniser, load};
use score::{Score, compare, normalise};

type Outcome<T> = Result<T, Box<dyn Error>>;

const RATE: usize = 16_000;
const LONG_SECONDS: usize = 300;
const PAUSE_SAMPLES: usize = RATE * 4 / 5;

struct Prompt {
    name: String,
    reference: String,
    pcm: Vec<f32>,
}

struct Pass {
    what: &'static str,
    score: Score,
    audio_seconds: f64,
    work_seconds: f64,
    busy_seconds: f64,
}

fn main() -> Outcome<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let json = take_flag(&mut args, "--json");
    let show = take_flag(&mut args, "--show");
    let texts = take_value(&mut args, "--texts")?;
    let [models, csv, sounds, engine] = args.as_slice() else {
        return Err("usage: wer MODELS CSV SOUNDS ENGINE [--json] [--show] [--texts FILE]".into());
    };
    let prompts = read(Path::new(csv), Path::new(sounds))?;
    let choice: EngineChoice = engine.parse()?;
    let started = Instant::now();
    let mut recogniser = load(choice, Path::new(models))?;
    let load_seconds = started.elapsed().as_secs_f64();
    let mut heard = String::new();
    let passes = [
        each(recogniser.as_mut(), &prompts, show, &mut heard)?,
        long(recogniser.as_mut(), &prompts, show)?,
    ];
    if let Some(path) = texts {
        std::fs::write(&path, heard).map_err(|e| format!("`{path}`: {e}"))?;
    }
    if json {
        print_json(choice, load_seconds, &passes);
    } else {
        print_table(choice, load_seconds, &passes);
    }
    Ok(())
}

fn read(csv: &Path, sounds: &Path) -> Outcome<Vec<Prompt>> {
    let mut prompts = Vec::new();
    for row in csv::Reader::from_path(csv)?.deserialize() {
        let (name, _, reference): (String, f64, String) = row?;
        let path: PathBuf = sounds.join(format!("{name}.wav"));
        let bytes = std::fs::read(&path).map_err(|e| format!("`{}`: {e}", path.display()))?;
        let audio = decode(&bytes, &Limits::default())?;
        let channel = audio.channels.first().ok_or("a recording has no channel")?;
        prompts.push(Prompt {
            name,
            reference,
            pcm: to_16k(channel, audio.rate)?,
        });
    }
    Ok(prompts)
}

fn each(
    recogniser: &mut dyn Recogniser,
    prompts: &[Prompt],
    show: bool,
    heard: &mut String,
) -> Outcome<Pass> {
    let mut pass = Pass::new("prompts one by one");
    for prompt in prompts {
        let text = pass.run(recogniser, &prompt.pcm)?;
        let score = compare(&normalise(&prompt.reference), &normalise(&text));
        if show {
            eprintln!("{}\t{}\t{text}", prompt.name, score.errors());
        }
        writeln!(heard, "{}\t{text}", prompt.name)?;
        pass.score.add(&score);
    }
    Ok(pass)
}

fn long(recogniser: &mut dyn Recogniser, prompts: &[Prompt], show: bool) -> Outcome<Pass> {
    let mut pass = Pass::new("5 minutes in one recording");
    let (mut pcm, mut reference) = (Vec::new(), String::new());
    for prompt in prompts {
        if pcm.len() + prompt.pcm.len() > LONG_SECONDS * RATE {
            break;
        }
        pcm.extend_from_slice(&prompt.pcm);
        pcm.resize(pcm.len() + PAUSE_SAMPLES, 0.0);
        reference.push_str(&prompt.reference);
        reference.push(' ');
    }
    let text = pass.run(recogniser, &pcm)?;
    if show {
        eprintln!("LONG\t-\t{text}");
    }
    pass.score = compare(&normalise(&reference), &normalise(&text));
    Ok(pass)
}

impl Pass {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            score: Score::default(),
            audio_seconds: 0.0,
            work_seconds: 0.0,
            busy_seconds: 0.0,
        }
    }

    fn run(&mut self, recogniser: &mut dyn Recogniser, pcm: &[f32]) -> Outcome<String> {
        let (started, busy) = (Instant::now(), busy_seconds());
        let found = recogniser.transcribe(pcm)?;
        self.work_seconds += started.elapsed().as_secs_f64();
        self.busy_seconds += busy_seconds() - busy;
        self.audio_seconds += f64::from(u32::try_from(pcm.len())?) / 16_000.0;
        let words: Vec<&str> = found.words.iter().map(|word| word.text.expose()).collect();
        Ok(words.join(" "))
    }

    /// Seconds of audio per second of processor time, which other work on the machine changes
    /// less than the time of day.
    fn times_real_time(&self) -> f64 {
        self.audio_seconds / self.busy_seconds.max(1e-9)
    }
}

fn print_table(choice: EngineChoice, load_seconds: f64, passes: &[Pass]) {
    println!("{} (loaded in {load_seconds:.2} s)", choice.key());
    println!(
        "{:28} {:>6} {:>6} {:>8} {:>8} {:>8} {:>10}",
        "", "words", "WER %", "audio s", "wall s", "CPU s", "x real/CPU"
    );
    for pass in passes {
        println!(
            "{:28} {:>6} {:>6.2} {:>8.1} {:>8.2} {:>8.2} {:>10.1}",
            pass.what,
            pass.score.words,
            pass.score.percent(),
            pass.audio_seconds,
            pass.work_seconds,
            pass.busy_seconds,
            pass.times_real_time()
        );
    }
    println!("peak memory {} MB", peak_megabytes());
}

fn print_json(choice: EngineChoice, load_seconds: f64, passes: &[Pass]) {
    let passes: Vec<_> = passes
        .iter()
        .map(|pass| {
            serde_json::json!({
                "what": pass.what,
                "words": pass.score.words,
                "substituted": pass.score.substituted,
                "deleted": pass.score.deleted,
                "inserted": pass.score.inserted,
                "wer_percent": pass.score.percent(),
                "audio_seconds": pass.audio_seconds,
                "wall_seconds": pass.work_seconds,
                "cpu_seconds": pass.busy_seconds,
                "times_real_time_per_core": pass.times_real_time(),
            })
        })
        .collect();
    println!(
        "{}",
        serde_json::json!({
            "engine": choice.key(),
            "load_seconds": load_seconds,
            "passes": passes,
            "peak_megabytes": peak_megabytes(),
        })
    );
}

/// Processor time of this thread so far, from Linux' own account of it.
fn busy_seconds() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0.0, |nanoseconds| {
            std::time::Duration::from_nanos(nanoseconds).as_secs_f64()
        })
}

/// Highest resident memory of this process, from Linux' own account of it.
fn peak_megabytes() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .unwrap_or(0)
        / 1024
}

fn take_flag(args: &mut Vec<String>, name: &str) -> bool {
    let before = args.len();
    args.retain(|arg| arg != name);
    args.len() < before
}

fn take_value(args: &mut Vec<String>, name: &str) -> Outcome<Option<String>> {
    let Some(at) = args.iter().position(|arg| arg == name) else {
        return Ok(None);
    };
    args.remove(at);
    if at < args.len() {
        Ok(Some(args.remove(at)))
    } else {
        Err(format!("{name} needs a value").into())
    }
}
