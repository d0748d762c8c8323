//! Cancels an order by its AWB and courier.

use url::Url;

use crate::aggregators::clickpost::account::settings::Settings;
use crate::aggregators::clickpost::book::answer::{account_code_of, courier_of};
use crate::aggregators::clickpost::call::{endpoint, get};
use crate::aggregators::clickpost::refusal::{DONE, accept};
use crate::aggregators::reference::Reference;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::Cancellation;
use crate::domain::text::Awb;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange};

/// Cancelled before; some courier accounts say so of a first cancellation too.
const CANCELLED_ALREADY: i64 = 600;
const CANCEL_REQUESTED: i64 = 202;
const HTTP_ACCEPTED: u16 = 202;

/// A GET that changes state.
pub(super) async fn cancel(
    call: Call<'_>,
    reference: Reference<'_>,
) -> Result<Cancellation, Failure> {
    let Some(awb) = reference.awb else {
        return Err(Failure::invalid(
            "/orderNumber",
            "has no AWB that Clickpost could cancel",
        ));
    };
    let Some(courier) = courier_of(call.account, reference) else {
        return Err(Failure::invalid(
            "/orderNumber",
            "is of a courier that is not known here: cancel it at Clickpost, or give the account its defaultCourierId",
        ));
    };
    let url = cancellation(call.account, reference, awb, courier)?;
    let reply = exchange(call, get(url), Effect::Creates).await?;
    let accepted = [DONE, CANCELLED_ALREADY, CANCEL_REQUESTED];
    let answer = accept(&reply, &accepted, Effect::Creates)?;
    match answer.status() {
        Some(CANCELLED_ALREADY) => Ok(Cancellation::Done),
        Some(DONE) if reply.status != HTTP_ACCEPTED => Ok(Cancellation::Done),
        Some(_) | None => Ok(Cancellation::Requested),
    }
}

fn cancellation(
    account: &LogisticAccount,
    reference: Reference<'_>,
    awb: &Awb,
    courier: i64,
) -> Result<Url, Failure> {
    let mut url = endpoint(account, "v1/cancel-order/")?;
    let mut query = url.query_pairs_mut();
    query
        .append_pair("waybill", awb.as_str())
        .append_pair("cp_id", &courier.to_string());
    if let Some(code) = account_code_of(account, reference, courier) {
        query.append_pair("account_code", code);
    }
    if Settings::of(account).marks_cancelled() {
        query.append_pair("manually_update_status", "True");
    }
    drop(query);
    Ok(url)
}
