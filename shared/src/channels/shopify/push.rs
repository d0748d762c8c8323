//! Webhooks: which topics RMS uses, and the identity and time of an event.
//!
//! `X-Shopify-Event-Id` is the same over all subscriptions and retries of one event; a retry has the original body.

use http::HeaderMap;
use jiff::Timestamp;

use crate::channels::shopify::account::SHOP_DOMAIN;
use crate::channels::shopify::order;
use crate::channels::{ReadHook, ShopEvent};
use crate::contract::fields::Unreadable;
use crate::digest::{Sha256, hex};
use crate::domain::account::ChannelAccount;
use crate::domain::channel_order::OrderEvent;

const TOPIC: &str = "x-shopify-topic";
const EVENT_ID: &str = "x-shopify-event-id";
const TRIGGERED_AT: &str = "x-shopify-triggered-at";

/// The topics of orders.
const TOPICS: [&str; 3] = ["orders/create", "orders/updated", CANCELLED];
/// The topic of a cancellation, which says that an order is cancelled even if the body does not.
const CANCELLED: &str = "orders/cancelled";

/// The longest event id that is used as it is.
const LONGEST_ID: usize = 200;

/// Parses a webhook.
pub(super) fn read(
    account: &ChannelAccount,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<ReadHook, Unreadable> {
    let topic = header(headers, TOPIC).unwrap_or_default();
    if !TOPICS.contains(&topic) {
        return Ok(ReadHook::Ignored);
    }
    let mut order = order::read(account, body)?;
    if topic == CANCELLED {
        order.is_cancelled = order.is_cancelled.or(Some(true));
    }
    let triggered_at = header(headers, TRIGGERED_AT).and_then(|text| text.parse().ok());
    Ok(ReadHook::Order(Box::new(ShopEvent {
        shop_domain: account
            .setting(SHOP_DOMAIN)
            .map(|domain| domain.trim().to_ascii_lowercase()),
        event: OrderEvent {
            id: identity(headers, body, triggered_at),
            triggered_at,
            order,
        },
    })))
}

/// The event's id; without one, a digest of what a retry repeats.
fn identity(headers: &HeaderMap, body: &[u8], triggered_at: Option<Timestamp>) -> String {
    if let Some(id) = header(headers, EVENT_ID).filter(|id| id.len() <= LONGEST_ID) {
        return id.to_owned();
    }
    let time = triggered_at
        .map(|time| time.to_string())
        .unwrap_or_default();
    let digest = Sha256::new().chain_update(time).chain_update(body);
    format!("sha256:{}", hex(&digest.finalize()))
}

/// A header as text without blanks around it; `None` if it is empty.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}
