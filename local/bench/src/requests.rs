//! The requests used to measure the functions other than push and forward.

use anyhow::{Context as _, ensure};
use local::stack::Stack;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use simulators::http_client;

/// A client that calls the API.
pub(super) struct Caller<'a> {
    client: reqwest::Client,
    base_url: &'a str,
    api_key: &'a str,
}

impl<'a> Caller<'a> {
    pub(super) fn new(stack: &'a Stack) -> anyhow::Result<Self> {
        Ok(Self {
            client: http_client::client()?,
            base_url: stack.base_url(),
            api_key: &stack.demo().context("the stack has no demo")?.api_key,
        })
    }

    /// Calls the function for the order with that number; `false` if this program has no request for it. A 4xx answer
    /// other than 401 is accepted.
    pub(super) async fn call(&self, function: &str, order: usize) -> anyhow::Result<bool> {
        let Some(request) = self.request(function, order) else {
            return Ok(false);
        };
        let answer = request.bearer_auth(self.api_key).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(
            !status.is_server_error() && status != 401,
            "{function} answered {status} for order {order}: {text}"
        );
        Ok(true)
    }

    /// Buys a label with an account; any other answer is an error.
    pub(super) async fn label(&self, alias: &str, order: usize) -> anyhow::Result<()> {
        let mut body = forward(order);
        if let Some(fields) = body.as_object_mut() {
            fields.insert("logisticAccountAlias".to_owned(), json!(alias));
            fields.insert("courierId".to_owned(), json!(1));
        }
        if let Some(number) = body.pointer_mut("/orderDetails/orderNumber") {
            *number = json!(format!("{alias}-{order}"));
        }
        let url = format!("{}/shipping-labels", self.base_url);
        let request = self.client.post(url).json(&body);
        let answer = request.bearer_auth(self.api_key).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status == 200, "{alias} answered {status}: {text}");
        Ok(())
    }

    fn request(&self, function: &str, order: usize) -> Option<RequestBuilder> {
        let url = |path: &str| format!("{}{path}", self.base_url);
        let post = |path, body: &Value| self.client.post(url(path)).json(body);
        Some(match function {
            "api-description" => self.client.get(url("/openapi.json")),
            "recommend-couriers" => post("/courier-recommendations", &route()),
            "create-order" => post("/orders", &shiprocket_order(order)),
            "cancel-shipment" => self
                .client
                .delete(url(&format!("/shipping-labels?orderNumber=ORDER-{order}"))),
            "get-notification" => self
                .client
                .get(url(&format!("/notifications/ntf_{}_F0", "0".repeat(20)))),
            "get-shipment" => self.client.get(url(&format!("/shipments/ORDER-{order}"))),
            "recover-endpoint" => post(
                "/webhook-endpoints/demo-sink/recover",
                &json!({ "dryRun": true }),
            ),
            "unmapped-statuses" => self.client.get(url("/unmapped-statuses")),
            "configuration" => self.client.get(url("/audit")),
            "list-notifications" => self.client.get(url("/notifications?status=unmapped")),
            "generate-label" => post("/shipping-labels", &forward(order)),
            "get-label" => self
                .client
                .get(url(&format!("/shipping-labels?orderNumber=ORDER-{order}"))),
            "settle-label" => post("/shipping-labels/settle", &settlement(order)),
            "return-awb" => post("/return-awbs", &returned(order)),
            _ => return None,
        })
    }
}

fn route() -> Value {
    json!({
        "logisticAccountAlias": "magic",
        "pickupPincode": "560102",
        "dropPincode": "380015",
        "paymentType": "PREPAID",
        "shipmentType": "FORWARD",
        "orderAmount": 230,
    })
}

fn forward(order: usize) -> Value {
    json!({
        "logisticAccountAlias": "magic",
        "pickupAddress": address("Asha", "Bengaluru"),
        "dropAddress": address("Noor", "Ahmedabad"),
        "orderDetails": {
            "orderNumber": format!("ORDER-{order}"),
            "paymentType": "PREPAID",
            "orderAmount": 230,
            "orderDate": "2026-01-16T12:31:02+05:30",
            "shipmentType": "FORWARD",
            "orderLineItems": [
                { "name": "Jeans", "sku": "JEANS-32-BLUE", "sellingPricePerUnit": 100, "quantity": 1 },
                { "name": "Shirt", "sku": "SHIRT-M-WHITE", "sellingPricePerUnit": 65, "quantity": 2 },
            ],
        },
        "shipmentDimension": { "length": 50, "breadth": 40, "height": 10, "weight": 200 },
        "courierId": 1002,
        "warehouseCode": "WH-BLR-01",
    })
}

/// An order of an aggregator that stores orders without a label.
fn shiprocket_order(order: usize) -> Value {
    let mut request = forward(order);
    if let Some(fields) = request.as_object_mut() {
        fields.insert("logisticAccountAlias".to_owned(), json!("shiprocket"));
        fields.insert("shipmentCode".to_owned(), json!("order"));
    }
    request
}

fn returned(order: usize) -> Value {
    let mut request = forward(order);
    if let Some(details) = request.pointer_mut("/orderDetails/shipmentType") {
        *details = json!("RETURN");
    }
    if let Some(fields) = request.as_object_mut() {
        fields.insert("returnReason".to_owned(), json!("Wrong product"));
    }
    request
}

/// A settlement of a claim that is already settled, which is refused.
fn settlement(order: usize) -> Value {
    json!({ "orderNumber": format!("ORDER-{order}"), "none": true })
}

fn address(first_name: &str, city: &str) -> Value {
    json!({
        "firstName": first_name,
        "addressLine1": "1 Example Street",
        "city": city,
        "state": "Karnataka",
        "zip": "560102",
        "country": "India",
        "email": "someone@example.com",
        "phone": "9876543210",
    })
}
