//! Outbound orders of the demo client, and what its systems received about them.

use std::collections::BTreeMap;

use local::sink::ReceivedRequest;
use logistics::domain::fulfilling::outbound_order::OutboundOrder;
use logistics::domain::text::ClientId;
use logistics::store::fulfilling::outbound_orders::OutboundOrders;
use serde_json::{Value, json};

use crate::notifications::world::{Answer, World, body};

pub(super) const ORDERS: &str = "/v3/fulfillment/outbound/oms";
const CONFIRMATIONS: &str = "/v3/fulfillment/outbound/oms/confirmations";
/// Where the demo's OMS and its platform receive messages.
pub(super) const OMS: &str = "/webhooks/oms";
pub(super) const PLATFORM: &str = "/webhooks/rms";
pub(super) const SWEEP: &str = "outbound-sweep";

impl World {
    /// Asks OMS results of orders to be taken.
    pub(super) async fn confirm(&self, group: &str, items: &Value) -> Answer {
        let body = json!({ "group_key": group, "items": items });
        self.call(CONFIRMATIONS, &body).await
    }

    /// Sends orders that are accepted, and returns the key of their group.
    pub(super) async fn accepted(&self, orders: &Value) -> String {
        let answer = self.call(ORDERS, orders).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.body["data"]["group_key"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// An order as callers see it.
    pub(super) async fn outbound(&self, number: &str) -> Value {
        let url = format!("{}{ORDERS}/{number}", self.stack.base_url());
        let key = &self.demo().api_key;
        let answer = Answer::of(self.http.get(url).bearer_auth(key)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["data"].clone()
    }

    /// Runs the schedule once; whether it succeeded.
    pub(super) async fn sweep(&self) -> bool {
        let event = local::handler_world::sent_by_aws(SWEEP).unwrap();
        self.stack.invoke(SWEEP, event).await.is_ok()
    }

    pub(super) fn client(&self) -> ClientId {
        self.demo().client_id.parse().unwrap()
    }

    pub(super) fn outbound_orders(&self) -> OutboundOrders {
        let table = self.table("OutboundOrdersTable").to_owned();
        OutboundOrders::new(self.dynamodb(), table)
    }

    /// An order as it is stored.
    pub(super) async fn stored_outbound(&self, number: &str) -> OutboundOrder {
        let number = number.parse().unwrap();
        let (orders, client) = (self.outbound_orders(), self.client());
        let known = orders.known(&client, std::slice::from_ref(&number));
        known.await.unwrap().remove(&number).unwrap()
    }
}

/// An order with this number.
pub(super) fn order(number: &str) -> Value {
    json!({
        "warehouse_id": "WH-1", "customer_id": "C-1", "so_number": number, "order_type": "SO", "platform": "ERP",
        "order_identification_code": 1, "internal_order_status": "NEW", "delivery_no": format!("TRACK-{number}"),
        "tenant_name": "Shop", "consignee": "Budi", "consignee_phone": "628123456789",
        "consignee_email": "budi@example.com", "consignee_full_address": "Jalan Kenanga 1", "consignee_state": "DKI",
        "consignee_province": "DKI Jakarta", "consignee_city": "Jakarta", "zipcode": "10110", "cod": false,
        "order_price": 150_000.50, "details": [{ "sku": "SKU-1", "qty": 2 }],
    })
}

/// What arrived at a path: the bodies by the ids of their deliveries, and in the order of arrival.
pub(super) fn at(
    received: &[ReceivedRequest],
    path: &str,
) -> (BTreeMap<String, Value>, Vec<Value>) {
    let here = received.iter().filter(|request| request.path == path);
    let here: Vec<_> = here
        .map(|request| (request.headers["webhook-id"].clone(), body(request)))
        .collect();
    let bodies = here.iter().map(|(_, body)| body.clone()).collect();
    (here.into_iter().collect(), bodies)
}
