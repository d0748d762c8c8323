//! Notes a status of a channel that RMS does not know: in the time line of the return order, and in the list of unmapped
//! notifications, in one transaction. Nothing is sent.

use serde_json::json;

use crate::contract::push::PushStatus;
use crate::domain::notification::Identity;
use crate::domain::returning::event::DatedReturnEvent;
use crate::domain::text::{ChannelName, Text};
use crate::flows::failure::FlowFailure;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::read_return::{ABSENT, parcel_id};
use crate::store::expiry::expiry;
use crate::store::failure::StoreFailure;
use crate::store::message_keys::MessageKey;
use crate::store::notifying::notifications::StoredNotification;
use crate::store::notifying::unmapped::UnmappedPlace;
use crate::store::packed::pack;
use crate::store::returning::return_orders::StoredReturn;

/// Notes a status, unless another request changed the return order meanwhile.
pub(in crate::flows) async fn note_unmapped(
    request: ReturnRequest<'_>,
    channel: &ChannelName,
    seen: &StoredReturn,
    event: &DatedReturnEvent,
    status: &str,
) -> Result<(), FlowFailure> {
    let client = &request.caller.client_id;
    let id = parcel_id(client, &seen.order.return_order_code);
    let id = id.map_err(|_| FlowFailure::NotFound(ABSENT))?;
    let identity = Identity::Event(format!("{} {}", seen.round, event.identity));
    let key = MessageKey::of_notification(&id, None, &identity, 0);
    let raw = pack(json!({ "status": status }).to_string().as_bytes());
    let at = request.now.as_millisecond();
    let unmapped = StoredNotification {
        order_number: id.order_number,
        shipment_code: None,
        awb: None,
        round: None,
        contradicts: None,
        alias: None,
        by_rms: true,
        aggregator: Text::stored(channel.as_str()).ok(),
        status: PushStatus::Unmapped.to_string(),
        pushed_type: status.to_owned(),
        notification_type: None,
        received_at: at,
        occurred_at: None,
        request_id: Some(request.request_id.clone()),
        raw: raw.map_err(|error| StoreFailure::CorruptBody(error.into()))?,
        payload: None,
        sent_to: Vec::new(),
        expires_at: expiry(request.now, request.dependencies.ttl_days),
        unmapped: Some(UnmappedPlace::new(client, request.now)),
        writer: fastrand::u64(..),
        occurrences: 0,
        newest_at: at,
    };
    let listed = request.dependencies.notifications.part(&key, &unmapped)?;
    let returns = &request.dependencies.returns;
    returns.append(client, seen, event, [listed]).await?;
    Ok(())
}
