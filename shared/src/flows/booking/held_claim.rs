//! Work under a held claim, and recording its result.
//!
//! The holder records the claim's final state; if that fails, the lease expires and a repeated request reconciles.

use std::sync::OnceLock;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_bytes::ByteBuf;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::clock;
use crate::contract::shipment::body::ShipmentBody;
use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::claim_end::{FailedAttempt, standing_after};
use crate::domain::claim_record::{KnownOrder, SeenClaim};
use crate::domain::given_id::{GivenId, TakeOver, TakenId};
use crate::domain::left_order::LeftOrder;
use crate::domain::text::AggregatorOrderId;
use crate::flows::booking::claim_order::{AFTER_A_RACE, OrderRequest};
use crate::flows::booking::kept_refusal::kept_refusal;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::{KeepsProgress, NotKept};
use crate::store::booking::claim_together::BookedTogether;
use crate::store::booking::given_ids::Recorded;
use crate::store::booking::record_booking::{KeptStep, NewBooking};
use crate::store::failure::StoreFailure;
use crate::store::packed::pack;
use crate::store::transaction::Part;
use crate::telemetry::metrics::{self, Metric};

/// The maximum size of a request that is stored, for asking again or for a return; a DynamoDB item holds 400 KB.
const LARGEST_KEPT: usize = 300 * 1000;

/// A held claim.
#[derive(Debug)]
pub struct HeldClaim<'a> {
    order: &'a OrderRequest<'a>,
    holder: String,
    /// The order's ids at the aggregator.
    pub known: KnownOrder,
    /// The claim's state until more is known; set if an earlier attempt may have taken effect.
    doubt: Option<Standing>,
    /// The id that a step of this attempt was given although another order has it.
    taken: OnceLock<Box<TakenId>>,
    /// The state in which this attempt left the claim, if it failed.
    left: OnceLock<Standing>,
}

impl<'a> HeldClaim<'a> {
    pub(super) fn new(
        order: &'a OrderRequest<'a>,
        holder: String,
        known: KnownOrder,
        doubt: Option<Standing>,
    ) -> Self {
        Self {
            order,
            holder,
            known,
            doubt,
            taken: OnceLock::new(),
            left: OnceLock::new(),
        }
    }

    /// Whether an earlier attempt may have taken effect.
    pub fn is_in_doubt(&self) -> bool {
        self.doubt.is_some()
    }

    /// A call for the account.
    pub fn call(&self, deadline: Deadline) -> AggregatorCall<'_> {
        self.order
            .dependencies
            .call(&self.order.chosen.account, deadline)
    }

    /// The reference of the booking for the aggregator.
    pub fn reference(&self) -> BookingReference<'_> {
        let id = &self.order.id;
        BookingReference {
            shipment_type: id.shipment_type,
            order_number: &id.order_number,
            shipment_code: id.shipment_code.as_ref(),
            round: self.known.round,
            naming: self.known.naming,
            order_id: None,
            awb: None,
            reached: &self.known.progress,
        }
    }

    /// Records which orders of earlier requests are still left, together with `others`.
    pub(super) async fn record_left(
        &mut self,
        left: Vec<LeftOrder>,
        others: Vec<Part>,
    ) -> Result<(), FlowFailure> {
        let shipments = &self.order.dependencies.shipments;
        let is_ours = shipments
            .leave(&self.order.id, self.seen(), &left, others)
            .await?;
        if !is_ours {
            return Err(FlowFailure::InProgress(AFTER_A_RACE));
        }
        self.known.left_orders = left;
        Ok(())
    }

    /// Records a booking.
    pub async fn record(&self, booking: &Booking) -> Result<(), FlowFailure> {
        let shipments = &self.order.dependencies.shipments;
        let booked = NewBooking {
            facts: &self.order.facts(),
            booking,
        };
        let (id, seen, request) = (&self.order.id, self.seen(), self.packed_request());
        let recorded = shipments
            .book_with(id, seen, booked, TakeOver::Never, request)
            .await;
        self.recorded(recorded, Standing::Booked).await
    }

    /// Records the bookings of two shipments that were ordered together. If one of them cannot be recorded, the other one
    /// is.
    pub(super) async fn record_both(
        [first, second]: [(&Self, &Booking); 2],
    ) -> Result<(), FlowFailure> {
        let shipments = &first.0.order.dependencies.shipments;
        let booked = [first, second].map(|(claim, booking)| BookedTogether {
            id: &claim.order.id,
            seen: claim.seen(),
            facts: claim.order.facts(),
            booking,
            request: claim.packed_request(),
        });
        match shipments.book_together(booked).await {
            Ok(true) => {
                for (claim, _) in [first, second] {
                    claim.count(Standing::Booked);
                }
                Ok(())
            }
            Ok(false) => {
                let of_first = first.0.record(first.1).await;
                let of_second = second.0.record(second.1).await;
                of_first.and(of_second)
            }
            Err(failure) => Err(FlowFailure::OutcomeUnknown(Some(failure.into()))),
        }
    }

    /// Records that the order exists at the aggregator.
    pub async fn record_order(&self, order_id: &AggregatorOrderId) -> Result<(), FlowFailure> {
        let shipments = &self.order.dependencies.shipments;
        let (id, facts) = (&self.order.id, self.order.facts());
        let recorded = shipments.order(id, self.seen(), &facts, order_id).await;
        self.recorded(recorded, Standing::Ordered).await
    }

    /// Records that the aggregator has queued the order, with the request for asking again.
    pub async fn record_queued(&self) -> Result<(), FlowFailure> {
        let shipments = &self.order.dependencies.shipments;
        let recorded = if let Some(packed) = self.packed_request() {
            shipments.queue(&self.order.id, self.seen(), packed).await
        } else {
            let pending = Standing::Pending;
            shipments.stand(&self.order.id, self.seen(), pending).await
        };
        let recorded = recorded.map(|is_ours| {
            if is_ours {
                Recorded::Done
            } else {
                Recorded::Outrun
            }
        });
        self.recorded(recorded, Standing::Pending).await
    }

    /// The request as it is stored; `None` if it is too large.
    fn packed_request(&self) -> Option<ByteBuf> {
        let request = serde_json::to_vec(&ShipmentBody::from(&self.order.request));
        let packed = request.ok().and_then(|request| pack(&request).ok());
        packed.filter(|packed| packed.len() <= LARGEST_KEPT)
    }

    async fn recorded(
        &self,
        recorded: Result<Recorded, StoreFailure>,
        standing: Standing,
    ) -> Result<(), FlowFailure> {
        match recorded {
            Ok(Recorded::Done) => {
                self.count(standing);
                Ok(())
            }
            Ok(Recorded::Outrun) => Err(FlowFailure::InProgress(AFTER_A_RACE)),
            Ok(Recorded::Taken(taken)) => {
                Err(self.leave_in_doubt(FlowFailure::IdTaken(taken)).await)
            }
            Err(failure) => Err(FlowFailure::OutcomeUnknown(Some(failure.into()))),
        }
    }

    /// Releases the claim after a failure of the aggregator; returns the failure for the caller.
    pub async fn fail(&self, failure: PartnerFailure) -> FlowFailure {
        let failed = failure.attempt();
        let aggregator = &self.order.chosen.account.aggregator;
        let failure = self
            .id_taken()
            .unwrap_or_else(|| FlowFailure::of(aggregator, failure));
        self.leave(standing_after(failed, self.doubt), failure)
            .await
    }

    /// Releases both claims of an order that was created, or not, with one call; returns the failure for the caller.
    pub(super) async fn fail_both(claims: [&Self; 2], failure: PartnerFailure) -> FlowFailure {
        let [first, second] = claims;
        let standing = standing_after(failure.attempt(), second.doubt);
        let taken = second.id_taken();
        let failure = first.fail(failure).await;
        second.leave(standing, taken.unwrap_or(failure)).await
    }

    fn id_taken(&self) -> Option<FlowFailure> {
        self.taken.get().cloned().map(FlowFailure::IdTaken)
    }

    /// Releases the claim because that of the shipment that is ordered together with it failed: nothing was tried with this
    /// one, but its number stays taken while the outcome of the other is unknown. Returns the failure for the caller.
    pub(super) async fn follow(&self, other: &Self, failure: FlowFailure) -> FlowFailure {
        match other.left.get() {
            Some(Standing::Released) => self.give_up(failure).await,
            Some(_) | None => self.leave_in_doubt(failure).await,
        }
    }

    /// Releases the claim although nothing was tried; returns the failure for the caller.
    pub async fn give_up(&self, failure: FlowFailure) -> FlowFailure {
        let standing = standing_after(FailedAttempt::WithoutEffect, self.doubt);
        self.leave(standing, failure).await
    }

    /// Releases the claim with an unknown outcome; returns the failure for the caller.
    pub async fn leave_in_doubt(&self, failure: FlowFailure) -> FlowFailure {
        let standing = standing_after(FailedAttempt::Unclear, self.doubt);
        self.leave(standing, failure).await
    }

    async fn leave(&self, standing: Standing, failure: FlowFailure) -> FlowFailure {
        self.left.get_or_init(|| standing);
        self.count(standing);
        let shipments = &self.order.dependencies.shipments;
        let (id, seen) = (&self.order.id, self.seen());
        let left = if standing == Standing::Released {
            let refusal = kept_refusal(self.order, &failure, clock::now());
            shipments.refuse(id, seen, &refusal).await
        } else {
            shipments.stand(id, seen, standing).await
        };
        if let Err(error) = left {
            tracing::error!(
                error = crate::telemetry::chain(&error),
                %standing,
                "claim not released: it expires with its lease"
            );
        }
        failure
    }

    /// Counts the end of this attempt.
    fn count(&self, standing: Standing) {
        let aggregator = self.order.chosen.account.aggregator.as_str();
        metrics::count_outcome(aggregator, standing.word(), Metric::Purchases, 1);
        if standing == Standing::Uncertain {
            metrics::count(Metric::OrdersInDoubt, 1);
        }
    }

    fn seen(&self) -> SeenClaim<'_> {
        SeenClaim {
            standing: Standing::Claimed,
            holder: &self.holder,
        }
    }
}

impl KeepsProgress for HeldClaim<'_> {
    fn keep<'a>(
        &'a self,
        step: &'a str,
        result: &'a str,
        given: &'a GivenId,
    ) -> BoxFuture<'a, Result<(), NotKept>> {
        async move {
            let shipments = &self.order.dependencies.shipments;
            let (id, facts) = (&self.order.id, self.order.facts());
            let kept = KeptStep {
                name: step,
                value: result,
                given,
            };
            match shipments.keep(id, self.seen(), &facts, kept).await {
                Ok(Recorded::Done) => Ok(()),
                Ok(Recorded::Outrun) => Err(NotKept),
                Ok(Recorded::Taken(taken)) => {
                    self.taken.get_or_init(|| taken);
                    Err(NotKept)
                }
                Err(failure) => {
                    tracing::error!(
                        error = crate::telemetry::chain(&failure),
                        step,
                        "partner's id not stored"
                    );
                    Err(NotKept)
                }
            }
        }
        .boxed()
    }
}
