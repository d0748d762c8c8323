//! Clickpost: an aggregator of couriers in India and abroad (docs/aggregators/clickpost.md).
//!
//! One call books: it makes the order, its AWB and its label. Clickpost knows an order by the reference number that we
//! give it, and answers a repeat with the former order; so an unknown outcome is found out by asking again, and a queued
//! order is polled the same way. Every answer is judged by the code in its body: HTTP says 200 to errors as well.

mod account;
mod answer;
mod booking;
mod place;
mod push;
mod refusal;
mod requests;
mod route;
mod settings;
mod status;
#[cfg(test)]
mod tests;
mod translate;
mod wire;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::SecretString;
use url::Url;

use crate::aggregators::clickpost::answer::Answer;
use crate::aggregators::clickpost::booking::{Ours, account_code_of, booked, courier_of, web_url};
use crate::aggregators::clickpost::refusal::accept;
use crate::aggregators::clickpost::requests::{endpoint, get, orders, post};
use crate::aggregators::clickpost::settings::Settings;
use crate::aggregators::clickpost::translate::Asked;
use crate::aggregators::reference::Reference;
use crate::aggregators::status::Status;
use crate::aggregators::{
    Aggregator, Cancels, Configures, CreatesOrders, Found, PushProof, PushRejection, Pushes,
    RecommendsCouriers, Registers,
};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::booking::{Booked, Booking, Cancellation};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::form::{AccountProblem, Form};
use crate::domain::notification::PushedEvent;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Effect, exchange, unclear};

const NAME: &str = "CLICKPOST";
/// Order made · made before · queued · queued before.
const ORDERED: [i64; 4] = [200, 323, 202, 102];
const DONE: i64 = 200;
/// Cancelled before; some courier accounts say so of a first cancellation too.
const CANCELLED_ALREADY: i64 = 600;
const CANCEL_REQUESTED: i64 = 202;
const HTTP_ACCEPTED: u16 = 202;

/// The adapter.
#[derive(Debug)]
pub struct Clickpost;

impl Registers for Clickpost {
    fn name(&self) -> &'static str {
        NAME
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token {
            key_header: Some("webhook_key"),
        }
    }

    fn body_proof(&self, _: &BTreeMap<String, SecretString>) -> Option<SecretString> {
        None
    }
}

impl Pushes for Clickpost {
    fn read_push(
        &self,
        _account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection> {
        Ok(vec![push::read(body)?])
    }

    fn statuses(&self) -> Vec<Status> {
        status::all()
    }
}

impl Configures for Clickpost {
    fn form(&self) -> &'static Form {
        &account::FORM
    }

    fn check<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<AccountProblem>, Failure>> {
        Box::pin(account::check(call))
    }
}

impl Aggregator for Clickpost {
    fn repeats_safely(&self) -> bool {
        true
    }

    fn chooses_couriers(&self) -> bool {
        false
    }

    fn book<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
        request: &'a ShipmentRequest,
        _progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, Failure>> {
        Box::pin(book(call, reference, request))
    }

    /// Orders are found by their AWB alone: without one nothing is asked.
    fn look_up<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Found, Failure>> {
        Box::pin(look_up(call, reference))
    }

    fn recommends_couriers(&self, _account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        Some(self)
    }

    /// An order has its AWB from the start.
    fn creates_orders(&self, _account: &LogisticAccount) -> Option<&dyn CreatesOrders> {
        None
    }

    fn cancels(&self, _account: &LogisticAccount) -> Option<&dyn Cancels> {
        Some(self)
    }
}

impl RecommendsCouriers for Clickpost {
    fn recommend<'a>(
        &'a self,
        call: Call<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, Failure>> {
        Box::pin(recommend(call, route))
    }
}

impl Cancels for Clickpost {
    fn cancel<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, Failure>> {
        Box::pin(cancel(call, reference))
    }
}

async fn book(
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
    let order = translate::order(&asked)?;
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

async fn look_up(call: Call<'_>, reference: Reference<'_>) -> Result<Found, Failure> {
    let (Some(awb), Some(courier)) = (reference.awb, courier_of(call.account, reference)) else {
        return Ok(Found::CannotTell);
    };
    let mut url = endpoint(call.account, orders(call.account.region))?;
    url.query_pairs_mut()
        .append_pair("awb", awb.as_str())
        .append_pair("cp_id", &courier.to_string());
    let reply = exchange(call, get(url), Effect::Reads).await?;
    let answer = match accept(&reply, &[DONE], Effect::Reads) {
        Ok(answer) => answer,
        Err(Failure::Refused(_)) => return Ok(Found::CannotTell),
        // What it does not find is answered by an object without anything in it.
        Err(Failure::Unreadable) if Answer::of(&reply).is_some() => return Ok(Found::CannotTell),
        Err(failure) => return Err(failure),
    };
    let ours = Ours {
        reference_number: reference.name(),
        order_number: reference.order_number.as_str(),
        courier,
        account_code: account_code_of(call.account, reference, courier),
    };
    match booking::booking(&answer, &ours) {
        Some(found) if found.awb == *awb => {
            let found = with_label(call, reference.shipment_type, found, courier).await;
            Ok(Found::Booking(found))
        }
        Some(_) | None => Ok(Found::CannotTell),
    }
}

/// The booking of a forward shipment with its label; should it still have none, it is a booking all the same.
async fn with_label(
    call: Call<'_>,
    shipment_type: ShipmentType,
    booking: Booking,
    courier: i64,
) -> Booking {
    if booking.label_url.is_some() || shipment_type == ShipmentType::Return {
        return booking;
    }
    match label(call, &booking.awb, courier).await {
        Ok(label_url) => Booking {
            label_url,
            ..booking
        },
        Err(failure) => {
            tracing::warn!(
                error = crate::telemetry::chain(&failure),
                "a label cannot be asked for"
            );
            booking
        }
    }
}

async fn label(call: Call<'_>, awb: &Awb, courier: i64) -> Result<Option<Url>, Failure> {
    let mut url = endpoint(call.account, "v1/fetch/shippinglabel/")?;
    url.query_pairs_mut()
        .append_pair("waybill", awb.as_str())
        .append_pair("cp_id", &courier.to_string());
    let reply = exchange(call, get(url), Effect::Reads).await?;
    let answer = accept(&reply, &[DONE], Effect::Reads)?;
    Ok(web_url(answer.given("shipping_label")))
}

async fn recommend(call: Call<'_>, route: &Route) -> Result<Vec<Recommendation>, Failure> {
    let settings = Settings::of(call.account);
    let request = match call.account.region {
        Region::Domestic => post(
            endpoint(call.account, "v1/recommendation_api/")?,
            &route::within_india(route, settings)?,
        ),
        Region::International => post(
            endpoint(call.account, "v2/recommendation/")?,
            &route::abroad(route, settings, call.now)?,
        ),
    };
    let reply = exchange(call, request, Effect::Reads).await?;
    let answer = accept(&reply, &[DONE], Effect::Reads)?;
    route::recommendations(&answer).ok_or_else(|| unclear(Effect::Reads))
}

/// A GET that changes state.
async fn cancel(call: Call<'_>, reference: Reference<'_>) -> Result<Cancellation, Failure> {
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
