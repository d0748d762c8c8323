//! The body of `POST /shopify/orders`: an order and its event. All but `id` have defaults.
//!
//! | field | |
//! |---|---|
//! | `id`, `lineItems[].id` | a whole number, or a string of digits, which is sent as a number |
//! | `name` | as given, for example `#1001` |
//! | `tags` | a list; sent as one text, separated by commas |
//! | `lineItems[].currentQuantity` | without it the `quantity` |
//! | `topic` | `orders/updated`, or any other |
//! | `updatedAt`, `triggeredAt` | now |
//! | `eventId` | a new one |
//! | `times` | how often the event is delivered: as to several subscriptions, each time with another `X-Shopify-Webhook-Id` |
//! | `omit` | fields of the sent order that are left out, as filters of a subscription do; and the headers `triggeredAt` and `eventId` |

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock;
use crate::shopify::hook::HookRefusal;

/// More deliveries of one event than any test needs.
const MOST_TIMES: u8 = 10;

/// The names of the headers that can be omitted.
pub(super) const TRIGGERED_AT: &str = "triggeredAt";
pub(super) const EVENT_ID: &str = "eventId";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Order {
    id: Value,
    name: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    cancelled_at: Option<String>,
    #[serde(default)]
    line_items: Vec<LineItem>,
    #[serde(default = "updated")]
    pub(super) topic: String,
    updated_at: Option<String>,
    pub(super) triggered_at: Option<String>,
    pub(super) event_id: Option<String>,
    #[serde(default = "once")]
    pub(super) times: u8,
    #[serde(default)]
    omit: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LineItem {
    id: Value,
    sku: Option<String>,
    quantity: u64,
    current_quantity: Option<u64>,
}

fn updated() -> String {
    "orders/updated".to_owned()
}

const fn once() -> u8 {
    1
}

impl Order {
    /// Parses it.
    pub(super) fn read(body: &[u8]) -> Result<Self, HookRefusal> {
        let order: Self = serde_json::from_slice(body)?;
        if !(1..=MOST_TIMES).contains(&order.times) {
            return Err(HookRefusal::Times(order.times, MOST_TIMES));
        }
        Ok(order)
    }

    /// Whether a field or a header is left out. Fields may be named as they are given, or as they are sent.
    pub(super) fn omits(&self, name: &str) -> bool {
        self.omit.iter().any(|omitted| sent_name(omitted) == name)
    }

    /// The order as it is sent.
    pub(super) fn sent(&self) -> Result<Value, HookRefusal> {
        let now = clock::now();
        let updated_at = self.updated_at.as_ref().unwrap_or(&now);
        let id = number(&self.id)?;
        let name = self.name.clone().unwrap_or_else(|| format!("#{id}"));
        let lines: Vec<Value> = self
            .line_items
            .iter()
            .map(LineItem::sent)
            .collect::<Result<_, _>>()?;
        let all = json!({
            "id": id,
            "admin_graphql_api_id": format!("gid://shopify/Order/{id}"),
            "name": name,
            "email": "jon@customer.example",
            "customer": { "first_name": "Jon", "last_name": "Snow", "phone": "+919876543210" },
            "created_at": now,
            "updated_at": updated_at,
            "cancelled_at": self.cancelled_at,
            "cancel_reason": self.cancelled_at.as_ref().map(|_| "customer"),
            "tags": self.tags.join(", "),
            "line_items": lines,
        });
        let Value::Object(all) = all else {
            return Ok(all);
        };
        self.check_omitted(&all)?;
        let kept = all.into_iter().filter(|(name, _)| !self.omits(name));
        Ok(kept.collect())
    }

    fn check_omitted(&self, fields: &Map<String, Value>) -> Result<(), HookRefusal> {
        let is_known = |name: &&String| {
            let name = sent_name(name);
            fields.contains_key(name) || [TRIGGERED_AT, EVENT_ID].contains(&name)
        };
        match self.omit.iter().find(|name| !is_known(name)) {
            Some(unknown) => Err(HookRefusal::UnknownField(unknown.clone())),
            None => Ok(()),
        }
    }
}

impl LineItem {
    fn sent(&self) -> Result<Value, HookRefusal> {
        Ok(json!({
            "id": number(&self.id)?,
            "sku": self.sku,
            "quantity": self.quantity,
            "current_quantity": self.current_quantity.unwrap_or(self.quantity),
        }))
    }
}

fn sent_name(name: &str) -> &str {
    match name {
        "cancelledAt" => "cancelled_at",
        "lineItems" => "line_items",
        "updatedAt" => "updated_at",
        other => other,
    }
}

/// Ids are numbers of up to 64 bits.
fn number(id: &Value) -> Result<u64, HookRefusal> {
    let text = id.as_str().and_then(|text| text.parse().ok());
    id.as_u64()
        .or(text)
        .ok_or_else(|| HookRefusal::Id(id.clone()))
}
