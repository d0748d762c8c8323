//! Books: one call makes the order, its AWB and its label.

pub(super) mod address;
pub(super) mod answer;
pub(super) mod lines;
pub(super) mod request;

use crate::aggregators::clickpost::account::settings::Settings;
use crate::aggregators::clickpost::book::answer::{Ours, booked};
use crate::aggregators::clickpost::book::request::Asked;
use crate::aggregators::clickpost::call::{endpoint, orders, post};
use crate::aggregators::clickpost::refusal::accept;
use crate::aggregators::reference::Reference;
use crate::domain::booking::Booked;
use crate::domain::order::ShipmentRequest;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

/// Order made · made before · queued · queued before.
pub(super) const ORDERED: [i64; 4] = [200, 323, 202, 102];

pub(super) async fn book(
    call: Call<'_>,
    reference: Reference<'_>,
    request: &ShipmentRequest,
) -> Result<Booked, Failure> {
    let settings = Settings {
        account: call.account,
        warehouse: request.warehouse.as_ref(),
    };
    let asked = Asked {
        request,
        settings,
        reference,
        region: call.account.region,
        now: call.now,
    };
    let order = request::order(&asked)?;
    let url = endpoint(call.account, orders(call.account.region))?;
    let reply = exchange(call, post(url, &order), Effect::Creates).await?;
    let answer = accept(&reply, &ORDERED, Effect::Creates)?;
    let courier = order.shipment_details.courier_partner;
    let ours = Ours {
        reference_number: order.shipment_details.reference_number,
        order_number: request.order_number.as_str(),
        courier,
        account_code: settings.account_code(courier),
    };
    booked(&answer, &ours)
}
