//! An order and what happened to it.

use std::sync::Arc;

use jiff::Timestamp;
use md5::{Digest, Md5};

use crate::journey::Journey;
use crate::label::Label;
use crate::shipper::order_request::OrderRequest;
use crate::shipper::statuses::{self, Status};

/// An order; clones share the journey.
#[derive(Clone)]
pub(super) struct Order {
    /// The vendor's order id; its pushes call it `tracking_id`.
    pub(super) id: String,
    /// The number in the pushes' `order_id` and `order_tracking_id`, which the API does not know.
    pub(super) number: u64,
    /// The number of the first item; the others follow.
    pub(super) first_item: u64,
    pub(super) request: Arc<OrderRequest>,
    pub(super) created_at: String,
    /// Comes with the first push.
    pub(super) awb: Option<String>,
    pub(super) scans: Vec<Scan>,
    pub(super) pickup: Option<Pickup>,
    /// Why the merchant cancelled it, if that happened.
    pub(super) cancelled: Option<String>,
    /// Locked during an advance, so that two advances do not mix.
    pub(super) journey: Arc<tokio::sync::Mutex<Journey>>,
}

/// A status that the order reached.
#[derive(Clone)]
pub(super) struct Scan {
    /// The step of the journey; none for a cancellation by the merchant.
    pub(super) step: Option<usize>,
    pub(super) status: &'static Status,
    /// The time of the simulators' clock.
    pub(super) time: String,
}

/// A request to fetch the parcel.
#[derive(Clone)]
pub(super) struct Pickup {
    pub(super) code: String,
    pub(super) time: String,
}

impl Order {
    /// Its latest status.
    pub(super) fn status(&self) -> &'static Status {
        let newest = self.scans.last();
        newest.map_or(statuses::created(), |scan| scan.status)
    }

    /// When it changed last.
    pub(super) fn changed_at(&self) -> &str {
        self.scans
            .last()
            .map_or(&self.created_at, |scan| &scan.time)
    }

    pub(super) fn is_cancelled_before_its_awb(&self) -> bool {
        self.cancelled.is_some() && self.awb.is_none()
    }

    /// Whether the courier does not have the parcel yet.
    pub(super) fn is_cancellable(&self) -> bool {
        self.scans.iter().all(|scan| scan.status.is_before_pickup())
    }

    /// Records a status, once for each step; a cancellation once.
    pub(super) fn keep(&mut self, scan: Scan) {
        let is_known = self.scans.iter().any(|known| {
            known.step == scan.step
                || (known.status.is_cancellation() && scan.status.is_cancellation())
        });
        if !is_known {
            self.scans.push(scan);
        }
    }

    /// The checksum of the older URLs of labels.
    pub(super) fn label_checksum(&self) -> String {
        let digest: [u8; 16] = Md5::digest(&self.id).into();
        format!("{:032x}", u128::from_be_bytes(digest))
    }

    /// The label, as soon as there is an AWB.
    pub(super) fn label(&self) -> Option<Vec<u8>> {
        let request = &self.request;
        let label = Label {
            awb: self.awb.as_deref()?,
            order_number: &request.external_id,
            carrier: request.quote.rate.logistic.name,
            payment_type: if request.parcel.is_cod {
                "COD"
            } else {
                "NON COD"
            },
            from_city: request.parcel.origin.area.city.1,
            to_city: request.parcel.destination.area.city.1,
        };
        Some(label.pdf())
    }
}

/// A time of the simulators' clock in the API's form: `2025-01-31T08:15:30Z`.
pub(super) fn in_answer(time: &str) -> String {
    seconds(time, "Z")
}

/// The same in the pushes' form: `2025-01-31T08:15:30+00:00`.
pub(super) fn in_push(time: &str) -> String {
    seconds(time, "+00:00")
}

fn seconds(time: &str, zone: &str) -> String {
    let time: Timestamp = time.parse().unwrap_or_default();
    format!("{}{zone}", time.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc_and_whole_seconds() {
        let time = "2026-03-01T23:59:59.987Z";
        assert_eq!(in_answer(time), "2026-03-01T23:59:59Z");
        assert_eq!(in_push(time), "2026-03-01T23:59:59+00:00");
    }
}
