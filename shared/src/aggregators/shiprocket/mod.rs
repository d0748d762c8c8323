//! Shiprocket: a hub of Indian couriers (docs/aggregators/shiprocket.md).
//!
//! Booking is a sequence: an order is made, an AWB is assigned to its shipment, and the label is printed. The assignment
//! alone is a purchase. An order's name stays its own for ever and gives the same order again, and a shipment that has an
//! AWB gets no second one, so the sequence may be repeated from wherever it broke off.

mod account;
mod address;
mod answers;
mod calls;
mod lines;
mod push;
mod refusal;
mod route;
mod session;
mod status;
#[cfg(test)]
mod tests;
mod translate;
mod wire;
mod wrong;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::aggregators::reference::Reference;
use crate::aggregators::shiprocket::answers::{
    Assigned, Assignment, Creation, Ids, ORDER, Order, booking,
};
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
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::AggregatorOrderId;
use crate::partners::call::Call;
use crate::partners::failure::{Failure, Refusal};
use crate::partners::progress::Progress;

const NAME: &str = "SHIPROCKET";
/// The step that got an AWB.
const AWB: &str = "awb";

/// The adapter.
#[derive(Debug)]
pub struct Shiprocket;

impl Registers for Shiprocket {
    fn name(&self) -> &'static str {
        NAME
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token {
            key_header: Some("x-api-key"),
        }
    }

    fn body_proof(&self, _: &BTreeMap<String, SecretString>) -> Option<SecretString> {
        None
    }
}

impl Pushes for Shiprocket {
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

impl Configures for Shiprocket {
    fn form(&self) -> &'static Form {
        &account::FORM
    }

    fn check<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<AccountProblem>, Failure>> {
        Box::pin(account::check(call))
    }
}

impl Aggregator for Shiprocket {
    fn repeats_safely(&self) -> bool {
        true
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
            let order = ordered(call, reference, request, progress).await?;
            let Some(assigned) = assigned(call, &order, request, progress).await? else {
                return Ok(Booked::Later);
            };
            let label_url = match request.purpose.shipment_type() {
                ShipmentType::Forward => calls::print_label(call, &order.ids).await,
                ShipmentType::Return => None,
            };
            Ok(Booked::Now(booking(&order.ids, assigned, label_url)))
        })
    }

    fn look_up<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Found, Failure>> {
        Box::pin(async move {
            let shipment_type = reference.shipment_type;
            let order = match order_id(reference) {
                Some(order_id) => calls::show(call, &order_id).await?,
                None => calls::find(call, &reference.name(), shipment_type).await?,
            };
            let Some(order) = order.filter(|order| !order.is_cancelled) else {
                return Ok(Found::Nothing);
            };
            let Some(assigned) = order.assigned else {
                return Ok(Found::Nothing);
            };
            let label_url = match shipment_type {
                ShipmentType::Forward => calls::print_label(call, &order.ids).await,
                ShipmentType::Return => None,
            };
            Ok(Found::Booking(booking(&order.ids, assigned, label_url)))
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

impl RecommendsCouriers for Shiprocket {
    fn recommend<'a>(
        &'a self,
        call: Call<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, Failure>> {
        Box::pin(async move {
            let query = route::query(call.account, route)?;
            calls::serving(call, query).await
        })
    }
}

impl CreatesOrders for Shiprocket {
    fn create_order<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<AggregatorOrderId, Failure>> {
        Box::pin(async move {
            let order = ordered(call, reference, request, progress).await?;
            Ok(order.ids.order)
        })
    }
}

impl Cancels for Shiprocket {
    /// An order's cancellation is done at once, a shipment's later; so the order is cancelled wherever it is known.
    fn cancel<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, Failure>> {
        Box::pin(async move {
            if let Some(order_id) = order_id(reference) {
                return calls::cancel_order(call, &order_id).await;
            }
            if let Some(awb) = reference.awb {
                return calls::cancel_shipment(call, awb).await;
            }
            let name = reference.name();
            match calls::find(call, &name, reference.shipment_type).await? {
                Some(order) if order.is_cancelled => Ok(Cancellation::Done),
                Some(order) => calls::cancel_order(call, &order.ids.order).await,
                None => Err(Failure::Refused(Refusal {
                    code: Some("unknown-order".to_owned()),
                    message: Some(format!("Shiprocket has no order {name}")),
                })),
            }
        })
    }
}

/// Shiprocket's id of the order, where it is known.
fn order_id(reference: Reference<'_>) -> Option<AggregatorOrderId> {
    let reached = reference.reached.get(ORDER);
    let ids = reached.and_then(|packed| Ids::unpacked(packed));
    ids.map(|ids| ids.order)
        .or_else(|| reference.order_id.cloned())
}

/// The order: the one that was made before, else a new one. A cancelled one is kept too, so that it can be cancelled here.
async fn ordered(
    call: Call<'_>,
    reference: Reference<'_>,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Order, Failure> {
    if let Some(ids) = progress.at(ORDER).and_then(Ids::unpacked) {
        return Ok(Order {
            ids,
            assigned: progress.at(AWB).and_then(Assigned::unpacked),
            is_cancelled: false,
        });
    }
    let order = created(call, &reference.name(), request).await?;
    keep(progress, ORDER, &order.ids.packed()).await?;
    if order.is_cancelled {
        return Err(refusal::cancelled_order());
    }
    Ok(order)
}

async fn created(call: Call<'_>, name: &str, request: &ShipmentRequest) -> Result<Order, Failure> {
    let shipment_type = request.purpose.shipment_type();
    let creation = match shipment_type {
        ShipmentType::Forward => {
            let order = translate::forward_order(call.account, name, request)?;
            calls::create(call, &order).await?
        }
        ShipmentType::Return => {
            let order = translate::return_order(call.account, name, request)?;
            calls::create_return(call, &order).await?
        }
    };
    match creation {
        Creation::Order(order) => Ok(order),
        Creation::Taken(refusal) => {
            let found = calls::find(call, name, shipment_type).await;
            let found = found.map_err(|_| Failure::OutcomeUnknown)?;
            found.ok_or(Failure::Refused(refusal))
        }
    }
}

/// The AWB: the one that the order has, else a new one; `None` if it will be assigned later.
async fn assigned(
    call: Call<'_>,
    order: &Order,
    request: &ShipmentRequest,
    progress: &mut Progress<'_>,
) -> Result<Option<Assigned>, Failure> {
    if let Some(assigned) = &order.assigned {
        return Ok(Some(assigned.clone()));
    }
    let shipment_type = request.purpose.shipment_type();
    let courier = request.courier.as_ref();
    match calls::assign(call, &order.ids, courier, shipment_type).await? {
        Assignment::Now(assigned) => {
            keep(progress, AWB, &assigned.packed()).await?;
            Ok(Some(assigned))
        }
        Assignment::Queued => Ok(None),
        Assignment::Before => assigned_before(call, &order.ids).await.map(Some),
    }
}

/// The AWB of a shipment that has one. Whatever goes wrong here, it is bought.
async fn assigned_before(call: Call<'_>, ids: &Ids) -> Result<Assigned, Failure> {
    let order = calls::show(call, &ids.order).await;
    match order.map_err(|_| Failure::OutcomeUnknown)? {
        Some(order) if order.is_cancelled => Err(refusal::cancelled_order()),
        Some(Order {
            assigned: Some(assigned),
            ..
        }) => Ok(assigned),
        Some(_) | None => Err(Failure::OutcomeUnknown),
    }
}

async fn keep(progress: &mut Progress<'_>, step: &str, id: &str) -> Result<(), Failure> {
    let kept = progress.reach(step, id).await;
    kept.map_err(|_| Failure::OutcomeUnknown)
}
