//! What an aggregator sold us.

use url::Url;

use crate::domain::text::{AggregatorOrderId, Awb};

/// A shipment that a courier will carry: the label or the return AWB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The aggregator's id of the order; unknown where a push or an operator settled the claim without it.
    pub order_id: Option<AggregatorOrderId>,
    /// The courier's tracking number.
    pub awb: Awb,
    /// The courier's name.
    pub carrier_name: Option<String>,
    /// Where the label document is; a return has none.
    pub label_url: Option<Url>,
}

/// How an aggregator answered a booking that it did not refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booked {
    /// Here it is.
    Now(Booking),
    /// The aggregator queued the order; asking again later resolves it.
    Later,
}
