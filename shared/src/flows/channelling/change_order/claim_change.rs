//! Claims a change of an order.

use std::time::Duration;

use uuid::Uuid;

use crate::clock;
use crate::domain::selling::document::RequestKey;
use crate::domain::selling::write_claim::{WriteAction, WriteClaim, WriteDecision, decide};
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::held_change::HeldChange;
use crate::flows::failure::FlowFailure;
use crate::store::channelling::order_claims::{BegunChange, ClaimPlace};

/// The longest `Retry-After` while another request is in progress: most changes end sooner, and the lease only matters if the
/// other request died.
const WHILE_ANOTHER_WORKS: Duration = Duration::from_secs(2);
/// `Retry-After` for a request that lost a race.
pub(super) const AFTER_A_RACE: Duration = Duration::from_secs(1);

/// What makes two requests the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) action: WriteAction,
    /// The client's name of the request.
    pub(super) key: Option<&'a RequestKey>,
    /// The digest of its content.
    pub(super) content: &'a str,
}

/// What a request may do.
#[derive(Debug)]
pub(super) enum ChangeTurn<'a> {
    /// Return the recorded answer.
    Replay(String),
    /// Work under this claim.
    Work(Box<HeldChange<'a>>),
}

/// Claims a change of an order, or says what an earlier request for the same change means for this one.
pub(super) async fn claim<'a>(
    order: ChannelOrderDesk<'a>,
    asked: Asked<'_>,
) -> Result<ChangeTurn<'a>, FlowFailure> {
    let claims = &order.dependencies.claims;
    let place = ClaimPlace::of(&order.key(), asked.action, asked.key, asked.content);
    let met = claims.read(&place).await?;
    let now = clock::now();
    match decide(met.as_ref(), asked.content, now) {
        WriteDecision::Replay => {
            let answer = met.and_then(|met| met.answer);
            return Ok(ChangeTurn::Replay(answer.unwrap_or_default()));
        }
        WriteDecision::OtherContent => return Err(FlowFailure::OrderNumberReused),
        WriteDecision::Wait(left) => {
            return Err(FlowFailure::InProgress(left.min(WHILE_ANOTHER_WORKS)));
        }
        WriteDecision::Begin | WriteDecision::FindOut => {}
    }
    let holder = Uuid::now_v7().to_string();
    let claim = WriteClaim::new(asked.content, holder, met.as_ref(), now);
    match claims.begin(&place, met.as_ref(), &claim, now).await? {
        BegunChange::Ours => {
            let held = HeldChange::new(order, place, claim);
            Ok(ChangeTurn::Work(Box::new(held)))
        }
        BegunChange::OrderIsHeld => Err(FlowFailure::InProgress(WHILE_ANOTHER_WORKS)),
        BegunChange::Outrun => Err(FlowFailure::InProgress(AFTER_A_RACE)),
    }
}
