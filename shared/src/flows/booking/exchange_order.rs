//! Orders an exchange exactly once: a replacement for a customer, and the return of the article that it replaces.
//!
//! Both shipments are claimed with one transaction, ordered with one call, then booked one after the other, and recorded
//! with one transaction. Each of them may end differently. A repeat works only on the one that is not booked, and after an
//! unknown outcome the aggregator is asked before anything is ordered again.

use jiff::Timestamp;

use crate::aggregators::exchange::{
    ExchangeHalf, ExchangeOrder, ExchangeProgress, Exchanges, FORWARD, FORWARD_NUMBER, RETURN,
    RETURN_NUMBER,
};
use crate::contract::exchange::{ExchangeRequest, exchange_digest};
use crate::contract::fields::Violation;
use crate::domain::booking::{Booked, Booking};
use crate::domain::client::Caller;
use crate::domain::shipment::ShipmentType;
use crate::flows::booking::account::{Chosen, choose_fitting};
use crate::flows::booking::book_shipment::{SHORTEST_PURCHASE, obtain};
use crate::flows::booking::cancel_left::cancel_left;
use crate::flows::booking::claim_exchange::{BookedHalf, ExchangeTurn, Half, claim_exchange};
use crate::flows::booking::claim_order::OrderRequest;
use crate::flows::booking::dependencies::PurchaseDependencies;
use crate::flows::booking::held_claim::HeldClaim;
use crate::flows::booking::traced::name_shipment;
use crate::flows::failure::FlowFailure;
use crate::partners::progress::Progress;
use crate::store::configuring::audit::AuditLog;

const LACKING: &str = "the account's aggregator does not make exchanges";

/// The result for one shipment of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangedShipment {
    /// Its booking; `None` while the aggregator has it queued.
    pub booking: Option<Booking>,
    /// The orders that earlier requests left at aggregators under its number, by the aggregators' ids.
    pub left_orders: Vec<String>,
}

/// The response to a request for an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// The replacement.
    pub forward: ExchangedShipment,
    /// The return.
    pub returned: ExchangedShipment,
    /// Whether both were booked before: the same response again.
    pub replayed: bool,
}

/// Orders and books an exchange.
pub async fn exchange_order(
    dependencies: &PurchaseDependencies,
    caller: &Caller,
    exchange: ExchangeRequest,
    now: Timestamp,
) -> Result<Exchanged, FlowFailure> {
    let PurchaseDependencies { booking, audit } = dependencies;
    let fits = |chosen: &Chosen| exchanges_of(chosen).is_some();
    let alias = exchange.alias.as_ref();
    let client = &caller.client_id;
    let chosen = choose_fitting(&booking.accounts, client, alias, fits, LACKING).await?;
    let content = exchange_digest(&exchange, &chosen.account.alias);
    let orders = [exchange.forward, exchange.returned].map(|request| {
        OrderRequest::part(booking, caller, chosen.clone(), request, content.clone())
    });
    let [forward, returned] = &orders;
    name_shipment(&forward.id);
    let (mut halves, may_exist) = match claim_exchange([forward, returned], now).await? {
        ExchangeTurn::Replay(booked) => return Ok(replayed(booked)),
        ExchangeTurn::Work { halves, may_exist } => (*halves, may_exist),
    };
    let [of_forward, of_returned] = &mut halves;
    clear(audit, caller, forward, [of_forward, of_returned], now).await?;
    clear(audit, caller, returned, [of_returned, of_forward], now).await?;
    if let [Half::Held(of_forward), Half::Held(of_returned)] = &mut halves {
        order([(forward, of_forward), (returned, of_returned)], may_exist).await?;
    }
    let booked = book_both([forward, returned], &halves).await?;
    let [forward, returned] = booked;
    let [of_forward, of_returned] = &halves;
    Ok(Exchanged {
        forward: shipment(of_forward, forward),
        returned: shipment(of_returned, returned),
        replayed: false,
    })
}

fn exchanges_of(chosen: &Chosen) -> Option<&'static dyn Exchanges> {
    chosen.aggregator.exchanges(&chosen.account)
}

fn replayed(halves: [Box<BookedHalf>; 2]) -> Exchanged {
    let [forward, returned] = halves.map(|half| {
        let booked = Booked::Now(half.booking.clone());
        shipment(&Half::Booked(half), booked)
    });
    Exchanged {
        forward,
        returned,
        replayed: true,
    }
}

fn shipment(half: &Half<'_>, booked: Booked) -> ExchangedShipment {
    ExchangedShipment {
        booking: match booked {
            Booked::Now(booking) => Some(booking),
            Booked::Later => None,
        },
        left_orders: half.left_orders(),
    }
}

/// Cancels the orders that earlier requests left under the number of the first shipment. After a failure nothing may be
/// ordered: both claims are released.
async fn clear(
    audit: &AuditLog,
    caller: &Caller,
    order: &OrderRequest<'_>,
    [half, other]: [&mut Half<'_>; 2],
    now: Timestamp,
) -> Result<(), FlowFailure> {
    let cleared = match half {
        Half::Held(claim) => cancel_left(audit, caller, order, claim, now).await,
        Half::Booked(_) => Ok(()),
    };
    match cleared {
        Ok(()) => Ok(()),
        Err(failure) => Err(other.follow(half, failure).await),
    }
}

/// Orders both shipments with one call, unless an earlier attempt did, and knows their progress from then on.
async fn order(
    [(forward, of_forward), (returned, of_returned)]: [(&OrderRequest<'_>, &mut HeldClaim<'_>); 2],
    may_exist: bool,
) -> Result<(), FlowFailure> {
    let exchanges = exchanges_of(&forward.chosen).ok_or(FlowFailure::NotSupported(LACKING))?;
    if forward.deadline.remaining() < SHORTEST_PURCHASE {
        let failure = FlowFailure::AggregatorUnavailable(None, None);
        let failure = of_forward.give_up(failure).await;
        return Err(of_returned.give_up(failure).await);
    }
    let (keeps_forward, keeps_returned) = (&*of_forward, &*of_returned);
    let mut forward_progress = Progress::new(of_forward.known.progress.clone(), keeps_forward);
    let mut return_progress = Progress::new(of_returned.known.progress.clone(), keeps_returned);
    let call = of_forward.call(forward.deadline);
    let exchange = ExchangeOrder {
        forward: ExchangeHalf {
            reference: of_forward.reference(),
            request: &forward.request,
        },
        returned: ExchangeHalf {
            reference: of_returned.reference(),
            request: &returned.request,
        },
        may_exist,
    };
    let progress = ExchangeProgress {
        forward: &mut forward_progress,
        returned: &mut return_progress,
    };
    let ordering = exchanges.order_exchange(call, exchange, progress);
    let account = &forward.chosen.account;
    if let Err(failure) = forward.dependencies.noted(account, ordering).await {
        return Err(HeldClaim::fail_both([of_forward, of_returned], failure).await);
    }
    let (of_forward_now, of_returned_now) = (
        forward_progress.reached().clone(),
        return_progress.reached().clone(),
    );
    of_forward.known.progress = of_forward_now;
    of_returned.known.progress = of_returned_now;
    Ok(())
}

/// Books both shipments that are not booked yet, and records them. The second one is not bought if the first one fails.
async fn book_both(
    [forward, returned]: [&OrderRequest<'_>; 2],
    [of_forward, of_returned]: &[Half<'_>; 2],
) -> Result<[Booked; 2], FlowFailure> {
    let first = match book(forward, of_forward).await {
        Ok(first) => first,
        Err(failure) => return Err(of_returned.follow(of_forward, failure).await),
    };
    let second = match book(returned, of_returned).await {
        Ok(second) => second,
        Err(failure) => {
            keep(of_forward, &first).await?;
            return Err(after_a_purchase(of_forward, failure));
        }
    };
    keep_both([(of_forward, &first), (of_returned, &second)]).await?;
    Ok([first, second])
}

async fn book(order: &OrderRequest<'_>, half: &Half<'_>) -> Result<Booked, FlowFailure> {
    match half {
        Half::Booked(booked) => Ok(Booked::Now(booked.booking.clone())),
        Half::Held(claim) => {
            name_shipment(&order.id);
            let booked = obtain(order, claim).await;
            booked.map_err(|failure| located(failure, order.id.shipment_type))
        }
    }
}

async fn keep(half: &Half<'_>, booked: &Booked) -> Result<(), FlowFailure> {
    match (half, booked) {
        (Half::Booked(_), _) => Ok(()),
        (Half::Held(claim), Booked::Now(booking)) => claim.record(booking).await,
        (Half::Held(claim), Booked::Later) => claim.record_queued().await,
    }
}

async fn keep_both([first, second]: [(&Half<'_>, &Booked); 2]) -> Result<(), FlowFailure> {
    if let (
        (Half::Held(of_first), Booked::Now(first)),
        (Half::Held(of_second), Booked::Now(second)),
    ) = (first, second)
    {
        return HeldClaim::record_both([(of_first, first), (of_second, second)]).await;
    }
    let of_first = keep(first.0, first.1).await;
    let of_second = keep(second.0, second.1).await;
    of_first.and(of_second)
}

/// A failure of the return, for the caller. If this request bought the replacement, it may not say that nothing was bought.
fn after_a_purchase(of_forward: &Half<'_>, failure: FlowFailure) -> FlowFailure {
    let says_nothing_was_bought = matches!(
        failure,
        FlowFailure::AggregatorUnavailable(..) | FlowFailure::BadCredentials
    );
    if says_nothing_was_bought && matches!(of_forward, Half::Held(_)) {
        FlowFailure::OutcomeUnknown(Some(failure.into()))
    } else {
        failure
    }
}

/// A failure with the pointers of the exchange's body.
fn located(failure: FlowFailure, shipment_type: ShipmentType) -> FlowFailure {
    let FlowFailure::Invalid(violations) = failure else {
        return failure;
    };
    let (half, number) = match shipment_type {
        ShipmentType::Forward => (FORWARD, FORWARD_NUMBER),
        ShipmentType::Return => (RETURN, RETURN_NUMBER),
    };
    let violation = |found: Violation| Violation {
        pointer: match found.pointer.as_str() {
            "/orderDetails/orderNumber" => number.to_owned(),
            pointer => format!("{half}{pointer}"),
        },
        ..found
    };
    FlowFailure::Invalid(violations.into_iter().map(violation).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointers_of_a_shipment_become_those_of_its_half() {
        for (shipment_type, expected) in [
            (
                ShipmentType::Forward,
                ["/exchangeOrderNumber", "/forward/dropAddress/zip"],
            ),
            (
                ShipmentType::Return,
                ["/returnOrderCode", "/return/dropAddress/zip"],
            ),
        ] {
            let violation = |pointer: &str| Violation {
                pointer: pointer.to_owned(),
                detail: "is too long".to_owned(),
            };
            let found = ["/orderDetails/orderNumber", "/dropAddress/zip"].map(violation);
            let failure = located(FlowFailure::Invalid(found.to_vec()), shipment_type);
            let FlowFailure::Invalid(found) = failure else {
                panic!("{failure:?}");
            };
            assert_eq!(found, expected.map(violation));
        }
    }
}
