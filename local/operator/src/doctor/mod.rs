//! `doctor`: looks at every part of a stack that can be wrong, and says what is wrong and what to do about it. It changes
//! nothing.

pub mod alarms;
mod clock;
mod keyring;
mod queues;
mod tables;
mod work;

use std::path::Path;

use clap::Args;
use indicatif::ProgressBar;
use jiff::Timestamp;
use serde::Serialize;

use crate::stack::{Stack, StackArguments};
use crate::text_table::table;
pub use tables::{EXPECTED_TABLES, ExpectedTable};

/// Which stack to examine.
#[derive(Debug, Clone, Args)]
pub struct DoctorArguments {
    /// In AWS: value of the stack's parameter `SealingKeyring`. Without it, the keyring is not examined.
    #[arg(long, value_name = "WRAPPED", requires = "aws")]
    keyring: Option<String>,
    /// Which stack.
    #[command(flatten)]
    stack: StackArguments,
}

/// The result of one examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Well,
    /// Wrong: something must be done.
    Wrong,
    /// Not examined.
    Unknown,
}

/// What was examined, and what to do if it is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What was examined.
    pub what: String,
    /// Its state.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// All findings.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// Whether nothing is wrong.
    pub is_well: bool,
    /// What was examined.
    pub findings: Vec<Finding>,
}

impl Finding {
    /// Something that is as it should be.
    fn well(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            state: State::Well,
            found: found.into(),
            advice: None,
        }
    }

    /// Something that must be mended.
    fn wrong(what: impl Into<String>, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Wrong,
            advice: Some(advice.into()),
            ..Self::well(what, found)
        }
    }

    /// Something that was not examined.
    fn unknown(
        what: impl Into<String>,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            state: State::Unknown,
            ..Self::wrong(what, found, advice)
        }
    }

    /// What cannot be examined is wrong: the operator lacks a right, or a part of the stack is missing.
    fn failed(what: impl Into<String>, error: &anyhow::Error) -> Self {
        Self::wrong(
            what,
            format!("{error:#}"),
            "check the name of the stack, and the rights of your credentials",
        )
    }
}

/// Runs the command: the text to print, and whether the stack is well.
pub async fn run(
    arguments: DoctorArguments,
    published_at: &Path,
) -> anyhow::Result<(String, bool)> {
    let stack = arguments.stack.stack(published_at)?;
    let diagnosis = examine(&stack, arguments.keyring.as_deref()).await;
    let text = arguments.stack.said(&diagnosis, text)?;
    Ok((text, diagnosis.is_well))
}

/// Examines everything.
pub async fn examine(stack: &Stack, keyring: Option<&str>) -> Diagnosis {
    let progress = ProgressBar::new_spinner();
    let mut findings = Vec::new();
    let mut add = |part: &'static str, found: Vec<Finding>| {
        progress.set_message(part);
        progress.tick();
        findings.extend(found);
    };
    add("clock", vec![clock::examine(stack).await]);
    add("tables", tables::examine(stack).await);
    add("queues", queues::examine(stack).await);
    add("keyring", vec![keyring::examine(stack, keyring).await]);
    add("alarms", alarms::examine(stack).await.into_iter().collect());
    add("work", work::examine(stack, Timestamp::now()).await);
    progress.finish_and_clear();
    Diagnosis {
        is_well: findings.iter().all(|finding| finding.state != State::Wrong),
        findings,
    }
}

/// What is wrong stands last, where a terminal shows it.
fn text(diagnosis: &Diagnosis) -> String {
    let order = |finding: &&Finding| match finding.state {
        State::Well => 0,
        State::Unknown => 1,
        State::Wrong => 2,
    };
    let mut findings: Vec<&Finding> = diagnosis.findings.iter().collect();
    findings.sort_by_key(order);
    let row = |finding: &Finding| {
        let state = match finding.state {
            State::Well => "ok",
            State::Wrong => "WRONG",
            State::Unknown => "?",
        };
        [
            state.to_owned(),
            finding.what.clone(),
            finding.found.clone(),
        ]
    };
    let rows = findings.iter().map(|finding| row(finding));
    let mut lines = vec![table(["", "WHAT", "FOUND"], rows, "")];
    let advice = findings.iter().filter_map(|finding| {
        let advice = finding.advice.as_deref()?;
        Some(format!("- {}: {advice}", finding.what))
    });
    let advice: Vec<String> = advice.collect();
    if !advice.is_empty() {
        lines.push(format!("\nWhat to do:\n{}", advice.join("\n")));
    }
    let end = if diagnosis.is_well {
        "Nothing is wrong."
    } else {
        "Something is wrong."
    };
    lines.push(format!("\n{end}"));
    lines.join("\n")
}
