//! The request for a label or a return AWB, and what the standard demands of it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::refusal::Refusal;
use crate::simulators::ways::Direction;

const ADDRESS_FIELDS: [&str; 6] = [
    "addressLine1",
    "city",
    "country",
    "firstName",
    "state",
    "zip",
];
const DIMENSIONS: [&str; 4] = ["breadth", "height", "length", "weight"];

/// What the aggregator keeps of a valid request.
#[derive(Debug)]
pub(super) struct LabelRequest {
    pub(super) direction: Direction,
    pub(super) order_number: String,
    /// RMS's extension: tells the parcels of one order apart.
    pub(super) shipment_code: Option<String>,
    pub(super) payment_type: String,
    pub(super) courier_id: i64,
    pub(super) warehouse_code: Option<String>,
    pub(super) from_city: String,
    pub(super) to_city: String,
    pub(super) items: Vec<Item>,
}

/// A line, as the notifications repeat it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Item {
    sku: String,
    quantity: i64,
}

impl LabelRequest {
    /// Reads a body; every mandatory field that is missing or of a wrong type is named.
    pub(super) fn read(body: &Value, direction: Direction) -> Result<Self, Refusal> {
        let mut reader = Reader::of(body);
        reader.addresses();
        reader.shipment_type(direction);
        reader.number("/orderDetails/orderAmount");
        reader.date("/orderDetails/orderDate");
        for dimension in DIMENSIONS {
            reader.number(&format!("/shipmentDimension/{dimension}"));
        }
        let request = Self {
            direction,
            order_number: reader.text("/orderDetails/orderNumber"),
            shipment_code: reader
                .optional_text("/shipmentCode")
                .or_else(|| reader.optional_text("/orderDetails/shipmentCode")),
            payment_type: reader.one_of("/orderDetails/paymentType", &["PREPAID", "COD"]),
            courier_id: reader.integer("/courierId"),
            warehouse_code: reader.optional_text("/warehouseCode"),
            from_city: reader.text("/pickupAddress/city"),
            to_city: reader.text("/dropAddress/city"),
            items: reader.items(),
        };
        reader.finish()?;
        Ok(request)
    }
}

/// Reads fields by JSON pointer and collects what is wrong; what could not be read is empty until [`Reader::finish`]
/// refuses the whole.
pub(super) struct Reader<'a> {
    body: &'a Value,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(body: &'a Value) -> Self {
        Self {
            body,
            wrong: Vec::new(),
        }
    }

    /// Refuses if anything was wrong.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() {
            Ok(())
        } else {
            Err(Refusal::InvalidRequest(self.wrong))
        }
    }

    /// A mandatory text that is not blank.
    pub(super) fn text(&mut self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let text = text
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned);
        self.expect(pointer, "a text", text)
    }

    fn optional_text(&self, pointer: &str) -> Option<String> {
        self.body.pointer(pointer)?.as_str().map(str::to_owned)
    }

    fn one_of(&mut self, pointer: &str, allowed: &[&str]) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let text = text
            .filter(|text| allowed.contains(text))
            .map(str::to_owned);
        self.expect(pointer, &allowed.join(" or "), text)
    }

    fn number(&mut self, pointer: &str) {
        let number = self.body.pointer(pointer).and_then(Value::as_f64);
        self.expect(pointer, "a number", number);
    }

    fn integer(&mut self, pointer: &str) -> i64 {
        let integer = self.body.pointer(pointer).and_then(Value::as_i64);
        self.expect(pointer, "an integer", integer)
    }

    fn date(&mut self, pointer: &str) {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        let date = text.and_then(|text| text.parse::<Timestamp>().ok());
        self.expect(pointer, "a date such as 2022-03-16T12:31:02+05:30", date);
    }

    fn addresses(&mut self) {
        for address in ["pickupAddress", "dropAddress"] {
            for field in ADDRESS_FIELDS {
                // The cities are read where they are kept.
                if field != "city" {
                    self.text(&format!("/{address}/{field}"));
                }
            }
        }
    }

    fn shipment_type(&mut self, direction: Direction) {
        let pointer = "/orderDetails/shipmentType";
        match direction {
            Direction::Forward => {
                self.one_of(pointer, &["FORWARD"]);
            }
            Direction::Return => {
                self.one_of(pointer, &["RETURN"]);
                self.text("/returnReason");
            }
        }
    }

    /// The lines; the document's sample and table name the list differently.
    fn items(&mut self) -> Vec<Item> {
        let list = [
            "/orderDetails/orderLineItems",
            "/orderDetails/orderLineItemList",
        ]
        .into_iter()
        .find_map(|pointer| Some((pointer, self.body.pointer(pointer)?.as_array()?.len())));
        match list {
            Some((pointer, count)) if count > 0 => (0..count)
                .map(|index| self.item(&format!("{pointer}/{index}")))
                .collect(),
            Some(_) | None => self.expect("/orderDetails/orderLineItems", "a list of lines", None),
        }
    }

    fn item(&mut self, line: &str) -> Item {
        self.text(&format!("{line}/name"));
        self.number(&format!("{line}/sellingPricePerUnit"));
        Item {
            sku: self.text(&format!("{line}/sku")),
            quantity: self.integer(&format!("{line}/quantity")),
        }
    }

    fn expect<T: Default>(&mut self, pointer: &str, expected: &str, found: Option<T>) -> T {
        if found.is_none() {
            self.wrong.push(format!("{pointer} must be {expected}"));
        }
        found.unwrap_or_default()
    }
}
