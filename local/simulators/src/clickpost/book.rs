//! The orders, in memory. A reference number has one order, regardless of direction and version.

use std::ops::Range;
use std::sync::Arc;

use uuid::Uuid;

use crate::clickpost::order::{Order, Stage};
use crate::clickpost::order_request::{OrderRequest, Queue};
use crate::clickpost::refusal::Refusal;
use crate::clickpost::scan::Scan;
use crate::clock;
use crate::ways::Direction;

/// The repeat that completes a queued order.
const LAST_REPEAT: u32 = 2;

/// AWBs, chosen so that counting up never changes their length.
const AWBS: Range<u64> = 200_000_000_000..890_000_000_000;
/// The vendor's own numbers: nine digits, as in its examples.
const NUMBERS: Range<u64> = 100_000_000..800_000_000;
/// The AWBs issued by the courier with [`crate::clickpost::couriers::Habit::IssuesAwbsInAdvance`].
const ISSUED: Range<u64> = 3_300_000_000..3_300_000_100;

/// The result of a request for an order.
pub(super) enum Placing {
    /// It was created now.
    Made(Order),
    /// It was created before.
    AlreadyMade(Order),
    /// It was queued now.
    Queued(Order),
    /// It is still queued.
    StillQueued(Order),
}

/// All orders, oldest first.
pub(super) struct Book {
    next_awb: u64,
    next_number: u64,
    next_tracking_id: u64,
    orders: Vec<Order>,
}

impl Book {
    /// An empty book. Its numbers start at random, so that after a restart they differ from those that RMS may still know.
    pub(super) fn open() -> Self {
        Self {
            next_awb: fastrand::u64(AWBS),
            next_number: fastrand::u64(NUMBERS),
            next_tracking_id: fastrand::u64(NUMBERS),
            orders: Vec::new(),
        }
    }

    /// Creates or queues an order, or returns the state of the order with the same reference number.
    pub(super) fn place(&mut self, request: OrderRequest) -> Result<Placing, Refusal> {
        let reference = &request.fields.reference_number;
        let known = self
            .orders
            .iter()
            .position(|order| order.request.fields.reference_number == *reference);
        match known {
            Some(index) => self.place_again(index, request),
            None => self.place_anew(request),
        }
    }

    fn place_anew(&mut self, request: OrderRequest) -> Result<Placing, Refusal> {
        self.check_awb_number(&request)?;
        if request.queue != Queue::No {
            let order = self.enter(request, Stage::Queued(0));
            return Ok(Placing::Queued(order));
        }
        if let Some(words) = request.objection() {
            return Err(refused_by_courier(&request, words));
        }
        let stage = self.placed(&request);
        Ok(Placing::Made(self.enter(request, stage)))
    }

    /// A refused order stays refused for the same request; a different request is a new attempt.
    fn place_again(&mut self, index: usize, request: OrderRequest) -> Result<Placing, Refusal> {
        let Some(order) = self.orders.get(index).cloned() else {
            return self.place_anew(request);
        };
        match &order.stage {
            Stage::Placed { .. } => Ok(Placing::AlreadyMade(order)),
            Stage::Queued(repeats) if repeats + 1 < LAST_REPEAT => {
                let stage = Stage::Queued(repeats + 1);
                Ok(Placing::StillQueued(self.reach(index, order, stage)))
            }
            Stage::Queued(_) => self.complete(index, order),
            Stage::Refused(words) if order.request.sent == request.sent => {
                Err(refused_by_courier(&request, words.clone()))
            }
            Stage::Refused(_) => {
                self.orders.remove(index);
                self.place_anew(request)
            }
        }
    }

    fn complete(&mut self, index: usize, order: Order) -> Result<Placing, Refusal> {
        let request = Arc::clone(&order.request);
        if let Some(words) = request.objection() {
            self.reach(index, order, Stage::Refused(words.clone()));
            return Err(refused_by_courier(&request, words));
        }
        let stage = self.placed(&request);
        Ok(Placing::Made(self.reach(index, order, stage)))
    }

    fn reach(&mut self, index: usize, mut order: Order, stage: Stage) -> Order {
        order.stage = stage;
        if let Some(kept) = self.orders.get_mut(index) {
            *kept = order.clone();
        }
        order
    }

    fn enter(&mut self, request: OrderRequest, stage: Stage) -> Order {
        let order = Order {
            number: self.next_number,
            tracking_id: self.next_tracking_id,
            security_key: Uuid::new_v4().to_string(),
            stage,
            has_label: request.fields.direction == Direction::Forward && request.wants_label,
            is_cancelled: false,
            scans: vec![Scan::of("ORDER_PLACED", clock::now())],
            request: Arc::new(request),
            journey: Arc::default(),
        };
        self.next_number += 1;
        self.next_tracking_id += 1;
        self.orders.push(order.clone());
        order
    }

    fn placed(&mut self, request: &OrderRequest) -> Stage {
        let waybill = request.awb_number.clone().unwrap_or_else(|| {
            self.next_awb += 1;
            self.next_awb.to_string()
        });
        Stage::Placed { waybill }
    }

    fn check_awb_number(&self, request: &OrderRequest) -> Result<(), Refusal> {
        let Some(awb) = &request.awb_number else {
            return Ok(());
        };
        let is_issued = awb.parse().is_ok_and(|awb| ISSUED.contains(&awb));
        let is_used = self
            .orders
            .iter()
            .any(|order| order.request.awb_number.as_ref() == Some(awb));
        if is_issued && !is_used {
            return Ok(());
        }
        let message = format!("shipment_details.awb_number {awb} is not among those issued");
        Err(Refusal::of(321, message))
    }

    pub(super) fn by_waybill(&self, waybill: &str) -> Option<Order> {
        let order = self.orders.iter().find(|order| order.has_waybill(waybill));
        order.cloned()
    }

    /// Changes the order with this waybill and returns the changed order.
    pub(super) fn change(
        &mut self,
        waybill: &str,
        change: impl FnOnce(&mut Order),
    ) -> Option<Order> {
        let order = self
            .orders
            .iter_mut()
            .find(|order| order.has_waybill(waybill))?;
        change(order);
        Some(order.clone())
    }

    /// For a return: the newest forward order with the same merchant order id.
    pub(super) fn forward_of(&self, returned: &Order) -> Option<Order> {
        let order_id = returned.request.fields.order_id.as_ref()?;
        let forward = self.orders.iter().rev().find(|order| {
            order.request.fields.direction == Direction::Forward
                && order.waybill().is_some()
                && order.request.fields.order_id.as_ref() == Some(order_id)
        });
        forward.cloned()
    }
}

fn refused_by_courier(request: &OrderRequest, words: String) -> Refusal {
    Refusal::by_courier(Some(&request.fields.reference_number), words)
}
