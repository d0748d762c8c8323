//! Books: creates an order, assigns an AWB to its shipment, and prints the label. Only the assignment is a purchase.

pub(super) mod address;
pub(super) mod lines;
pub(super) mod request;

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::shiprocket::call::{in_region, post};
use crate::aggregators::shiprocket::look_up::{ask_for, shown};
use crate::aggregators::shiprocket::order::kept::{
    AssignedAwb, ORDER, OrderIds, ShiprocketOrder, awb_of,
};
use crate::aggregators::shiprocket::order::ordered;
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::{AssignAwb, GenerateLabel, ShiprocketAnswer, id, text};
use crate::aggregators::unused_fields::log_unused;
use crate::contract::optional_fields::OptionalFields;
use crate::domain::booking::{Booked, Booking};
use crate::domain::given_id::GivenId;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::CourierId;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::progress::Progress;
use crate::partners::transport::Operation;

const ASSIGN: Operation = Operation::creates("assign_awb");
const PRINT_LABEL: Operation = Operation::reads("print_label");
/// The step in which an AWB is assigned.
pub(super) const AWB: &str = "awb";
/// A label that takes longer is requested later: the shipment is then booked without it.
const LABEL_DEADLINE: Duration = Duration::from_secs(10);

/// Creates the order, assigns its AWB and prints its label, continuing from where an earlier attempt stopped.
pub(super) async fn book(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Booked, PartnerFailure> {
    let order = ordered(call, reference, request, progress).await?;
    let Some(assigned) = assigned(call, &order, request, progress).await? else {
        return Ok(Booked::Later);
    };
    let label_url = match request.purpose.shipment_type() {
        ShipmentType::Forward => print_label(call, &order.ids).await,
        ShipmentType::Return => None,
    };
    Ok(Booked::Now(booking(&order.ids, assigned, label_url)))
}

/// The AWB of the order, or a new one; `None` if it will be assigned later.
async fn assigned(
    call: AggregatorCall<'_>,
    order: &ShiprocketOrder,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Option<AssignedAwb>, PartnerFailure> {
    if let Some(assigned) = &order.assigned {
        return Ok(Some(assigned.clone()));
    }
    let shipment_type = request.purpose.shipment_type();
    let courier = request.courier.as_ref();
    match assign(call, &order.ids, courier, shipment_type).await? {
        AwbAssignment::Now(assigned) => {
            let given = GivenId::Awb(assigned.awb.clone());
            progress.reach(AWB, &assigned.packed(), given).await?;
            Ok(Some(assigned))
        }
        AwbAssignment::Queued => Ok(None),
        AwbAssignment::Before => assigned_before(call, &order.ids).await.map(Some),
    }
}

/// The AWB of a shipment that already has one. Whatever fails here, it has been bought.
async fn assigned_before(
    call: AggregatorCall<'_>,
    ids: &OrderIds,
) -> Result<AssignedAwb, PartnerFailure> {
    let answered = ask_for(call, &ids.order).await;
    let answered = answered.ok().flatten().ok_or(ASSIGN.unclear())?;
    answered.read(|reply| match shown(reply) {
        Ok(Some(order)) if order.is_cancelled => Err(refusal::cancelled_order()),
        Ok(Some(ShiprocketOrder {
            assigned: Some(assigned),
            ..
        })) => Ok(assigned),
        Ok(_) | Err(_) => Err(ASSIGN.unclear()),
    })
}

/// The booking of an order with an AWB.
pub(super) fn booking(ids: &OrderIds, assigned: AssignedAwb, label_url: Option<Url>) -> Booking {
    Booking {
        order_id: Some(ids.order.clone()),
        awb: assigned.awb,
        carrier_name: assigned.carrier_name,
        label_url,
        commercial_invoice_url: None,
        meta_data: BTreeMap::new(),
        own_ids: [(ORDER.to_owned(), ids.packed())].into(),
    }
}

/// Assigns an AWB: the purchase. If no courier is given, Shiprocket chooses one.
pub(super) async fn assign(
    call: AggregatorCall<'_>,
    ids: &OrderIds,
    courier: Option<&CourierId>,
    shipment_type: ShipmentType,
) -> Result<AwbAssignment, PartnerFailure> {
    let path = in_region(call, "courier/assign/awb");
    let body = AssignAwb {
        shipment_id: id(&ids.shipment),
        courier_id: courier.map(|courier| id(courier.as_str())),
        is_return: (shipment_type == ShipmentType::Return).then_some(1),
    };
    let request = post(call.partner.account, &path, &body)?;
    ask(call.partner, ASSIGN, request).await?.read(assignment)
}

/// The result of assigning an AWB.
#[derive(Debug)]
pub(super) enum AwbAssignment {
    /// The assigned AWB.
    Now(AssignedAwb),
    /// It will be assigned later.
    Queued,
    /// The shipment already has one, which the response does not contain.
    Before,
}

/// Parses the response of `courier/assign/awb`.
pub(super) fn assignment(reply: &Reply) -> Result<AwbAssignment, PartnerFailure> {
    if reply.status >= 400 {
        return refused_assignment(refusal::of(reply));
    }
    let answer = ShiprocketAnswer::of(reply).ok_or(ASSIGN.unclear())?;
    let data = answer.at("/response/data");
    let status = answer.number("/awb_assign_status");
    if let Some(assigned) = data.and_then(awb_of).filter(|_| status != Some(0)) {
        return Ok(AwbAssignment::Now(assigned));
    }
    let error = answer.text("/response/data/awb_assign_error");
    let told = refusal::of(reply);
    if status == Some(0) || error.is_some() {
        return refused_assignment(Refusal {
            code: Some("awb_assign_error".to_owned()),
            message: error.map(|error| refusal::cut(&error)).or(told.message),
        });
    }
    if refusal::is_failure(&answer) {
        return refused_assignment(told);
    }
    let is_processing = told
        .message
        .is_some_and(|message| message.to_lowercase().contains("processing"));
    if is_processing {
        Ok(AwbAssignment::Queued)
    } else {
        Err(ASSIGN.unclear())
    }
}

fn refused_assignment(refusal: Refusal) -> Result<AwbAssignment, PartnerFailure> {
    if refusal::says_assigned(&refusal) {
        Ok(AwbAssignment::Before)
    } else {
        Err(PartnerFailure::Refused(refusal))
    }
}

/// The label of a shipment with an AWB. The AWB has already been bought, so if the label cannot be printed, this is
/// `None`.
pub(super) async fn print_label(call: AggregatorCall<'_>, ids: &OrderIds) -> Option<Url> {
    let body = GenerateLabel {
        shipment_id: [id(&ids.shipment)],
    };
    let call = call.within(LABEL_DEADLINE).partner;
    let request = post(call.account, "courier/generate/label", &body).ok()?;
    let answered = ask(call, PRINT_LABEL, request).await.ok()?;
    answered.read(|reply| Ok(label(reply))).ok().flatten()
}

/// The label in the response of `courier/generate/label`, if it is ready.
pub(super) fn label(reply: &Reply) -> Option<Url> {
    let answer = ShiprocketAnswer::of(reply).filter(|_| reply.status < 300)?;
    let mut optional = OptionalFields::default();
    let label = optional
        .told("label_url", answer.at("/label_url"), text)
        .document();
    log_unused(&optional);
    label
}
