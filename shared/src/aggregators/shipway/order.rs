//! Orders without an AWB.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipway::book::answer::BookingAnswer;
use crate::aggregators::shipway::book::{ORDER, PUSH_ORDER, answer, request};
use crate::aggregators::shipway::call::post;
use crate::aggregators::shipway::look_up::{KeptOrder, ask_for, read_orders};
use crate::domain::given_id::GivenId;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Operation, exchange};

const CREATE_ORDER: Operation = Operation::creates("create_order");

/// Creates an order without an AWB. Looks it up first, because a repeat cannot know whether an earlier attempt created
/// it.
pub(super) async fn create_order(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<AggregatorOrderId, PartnerFailure> {
    request::check_region(call.account)?;
    let order_id = request::order_id(&reference.name())?;
    if progress.at(ORDER).is_some() {
        return Ok(order_id);
    }
    let order = request::order(request, &order_id, None)?;
    let creation = post(call.partner.account, PUSH_ORDER, &order)?;
    let answered = ask_for(call, &order_id).await?;
    let exists =
        answered.read(
            |reply| match read_orders(reply, &order_id, reference.shipment_type)? {
                KeptOrder::Nothing => Ok(false),
                KeptOrder::OrderAlone
                | KeptOrder::CancelledAlone
                | KeptOrder::Booked(_)
                | KeptOrder::Cancelled
                | KeptOrder::Illegible => Ok(true),
                KeptOrder::Unclear => Err(PartnerFailure::Unreadable),
            },
        )?;
    if !exists {
        create(call, creation, &order_id).await?;
    }
    reach(progress, &order_id).await?;
    Ok(order_id)
}

/// Creates an order without an AWB.
async fn create(
    call: AggregatorCall<'_>,
    creation: OutboundRequest,
    order_id: &AggregatorOrderId,
) -> Result<(), PartnerFailure> {
    let answered = exchange(call.partner, CREATE_ORDER, creation).await?;
    answered.read(
        |reply| match answer::created(reply, order_id, ShipmentType::Forward) {
            BookingAnswer::Booked(_) | BookingAnswer::OrderAlone(_) => Ok(()),
            BookingAnswer::Refused(refusal) => Err(PartnerFailure::Refused(refusal)),
            BookingAnswer::Unclear => Err(CREATE_ORDER.unclear()),
        },
    )
}

/// Stores as progress that Shipway has the order.
pub(super) async fn reach(
    progress: &mut Progress<'_>,
    order_id: &AggregatorOrderId,
) -> Result<(), PartnerFailure> {
    if progress.at(ORDER).is_some() {
        return Ok(());
    }
    let given = GivenId::OrderId(order_id.clone());
    progress.reach(ORDER, order_id.as_str(), given).await?;
    Ok(())
}

/// Shipway's id of the order.
pub(super) fn known_as(
    reference: BookingReference<'_>,
) -> Result<AggregatorOrderId, PartnerFailure> {
    match reference.order_id {
        Some(order_id) => Ok(order_id.clone()),
        None => request::order_id(&reference.name()),
    }
}
