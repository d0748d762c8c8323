//! Orders without an AWB.

use crate::aggregators::reference::Reference;
use crate::aggregators::shipway::book::answer::Created;
use crate::aggregators::shipway::book::{ORDER, PUSH_ORDER, answer, request};
use crate::aggregators::shipway::call::post;
use crate::aggregators::shipway::look_up::{Kept, kept};
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::Request;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Effect, exchange};

/// Makes an order alone. Asks for it first: a repeat cannot know whether an earlier attempt made it.
pub(super) async fn create_order(
    call: Call<'_>,
    reference: Reference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<AggregatorOrderId, Failure> {
    request::check_region(call.account)?;
    let order_id = request::order_id(&reference.name())?;
    if progress.at(ORDER).is_some() {
        return Ok(order_id);
    }
    let order = request::order(request, &order_id, None)?;
    let creation = post(call.account, PUSH_ORDER, &order)?;
    match kept(call, reference, &order_id).await? {
        Kept::Nothing => create(call, creation, &order_id).await?,
        Kept::OrderAlone | Kept::Booked(_) | Kept::Cancelled | Kept::Illegible => {}
        Kept::Unclear => return Err(Failure::Unreadable),
    }
    reach(progress, &order_id).await?;
    Ok(order_id)
}

/// Makes an order alone.
async fn create(
    call: Call<'_>,
    creation: Request,
    order_id: &AggregatorOrderId,
) -> Result<(), Failure> {
    let reply = exchange(call, creation, Effect::Creates).await?;
    match answer::created(&reply, order_id, ShipmentType::Forward) {
        Created::Booked(_) | Created::OrderAlone(_) => Ok(()),
        Created::Refused(refusal) => Err(Failure::Refused(refusal)),
        Created::Unclear => Err(Failure::OutcomeUnknown),
    }
}

pub(super) async fn reach(
    progress: &mut Progress<'_>,
    order_id: &AggregatorOrderId,
) -> Result<(), Failure> {
    if progress.at(ORDER).is_some() {
        return Ok(());
    }
    let kept = progress.reach(ORDER, order_id.as_str()).await;
    kept.map_err(|_| Failure::OutcomeUnknown)
}

/// What Shipway calls the order.
pub(super) fn known_as(reference: Reference<'_>) -> Result<AggregatorOrderId, Failure> {
    match reference.order_id {
        Some(order_id) => Ok(order_id.clone()),
        None => request::order_id(&reference.name()),
    }
}
