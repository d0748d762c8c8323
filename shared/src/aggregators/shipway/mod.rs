//! Shipway (docs/aggregators/shipway.md).
//!
//! One call books: `v2orders` with a courier and warehouses makes the order and buys its AWB; without them it makes the
//! order alone. Both may happen to half: the order exists, but the AWB was refused (no money in the wallet, say). Then the
//! order is kept as progress, and a repeat looks it up before it asks for the AWB again. What a repeated `v2orders` does
//! is not documented, so an unknown outcome is always looked up first (`getorders`).
//!
//! Not here: returns without a booking, pickups, manifests, NDR actions, and shipping across borders, for which no
//! contract is known.

mod account;
mod answers;
mod call;
mod cancellation;
mod couriers;
mod push;
mod refusal;
mod status;
#[cfg(test)]
mod tests;
mod translate;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::{BoxFuture, join};
use secrecy::SecretString;

use crate::aggregators::reference::Reference;
use crate::aggregators::shipway::answers::{Created, Kept};
use crate::aggregators::shipway::call::{get, post};
use crate::aggregators::shipway::cancellation::Cancelled;
use crate::aggregators::shipway::couriers::{Rates, Serviceability};
use crate::aggregators::shipway::translate::{ReturnTerms, Warehouses};
use crate::aggregators::shipway::wire::{CancelOrders, CancelShipments};
use crate::aggregators::status::Status;
use crate::aggregators::{
    Aggregator, Cancels, Configures, CreatesOrders, Found, PushProof, PushRejection, Pushes,
    RecommendsCouriers, Registers,
};
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Cancellation};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::form::{AccountProblem, Form};
use crate::domain::notification::PushedEvent;
use crate::domain::order::{Purpose, ShipmentRequest};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb};
use crate::outbound::client::{Reply, Request};
use crate::partners::call::Call;
use crate::partners::failure::{Failure, Refusal};
use crate::partners::progress::Progress;
use crate::partners::transport::{Effect, exchange};

const PUSH_ORDER: &str = "v2orders";
const CREATE_RETURN: &str = "Createreturns";
const GET_ORDERS: &str = "getorders";
const CANCEL_SHIPMENT: &str = "Cancel/";
const CANCEL_ORDER: &str = "Cancelorders/";
const SERVICEABILITY: &str = "pincodeserviceable";
const RATES: &str = "getshipwaycarrierrates";

/// The step that is reached when Shipway has the order, with or without an AWB.
const ORDER: &str = "order";
/// Rates only put the couriers in order: whoever asks for couriers does not wait long for them.
const PATIENCE_FOR_RATES: Duration = Duration::from_secs(5);

/// The adapter.
#[derive(Debug)]
pub struct Shipway;

impl Registers for Shipway {
    fn name(&self) -> &'static str {
        "SHIPWAY"
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token { key_header: None }
    }

    fn body_proof(&self, credentials: &BTreeMap<String, SecretString>) -> Option<SecretString> {
        push::body_proof(credentials)
    }
}

impl Pushes for Shipway {
    fn read_push(
        &self,
        account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection> {
        push::read(account, body)
    }

    fn statuses(&self) -> Vec<Status> {
        status::all()
    }
}

impl Configures for Shipway {
    fn form(&self) -> &'static Form {
        &account::FORM
    }

    fn check<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<AccountProblem>, Failure>> {
        Box::pin(account::check(call))
    }
}

impl Aggregator for Shipway {
    /// What Shipway does with an order that it has already is not documented.
    fn repeats_safely(&self) -> bool {
        false
    }

    fn chooses_couriers(&self) -> bool {
        true
    }

    fn book<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, Failure>> {
        Box::pin(async move {
            translate::check_region(call.account)?;
            let order_id = translate::order_id(&reference.name())?;
            let creation = creation(call.account, request, &order_id)?;
            if progress.at(ORDER).is_some()
                && let Some(booked) = booked_before(call, reference, &order_id).await?
            {
                return Ok(booked);
            }
            let reply = exchange(call, creation, Effect::Creates).await?;
            settle(&reply, reference.shipment_type, &order_id, progress).await
        })
    }

    fn look_up<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Found, Failure>> {
        Box::pin(async move {
            let kept = kept(call, reference, &known_as(reference)?).await?;
            Ok(match (kept, reference.shipment_type) {
                (Kept::Booked(booking), _) => Found::Booking(*booking),
                (Kept::Nothing | Kept::OrderAlone, ShipmentType::Forward) => Found::Nothing,
                // Whether returns are among the orders is not documented: that one is not there says nothing.
                (Kept::Nothing | Kept::OrderAlone, ShipmentType::Return)
                | (Kept::Cancelled | Kept::Illegible | Kept::Unclear, _) => Found::CannotTell,
            })
        })
    }

    fn recommends_couriers(&self, _account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        Some(self)
    }

    fn creates_orders(&self, _account: &LogisticAccount) -> Option<&dyn CreatesOrders> {
        Some(self)
    }

    fn cancels(&self, _account: &LogisticAccount) -> Option<&dyn Cancels> {
        Some(self)
    }
}

impl CreatesOrders for Shipway {
    /// Asks for the order first: a repeat cannot know whether an earlier attempt made it.
    fn create_order<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<AggregatorOrderId, Failure>> {
        Box::pin(async move {
            translate::check_region(call.account)?;
            let order_id = translate::order_id(&reference.name())?;
            if progress.at(ORDER).is_some() {
                return Ok(order_id);
            }
            let order = translate::order(request, &order_id, None)?;
            let creation = post(call.account, PUSH_ORDER, &order)?;
            match kept(call, reference, &order_id).await? {
                Kept::Nothing => create(call, creation, &order_id).await?,
                Kept::OrderAlone | Kept::Booked(_) | Kept::Cancelled | Kept::Illegible => {}
                Kept::Unclear => return Err(Failure::Unreadable),
            }
            reach(progress, &order_id).await?;
            Ok(order_id)
        })
    }
}

impl Cancels for Shipway {
    fn cancel<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, Failure>> {
        Box::pin(async move {
            match (reference.awb, reference.shipment_type) {
                (Some(awb), _) => cancel_shipment(call, reference, awb).await,
                (None, ShipmentType::Forward) => cancel_order(call, reference).await,
                (None, ShipmentType::Return) => Err(Failure::invalid(
                    "/orderNumber",
                    "Shipway has no known way to cancel a return that has no AWB: cancel it in Shipway's panel",
                )),
            }
        })
    }
}

impl RecommendsCouriers for Shipway {
    fn recommend<'a>(
        &'a self,
        call: Call<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, Failure>> {
        Box::pin(async move {
            translate::check_region(call.account)?;
            let asked = couriers::serviceability(route)?;
            let carriers = get(call.account, SERVICEABILITY, &asked.query(route))?;
            let serving = exchange(call, carriers, Effect::Reads);
            let (serving, rates) = join(serving, rates(call, &asked, route)).await;
            let carriers = couriers::carriers(&serving?)?;
            Ok(couriers::ranked(carriers, &rates))
        })
    }
}

/// The call that makes and books what is asked for.
fn creation(
    account: &LogisticAccount,
    request: &ShipmentRequest,
    order_id: &AggregatorOrderId,
) -> Result<Request, Failure> {
    match &request.purpose {
        Purpose::Forward => {
            let warehouses = Warehouses::shipping(account, request)?;
            let order = translate::order(request, order_id, Some(warehouses))?;
            post(account, PUSH_ORDER, &order)
        }
        Purpose::Return { reason } => {
            let warehouses = Warehouses::receiving(account, request)?;
            let terms = ReturnTerms::of(account, request, reason)?;
            let order = translate::return_order(request, reason, order_id, warehouses, terms)?;
            post(account, CREATE_RETURN, &order)
        }
    }
}

/// The booking of an order that Shipway has, so that nothing is bought twice. A return may be missing from its orders;
/// that its AWB was refused is then all that is known, and it is asked for again.
async fn booked_before(
    call: Call<'_>,
    reference: Reference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Option<Booked>, Failure> {
    match (
        kept(call, reference, order_id).await?,
        reference.shipment_type,
    ) {
        (Kept::Booked(booking), _) => Ok(Some(Booked::Now(*booking))),
        (Kept::Nothing | Kept::OrderAlone, _) | (Kept::Unclear, ShipmentType::Return) => Ok(None),
        (Kept::Cancelled | Kept::Illegible, _) | (Kept::Unclear, ShipmentType::Forward) => {
            Err(Failure::OutcomeUnknown)
        }
    }
}

/// What the answer of a booking call leaves, with the order kept where it is alone.
async fn settle(
    reply: &Reply,
    shipment_type: ShipmentType,
    order_id: &AggregatorOrderId,
    progress: &mut Progress<'_>,
) -> Result<Booked, Failure> {
    match answers::created(reply, order_id, shipment_type) {
        Created::Booked(booking) => Ok(Booked::Now(*booking)),
        Created::OrderAlone(refusal) => {
            reach(progress, order_id).await?;
            Err(refusal.map_or(Failure::OutcomeUnknown, Failure::Refused))
        }
        Created::Refused(refusal) => Err(Failure::Refused(refusal)),
        Created::Unclear => Err(Failure::OutcomeUnknown),
    }
}

/// Makes an order alone.
async fn create(
    call: Call<'_>,
    creation: Request,
    order_id: &AggregatorOrderId,
) -> Result<(), Failure> {
    let reply = exchange(call, creation, Effect::Creates).await?;
    match answers::created(&reply, order_id, ShipmentType::Forward) {
        Created::Booked(_) | Created::OrderAlone(_) => Ok(()),
        Created::Refused(refusal) => Err(Failure::Refused(refusal)),
        Created::Unclear => Err(Failure::OutcomeUnknown),
    }
}

async fn reach(progress: &mut Progress<'_>, order_id: &AggregatorOrderId) -> Result<(), Failure> {
    if progress.at(ORDER).is_some() {
        return Ok(());
    }
    let kept = progress.reach(ORDER, order_id.as_str()).await;
    kept.map_err(|_| Failure::OutcomeUnknown)
}

/// What Shipway has under an order id.
async fn kept(
    call: Call<'_>,
    reference: Reference<'_>,
    order_id: &AggregatorOrderId,
) -> Result<Kept, Failure> {
    let query = [("orderid", order_id.as_str().to_owned())];
    let request = get(call.account, GET_ORDERS, &query)?;
    let reply = exchange(call, request, Effect::Reads).await?;
    answers::kept(&reply, order_id, reference.shipment_type)
}

/// What Shipway calls the order.
fn known_as(reference: Reference<'_>) -> Result<AggregatorOrderId, Failure> {
    match reference.order_id {
        Some(order_id) => Ok(order_id.clone()),
        None => translate::order_id(&reference.name()),
    }
}

async fn cancel_shipment(
    call: Call<'_>,
    reference: Reference<'_>,
    awb: &Awb,
) -> Result<Cancellation, Failure> {
    let body = CancelShipments {
        awb_number: [awb.as_str()],
    };
    let request = post(call.account, CANCEL_SHIPMENT, &body)?;
    let reply = exchange(call, request, Effect::Creates).await?;
    match cancellation::shipment(&reply, awb) {
        Cancelled::Done => Ok(Cancellation::Done),
        Cancelled::Unclear => Err(Failure::OutcomeUnknown),
        Cancelled::Refused(refusal) => {
            // A cancelled shipment's order has no AWB any more, or one that says so.
            let is_gone = |kept: &Kept| matches!(kept, Kept::OrderAlone | Kept::Cancelled);
            unless_gone(call, reference, refusal, is_gone).await
        }
    }
}

async fn cancel_order(call: Call<'_>, reference: Reference<'_>) -> Result<Cancellation, Failure> {
    let order_id = known_as(reference)?;
    let body = CancelOrders {
        order_ids: [order_id.as_str()],
    };
    let request = post(call.account, CANCEL_ORDER, &body)?;
    let reply = exchange(call, request, Effect::Creates).await?;
    match cancellation::order(&reply, order_id.as_str()) {
        Cancelled::Done => Ok(Cancellation::Done),
        Cancelled::Unclear => Err(Failure::OutcomeUnknown),
        Cancelled::Refused(refusal) => {
            let is_gone = |kept: &Kept| matches!(kept, Kept::Nothing | Kept::Cancelled);
            unless_gone(call, reference, refusal, is_gone).await
        }
    }
}

/// A refused cancellation, unless Shipway shows that there is nothing left to cancel: an earlier one may have had its
/// effect without an answer.
async fn unless_gone(
    call: Call<'_>,
    reference: Reference<'_>,
    refusal: Refusal,
    is_gone: impl Fn(&Kept) -> bool,
) -> Result<Cancellation, Failure> {
    match kept(call, reference, &known_as(reference)?).await {
        Ok(kept) if is_gone(&kept) => Ok(Cancellation::Done),
        Ok(_) | Err(_) => Err(Failure::Refused(refusal)),
    }
}

/// What the couriers charge on the route; nothing where it cannot be found out.
async fn rates(call: Call<'_>, asked: &Serviceability, route: &Route) -> Rates {
    let Some(query) = asked.rates_query(route) else {
        return Rates::new();
    };
    match ask_rates(call, &query).await {
        Ok(rates) => rates,
        Err(failure) => {
            tracing::warn!(
                error = crate::telemetry::chain(&failure),
                "the couriers' rates cannot be found out"
            );
            Rates::new()
        }
    }
}

async fn ask_rates(call: Call<'_>, query: &[(&str, String)]) -> Result<Rates, Failure> {
    let hasty = Call {
        deadline: call.deadline.at_most(PATIENCE_FOR_RATES),
        ..call
    };
    let request = get(call.account, RATES, query)?;
    couriers::rates(&exchange(hasty, request, Effect::Reads).await?)
}
