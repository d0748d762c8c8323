//! The states of an outbound order.

use serde::{Deserialize, Serialize};

/// The states of an outbound order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
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
pub enum OutboundState {
    /// Only the warehouse told of it: no request created it here.
    Unknown,
    /// It is on its way to the OMS.
    Accepted,
    /// The OMS did not confirm it in time.
    Unconfirmed,
    /// The OMS created it.
    Confirmed,
    /// The OMS did not create it.
    Failed,
}
