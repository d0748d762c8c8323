//! The same listing by another client: pymagento, in a Python process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use tokio::process::Command;
use tokio::time::timeout;

use crate::scenario::channel::shop::OpenShop;

const SCRIPT: &str = include_str!("list_orders.py");
/// The client, as pip names it.
const PACKAGE: &str = "pymagento==2.14.0";
/// Where it is installed.
const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/pymagento");
const PATIENCE: Duration = Duration::from_mins(15);

/// What the listing took.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherListing {
    /// The orders.
    pub items: usize,
    /// The requests to the shop.
    pub requests: usize,
    /// CPU time of the process for the listing alone, without its start.
    pub cpu_seconds: f64,
}

/// Lists the orders that changed since then. Fails if Python or the package cannot be had.
pub(super) async fn list(
    shop: &OpenShop,
    page: usize,
    since: &str,
) -> anyhow::Result<OtherListing> {
    let python = install(Path::new(PLACE)).await?;
    let url = format!("{}/rest", shop.url());
    let mut listing = Command::new(python);
    listing
        .args(["-c", SCRIPT, &url, shop.token, &page.to_string(), since])
        .stdin(Stdio::null());
    let output = run(listing).await?;
    serde_json::from_slice(&output).context("the client printed something else")
}

/// Installs the client, and returns the path of the Python that has it.
async fn install(directory: &Path) -> anyhow::Result<PathBuf> {
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(directory);
    run(make).await.context("no Python with venv")?;
    let python = directory.join("bin/python");
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", PACKAGE]);
    let installed = run(install).await;
    installed.with_context(|| format!("{PACKAGE} cannot be installed"))?;
    Ok(python)
}

/// The standard output of a command that succeeds.
async fn run(mut command: Command) -> anyhow::Result<Vec<u8>> {
    let output = timeout(PATIENCE, command.kill_on_drop(true).output()).await??;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", errors.trim());
    Ok(output.stdout)
}
