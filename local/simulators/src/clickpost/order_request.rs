//! The request for an order, and the requirements of the vendor and the courier.

use serde_json::Value;

use crate::clickpost::couriers::{self, Account, Courier, Habit, SHORT_REFERENCE};
use crate::clickpost::fields::Reader;
use crate::clickpost::order_fields::{self, OrderFields};
use crate::clickpost::refusal::Refusal;
use crate::clickpost::version::Version;
use crate::ways::Direction;

/// Whether a courier serves a pincode. Two are served by none, because no place has them; the second one has the form of a
/// pincode.
pub(super) fn is_served(pincode: &str) -> bool {
    !matches!(pincode, "000000" | "999999")
}

/// An order as requested.
#[derive(Debug)]
pub(super) struct OrderRequest {
    pub(super) version: Version,
    pub(super) fields: OrderFields,
    pub(super) courier: &'static Courier,
    pub(super) account: &'static Account,
    pub(super) rvp_reason: Option<String>,
    /// The requested AWB, one of those that its courier issued in advance.
    pub(super) awb_number: Option<String>,
    pub(super) queue: Queue,
    pub(super) wants_label: bool,
    /// The body as sent, to recognize a repeat.
    pub(super) sent: Value,
}

/// Whether the order is queued, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Queue {
    No,
    /// Requested by `additional.async`.
    AskedFor,
    /// The courier has no synchronous API.
    ByCourier,
}

impl OrderRequest {
    /// Reads a body: first its fields, then the requirements of its courier.
    pub(super) fn read(sent: Value, version: Version) -> Result<Self, Refusal> {
        let fields = OrderFields::read(&sent, version)?;
        let rvp_reason = rvp_reason(&sent, &fields)?;
        let reader = Reader::of(&sent)?;
        let courier = wanted_courier(&reader)?;
        let code =
            reader.optional_text(&["shipment_details.account_code", "additional.account_code"]);
        let account = courier.account(code.as_deref())?;
        check_direction(courier, fields.direction)?;
        check_habits(courier, &fields, &reader)?;
        let awb_number = reader
            .optional_text(&["shipment_details.awb_number"])
            .filter(|_| courier.has(Habit::IssuesAwbsInAdvance));
        let queue = queue(courier, &reader);
        let wants_label = reader.flag("additional.label").unwrap_or(true);
        Ok(Self {
            version,
            fields,
            courier,
            account,
            rvp_reason,
            awb_number,
            queue,
            wants_label,
            sent,
        })
    }

    /// The courier's refusal, if it does not accept the order.
    pub(super) fn objection(&self) -> Option<String> {
        let name = self.courier.name;
        let pincode = &self.fields.drop_postal_code;
        if !is_served(pincode) {
            return Some(format!("{name}: consignee pincode {pincode} is not served"));
        }
        let goes = self.courier.goes(self.fields.direction);
        (!goes).then(|| format!("{name}: this account takes no forward shipments"))
    }
}

/// A return needs a reason, an exchange does not.
fn rvp_reason(sent: &Value, fields: &OrderFields) -> Result<Option<String>, Refusal> {
    let reason = order_fields::rvp_reason(sent)?;
    let is_needed = fields.direction == Direction::Return && fields.order_type != "EXCHANGE";
    if is_needed && reason.is_none() {
        return Err(Refusal::of(310, "rvp_reason is missing"));
    }
    Ok(reason)
}

fn wanted_courier(reader: &Reader<'_>) -> Result<&'static Courier, Refusal> {
    reader
        .at("shipment_details.courier_partner")
        .and_then(Value::as_i64)
        .and_then(couriers::by_id)
        .ok_or_else(|| {
            let message = "shipment_details.courier_partner must be the integer id of a courier";
            Refusal::of(302, message)
        })
}

/// There is no code for a courier without forward shipments: the courier itself refuses.
fn check_direction(courier: &Courier, direction: Direction) -> Result<(), Refusal> {
    match direction {
        Direction::Return if !courier.goes(direction) => {
            let message = format!("{} does not do reverse pickups", courier.name);
            Err(Refusal::of(311, message))
        }
        Direction::Return | Direction::Forward => Ok(()),
    }
}

fn check_habits(
    courier: &Courier,
    fields: &OrderFields,
    reader: &Reader<'_>,
) -> Result<(), Refusal> {
    let vendor_code = reader.optional_text(&["additional.vendor_code"]);
    if courier.has(Habit::WantsVendorCode) && vendor_code.is_none() {
        return Err(Refusal::of(355, "additional.vendor_code is missing"));
    }
    let length = fields.reference_number.chars().count();
    if courier.has(Habit::ShortReferences) && length > SHORT_REFERENCE {
        return Err(order_fields::too_long_a_reference(SHORT_REFERENCE));
    }
    Ok(())
}

fn queue(courier: &Courier, reader: &Reader<'_>) -> Queue {
    if courier.has(Habit::Queues) {
        Queue::ByCourier
    } else if reader.flag("additional.async") == Some(true) {
        Queue::AskedFor
    } else {
        Queue::No
    }
}
