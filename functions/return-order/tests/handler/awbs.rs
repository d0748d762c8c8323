//! The AWB of a return order: bought once, made elsewhere, added later, or told by a push.

use local::handler_world::HttpEvent;
use serde_json::json;

use crate::answer::{json as read, text};
use crate::return_order::world::{CODE, Returning, parsed, pointers, registered, slug};

#[tokio::test]
async fn the_two_ways_to_an_awb_never_make_two() {
    let world = Returning::start().await;
    assert_eq!(world.create(|_| ()).await.status(), 200);
    let awb = HttpEvent::of("return-awb").unwrap();
    let mut body = awb.body().unwrap();
    body["orderDetails"]["orderNumber"] = json!(CODE);
    let app = return_awb::App::new(&world.start_of("return-awb")).unwrap();
    let answer = return_awb::handle(&app, parsed(&awb.with_body(&body))).await;
    assert_eq!(answer.status(), 422, "{}", text(&answer));
    assert_eq!(world.bought(), 1);
}

#[tokio::test]
async fn an_awb_that_was_bought_before_is_registered_by_its_number() {
    let world = Returning::start().await;
    let awb = HttpEvent::of("return-awb").unwrap();
    let mut body = awb.body().unwrap();
    body["orderDetails"]["orderNumber"] = json!(CODE);
    let app = return_awb::App::new(&world.start_of("return-awb")).unwrap();
    let bought = return_awb::handle(&app, parsed(&awb.with_body(&body))).await;
    let bought = read(&bought)["returnAwb"].clone();
    let other = world.create(|_| ()).await;
    assert_eq!(slug(&other), "order-number-reused", "{}", text(&other));
    let wrong = world.create(registered(Some("MADE-1"))).await;
    assert_eq!(pointers(&wrong), ["/awbNumber"], "{}", text(&wrong));
    let right = world.create(registered(bought.as_str())).await;
    assert_eq!(right.status(), 200, "{}", text(&right));
    assert_eq!(world.bought(), 1);
    // Its pushes are about the return order now.
    world.payloads().await;
    let awb = bought.as_str().unwrap();
    assert_eq!(world.push(CODE, awb, "RETURN_PICKED_UP").await, "ACCEPTED");
    assert_eq!(world.payloads().await[0]["forwardOrderCode"], "asdf1234");
}

#[tokio::test]
async fn pushes_of_a_registered_awb_find_the_return_whatever_code_they_name() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(Some("MADE-1"))).await.status(), 200);
    let shown = read(&world.get(CODE).await);
    assert_eq!(shown["state"], "AWB_ASSIGNED");
    assert_eq!(shown["transporter"], "Bluedart");
    world.payloads().await;
    let status = world.push("theirs-77", "MADE-1", "RETURN_PICKED_UP").await;
    assert_eq!(status, "ACCEPTED");
    assert_eq!(read(&world.get(CODE).await)["state"], "PICKED_UP");
    let told = world.payloads().await;
    assert_eq!(told[0]["forwardOrderCode"], "asdf1234");
    let of_return = &told[0]["returnOrderInfo"];
    assert_eq!(of_return["returnOrderId"], CODE);
    assert_eq!(of_return["returnOrderTime"], 1_795_099_948);
    assert_eq!(told[0]["items"][0]["itemId"], "I10098_1");
    assert_eq!(told[0]["warehouseCode"], "wh-1");
    let placed = world
        .push("theirs-77", "MADE-1", "RETURN_ORDER_PLACED")
        .await;
    assert_eq!(placed, "IGNORED");
}

#[tokio::test]
async fn a_push_that_names_the_code_brings_the_awb() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(None)).await.status(), 200);
    world.payloads().await;
    assert_eq!(world.push(CODE, "NEW-1", "AWB_GENERATED").await, "ACCEPTED");
    let shown = read(&world.get(CODE).await);
    assert_eq!(shown["state"], "AWB_ASSIGNED");
    assert_eq!(shown["awbNumber"], "NEW-1");
    assert_eq!(world.payloads().await[0]["forwardOrderCode"], "asdf1234");
    world.push(CODE, "NEW-1", "DELIVERED").await;
    assert_eq!(read(&world.get(CODE).await)["state"], "RECEIVED");
    let told = world.payloads().await;
    assert_eq!(told[0]["items"][0]["itemId"], "I10098_1");
}

#[tokio::test]
async fn an_awb_is_added_later_once() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(None)).await.status(), 200);
    let put = world.put_awb(CODE, "LATE-1").await;
    assert_eq!(put.status(), 200, "{}", text(&put));
    assert_eq!(read(&put)["awbNumber"], "LATE-1");
    assert_eq!(world.put_awb(CODE, "LATE-1").await.status(), 200);
    let other = world.put_awb(CODE, "LATE-2").await;
    assert_eq!(pointers(&other), ["/awbNumber"]);
    world.push("theirs", "LATE-1", "TRANSIT").await;
    assert_eq!(read(&world.get(CODE).await)["state"], "IN_TRANSIT");
    assert_eq!(world.put_awb("nothing", "LATE-3").await.status(), 404);
    let body = json!({ "returnOrderCode": CODE, "awbNumber": "LATE-1" });
    let event = world.event.clone().asking("PUT", "/return-orders/awb", "");
    assert_eq!(world.send(&event.with_body(&body)).await.status(), 200);
}

#[tokio::test]
async fn an_awb_of_another_return_is_refused() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(Some("MADE-1"))).await.status(), 200);
    let second = world
        .create(|body| {
            registered(Some("MADE-1"))(body);
            body["returnOrderCode"] = json!("R-2");
        })
        .await;
    assert_eq!(second.status(), 422);
    assert_eq!(pointers(&second), ["/awbNumber"]);
    assert!(text(&second).contains(CODE), "{}", text(&second));
}

#[tokio::test]
async fn goods_that_were_not_delivered_come_back_under_the_awb_of_their_shipment() {
    let world = Returning::start().await;
    let (_, label) = Box::pin(world.label("10007345")).await;
    let awb = label["awb"].as_str().unwrap();
    let created = world
        .create(|body| {
            registered(Some(awb))(body);
            body["forwardOrderCode"] = label["orderNumber"].clone();
        })
        .await;
    assert_eq!(created.status(), 200, "{}", text(&created));
    let push = async |word: &str| {
        let body = json!({
            "forwardOrderCode": label["orderNumber"], "forwardAwb": awb, "notificationType": word,
            "shipmentType": "FORWARD", "logisticAggregatorName": "MAGIC", "eventId": word,
        });
        assert_eq!(world.push_body(&body).await, "ACCEPTED");
        read(&world.get(CODE).await)["state"].clone()
    };
    assert_eq!(push("TRANSIT").await, "AWB_ASSIGNED");
    assert_eq!(push("RTO").await, "AWB_ASSIGNED");
    assert_eq!(push("RTO_DELIVERED").await, "RECEIVED");
}
