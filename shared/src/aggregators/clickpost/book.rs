//! Books: one call creates the order, its AWB and its label.

pub(super) mod address;
pub(super) mod answer;
pub(super) mod lines;
pub(super) mod request;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::clickpost::account::settings::ClickpostSettings;
use crate::aggregators::clickpost::book::answer::{ExpectedOrder, booked};
use crate::aggregators::clickpost::book::request::OrderSource;
use crate::aggregators::clickpost::call::{orders, post};
use crate::aggregators::clickpost::refusal::accept;
use crate::aggregators::reference::BookingReference;
use crate::domain::booking::Booked;
use crate::domain::order::ShipmentRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

pub(super) const BOOK: Operation = Operation::creates("book");
/// Created, already created, queued, already queued.
pub(super) const ORDERED: [i64; 4] = [200, 323, 202, 102];

/// Creates the order, or gets the result of an earlier attempt: a repeat returns the existing order.
pub(super) async fn book(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    request: &ShipmentRequest,
) -> Result<Booked, PartnerFailure> {
    let settings = ClickpostSettings {
        account: call.account,
        warehouse: request.warehouse.as_ref(),
    };
    let wanted = OrderSource {
        request,
        settings,
        reference,
        region: call.account.region,
        now: call.partner.now,
    };
    let order = request::order(&wanted)?;
    let asked = post(call.partner.account, orders(call.account.region), &order)?;
    let answered = exchange(call.partner, BOOK, asked).await?;
    let courier = order.shipment_details.courier_partner;
    let ours = ExpectedOrder {
        reference_number: order.shipment_details.reference_number,
        order_number: request.order_number.as_str(),
        courier,
        account_code: settings.account_code(courier),
    };
    answered.read(|reply| booked(&accept(reply, &ORDERED, BOOK)?, &ours))
}
