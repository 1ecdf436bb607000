//! The pages over many interactions: what the server takes for each, asked one after another by
//! curl over one machine, and what leaves it compressed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::demo;
use crate::run::{command, output, step};

/// Interactions that are planted.
const CALLS: u64 = 100_000;
/// Times that each page is asked for.
const RUNS: usize = 60;
/// Time between two looks at whether the program rests, and how many there are.
const LOOK: Duration = Duration::from_secs(2);
const PATIENCE: u32 = 900;
/// Hundredths of a second that a resting program may compute in that time.
const REST: u64 = 10;
const PORT: &str = "18653";
const PASSWORD: &str = "crumple-orbit-9-lantern";
/// Conversations with everything that a page of one shows, younger than all that is planted: the
/// first page of results opens them.
const TALKS: u64 = 30;
/// Seconds between two of them.
const APART: u64 = 5;

/// A conversation that began so long ago.
fn talk(number: u64) -> Result<String> {
    let ago = format!("--date={} seconds ago", number * APART);
    let began = output("date", &["--utc", &ago, "+%FT%TZ"])?;
    let card = "4111 1111 1111 1111";
    Ok(format!(
        r#"{{"format":"privity.chat/1","id":"bench-{number}","channel":"chat",
"started":"{began}","direction":"inbound",
"parties":[{{"role":"agent","name":"Priya Nair"}},{{"role":"consumer","name":"Tom Hill"}}],
"messages":[{{"from":1,"at":"{began}","text":"Hi, my card {card} was charged twice for parcel {number}."}},
{{"from":0,"at":"{began}","text":"Sorry about that, I will refund it today, it was late."}}]}}"#
    ))
}

pub(super) fn run(scratch: &Path, args: &[String], quick: bool) -> Result<()> {
    let calls = if quick { CALLS / 10 } else { CALLS };
    if !args.iter().any(|arg| arg == "--built") {
        let build = [
            "build",
            "--release",
            "--workspace",
            "--bins",
            "--example",
            "pages_scale",
        ];
        step("build (release)", command("cargo", &build)?)?;
    }
    let privity = PathBuf::from(demo::binary("release")?);
    let planter = privity
        .parent()
        .context("the program lies in no folder")?
        .join("examples/pages_scale");
    let models = demo::fetch_models("release")?;
    let data = scratch.join("pages");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let ours = |args: &[&str]| -> Result<Command> {
        let mut run = command(&privity.display().to_string(), &["--data"])?;
        run.arg(&data).arg("--models").arg(&models).args(args);
        Ok(run)
    };
    step("init", ours(&["init"])?)?;
    step("tenant", ours(&["tenant", "add", "bench"])?)?;
    let mut plant = command(&planter.display().to_string(), &[])?;
    plant.arg(&data).arg(calls.to_string());
    step(&format!("plant {calls} calls"), plant)?;
    let mut serve = ours(&["serve", "--listen", &format!("127.0.0.1:{PORT}")])?;
    let served = Served::start(&mut serve)?;
    let browser = Browser::sign_in(scratch, &served.code)?;
    let one = browser.talks()?;
    println!("    waiting until the index knows all of them");
    browser.search("late")?;
    served.settle()?;
    println!(
        "\n{:<34} {:>8} {:>8} {:>8} {:>8} {:>10} {:>10}",
        format!("page, {calls} interactions"),
        "first ms",
        "p50 ms",
        "p95 ms",
        "max ms",
        "bytes",
        "gzip"
    );
    for (name, path) in pages(&browser, &one)? {
        browser.measure(&name, &path)?;
    }
    browser.measure_search("refund AND late")?;
    drop(served);
    fs::remove_dir_all(&data)?;
    Ok(())
}

fn pages(browser: &Browser, one: &str) -> Result<Vec<(String, String)>> {
    let mut deep = "/interactions".to_owned();
    for _ in 0..20 {
        let page = browser.get(&deep)?;
        let Some(next) = between(&page, "rel=\"next\" href=\"", "\"") else {
            break;
        };
        deep = next.replace("&amp;", "&").replace("&#38;", "&");
    }
    let day = |before: &str| output("date", &[&format!("--date={before} days ago"), "+%F"]);
    let choice = between(&browser.get("/")?, "<select name=\"team\">", "</select>");
    let choice = choice.context("the overview offers no team")?;
    let team = choice
        .split("value=\"")
        .filter_map(|rest| Some(rest.split_once('"')?.0));
    let team = team.last().context("the overview offers no team")?;
    let (quarter, year) = (day("89")?, day("365")?);
    let listed = [
        ("overview, 30 days", "/".to_owned()),
        ("overview, 90 days", format!("/?from={quarter}")),
        ("overview, all of the year", format!("/?from={year}")),
        (
            "overview, a team, 90 days",
            format!("/?from={quarter}&team={team}"),
        ),
        ("list, first", "/interactions".to_owned()),
        ("list, 21st page", deep),
        (
            "list, filtered by channel",
            "/interactions?channel=email".to_owned(),
        ),
        (
            "list, cards removed",
            "/interactions?redacted=CARD".to_owned(),
        ),
        (
            "list, overtalk of 2 s",
            "/interactions?overtalk=2".to_owned(),
        ),
        ("one interaction", one.to_owned()),
        ("search, empty", "/search".to_owned()),
        ("categories", "/categories".to_owned()),
        ("alerts", "/alerts".to_owned()),
        ("take in", "/take-in".to_owned()),
        ("not processed", "/troubles".to_owned()),
        ("ledger", "/ledger".to_owned()),
        ("privacy desk", "/desk".to_owned()),
        ("people", "/people".to_owned()),
        ("policy", "/policy".to_owned()),
    ];
    Ok(listed
        .into_iter()
        .map(|(name, path)| (name.to_owned(), path))
        .collect())
}

/// The program while it serves.
struct Served {
    child: Child,
    code: String,
}

impl Served {
    fn start(serve: &mut Command) -> Result<Self> {
        let mut child = serve
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the program")?;
        let said = child.stderr.take().context("the program has no voice")?;
        let mut lines = BufReader::new(said).lines();
        let code = lines.by_ref().find_map(|line| {
            let line = line.ok()?;
            let (_, rest) = line.split_once("set-up with the code ")?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        // Whatever else it says is read on, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let code = code.context("the program said no code for the first set-up")?;
        Ok(Self { child, code })
    }
}

impl Served {
    /// Waits until the program rests: pages are measured beside nothing else.
    fn settle(&self) -> Result<()> {
        let mut before = self.ticks()?;
        for _ in 0..PATIENCE {
            std::thread::sleep(LOOK);
            let now = self.ticks()?;
            if now.saturating_sub(before) <= REST {
                return Ok(());
            }
            before = now;
        }
        bail!("the program is at work after {PATIENCE} looks")
    }

    /// Hundredths of a second of computing so far (fields 14 and 15 of `/proc/PID/stat`, proc(5)).
    fn ticks(&self) -> Result<u64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = stat.rsplit_once(')').context("no process")?;
        let times = fields.split_whitespace().skip(11).take(2);
        times.map(|ticks| Ok(ticks.parse::<u64>()?)).sum()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Err(error) = self
            .child
            .kill()
            .and_then(|()| self.child.wait().map(|_| ()))
        {
            eprintln!("    the program does not end: {error}");
        }
    }
}

/// curl with the cookies of an owner.
struct Browser {
    jar: PathBuf,
}

impl Browser {
    fn sign_in(scratch: &Path, code: &str) -> Result<Self> {
        let jar = scratch.join("cookies.txt");
        if jar.exists() {
            fs::remove_file(&jar)?;
        }
        let browser = Self { jar };
        let page = (0..50).find_map(|_| {
            std::thread::sleep(Duration::from_millis(200));
            browser.get("/set-up").ok()
        });
        let page = page.context("the program does not answer")?;
        browser.post(
            "/set-up",
            &[
                ("csrf", &token(&page)?),
                ("code", code),
                ("name", "Ada Bench"),
                ("mail", "ada@bench.example"),
                ("password", PASSWORD),
            ],
        )?;
        if !browser.get("/account")?.contains("ada@bench.example") {
            bail!("nobody could sign in");
        }
        Ok(browser)
    }

    fn curl(&self) -> Result<Command> {
        let mut curl = command("curl", &["--silent", "--show-error", "--max-time", "120"])?;
        curl.arg("--cookie")
            .arg(&self.jar)
            .arg("--cookie-jar")
            .arg(&self.jar);
        Ok(curl)
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut curl = self.curl()?;
        said(curl.arg(address(path)))
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let mut curl = self.curl()?;
        for (name, value) in fields {
            curl.arg("--data-urlencode").arg(format!("{name}={value}"));
        }
        said(curl.arg(address(path)))
    }

    /// Takes conversations in and waits until the last can be read.
    fn talks(&self) -> Result<String> {
        let page = self.get("/take-in")?;
        let mut path = String::new();
        for number in 0..TALKS {
            let mut curl = self.curl()?;
            curl.args(["--header", "accept: application/json"])
                .args(["--form", &format!("csrf={}", token(&page)?)])
                .args(["--form", "file=@-;filename=chat.json"])
                .arg(address("/take-in"))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped());
            let mut sending = curl.spawn().context("cannot start curl")?;
            if let Some(mut input) = sending.stdin.take() {
                std::io::Write::write_all(&mut input, talk(number)?.as_bytes())?;
            }
            let answer = sending.wait_with_output()?;
            let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
            let id = between(&answer, "\"id\":\"", "\"").context("a chat was not taken in")?;
            path = format!("/interactions/{id}");
        }
        for _ in 0..150 {
            if self.get(&path)?.contains("class=\"transcript") {
                return Ok(path);
            }
            std::thread::sleep(Duration::from_secs(1));
        }
        bail!("the chats were not processed")
    }

    fn measure(&self, name: &str, path: &str) -> Result<()> {
        self.timed(name, |curl| {
            curl.arg(address(path));
        })
    }

    fn search(&self, query: &str) -> Result<String> {
        let csrf = token(&self.get("/search")?)?;
        self.post("/search", &[("csrf", &csrf), ("query", query)])
    }

    fn measure_search(&self, query: &str) -> Result<()> {
        let csrf = token(&self.get("/search")?)?;
        let page = self.search(query)?;
        if page.matches("class=\"hit\"").count() < 20 {
            bail!("the search for `{query}` has no page full of results");
        }
        self.timed("search, with results", |curl| {
            curl.arg("--data-urlencode").arg(format!("csrf={csrf}"));
            curl.arg("--data-urlencode").arg(format!("query={query}"));
            curl.arg(address("/search"));
        })
    }

    /// Time from the request to the first byte of the answer, which leaves when the page is made.
    fn timed(&self, name: &str, ask: impl Fn(&mut Command)) -> Result<()> {
        let (mut times, mut plain, mut small) = (Vec::with_capacity(RUNS), 0u64, 0u64);
        let mut first = 0.0;
        for run in 0..=RUNS {
            let squeezed = run != 0;
            let mut curl = self.curl()?;
            curl.args(["--output", "/dev/null", "--write-out"]);
            curl.arg("%{http_code} %{time_pretransfer} %{time_starttransfer} %{size_download}");
            if squeezed {
                curl.args(["--header", "accept-encoding: gzip"]);
            }
            ask(&mut curl);
            let said = said(&mut curl)?;
            let words: Vec<&str> = said.split(' ').collect();
            let [code, from, until, size] = words.as_slice() else {
                bail!("curl said `{said}`");
            };
            if *code != "200" {
                bail!("{name}: HTTP {code}");
            }
            let (from, until): (f64, f64) = (from.parse()?, until.parse()?);
            if squeezed {
                times.push((until - from) * 1_000.0);
                small = size.parse()?;
            } else {
                // The first one may make what the others find; it stands for itself.
                first = (until - from) * 1_000.0;
                plain = size.parse()?;
            }
        }
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get((RUNS - 1) * share / 100).copied().unwrap_or(0.0);
        println!(
            "{name:<34} {first:>8.1} {:>8.1} {:>8.1} {:>8.1} {plain:>10} {small:>10}",
            at(50),
            at(95),
            at(100)
        );
        Ok(())
    }
}

fn address(path: &str) -> String {
    format!("http://127.0.0.1:{PORT}{path}")
}

fn said(command: &mut Command) -> Result<String> {
    let out = command.output().context("cannot start curl")?;
    if !out.status.success() {
        bail!("curl: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn token(page: &str) -> Result<String> {
    between(page, "name=\"csrf\" value=\"", "\"").context("the page has no form")
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found.to_owned())
}
