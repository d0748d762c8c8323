//! Reading orders and shipments back, and tracking.

use serde_json::{Value, json};

use crate::shiprocket::{Running, forward, text};

#[tokio::test]
async fn an_order_is_shown_by_their_id_with_its_shipment_as_an_object() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    running.assign(&order, 43).await;
    let (status, body) = running.get(&format!("orders/show/{}", order.id)).await;
    assert_eq!(status, 200);
    let data = &body["data"];
    assert_eq!(
        (&data["id"], &data["channel_order_id"]),
        (&json!(order.id), &json!("A-1"))
    );
    assert_eq!(
        (&data["status"], &data["status_code"]),
        (&json!("READY TO SHIP"), &json!(3))
    );
    assert_eq!(data["shipments"]["id"], order.shipment_id);
    assert_eq!(data["shipments"]["awb"], data["awb_data"]["awb"]);
    for unknown in ["A-1".to_owned(), order.shipment_id.to_string()] {
        let answer = running.get(&format!("orders/show/{unknown}")).await;
        let refusal = json!({ "message": "Order ID not found", "status_code": 400 });
        assert_eq!(answer, (400, refusal));
    }
}

#[tokio::test]
async fn orders_are_listed_in_pages_newest_first_with_their_shipments_as_a_list() {
    let running = Running::start().await;
    for number in 1..=17 {
        running.forward_order(&format!("A-{number}")).await;
    }
    let (_, first) = running.get("orders").await;
    assert_eq!(first["data"].as_array().unwrap().len(), 15);
    assert_eq!(first["data"][0]["channel_order_id"], "A-17");
    assert!(first["data"][0]["shipments"].is_array());
    let pagination = &first["meta"]["pagination"];
    assert_eq!(
        (&pagination["total"], &pagination["total_pages"]),
        (&json!(17), &json!(2))
    );
    assert!(text(&pagination["links"]["next"]).ends_with("/shiprocket/v1/external/orders?page=2"));

    let (_, last) = running.get("orders?page=2&per_page=16&sort=ASC").await;
    assert_eq!(last["data"][0]["channel_order_id"], "A-17");
    assert_eq!(last["meta"]["pagination"]["links"], json!({}));
}

#[tokio::test]
async fn the_list_of_returns_has_no_forward_orders() {
    let running = Running::start().await;
    running.forward_order("A-1").await;
    let (status, body) = running.get("orders/processing/return").await;
    assert_eq!((status, &body["data"]), (200, &json!([])));
    running.return_order("R-1").await;
    let (_, body) = running.get("orders/processing/return").await;
    let orders = body["data"].as_array().unwrap();
    let [order] = &orders[..] else {
        panic!("{body}");
    };
    assert_eq!(order["channel_order_id"], "R-1");
    let pagination = &body["meta"]["pagination"];
    assert_eq!(pagination["total"], 1);
}

#[tokio::test]
async fn a_search_finds_more_than_a_filter() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    running.forward_order("A-11").await;
    let numbers = async |query: &str| {
        let (_, body) = running.get(&format!("orders?{query}")).await;
        let orders = body["data"].as_array().unwrap().clone();
        let number = |order: &Value| text(&order["channel_order_id"]);
        orders.iter().map(number).collect::<Vec<_>>()
    };
    assert_eq!(numbers("search=A-1").await, ["A-11", "A-1"]);
    assert_eq!(numbers(&format!("search={awb}")).await, ["A-1"]);
    assert_eq!(
        numbers("filter_by=channel_order_id&filter=A-1").await,
        ["A-1"]
    );
    assert_eq!(numbers("filter_by=status&filter=1").await, ["A-11"]);
    assert!(numbers("search=B-1").await.is_empty());
}

#[tokio::test]
async fn a_shipment_is_shown_by_its_id_and_an_unknown_one_is_empty() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let path = format!("shipments/{}", order.shipment_id);
    let (_, before) = running.get(&path).await;
    assert_eq!(before["data"]["order_id"], order.id);
    assert_eq!(
        (&before["data"]["awb"], &before["data"]["label_url"]),
        (&Value::Null, &Value::Null)
    );
    running.assign(&order, 43).await;
    running.label(&order).await;
    let (_, after) = running.get(&path).await;
    assert_eq!(
        (&after["data"]["status"], &after["data"]["sr_courier_id"]),
        (&json!(1), &json!(43))
    );
    assert!(text(&after["data"]["label_url"]).contains("/shiprocket/labels/"));
    let unknown = running.get(&format!("shipments/{}", order.id)).await;
    assert_eq!(unknown, (200, json!({})));
}

#[tokio::test]
async fn tracking_follows_the_shipment_newest_first() {
    let running = Running::start().await;
    let order = running.make("orders/create/adhoc", &forward("A-1")).await;
    let awb = crate::shiprocket::awb_of(&running.assign(&order, 43).await.1);
    let by_awb = format!("courier/track/awb/{awb}");
    let (status, before) = running.get(&by_awb).await;
    assert_eq!(
        (status, &before["tracking_data"]["track_status"]),
        (200, &json!(0))
    );

    running.advance(&awb, "IN_TRANSIT").await;
    let (_, body) = running.get(&by_awb).await;
    let data = &body["tracking_data"];
    assert_eq!(
        (&data["track_status"], &data["shipment_status"]),
        (&json!(1), &json!(18))
    );
    assert_eq!(data["shipment_track"][0]["order_id"], order.id);
    let scans: Vec<_> = data["shipment_track_activities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scan| text(&scan["sr-status"]))
        .collect();
    assert_eq!(scans, ["18", "NA", "42", "5"]);
    let by_shipment = format!("courier/track/shipment/{}", order.shipment_id);
    assert_eq!(running.get(&by_shipment).await.1, body);
    for id in ["A-1".to_owned(), order.id.to_string()] {
        let (_, list) = running.get(&format!("courier/track?order_id={id}")).await;
        assert_eq!(list, json!([body]), "{id}");
    }
}

#[tokio::test]
async fn tracking_an_unknown_shipment_is_answered_with_200() {
    let running = Running::start().await;
    let (status, body) = running.get("courier/track/awb/123").await;
    assert_eq!(
        (status, &body["tracking_data"]["track_status"]),
        (200, &json!(0))
    );
    assert!(text(&body["tracking_data"]["error"]).contains("no activities found"));
    assert_eq!(
        running.get("courier/track?order_id=A-1").await,
        (200, json!([]))
    );
    assert_eq!(running.get("courier/track").await.0, 422);
}
