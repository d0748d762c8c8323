//! What pushes say beside the code reaches the client: why, where, how often, when, and which goods.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{RETURNS, World};
use crate::demo;
use crate::vendors::natives;

fn meta_data(notification: &Value) -> &Value {
    &notification["logisticAggregatorInfo"]["logisticAggregatorMetaData"]
}

/// Leads a shipment on, and gives what arrived of the last step; `steps` is how many there are.
async fn advanced(world: &World, alias: &str, [awb, to]: [&str; 2], steps: usize) -> Value {
    let sink = world.stack.sink().unwrap();
    let before = sink.received_at(demo::MAIN_PATH).len();
    let advance = world.advance(alias, awb, to, None).await;
    assert_eq!(advance.status, 200, "{alias} {advance:?}");
    world
        .arrived(before + steps)
        .await
        .remove(before + steps - 1)
}

#[tokio::test]
async fn a_failed_delivery_is_told_with_its_reason_place_and_time() {
    let world = World::start().await;
    for vendor in natives(|vendor| !vendor.returned_to_origin.is_empty()) {
        let alias = vendor.alias;
        let label = world.label(alias, alias).await.ok();
        let awb = label["awb"].as_str().unwrap();
        let steps = vendor.returned_to_origin.len() - 2;
        let told = advanced(&world, alias, [awb, "FAILED_DELIVERY"], steps).await;
        let said = meta_data(&told).as_object().unwrap();
        for (name, text) in (vendor.failed_delivery)().as_object().unwrap() {
            assert_eq!(&said[name], text, "{alias} {said:?}");
        }
        assert!(said.values().all(Value::is_string), "{alias} {said:?}");
        assert!(!said.contains_key("Not Read"), "{alias} {said:?}");
        let at: jiff::Timestamp = told["eventTime"].as_str().unwrap().parse().unwrap();
        let received = told["notificationUpdateTime"].as_i64().unwrap();
        assert!((received - at.as_second()).abs() < 60, "{alias} {at}");
        // What is said of one event is not said of the next.
        let next = advanced(&world, alias, [awb, "RTO"], 1).await;
        let said = meta_data(&next);
        assert_eq!(said["Reason"], Value::Null, "{alias} {said}");
    }
}

#[tokio::test]
async fn a_push_of_our_own_contract_says_as_much() {
    let world = World::start().await;
    let push = json!({
        "forwardOrderCode": "web-1", "forwardAwb": "70000001", "notificationType": "UNDELIVERED",
        "shipmentType": "FORWARD", "logisticAggregatorName": "MAGIC", "eventId": "1",
        "eventTime": "2026-11-21T14:05:00+05:30", "reason": "Door closed", "attemptCount": 2,
        "location": "Kochi", "remark": "Rang twice", "expectedDeliveryDate": "2026-11-23",
        "items": [], "lineItems": [{ "sku": "sku-1", "quantity": 1.0 }],
    });
    world.push("magic", &push).await.ok();
    let arrived = world.arrived(1).await;
    let said = json!({
        "Attempt Count": "2",
        "Expected Delivery Date": "2026-11-23",
        "Location": "Kochi",
        "Reason": "Door closed",
        "Remark": "Rang twice",
    });
    assert_eq!(meta_data(&arrived[0]), &said);
    assert_eq!(arrived[0]["eventTime"], "2026-11-21T08:35:00Z");
    let goods = json!([{ "itemId": null, "sku": "sku-1", "quantity": 1 }]);
    assert_eq!(arrived[0]["items"], goods);
}

#[tokio::test]
async fn who_does_not_say_when_it_happened_has_no_time_made_up_for_it() {
    let world = World::start().await;
    let push = json!({ "order_id": "web-1", "current_status": "DEL" });
    world.push("shipway", &push).await.ok();
    let arrived = world.arrived(1).await;
    assert!(arrived[0].get("eventTime").is_none(), "{}", arrived[0]);
}

fn return_request(reference: &str, item_info: &Value) -> Value {
    json!({
        "waybill": "", "cp_id": -1, "clickpost_status_code": 101, "notification_event": 11,
        "status": "Return Order Placed", "timestamp": "2026-11-21 07:47:07.161221",
        "additional": {
            "is_rvp": true, "notification_event_id": 11, "forward_reference_number": "asdf1234",
            "return_reference_number": reference, "item_info": item_info,
        },
    })
}

#[tokio::test]
async fn every_line_of_a_return_request_arrives() {
    let world = World::start().await;
    let item_info = json!([
        { "sku": "a", "quantity": 1.0 }, { "sku": "b", "quantity": "2" }, { "sku": "c" },
        { "sku": "d", "quantity": "some" }, { "quantity": 1 },
    ]);
    let push = return_request("8181", &item_info);
    world.push("clickpost", &push).await.ok();
    let arrived = world.arrived(1).await;
    let goods = json!([
        { "itemId": null, "sku": "a", "quantity": 1 },
        { "itemId": null, "sku": "b", "quantity": 2 },
        { "itemId": null, "sku": "c", "quantity": null },
        { "itemId": null, "sku": "d", "quantity": null },
        { "itemId": null, "sku": null, "quantity": 1 },
    ]);
    assert_eq!(arrived[0]["items"], goods);
}

#[tokio::test]
async fn a_line_without_a_quantity_has_that_of_the_return_that_we_booked() {
    let world = World::start().await;
    let mut request = requests::return_awb("clickpost", "ret-1");
    request["orderDetails"]["orderLineItems"][0]["quantity"] = json!(3);
    let sku = request["orderDetails"]["orderLineItems"][0]["sku"].clone();
    world.post(RETURNS, &request).await.ok();
    let push = return_request("ret-1+R", &json!([{ "sku": sku }, { "sku": "other" }]));
    world.push("clickpost", &push).await.ok();
    let arrived = world.arrived(1).await;
    let returning = &arrived[0]["returnOrderInfo"];
    assert_eq!(returning["returnOrderId"], "ret-1");
    assert_eq!(arrived[0]["items"][0]["quantity"], 3);
    let other = json!({ "itemId": null, "sku": "other", "quantity": null });
    assert_eq!(arrived[0]["items"][1], other);
}
