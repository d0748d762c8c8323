//! What an aggregator sold us.

use std::collections::BTreeMap;

use url::Url;

use crate::domain::personal::Personal;

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
    /// Where the commercial invoice of a parcel that crosses a border is, if the aggregator makes one.
    pub commercial_invoice_url: Option<Url>,
    /// What else the aggregator says; it is sent to the account's owner with every notification.
    pub meta_data: MetaData,
    /// The adapter's own ids of it by their names: they come back to the adapter with every later reference.
    pub own_ids: BTreeMap<String, String>,
}

/// What else an aggregator says, under the names that clients know. It may hold a key, so it is never printed.
pub type MetaData = BTreeMap<String, Personal>;

/// How an aggregator answered a booking that it did not refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time, and moved at once: a box would only cost"
)]
pub enum Booked {
    /// Here it is.
    Now(Booking),
    /// The aggregator queued the order; asking again later resolves it.
    Later,
}

/// How an aggregator answered a cancellation that it did not refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancellation {
    /// It is cancelled.
    Done,
    /// The aggregator will do it later.
    Requested,
}
