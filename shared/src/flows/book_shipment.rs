//! Buys a label or a return AWB, once.
//!
//! Claim the order with a conditional write, ask the aggregator, record, answer. A request that meets a claim gives the
//! recorded answer, waits, or takes an interrupted claim over and asks the aggregator what became of it; only when the
//! aggregator itself says that it has nothing is anything bought after an unknown outcome.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::aggregators::failure::Failure;
use crate::aggregators::progress::{KeepsProgress, NotKept, Progress};
use crate::aggregators::transport::Deadline;
use crate::aggregators::{Call, Found, Reference};
use crate::contract::fields::Violation;
use crate::contract::shipment::{AddressedRequest, ShipmentBody};
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Booking};
use crate::domain::claim::{Decision, LEASE, Met, Standing, decide};
use crate::domain::client::Caller;
use crate::domain::courier::{Route, best_first};
use crate::domain::notification::NotifiedItem;
use crate::domain::order::ShipmentRequest;
use crate::domain::text::CourierId;
use crate::flows::account::{Chosen, choose};
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::store::accounts::Accounts;
use crate::store::keys::ShipmentId;
use crate::store::shipments::{Claimed, Facts, Seen, Shipment, Shipments};

/// The aggregator's share of the 25 seconds in which a caller is answered.
const DEADLINE: Duration = Duration::from_secs(23);
/// A look-up leaves time for the purchase that may follow it.
const LOOK_UP_DEADLINE: Duration = Duration::from_secs(6);
/// A creating call that could not last this long is not begun: it would end in doubt.
const SHORTEST_PURCHASE: Duration = Duration::from_secs(3);
/// When a request that met another one at work should come back, at the latest: most purchases end within it, and the
/// lease only matters where the other one died.
const WHILE_ANOTHER_WORKS: Duration = Duration::from_secs(2);
/// When a request that lost a race should come back.
const AFTER_A_RACE: Duration = Duration::from_secs(1);

/// What booking needs.
#[derive(Debug)]
pub struct Desk {
    /// The accounts.
    pub accounts: Accounts,
    /// The shipments and their claims.
    pub shipments: Shipments,
    /// The way out.
    pub outbound: Outbound,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is booked.
    Booked(Booking),
    /// It was booked before: this is the same answer again.
    Replayed(Booking),
    /// The aggregator queued it.
    Pending,
}

/// Books a shipment.
pub async fn book_shipment(
    desk: &Desk,
    caller: &Caller,
    addressed: AddressedRequest,
    now: Timestamp,
) -> Result<Outcome, FlowFailure> {
    let deadline = Deadline::after(DEADLINE);
    let chosen = choose(&desk.accounts, &caller.client_id, addressed.alias.as_ref()).await?;
    let request = addressed.request;
    let id = shipment_id(caller, &request);
    let claim = new_claim(&request, &chosen.account, now);
    let holder = claim.holder.clone();
    let attempt = Attempt {
        desk,
        chosen: &chosen,
        request: &request,
        id: &id,
        holder: &holder,
        deadline,
    };
    match desk.shipments.claim(&id, &claim).await? {
        Claimed::Ours => attempt.buy(BTreeMap::new()).await,
        // The answer to our own write was lost, and the SDK repeated it.
        Claimed::Met(met) if met.holder == holder => attempt.buy(BTreeMap::new()).await,
        Claimed::Met(met) => attempt.meet(&met, &claim, now).await,
    }
}

/// One attempt to book, under its own name.
struct Attempt<'a> {
    desk: &'a Desk,
    chosen: &'a Chosen,
    request: &'a ShipmentRequest,
    id: &'a ShipmentId,
    holder: &'a str,
    deadline: Deadline,
}

impl Attempt<'_> {
    /// Does what the claim that was met asks for.
    async fn meet(
        &self,
        met: &Shipment,
        claim: &Shipment,
        now: Timestamp,
    ) -> Result<Outcome, FlowFailure> {
        let same_content = met.content == claim.content;
        match decide(
            Met {
                standing: met.standing,
                same_content,
                lease_until: met.lease(),
            },
            now,
        ) {
            Decision::Replay => met
                .booking()
                .map(Outcome::Replayed)
                .ok_or(FlowFailure::OutcomeUnknown),
            Decision::OtherContent => Err(FlowFailure::OrderNumberReused),
            Decision::Wait(left) => Err(FlowFailure::InProgress(left.min(WHILE_ANOTHER_WORKS))),
            Decision::Claim => Err(FlowFailure::InProgress(AFTER_A_RACE)),
            Decision::Reconcile => self.reconcile(met, now).await,
        }
    }

    /// Takes an interrupted claim over and finds out what became of it.
    async fn reconcile(&self, met: &Shipment, now: Timestamp) -> Result<Outcome, FlowFailure> {
        let shipments = &self.desk.shipments;
        if !shipments
            .take_over(self.id, met.seen(), self.holder, now + LEASE)
            .await?
        {
            return Err(FlowFailure::InProgress(AFTER_A_RACE));
        }
        let undecided = if met.standing == Standing::Pending {
            Standing::Pending
        } else {
            Standing::Uncertain
        };
        match self.look_up().await {
            Ok(Found::Booking(booking)) => self.record(booking).await,
            Ok(Found::Nothing) => self.buy(met.progress.clone()).await,
            Ok(Found::CannotTell) => self.leave(undecided, FlowFailure::OutcomeUnknown).await,
            Err(Failure::BadCredentials) => {
                self.leave(undecided, FlowFailure::BadCredentials).await
            }
            Err(failure) => {
                tracing::warn!(
                    error = crate::telemetry::chain(&failure),
                    "the outcome cannot be looked up"
                );
                self.leave(undecided, FlowFailure::OutcomeUnknown).await
            }
        }
    }

    async fn look_up(&self) -> Result<Found, Failure> {
        let reference = Reference {
            shipment_type: self.id.shipment_type,
            order_number: &self.id.order_number,
            shipment_code: self.id.shipment_code.as_ref(),
            order_id: None,
            awb: None,
        };
        self.chosen
            .aggregator
            .look_up(
                self.call(self.deadline.at_most(LOOK_UP_DEADLINE)),
                reference,
            )
            .await
    }

    /// Buys. Whatever comes back, the claim afterwards says what is known.
    async fn buy(&self, reached: BTreeMap<String, String>) -> Result<Outcome, FlowFailure> {
        let request = match self.with_courier().await {
            Ok(request) => request,
            Err(failure) => return self.leave(Standing::Released, failure).await,
        };
        if self.deadline.remaining() < SHORTEST_PURCHASE {
            return self
                .leave(Standing::Released, FlowFailure::AggregatorUnavailable(None))
                .await;
        }
        let mut progress = Progress::new(reached, self);
        let booked = self
            .chosen
            .aggregator
            .book(self.call(self.deadline), &request, &mut progress)
            .await;
        match booked {
            Ok(Booked::Now(booking)) => self.record(booking).await,
            Ok(Booked::Later) => {
                self.desk
                    .shipments
                    .stand(self.id, self.seen(), Standing::Pending)
                    .await?;
                Ok(Outcome::Pending)
            }
            Err(failure) => {
                let standing = after(&failure);
                self.leave(
                    standing,
                    FlowFailure::of(&self.chosen.account.aggregator, failure),
                )
                .await
            }
        }
    }

    /// The request with the courier that it names, else the account's, else the best recommended one.
    async fn with_courier(&self) -> Result<ShipmentRequest, FlowFailure> {
        let mut request = self.request.clone();
        request.courier = request
            .courier
            .or_else(|| self.chosen.account.default_courier.clone());
        if request.courier.is_none() {
            request.courier = self.best_courier().await?;
        }
        Ok(request)
    }

    async fn best_courier(&self) -> Result<Option<CourierId>, FlowFailure> {
        let account = &self.chosen.account;
        let Some(recommends) = self.chosen.aggregator.recommends_couriers(account) else {
            return Ok(None);
        };
        let call = self.call(self.deadline.at_most(LOOK_UP_DEADLINE));
        let recommended = recommends
            .recommend(call, &route(self.request))
            .await
            .map_err(|failure| FlowFailure::of(&account.aggregator, failure))?;
        match best_first(recommended).into_iter().next() {
            Some(best) => Ok(Some(best.courier)),
            None => Err(FlowFailure::Invalid(vec![Violation {
                pointer: "/courierId".to_owned(),
                detail: "the aggregator recommends no courier for this route; name one".to_owned(),
            }])),
        }
    }

    /// Records a booking. Should that fail, the claim stays ours until its lease ends, and a repeat reconciles.
    async fn record(&self, booking: Booking) -> Result<Outcome, FlowFailure> {
        let facts = facts(self.request, &self.chosen.account).booked(&booking);
        let recorded = self
            .desk
            .shipments
            .book(self.id, self.seen(), &facts, booking.label_url.as_ref())
            .await;
        match recorded {
            Ok(true) => Ok(Outcome::Booked(booking)),
            Ok(false) => Err(FlowFailure::InProgress(AFTER_A_RACE)),
            Err(failure) => {
                tracing::error!(
                    error = crate::telemetry::chain(&failure),
                    "a booking could not be recorded"
                );
                Err(FlowFailure::OutcomeUnknown)
            }
        }
    }

    /// Gives the claim up as it now stands. Should that fail, its lease ends it and a repeat reconciles.
    async fn leave(
        &self,
        standing: Standing,
        failure: FlowFailure,
    ) -> Result<Outcome, FlowFailure> {
        if let Err(error) = self
            .desk
            .shipments
            .stand(self.id, self.seen(), standing)
            .await
        {
            tracing::error!(error = crate::telemetry::chain(&error), %standing, "a claim could not be given up");
        }
        Err(failure)
    }

    fn call(&self, deadline: Deadline) -> Call<'_> {
        Call {
            account: &self.chosen.account,
            outbound: &self.desk.outbound,
            deadline,
        }
    }

    fn seen(&self) -> Seen<'_> {
        Seen {
            standing: Standing::Claimed,
            holder: self.holder,
        }
    }
}

impl KeepsProgress for Attempt<'_> {
    fn keep<'a>(&'a self, step: &'a str, id: &'a str) -> BoxFuture<'a, Result<(), NotKept>> {
        async move {
            match self
                .desk
                .shipments
                .keep(self.id, self.seen(), step, id)
                .await
            {
                Ok(true) => Ok(()),
                Ok(false) | Err(_) => Err(NotKept),
            }
        }
        .boxed()
    }
}

/// Where a claim stands after a failure of the creating call.
fn after(failure: &Failure) -> Standing {
    match failure {
        Failure::NotSent(_)
        | Failure::NotConfigured(_)
        | Failure::Throttled(_)
        | Failure::Refused(_)
        | Failure::BadCredentials => Standing::Released,
        Failure::Unreachable | Failure::OutcomeUnknown | Failure::Unreadable => Standing::Uncertain,
    }
}

fn shipment_id(caller: &Caller, request: &ShipmentRequest) -> ShipmentId {
    ShipmentId {
        client_id: caller.client_id.clone(),
        shipment_type: request.purpose.shipment_type(),
        order_number: request.order_number.clone(),
        shipment_code: request.shipment_code.clone(),
    }
}

fn new_claim(request: &ShipmentRequest, account: &LogisticAccount, now: Timestamp) -> Shipment {
    Shipment {
        facts: facts(request, account),
        standing: Standing::Claimed,
        content: Some(content(request, account)),
        holder: Uuid::now_v7().to_string(),
        lease_until: Some((now + LEASE).as_millisecond()),
        progress: BTreeMap::new(),
        label_url: None,
    }
}

fn facts(request: &ShipmentRequest, account: &LogisticAccount) -> Facts {
    let item = |line: &crate::domain::order::LineItem| NotifiedItem {
        item_id: line.item_id.clone(),
        sku: line.sku.clone(),
        quantity: line.quantity,
    };
    Facts {
        order_number: request.order_number.clone(),
        shipment_code: request.shipment_code.clone(),
        shipment_type: request.purpose.shipment_type(),
        alias: account.alias.clone(),
        aggregator: account.aggregator.clone(),
        order_id: None,
        awb: None,
        carrier_name: None,
        warehouse: request.warehouse.clone(),
        ordered_at: Some(request.order_date.instant.as_second()),
        items: request.lines.iter().map(item).collect(),
    }
}

/// A digest of all that makes two requests the same; the courier may differ between repeats.
fn content(request: &ShipmentRequest, account: &LogisticAccount) -> String {
    let mut body = ShipmentBody::from(request);
    body.courier_id = None;
    body.logistic_account_alias = Some(account.alias.as_str());
    let body = serde_json::to_vec(&body).unwrap_or_default();
    format!("{:x}", Sha256::digest(body))
}

fn route(request: &ShipmentRequest) -> Route {
    Route {
        pickup_pincode: request.pickup.zip.clone(),
        drop_pincode: request.drop.zip.clone(),
        payment: request.payment,
        shipment_type: request.purpose.shipment_type(),
        amount: request.amount,
        parcel: Some(request.parcel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregators::failure::Refusal;
    use crate::contract::fields::read_value;
    use crate::contract::shipment::read;
    use crate::domain::account::Region;
    use crate::domain::shipment::ShipmentType;
    use crate::outbound::client::SendError;
    use crate::outbound::target::ForbiddenTarget;
    use serde_json::{Value, json};

    fn account(alias: &str) -> LogisticAccount {
        LogisticAccount {
            client_id: "client-1".parse().unwrap(),
            alias: alias.parse().unwrap(),
            aggregator: "OTHER".parse().unwrap(),
            region: Region::Domestic,
            credentials: BTreeMap::new(),
            urls: BTreeMap::new(),
            settings: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
        }
    }

    fn digest(change: impl FnOnce(&mut Value), alias: &str) -> String {
        let address = json!({"firstName": "A", "addressLine1": "1", "city": "B", "state": "C", "zip": "1", "country": "D"});
        let mut body = json!({
            "pickupAddress": address,
            "dropAddress": address,
            "orderDetails": {
                "orderNumber": "order-1",
                "paymentType": "PREPAID",
                "orderAmount": 230,
                "orderDate": "2022-03-16T12:31:02+05:30",
                "shipmentType": "FORWARD",
                "orderLineItems": [{"name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 230, "quantity": 1}],
            },
            "shipmentDimension": {"length": 50, "breadth": 50, "height": 50, "weight": 200},
            "courierId": 1,
        });
        change(&mut body);
        let addressed = read_value(&body, |fields| read(fields, ShipmentType::Forward)).unwrap();
        content(&addressed.request, &account(alias))
    }

    #[test]
    fn a_repeat_may_write_the_same_otherwise_and_name_another_courier() {
        let first = digest(|_| (), "magic");
        for change in [
            (|body| body["courierId"] = json!(2)) as fn(&mut Value),
            |body| body["courierId"] = Value::Null,
            |body| body["orderDetails"]["orderAmount"] = json!("230.00"),
            |body| body["currencyCode"] = json!("INR"),
            |body| body["pickupAddress"]["lastName"] = json!(""),
            |body| body["logisticAccountAlias"] = json!("magic"),
            |body| body["unknown"] = json!(true),
        ] {
            assert_eq!(digest(change, "magic"), first);
        }
    }

    #[test]
    fn another_content_or_account_is_no_repeat() {
        let first = digest(|_| (), "magic");
        for change in [
            (|body| body["orderDetails"]["orderAmount"] = json!(231)) as fn(&mut Value),
            |body| body["orderDetails"]["orderLineItems"][0]["quantity"] = json!(2),
            |body| body["orderDetails"]["paymentType"] = json!("COD"),
            |body| body["dropAddress"]["zip"] = json!("2"),
            |body| body["currencyCode"] = json!("AED"),
            |body| body["warehouseCode"] = json!("wh-2"),
        ] {
            assert_ne!(digest(change, "magic"), first);
        }
        assert_ne!(digest(|_| (), "other"), first);
    }

    #[test]
    fn only_a_failure_that_proves_that_nothing_was_bought_frees_the_order() {
        for free in [
            Failure::NotSent(SendError::Forbidden(ForbiddenTarget::NotHttps)),
            Failure::NotConfigured("url"),
            Failure::Throttled(None),
            Failure::Refused(Refusal::default()),
            Failure::BadCredentials,
        ] {
            assert_eq!(after(&free), Standing::Released, "{free:?}");
        }
        for doubtful in [
            Failure::Unreachable,
            Failure::OutcomeUnknown,
            Failure::Unreadable,
        ] {
            assert_eq!(after(&doubtful), Standing::Uncertain, "{doubtful:?}");
        }
    }
}
