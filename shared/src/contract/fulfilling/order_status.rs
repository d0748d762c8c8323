//! A status of a sales order in the warehouse: the body of `POST /v3/fulfillment/order-status`, which is also that of the
//! message.

use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::Identifier;
use crate::contract::fields::Fields;
use crate::contract::fulfilling::warehouse_values::{any, as_written, status_code};
use crate::contract::values::parsed;
use crate::domain::fulfilling::event::FulfilmentEvent;
use crate::domain::fulfilling::warehouse_report::WarehouseReport;
use crate::domain::text::{SalesOrderNumber, WarehouseCode};

/// The fields that RMS does not read.
const UNREAD: [&str; 9] = [
    "order_type",
    "shop_code",
    "client_id",
    "tenant_name",
    "express_code",
    "express_no",
    "seller_remark",
    "status",
    "status_descr",
];

/// Reads the body.
pub fn read(fields: &Fields<'_>) -> Option<WarehouseReport> {
    let warehouse = fields.optional("warehouse_id", parsed::<WarehouseCode>);
    let order = fields.required("order_no", parsed::<SalesOrderNumber>);
    let code = fields.required("status_code", status_code);
    let time = fields.optional("status_time", as_written);
    for name in UNREAD {
        fields.optional(name, any);
    }
    Some(WarehouseReport {
        event: FulfilmentEvent::Status { code: code? },
        orders: vec![order?],
        delivery: None,
        warehouse: warehouse?,
        time: time?,
    })
}

/// The body in JSON. RMS reads `order_no`, `status_code`, `status_time` and `warehouse_id`, and forwards all fields as they were
/// pushed, those that are not listed here too. A field without a value may be absent, null or `""`.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = WarehouseStatus)]
pub struct WarehouseStatusBody {
    /// The warehouse.
    #[schema(value_type = Option<WarehouseCode>, example = "WH-TGR04")]
    pub warehouse_id: Option<String>,
    /// The number of the sales order.
    #[schema(value_type = SalesOrderNumber, example = "SO_12345678")]
    pub order_no: String,
    /// `SO` for a sales order.
    #[schema(example = "SO")]
    pub order_type: Option<String>,
    /// The shop.
    pub shop_code: Option<String>,
    /// The seller at the warehouse.
    #[schema(example = 11_223_344)]
    pub client_id: Option<u64>,
    /// The tenant.
    pub tenant_name: Option<String>,
    /// The courier.
    pub express_code: Option<String>,
    /// The courier's AWB.
    pub express_no: Option<String>,
    /// A remark of the seller.
    pub seller_remark: Option<String>,
    /// The status in words.
    #[schema(example = "Partially Picked")]
    pub status: Option<String>,
    /// The status: a code of two digits. RMS reads only this one.
    #[schema(value_type = Identifier, example = "50")]
    pub status_code: String,
    /// The status in words.
    pub status_descr: Option<String>,
    /// When it was reached, `YYYY-MM-DD HH:MM:SS` in the time zone of the account.
    #[schema(example = "2022-02-04 16:07:22")]
    pub status_time: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::{Unreadable, read_value};
    use serde_json::{Value, json};

    fn pushed() -> Value {
        json!({
            "warehouse_id": "WH-1", "order_no": "SO_1", "order_type": "SO", "client_id": 11_223_344,
            "status": "Partially Picked", "status_code": "50", "status_time": "2022-02-04 16:07:22",
        })
    }

    fn status(code: &str) -> FulfilmentEvent {
        FulfilmentEvent::Status {
            code: code.to_owned(),
        }
    }

    #[test]
    fn a_status_is_read() {
        let report = read_value(&pushed(), read).unwrap();
        assert_eq!(report.event, status("50"));
        assert_eq!(report.orders, ["SO_1".parse().unwrap()]);
        assert_eq!(report.delivery, None);
        assert_eq!(report.warehouse.unwrap().as_str(), "WH-1");
        assert_eq!(report.time.unwrap(), "2022-02-04 16:07:22");
    }

    #[test]
    fn only_the_order_and_the_code_are_required() {
        let least =
            json!({ "order_no": 12, "status_code": 0, "status_time": "", "warehouse_id": "" });
        let report = read_value(&least, read).unwrap();
        assert_eq!(report.event, status("00"));
        assert_eq!((report.time, report.warehouse), (None, None));
        let wrong =
            json!({ "order_no": "a b", "warehouse_id": [], "status": {}, "client_id": "x" });
        let Err(Unreadable::Invalid(found)) = read_value(&wrong, read) else {
            panic!("it was accepted")
        };
        let pointers: Vec<_> = found.iter().map(|wrong| &*wrong.pointer).collect();
        assert_eq!(pointers, ["/warehouse_id", "/order_no", "/status_code"]);
    }
}
