//! The courier's scans, which the webhook and the tracking repeat. Some scans have no Shiprocket status, and before the
//! pickup there are no scans.

use jiff::Timestamp;

use crate::journey::Step;
use crate::shiprocket::book::{Order, Parcel};
use crate::shiprocket::ist;
use crate::shiprocket::statuses::{MANIFEST_GENERATED, Standing, Status};

pub(super) struct Scan {
    pub(super) at: Timestamp,
    /// The courier's own code.
    pub(super) code: &'static str,
    pub(super) activity: &'static str,
    pub(super) location: String,
    /// The status; `NA` without one.
    pub(super) status: Option<Status>,
}

#[derive(Clone, Copy)]
enum Place {
    Origin,
    Destination,
}

/// The scans of these steps, oldest first.
pub(super) fn of_steps(order: &Order, parcel: &Parcel, steps: &[Step]) -> Vec<Scan> {
    steps
        .iter()
        .flat_map(|step| of_step(order, parcel, step))
        .collect()
}

fn of_step(order: &Order, parcel: &Parcel, step: &Step) -> Vec<Scan> {
    let at = ist::of_step(&step.time);
    let hub = |place| match place {
        Place::Origin => format!("{} Hub", order.origin().city),
        Place::Destination => format!("{} Hub", order.request.destination().city),
    };
    let scan = |(code, activity, place): (_, _, Place), at, status| Scan {
        at,
        code,
        activity,
        location: hub(place),
        status,
    };
    let reached = Standing::reached(order.direction(), step.state);
    let main = main_scan(step.state)
        .map(|words| scan(words, at, reached.and_then(|standing| standing.shipment)));
    let before = match step.state {
        "PICKED_UP" | "OUT_FOR_PICKUP" => {
            let words = ("MNF", "Manifested", Place::Origin);
            Some(scan(words, parcel.assigned_at, Some(MANIFEST_GENERATED)))
        }
        "IN_TRANSIT" => Some(scan(("BAG", "Added to bag", Place::Origin), at, None)),
        _ => None,
    };
    before.into_iter().chain(main).collect()
}

fn main_scan(state: &str) -> Option<(&'static str, &'static str, Place)> {
    let scan = match state {
        "OUT_FOR_PICKUP" => ("OFP", "Out for pickup", Place::Origin),
        "PICKUP_CANCELLED" => ("PCN", "Pickup cancelled", Place::Origin),
        "PICKED_UP" | "RETURN_PICKED_UP" => ("PKD", "Shipment picked up", Place::Origin),
        "IN_TRANSIT" => ("TRN", "Received at hub", Place::Destination),
        "OUT_FOR_DELIVERY" => ("OFD", "Out for delivery", Place::Destination),
        "DELIVERED" => ("DLV", "Delivered to consignee", Place::Destination),
        "FAILED_DELIVERY" => ("UND", "Consignee not available", Place::Destination),
        "RTO" => ("RTI", "Return to origin started", Place::Destination),
        "RTO_DELIVERED" => ("RTD", "Returned to origin", Place::Origin),
        "LOST" => ("LST", "Shipment lost", Place::Destination),
        _ => return None,
    };
    Some(scan)
}
