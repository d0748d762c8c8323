//! Cancels the orders that refused requests left at aggregators, before another order is created with the same order
//! number.
//!
//! The claim lists these orders until they are known to be cancelled, so the next request repeats an interrupted
//! cancellation: an already cancelled order is a success. An order that the aggregator refuses to cancel remains there;
//! the audit log and every response about the order name it.

use std::time::Duration;

use jiff::Timestamp;

use crate::aggregators::reference::BookingReference;
use crate::domain::account::LogisticAccount;
use crate::domain::audit::{Action, AuditSubject, Change};
use crate::domain::booking::Cancellation;
use crate::domain::client::Caller;
use crate::domain::left_order::LeftOrder;
use crate::domain::shipment_id::ShipmentId;
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::booking::claim_order::OrderRequest;
use crate::flows::booking::dependencies::BookingDependencies;
use crate::flows::booking::held_claim::HeldClaim;
use crate::flows::booking::traced::name_account;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::store::configuring::audit::AuditLog;

/// The deadline of a cancellation; it leaves time for the order that is created afterwards.
const DEADLINE: Duration = Duration::from_secs(8);

/// The result for an order that was left.
#[derive(Debug)]
pub(super) enum LeftEnd {
    /// It is cancelled, or will be.
    Cancelled,
    /// It cannot be cancelled, with the reason.
    Stays(FlowFailure),
}

/// Cancels the orders that earlier requests left. After a failure no new order may be created: the claim is released.
pub(super) async fn cancel_left(
    audit: &AuditLog,
    caller: &Caller,
    order: &OrderRequest<'_>,
    claim: &mut HeldClaim<'_>,
    now: Timestamp,
) -> Result<(), FlowFailure> {
    if claim.known.left_orders.iter().all(|left| left.stays) {
        return Ok(());
    }
    let deadline = order.deadline.at_most(DEADLINE);
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    for left in claim.known.left_orders.clone() {
        if left.stays {
            kept.push(left);
            continue;
        }
        let cancelled = cancel_one(
            order.dependencies,
            &order.id,
            &left,
            &order.chosen.account,
            deadline,
        );
        match cancelled.await {
            Ok(LeftEnd::Cancelled) => {}
            Ok(LeftEnd::Stays(failure)) => {
                let error = crate::telemetry::chain(&failure);
                tracing::warn!(error, "order stays at the aggregator");
                refused.push(left.name.clone());
                kept.push(LeftOrder {
                    stays: true,
                    ..left
                });
            }
            Err(failure) => return Err(claim.give_up(failure).await),
        }
    }
    let mut others = Vec::new();
    if !refused.is_empty() {
        let change = Change {
            left_orders: refused,
            ..Change::of(
                AuditSubject::Order,
                order.id.order_number.to_string(),
                Action::Left,
            )
        };
        others.push(audit.record(caller, change, now)?);
    }
    claim.record_left(kept, others).await
}

/// Cancels one order that was left. `present` is the account of the current request.
pub(super) async fn cancel_one(
    dependencies: &BookingDependencies,
    id: &ShipmentId,
    left: &LeftOrder,
    present: &LogisticAccount,
    deadline: Deadline,
) -> Result<LeftEnd, FlowFailure> {
    let chosen = choose(&dependencies.accounts, &id.client_id, Some(&left.alias)).await;
    name_account(present);
    let Chosen {
        account,
        aggregator,
    } = match chosen {
        Ok(chosen) => chosen,
        Err(gone @ (FlowFailure::UnknownAlias(_) | FlowFailure::NotSupported(_))) => {
            return Ok(LeftEnd::Stays(gone));
        }
        Err(failure) => return Err(failure),
    };
    let Some(cancels) = aggregator.cancels(&account) else {
        let why = "the aggregator of the order that an earlier request left does not support cancellation";
        return Ok(LeftEnd::Stays(FlowFailure::NotSupported(why)));
    };
    let call = dependencies.call(&account, deadline);
    let cancelling = cancels.cancel(call, reference(id, left));
    match dependencies.noted(&account, cancelling).await {
        Ok(Cancellation::Done | Cancellation::Requested) => Ok(LeftEnd::Cancelled),
        Err(failure) => {
            let is_final = is_final(&failure, account.alias != present.alias);
            let failure = FlowFailure::of(&account.aggregator, failure);
            if is_final {
                Ok(LeftEnd::Stays(failure))
            } else {
                Err(failure)
            }
        }
    }
}

/// Whether a retry is useless. An account that is not used for anything else may have lost its credentials permanently.
fn is_final(failure: &PartnerFailure, is_another_account: bool) -> bool {
    match failure {
        PartnerFailure::Refused(_) | PartnerFailure::Invalid(_) => true,
        PartnerFailure::BadCredentials
        | PartnerFailure::LacksRight(_)
        | PartnerFailure::NotConfigured(_) => is_another_account,
        PartnerFailure::NotSent(_)
        | PartnerFailure::Unreachable
        | PartnerFailure::Throttled(_)
        | PartnerFailure::OutcomeUnknown
        | PartnerFailure::Unreadable => false,
    }
}

fn reference<'a>(id: &'a ShipmentId, left: &'a LeftOrder) -> BookingReference<'a> {
    BookingReference {
        shipment_type: id.shipment_type,
        order_number: &id.order_number,
        shipment_code: id.shipment_code.as_ref(),
        round: left.round,
        naming: left.naming,
        order_id: left.order_id.as_ref(),
        awb: None,
        reached: &left.progress,
    }
}
