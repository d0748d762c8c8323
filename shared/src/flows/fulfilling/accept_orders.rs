//! Accepts a list of outbound orders, all or none, and sends each to the OMS. When this returns without a failure, all orders
//! and their messages are stored, and the messages are queued for every endpoint that wants them.
//!
//! The orders are claimed by one transaction, with as many of the messages as fit. If the function ends before it has stored and
//! sent the rest, the client got no answer and repeats its request; the repeat finds the orders and completes what is missing.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::fields::Violation;
use crate::domain::fulfilling::deadline::{USUAL, deadline};
use crate::domain::fulfilling::group::GroupKey;
use crate::domain::fulfilling::judged_list::{JudgedList, WhyTaken, judge};
use crate::domain::fulfilling::outbound_order::OutboundOrder;
use crate::domain::fulfilling::requested::RequestedOrder;
use crate::domain::message::Message;
use crate::domain::text::SalesOrderNumber;
use crate::flows::failure::FlowFailure;
use crate::flows::fulfilling::dependencies::FulfilmentRequest;
use crate::flows::fulfilment_account::fulfilment_account;
use crate::flows::messaging::outbound_messages::order_message;
use crate::flows::messaging::publish_each_again::publish_each_again;
use crate::flows::messaging::publish_message::PublishFailure;
use crate::flows::messaging::publish_together::publish_together;
use crate::store::failure::StoreFailure;
use crate::store::packed::pack;

/// The maximum packed size of an order; a DynamoDB item holds 400 KB.
const LARGEST_ORDER: usize = 300 * 1000;
/// When a client may try again if others keep writing the same orders.
const AFTER_A_RACE: Duration = Duration::from_secs(1);

/// Orders that are stored and on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedOrders {
    /// The key of their group.
    pub group: GroupKey,
    /// Whether an earlier request accepted them.
    pub replayed: bool,
}

/// Accepts orders, which have different numbers. `pointer` is the pointer to the order at a place in the request.
pub async fn accept_orders(
    request: FulfilmentRequest<'_>,
    orders: &[RequestedOrder],
    pointer: impl Fn(usize) -> String,
) -> Result<AcceptedOrders, FlowFailure> {
    check_sizes(orders, &pointer)?;
    let FulfilmentRequest {
        dependencies,
        client_id,
        request_id,
        now,
    } = request;
    let Some(first) = orders.first() else {
        return Err(FlowFailure::Invalid(Vec::new()));
    };
    let group = GroupKey::of(Uuid::now_v7(), &first.number);
    let group = group.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    let publishing = &dependencies.publishing;
    let (endpoints, account) = futures::try_join!(
        publishing.endpoints.all(client_id),
        fulfilment_account(&dependencies.accounts, client_id),
    )?;
    let within = account.map_or(USUAL, |account| account.confirmation_deadline());
    let new: Vec<_> = orders
        .iter()
        .map(|order| accepted(order, &group, now, deadline(now, within)))
        .collect();
    let messages = messages(request, orders.iter(), &group)?;
    let write = async |parts| {
        let stored = &dependencies.orders;
        stored.create(client_id, &new, parts).await
    };
    let published =
        publish_together(publishing, &endpoints, &messages, request_id, now, write).await?;
    if published.is_some() {
        return Ok(AcceptedOrders {
            group,
            replayed: false,
        });
    }
    repeated(request, orders, pointer).await
}

fn accepted(
    order: &RequestedOrder,
    group: &GroupKey,
    now: Timestamp,
    deadline: Timestamp,
) -> OutboundOrder {
    OutboundOrder {
        number: order.number.clone(),
        order_type: order.order_type,
        tracking: order.tracking.clone(),
        warehouse: order.warehouse.clone(),
        group: group.clone(),
        content: order.content.clone(),
        accepted_at: now,
        deadline,
        unconfirmed_at: None,
        result: None,
        due_at: None,
    }
}

fn messages<'a>(
    request: FulfilmentRequest<'a>,
    orders: impl Iterator<Item = &'a RequestedOrder>,
    group: &GroupKey,
) -> Result<Vec<Message<'a>>, FlowFailure> {
    let message = |order| order_message(request.client_id, group, order);
    let messages: Result<_, _> = orders.map(message).collect();
    messages.map_err(|error| PublishFailure::NotSerialised(error).into())
}

/// Some numbers are in use: completes the request if it repeats an earlier one, or says which orders are in the way.
async fn repeated(
    request: FulfilmentRequest<'_>,
    orders: &[RequestedOrder],
    pointer: impl Fn(usize) -> String,
) -> Result<AcceptedOrders, FlowFailure> {
    let FulfilmentRequest {
        dependencies,
        client_id,
        request_id,
        now,
    } = request;
    let numbers: Vec<SalesOrderNumber> = orders.iter().map(|order| order.number.clone()).collect();
    let known = dependencies.orders.known(client_id, &numbers).await?;
    let group = match judge(orders, &known) {
        JudgedList::New => return Err(FlowFailure::InProgress(AFTER_A_RACE)),
        JudgedList::Taken(taken) => {
            return Err(FlowFailure::NumbersReused(violations(&taken, pointer)));
        }
        JudgedList::Repeated(group) => group,
    };
    // The OMS has an order of which it gave a result.
    let is_open = |order: &&RequestedOrder| {
        let known = known.get(&order.number);
        known.is_some_and(|known| known.result.is_none())
    };
    let messages = messages(request, orders.iter().filter(is_open), &group)?;
    let publishing = &dependencies.publishing;
    let endpoints = publishing.endpoints.all(client_id).await?;
    publish_each_again(publishing, &endpoints, &messages, request_id, now).await?;
    Ok(AcceptedOrders {
        group,
        replayed: true,
    })
}

fn violations(taken: &[(usize, WhyTaken)], pointer: impl Fn(usize) -> String) -> Vec<Violation> {
    let violation = |(place, why): &(usize, WhyTaken)| Violation {
        pointer: format!("{}/so_number", pointer(*place)),
        detail: match why {
            WhyTaken::OtherContent => "was used for an order with other content".to_owned(),
            WhyTaken::OfGroup(group) => format!(
                "was accepted before, in the group {group}: repeat that request, or send the other orders without it"
            ),
        },
    };
    taken.iter().map(violation).collect()
}

fn check_sizes(
    orders: &[RequestedOrder],
    pointer: impl Fn(usize) -> String,
) -> Result<(), FlowFailure> {
    let is_too_large = |order: &RequestedOrder| {
        let document = order.document.expose().as_bytes();
        document.len() > LARGEST_ORDER
            && pack(document).is_ok_and(|packed| packed.len() > LARGEST_ORDER)
    };
    let large = orders.iter().enumerate();
    let large = large.filter(|(_, order)| is_too_large(order));
    let large: Vec<_> = large
        .map(|(place, _)| Violation {
            pointer: pointer(place),
            detail: "is too large to be stored, even compressed".to_owned(),
        })
        .collect();
    if large.is_empty() {
        Ok(())
    } else {
        Err(FlowFailure::Invalid(large))
    }
}
