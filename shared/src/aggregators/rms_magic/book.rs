//! Books a label or a return AWB by one call.

use crate::aggregators::rms_magic::call::{GENERATE_LABEL, GENERATE_RETURN, account_url, post};
use crate::aggregators::rms_magic::refusal;
use crate::aggregators::rms_magic::wire::{order_named, read_booking};
use crate::contract::shipment::ShipmentBody;
use crate::domain::booking::Booked;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

/// Books by one call.
pub(super) async fn book(call: Call<'_>, request: &ShipmentRequest) -> Result<Booked, Failure> {
    let shipment_type = request.purpose.shipment_type();
    let url = match shipment_type {
        ShipmentType::Forward => account_url(call.account, GENERATE_LABEL)?,
        ShipmentType::Return => account_url(call.account, GENERATE_RETURN)?,
    };
    let reply = exchange(
        call,
        post(call.account, url, &ShipmentBody::from(request)),
        Effect::Creates,
    )
    .await?;
    refusal::check(&reply)?;
    let is_ours = order_named(&reply)
        .is_none_or(|order_number| order_number == request.order_number.as_str());
    read_booking(&reply, shipment_type)
        .filter(|_| is_ours)
        .map(Booked::Now)
        .ok_or(Failure::OutcomeUnknown)
}
