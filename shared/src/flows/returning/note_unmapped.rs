//! Notes a status of a channel that RMS does not know: in the time line of the return order, and in the list of unmapped
//! notifications, in one transaction. Nothing is sent.

use serde_json::json;

use crate::contract::push::PushStatus;
use crate::domain::notification::Identity;
use crate::domain::returning::event::DatedReturnEvent;
use crate::domain::text::{ChannelName, Text};
use crate::flows::failure::FlowFailure;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::read_return::parcel_id;
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
    let id = parcel_id(client, &seen.order.return_order_code)?;
    let identity = Identity::Event(format!("{} {}", seen.round, event.identity));
    let key = MessageKey::of_notification(&id, None, &identity, 0);
    let raw = pack(json!({ "status": status }).to_string().as_bytes());
    let raw = raw.map_err(|error| StoreFailure::CorruptBody(error.into()))?;
    let (word, ttl_days) = (
        PushStatus::Unmapped.to_string(),
        request.dependencies.ttl_days,
    );
    let (number, written) = (id.order_number, status.to_owned());
    let unmapped = StoredNotification {
        aggregator: Text::stored(channel.as_str()).ok(),
        request_id: Some(request.request_id.clone()),
        unmapped: Some(UnmappedPlace::new(client, request.now)),
        ..StoredNotification::by_rms(number, &word, written, raw, request.now, ttl_days)
    };
    let listed = request.dependencies.notifications.part(&key, &unmapped)?;
    let returns = &request.dependencies.returns;
    returns.append(client, seen, event, [listed]).await?;
    Ok(())
}
