//! Alarms: that the stack has some, and that none of them is on. They exist only in AWS.
//!
//! The AWS CLI reads them, which an operator needs for a deployment anyway: the SDK of CloudWatch would bring a second HTTP
//! stack and another format for one call.

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tokio::process::Command;

use crate::doctor::Finding;
use crate::stack::Stack;

const WHAT: &str = "alarms";
const ON: &str = "ALARM";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    #[serde(default)]
    metric_alarms: Vec<Alarm>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Alarm {
    alarm_name: String,
    state_value: String,
}

/// Examines the alarms of a deployed stack: those whose names begin with its own.
pub(super) async fn examine(stack: &Stack) -> Option<Finding> {
    if stack.running.is_some() {
        return None;
    }
    let found = described(stack.name()).await;
    let judged = found.and_then(|described| judge(&described));
    Some(judged.unwrap_or_else(|error| {
        Finding::unknown(
            WHAT,
            format!("{error:#}"),
            "install the AWS CLI, and allow cloudwatch:DescribeAlarms",
        )
    }))
}

async fn described(stack_name: &str) -> anyhow::Result<String> {
    let prefix = format!("{stack_name}-");
    let arguments = ["cloudwatch", "describe-alarms", "--output", "json"];
    let output = Command::new("aws")
        .args(arguments)
        .args(["--alarm-name-prefix", &prefix])
        .output()
        .await
        .context("cannot run the AWS CLI")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", told.trim());
    Ok(String::from_utf8(output.stdout)?)
}

/// Judges what the AWS CLI prints about alarms.
pub fn judge(described: &str) -> anyhow::Result<Finding> {
    let described: Described =
        serde_json::from_str(described).context("cannot read what the AWS CLI prints")?;
    let alarms = described.metric_alarms;
    let on = alarms.iter().filter(|alarm| alarm.state_value == ON);
    let on: Vec<&str> = on.map(|alarm| alarm.alarm_name.as_str()).collect();
    Ok(if alarms.is_empty() {
        Finding::wrong(
            WHAT,
            "none",
            "nobody is told when something fails: deploy the template with its alarms",
        )
    } else if on.is_empty() {
        Finding::well(WHAT, format!("{}, none is on", alarms.len()))
    } else {
        Finding::wrong(
            WHAT,
            format!("on: {}", on.join(", ")),
            "docs/runbook.md has a section for each alarm",
        )
    })
}
