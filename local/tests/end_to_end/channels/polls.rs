//! Orders of a shop that RMS polls.

use local::sink::ReceivedRequest;
use local::stack::Options;
use serde_json::{Value, json};

use crate::notifications::world::{PATIENCE, World, body, eventually};

const MAGENTO: &str = "magento";
/// The event of the schedule.
pub(crate) const ORDERS: &str = r#"{"poll":"orders"}"#;
pub(crate) const POLL: &str = "channel-poll";

impl World {
    /// Switches the polling of the demo's shop on.
    pub(crate) async fn switch_polling_on(&self) {
        let path = format!("/channel-accounts/{MAGENTO}");
        let mut account = self.as_demo("GET", &path, &Value::Null).await.body;
        account["settings"]["pollOrders"] = json!(true);
        let saved = self.as_demo("PUT", &path, &account).await;
        assert_eq!(saved.status, 200, "{saved:?}");
    }

    /// Puts orders into the shop that changed just now.
    pub(crate) async fn sell_now(&self, ids: impl IntoIterator<Item = u64>, status: &str) {
        let order = |id: u64| {
            json!({
                "entity_id": id, "created_at": "2026-11-01 08:00:00", "order_currency_code": "INR", "grand_total": 9.90,
                "status": status, "state": status,
                "items": [{ "item_id": id, "product_type": "simple", "sku": "A", "qty_ordered": 2 }],
            })
        };
        let orders: Vec<Value> = ids.into_iter().map(order).collect();
        self.shop("POST", "orders", &json!(orders)).await;
    }

    /// Runs the poll of orders. Returns `false` if the function crashed.
    pub(crate) async fn poll_orders(&self) -> bool {
        self.stack.invoke(POLL, ORDERS.to_owned()).await.is_ok()
    }

    /// Waits until the order system has been told this many states of an order, and returns the requests.
    pub(crate) async fn orders_told(&self, id: u64, count: usize) -> Vec<ReceivedRequest> {
        let arrives = eventually("a changed order", async || {
            let told = self.told_of(id);
            (told.len() >= count).then_some(told)
        });
        let told = tokio::time::timeout(PATIENCE, arrives).await;
        told.unwrap_or_else(|_| panic!("the order {id} is lost"))
    }

    pub(crate) fn told_of(&self, id: u64) -> Vec<ReceivedRequest> {
        let wanted = json!(id.to_string());
        let mut received = self.sink().received();
        received.retain(|request| {
            let is_order = request.headers["rms-message-kind"] == "CHANNEL_ORDER";
            is_order && body(request)["channelOrderId"] == wanted
        });
        received
    }
}

#[tokio::test]
async fn a_changed_order_reaches_the_order_system_once_and_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(".local/stack.json");
    let world = World::with(Options {
        publish: Some(path.clone()),
        ..Options::default()
    })
    .await;
    world.switch_polling_on().await;
    world.sell_now([7], "pending").await;
    // From outside, as an operator does.
    local::stack::fire(&path, POLL).await.unwrap();
    let told = world.orders_told(7, 1).await;
    assert_eq!(told[0].path, "/webhooks/oms");
    let read = "/channels/magento/orders/7";
    let read = world.as_demo("GET", read, &Value::Null).await;
    assert_eq!(body(&told[0]), read.body);
    // What RMS itself changes is told too.
    let acknowledge = "/channels/magento/orders/7/acknowledge";
    let acknowledged = world.as_demo("POST", acknowledge, &json!({})).await;
    assert_eq!(acknowledged.status, 200, "{acknowledged:?}");
    assert!(world.poll_orders().await);
    let told = world.orders_told(7, 2).await;
    assert_eq!(body(&told[1])["status"], "processing");
    assert!(world.poll_orders().await);
    world.settled().await;
    assert_eq!(world.told_of(7).len(), 2);
    assert_eq!(world.messages_about(&json!(7)).await, 2);
    let account = "/channel-accounts/magento";
    let account = world.as_demo("GET", account, &Value::Null).await.body;
    assert!(account["poll"]["lastRunAt"].is_string(), "{account}");
    assert_eq!(account["poll"]["lastError"], Value::Null);
}
