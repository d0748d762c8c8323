//! Cancels an order by its AWB and courier.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::clickpost::account::settings::ClickpostSettings;
use crate::aggregators::clickpost::book::answer::{account_code_of, courier_of};
use crate::aggregators::clickpost::call::get;
use crate::aggregators::clickpost::refusal::{DONE, accept};
use crate::aggregators::reference::BookingReference;
use crate::domain::booking::Cancellation;
use crate::domain::text::Awb;
use crate::outbound::client::OutboundRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const CANCEL: Operation = Operation::creates("cancel");
/// Already cancelled. Some courier accounts also return this for the first cancellation.
const CANCELLED_ALREADY: i64 = 600;
const CANCEL_REQUESTED: i64 = 202;
const HTTP_ACCEPTED: u16 = 202;

/// Cancels with a GET request that changes state.
pub(super) async fn cancel(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
) -> Result<Cancellation, PartnerFailure> {
    let Some(awb) = reference.awb else {
        return Err(PartnerFailure::invalid(
            "/orderNumber",
            "has no AWB: Clickpost cancels by AWB",
        ));
    };
    let Some(courier) = courier_of(call.account, reference) else {
        return Err(PartnerFailure::invalid(
            "/orderNumber",
            "has no known courier, which Clickpost requires: set defaultCourierId on the account, or cancel it at Clickpost",
        ));
    };
    let request = cancellation(call, reference, awb, courier)?;
    let answered = exchange(call.partner, CANCEL, request).await?;
    answered.read(|reply| {
        let accepted = [DONE, CANCELLED_ALREADY, CANCEL_REQUESTED];
        let answer = accept(reply, &accepted, CANCEL)?;
        match answer.status() {
            Some(CANCELLED_ALREADY) => Ok(Cancellation::Done),
            Some(DONE) if reply.status != HTTP_ACCEPTED => Ok(Cancellation::Done),
            Some(_) | None => Ok(Cancellation::Requested),
        }
    })
}

fn cancellation(
    call: AggregatorCall<'_>,
    reference: BookingReference<'_>,
    awb: &Awb,
    courier: i64,
) -> Result<OutboundRequest, PartnerFailure> {
    let courier_id = courier.to_string();
    let mut query = vec![("waybill", awb.as_str()), ("cp_id", &courier_id)];
    let code = account_code_of(call.account, reference, courier);
    query.extend(code.map(|code| ("account_code", code)));
    if ClickpostSettings::of(call.account).marks_cancelled() {
        query.push(("manually_update_status", "True"));
    }
    get(call.partner.account, "v1/cancel-order/", &query)
}
