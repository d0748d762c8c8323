//! What is wrong now: endpoints that receive nothing, deliveries that were given up or wait, and pushes that RMS cannot
//! translate or read.
//!
//! Each count is a page of an index: one read an endpoint and state, whatever the history is. More than a page is shown as
//! "50 or more".

use std::collections::BTreeMap;

use askama::Template;
use futures::future::{try_join, try_join_all};
use logistics::domain::client::Scope;
use serde::Deserialize;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{self, page};
use crate::screens::endpoints::{Endpoint, EndpointList};
use crate::screens::messages::MessageList;

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

/// Deliveries of an endpoint in one state.
struct Waiting {
    endpoint: String,
    state: &'static str,
    count: usize,
    is_more: bool,
    oldest: Option<Moment>,
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
        self.endpoints.is_empty()
            && self.waiting.is_empty()
            && self.codes.is_empty()
            && self.unreadable.is_empty()
    }
}

/// Everything that is wrong.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    let sees_endpoints = api.visitor.caller().has_one_of(&[Scope::Configuration]);
    let unmapped = Call::of("GET /notifications").with("status", "unmapped");
    let (endpoints, unmapped) = try_join(
        endpoints(api, sees_endpoints),
        api.get::<Notifications>(unmapped),
    )
    .await?;
    let all = unmapped.notifications.iter();
    let page = ProblemsPage {
        frame: Frame::of(api, "/console/problems"),
        sees_endpoints,
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

/// The deliveries of each endpoint that failed or are parked.
async fn waiting(api: &Api<'_>, endpoints: &[Endpoint]) -> Result<Vec<Waiting>, Failed> {
    let questions = endpoints.iter().flat_map(|endpoint| {
        // Only deliveries to an endpoint that does not accept any are parked.
        let parked = (!endpoint.is_well()).then_some("parked");
        let states = std::iter::once("failed").chain(parked);
        states.map(|state| count(api, &endpoint.id, state))
    });
    let counted = try_join_all(questions).await?;
    let some = counted.into_iter().filter(|waiting| waiting.count > 0);
    Ok(some.collect())
}

async fn count(api: &Api<'_>, endpoint: &str, state: &'static str) -> Result<Waiting, Failed> {
    let call = Call::of("GET /messages")
        .with("endpointId", endpoint)
        .with("status", state);
    let list: MessageList = api.get(call).await?;
    let times = list.messages.iter().map(|message| message.created_at);
    Ok(Waiting {
        endpoint: endpoint.to_owned(),
        state,
        count: list.messages.len(),
        is_more: list.cursor.is_some(),
        oldest: times.min(),
    })
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
