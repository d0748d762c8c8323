//! Tables: that each exists with its indexes and its time to live, and in AWS that it can be restored.

use std::collections::BTreeSet;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{
    IndexStatus, PointInTimeRecoveryStatus, TableStatus, TimeToLiveStatus,
};

use crate::doctor::Finding;
use crate::stack::Stack;

const REDEPLOY: &str =
    "deploy the template of this version; an index that is being built needs some time";

/// A table of the template. A test compares this list with the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedTable {
    /// Its logical id.
    pub logical_id: &'static str,
    /// The attribute with the time at which an item expires.
    pub time_to_live: Option<&'static str>,
    /// The names of its indexes, sorted.
    pub indexes: &'static [&'static str],
    /// Whether it is kept such that it can be restored.
    pub is_restorable: bool,
}

const fn table(
    logical_id: &'static str,
    time_to_live: Option<&'static str>,
    indexes: &'static [&'static str],
) -> ExpectedTable {
    ExpectedTable {
        logical_id,
        time_to_live,
        indexes,
        is_restorable: true,
    }
}

/// A table whose items are made again when they are missing.
const fn passing(
    logical_id: &'static str,
    time_to_live: Option<&'static str>,
    indexes: &'static [&'static str],
) -> ExpectedTable {
    ExpectedTable {
        is_restorable: false,
        ..table(logical_id, time_to_live, indexes)
    }
}

/// The tables of the template.
pub const EXPECTED_TABLES: &[ExpectedTable] = &[
    table("ApiKeysTable", None, &["ofClient"]),
    passing("KeyUsesTable", Some("expiresAt"), &[]),
    table("PushCredentialsTable", None, &[]),
    table("AccountsTable", None, &[]),
    table("ChannelAccountsTable", None, &["ofChannel"]),
    passing("SessionsTable", Some("expiresAt"), &["untold"]),
    table("EndpointsTable", None, &[]),
    passing("ConfigurationVersionsTable", None, &[]),
    table("EndpointHealthTable", None, &["suspended"]),
    table("ParkedDeliveriesTable", None, &["ofEndpoint"]),
    table("ShipmentsTable", None, &["in-doubt", "open", "uncertain"]),
    table("ReturnOrdersTable", None, &["ofClient", "ofForward"]),
    table(
        "OutboundOrdersTable",
        None,
        &["due", "ofClient", "ofTracking"],
    ),
    table("ChannelPollsTable", None, &[]),
    table("ChannelOrdersTable", None, &[]),
    table("ManifestsTable", None, &[]),
    table("AuditTable", Some("expiresAt"), &[]),
    passing("StatisticsTable", Some("expiresAt"), &[]),
    table(
        "NotificationsTable",
        Some("expiresAt"),
        &["exceptions", "ofKind", "undelivered", "unmapped"],
    ),
];

/// Examines every table.
pub(super) async fn examine(stack: &Stack) -> Vec<Finding> {
    let mut findings = Vec::new();
    for expected in EXPECTED_TABLES {
        let what = format!("table {}", expected.logical_id);
        findings.push(match defects(stack, expected).await {
            Ok(defects) if defects.is_empty() => Finding::well(what, "complete"),
            Ok(defects) => Finding::wrong(what, defects.join(", "), REDEPLOY),
            Err(error) => Finding::failed(what, &error),
        });
    }
    findings
}

async fn defects(stack: &Stack, expected: &ExpectedTable) -> anyhow::Result<Vec<String>> {
    let name = stack.tables.name(expected.logical_id).await?;
    let client = &stack.tables.client;
    let described = client.describe_table().table_name(&name).send().await;
    let described = described.context("cannot describe it")?.table;
    let described = described.context("its description is empty")?;
    let mut defects = Vec::new();
    if described.table_status() != Some(&TableStatus::Active) {
        defects.push("is not active".to_owned());
    }
    let indexes = described.global_secondary_indexes();
    let is_ready =
        |status: Option<&IndexStatus>| status.is_none_or(|is| *is == IndexStatus::Active);
    let ready = indexes
        .iter()
        .filter(|index| is_ready(index.index_status()));
    let ready: BTreeSet<&str> = ready.filter_map(|index| index.index_name()).collect();
    let missing = expected
        .indexes
        .iter()
        .filter(|name| !ready.contains(*name));
    defects.extend(missing.map(|name| format!("has no usable index {name}")));
    defects.extend(expiry(stack, &name, expected).await?);
    // The embedded database keeps no backups.
    if stack.running.is_none() && expected.is_restorable && !is_restorable(stack, &name).await? {
        defects.push("has no point-in-time recovery".to_owned());
    }
    Ok(defects)
}

async fn expiry(
    stack: &Stack,
    name: &str,
    expected: &ExpectedTable,
) -> anyhow::Result<Option<String>> {
    let Some(wanted) = expected.time_to_live else {
        return Ok(None);
    };
    let described = stack.tables.client.describe_time_to_live().table_name(name);
    let described = described
        .send()
        .await
        .context("cannot read its time to live")?;
    let found = described.time_to_live_description.filter(|found| {
        let status = found.time_to_live_status();
        matches!(
            status,
            Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
        )
    });
    let found = found.and_then(|found| found.attribute_name);
    let is_right = found.as_deref() == Some(wanted);
    Ok((!is_right).then(|| format!("does not expire items by {wanted}")))
}

async fn is_restorable(stack: &Stack, name: &str) -> anyhow::Result<bool> {
    let described = stack.tables.client.describe_continuous_backups();
    let described = described.table_name(name).send().await;
    let described = described.context("cannot read its backups")?;
    let recovery = described
        .continuous_backups_description
        .and_then(|backups| backups.point_in_time_recovery_description)
        .and_then(|recovery| recovery.point_in_time_recovery_status);
    Ok(recovery == Some(PointInTimeRecoveryStatus::Enabled))
}
