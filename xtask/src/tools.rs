//! What the tasks need on the machine, installed where it is missing.

use anyhow::{Result, bail};

use crate::run::{answers, command, output, step};

/// Versions of the tools that cargo builds; the next release is taken by a reviewed change.
const CARGO_DENY: &str = "0.20.2";
const CARGO_NEXTEST: &str = "0.9.143";

/// Installs Debian packages that are missing.
pub(crate) fn debian(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|name| !installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !answers("apt-get", &["--version"]) {
        bail!(
            "this machine has no apt-get; install by hand: {}",
            missing.join(" ")
        );
    }
    step("apt-get update", command("apt-get", &["update", "-qq"])?)?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(&missing);
    let mut install = command("apt-get", &args)?;
    install.env("DEBIAN_FRONTEND", "noninteractive");
    step(&format!("apt-get install {}", missing.join(" ")), install)
}

fn installed(package: &str) -> bool {
    output(
        "dpkg-query",
        &["--show", "--showformat=${db:Status-Status}", package],
    )
    .is_ok_and(|status| status == "installed")
}

/// A C++ compiler, for the shim in front of the speech engine.
pub(crate) fn compiler() -> Result<()> {
    if answers("c++", &["--version"]) {
        Ok(())
    } else {
        debian(&["build-essential"])
    }
}

/// The client that fetches the model packages.
pub(crate) fn pip() -> Result<()> {
    if answers("python3", &["-m", "pip", "--version"]) {
        Ok(())
    } else {
        debian(&["python3", "python3-pip"])
    }
}

/// The test runner.
pub(crate) fn nextest() -> Result<()> {
    cargo_tool("nextest", "cargo-nextest", CARGO_NEXTEST)
}

/// The judge of licences and sources.
pub(crate) fn deny() -> Result<()> {
    cargo_tool("deny", "cargo-deny", CARGO_DENY)
}

fn cargo_tool(subcommand: &str, package: &str, version: &str) -> Result<()> {
    if answers("cargo", &[subcommand, "--version"]) {
        return Ok(());
    }
    step(
        &format!("cargo install {package} {version} (a few minutes, once)"),
        command(
            "cargo",
            &["install", "--locked", "--version", version, package],
        )?,
    )
}
