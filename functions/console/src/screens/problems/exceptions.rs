//! Delivery exceptions: what aggregators pushed about shipments with which something went wrong.

use std::collections::BTreeMap;

use askama::Template;
use jiff::SignedDuration;
use logistics::clock;
use serde::Deserialize;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::page;
use crate::screens::shipments::shipment_url;

/// How far back they are counted.
const COUNTED: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Deserialize)]
struct Pushes {
    notifications: Vec<Push>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Push {
    notification_id: String,
    aggregator: Option<String>,
    logistic_account_alias: Option<String>,
    order_number: String,
    shipment_type: String,
    notification_type: Option<String>,
    pushed_type: String,
    received_at: Moment,
}

/// The exceptions of the last seven days.
pub(super) struct Exceptions {
    pub(super) groups: Vec<ExceptionGroup>,
    pub(super) is_more: bool,
}

/// The exceptions of one type.
pub(super) struct ExceptionGroup {
    pub(super) word: String,
    pub(super) count: usize,
    pub(super) oldest: Moment,
    pub(super) newest: Moment,
}

#[derive(Template)]
#[template(path = "exceptions.html")]
struct ExceptionsPage {
    frame: Frame,
    list: Pushes,
}

impl Push {
    fn word(&self) -> &str {
        self.notification_type.as_deref().unwrap_or_default()
    }

    fn shipment(&self) -> String {
        shipment_url(&self.order_number, &self.shipment_type, "")
    }
}

fn call() -> Call {
    Call::of("GET /notifications").with("status", "exception")
}

/// The newest exceptions of the last days, by type.
pub(super) async fn counted(api: &Api<'_>) -> Result<Exceptions, Failed> {
    let since = clock::now() - COUNTED;
    let pushes: Pushes = api.get(call().with("since", &since.to_string())).await?;
    let mut groups: BTreeMap<String, ExceptionGroup> = BTreeMap::new();
    for push in &pushes.notifications {
        let at = push.received_at;
        let group = groups
            .entry(push.word().to_owned())
            .or_insert_with(|| ExceptionGroup {
                word: push.word().to_owned(),
                count: 0,
                oldest: at,
                newest: at,
            });
        group.count += 1;
        group.oldest = group.oldest.min(at);
        group.newest = group.newest.max(at);
    }
    Ok(Exceptions {
        groups: groups.into_values().collect(),
        is_more: pushes.cursor.is_some(),
    })
}

/// The exceptions, the newest first.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let list = api
        .get(call().with("cursor", api.parameter("cursor")))
        .await?;
    let frame = Frame::of(api, "/console/problems");
    Ok(page(&ExceptionsPage { frame, list })?)
}
