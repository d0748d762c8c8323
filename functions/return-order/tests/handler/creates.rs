//! Creating a return order: once, with what its AWB needs, and after each failure.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::answer::{json as read, text};
use crate::return_order::world::{CODE, Returning, pointers, registered, slug};

#[tokio::test]
async fn a_return_order_gets_its_awb_once_and_is_told_of_once() {
    let world = Returning::start().await;
    let first = world.create(|_| ()).await;
    assert_eq!(first.status(), 200, "{}", text(&first));
    assert_eq!(text(&first), "");
    let again = world.create(|_| ()).await;
    assert_eq!((again.status().as_u16(), text(&again)), (200, ""));
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(world.bought(), 1);
    let shown = world.get(CODE).await;
    assert_json_snapshot!(read(&shown), {
        ".awbNumber" => "[awb]", ".timeline[].at" => "[at]",
    });
    let told = world.payloads().await;
    assert_eq!(told.len(), 1);
    let awb = read(&shown)["awbNumber"].clone();
    assert_eq!(told[0]["returnOrderInfo"]["returnAwb"], awb);
    assert_json_snapshot!(told[0], {
        ".notificationUpdateTime" => "[now]", ".returnOrderInfo.returnAwb" => "[awb]",
    });
}

#[tokio::test]
async fn other_content_under_the_same_code_is_refused() {
    let world = Returning::start().await;
    assert_eq!(world.create(|_| ()).await.status(), 200);
    let other = world
        .create(|body| body["returnReason"] = json!("Other"))
        .await;
    assert_eq!(other.status(), 422);
    assert_eq!(slug(&other), "order-number-reused");
    let both = world.create(registered(Some("MADE-1"))).await;
    assert_eq!(slug(&both), "order-number-reused");
    assert_eq!(world.bought(), 1);
}

#[tokio::test]
async fn what_a_purchase_needs_is_named_field_by_field() {
    let world = Returning::start().await;
    let bare = world
        .create(|body| {
            for name in [
                "currencyCode",
                "regionType",
                "returnReason",
                "shipmentDimension",
                "dropAddress",
                "orderDetails",
            ] {
                body[name] = Value::Null;
            }
            body["pickupAddress"] = json!({ "name": "Asha" });
            body["orderItems"][0]["price"] = Value::Null;
        })
        .await;
    assert_eq!(bare.status(), 422);
    assert_snapshot!(pointers(&bare).join(" "), @"/orderItems/0/price /currencyCode /regionType /returnReason /shipmentDimension /pickupAddress/city /pickupAddress/country /pickupAddress/state /pickupAddress/zip /pickupAddress/line1 /pickupAddress/email /pickupAddress/phone /dropAddress /orderDetails");
    assert_eq!(world.bought(), 0);
    assert_eq!(world.get(CODE).await.status(), 404);
}

#[tokio::test]
async fn several_accounts_and_none_named_is_refused() {
    let world = Returning::start().await;
    let none = world
        .create(|body| body["logisticAccountAlias"] = Value::Null)
        .await;
    assert_eq!(pointers(&none), ["/logisticAccountAlias"]);
    let unknown = world
        .create(|body| body["logisticAccountAlias"] = json!("nobody"))
        .await;
    assert_eq!(slug(&unknown), "unknown-account-alias");
}

#[tokio::test]
async fn the_forward_shipment_fills_the_gaps() {
    let world = Returning::start().await;
    let (body, label) = Box::pin(world.label("10007345")).await;
    let order = label["orderNumber"].clone();
    let before = world.bought();
    let created = world
        .create(|wanted| {
            for name in [
                "currencyCode",
                "regionType",
                "shipmentDimension",
                "dropAddress",
                "pickupAddress",
                "orderDetails",
            ] {
                wanted[name] = Value::Null;
            }
            wanted["orderItems"][0]["price"] = Value::Null;
            wanted["orderItems"][0]["finalAmountPaid"] = Value::Null;
            wanted["forwardOrderCode"] = order.clone();
            // The label was asked for without it.
            wanted["orderDetails"] = json!({
                "codValue": 0, "invoiceValue": 1, "isCod": false, "forwardShipmentNumber": "101",
            });
        })
        .await;
    assert_eq!(created.status(), 200, "{}", text(&created));
    let calls = world.world.simulators.calls("magic").unwrap();
    let asked = &calls.last().unwrap().body;
    assert_eq!(world.bought(), before + 1);
    for (of_return, of_forward) in [
        ("pickupAddress", "dropAddress"),
        ("dropAddress", "pickupAddress"),
    ] {
        for part in ["firstName", "lastName", "addressLine1", "zip", "phone"] {
            assert_eq!(asked[of_return][part], body[of_forward][part], "{part}");
        }
    }
    // The notification links the forward shipment.
    let told = world.payloads().await;
    assert_eq!(told[0]["forwardAwb"], label["awb"]);
}

#[tokio::test]
async fn the_customer_s_wish_for_a_check_at_the_door_reaches_the_aggregator() {
    let world = Returning::start().await;
    for account in ["clickpost", "shiprocket"] {
        let created = world
            .create(|body| {
                body["logisticAccountAlias"] = json!(account);
                body["returnOrderCode"] = json!(format!("R-{account}"));
            })
            .await;
        assert_eq!(created.status(), 200, "{account}: {}", text(&created));
        let calls = world.world.simulators.calls(account).unwrap();
        let asked: String = calls.iter().map(|call| call.body.to_string()).collect();
        let sign = match account {
            "clickpost" => "\"qc_type\":\"doorstep\"",
            _ => "\"qc_enable\":true",
        };
        assert!(asked.contains(sign), "{account}: {asked}");
    }
}

#[tokio::test]
async fn a_refusal_frees_the_code() {
    let world = Returning::start().await;
    let faults = json!({ "next": [{ "call": "generateReturnAwb", "kind": "refuse" }] });
    world.world.simulators.set_faults("magic", faults).unwrap();
    let refused = world.create(|_| ()).await;
    assert_eq!(refused.status(), 422, "{}", text(&refused));
    assert_eq!(slug(&refused), "refused-by-aggregator");
    assert_eq!(world.get(CODE).await.status(), 404);
    let other = world
        .create(|body| body["returnReason"] = json!("Other"))
        .await;
    assert_eq!(other.status(), 200, "{}", text(&other));
}

#[tokio::test]
async fn an_unknown_outcome_is_found_out_by_the_repeat() {
    let world = Returning::start().await;
    let faults = json!({ "next": [{ "call": "generateReturnAwb", "kind": "garbage" }] });
    world.world.simulators.set_faults("magic", faults).unwrap();
    let unknown = world.create(|_| ()).await;
    assert_eq!(unknown.status(), 504, "{}", text(&unknown));
    assert_eq!(world.get(CODE).await.status(), 404);
    let again = world.create(|_| ()).await;
    assert_eq!(again.status(), 200, "{}", text(&again));
    let awb = read(&world.get(CODE).await)["awbNumber"].clone();
    assert!(awb.is_string());
    assert_eq!(world.payloads().await.len(), 1);
}

#[tokio::test]
async fn a_return_without_an_account_is_registered_and_told_of_by_rms() {
    let world = Returning::start().await;
    let created = world.create(registered(None)).await;
    assert_eq!(created.status(), 200, "{}", text(&created));
    let shown = read(&world.get(CODE).await);
    assert_eq!(shown["state"], "CREATED");
    assert_eq!(shown["awbNumber"], Value::Null);
    let told = world.payloads().await;
    let name = &told[0]["logisticAggregatorInfo"]["logisticAggregatorName"];
    assert_eq!(name, "RMS");
    assert_eq!(told[0]["returnOrderInfo"]["returnAwb"], Value::Null);
    assert_eq!(told[0]["items"][0]["itemId"], "I10098_1");
}

#[tokio::test]
async fn a_repeat_sends_what_was_not_sent() {
    let mut world = Returning::start().await;
    let queue = world.world.queue_url("DeliveryQueue").unwrap();
    let sqs = world.world.backends.sqs_client();
    let sender = |url| logistics::queue::sender::Sender::new(sqs.clone(), url);
    world.app.returning.queue = sender(format!("{queue}-missing"));
    let failed = world.create(|_| ()).await;
    assert_eq!(failed.status(), 503, "{}", text(&failed));
    world.app.returning.queue = sender(queue);
    let again = world.create(|_| ()).await;
    assert_eq!(again.status(), 200);
    assert_eq!(world.payloads().await.len(), 1);
    assert_eq!(world.bought(), 1);
}
