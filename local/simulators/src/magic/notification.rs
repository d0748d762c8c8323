//! The push payload.

use serde_json::{Map, Value, json};

use crate::journey::Step;
use crate::magic::book::Order;
use crate::ways::Direction;

const AGGREGATOR_NAME: &str = "MAGIC";

/// The notification of one step of an order.
///
/// `eventId` and `eventTime` are RMS's extension: a repeat of the same step has the same values.
pub(super) fn of(order: &Order, forward_awb: Option<&str>, step: &Step) -> Value {
    let mut notification = json!({
        "forwardOrderCode": order.request.order_number,
        "forwardAwb": forward_awb,
        "carrierName": order.carrier_name,
        "notificationType": step.state,
        "logisticAggregatorName": AGGREGATOR_NAME,
        "warehouseCode": order.request.warehouse_code,
        "eventId": format!("{}-{}", order.awb, step.number),
        "eventTime": step.time,
    });
    if let Value::Object(fields) = &mut notification {
        fields.extend(directed(order));
        let code = order.request.shipment_code.clone();
        fields.extend(code.map(|code| ("forwardShipmentCode".to_owned(), code.into())));
    }
    notification
}

/// The fields that differ between the samples of the two directions.
fn directed(order: &Order) -> Map<String, Value> {
    let items = json!(order.request.items);
    let fields = match order.request.direction {
        Direction::Forward => [
            ("shipmentType", json!("FORWARD")),
            ("returnOrderInfo", Value::Null),
            ("items", items),
        ],
        Direction::Return => [
            ("shipmentType", json!("RETURN")),
            ("returnOrderInfo", return_order_info(order)),
            ("lineItems", items),
        ],
    };
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn return_order_info(order: &Order) -> Value {
    json!({
        "returnOrderId": order.id,
        "returnAwb": order.awb,
        "carrierName": order.carrier_name,
    })
}
