//! Claims both shipments of an exchange, with one transaction, or learns from the existing claims what to do.

use futures::future::try_join;
use jiff::Timestamp;
use uuid::Uuid;

use crate::aggregators::exchange::{FORWARD_NUMBER, RETURN_NUMBER};
use crate::contract::fields::Violation;
use crate::domain::booking::Booking;
use crate::domain::claim::{ClaimDecision, LEASE, Standing};
use crate::domain::claim_end::doubt;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::exchange::{ExchangeDecision, ExchangedHalf, decide_exchange};
use crate::domain::left_order;
use crate::flows::booking::claim_order::{AFTER_A_RACE, OrderRequest, WHILE_ANOTHER_WORKS};
use crate::flows::booking::held_claim::HeldClaim;
use crate::flows::failure::FlowFailure;
use crate::store::booking::claim_together::ClaimChange;

/// What a request for an exchange may do.
#[derive(Debug)]
pub(super) enum ExchangeTurn<'a> {
    /// Return the recorded response.
    Replay([Box<BookedHalf>; 2]),
    /// Order and book what is missing.
    Work {
        /// The replacement and the return.
        halves: Box<[Half<'a>; 2]>,
        /// Whether an earlier attempt may have ordered the exchange.
        may_exist: bool,
    },
}

/// A shipment of an exchange that an earlier request booked.
#[derive(Debug)]
pub(super) struct BookedHalf {
    pub(super) booking: Booking,
    /// Its claim.
    pub(super) record: ShipmentRecord,
}

/// A shipment of an exchange.
#[derive(Debug)]
pub(super) enum Half<'a> {
    /// An earlier request booked it.
    Booked(Box<BookedHalf>),
    /// It is to be booked under this claim.
    Held(HeldClaim<'a>),
}

/// What the request does about one of the claims.
enum Plan {
    First(Box<ShipmentRecord>),
    Again {
        met: Box<ShipmentRecord>,
        claim: Box<ShipmentRecord>,
    },
    TakeOver {
        met: Box<ShipmentRecord>,
        holder: String,
        is_in_doubt: bool,
    },
    Keep(Box<BookedHalf>),
}

/// Claims both shipments of an exchange: the replacement and the return.
pub(super) async fn claim_exchange<'a>(
    [forward, returned]: [&'a OrderRequest<'a>; 2],
    now: Timestamp,
) -> Result<ExchangeTurn<'a>, FlowFailure> {
    let shipments = &forward.dependencies.shipments;
    let (of_forward, of_returned) =
        try_join(shipments.get(&forward.id), shipments.get(&returned.id)).await?;
    let met = |record: &Option<ShipmentRecord>| {
        let record = record.as_ref();
        record.map(|record| record.met(Some(&forward.content)))
    };
    match decide_exchange(met(&of_forward), met(&of_returned), now) {
        ExchangeDecision::Replay => Ok(ExchangeTurn::Replay([
            booked(of_forward)?,
            booked(of_returned)?,
        ])),
        ExchangeDecision::Reused(halves) => Err(in_use(&halves, USED)),
        ExchangeDecision::HalfEnded(half) => Err(in_use(&[half], ENDED)),
        ExchangeDecision::Wait(left) => Err(FlowFailure::InProgress(left.min(WHILE_ANOTHER_WORKS))),
        ExchangeDecision::Work {
            forward: about_forward,
            returned: about_returned,
            may_exist,
        } => {
            let plans = [
                plan(forward, about_forward, of_forward, now)?,
                plan(returned, about_returned, of_returned, now)?,
            ];
            carry_out([forward, returned], plans, may_exist, now).await
        }
    }
}

const USED: &str = "was used for a request with different content";
const ENDED: &str = "its shipment was cancelled, or its number was used for another shipment since, but the other shipment of \
     the exchange was not cancelled: cancel that one too, then repeat the request, or use new numbers";

fn in_use(halves: &[ExchangedHalf], detail: &str) -> FlowFailure {
    let violation = |half: &ExchangedHalf| Violation {
        pointer: match half {
            ExchangedHalf::Forward => FORWARD_NUMBER,
            ExchangedHalf::Return => RETURN_NUMBER,
        }
        .to_owned(),
        detail: detail.to_owned(),
    };
    FlowFailure::NumbersReused(halves.iter().map(violation).collect())
}

fn booked(record: Option<ShipmentRecord>) -> Result<Box<BookedHalf>, FlowFailure> {
    let record = record.ok_or(FlowFailure::OutcomeUnknown(None))?;
    let booking = record.booking().ok_or(FlowFailure::OutcomeUnknown(None))?;
    Ok(Box::new(BookedHalf { booking, record }))
}

fn plan(
    order: &OrderRequest<'_>,
    decision: ClaimDecision,
    met: Option<ShipmentRecord>,
    now: Timestamp,
) -> Result<Plan, FlowFailure> {
    let new_claim = || order.new_claim(now);
    let Some(met) = met else {
        return Ok(Plan::First(Box::new(new_claim())));
    };
    let again = |met: ShipmentRecord, round| Plan::Again {
        claim: Box::new(order.replacing(&met, new_claim(), round)),
        met: Box::new(met),
    };
    let take_over = |met, is_in_doubt| Plan::TakeOver {
        met: Box::new(met),
        holder: Uuid::now_v7().to_string(),
        is_in_doubt,
    };
    let round = met.round;
    Ok(match decision {
        ClaimDecision::Claim if met.standing == Standing::Observed => {
            Plan::First(Box::new(new_claim()))
        }
        ClaimDecision::Claim => again(met, round),
        ClaimDecision::ClaimNewRound => again(met, round + 1),
        ClaimDecision::Continue => take_over(met, false),
        ClaimDecision::Reconcile => take_over(met, true),
        ClaimDecision::Replay => Plan::Keep(booked(Some(met))?),
        // These are decided for the whole exchange.
        ClaimDecision::OtherContent | ClaimDecision::Wait(_) => {
            return Err(FlowFailure::InProgress(AFTER_A_RACE));
        }
    })
}

async fn carry_out<'a>(
    [forward, returned]: [&'a OrderRequest<'a>; 2],
    [of_forward, of_returned]: [Plan; 2],
    may_exist: bool,
    now: Timestamp,
) -> Result<ExchangeTurn<'a>, FlowFailure> {
    let changes = [
        (&forward.id, of_forward.change(now)),
        (&returned.id, of_returned.change(now)),
    ];
    let shipments = &forward.dependencies.shipments;
    if !shipments.claim_together(changes).await? {
        return Err(FlowFailure::InProgress(AFTER_A_RACE));
    }
    let halves = [of_forward.half(forward), of_returned.half(returned)];
    Ok(ExchangeTurn::Work {
        halves: Box::new(halves),
        may_exist,
    })
}

impl Half<'_> {
    /// Releases the claim, if it is held, because the booking of the other shipment failed.
    pub(super) async fn follow(&self, other: &Self, failure: FlowFailure) -> FlowFailure {
        match (self, other) {
            (Self::Held(claim), Self::Held(other)) => claim.follow(other, failure).await,
            (Self::Booked(_), _) | (_, Self::Booked(_)) => failure,
        }
    }

    /// The orders that earlier requests left at aggregators under its number.
    pub(super) fn left_orders(&self) -> Vec<String> {
        left_order::names(match self {
            Self::Booked(booked) => &booked.record.left_orders,
            Self::Held(claim) => &claim.known.left_orders,
        })
    }
}

impl Plan {
    fn change(&self, now: Timestamp) -> ClaimChange<'_> {
        match self {
            Self::First(claim) => ClaimChange::First(claim),
            Self::Again { met, claim } => ClaimChange::Again(met.seen(), claim),
            Self::TakeOver { met, holder, .. } => {
                ClaimChange::TakeOver(met.seen(), holder, now + LEASE)
            }
            Self::Keep(booked) => ClaimChange::Keep(booked.record.seen()),
        }
    }

    fn half<'a>(self, order: &'a OrderRequest<'a>) -> Half<'a> {
        match self {
            Self::First(claim) | Self::Again { claim, .. } => Half::Held(order.held(*claim)),
            Self::TakeOver {
                met,
                holder,
                is_in_doubt,
            } => {
                let doubt = is_in_doubt.then(|| doubt(met.standing));
                Half::Held(HeldClaim::new(order, holder, met.known(), doubt))
            }
            Self::Keep(booked) => Half::Booked(booked),
        }
    }
}
