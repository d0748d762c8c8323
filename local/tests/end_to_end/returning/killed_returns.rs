//! One return has one AWB and is told of once, no matter where the function is killed: before the effect of each of its
//! calls, and after the effect but before the function gets the answer.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use serde_json::{Value, json};

use crate::notifications::kills::{DeadlyWorld, Killer, at_every_moment, kill_all};
use crate::notifications::world::{PATIENCE, World, body};

const RETURN_ORDER: &str = "return-order";

/// A return order whose AWB the demo's RMS Magic account buys.
fn return_order(code: &str) -> Value {
    let address = json!({
        "name": "Asha", "line1": "1 MG Road", "city": "Bengaluru", "state": "Karnataka", "zip": "560038",
        "country": "India", "email": "asha@example.com", "phone": "9876543210",
    });
    json!({
        "forwardOrderCode": "F-1", "returnOrderCode": code, "locationCode": "wh-1", "orderType": "CUSTOMER_RETURN",
        "logisticAccountAlias": "magic", "currencyCode": "INR", "regionType": "INDIAN", "returnReason": "Too small",
        "orderItems": [{
            "itemCode": "I-1", "channelSkuCode": "sku-1", "reason": "Too small", "name": "Jeans", "price": 230,
            "finalAmountPaid": 230,
        }],
        "shipmentDimension": {}, "pickupAddress": address, "dropAddress": address,
        "orderDetails": { "codValue": 0, "invoiceValue": 230, "isCod": false },
    })
}

/// Creates a return order until it is accepted, while the function is killed at these moments. Waits until the client has
/// been told, and returns the number of kills.
async fn survives(world: &World, killer: &Killer, code: &str, moments: Vec<usize>) -> usize {
    // A new process makes every possible call.
    kill_all(&world.stack, RETURN_ORDER);
    killer.kill_at(moments);
    let order = return_order(code);
    loop {
        let answer = world.call("/return/return-orders", &order).await;
        if answer.status == 200 {
            break;
        }
        // While its lease lasts, nobody knows that the killed request has ended.
        assert!([409, 500, 503].contains(&answer.status), "{answer:?}");
        if answer.status == 409 {
            end_lease(world, code).await;
        }
    }
    tokio::time::timeout(PATIENCE, told(world, code))
        .await
        .unwrap_or_else(|_| panic!("{code} is lost"));
    world.settled().await;
    let received = world.sink().received();
    let about = received.iter().filter(|request| is_about(request, code));
    let (mut ids, mut awbs) = (BTreeSet::new(), BTreeSet::new());
    for request in about.filter(|request| request.path == "/webhooks/rms") {
        ids.insert(request.headers["webhook-id"].clone());
        awbs.insert(body(request)["returnOrderInfo"]["returnAwb"].to_string());
    }
    assert_eq!((ids.len(), awbs.len()), (1, 1), "{ids:?} {awbs:?}");
    killer.kills()
}

/// Ends the lease of the claim that a killed process held.
async fn end_lease(world: &World, code: &str) {
    let id = ShipmentId {
        client_id: world.demo().client_id.parse().unwrap(),
        shipment_type: ShipmentType::Return,
        order_number: code.parse().unwrap(),
        shipment_code: None,
    };
    let key = id.key();
    let past = (Timestamp::now().as_millisecond() - 1).to_string();
    let update = world.dynamodb().update_item();
    update
        .table_name(world.table("ShipmentsTable"))
        .key("pk", AttributeValue::S(key.pk))
        .key("sk", AttributeValue::S(key.sk))
        .update_expression("SET leaseUntil = :past")
        .expression_attribute_values(":past", AttributeValue::N(past))
        .send_with(&world.dynamodb())
        .await
        .unwrap();
}

fn is_about(request: &local::sink::ReceivedRequest, code: &str) -> bool {
    request
        .body
        .contains(&format!(r#""returnOrderId":"{code}""#))
}

/// Waits until the client has been told of a return order.
async fn told(world: &World, code: &str) {
    let mut count = 1;
    loop {
        let received = world.arrived(count).await;
        if received.iter().any(|request| is_about(request, code)) {
            return;
        }
        count = received.len() + 1;
    }
}

#[tokio::test]
async fn no_return_is_lost_or_bought_twice_if_its_function_is_killed() {
    let DeadlyWorld { world, killer, .. } = &DeadlyWorld::start(RETURN_ORDER).await;
    let survives = async |code: &str, moments| survives(world, killer, code, moments).await;
    let [moments, further] = at_every_moment(survives).await;
    // The key, its last use, the account, what is known, the claim, the booking, the transaction, the task: before and
    // after each.
    assert!(moments >= 16, "there were only {moments} moments");
    assert!(further >= 16, "there were only {further} further moments");
}
