//! Looks up an order, by Shipper's id or by our name, and prints its label.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use crate::aggregators::LookUp;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shipper::book::{ORDER, request};
use crate::aggregators::shipper::call::{get, post};
use crate::aggregators::shipper::refusal::{accept, says_unknown};
use crate::aggregators::shipper::status;
use crate::aggregators::shipper::wire::{LabelRequest, code, written};
use crate::aggregators::unused_fields::log_unused;
use crate::contract::optional_fields::OptionalFields;
use crate::domain::booking::{Booking, MetaData};
use crate::domain::text::{AggregatorOrderId, Awb};
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const LOOK_UP: Operation = Operation::reads("look_up");
const LABEL: Operation = Operation::reads("fetch_label");

/// Shipper's order, as it says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum KeptOrder {
    /// It says explicitly that there is none.
    Nothing,
    /// The order has no AWB yet.
    Waiting {
        /// Its id.
        order_id: AggregatorOrderId,
        /// Whether its pickup was asked for.
        has_pickup: bool,
    },
    /// The order has an AWB; the label is not printed yet.
    Booked(Box<Booking>),
    /// The order is cancelled.
    Cancelled,
    /// The answer is inconclusive.
    Unclear,
}

/// Looks up a booking.
pub(super) async fn look_up(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<LookUp, PartnerFailure> {
    Ok(match kept(call, reference).await? {
        KeptOrder::Booked(booking) => LookUp::Booking(with_label(call, *booking).await),
        KeptOrder::Waiting {
            order_id,
            has_pickup,
        } => LookUp::Order {
            order_id,
            is_queued: has_pickup,
        },
        KeptOrder::Nothing => LookUp::Nothing,
        // Somebody cancelled it at Shipper: a repeat must not order it again.
        KeptOrder::Cancelled | KeptOrder::Unclear => LookUp::CannotTell,
    })
}

/// The order of a booking: by its id if that is known, otherwise by our name.
pub(super) async fn kept(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<KeptOrder, PartnerFailure> {
    let Some(order_id) = known_as(reference) else {
        return kept_under_name(call, &request::external_id(&reference)?).await;
    };
    let request = get(call, &["order", order_id.as_str()])?;
    // An order that was created does not vanish.
    let found = asked(call, request, KeptOrder::Unclear, |order| {
        order.get("order_id").and_then(written).as_deref() == Some(order_id.as_str())
    });
    found.await
}

/// The newest order with our name.
pub(super) async fn kept_under_name(
    call: AggregatorCall<'_>,
    name: &str,
) -> Result<KeptOrder, PartnerFailure> {
    let request = get(call, &["order", "external-id", name])?;
    let found = asked(call, request, KeptOrder::Nothing, |order| {
        order.get("external_id").and_then(Value::as_str) == Some(name)
    });
    found.await
}

/// Shipper's id of the order, if it is known.
pub(super) fn known_as(reference: BookingReference<'_>) -> Option<AggregatorOrderId> {
    let reached = || reference.reached.get(ORDER)?.parse().ok();
    reference.order_id.cloned().or_else(reached)
}

async fn asked(
    call: AggregatorCall<'_>,
    request: OutboundRequest,
    unknown: KeptOrder,
    is_ours: impl FnOnce(&Value) -> bool,
) -> Result<KeptOrder, PartnerFailure> {
    let answered = exchange(call.partner, LOOK_UP, request).await?;
    answered.read(|reply| {
        if says_unknown(reply) {
            return Ok(unknown);
        }
        match accept(reply, LOOK_UP) {
            Ok(order) if is_ours(&order) => Ok(of_order(&order)),
            Ok(_) | Err(PartnerFailure::Refused(_)) => Ok(KeptOrder::Unclear),
            Err(failure) => Err(failure),
        }
    })
}

fn of_order(order: &Value) -> KeptOrder {
    let order_id = order.get("order_id").and_then(written);
    let Some(order_id) = order_id.and_then(|id| id.parse::<AggregatorOrderId>().ok()) else {
        return KeptOrder::Unclear;
    };
    let status = order.pointer("/shipment_status/code").and_then(code);
    if status.is_some_and(status::is_cancelled) {
        return KeptOrder::Cancelled;
    }
    match order.get("awb_number") {
        None | Some(Value::Null) => waiting(order_id, order),
        Some(Value::String(text)) if text.trim().is_empty() => waiting(order_id, order),
        Some(awb) => {
            let awb: Option<Awb> = written(awb).and_then(|awb| awb.parse().ok());
            awb.map_or(KeptOrder::Unclear, |awb| {
                KeptOrder::Booked(Box::new(booking(order_id, awb, order)))
            })
        }
    }
}

fn waiting(order_id: AggregatorOrderId, order: &Value) -> KeptOrder {
    KeptOrder::Waiting {
        order_id,
        has_pickup: order.get("is_active").and_then(Value::as_bool) == Some(true),
    }
}

fn booking(order_id: AggregatorOrderId, awb: Awb, order: &Value) -> Booking {
    let mut optional = OptionalFields::default();
    let name = order.pointer("/courier/name").into_iter();
    let carrier_name = optional.told("courier.name", name, written).line();
    log_unused(&optional);
    Booking {
        order_id: Some(order_id),
        awb,
        carrier_name,
        label_url: None,
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: BTreeMap::new(),
    }
}

/// The booking with its label. If there is none yet, it is a booking nevertheless.
pub(super) async fn with_label(call: AggregatorCall<'_>, booking: Booking) -> Booking {
    let Some(order_id) = &booking.order_id else {
        return booking;
    };
    let label_url = label(call, order_id).await.ok().flatten();
    Booking {
        label_url,
        ..booking
    }
}

async fn label(
    call: AggregatorCall<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<Url>, PartnerFailure> {
    let body = LabelRequest {
        id: [order_id.as_str()],
        kind: "LBL",
    };
    let request = post(call, &["order", "label"], &body)?;
    let answered = exchange(call.partner, LABEL, request).await?;
    answered.read(|reply| {
        let data = accept(reply, LABEL)?;
        let mut optional = OptionalFields::default();
        let url = optional.told("url", data.get("url"), written).document();
        log_unused(&optional);
        Ok(url)
    })
}
