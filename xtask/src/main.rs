//! What a newcomer and CI run: `demo`, `test`, `bench`, and the makers of checked-in data.

mod bench;
mod demo;
mod fuzz;
mod pages;
mod run;
mod samples;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  demo      build, fetch the models, take in the samples and serve them at a local address
            (--once: stop after the table, without serving; --port N)
  test      everything that CI runs: format, lints, borders, licences, all tests
  check     the fast part of test: format, lints, borders
  promises  only the tests that clauses name; their report is carried by the next build
  tidy      only the borders between crates and the sizes of files
  pages     every page in a browser: accessibility, themes, widths, keyboard, sound; pictures are
            left in target/pages/shots (--guides: those of the guides are put in docs/screenshots)
  bench     the measurements of docs/measurements.md (-- --quick for short runs); `bench search`:
            a million calls beside PostgreSQL's full-text search (--calls N, --alone, --keep);
            `bench pages`: the pages over 100,000 interactions (--built: with what is built)
  fuzz      every parser under random bytes (--seconds N for each; names: only these)
  samples   speak the scripts of samples/ again (installs a speech synthesiser)
";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match task.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(),
        "promises" => test::promises(),
        "check" => test::check(),
        "tidy" => tidy::run(),
        "pages" => test::pages(&rest),
        "bench" => bench::run(&rest),
        "fuzz" => fuzz::run(&rest),
        "samples" => samples::run(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {task}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
