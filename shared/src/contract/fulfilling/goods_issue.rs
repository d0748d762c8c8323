//! A goods issue (PGI): the body of `POST /v3/fulfillment/pgi`, which is also that of the message.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::{FreeText, Identifier};
use crate::contract::fields::Fields;
use crate::contract::fulfilling::warehouse_values::{any, as_written, shipped_quantity};
use crate::contract::values::{identifier, parsed, text};
use crate::domain::fulfilling::event::FulfilmentEvent;
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::fulfilling::warehouse_report::WarehouseReport;
use crate::domain::text::{SalesOrderNumber, WarehouseCode};

/// The maximum number of lines. There may be one line for each piece with a serial number, so there may be more than the order
/// has.
pub const MOST_ISSUED_LINES: usize = 5000;

/// The fields that RMS does not read.
const UNREAD: [&str; 7] = [
    "customer_id",
    "carrier_id",
    "so_reference_b",
    "user_define_1",
    "user_define_2",
    "user_define_3",
    "shop_code",
];
/// The fields of a line that RMS does not read.
const UNREAD_OF_LINE: [&str; 10] = [
    "mfg_date",
    "exp_date",
    "batch_no",
    "serial_no",
    "receipt_date",
    "stock_condition",
    "user_define_1",
    "user_define_2",
    "user_define_3",
    "project_ref_no",
];

/// Reads the body.
pub fn read(fields: &Fields<'_>) -> Option<WarehouseReport> {
    let warehouse = fields.required("warehouse_id", parsed::<WarehouseCode>);
    let order_type = fields.required("order_type", identifier);
    let document = fields.required("doc_no", identifier);
    let delivery = fields.required("delivery_no", parsed::<TrackingId>);
    let carrier = fields.required("carrier_name", text);
    let reference = fields.optional("so_reference_a", as_written);
    let time = fields.optional("pgi_date", as_written);
    for name in UNREAD {
        fields.optional(name, any);
    }
    let lines = read_lines(fields);
    let named = [reference?, Some(document?)];
    order_type.and(carrier).and(lines)?;
    Some(WarehouseReport {
        event: FulfilmentEvent::GoodsIssued,
        orders: orders(named.into_iter().flatten()),
        delivery: Some(delivery?),
        warehouse: Some(warehouse?),
        time: time?,
    })
}

/// Checks the lines.
fn read_lines(fields: &Fields<'_>) -> Option<()> {
    if !fields.has("details") {
        fields.wrong_field("details", "is missing");
        return None;
    }
    let lines = fields.list_up_to("details", MOST_ISSUED_LINES, |line| {
        let sku = line.required("sku", identifier);
        let quantity = line.required("qty_shipped", shipped_quantity);
        for name in UNREAD_OF_LINE {
            line.optional(name, any);
        }
        sku.and(quantity).map(|_| ())
    })?;
    if lines.is_empty() {
        fields.wrong_field("details", "must have at least one entry");
        return None;
    }
    Some(())
}

/// The names that can be numbers of sales orders, each once.
fn orders(named: impl Iterator<Item = String>) -> Vec<SalesOrderNumber> {
    let mut orders: Vec<SalesOrderNumber> = Vec::new();
    for number in named.filter_map(|name| name.parse().ok()) {
        if !orders.contains(&number) {
            orders.push(number);
        }
    }
    orders
}

/// The body in JSON. RMS reads the required fields, `so_reference_a` and `pgi_date`, and forwards all fields as they were
/// pushed, those that are not listed here too. A field without a value may be absent, null or `""`.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = GoodsIssue)]
pub struct GoodsIssueBody {
    /// The warehouse.
    #[schema(value_type = WarehouseCode, example = "WH-BAL")]
    pub warehouse_id: String,
    /// The seller at the warehouse.
    pub customer_id: Option<String>,
    /// `SO` for a sales order, `RT` for a return.
    #[schema(value_type = Identifier, example = "SO")]
    pub order_type: String,
    /// The warehouse's number of the document.
    #[schema(value_type = Identifier, example = "22010700077875")]
    pub doc_no: String,
    /// The number of the delivery: the courier's AWB.
    #[schema(value_type = TrackingId, example = "PRD-571020-CGK012299")]
    pub delivery_no: String,
    /// The courier's id.
    pub carrier_id: Option<String>,
    /// The courier.
    #[schema(value_type = FreeText, example = "SAP ODS")]
    pub carrier_name: String,
    /// The number of the sales order.
    #[schema(example = "PRD_SO_571120")]
    pub so_reference_a: Option<String>,
    /// Another reference.
    pub so_reference_b: Option<String>,
    /// A field of the seller.
    pub user_define_1: Option<String>,
    /// A field of the seller.
    pub user_define_2: Option<String>,
    /// A field of the seller.
    pub user_define_3: Option<String>,
    /// When the goods were issued, `YYYY-MM-DD HH:MM:SS` in the time zone of the account.
    #[schema(example = "2022-01-10 12:04:14")]
    pub pgi_date: Option<String>,
    /// The shop.
    pub shop_code: Option<String>,
    /// What was issued.
    #[schema(min_items = 1, max_items = 5000)]
    pub details: Vec<IssuedLineBody>,
}

/// A line of a goods issue in JSON.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = IssuedLine)]
pub struct IssuedLineBody {
    /// The stock keeping unit.
    #[schema(value_type = Identifier, example = "27752701")]
    pub sku: String,
    /// How much was shipped: a number, or a text with one.
    #[schema(value_type = f64, minimum = 0, maximum = 1_000_000_000, example = 1)]
    pub qty_shipped: u32,
    /// When it was made.
    pub mfg_date: Option<String>,
    /// When it expires.
    pub exp_date: Option<String>,
    /// Its batch.
    pub batch_no: Option<String>,
    /// Its serial number.
    pub serial_no: Option<String>,
    /// When the warehouse received it.
    pub receipt_date: Option<String>,
    /// `N` for good stock, `Y` for damaged.
    pub stock_condition: Option<String>,
    /// A field of the seller.
    pub user_define_1: Option<String>,
    /// A field of the seller.
    pub user_define_2: Option<String>,
    /// A field of the seller.
    pub user_define_3: Option<String>,
    /// A project.
    pub project_ref_no: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::{Value, json};

    fn pushed() -> Value {
        json!({
            "warehouse_id": "WH-1", "customer_id": "MDS", "order_type": "SO", "doc_no": "22010700077875",
            "delivery_no": "D/571020", "carrier_id": "", "carrier_name": "Courier", "so_reference_a": "SO_571120",
            "pgi_date": "2022-01-10 12:04:14", "shop_code": "CS1",
            "details": [{ "sku": "1", "qty_shipped": 1, "stock_condition": "N" }, { "sku": 2, "qty_shipped": "2" }],
        })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut body = pushed();
        body[name] = value;
        body
    }

    fn numbers(body: &Value) -> Vec<String> {
        let report = read_value(body, read).unwrap();
        report.orders.iter().map(ToString::to_string).collect()
    }

    fn wrong(body: &Value) -> Vec<String> {
        match read_value(body, read) {
            Err(Unreadable::Invalid(wrong)) => {
                wrong.into_iter().map(|wrong| wrong.pointer).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_goods_issue_names_its_order_in_the_documented_order() {
        let report = read_value(&pushed(), read).unwrap();
        assert_eq!(report.event, FulfilmentEvent::GoodsIssued);
        assert_eq!(report.delivery.unwrap().as_str(), "D/571020");
        assert_eq!(report.warehouse.unwrap().as_str(), "WH-1");
        assert_eq!(report.time.unwrap(), "2022-01-10 12:04:14");
        assert_eq!(numbers(&pushed()), ["SO_571120", "22010700077875"]);
        for absent in [json!(""), Value::Null] {
            let body = with("so_reference_a", absent);
            assert_eq!(numbers(&body), ["22010700077875"]);
        }
        let other = with("so_reference_a", json!("of / another form"));
        assert_eq!(numbers(&other), ["22010700077875"]);
        let repeated = with("so_reference_a", json!("22010700077875"));
        assert_eq!(numbers(&repeated), ["22010700077875"]);
    }

    #[test]
    fn every_required_field_is_missed_and_no_other() {
        assert_eq!(
            wrong(&json!({})),
            [
                "/warehouse_id",
                "/order_type",
                "/doc_no",
                "/delivery_no",
                "/carrier_name",
                "/details"
            ]
        );
        let line = with(
            "details",
            json!([{ "sku": "1", "qty_shipped": 1 }, {}, { "sku": "", "qty_shipped": -1 }]),
        );
        assert_eq!(
            wrong(&line),
            [
                "/details/1/sku",
                "/details/1/qty_shipped",
                "/details/2/sku",
                "/details/2/qty_shipped"
            ]
        );
        assert_eq!(wrong(&with("details", json!([]))), ["/details"]);
        assert_eq!(wrong(&with("details", json!({}))), ["/details"]);
        let most = vec![json!({ "sku": "1", "qty_shipped": 1 }); MOST_ISSUED_LINES + 1];
        assert_eq!(wrong(&with("details", json!(most))), ["/details"]);
    }

    #[test]
    fn what_rms_does_not_read_may_have_any_form() {
        for name in UNREAD {
            assert!(
                read_value(&with(name, json!({ "a": [1e300] })), read).is_ok(),
                "{name}"
            );
        }
        let report = read_value(&with("pgi_date", json!("soon")), read).unwrap();
        assert_eq!(report.time.as_deref(), Some("soon"));
        assert_eq!(
            read_value(&with("pgi_date", json!("")), read).unwrap().time,
            None
        );
    }
}
