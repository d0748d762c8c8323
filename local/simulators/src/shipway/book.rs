//! The account's orders and shipments, in memory.
//!
//! An order is identified by the merchant's id and has at most one shipment. A cancelled shipment is removed from the order
//! but can still be found by its AWB. Returns are shipments without an order.

use std::ops::Range;
use std::sync::Arc;

use crate::journey::{Journey, Step};
use crate::label::Label;
use crate::shipway::carriers::Carrier;
use crate::shipway::order_request::{Booking, OrderRequest};
use crate::shipway::refusal::Refusal;
use crate::shipway::status::{self, Status};
use crate::ways::Direction;

/// Thirteen digits; counting up keeps the length.
const AWBS: Range<u64> = 2_000_000_000_000..9_000_000_000_000;
const ORDER_NUMBERS: Range<u64> = 20_000_000..80_000_000;
const RMA_NUMBERS: Range<u64> = 1_000..8_000;
const MANIFESTS: Range<u64> = 200_000..800_000;

/// An order as last pushed.
#[derive(Clone)]
pub(super) struct Order {
    /// Shipway's own number.
    pub(super) number: u64,
    pub(super) request: Arc<OrderRequest>,
    pub(super) pushed_at: String,
    pub(super) stage: Stage,
    pub(super) awb: Option<String>,
}

/// The stage of an order at the merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    New,
    OnHold,
    Cancelled,
    Processing,
    Manifested,
}

/// A parcel; clones share the journey.
#[derive(Clone)]
pub(super) struct Shipment {
    pub(super) awb: String,
    pub(super) carrier: &'static Carrier,
    pub(super) warehouse_id: String,
    pub(super) request: Arc<OrderRequest>,
    pub(super) cancelled: bool,
    pub(super) scans: Vec<Scan>,
    /// Locked during an advance, so that two advances do not mix.
    pub(super) journey: Arc<tokio::sync::Mutex<Journey>>,
}

/// A scan of a parcel.
#[derive(Clone)]
pub(super) struct Scan {
    step: usize,
    pub(super) status: &'static Status,
    /// The time of the simulators' clock.
    pub(super) time: String,
}

pub(super) struct Book {
    next_awb: u64,
    next_order: u64,
    next_rma: u64,
    next_manifest: u64,
    orders: Vec<Order>,
    shipments: Vec<Shipment>,
}

impl Book {
    /// An empty book. Its numbers start at random, so that after a restart they differ from those that RMS may still know.
    pub(super) fn open() -> Self {
        Self {
            next_awb: fastrand::u64(AWBS),
            next_order: fastrand::u64(ORDER_NUMBERS),
            next_rma: fastrand::u64(RMA_NUMBERS),
            next_manifest: fastrand::u64(MANIFESTS),
            orders: Vec::new(),
            shipments: Vec::new(),
        }
    }

    /// Adds an order, or replaces the order with the same id; a booked order stays unchanged.
    pub(super) fn push(
        &mut self,
        request: &Arc<OrderRequest>,
        pushed_at: String,
    ) -> Result<(), Refusal> {
        if let Some(known) = self.order_mut(&request.order_id) {
            if let Some(awb) = known.awb.clone() {
                let order_id = request.order_id.clone();
                return Err(Refusal::AlreadyBooked { order_id, awb });
            }
            known.request = Arc::clone(request);
            known.pushed_at = pushed_at;
            known.stage = Stage::New;
            return Ok(());
        }
        self.orders.push(Order {
            number: next(&mut self.next_order),
            request: Arc::clone(request),
            pushed_at,
            stage: Stage::New,
            awb: None,
        });
        Ok(())
    }

    /// Books a shipment; a forward shipment belongs to the order with its id.
    pub(super) fn book(
        &mut self,
        request: &Arc<OrderRequest>,
        booking: &Booking,
        carrier: &'static Carrier,
    ) -> Shipment {
        let shipment = Shipment {
            awb: next(&mut self.next_awb).to_string(),
            carrier,
            warehouse_id: booking.warehouse_id.clone(),
            request: Arc::clone(request),
            cancelled: false,
            scans: Vec::new(),
            journey: Arc::default(),
        };
        if request.direction == Direction::Forward
            && let Some(order) = self.order_mut(&request.order_id)
        {
            order.stage = Stage::Processing;
            order.awb = Some(shipment.awb.clone());
        }
        self.shipments.push(shipment.clone());
        shipment
    }

    pub(super) fn new_rma(&mut self) -> u64 {
        next(&mut self.next_rma)
    }

    pub(super) fn new_manifest(&mut self) -> u64 {
        next(&mut self.next_manifest)
    }

    /// All orders, oldest first.
    pub(super) fn orders(&self) -> &[Order] {
        &self.orders
    }

    pub(super) fn order_mut(&mut self, order_id: &str) -> Option<&mut Order> {
        self.orders
            .iter_mut()
            .find(|order| order.request.order_id == order_id)
    }

    pub(super) fn shipment(&self, awb: &str) -> Option<&Shipment> {
        self.shipments.iter().find(|shipment| shipment.awb == awb)
    }

    pub(super) fn shipment_of(&self, order: &Order) -> Option<&Shipment> {
        self.shipment(order.awb.as_deref()?)
    }

    /// Cancels a shipment that the carrier does not have yet; its order becomes new again.
    pub(super) fn cancel(&mut self, awb: &str) -> bool {
        let shipment = self.shipments.iter_mut().find(|known| known.awb == awb);
        let Some(shipment) = shipment.filter(|known| known.is_cancellable()) else {
            return false;
        };
        shipment.cancelled = true;
        let order = self.orders.iter_mut();
        for order in order.filter(|order| order.awb.as_deref() == Some(awb)) {
            order.awb = None;
            order.stage = Stage::New;
        }
        true
    }

    /// Records a step, once, and returns the updated shipment.
    pub(super) fn happened(
        &mut self,
        awb: &str,
        step: &Step,
        status: &'static Status,
    ) -> Option<Shipment> {
        let mut shipments = self.shipments.iter_mut();
        let shipment = shipments.find(|shipment| shipment.awb == awb)?;
        if shipment.scans.iter().all(|scan| scan.step != step.number) {
            shipment.scans.push(Scan {
                step: step.number,
                status,
                time: step.time.clone(),
            });
        }
        Some(shipment.clone())
    }
}

fn next(number: &mut u64) -> u64 {
    let this = *number;
    *number += 1;
    this
}

impl Shipment {
    pub(super) fn direction(&self) -> Direction {
        self.request.direction
    }

    pub(super) fn status(&self) -> &'static Status {
        match (self.cancelled, self.direction(), self.scans.last()) {
            (true, Direction::Forward, _) => &status::CANCELLED,
            (true, Direction::Return, _) => &status::RETURN_CANCELLED,
            (false, _, Some(scan)) => scan.status,
            (false, _, None) => &status::PENDING,
        }
    }

    /// When the carrier received the parcel, if it has.
    pub(super) fn picked_up_at(&self) -> Option<&str> {
        let mut scans = self.scans.iter();
        let first = scans.find(|scan| scan.status.dispatched)?;
        Some(&first.time)
    }

    fn is_cancellable(&self) -> bool {
        !self.cancelled && self.picked_up_at().is_none()
    }

    pub(super) fn label(&self) -> Vec<u8> {
        let buyer = self.request.text("shipping_city");
        let warehouse = crate::shipway::warehouses::city(&self.warehouse_id);
        let (from_city, to_city) = match self.direction() {
            Direction::Forward => (warehouse, buyer.as_str()),
            Direction::Return => (buyer.as_str(), warehouse),
        };
        Label {
            awb: &self.awb,
            order_number: &self.request.order_id,
            carrier: self.carrier.title,
            payment_type: &self.request.text("payment_type"),
            from_city,
            to_city,
        }
        .pdf()
    }
}
