//! Shiprocket's orders, in memory. Three ids identify an order: the merchant's order id, Shiprocket's order id, and the
//! shipment id.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use crate::journey::{Journey, Step};
use crate::label::Label;
use crate::shiprocket::couriers::{Courier, Habit};
use crate::shiprocket::ist;
use crate::shiprocket::order_request::{OrderRequest, Party};
use crate::shiprocket::pickup_locations;
use crate::shiprocket::statuses::{NEW, RETURN_PENDING, Standing};
use crate::ways::Direction;

/// The two ranges do not overlap, so that one id in place of the other is never valid by chance.
const ORDER_IDS: Range<u64> = 300_000_000..500_000_000;
const SHIPMENT_IDS: Range<u64> = 600_000_000..800_000_000;

/// Fourteen digits; counting up keeps the length.
const AWBS: Range<u64> = 10_000_000_000_000..99_000_000_000_000;

#[derive(Clone)]
pub(super) struct Order {
    /// Shiprocket's order id, not the merchant's.
    pub(super) id: u64,
    pub(super) shipment_id: u64,
    pub(super) request: Arc<OrderRequest>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) standing: Standing,
    pub(super) parcel: Option<Parcel>,
    pub(super) was_reassigned: bool,
}

/// The parcel, once a courier is assigned. Clones share the journey.
#[derive(Clone)]
pub(super) struct Parcel {
    pub(super) awb: String,
    pub(super) courier: &'static Courier,
    pub(super) assigned_at: Timestamp,
    /// Number of requests for its label.
    pub(super) label_requests: u32,
    /// The steps that happened, oldest first.
    pub(super) happened: Vec<Step>,
    /// Locked during an advance, so that two advances do not mix.
    pub(super) journey: Arc<tokio::sync::Mutex<Journey>>,
}

/// All orders, oldest first.
pub(super) struct Book {
    next_order_id: u64,
    next_shipment_id: u64,
    next_awb: u64,
    orders: Vec<Order>,
}

impl Book {
    /// An empty book. Its ids and AWBs start at random, so that after a restart they differ from those that RMS may still know.
    pub(super) fn open() -> Self {
        Self {
            next_order_id: fastrand::u64(ORDER_IDS),
            next_shipment_id: fastrand::u64(SHIPMENT_IDS),
            next_awb: fastrand::u64(AWBS),
            orders: Vec::new(),
        }
    }

    pub(super) fn enter(&mut self, request: OrderRequest, now: Timestamp) -> Order {
        let standing = match request.kind.direction() {
            Direction::Forward => NEW,
            Direction::Return => RETURN_PENDING,
        };
        let order = Order {
            id: self.next_order_id,
            shipment_id: self.next_shipment_id,
            request: Arc::new(request),
            created_at: now,
            updated_at: now,
            standing,
            parcel: None,
            was_reassigned: false,
        };
        self.next_order_id += 1;
        self.next_shipment_id += 1;
        self.orders.push(order.clone());
        order
    }

    /// Assigns a courier to the shipment, with a new AWB.
    pub(super) fn assign(
        &mut self,
        shipment_id: u64,
        courier: &'static Courier,
        now: Timestamp,
    ) -> Option<Order> {
        let awb = match courier.habit {
            Habit::LetteredAwbs => format!("SF{}SR", self.next_awb),
            Habit::Usual | Habit::EmptyWallet | Habit::Deferred | Habit::SlowLabel => {
                self.next_awb.to_string()
            }
        };
        self.next_awb += 1;
        let order = self.by_shipment_mut(shipment_id)?;
        order.was_reassigned = order.parcel.is_some();
        order.parcel = Some(Parcel {
            awb,
            courier,
            assigned_at: now,
            label_requests: 0,
            happened: Vec::new(),
            journey: Arc::default(),
        });
        order.stand(Standing::with_awb(order.direction()), now);
        Some(order.clone())
    }

    /// Records a step of a parcel, once.
    pub(super) fn happen(&mut self, awb: &str, step: &Step) {
        let Some(order) = self.orders.iter_mut().find(|order| order.has_awb(awb)) else {
            return;
        };
        let happened = order.parcel.as_mut().map(|parcel| &mut parcel.happened);
        if let Some(happened) = happened
            && happened.iter().all(|earlier| earlier.number != step.number)
        {
            happened.push(step.clone());
            if let Some(standing) = Standing::reached(order.direction(), step.state) {
                order.stand(standing, ist::of_step(&step.time));
            }
        }
    }

    pub(super) fn by_id(&self, id: u64) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == id)
    }

    pub(super) fn by_id_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.id == id)
    }

    pub(super) fn by_shipment(&self, id: u64) -> Option<&Order> {
        self.orders.iter().find(|order| order.shipment_id == id)
    }

    pub(super) fn by_shipment_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.shipment_id == id)
    }

    pub(super) fn by_awb(&self, awb: &str) -> Option<&Order> {
        self.orders.iter().find(|order| order.has_awb(awb))
    }

    pub(super) fn by_awb_mut(&mut self, awb: &str) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.has_awb(awb))
    }

    /// The order with this merchant order id. There is at most one in each direction.
    pub(super) fn by_order_number(&self, direction: Direction, order_id: &str) -> Option<&Order> {
        self.orders
            .iter()
            .find(|order| order.direction() == direction && order.request.order_id == order_id)
    }

    pub(super) fn all(&self) -> &[Order] {
        &self.orders
    }
}

impl Order {
    pub(super) fn direction(&self) -> Direction {
        self.request.kind.direction()
    }

    pub(super) fn has_awb(&self, awb: &str) -> bool {
        self.parcel.as_ref().is_some_and(|parcel| parcel.awb == awb)
    }

    pub(super) fn is_return(&self) -> bool {
        self.direction() == Direction::Return
    }

    /// Sets the status in both tables; a table without a status for the step stays unchanged.
    pub(super) fn stand(&mut self, standing: Standing, now: Timestamp) {
        self.standing = Standing {
            order: standing.order,
            shipment: standing.shipment.or(self.standing.shipment),
        };
        self.updated_at = now;
    }

    /// Whether the courier is on the way to the pickup or has the parcel.
    pub(super) fn is_on_its_way(&self) -> bool {
        let happened = self.parcel.iter().flat_map(|parcel| &parcel.happened);
        happened
            .map(|step| step.state)
            .any(|state| !["AWB_GENERATED", "RETURN_ORDER_PLACED"].contains(&state))
    }

    pub(super) fn origin(&self) -> Party {
        match self.direction() {
            Direction::Forward => pickup_locations::party(&self.request.pickup_location),
            Direction::Return => self.request.customer.clone(),
        }
    }

    pub(super) fn payment_method(&self) -> &'static str {
        if self.request.is_cod {
            "cod"
        } else {
            "prepaid"
        }
    }

    pub(super) fn label_pdf(&self) -> Option<Vec<u8>> {
        let parcel = self.parcel.as_ref()?;
        let label = Label {
            awb: &parcel.awb,
            order_number: &self.request.order_id,
            carrier: parcel.courier.name,
            payment_type: self.payment_method(),
            from_city: &self.origin().city,
            to_city: &self.request.destination().city,
        };
        Some(label.pdf())
    }
}
