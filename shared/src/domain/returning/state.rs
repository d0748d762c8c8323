//! The states of a return order, and what leads to them.
//!
//! Each state has a rank; what happens leads to at most one state, and only upwards. PROCESSED, CANCELLED and LOST are
//! final, with two exceptions: a lost return may arrive after all, and the warehouse's result proves that the goods are
//! there. No result of a cancelled return is accepted, so that one only meets a cancellation that was learned of later.

use serde::{Deserialize, Serialize};

use crate::domain::notification::NotificationType;
use crate::domain::shipment::{ReturnState, Transition};

/// The states of a return order, in their order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::EnumMessage,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnOrderState {
    /// It was announced; no AWB is known.
    Created,
    /// Its AWB is known.
    AwbAssigned,
    /// The courier has the goods.
    PickedUp,
    /// The goods are on their way.
    InTransit,
    /// The goods arrived at the warehouse.
    Received,
    /// The warehouse processed some of the pieces.
    PartiallyProcessed,
    /// The warehouse processed all pieces.
    Processed,
    /// It was cancelled before it arrived.
    Cancelled,
    /// The courier lost it.
    Lost,
}

/// What happens to a return order, as far as its state is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnStep {
    /// Its AWB became known.
    AwbAssigned,
    /// The client or the channel cancelled it.
    Cancelled,
    /// The channel says that it arrived.
    Received,
    /// The warehouse processed some of its pieces, and others are left.
    ProcessedInPart,
    /// The warehouse has now processed all pieces.
    ProcessedWholly,
    /// A status of the channel without meaning for the state.
    PartnerStatus,
    /// A push for its AWB.
    Pushed(NotificationType),
}

impl ReturnOrderState {
    /// Whether no transport can follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Processed | Self::Cancelled | Self::Lost)
    }

    /// Whether the goods are at the warehouse.
    pub fn has_arrived(self) -> bool {
        matches!(
            self,
            Self::Received | Self::PartiallyProcessed | Self::Processed
        )
    }

    /// The effect of `step` on this state.
    pub fn on(self, step: ReturnStep) -> Transition<Self> {
        let Some(reached) = Self::reached_by(step) else {
            return Transition::Informational;
        };
        if reached == self {
            return Transition::AlreadyThere;
        }
        if self.may_become(reached) {
            Transition::Advance(reached)
        } else {
            Transition::OutOfOrder
        }
    }

    fn may_become(self, reached: Self) -> bool {
        match self {
            Self::Created | Self::AwbAssigned | Self::PickedUp | Self::InTransit => reached > self,
            Self::Received | Self::PartiallyProcessed => reached > self && reached.has_arrived(),
            Self::Lost => reached.has_arrived(),
            Self::Cancelled => matches!(reached, Self::PartiallyProcessed | Self::Processed),
            Self::Processed => false,
        }
    }

    /// The state that a step leads to, if any.
    fn reached_by(step: ReturnStep) -> Option<Self> {
        match step {
            ReturnStep::AwbAssigned => Some(Self::AwbAssigned),
            ReturnStep::Cancelled => Some(Self::Cancelled),
            ReturnStep::Received => Some(Self::Received),
            ReturnStep::ProcessedInPart => Some(Self::PartiallyProcessed),
            ReturnStep::ProcessedWholly => Some(Self::Processed),
            ReturnStep::PartnerStatus => None,
            ReturnStep::Pushed(event) => ReturnState::reached_by(event).map(Self::of_shipment),
        }
    }

    /// The state of the return order whose return shipment is in this state.
    fn of_shipment(state: ReturnState) -> Self {
        match state {
            ReturnState::Requested => Self::Created,
            ReturnState::AwbReady | ReturnState::OutForPickup => Self::AwbAssigned,
            ReturnState::PickedUp => Self::PickedUp,
            ReturnState::InTransit | ReturnState::OutForDelivery => Self::InTransit,
            ReturnState::Received => Self::Received,
            ReturnState::Cancelled => Self::Cancelled,
            ReturnState::Lost => Self::Lost,
        }
    }
}

#[cfg(test)]
mod tests;
