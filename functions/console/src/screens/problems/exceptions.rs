//! Delivery exceptions: what aggregators pushed about shipments with which something went wrong, and where these are now.

use std::collections::BTreeMap;

use askama::Template;
use jiff::SignedDuration;
use logistics::clock;
use logistics::edge::problem::Problem;
use logistics::flows::notifying::present_states::{PresentState, present_states};
use logistics::store::keys::Key;
use logistics::store::message_keys::notification_key;
use serde::Deserialize;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::page;
use crate::screens::deliveries::tone;
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
    /// Where the shipment is now; absent if that is not known at once.
    #[serde(skip)]
    now: Option<PresentState>,
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
        let now = self.now.as_ref();
        let code = now.and_then(|now| now.id.shipment_code.as_ref());
        let code = code.map_or("", |code| code.as_str());
        shipment_url(&self.order_number, &self.shipment_type, code)
    }

    /// The state in which the shipment is now, with its colour.
    fn state(&self) -> Option<(&str, &'static str)> {
        let state = self.now.as_ref()?.state.as_str();
        Some((state, tone(state)))
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

/// The exceptions, the newest first, each with the present state of its shipment.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let call = call().with("cursor", api.parameter("cursor"));
    let mut list: Pushes = api.get(call).await?;
    add_states(api, &mut list.notifications).await?;
    let frame = Frame::of(api, "/console/problems");
    Ok(page(&ExceptionsPage { frame, list })?)
}

/// No route tells the states of several shipments.
async fn add_states(api: &Api<'_>, pushes: &mut [Push]) -> Result<(), Failed> {
    let client = &api.visitor.caller().client_id;
    let key = |push: &Push| notification_key(client, &push.notification_id);
    let keys: Vec<Key> = pushes.iter().filter_map(key).collect();
    let function = &api.functions.get_shipment;
    let states = present_states(&function.shipments, &function.history, client, &keys).await;
    let mut states = states.map_err(Problem::from)?;
    for push in pushes {
        push.now = key(push).and_then(|key| states.remove(&key));
    }
    Ok(())
}
