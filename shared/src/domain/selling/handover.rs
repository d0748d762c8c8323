//! Handing an order over to its courier, which the channel shows as shipped.

use serde::Serialize;

use crate::domain::selling::document::DocumentItem;
use crate::domain::selling::shipment::Track;

/// A request to hand an order over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandoverRequest {
    /// The items; none means all that are not handed over.
    pub items: Vec<DocumentItem>,
    /// The tracking numbers.
    pub tracks: Vec<Track>,
    /// Whether the channel sends the shopper an e-mail.
    pub notify: bool,
}
