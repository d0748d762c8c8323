//! A warehouse's reports from the API to the URLs of the client's systems: as they were pushed, once, in order, and each
//! system for itself.

use std::collections::BTreeMap;

use local::http_server::HttpServer;
use local::sink::{self, Behaviour, Sink};
use local::stack::Options;
use logistics::config::LOCAL_TARGETS;
use serde_json::{Value, json};

use crate::fulfilment::world::{OMS, ORDERS, PLATFORM as CLIENT, order};
use crate::notifications::invoices::delivery_id;
use crate::notifications::world::{Answer, PATIENCE, World, body, is_signed_with};

const WMS: &str = "/webhooks/wms";

/// A goods issue of an order.
pub(super) fn goods_issue(order: &str, document: &str) -> Value {
    json!({
        "warehouse_id": "WH-1", "customer_id": "BRAND", "order_type": "SO", "doc_no": document, "delivery_no": format!("D/{document}"),
        "carrier_id": "", "carrier_name": "Courier", "so_reference_a": order, "pgi_date": "2026-11-20 16:15:00",
        "details": [{ "sku": "27752701", "qty_shipped": 1, "stock_condition": "N", "of_theirs": "12345678901234567890.10" }],
    })
}

fn status(order: &str, code: &str) -> Value {
    json!({ "order_no": order, "status_code": code, "status_time": "2026-11-20 16:15:00", "warehouse_id": "WH-1" })
}

impl World {
    pub(super) async fn issue(&self, body: &Value) -> Answer {
        self.call("/v3/fulfillment/pgi", body).await
    }

    /// Reports a goods issue, asserts that it was recorded, and returns the message's id.
    pub(super) async fn issued(&self, body: &Value) -> String {
        let answer = self.issue(body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["data"]["message_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// The documents of the goods issues that a system got, in the order of arrival.
fn documents(received: &[local::sink::ReceivedRequest]) -> Vec<String> {
    let document = |request| body(request)["doc_no"].as_str().unwrap().to_owned();
    received.iter().map(document).collect()
}

#[tokio::test]
async fn client_and_warehouse_get_a_goods_issue_as_it_was_pushed_once() {
    let world = World::start().await;
    let pushed = goods_issue("SO_1", "D1");
    let answer = world.issue(&pushed).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.body["metadata"]["path"], "/v3/fulfillment/pgi");
    assert_eq!(answer.body["metadata"]["http_status"], "OK");
    let data = &answer.body["data"];
    assert_eq!(
        (&data["so_number"], &data["flags"]),
        (&json!("SO_1"), &json!(["UNKNOWN_ORDER"]))
    );
    for _ in 0..2 {
        let again = world.issue(&pushed).await;
        assert_eq!(
            (again.status, again.header("idempotent-replayed")),
            (200, "true")
        );
        assert_eq!(again.body["data"], *data);
    }
    world.arrived(2).await;
    world.settled().await;
    assert_eq!(world.sink().count(), 2);
    let message = data["message_id"].as_str().unwrap();
    for (endpoint, path) in [("demo-sink", CLIENT), ("wms", WMS)] {
        let received = world.sink().received_at(path);
        let [request] = received.as_slice() else {
            panic!("{path}: {received:?}")
        };
        assert_eq!(request.body, pushed.to_string(), "{path}");
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("rms-message-kind"), Some("PGI"));
        assert_eq!(header("webhook-id"), Some(&*delivery_id(message, endpoint)));
        assert_eq!(header("x-request-id"), Some(answer.header("x-request-id")));
        let secret = match endpoint {
            "wms" => &world.demo().endpoints["wms"].signing_secret,
            _ => &world.demo().signing_secret,
        };
        assert!(is_signed_with(secret, request, &request.body), "{endpoint}");
    }
    let listed = world.get("/messages?subject=SO_1").await;
    let messages = listed.body["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[0]["kind"]), (1, &json!("PGI")));
}

#[tokio::test]
async fn oms_and_client_get_a_status() {
    let world = World::start().await;
    let pushed = status("SO_1", "50");
    let answer = world.call("/v3/fulfillment/order-status", &pushed).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    world.arrived(2).await;
    world.settled().await;
    for path in [CLIENT, OMS] {
        let received = world.sink().received_at(path);
        let [request] = received.as_slice() else {
            panic!("{path}: {received:?}")
        };
        assert_eq!(request.body, pushed.to_string());
        assert_eq!(request.headers["rms-message-kind"], "ORDER_STATUS");
    }
    assert_eq!(world.sink().count(), 2);
}

/// The warehouse's system is down while goods are issued three times; the client's system does not notice it.
#[tokio::test]
async fn each_system_gets_the_goods_issues_in_order_whatever_the_other_one_does() {
    let warehouse = Sink::default();
    let server = HttpServer::on_free_port(sink::router(warehouse.clone()))
        .await
        .unwrap();
    let world = World::with(Options {
        environment: BTreeMap::from([(LOCAL_TARGETS.to_owned(), server.address().to_string())]),
        ..Options::default()
    })
    .await;
    let url = format!("{}/webhook-endpoints/wms", world.stack.base_url());
    let moved = json!({ "url": format!("{}/pgi", server.url()), "messages": ["PGI"] });
    let put = world
        .http
        .put(url)
        .bearer_auth(&world.demo().api_key)
        .json(&moved);
    assert_eq!(Answer::of(put).await.status, 200);
    let down = Behaviour {
        status: 503,
        ..Behaviour::default()
    };
    warehouse.behave(down).unwrap();
    let issues = ["D1", "D2", "D3"];
    for document in issues {
        world.issued(&goods_issue("SO_1", document)).await;
    }
    let client = world.sink().wait_for_at(CLIENT, 3, PATIENCE).await.unwrap();
    assert_eq!(documents(&client), issues);
    let tried = warehouse.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(documents(&tried)[0], "D1");
    warehouse.behave(Behaviour::default()).unwrap();
    let failed = warehouse.count();
    let got = warehouse.wait_for(failed + 3, PATIENCE).await.unwrap();
    // Nothing passes the first one, however often it was tried.
    let mut got = documents(&got);
    got.dedup();
    assert_eq!(got, issues);
    world.settled().await;
    assert_eq!(world.sink().received_at(CLIENT).len(), 3);
    assert_eq!(warehouse.count(), failed + 3);
}

/// What was reported before its order is shown and listed, and is the order's when it arrives.
#[tokio::test]
async fn reports_of_an_unknown_order_are_readable_and_become_those_of_the_order() {
    let world = World::start().await;
    world.issued(&goods_issue("SO-7", "D7")).await;
    let odd = json!({ "order_no": "SO-7", "status_code": "81", "status_time": "soon" });
    let odd = world.call("/v3/fulfillment/order-status", &odd).await;
    let flags = json!(["UNKNOWN_ORDER", "UNREADABLE_TIME", "UNMAPPED_STATUS"]);
    assert_eq!((odd.status, &odd.body["data"]["flags"]), (200, &flags));
    let shown = world.outbound("SO-7").await;
    assert_eq!(
        (&shown["state"], &shown["group_key"]),
        (&json!("UNKNOWN"), &Value::Null)
    );
    assert_eq!(shown["warehouse_state"], "GOODS_ISSUED");
    let issued = json!({ "at": "2026-11-20T09:15:00Z", "event": "GOODS_ISSUED", "flags": ["UNKNOWN_ORDER"] });
    assert_eq!(shown["timeline"][0], issued);
    let unread = &shown["timeline"][1];
    assert_eq!(
        (&unread["event"], &unread["status_code"]),
        (&json!("STATUS 81"), &json!("81"))
    );
    assert_eq!(
        (&unread["written_time"], &unread["flags"]),
        (&json!("soon"), &flags)
    );
    let numbers = async |query: &str| {
        let listed = world.get(&format!("{ORDERS}?{query}")).await;
        let orders = listed.body["data"]["orders"].as_array().unwrap().iter();
        orders
            .map(|order| order["so_number"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers("state=UNKNOWN").await, ["SO-7"]);
    assert!(numbers("").await.is_empty());

    let accepted = world.call(ORDERS, &order("SO-7")).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    let shown = world.outbound("SO-7").await;
    assert_eq!(
        (&shown["state"], &shown["warehouse_state"]),
        (&json!("ACCEPTED"), &json!("GOODS_ISSUED"))
    );
    assert_eq!(shown["timeline"].as_array().unwrap().len(), 3);
    assert!(numbers("state=UNKNOWN").await.is_empty());
    assert_eq!(numbers("").await, ["SO-7"]);
    assert_eq!(numbers("warehouse_state=GOODS_ISSUED").await, ["SO-7"]);
    assert!(numbers("warehouse_state=SHIPPED").await.is_empty());
    let again = world.issue(&goods_issue("SO-7", "D7")).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
}
