//! What Shiprocket's answers say, in our terms.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;
use url::Url;

use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::wire::{Answer, number, text};
use crate::domain::booking::Booking;
use crate::domain::courier::Recommendation;
use crate::domain::text::{AggregatorOrderId, Awb};
use crate::outbound::client::Reply;
use crate::partners::failure::{Failure, Refusal};

/// Under this name an order's two ids are kept, as a step of the sequence and with the booking.
pub(super) const ORDER: &str = "order";
/// Stands between an AWB and its courier's name; no AWB has it, because it cannot be printed.
const BETWEEN: char = '\t';

/// Shiprocket's two ids of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ids {
    /// The order's.
    pub(super) order: AggregatorOrderId,
    /// Its shipment's.
    pub(super) shipment: String,
}

impl Ids {
    /// Both as one text.
    pub(super) fn packed(&self) -> String {
        format!("{}/{}", self.order, self.shipment)
    }

    /// Both from such a text.
    pub(super) fn unpacked(packed: &str) -> Option<Self> {
        let (order, shipment) = packed.split_once('/')?;
        Some(Self {
            order: order.parse().ok()?,
            shipment: shipment.to_owned(),
        })
    }
}

/// An AWB and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assigned {
    /// The AWB.
    pub(super) awb: Awb,
    /// The courier's name.
    pub(super) carrier_name: Option<String>,
}

impl Assigned {
    /// Both as one text.
    pub(super) fn packed(&self) -> String {
        let name = self.carrier_name.as_deref().unwrap_or_default();
        format!("{}{BETWEEN}{name}", self.awb)
    }

    /// Both from such a text.
    pub(super) fn unpacked(packed: &str) -> Option<Self> {
        let (awb, name) = packed.split_once(BETWEEN).unwrap_or((packed, ""));
        Some(Self {
            awb: awb.parse().ok()?,
            carrier_name: (!name.is_empty()).then(|| name.to_owned()),
        })
    }
}

/// An order at Shiprocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// Its ids.
    pub(super) ids: Ids,
    /// Its AWB, if it has one.
    pub(super) assigned: Option<Assigned>,
    /// Whether it is cancelled.
    pub(super) is_cancelled: bool,
}

/// The booking of an order with an AWB.
pub(super) fn booking(ids: &Ids, assigned: Assigned, label_url: Option<Url>) -> Booking {
    Booking {
        order_id: Some(ids.order.clone()),
        awb: assigned.awb,
        carrier_name: assigned.carrier_name,
        label_url,
        commercial_invoice_url: None,
        meta_data: BTreeMap::new(),
        own_ids: [(ORDER.to_owned(), ids.packed())].into(),
    }
}

/// The answer to the creation of an order.
#[derive(Debug)]
pub(super) enum Creation {
    /// The order; it may have existed before.
    Order(Order),
    /// There is one under this name, which is not told.
    Taken(Refusal),
}

/// Reads the answer to `orders/create/…`.
pub(super) fn creation(reply: &Reply) -> Result<Creation, Failure> {
    if reply.status >= 400 {
        let refusal = refusal::of(reply);
        return if refusal::says_taken(reply) {
            Ok(Creation::Taken(refusal))
        } else {
            Err(Failure::Refused(refusal))
        };
    }
    let answer = Answer::of(reply).ok_or(Failure::OutcomeUnknown)?;
    if let Some(order) = answer.at("").and_then(created) {
        return Ok(Creation::Order(order));
    }
    let refusal = refusal::of(reply);
    let is_refusal = answer.at("/order_id").is_none() && refusal.message.is_some();
    Err(if is_refusal || refusal::is_failure(&answer) {
        Failure::Refused(refusal)
    } else {
        Failure::OutcomeUnknown
    })
}

fn created(answer: &Value) -> Option<Order> {
    order(answer, &["/order_id"], &["/shipment_id"])
}

/// Reads one order of `GET orders` or `GET orders/show/…`, where its shipment is an object in one and a list in the other.
pub(super) fn kept_order(order_of: &Value) -> Option<Order> {
    let shipment = ["/shipments/id", "/shipments/0/id", "/shipment_id"];
    order(order_of, &["/id"], &shipment)
}

fn order(of: &Value, order_id: &[&str], shipment_id: &[&str]) -> Option<Order> {
    Some(Order {
        ids: Ids {
            order: first(of, order_id)?.parse().ok()?,
            shipment: first(of, shipment_id)?,
        },
        assigned: assigned(of),
        is_cancelled: is_cancelled(of),
    })
}

fn assigned(of: &Value) -> Option<Assigned> {
    let awb = [
        "/awb_code",
        "/shipments/awb",
        "/shipments/awb_code",
        "/shipments/0/awb",
        "/shipments/0/awb_code",
        "/awb_data/awb",
    ];
    let carrier_name = [
        "/courier_name",
        "/shipments/courier",
        "/shipments/courier_name",
        "/shipments/0/courier",
        "/shipments/0/courier_name",
    ];
    Some(Assigned {
        awb: first(of, &awb)?.parse().ok()?,
        carrier_name: first(of, &carrier_name),
    })
}

/// By the code of the order table, or by the text where there is none.
fn is_cancelled(of: &Value) -> bool {
    const CODES: [i64; 3] = [5, 27, 54];
    const TEXTS: [&str; 4] = [
        "CANCELED",
        "CANCELLED",
        "RETURN CANCELLED",
        "CANCELED BEFORE DISPATCHED",
    ];
    let code = of.get("status_code").and_then(number);
    let status = of.get("status").and_then(text);
    code.is_some_and(|code| CODES.contains(&code))
        || status.is_some_and(|status| TEXTS.iter().any(|known| status.eq_ignore_ascii_case(known)))
}

fn first(of: &Value, pointers: &[&str]) -> Option<String> {
    pointers
        .iter()
        .find_map(|pointer| text(of.pointer(pointer)?))
}

/// The answer to the assignment of an AWB.
#[derive(Debug)]
pub(super) enum Assignment {
    /// The AWB.
    Now(Assigned),
    /// It will be assigned later.
    Queued,
    /// The shipment has one, which is not told.
    Before,
}

/// Reads the answer to `courier/assign/awb`.
pub(super) fn assignment(reply: &Reply) -> Result<Assignment, Failure> {
    if reply.status >= 400 {
        return refused_assignment(refusal::of(reply));
    }
    let answer = Answer::of(reply).ok_or(Failure::OutcomeUnknown)?;
    let data = answer.at("/response/data");
    let status = answer.number("/awb_assign_status");
    if let Some(assigned) = data.and_then(assigned).filter(|_| status != Some(0)) {
        return Ok(Assignment::Now(assigned));
    }
    let error = answer.text("/response/data/awb_assign_error");
    let told = refusal::of(reply);
    if status == Some(0) || error.is_some() {
        return refused_assignment(Refusal {
            code: Some("awb_assign_error".to_owned()),
            message: error.map(|error| refusal::cut(&error)).or(told.message),
        });
    }
    if refusal::is_failure(&answer) {
        return refused_assignment(told);
    }
    let is_processing = told
        .message
        .is_some_and(|message| message.to_lowercase().contains("processing"));
    if is_processing {
        Ok(Assignment::Queued)
    } else {
        Err(Failure::OutcomeUnknown)
    }
}

fn refused_assignment(refusal: Refusal) -> Result<Assignment, Failure> {
    if refusal::says_assigned(&refusal) {
        Ok(Assignment::Before)
    } else {
        Err(Failure::Refused(refusal))
    }
}

/// The label of an answer to `courier/generate/label`, if it is ready.
pub(super) fn label(reply: &Reply) -> Option<Url> {
    let answer = Answer::of(reply).filter(|_| reply.status < 300)?;
    let url: Url = answer.text("/label_url")?.parse().ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Reads the answer to a question for couriers. The one that Shiprocket recommends comes first, the others keep its order.
pub(super) fn couriers(reply: &Reply) -> Result<Vec<Recommendation>, Failure> {
    let answer = Answer::of(reply).ok_or(Failure::Unreadable)?;
    let status = answer.number("/status");
    if status == Some(404) {
        return Ok(Vec::new());
    }
    if reply.status >= 400 || status.is_some_and(|status| status >= 300) {
        return Err(Failure::Refused(refusal::of(reply)));
    }
    let available = answer
        .at("/data/available_courier_companies")
        .and_then(Value::as_array)
        .ok_or(Failure::Unreadable)?;
    let mut serving: Vec<_> = available.iter().filter_map(courier).collect();
    let are_blocked = available.iter().any(is_blocked);
    if serving.is_empty() && !available.is_empty() && !are_blocked {
        return Err(Failure::Unreadable);
    }
    let best = answer.text("/data/recommended_courier_company_id");
    serving.sort_by_key(|(id, _)| Some(id.as_str()) != best.as_deref());
    let ranked = (1_u32..).zip(serving);
    Ok(ranked.filter_map(recommendation).collect())
}

fn is_blocked(courier: &Value) -> bool {
    courier
        .get("blocked")
        .and_then(number)
        .is_some_and(|blocked| blocked != 0)
}

fn courier(courier: &Value) -> Option<(String, String)> {
    if is_blocked(courier) {
        return None;
    }
    let id = text(courier.get("courier_company_id")?)?;
    let name = courier.get("courier_name").and_then(text);
    let name = name.unwrap_or_else(|| id.clone());
    Some((id, name))
}

fn recommendation((rank, (id, name)): (u32, (String, String))) -> Option<Recommendation> {
    Some(Recommendation {
        courier: id.parse().ok()?,
        name,
        priority: Decimal::from(rank),
    })
}
