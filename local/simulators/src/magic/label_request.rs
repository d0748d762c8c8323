//! The request for a label or a return AWB, and the standard's requirements.

use serde::Serialize;
use serde_json::Value;

use crate::magic::fields::Reader;
use crate::magic::refusal::Refusal;
use crate::ways::Direction;

const ADDRESS_FIELDS: [&str; 6] = [
    "addressLine1",
    "city",
    "country",
    "firstName",
    "state",
    "zip",
];
const DIMENSIONS: [&str; 4] = ["breadth", "height", "length", "weight"];

/// The stored fields of a valid request.
#[derive(Debug)]
pub(super) struct LabelRequest {
    pub(super) direction: Direction,
    pub(super) order_number: String,
    /// RMS's extension: distinguishes the parcels of one order.
    pub(super) shipment_code: Option<String>,
    pub(super) payment_type: String,
    pub(super) courier_id: i64,
    pub(super) warehouse_code: Option<String>,
    pub(super) from_city: String,
    pub(super) to_city: String,
    pub(super) items: Vec<Item>,
}

/// A line, as repeated in the notifications.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Item {
    sku: String,
    quantity: i64,
}

impl LabelRequest {
    /// Reads a body; reports every mandatory field that is missing or has a wrong type.
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

/// Checks only for these requests.
impl Reader<'_> {
    fn addresses(&mut self) {
        for address in ["pickupAddress", "dropAddress"] {
            for field in ADDRESS_FIELDS {
                let is_read_elsewhere = field == "city";
                let is_optional = matches!(field, "state" | "zip") && self.lacks(address, field);
                if !is_read_elsewhere && !is_optional {
                    self.text(&format!("/{address}/{field}"));
                }
            }
        }
    }

    /// An address outside India may have no state or postal code: it is null then, never an empty text.
    fn lacks(&self, address: &str, field: &str) -> bool {
        let code = self.optional_text(&format!("/{address}/countryCode"));
        let country = self.optional_text(&format!("/{address}/country"));
        let is_abroad = match code {
            Some(code) => code != "IN",
            None => country.is_some_and(|country| country != "India"),
        };
        is_abroad && self.optional_text(&format!("/{address}/{field}")).is_none()
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
        .find_map(|pointer| Some((pointer, self.length(pointer)?)));
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
}
