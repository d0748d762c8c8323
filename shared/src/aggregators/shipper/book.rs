//! Books: creates the order, then asks for its pickup. The courier's AWB comes later, with a push.

pub(super) mod address;
pub(super) mod request;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipper::account::zone_name;
use crate::aggregators::shipper::call::post;
use crate::aggregators::shipper::look_up::{KeptOrder, kept_under_name, with_label};
use crate::aggregators::shipper::refusal::accept;
use crate::aggregators::shipper::units::check_region;
use crate::aggregators::shipper::wire::{OrderActivation, PickupData, PickupRequest, written};
use crate::domain::booking::Booked;
use crate::domain::given_id::GivenId;
use crate::domain::order::ShipmentRequest;
use crate::domain::text::AggregatorOrderId;
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Operation, exchange};

const CREATE_ORDER: Operation = Operation::creates("create_order");
const REQUEST_PICKUP: Operation = Operation::creates("request_pickup");
/// The step that is reached when Shipper has the order.
pub(super) const ORDER: &str = "order";
/// The step that is reached when Shipper knows that the parcel is to be fetched.
const PICKUP: &str = "pickup";

/// Creates the order, unless an earlier attempt did, and asks for its pickup.
pub(super) async fn book(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Booked, PartnerFailure> {
    check_region(call.account)?;
    let name = request::external_id(&reference)?;
    let order = request::order(call.account, request, &name)?;
    let creation = post(call, &["order"], &order)?;
    if let Some(order_id) = progress.at(ORDER) {
        let order_id = order_id
            .parse()
            .map_err(|_| PartnerFailure::OutcomeUnknown)?;
        return fetch(call, order_id, false, progress).await;
    }
    // Shipper accepts two orders with one external id, so an order of an attempt without a clear answer is found first.
    match kept_under_name(call, &name).await? {
        KeptOrder::Booked(order) => Ok(Booked::Now(with_label(call, *order).await)),
        KeptOrder::Waiting {
            order_id,
            has_pickup,
        } => {
            reach_order(progress, &order_id).await?;
            fetch(call, order_id, has_pickup, progress).await
        }
        KeptOrder::Nothing | KeptOrder::Cancelled => {
            let order_id = create(call, creation).await?;
            reach_order(progress, &order_id).await?;
            fetch(call, order_id, false, progress).await
        }
        KeptOrder::Unclear => Err(PartnerFailure::OutcomeUnknown),
    }
}

/// Creates the order.
async fn create(
    call: AggregatorCall<'_>,
    creation: OutboundRequest,
) -> Result<AggregatorOrderId, PartnerFailure> {
    let answered = exchange(call.partner, CREATE_ORDER, creation).await?;
    answered.read(|reply| {
        let data = accept(reply, CREATE_ORDER)?;
        let order_id = data.get("order_id").and_then(written);
        let order_id = order_id.and_then(|order_id| order_id.parse().ok());
        order_id.ok_or(CREATE_ORDER.unclear())
    })
}

async fn reach_order(
    progress: &mut Progress<'_>,
    order_id: &AggregatorOrderId,
) -> Result<(), PartnerFailure> {
    let given = GivenId::OrderId(order_id.clone());
    Ok(progress.reach(ORDER, order_id.as_str(), given).await?)
}

/// Asks for the pickup of an order, unless that was done.
async fn fetch(
    call: AggregatorCall<'_>,
    order_id: AggregatorOrderId,
    has_pickup: bool,
    progress: &mut Progress<'_>,
) -> Result<Booked, PartnerFailure> {
    if progress.at(PICKUP).is_none() {
        if !has_pickup {
            request_pickup(call, &order_id).await?;
        }
        let given = GivenId::OrderId(order_id.clone());
        progress.reach(PICKUP, order_id.as_str(), given).await?;
    }
    Ok(Booked::Later)
}

async fn request_pickup(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<(), PartnerFailure> {
    let body = PickupRequest {
        data: PickupData {
            order_activation: OrderActivation {
                order_id: [order_id.as_str()],
                timezone: zone_name(call.account),
            },
        },
    };
    let request = post(call, &["pickup", "timeslot"], &body)?;
    let answered = exchange(call.partner, REQUEST_PICKUP, request).await?;
    answered.read(|reply| accept(reply, REQUEST_PICKUP).map(|_| ()))
}
