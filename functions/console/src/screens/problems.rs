//! What is wrong now: orders in doubt, refused credentials, endpoints that receive nothing, deliveries that were given up or
//! wait, delivery exceptions, and pushes that RMS cannot translate or read.
//!
//! Each count is a page of an index, whatever the history is: more than a page is shown as "50 or more". Shipments without
//! movement are not in an index, and have a page of their own.

mod accounts;
mod doubt;
pub(crate) mod exceptions;
pub(crate) mod still;
mod waiting;

use std::collections::BTreeMap;

use askama::Template;
use futures::FutureExt as _;
use logistics::domain::client::Scope;
use serde::Deserialize;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{self, page};
use crate::screens::accounts::aliases;
use crate::screens::endpoints::{Endpoint, EndpointList};
use accounts::{Refused, UnreadChannel, refused, unread_channels};
use doubt::{Doubtful, doubtful};
use exceptions::{Exceptions, counted};
use waiting::{Waiting, waiting};

#[derive(Debug, Deserialize)]
struct Notifications {
    notifications: Vec<Unmapped>,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unmapped {
    notification_id: String,
    aggregator: Option<String>,
    logistic_account_alias: Option<String>,
    order_number: String,
    pushed_type: String,
    #[serde(default)]
    unreadable: bool,
    received_at: Moment,
}

/// An unknown code.
struct UnknownCode<'a> {
    aggregator: &'a str,
    code: &'a str,
    count: usize,
    first: Moment,
    last: Moment,
    example: &'a str,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage<'a> {
    frame: Frame,
    sees_endpoints: bool,
    /// The accounts whose shipments may be looked at.
    aliases: Vec<String>,
    doubtful: Doubtful,
    refused: Vec<Refused>,
    channels: Vec<UnreadChannel>,
    exceptions: Exceptions,
    endpoints: Vec<&'a Endpoint>,
    waiting: Vec<Waiting>,
    codes: Vec<UnknownCode<'a>>,
    unreadable: Vec<&'a Unmapped>,
    is_more: bool,
}

#[derive(Template)]
#[template(path = "unmapped.html")]
struct UnmappedPage {
    frame: Frame,
    list: Notifications,
}

impl ProblemsPage<'_> {
    fn is_well(&self) -> bool {
        self.doubtful.orders.is_empty()
            && self.refused.is_empty()
            && self.channels.is_empty()
            && self.exceptions.groups.is_empty()
            && self.endpoints.is_empty()
            && self.waiting.is_empty()
            && self.codes.is_empty()
            && self.unreadable.is_empty()
    }
}

impl ProblemsPage<'_> {
    fn oldest_unreadable(&self) -> Option<Moment> {
        self.unreadable.iter().map(|one| one.received_at).min()
    }
}

/// Everything that is wrong.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    let sees_endpoints = api.visitor.caller().has_one_of(&[Scope::Configuration]);
    let unmapped = Call::of("GET /notifications").with("status", "unmapped");
    // In the heap: together they would be a large future.
    let (endpoints, unmapped, doubtful, refused, channels, exceptions, aliases) = futures::try_join!(
        endpoints(api, sees_endpoints).boxed(),
        api.get::<Notifications>(unmapped).boxed(),
        doubtful(api).boxed(),
        refused(api, sees_endpoints).boxed(),
        unread_channels(api, sees_endpoints).boxed(),
        counted(api).boxed(),
        aliases(api).boxed(),
    )?;
    let all = unmapped.notifications.iter();
    let page = ProblemsPage {
        frame: Frame::of(api, "/console/problems"),
        sees_endpoints,
        aliases,
        doubtful,
        refused,
        channels,
        exceptions,
        waiting: waiting(api, &endpoints).await?,
        endpoints: endpoints
            .iter()
            .filter(|endpoint| !endpoint.is_well())
            .collect(),
        codes: codes(&unmapped.notifications),
        unreadable: all.filter(|one| one.unreadable).collect(),
        is_more: unmapped.cursor.is_some(),
    };
    Ok(respond::page(&page)?)
}

async fn endpoints(api: &Api<'_>, may_see: bool) -> Result<Vec<Endpoint>, Failed> {
    if !may_see {
        return Ok(Vec::new());
    }
    let list: EndpointList = api.get(Call::of("GET /webhook-endpoints")).await?;
    Ok(list.webhook_endpoints)
}

/// The unknown codes of a page, by aggregator and code.
fn codes(unmapped: &[Unmapped]) -> Vec<UnknownCode<'_>> {
    let mut codes: BTreeMap<(&str, &str), UnknownCode<'_>> = BTreeMap::new();
    for one in unmapped.iter().filter(|one| !one.unreadable) {
        let aggregator = one.aggregator.as_deref().unwrap_or_default();
        let at = one.received_at;
        let code = codes
            .entry((aggregator, &one.pushed_type))
            .or_insert(UnknownCode {
                aggregator,
                code: &one.pushed_type,
                count: 0,
                first: at,
                last: at,
                example: &one.notification_id,
            });
        code.count += 1;
        code.first = code.first.min(at);
        code.last = code.last.max(at);
    }
    codes.into_values().collect()
}

/// The notifications with an unknown code, the newest first.
pub(crate) async fn unmapped(api: &Api<'_>) -> Shown {
    let call = Call::of("GET /notifications")
        .with("status", "unmapped")
        .with("aggregator", api.parameter("aggregator"))
        .with("cursor", api.parameter("cursor"));
    let list = api.get(call).await?;
    let frame = Frame::of(api, "/console/problems");
    Ok(page(&UnmappedPage { frame, list })?)
}
