//! The events of a return order that do not come from its AWB.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::returning::processing::ReturnProcessing;
use crate::domain::text::Awb;

/// What happened to a return order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ReturnEvent {
    /// Its AWB became known.
    AwbAssigned {
        /// The AWB.
        awb: Awb,
        /// The courier, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transporter: Option<String>,
    },
    /// The client or the channel cancelled it.
    Cancelled,
    /// The channel says that the goods arrived.
    Received,
    /// The warehouse processed some of its pieces.
    Processed(ReturnProcessing),
    /// A status of the channel that has no meaning for the state: it is kept and listed.
    PartnerStatus {
        /// The status, as the channel writes it.
        status: String,
    },
}

/// An event with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatedReturnEvent {
    /// When it happened; if that is not known, when we learned of it. A processing has the time of its acceptance,
    /// because later calls replace the results of earlier ones.
    pub at: Timestamp,
    /// What tells it from other events, also from those of the same time: the end of its key.
    pub identity: String,
    /// What happened.
    pub event: ReturnEvent,
}
