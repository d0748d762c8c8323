//! Bookings at an aggregator.

use std::collections::BTreeMap;

use url::Url;

use crate::domain::personal::Personal;

use crate::domain::text::{AggregatorOrderId, Awb};

/// A shipment that a courier will carry: the label or the return AWB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The aggregator's order id; unknown if a push or an operator settled the claim without it.
    pub order_id: Option<AggregatorOrderId>,
    /// The courier's tracking number.
    pub awb: Awb,
    /// The courier's name.
    pub carrier_name: Option<String>,
    /// The URL of the label document; a return has none.
    pub label_url: Option<Url>,
    /// The URL of the commercial invoice of an international parcel, if the aggregator creates one.
    pub commercial_invoice_url: Option<Url>,
    /// Additional data of the aggregator. It is sent to the account's owner with every notification.
    pub meta_data: MetaData,
    /// The adapter's own ids of the booking, by name: the adapter gets them with every later reference.
    pub own_ids: BTreeMap<String, String>,
}

/// Additional data of an aggregator, with names that clients know. It may contain a key, so it is never printed.
pub type MetaData = BTreeMap<String, Personal>;

/// A successful response to a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is only one at a time, and it is moved at once: a box has no benefit"
)]
pub enum Booked {
    /// The booking is complete.
    Now(Booking),
    /// The aggregator queued the order; ask again later.
    Later,
}

/// A successful response to a cancellation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancellation {
    /// It is cancelled.
    Done,
    /// The aggregator will cancel it later.
    Requested,
}
