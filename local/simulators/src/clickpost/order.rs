//! One order, from the queue to its final state.

use std::sync::Arc;

use crate::clickpost::couriers::Habit;
use crate::clickpost::order_request::OrderRequest;
use crate::clickpost::scan::Scan;
use crate::journey::Journey;
use crate::label::Label;
use crate::ways::Direction;

/// One order; clones share the journey.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) request: Arc<OrderRequest>,
    /// The vendor's number of the order.
    pub(super) number: u64,
    pub(super) tracking_id: u64,
    pub(super) security_key: String,
    pub(super) stage: Stage,
    pub(super) has_label: bool,
    pub(super) is_cancelled: bool,
    /// Oldest first.
    pub(super) scans: Vec<Scan>,
    /// Locked during an advance, so that two advances do not mix.
    pub(super) journey: Arc<tokio::sync::Mutex<Journey>>,
}

/// The stage of an order's creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Queued, and repeated this many times.
    Queued(u32),
    /// Created.
    Placed { waybill: String },
    /// Queued, then refused with this message.
    Refused(String),
}

impl Order {
    /// Its AWB, once it is created.
    pub(super) fn waybill(&self) -> Option<&str> {
        match &self.stage {
            Stage::Placed { waybill } => Some(waybill),
            Stage::Queued(_) | Stage::Refused(_) => None,
        }
    }

    pub(super) fn has_waybill(&self, waybill: &str) -> bool {
        self.waybill() == Some(waybill)
    }

    pub(super) fn has(&self, habit: Habit) -> bool {
        self.request.courier.has(habit)
    }

    pub(super) fn direction(&self) -> Direction {
        self.request.fields.direction
    }

    /// Whether it has been in this state.
    pub(super) fn has_been(&self, state: &str) -> bool {
        self.scans.iter().any(|scan| scan.state == state)
    }

    /// Stores a scan, unless it is a repeat.
    pub(super) fn keep(&mut self, scan: Scan) {
        if !self.scans.contains(&scan) {
            self.scans.push(scan);
        }
    }

    pub(super) fn label(&self) -> Label<'_> {
        self.sheet(self.request.courier.name, &self.request.fields.order_type)
    }

    pub(super) fn commercial_invoice(&self) -> Label<'_> {
        self.sheet("Commercial invoice", &self.request.fields.invoice_number)
    }

    fn sheet<'a>(&'a self, title: &'a str, subtitle: &'a str) -> Label<'a> {
        let fields = &self.request.fields;
        Label {
            awb: self.waybill().unwrap_or_default(),
            order_number: &fields.reference_number,
            carrier: title,
            payment_type: subtitle,
            from_city: &fields.pickup_city,
            to_city: &fields.drop_city,
        }
    }
}
