//! The form of a call's script: a head of `key value` lines, then one spoken line each as
//! `+gap who: words`, the gap in seconds after the previous line's end (negative: overtalk).

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Mono,
    Stereo,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) gap_ms: i32,
    pub(crate) who: String,
    pub(crate) text: String,
}

#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) layout: Layout,
    pub(crate) rate: u32,
    pub(crate) voices: BTreeMap<String, String>,
    pub(crate) lines: Vec<Line>,
}

impl Script {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut script = Self {
            layout: Layout::Mono,
            rate: 8000,
            voices: BTreeMap::new(),
            lines: Vec::new(),
        };
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                script
                    .take(line)
                    .with_context(|| format!("line {}", number + 1))?;
            }
        }
        Ok(script)
    }

    fn take(&mut self, line: &str) -> Result<()> {
        if line.starts_with(['+', '-']) {
            let (head, text) = line.split_once(": ").context("expected `gap who: words`")?;
            let (gap, who) = head
                .split_once(' ')
                .context("expected a gap and a speaker")?;
            self.lines.push(Line {
                gap_ms: millis(gap)?,
                who: who.to_owned(),
                text: text.to_owned(),
            });
            return Ok(());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["layout", "mono"] => self.layout = Layout::Mono,
            ["layout", "stereo"] => self.layout = Layout::Stereo,
            ["rate", rate] => self.rate = rate.parse()?,
            ["voice", who, voice] => {
                self.voices.insert((*who).to_owned(), (*voice).to_owned());
            }
            ["start", _] => {}
            _ => bail!("unknown head line `{line}`"),
        }
        Ok(())
    }
}

/// `+0.6` as 600, `-0.9` as -900.
fn millis(gap: &str) -> Result<i32> {
    let negative = gap.starts_with('-');
    let (whole, tenths) = gap
        .trim_start_matches(['+', '-'])
        .split_once('.')
        .context("a gap is like +0.6")?;
    let size = whole.parse::<i32>()? * 1000 + tenths.parse::<i32>()? * 100;
    Ok(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_into_lines_with_gaps() {
        let script = Script::parse(
            "# note\nlayout stereo\nrate 16000\nvoice agent slt\n-0.9 agent: Well: hello.",
        )
        .unwrap();
        assert_eq!(script.layout, Layout::Stereo);
        assert_eq!(
            script.lines,
            vec![Line {
                gap_ms: -900,
                who: "agent".into(),
                text: "Well: hello.".into()
            }]
        );
        assert!(Script::parse("speed 3").is_err());
    }
}
