//! Acknowledges or cancels an order.
//!
//! Nothing is sent for an order that is there already. What the channel answers is not believed: the order is read back.

use futures::FutureExt as _;
use rust_decimal::Decimal;
use tokio::time::sleep;

use crate::clock;
use crate::domain::selling::fulfilment::{Fulfilment, StatusChange};
use crate::domain::selling::write_claim::{SentWrite, WriteAction};
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::claim_change::{Asked, ChangeTurn, claim};
use crate::flows::channelling::change_order::failure::ChangeFailure;
use crate::flows::channelling::change_order::held_change::HeldChange;
use crate::flows::channelling::change_order::until_settled::until_settled;
use crate::flows::failure::FlowFailure;

/// An order that has made a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedStatus {
    /// Its status now.
    pub status: Option<String>,
    /// Whether this request changed nothing, because an earlier one did.
    pub replayed: bool,
}

impl ChangedStatus {
    fn of(order: Fulfilment, replayed: bool) -> Self {
        Self {
            status: order.status,
            replayed,
        }
    }
}

/// Makes a change of an order's status, once, and returns the status that it has then.
pub async fn change_status(
    order: ChannelOrderDesk<'_>,
    change: StatusChange,
) -> Result<ChangedStatus, FlowFailure> {
    let asked = Asked {
        action: match change {
            StatusChange::Acknowledge => WriteAction::Acknowledge,
            StatusChange::Cancel => WriteAction::Cancel,
        },
        key: None,
        content: "",
    };
    let mut held = match claim(order, asked).await? {
        ChangeTurn::Work(held) => *held,
        // Since then the order may be further on.
        ChangeTurn::Replay(_) => {
            let read = order.read_only().await?;
            return Ok(ChangedStatus::of(read, true));
        }
    };
    match make(&mut held, change).await {
        Ok(changed) => {
            held.finishes("").await?;
            Ok(changed)
        }
        Err(failure) => Err(held.fails(failure).await),
    }
}

async fn make(
    held: &mut HeldChange<'_>,
    change: StatusChange,
) -> Result<ChangedStatus, ChangeFailure> {
    let order = held.order;
    if let Some(earlier) = held.earlier() {
        let before = earlier.cancelled_before;
        let look = || made(order, change, before).boxed();
        let made = until_settled(order, earlier.at, look).await?;
        if let Some(read) = made {
            return Ok(ChangedStatus::of(read, true));
        }
        held.is_settled();
    }
    let read = order.read().await?;
    if change.is_made(&read, None) {
        return Ok(ChangedStatus::of(read, true));
    }
    let before = read.cancelled_pieces;
    send(held, change, before).await?;
    if let Some(read) = made(order, change, Some(before)).await? {
        return Ok(ChangedStatus::of(read, false));
    }
    if change == StatusChange::Cancel {
        // Right after it was placed an order cannot be cancelled yet.
        sleep(order.dependencies.waits.before_cancelling_again).await;
        if let Some(read) = made(order, change, Some(before)).await? {
            return Ok(ChangedStatus::of(read, false));
        }
        send(held, change, before).await?;
    }
    let read = order.read().await?;
    if change.is_made(&read, Some(before)) {
        return Ok(ChangedStatus::of(read, false));
    }
    let status = read.status.unwrap_or_else(|| "absent".to_owned());
    let message = format!("it was not done: the order's status is {status}");
    Err(ChangeFailure::NotMade(message))
}

/// The order, if it has made the change.
async fn made(
    order: ChannelOrderDesk<'_>,
    change: StatusChange,
    cancelled_before: Option<Decimal>,
) -> Result<Option<Fulfilment>, ChangeFailure> {
    let read = order.read().await?;
    let is_made = change.is_made(&read, cancelled_before);
    Ok(is_made.then_some(read))
}

async fn send(
    held: &mut HeldChange<'_>,
    change: StatusChange,
    cancelled_before: Decimal,
) -> Result<(), ChangeFailure> {
    let order = held.order;
    held.sends(&SentWrite {
        at: clock::now().as_millisecond(),
        known: Vec::new(),
        items: Vec::new(),
        cancelled_before: Some(cancelled_before),
    })
    .await?;
    match change {
        StatusChange::Acknowledge => order.channel.acknowledge(order.call(), order.id).await?,
        StatusChange::Cancel => order.channel.cancel(order.call(), order.id).await?,
    }
    held.is_answered();
    Ok(())
}
