//! Detects whether two requests for the same order are the same request.

use crate::contract::shipment::body::ShipmentBody;
use crate::digest::{Sha256, hex};
use crate::domain::order::ShipmentRequest;
use crate::domain::text::AccountAlias;

/// A digest of everything that makes two requests the same, including the account; the courier may differ between
/// repeats.
pub fn content_digest(request: &ShipmentRequest, alias: &AccountAlias) -> String {
    let mut body = ShipmentBody::from(request);
    body.courier_id = None;
    body.logistic_account_alias = Some(alias.as_str());
    // Stored digests have an absent state as an empty text.
    for address in [&mut body.pickup_address, &mut body.drop_address] {
        address.state.get_or_insert_default();
    }
    let body = serde_json::to_vec(&body).unwrap_or_default();
    hex(&Sha256::digest(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::read_value;
    use crate::contract::shipment::read;
    use crate::domain::shipment::ShipmentType;
    use serde_json::{Value, json};

    fn digest(change: impl FnOnce(&mut Value), alias: &str) -> String {
        let address = json!({"firstName": "A", "addressLine1": "1", "city": "B", "state": "C", "zip": "1", "country": "D"});
        let mut body = json!({
            "pickupAddress": address,
            "dropAddress": address,
            "orderDetails": {
                "orderNumber": "order-1",
                "paymentType": "PREPAID",
                "orderAmount": 230,
                "orderDate": "2022-03-16T12:31:02+05:30",
                "shipmentType": "FORWARD",
                "orderLineItems": [{"name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 230, "quantity": 1}],
            },
            "shipmentDimension": {"length": 50, "breadth": 50, "height": 50, "weight": 200},
            "courierId": 1,
        });
        change(&mut body);
        let addressed = read_value(&body, |fields| read(fields, ShipmentType::Forward)).unwrap();
        content_digest(&addressed.request, &alias.parse().unwrap())
    }

    #[test]
    fn a_repeat_may_have_another_form_and_another_courier() {
        let first = digest(|_| (), "magic");
        for change in [
            (|body| body["courierId"] = json!(2)) as fn(&mut Value),
            |body| body["courierId"] = Value::Null,
            |body| body["orderDetails"]["orderAmount"] = json!("230.00"),
            |body| body["currencyCode"] = json!("INR"),
            |body| body["pickupAddress"]["lastName"] = json!(""),
            |body| body["logisticAccountAlias"] = json!("magic"),
            |body| body["unknown"] = json!(true),
        ] {
            assert_eq!(digest(change, "magic"), first);
        }
    }

    #[test]
    fn other_content_or_another_account_is_not_a_repeat() {
        let first = digest(|_| (), "magic");
        for change in [
            (|body| body["orderDetails"]["orderAmount"] = json!(231)) as fn(&mut Value),
            |body| body["orderDetails"]["orderLineItems"][0]["quantity"] = json!(2),
            |body| body["orderDetails"]["paymentType"] = json!("COD"),
            |body| body["dropAddress"]["zip"] = json!("2"),
            |body| body["currencyCode"] = json!("AED"),
            |body| body["warehouseCode"] = json!("wh-2"),
        ] {
            assert_ne!(digest(change, "magic"), first);
        }
        assert_ne!(digest(|_| (), "other"), first);
    }
}
