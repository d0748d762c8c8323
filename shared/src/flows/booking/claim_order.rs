//! Claims an order, so that a request takes effect only once, and records what is known about it.
//!
//! A request that finds an existing claim learns from it what to do: return the recorded response, wait, continue, or
//! determine the result of an interrupted request.

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::aggregators;
use crate::contract::shipment::AddressedRequest;
use crate::contract::shipment::content::content_digest;
use crate::domain::claim::{ClaimDecision, Goal, LEASE, Standing, decide};
use crate::domain::claim_end::doubt;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::client::Caller;
use crate::domain::facts::ShipmentFacts;
use crate::domain::left_order::LeftOrder;
use crate::domain::order::ShipmentRequest;
use crate::domain::returning::mark::ReturnMark;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::booking::find_booking::reference;
use crate::flows::booking::held_claim::HeldClaim;
use crate::flows::booking::traced::name_shipment;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::store::booking::shipments::Claimed;

/// The aggregator's share of the 25 seconds within which the caller gets a response.
const DEADLINE: Duration = Duration::from_secs(23);
/// The longest `Retry-After` while another request is in progress: most purchases end sooner, and the lease only
/// matters if the other request died.
const WHILE_ANOTHER_WORKS: Duration = Duration::from_secs(2);
/// `Retry-After` for a request that lost a race.
pub(super) const AFTER_A_RACE: Duration = Duration::from_secs(1);
/// A request for an order, and its recipient.
#[derive(Debug)]
pub struct OrderRequest<'a> {
    pub(super) dependencies: &'a BookingDependencies,
    /// The account and its adapter.
    pub chosen: Chosen,
    /// The request.
    pub request: ShipmentRequest,
    /// The shipment's id.
    pub id: ShipmentId,
    /// The deadline of the aggregator's work.
    pub deadline: Deadline,
    /// The return order that asks for it, if one does.
    of_return: Option<AskedByReturn>,
}

/// What a return order adds to the request for its AWB.
#[derive(Debug, Clone)]
pub struct AskedByReturn {
    /// A digest of the return order, which a repeat must match. The request itself depends on what is known of the forward
    /// shipment, which may change between repeats.
    pub content: String,
    /// What the record of the parcel says about the return order.
    pub mark: ReturnMark,
}

/// What a request may do.
#[derive(Debug)]
pub enum ClaimTurn<'a> {
    /// Return the recorded response.
    Replay(Box<ShipmentRecord>),
    /// Work under this claim.
    Work(HeldClaim<'a>),
}

impl<'a> OrderRequest<'a> {
    /// A caller's request for an account.
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
        let is_return = request.purpose.shipment_type() == ShipmentType::Return;
        if is_return && !chosen.aggregator.books_returns() {
            return Err(FlowFailure::NotSupported(
                "the account's aggregator does not book return AWBs",
            ));
        }
        let id = request.id(&caller.client_id);
        name_shipment(&id);
        Ok(Self {
            dependencies,
            chosen,
            request,
            id,
            deadline,
            of_return: None,
        })
    }

    /// A return order's request for its AWB, from an account that books return AWBs.
    pub fn of_return(
        dependencies: &'a BookingDependencies,
        caller: &Caller,
        chosen: Chosen,
        request: ShipmentRequest,
        asked: AskedByReturn,
    ) -> Self {
        let id = request.id(&caller.client_id);
        name_shipment(&id);
        Self {
            dependencies,
            chosen,
            request,
            id,
            deadline: Deadline::after(DEADLINE),
            of_return: Some(asked),
        }
    }

    /// A request that was stored while the aggregator had it queued.
    pub fn again(
        dependencies: &'a BookingDependencies,
        chosen: Chosen,
        id: ShipmentId,
        request: ShipmentRequest,
        record: &ShipmentRecord,
    ) -> Self {
        let of_return = record.facts.return_of.as_ref().map(|mark| AskedByReturn {
            content: record.content.clone().unwrap_or_default(),
            mark: (**mark).clone(),
        });
        Self {
            dependencies,
            chosen,
            request,
            id,
            deadline: Deadline::after(DEADLINE),
            of_return,
        }
    }

    /// Claims the order, or learns what to do from an existing claim.
    pub async fn claim(&'a self, goal: Goal, now: Timestamp) -> Result<ClaimTurn<'a>, FlowFailure> {
        let claim = self.new_claim(now);
        match self.dependencies.shipments.claim(&self.id, &claim).await? {
            Claimed::Ours => Ok(ClaimTurn::Work(self.held(claim))),
            // The response to our own write was lost, and the SDK repeated it.
            Claimed::Met(met) if met.holder == claim.holder => {
                Ok(ClaimTurn::Work(self.held(claim)))
            }
            Claimed::Met(met) => self.meet(goal, met, claim, now).await,
        }
    }

    async fn meet(
        &'a self,
        goal: Goal,
        met: Box<ShipmentRecord>,
        claim: ShipmentRecord,
        now: Timestamp,
    ) -> Result<ClaimTurn<'a>, FlowFailure> {
        match decide(goal, met.met(claim.content.as_deref()), now) {
            ClaimDecision::Replay => Ok(ClaimTurn::Replay(met)),
            ClaimDecision::OtherContent => Err(FlowFailure::OrderNumberReused),
            ClaimDecision::Wait(left) => {
                Err(FlowFailure::InProgress(left.min(WHILE_ANOTHER_WORKS)))
            }
            ClaimDecision::Claim => self.claim_again(&met, claim, met.round).await,
            ClaimDecision::ClaimNewRound => self.claim_again(&met, claim, met.round + 1).await,
            ClaimDecision::Continue => self.take_over(&met, None, now).await.map(ClaimTurn::Work),
            ClaimDecision::Reconcile => {
                let doubt = doubt(met.standing);
                self.take_over(&met, Some(doubt), now)
                    .await
                    .map(ClaimTurn::Work)
            }
        }
    }

    async fn claim_again(
        &'a self,
        met: &ShipmentRecord,
        mut claim: ShipmentRecord,
        round: u32,
    ) -> Result<ClaimTurn<'a>, FlowFailure> {
        claim.round = round;
        claim.left_orders = left_by(&self.id, met);
        claim.earlier_awbs = met.awbs();
        // Pushes told of the parcel of a return order before its AWB was asked for.
        if met.standing == Standing::Observed && claim.facts.return_of.is_none() {
            let mark = met.facts.return_of.as_deref();
            claim.facts.return_of = mark.map(|mark| Box::new(mark.clone().bought()));
        }
        let shipments = &self.dependencies.shipments;
        if shipments.claim_again(&self.id, met.seen(), &claim).await? {
            Ok(ClaimTurn::Work(self.held(claim)))
        } else {
            Err(FlowFailure::InProgress(AFTER_A_RACE))
        }
    }

    /// Takes over a claim as a new holder.
    pub async fn take_over(
        &'a self,
        met: &ShipmentRecord,
        doubt: Option<Standing>,
        now: Timestamp,
    ) -> Result<HeldClaim<'a>, FlowFailure> {
        let holder = Uuid::now_v7().to_string();
        let until = now + LEASE;
        let shipments = &self.dependencies.shipments;
        if !shipments
            .take_over(&self.id, met.seen(), &holder, until)
            .await?
        {
            return Err(FlowFailure::InProgress(AFTER_A_RACE));
        }
        Ok(HeldClaim::new(self, holder, met.known(), doubt))
    }

    fn held(&'a self, claim: ShipmentRecord) -> HeldClaim<'a> {
        let known = claim.known();
        HeldClaim::new(self, claim.holder, known, None)
    }

    fn new_claim(&self, now: Timestamp) -> ShipmentRecord {
        let content = match &self.of_return {
            Some(asked) => asked.content.clone(),
            None => content_digest(&self.request, &self.chosen.account.alias),
        };
        ShipmentRecord::claimed(self.facts(), content, Uuid::now_v7().to_string(), now)
    }

    /// The facts of the requested shipment.
    pub(super) fn facts(&self) -> ShipmentFacts {
        let of_return = self.of_return.as_ref();
        ShipmentFacts {
            return_of: of_return.map(|asked| Box::new(asked.mark.clone())),
            ..ShipmentFacts::requested(&self.request, &self.chosen.account)
        }
    }
}

/// The orders that refused requests left at aggregators, for a shipment whose claim a request replaces.
fn left_by(id: &ShipmentId, met: &ShipmentRecord) -> Vec<LeftOrder> {
    let mut left = met.left_orders.clone();
    if met.standing == Standing::Released && !met.progress.is_empty() {
        let reference = reference(id, met);
        let aggregator = aggregators::find(&met.facts.aggregator);
        let order_id = aggregator.and_then(|aggregator| aggregator.order_id(reference));
        left.push(LeftOrder {
            alias: met.facts.alias.clone(),
            name: order_id.map_or_else(|| reference.name(), |id| id.to_string()),
            round: met.round,
            order_id: met.facts.order_id.clone(),
            progress: met.progress.clone(),
            stays: false,
        });
    }
    left
}
