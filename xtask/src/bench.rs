//! The measurements of docs/measurements.md.

use anyhow::Result;

use crate::demo;

pub(crate) fn run(_args: &[String]) -> Result<()> {
    demo::fetch_models("release")?;
    Ok(())
}
