//! The aggregator's order book, in memory.

use std::sync::Arc;

use crate::journey::Journey;
use crate::label::Label;
use crate::magic::couriers;
use crate::magic::label_request::LabelRequest;
use crate::ways::Direction;

/// The first order id in the standard's samples.
const FIRST_ORDER_ID: u64 = 11_012;

/// Other order ids.
const ORDER_IDS: std::ops::Range<u64> = 100_000..900_000_000;

/// AWBs of twelve digits without the last ones, so that counting up keeps the length.
const AWBS: std::ops::Range<u64> = 100_000_000_000..990_000_000_000;

/// One order; clones share the journey.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) awb: String,
    pub(super) carrier_name: &'static str,
    pub(super) request: Arc<LabelRequest>,
    /// Locked during an advance, so that two advances do not mix.
    pub(super) journey: Arc<tokio::sync::Mutex<Journey>>,
}

/// All orders, oldest first.
pub(super) struct Book {
    next_order_id: u64,
    next_awb: u64,
    orders: Vec<Order>,
}

impl Book {
    /// An empty book. Its AWBs start at random, so that after a restart they differ from those that RMS may still know;
    /// so do its order ids, if wanted.
    pub(super) fn open(random_order_ids: bool) -> Self {
        Self {
            next_order_id: if random_order_ids {
                fastrand::u64(ORDER_IDS)
            } else {
                FIRST_ORDER_ID
            },
            next_awb: fastrand::u64(AWBS),
            orders: Vec::new(),
        }
    }

    /// Creates an order, even if there already is one with that number.
    pub(super) fn enter(&mut self, request: LabelRequest) -> Order {
        let order = Order {
            id: self.next_order_id.to_string(),
            awb: self.next_awb.to_string(),
            carrier_name: couriers::name(request.courier_id),
            request: Arc::new(request),
            journey: Arc::default(),
        };
        self.next_order_id += 1;
        self.next_awb += 1;
        self.orders.push(order.clone());
        order
    }

    pub(super) fn by_awb(&self, awb: &str) -> Option<Order> {
        self.newest(|order| order.awb == awb)
    }

    pub(super) fn by_order_id(&self, direction: Direction, order_id: &str) -> Option<Order> {
        self.newest(|order| order.request.direction == direction && order.id == order_id)
    }

    /// The newest order with this number; without a shipment code, the newest order that has none.
    pub(super) fn by_order_number(
        &self,
        direction: Direction,
        order_number: &str,
        shipment_code: Option<&str>,
    ) -> Option<Order> {
        self.newest(|Order { request, .. }| {
            request.direction == direction
                && request.order_number == order_number
                && request.shipment_code.as_deref() == shipment_code
        })
    }

    /// The AWB of the forward shipment: the order's own, or for a return that of our forward order with the same number.
    pub(super) fn forward_awb(&self, order: &Order) -> Option<String> {
        match order.request.direction {
            Direction::Forward => Some(order.awb.clone()),
            Direction::Return => self
                .newest(|Order { request, .. }| {
                    request.direction == Direction::Forward
                        && request.order_number == order.request.order_number
                })
                .map(|forward| forward.awb),
        }
    }

    fn newest(&self, wanted: impl Fn(&Order) -> bool) -> Option<Order> {
        self.orders
            .iter()
            .rev()
            .find(|order| wanted(order))
            .cloned()
    }
}

impl Order {
    pub(super) fn label(&self) -> Label<'_> {
        Label {
            awb: &self.awb,
            order_number: &self.request.order_number,
            carrier: self.carrier_name,
            payment_type: &self.request.payment_type,
            from_city: &self.request.from_city,
            to_city: &self.request.to_city,
        }
    }
}
