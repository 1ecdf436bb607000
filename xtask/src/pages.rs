//! Every page in a browser: accessibility, both themes, two widths, keyboard, sound, requests.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::run::{answers, command, root, step};
use crate::{demo, tools};

/// What drives and judges; the next release is taken by a reviewed change.
const DRIVER: &str = "playwright-core@1.65.1";
const JUDGE: &str = "axe-core@4.14.1";
/// An identity provider to sign in by, and a program that sends files part by part.
const OTHERS: &[&str] = &["oidc-provider@9.13.3", "tus-js-client@4.3.1"];
/// The sample that is heard. Others would only take longer.
const HEARD: &str = "billing-call.wav";

/// Pictures that the guides show, by their names there.
const SHOWN: &[(&str, &str)] = &[
    ("overview-1440-light.png", "overview.png"),
    ("one-call-1440-light.png", "interaction.png"),
    ("search-found-1440-light.png", "search.png"),
    ("category-1440-light.png", "category.png"),
    ("ledger-1440-light.png", "ledger.png"),
    ("desk-1440-light.png", "desk.png"),
    ("alerts-1440-light.png", "alerts.png"),
    ("filling-1440-light.png", "filling.png"),
    ("calibration-1440-light.png", "calibration.png"),
    ("coaching-1440-light.png", "coaching.png"),
    ("take-in-watched-1440-light.png", "take-in.png"),
];

/// Needs the program and the models. Leaves the pictures in the target folder, and puts those of
/// the guides in their place where that is asked for.
pub(crate) fn run(profile: &str, models: &Path, for_guides: bool) -> Result<()> {
    let place = PathBuf::from(demo::binary(profile)?);
    let place = place
        .parent()
        .and_then(Path::parent)
        .context("the program lies in no target folder")?
        .join("pages");
    let (data, samples, shots) = (
        place.join("data"),
        place.join("samples"),
        place.join("shots"),
    );
    for stale in [&data, &samples, &shots] {
        if stale.exists() {
            std::fs::remove_dir_all(stale)
                .with_context(|| format!("cannot empty `{}`", stale.display()))?;
        }
        std::fs::create_dir_all(stale)
            .with_context(|| format!("cannot make `{}`", stale.display()))?;
    }
    std::fs::copy(root()?.join("samples").join(HEARD), samples.join(HEARD))
        .context("cannot copy the sample that is heard")?;
    std::fs::remove_dir(&data).context("cannot make room for the demo's data")?;
    browser(&place)?;
    let mut look = command("node", &[])?;
    look.current_dir(&place)
        .arg(root()?.join("xtask/pages/check.mjs"))
        .arg(demo::binary(profile)?)
        .args([&data])
        .arg(models)
        .args([&samples, &shots]);
    step("pages in a browser", look)?;
    if for_guides {
        for (taken, shown) in SHOWN {
            let to = root()?.join("docs/screenshots").join(shown);
            std::fs::copy(shots.join(taken), &to)
                .with_context(|| format!("cannot write `{}`", to.display()))?;
        }
    }
    Ok(())
}

/// Chromium of the system; its driver and judge from their registry, without install scripts.
fn browser(place: &Path) -> Result<()> {
    tools::debian(&["chromium"])?;
    if !answers("npm", &["--version"]) {
        tools::debian(&["nodejs", "npm"])?;
    }
    let there = ["axe-core", "oidc-provider", "tus-js-client"];
    let modules = place.join("node_modules");
    if there.iter().all(|name| modules.join(name).is_dir()) {
        return Ok(());
    }
    let mut install = command("npm", &["install", "--no-save", "--ignore-scripts"])?;
    install
        .args(["--no-audit", "--no-fund", "--silent", DRIVER, JUDGE])
        .args(OTHERS)
        .arg("--prefix")
        .arg(place)
        .current_dir(place);
    step(&format!("npm install {DRIVER} {JUDGE}"), install)
}
