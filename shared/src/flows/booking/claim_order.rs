//! Claims an order, so that what is asked for happens once, and keeps what is known of it.
//!
//! A request that meets a claim learns from it what to do: give the recorded answer, wait, go on, or find out what became
//! of an interrupted one. Whoever holds the claim says at its end where it stands; should that fail, its lease ends it and
//! a repeat reconciles.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::Reference;
use crate::contract::shipment::{AddressedRequest, ShipmentBody};
use crate::domain::account::LogisticAccount;
use crate::domain::booking::Booking;
use crate::domain::claim::{Decision, Goal, LEASE, Met, Standing, decide};
use crate::domain::claim_record::{Known, Seen, Shipment};
use crate::domain::client::Caller;
use crate::domain::facts::Facts;
use crate::domain::notification::NotifiedItem;
use crate::domain::order::{LineItem, ShipmentRequest};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::AggregatorOrderId;
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::partners::failure::Failure;
use crate::partners::progress::{KeepsProgress, NotKept};
use crate::store::booking::shipments::Claimed;
use crate::store::packed::pack;

/// The aggregator's share of the 25 seconds in which a caller is answered.
const DEADLINE: Duration = Duration::from_secs(23);
/// When a request that met another one at work should come back, at the latest: most purchases end within it, and the
/// lease only matters where the other one died.
const WHILE_ANOTHER_WORKS: Duration = Duration::from_secs(2);
/// When a request that lost a race should come back.
const AFTER_A_RACE: Duration = Duration::from_secs(1);
/// The largest request that is kept while an aggregator has it queued; a table's item holds 400 KB.
const LARGEST_KEPT: usize = 300 * 1000;

/// What is asked for, and who is asked.
#[derive(Debug)]
pub struct Order<'a> {
    dependencies: &'a BookingDependencies,
    /// The account and its adapter.
    pub chosen: Chosen,
    /// What is asked for.
    pub request: ShipmentRequest,
    /// Which shipment it is.
    pub id: ShipmentId,
    /// When the aggregator's work must have ended.
    pub deadline: Deadline,
}

/// What a request may do.
#[derive(Debug)]
pub enum Turn<'a> {
    /// Give the recorded answer.
    Replay(Box<Shipment>),
    /// Work under this claim.
    Work(Claim<'a>),
}

/// A claim that is held.
#[derive(Debug)]
pub struct Claim<'a> {
    order: &'a Order<'a>,
    holder: String,
    /// How the aggregator knows the order.
    pub known: Known,
    /// Where it stands as long as nobody knows better: set when an earlier attempt may have had an effect.
    doubt: Option<Standing>,
}

impl<'a> Order<'a> {
    /// The request of a caller, and the account that it goes to.
    pub async fn of(
        dependencies: &'a BookingDependencies,
        caller: &Caller,
        addressed: AddressedRequest,
    ) -> Result<Self, FlowFailure> {
        let deadline = Deadline::after(DEADLINE);
        let chosen = choose(
            &dependencies.accounts,
            &caller.client_id,
            addressed.alias.as_ref(),
        )
        .await?;
        let request = addressed.request;
        let id = ShipmentId {
            client_id: caller.client_id.clone(),
            shipment_type: request.purpose.shipment_type(),
            order_number: request.order_number.clone(),
            shipment_code: request.shipment_code.clone(),
        };
        Ok(Self {
            dependencies,
            chosen,
            request,
            id,
            deadline,
        })
    }

    /// A request that was kept while its aggregator had it queued.
    pub fn again(
        dependencies: &'a BookingDependencies,
        chosen: Chosen,
        id: ShipmentId,
        request: ShipmentRequest,
    ) -> Self {
        Self {
            dependencies,
            chosen,
            request,
            id,
            deadline: Deadline::after(DEADLINE),
        }
    }

    /// Claims it, or learns from the claim that it meets.
    pub async fn claim(&'a self, goal: Goal, now: Timestamp) -> Result<Turn<'a>, FlowFailure> {
        let claim = self.new_claim(now);
        match self.dependencies.shipments.claim(&self.id, &claim).await? {
            Claimed::Ours => Ok(Turn::Work(self.held(claim))),
            // The answer to our own write was lost, and the SDK repeated it.
            Claimed::Met(met) if met.holder == claim.holder => Ok(Turn::Work(self.held(claim))),
            Claimed::Met(met) => self.meet(goal, met, claim, now).await,
        }
    }

    async fn meet(
        &'a self,
        goal: Goal,
        met: Box<Shipment>,
        claim: Shipment,
        now: Timestamp,
    ) -> Result<Turn<'a>, FlowFailure> {
        let seen = Met {
            standing: met.standing,
            same_content: met.content == claim.content,
            lease_until: met.lease(),
            has_progress: !met.progress.is_empty(),
        };
        match decide(goal, seen, now) {
            Decision::Replay => Ok(Turn::Replay(met)),
            Decision::OtherContent => Err(FlowFailure::OrderNumberReused),
            Decision::Wait(left) => Err(FlowFailure::InProgress(left.min(WHILE_ANOTHER_WORKS))),
            Decision::Claim => self.claim_again(&met, claim, met.round).await,
            Decision::ClaimAnew => self.claim_again(&met, claim, met.round + 1).await,
            Decision::Continue => self.take_over(&met, None, now).await.map(Turn::Work),
            Decision::Reconcile => {
                let doubt = doubt(met.standing);
                self.take_over(&met, Some(doubt), now).await.map(Turn::Work)
            }
        }
    }

    async fn claim_again(
        &'a self,
        met: &Shipment,
        mut claim: Shipment,
        round: u32,
    ) -> Result<Turn<'a>, FlowFailure> {
        claim.round = round;
        let shipments = &self.dependencies.shipments;
        if shipments.claim_again(&self.id, met.seen(), &claim).await? {
            Ok(Turn::Work(self.held(claim)))
        } else {
            Err(FlowFailure::InProgress(AFTER_A_RACE))
        }
    }

    /// Takes a claim over under a new name.
    pub async fn take_over(
        &'a self,
        met: &Shipment,
        doubt: Option<Standing>,
        now: Timestamp,
    ) -> Result<Claim<'a>, FlowFailure> {
        let holder = Uuid::now_v7().to_string();
        let until = now + LEASE;
        let shipments = &self.dependencies.shipments;
        if !shipments
            .take_over(&self.id, met.seen(), &holder, until)
            .await?
        {
            return Err(FlowFailure::InProgress(AFTER_A_RACE));
        }
        Ok(Claim {
            order: self,
            holder,
            known: met.known(),
            doubt,
        })
    }

    fn held(&'a self, claim: Shipment) -> Claim<'a> {
        Claim {
            order: self,
            known: claim.known(),
            holder: claim.holder,
            doubt: None,
        }
    }

    fn new_claim(&self, now: Timestamp) -> Shipment {
        let account = &self.chosen.account;
        Shipment {
            facts: facts(&self.request, account),
            standing: Standing::Claimed,
            content: Some(content(&self.request, account)),
            holder: Uuid::now_v7().to_string(),
            lease_until: Some((now + LEASE).as_millisecond()),
            progress: BTreeMap::new(),
            round: 1,
            asked_for: None,
            label_url: None,
            commercial_invoice_url: None,
        }
    }
}

/// Where a claim that was taken over stands as long as nobody knows better.
pub fn doubt(standing: Standing) -> Standing {
    if standing == Standing::Pending {
        Standing::Pending
    } else {
        Standing::Uncertain
    }
}

impl Claim<'_> {
    /// Whether an earlier attempt may have had an effect.
    pub fn is_in_doubt(&self) -> bool {
        self.doubt.is_some()
    }

    /// One piece of work for the account.
    pub fn call(&self, deadline: Deadline) -> AggregatorCall<'_> {
        self.order
            .dependencies
            .call(&self.order.chosen.account, deadline)
    }

    /// The booking, for the aggregator.
    pub fn reference(&self) -> Reference<'_> {
        let id = &self.order.id;
        Reference {
            shipment_type: id.shipment_type,
            order_number: &id.order_number,
            shipment_code: id.shipment_code.as_ref(),
            round: self.known.round,
            order_id: None,
            awb: None,
            reached: &self.known.progress,
        }
    }

    /// Records a booking.
    pub async fn record(&self, booking: &Booking) -> Result<(), FlowFailure> {
        let facts = facts(&self.order.request, &self.order.chosen.account);
        let shipments = &self.order.dependencies.shipments;
        let recorded = shipments
            .book(&self.order.id, self.seen(), &facts, booking)
            .await;
        Self::recorded(recorded)
    }

    /// Records that the order exists at the aggregator.
    pub async fn record_order(&self, order_id: &AggregatorOrderId) -> Result<(), FlowFailure> {
        let shipments = &self.order.dependencies.shipments;
        let recorded = shipments.order(&self.order.id, self.seen(), order_id).await;
        Self::recorded(recorded)
    }

    /// Records that the aggregator has queued the order, with the request that asks again.
    pub async fn record_queued(&self) -> Result<(), FlowFailure> {
        let shipments = &self.order.dependencies.shipments;
        let request = serde_json::to_vec(&ShipmentBody::from(&self.order.request));
        let packed = request.ok().and_then(|request| pack(&request).ok());
        let kept = packed.filter(|packed| packed.len() <= LARGEST_KEPT);
        let recorded = if let Some(packed) = kept {
            shipments.queue(&self.order.id, self.seen(), packed).await
        } else {
            let pending = Standing::Pending;
            shipments.stand(&self.order.id, self.seen(), pending).await
        };
        Self::recorded(recorded)
    }

    fn recorded<E: std::error::Error + 'static>(
        recorded: Result<bool, E>,
    ) -> Result<(), FlowFailure> {
        match recorded {
            Ok(true) => Ok(()),
            Ok(false) => Err(FlowFailure::InProgress(AFTER_A_RACE)),
            Err(failure) => {
                tracing::error!(
                    error = crate::telemetry::chain(&failure),
                    "what an aggregator did could not be recorded"
                );
                Err(FlowFailure::OutcomeUnknown)
            }
        }
    }

    /// Gives the claim up after a failure of the aggregator's; answers what the caller is told.
    pub async fn fail(&self, failure: Failure) -> FlowFailure {
        let standing = self.standing_after(&failure);
        let failure = FlowFailure::of(&self.order.chosen.account.aggregator, failure);
        self.leave(standing, failure).await
    }

    /// Gives the claim up although nothing was tried; answers what the caller is told.
    pub async fn give_up(&self, failure: FlowFailure) -> FlowFailure {
        let standing = self.doubt.unwrap_or(Standing::Released);
        self.leave(standing, failure).await
    }

    /// Gives the claim up undecided; answers what the caller is told.
    pub async fn leave_in_doubt(&self, failure: FlowFailure) -> FlowFailure {
        let standing = self.doubt.unwrap_or(Standing::Uncertain);
        self.leave(standing, failure).await
    }

    async fn leave(&self, standing: Standing, failure: FlowFailure) -> FlowFailure {
        let shipments = &self.order.dependencies.shipments;
        if let Err(error) = shipments.stand(&self.order.id, self.seen(), standing).await {
            tracing::error!(error = crate::telemetry::chain(&error), %standing, "a claim could not be given up");
        }
        failure
    }

    /// Where the claim stands after a failure of a creating call. A refusal decides even what was in doubt: whoever had
    /// booked it before would not refuse it.
    fn standing_after(&self, failure: &Failure) -> Standing {
        match failure {
            Failure::Refused(_) => Standing::Released,
            Failure::NotSent(_)
            | Failure::NotConfigured(_)
            | Failure::Invalid(_)
            | Failure::Throttled(_)
            | Failure::BadCredentials => self.doubt.unwrap_or(Standing::Released),
            Failure::Unreachable | Failure::OutcomeUnknown | Failure::Unreadable => {
                self.doubt.unwrap_or(Standing::Uncertain)
            }
        }
    }

    fn seen(&self) -> Seen<'_> {
        Seen {
            standing: Standing::Claimed,
            holder: &self.holder,
        }
    }
}

impl KeepsProgress for Claim<'_> {
    fn keep<'a>(&'a self, step: &'a str, id: &'a str) -> BoxFuture<'a, Result<(), NotKept>> {
        async move {
            let shipments = &self.order.dependencies.shipments;
            match shipments.keep(&self.order.id, self.seen(), step, id).await {
                Ok(true) => Ok(()),
                Ok(false) | Err(_) => Err(NotKept),
            }
        }
        .boxed()
    }
}

fn facts(request: &ShipmentRequest, account: &LogisticAccount) -> Facts {
    let item = |line: &LineItem| NotifiedItem {
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
        meta_data: BTreeMap::new(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::read_value;
    use crate::contract::shipment::read;
    use crate::domain::account::Region;
    use crate::domain::shipment::ShipmentType;
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
            warehouses: BTreeMap::new(),
            default_courier: None,
            notifications_enabled: true,
            proofs: crate::domain::proof::PushProofs::default(),
            push_name: None,
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
}
