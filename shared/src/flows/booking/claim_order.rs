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
pub(super) const WHILE_ANOTHER_WORKS: Duration = Duration::from_secs(2);
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
    /// The digest of everything that makes two requests the same.
    pub(super) content: String,
    /// What the record of the shipment says about the return order that asks for it, if one does.
    mark: Option<ReturnMark>,
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
        name_shipment(&request.id(&caller.client_id));
        let content = content_digest(&request, &chosen.account.alias);
        Ok(Self {
            deadline,
            ..Self::part(dependencies, caller, chosen, request, content)
        })
    }

    /// The request for one of several shipments that are claimed together; `content` is the digest of the whole request.
    pub(super) fn part(
        dependencies: &'a BookingDependencies,
        caller: &Caller,
        chosen: Chosen,
        request: ShipmentRequest,
        content: String,
    ) -> Self {
        Self {
            id: request.id(&caller.client_id),
            dependencies,
            chosen,
            request,
            deadline: Deadline::after(DEADLINE),
            content,
            mark: None,
        }
    }

    /// A return order's request for its AWB, from an account that books return AWBs. `content` is the digest of the return
    /// order: the request itself depends on what is known of the forward shipment, which may change between repeats.
    pub fn of_return(
        dependencies: &'a BookingDependencies,
        caller: &Caller,
        chosen: Chosen,
        request: ShipmentRequest,
        content: String,
        mark: ReturnMark,
    ) -> Self {
        name_shipment(&request.id(&caller.client_id));
        Self {
            mark: Some(mark),
            ..Self::part(dependencies, caller, chosen, request, content)
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
        Self {
            dependencies,
            content: record.content.clone().unwrap_or_default(),
            mark: record.facts.return_of.as_deref().cloned(),
            chosen,
            request,
            id,
            deadline: Deadline::after(DEADLINE),
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
        claim: ShipmentRecord,
        round: u32,
    ) -> Result<ClaimTurn<'a>, FlowFailure> {
        let claim = self.replacing(met, claim, round);
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

    /// A new claim in place of an earlier one.
    pub(super) fn replacing(
        &self,
        met: &ShipmentRecord,
        mut claim: ShipmentRecord,
        round: u32,
    ) -> ShipmentRecord {
        // Pushes told of the parcel of a return order before its AWB was asked for.
        if met.standing == Standing::Observed && claim.facts.return_of.is_none() {
            let mark = met.facts.return_of.as_deref();
            claim.facts.return_of = mark.map(|mark| Box::new(mark.clone().bought()));
        }
        ShipmentRecord {
            round,
            left_orders: left_by(&self.id, met),
            earlier_awbs: met.awbs(),
            ..claim
        }
    }

    pub(super) fn held(&'a self, claim: ShipmentRecord) -> HeldClaim<'a> {
        let known = claim.known();
        HeldClaim::new(self, claim.holder, known, None)
    }

    pub(super) fn new_claim(&self, now: Timestamp) -> ShipmentRecord {
        let holder = Uuid::now_v7().to_string();
        ShipmentRecord::claimed(self.facts(), self.content.clone(), holder, now)
    }

    /// The facts of the requested shipment.
    pub(super) fn facts(&self) -> ShipmentFacts {
        ShipmentFacts {
            return_of: self.mark.clone().map(Box::new),
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
            naming: met.naming,
            order_id: met.facts.order_id.clone(),
            progress: met.progress.clone(),
            stays: false,
        });
    }
    left
}
