//! Takes the OMS's results of the orders of a group, and tells each to the client. When this returns without a failure, the
//! accepted results are recorded, and their messages are stored and queued for every endpoint that wants them.
//!
//! A result and its message are written in one transaction, so there is never a result that nobody is told of. The order stays
//! due until the message is queued: if the function ends before that, a repeat of the request sends it, or else the next run of
//! the schedule.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::contract::fulfilling::confirmation::Confirmation;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::fulfilling::judged_result::{JudgedResult, judge};
use crate::domain::fulfilling::outbound_order::{DatedResult, OmsResult, OutboundOrder};
use crate::domain::message::Message;
use crate::domain::text::{SalesOrderNumber, Text};
use crate::flows::failure::FlowFailure;
use crate::flows::fulfilling::dependencies::FulfilmentRequest;
use crate::flows::messaging::outbound_messages::{result_message, unconfirmed_message};
use crate::flows::messaging::publish_each_again::publish_each_again;
use crate::flows::messaging::publish_message::PublishFailure;
use crate::flows::messaging::publish_together::publish_together;
use crate::store::fulfilling::order_changes::MOST_CHANGES;

/// How often a request is judged at most while others change its orders.
const MOST_TRIES: u32 = 8;
/// When a caller may try again after that.
const AFTER_A_RACE: Duration = Duration::from_secs(1);
/// When the schedule sends a message, unless this request has done it: later than a function can live.
const UNTIL_SENT: SignedDuration = SignedDuration::from_mins(2);

const ABSENT: &str = "group not found";

/// Which results were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenResults {
    /// The orders whose result was taken, now or before.
    pub accepted: Vec<String>,
    /// The others, with the reasons.
    pub rejected: Vec<(String, String)>,
}

type Known = BTreeMap<SalesOrderNumber, OutboundOrder>;

/// A result of the request with its order.
struct Judged<'a> {
    order: &'a OutboundOrder,
    result: &'a OmsResult,
}

/// Takes the results of a request. A rejected one has no effect on the others.
pub async fn confirm_orders(
    request: FulfilmentRequest<'_>,
    confirmation: &Confirmation,
) -> Result<TakenResults, FlowFailure> {
    let results = &confirmation.results;
    let number = |(number, _): &(String, OmsResult)| Text::stored(number).ok();
    let first = confirmation.group.first_order();
    let first = first.ok_or(FlowFailure::NotFound(ABSENT))?;
    let mut numbers: Vec<SalesOrderNumber> = results.iter().filter_map(number).collect();
    numbers.push(first.clone());
    numbers.sort();
    numbers.dedup();
    for _ in 0..MOST_TRIES {
        let orders = &request.dependencies.orders;
        let known = orders.known(request.client_id, &numbers).await?;
        let first = known.get(&first);
        if first.is_none_or(|first| first.group != confirmation.group) {
            return Err(FlowFailure::NotFound(ABSENT));
        }
        let judged = judge_all(confirmation, &known);
        if tell(request, &judged).await? {
            return Ok(judged.taken);
        }
    }
    Err(FlowFailure::InProgress(AFTER_A_RACE))
}

/// What the results of a request mean.
struct JudgedResults<'a> {
    taken: TakenResults,
    /// The first results of their orders.
    first: Vec<Judged<'a>>,
    /// Those that were taken before, but perhaps not told.
    again: Vec<Judged<'a>>,
}

fn judge_all<'a>(confirmation: &'a Confirmation, known: &'a Known) -> JudgedResults<'a> {
    let mut judged = JudgedResults {
        taken: TakenResults::default(),
        first: Vec::new(),
        again: Vec::new(),
    };
    // An order may be in the request twice: its first result counts.
    let mut met: BTreeMap<&str, &OmsResult> = BTreeMap::new();
    for (number, result) in &confirmation.results {
        let order = Text::stored(number).ok();
        let order = order.and_then(|number: SalesOrderNumber| known.get(&number));
        let meaning = match met.get(number.as_str()) {
            None => judge(order, &confirmation.group, result),
            Some(first) if *first == result => {
                judged.taken.accepted.push(number.clone());
                continue;
            }
            Some(first) => JudgedResult::Other((*first).clone()),
        };
        match (meaning, order) {
            (JudgedResult::First, Some(order)) => {
                judged.first.push(Judged { order, result });
            }
            (JudgedResult::Same, Some(order)) => {
                if order.due_at.is_some() {
                    judged.again.push(Judged { order, result });
                }
            }
            (JudgedResult::Other(known), _) => {
                let why = format!("has another result already: {}", words(&known));
                judged.taken.rejected.push((number.clone(), why));
                continue;
            }
            (JudgedResult::NotInGroup | JudgedResult::First | JudgedResult::Same, _) => {
                let why = "the group has no order with this so_number".to_owned();
                judged.taken.rejected.push((number.clone(), why));
                continue;
            }
        }
        met.insert(number, result);
        judged.taken.accepted.push(number.clone());
    }
    judged
}

fn words(result: &OmsResult) -> String {
    match result {
        OmsResult::Confirmed => "CONFIRMED".to_owned(),
        OmsResult::Failed(reason) => format!("FAILED, {reason}"),
    }
}

/// Records and tells the results; `false` if an order got another one meanwhile.
async fn tell(
    request: FulfilmentRequest<'_>,
    judged: &JudgedResults<'_>,
) -> Result<bool, FlowFailure> {
    if judged.first.is_empty() && judged.again.is_empty() {
        return Ok(true);
    }
    let publishing = &request.dependencies.publishing;
    let endpoints = publishing.endpoints.all(request.client_id).await?;
    let before = interrupted(request, judged)?;
    if !before.is_empty() {
        let (id, now) = (request.request_id, request.now);
        publish_each_again(publishing, &endpoints, &before, id, now).await?;
    }
    let due_at = request.now.checked_add(UNTIL_SENT);
    let due_at = due_at.unwrap_or(Timestamp::MAX);
    for results in judged.first.chunks(MOST_CHANGES) {
        if !record(request, results, due_at, &endpoints).await? {
            return Ok(false);
        }
    }
    let again = judged.again.iter();
    let again =
        again.filter_map(|judged| Some((judged.order.number.clone(), judged.order.due_at?)));
    let first = judged.first.iter();
    let first = first.map(|judged| (judged.order.number.clone(), due_at));
    let told: Vec<_> = first.chain(again).collect();
    let orders = &request.dependencies.orders;
    if let Err(failure) = orders.settle(request.client_id, &told).await {
        // Everything is told. The schedule finds nothing to send, and settles them.
        let error = crate::telemetry::chain(&failure);
        tracing::warn!(error, "settling the orders is left to the next run");
    }
    Ok(true)
}

/// The messages that earlier requests and runs may not have sent: the same results, and before a first result that an order
/// was not confirmed in time, so that the client learns of both in their order.
fn interrupted<'a>(
    request: FulfilmentRequest<'a>,
    judged: &JudgedResults<'_>,
) -> Result<Vec<Message<'a>>, FlowFailure> {
    let client = request.client_id;
    let late = judged.first.iter().filter(|judged| {
        let order = judged.order;
        order.unconfirmed_at.is_some() && order.due_at.is_some()
    });
    let late = late.map(|judged| unconfirmed_message(client, judged.order));
    let again = judged.again.iter();
    let again = again.map(|judged| result_message(client, judged.order, judged.result));
    let messages: Result<_, _> = late.chain(again).collect();
    messages.map_err(|error| PublishFailure::NotSerialised(error).into())
}

async fn record(
    request: FulfilmentRequest<'_>,
    results: &[Judged<'_>],
    due_at: Timestamp,
    endpoints: &[WebhookEndpoint],
) -> Result<bool, FlowFailure> {
    let FulfilmentRequest {
        dependencies,
        client_id,
        request_id,
        now,
    } = request;
    let message = |judged: &Judged<'_>| result_message(client_id, judged.order, judged.result);
    let messages: Result<Vec<_>, _> = results.iter().map(message).collect();
    let messages = messages.map_err(PublishFailure::NotSerialised)?;
    let dated = |judged: &Judged<'_>| {
        let result = DatedResult {
            at: now,
            result: judged.result.clone(),
        };
        (judged.order.number.clone(), result)
    };
    let dated: Vec<_> = results.iter().map(dated).collect();
    let write = async |parts| {
        let orders = &dependencies.orders;
        let written = orders.record_results(client_id, &dated, due_at, parts);
        written.await
    };
    let publishing = &dependencies.publishing;
    let published =
        publish_together(publishing, endpoints, &messages, request_id, now, write).await?;
    Ok(published.is_some())
}
