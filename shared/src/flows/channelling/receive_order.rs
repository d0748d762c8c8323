//! Applies an event of a shop's order: writes what is known now together with the message that tells the change, then sends the
//! message.
//!
//! If a send fails, the webhook gets an error and the channel repeats it. The repeat finds the message by the event's id and
//! sends what has no delivery record.

use jiff::Timestamp;

use crate::channels::ShopEvent;
use crate::contract::hook::HookStatus;
use crate::contract::messages::order_update::OrderUpdateBody;
use crate::domain::account::ChannelAccount;
use crate::domain::channel_order::history::{AppliedEvent, Judgement, OrderHistory};
use crate::domain::message::{Message, MessageKind, MessageSubject, Routing};
use crate::domain::text::RequestId;
use crate::flows::channelling::dependencies::HookDependencies;
use crate::flows::channelling::receive_hook::{HookFailure, ReceivedHook};
use crate::flows::messaging::publish_message::{PublishFailure, Published, publish_again};
use crate::flows::messaging::publish_together::publish_together;
use crate::store::failure::StoreFailure;
use crate::store::keys::channel_order;

/// How often an event is judged at most. Each time, another event of the order was applied.
const MOST_TRIES: u32 = 10;

/// Applies an event once.
pub(super) async fn receive_order(
    dependencies: &HookDependencies,
    account: &ChannelAccount,
    event: &ShopEvent,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<ReceivedHook, HookFailure> {
    let (orders, publishing) = (&dependencies.orders, &dependencies.publishing);
    let key = channel_order(&account.client_id, &account.alias, &event.event.order.id);
    let unsent = message(account, event, String::new());
    for _ in 0..MOST_TRIES {
        let endpoints = publishing.endpoints.all(&account.client_id);
        let (seen, endpoints) = futures::try_join!(orders.read(&key), endpoints)?;
        let known = seen.as_ref().map(|seen| &seen.history);
        let applied = match OrderHistory::judge(known, &event.event) {
            Judgement::Applied(applied) => applied,
            Judgement::Repeated => {
                let published = publish_again(publishing, &unsent).await?;
                return Ok(received(HookStatus::Duplicate, published));
            }
            Judgement::Outdated => {
                // Its message exists if so many events followed that the order has forgotten it.
                let published = publish_again(publishing, &unsent).await?;
                return Ok(received(HookStatus::Outdated, published));
            }
        };
        let messages = told(account, event, &applied).map_err(PublishFailure::from)?;
        let write = async |parts| {
            let seen = seen.as_ref();
            orders.write(&key, seen, &applied.history, parts).await
        };
        let published =
            publish_together(publishing, &endpoints, &messages, request_id, now, write).await?;
        if let Some(published) = published {
            let status = applied
                .change
                .map_or(HookStatus::Unchanged, |_| HookStatus::Accepted);
            return Ok(received(status, published.into_iter().next()));
        }
        // Another event was faster, or this one on another instance.
        if let Some(published) = publish_again(publishing, &unsent).await? {
            return Ok(received(HookStatus::Duplicate, Some(published)));
        }
    }
    Err(StoreFailure::Contended.into())
}

fn received(status: HookStatus, published: Option<Published>) -> ReceivedHook {
    ReceivedHook {
        // An outdated event with a message was applied before.
        status: match (status, &published) {
            (HookStatus::Outdated, Some(_)) => HookStatus::Duplicate,
            (status, Some(_) | None) => status,
        },
        message_id: published.map(|published| published.message_id),
    }
}

/// The message that tells an event's change; none if it tells nothing.
fn told<'a>(
    account: &'a ChannelAccount,
    event: &ShopEvent,
    applied: &AppliedEvent,
) -> Result<Vec<Message<'a>>, serde_json::Error> {
    let Some(change) = applied.change else {
        return Ok(Vec::new());
    };
    let shop_domain = event.shop_domain.as_deref();
    let id = &event.event.order.id;
    let body = OrderUpdateBody::of(&account.channel, shop_domain, id, change, applied);
    Ok(vec![message(account, event, serde_json::to_string(&body)?)])
}

/// The message about an event. Its id depends only on the account, the order and the event.
fn message<'a>(account: &'a ChannelAccount, event: &ShopEvent, body: String) -> Message<'a> {
    Message {
        client_id: &account.client_id,
        routing: Routing {
            kind: MessageKind::OrderUpdate,
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: None,
        },
        subject: MessageSubject::ChannelOrder(event.event.order.id.clone()),
        identity: vec![account.alias.to_string(), event.event.id.clone()],
        content: String::new(),
        correction: false,
        body,
    }
}
