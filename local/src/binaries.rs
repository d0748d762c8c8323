//! Builds the functions with cargo, once per process.
//!
//! A debug build names no package, so that its features match those of `cargo local` and `cargo test` and nothing is built
//! twice. A release build names only the functions, so that they have the same features as when deployed: all functions
//! have the same features.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use tokio::sync::OnceCell;

use crate::surroundings;

static DEBUG: OnceCell<BTreeMap<String, PathBuf>> = OnceCell::const_new();
static RELEASE: OnceCell<BTreeMap<String, PathBuf>> = OnceCell::const_new();

/// Builds once, and returns the executables of these binaries.
pub async fn build(names: &[&str], release: bool) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let built = if release { &RELEASE } else { &DEBUG };
    let mut arguments = vec![
        "build".to_owned(),
        "--message-format=json-render-diagnostics".to_owned(),
    ];
    if release {
        arguments.push("--release".to_owned());
        arguments.extend(
            names
                .iter()
                .flat_map(|name| ["-p".to_owned(), (*name).to_owned()]),
        );
    } else {
        arguments.push("--bins".to_owned());
    }
    let executables = built
        .get_or_try_init(|| async {
            tokio::task::spawn_blocking(move || run_cargo(&arguments)).await?
        })
        .await?;
    names
        .iter()
        .map(|name| {
            let path = executables.get(*name).with_context(|| {
                format!("binary {name} of the template not found in the workspace")
            })?;
            Ok(((*name).to_owned(), path.clone()))
        })
        .collect()
}

/// Builds the empty function in release mode. It is built alone, because a joint build would add other packages' features.
pub async fn build_empty_function() -> anyhow::Result<PathBuf> {
    const NAME: &str = "empty-function";
    let arguments = [
        "build",
        "--message-format=json-render-diagnostics",
        "--release",
        "-p",
        NAME,
    ];
    let arguments = arguments.map(str::to_owned);
    let executables = tokio::task::spawn_blocking(move || run_cargo(&arguments)).await??;
    executables
        .get(NAME)
        .cloned()
        .context("empty-function not found in the workspace")
}

/// One line of cargo's messages; only those with an executable are used.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Progress and diagnostics go directly to standard error.
fn run_cargo(arguments: &[String]) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut command = Command::new(surroundings::cargo());
    command
        .args(arguments)
        .current_dir(surroundings::workspace())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    for name in surroundings::set_by_cargo() {
        command.env_remove(name);
    }
    let mut cargo = command.spawn().context("cannot start cargo")?;
    let mut messages = String::new();
    if let Some(mut stdout) = cargo.stdout.take() {
        stdout.read_to_string(&mut messages)?;
    }
    let status = cargo.wait()?;
    if !status.success() {
        bail!(
            "cargo {} failed ({status}); see the output above",
            arguments.join(" ")
        );
    }
    Ok(executables(&messages))
}

fn executables(messages: &str) -> BTreeMap<String, PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter_map(|message| Some((message.target?.name, message.executable?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_with_an_executable_count() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"logistics"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"get-label"},"executable":"/t/get-label"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        let expected = BTreeMap::from([("get-label".to_owned(), PathBuf::from("/t/get-label"))]);
        assert_eq!(executables(messages), expected);
    }
}
