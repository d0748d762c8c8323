//! The stored form of an endpoint's health.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::to_attribute_value;

use crate::domain::delivery::instant;
use crate::domain::health::{Draining, Health, Stage, Suspension, SuspensionReason};
use crate::domain::slowness::Slowness;
use crate::store::failure::StoreFailure;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HealthItem {
    version: u64,
    failing_since: Option<i64>,
    /// Two instances may take off the last one.
    hangs: i64,
    slowness: Option<Slowness>,
    suspension: Option<SuspensionItem>,
    pub(super) lease_holder: Option<String>,
    pub(super) turns: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SuspensionItem {
    /// In epoch milliseconds.
    since: i64,
    reason: SuspensionReason,
    lanes: u16,
    /// In epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    /// In epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held_until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    draining: Option<DrainingItem>,
}

#[derive(Debug, Serialize, Deserialize)]
struct DrainingItem {
    parking: BTreeSet<u16>,
    closing: BTreeSet<u16>,
}

impl From<HealthItem> for Health {
    fn from(item: HealthItem) -> Self {
        Self {
            version: item.version,
            failing_since: item.failing_since.map(instant),
            hangs: u32::try_from(item.hangs).unwrap_or(0),
            slowness: item.slowness,
            suspension: item.suspension.map(Suspension::from),
        }
    }
}

impl From<SuspensionItem> for Suspension {
    fn from(item: SuspensionItem) -> Self {
        let draining = item.draining.map(|DrainingItem { parking, closing }| {
            Stage::Draining(Draining { parking, closing })
        });
        Self {
            since: instant(item.since),
            reason: item.reason,
            lanes: item.lanes,
            not_before: item.not_before.map(instant),
            held_until: item.held_until.map(instant),
            stage: draining.unwrap_or(Stage::Suspended),
        }
    }
}

/// A suspension as stored.
pub(super) fn stored(suspension: &Suspension) -> Result<AttributeValue, StoreFailure> {
    let draining = match &suspension.stage {
        Stage::Suspended => None,
        Stage::Draining(Draining { parking, closing }) => Some(DrainingItem {
            parking: parking.clone(),
            closing: closing.clone(),
        }),
    };
    Ok(to_attribute_value(SuspensionItem {
        since: suspension.since.as_millisecond(),
        reason: suspension.reason,
        lanes: suspension.lanes,
        not_before: suspension.not_before.map(Timestamp::as_millisecond),
        held_until: suspension.held_until.map(Timestamp::as_millisecond),
        draining,
    })?)
}
