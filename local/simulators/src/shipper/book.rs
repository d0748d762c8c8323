//! The account's orders, in memory.

use std::ops::Range;
use std::sync::Arc;

use crate::clock;
use crate::journey::Step;
use crate::shipper::order::{Order, Pickup, Scan};
use crate::shipper::order_request::OrderRequest;
use crate::shipper::statuses::{self, Status};

/// The characters of order ids.
const ALPHABET: &[u8; 28] = b"2345678BDEFGHJKMNPQRSTVWXYZ9";
/// After the year, which order ids begin with.
const ID_LENGTH: usize = 11;
/// Fourteen digits; AWBs have fifteen, so that they begin with a zero.
const AWBS: Range<u64> = 10_000_000_000_000..90_000_000_000_000;
const ORDERS: Range<u64> = 100_000_000_000..10_000_000_000_000;
const ITEMS: Range<u64> = 700_000..70_000_000;
const PICKUPS: Range<u64> = 1_000_000..60_000_000;

pub(super) struct Book {
    next_awb: u64,
    next_order: u64,
    next_item: u64,
    next_pickup: u64,
    /// Oldest first.
    orders: Vec<Order>,
}

impl Book {
    /// An empty book. Its numbers start at random, so that after a restart they differ from those that RMS may still know.
    pub(super) fn open() -> Self {
        Self {
            next_awb: fastrand::u64(AWBS),
            next_order: fastrand::u64(ORDERS),
            next_item: fastrand::u64(ITEMS),
            next_pickup: fastrand::u64(PICKUPS),
            orders: Vec::new(),
        }
    }

    /// Creates an order, also with an external id that another order has.
    pub(super) fn create(&mut self, request: OrderRequest) -> Order {
        let number = next(&mut self.next_order, 1);
        let items = u64::try_from(request.items.len()).unwrap_or_default();
        let order = Order {
            id: order_id(number),
            number,
            first_item: next(&mut self.next_item, items),
            request: Arc::new(request),
            created_at: clock::now(),
            awb: None,
            scans: Vec::new(),
            pickup: None,
            cancelled: None,
            journey: Arc::default(),
        };
        self.orders.push(order.clone());
        order
    }

    pub(super) fn by_id(&self, order_id: &str) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == order_id)
    }

    pub(super) fn by_id_mut(&mut self, order_id: &str) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.id == order_id)
    }

    /// The newest order with this external id.
    pub(super) fn by_external_id(&self, external_id: &str) -> Option<&Order> {
        let mut newest_first = self.orders.iter().rev();
        newest_first.find(|order| order.request.external_id == external_id)
    }

    pub(super) fn by_awb(&self, awb: &str) -> Option<&Order> {
        let mut orders = self.orders.iter();
        orders.find(|order| order.awb.as_deref() == Some(awb))
    }

    /// The order with this AWB or external id.
    pub(super) fn named(&self, name: &str) -> Option<&Order> {
        self.by_awb(name).or_else(|| self.by_external_id(name))
    }

    /// The order's AWB; empty if it has none.
    pub(super) fn awb_of(&self, order_id: &str) -> String {
        let order = self.by_id(order_id);
        order
            .and_then(|order| order.awb.clone())
            .unwrap_or_default()
    }

    /// Records a step, once, and gives the order its AWB. Returns the order and the step's status.
    pub(super) fn happened(
        &mut self,
        order_id: &str,
        step: &Step,
    ) -> Option<(&Order, &'static Status)> {
        let status = statuses::of(step.state)?;
        let awb = format!("{:015}", self.next_awb);
        let order = self.orders.iter_mut().find(|order| order.id == order_id)?;
        if order.awb.is_none() && order.cancelled.is_none() {
            order.awb = Some(awb);
            self.next_awb += 1;
        }
        order.keep(Scan {
            step: Some(step.number),
            status,
            time: step.time.clone(),
        });
        Some((order, status))
    }

    /// Requests that an order's parcel is fetched, at a time.
    pub(super) fn pick_up(&mut self, order_id: &str, time: &str) -> Option<Pickup> {
        let code = format!("P{:X}", self.next_pickup);
        let order = self.orders.iter_mut().find(|order| order.id == order_id)?;
        if order.pickup.is_none() {
            self.next_pickup += 1;
        }
        let time = time.to_owned();
        Some(order.pickup.get_or_insert(Pickup { code, time }).clone())
    }
}

/// The year and eleven characters.
fn order_id(mut number: u64) -> String {
    let mut id = clock::instant().strftime("%y").to_string().into_bytes();
    let characters = ALPHABET.len() as u64;
    for _ in 0..ID_LENGTH {
        let place = usize::try_from(number % characters).unwrap_or_default();
        id.extend(ALPHABET.get(place));
        number /= characters;
    }
    String::from_utf8_lossy(&id).into_owned()
}

fn next(number: &mut u64, count: u64) -> u64 {
    let this = *number;
    *number += count;
    this
}
