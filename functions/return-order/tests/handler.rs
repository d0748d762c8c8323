//! The handler with an event as AWS sends it, on real tables and queues and with the aggregators' simulators.

use insta::{assert_json_snapshot, assert_snapshot};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::wiring::Start;
use return_order::{App, handle};
use serde_json::{Value, json};

use crate::answer::{json as read, text};

/// The code of the event's return order.
const CODE: &str = "R-100078";

struct Returning {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Returning {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("return-order").unwrap();
        world.admit(&event).await.unwrap();
        let push = HttpEvent::of("notification-push").unwrap();
        world.admit(&push).await.unwrap();
        Self {
            app: App::new(&world.start_of("return-order").unwrap()).unwrap(),
            world,
            event,
        }
    }

    fn start_of(&self, function: &str) -> Start {
        self.world.start_of(function).unwrap()
    }

    async fn send(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, parsed(event)).await
    }

    async fn create(&self, change: impl FnOnce(&mut Value)) -> Response<Body> {
        let mut body = self.event.body().unwrap();
        change(&mut body);
        self.send(&self.event.clone().with_body(&body)).await
    }

    async fn get(&self, code: &str) -> Response<Body> {
        let event = self.event.clone().asking("GET", "/return-orders/…", "");
        let event = event.with_path_parameter("returnOrderCode", code);
        self.send(&event).await
    }

    async fn cancel(&self, code: &str) -> Response<Body> {
        let event = self.event.clone().asking("DELETE", "/return-orders/…", "");
        let event = event.with_path_parameter("returnOrderCode", code);
        self.send(&event).await
    }

    async fn put_awb(&self, code: &str, awb: &str) -> Response<Body> {
        let event = self.event.clone().asking("PUT", "/return-orders/…/awb", "");
        let event = event.with_path_parameter("returnOrderCode", code);
        let body = json!({ "awbNumber": awb, "transporter": "Delhivery" });
        self.send(&event.with_body(&body)).await
    }

    /// A push of the demo's RMS Magic account about a return.
    async fn push(&self, code: &str, awb: &str, word: &str) -> Value {
        let event = HttpEvent::of("notification-push").unwrap();
        let body = json!({
            "forwardOrderCode": "pushed-order", "forwardAwb": null, "notificationType": word, "shipmentType": "RETURN",
            "logisticAggregatorName": "MAGIC", "eventId": format!("{code} {awb} {word}"),
            "returnOrderInfo": { "returnOrderId": code, "returnAwb": awb, "carrierName": "Delhivery" },
            "items": [{ "sku": "10007345", "quantity": 1 }],
        });
        let dependencies = self.start_of("notification-push").push().unwrap();
        let request = parsed(&event.with_body(&body));
        let answer = notification_push::handle(&dependencies, request).await;
        assert_eq!(answer.status(), 200, "{}", text(&answer));
        read(&answer)["notifications"][0]["status"].clone()
    }

    /// The payloads in the delivery queue.
    async fn payloads(&self) -> Vec<Value> {
        let queue = self.world.queue_url("DeliveryQueue").unwrap();
        let sqs = self.world.backends.sqs_client();
        let mut payloads = Vec::new();
        loop {
            let received = sqs.receive_message().queue_url(&queue);
            let received = received.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return payloads;
            }
            for message in messages {
                let task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                if task["endpointId"] == "demo-sink" {
                    payloads.push(serde_json::from_str(task["payload"].as_str().unwrap()).unwrap());
                }
                let handle = message.receipt_handle.unwrap();
                let done = sqs
                    .delete_message()
                    .queue_url(&queue)
                    .receipt_handle(handle);
                done.send().await.unwrap();
            }
        }
    }

    /// How many return AWBs the demo's RMS Magic account bought.
    fn bought(&self) -> usize {
        let calls = self.world.simulators.calls("magic").unwrap();
        let is_purchase = |path: &str| path.contains("generate-return-awb");
        calls.iter().filter(|call| is_purchase(&call.path)).count()
    }
}

fn parsed(event: &HttpEvent) -> lambda_http::Request {
    request::from_str(&event.to_string()).unwrap()
}

/// A return order that is only registered, with this AWB.
fn registered(awb: Option<&str>) -> impl FnOnce(&mut Value) {
    move |body| {
        body["orderType"] = json!("RETURN_TO_ORIGIN");
        body["logisticAccountAlias"] = Value::Null;
        body["awbNumber"] = json!(awb);
        body["transporter"] = json!(awb.map(|_| "Bluedart"));
    }
}

fn pointers(answer: &Response<Body>) -> Vec<String> {
    let errors = read(answer)["errors"].clone();
    let errors = errors.as_array().cloned().unwrap_or_default();
    let pointer = |error: &Value| error["pointer"].as_str().unwrap().to_owned();
    errors.iter().map(pointer).collect()
}

fn slug(answer: &Response<Body>) -> String {
    let kind = read(answer)["type"].as_str().unwrap().to_owned();
    kind.rsplit('#').next().unwrap().to_owned()
}

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
    assert_snapshot!(pointers(&bare).join(" "), @"/orderItems/0/price /currencyCode /regionType /returnReason /shipmentDimension /pickupAddress/city /pickupAddress/state /pickupAddress/zip /pickupAddress/country /pickupAddress/line1 /pickupAddress/email /pickupAddress/phone /dropAddress /orderDetails");
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
    let label = HttpEvent::of("generate-label").unwrap();
    let mut body = label.body().unwrap();
    for end in ["pickupAddress", "dropAddress"] {
        body[end]["email"] = json!("a@brand.example");
        body[end]["phone"] = json!("9876543210");
    }
    body["orderDetails"]["orderLineItems"][0]["sku"] = json!("10007345");
    let app = generate_label::App::new(&world.start_of("generate-label")).unwrap();
    let answer = generate_label::handle(&app, parsed(&label.with_body(&body))).await;
    let label = read(&answer);
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
async fn a_cancelled_return_is_cancelled_at_the_aggregator_and_frees_its_code() {
    let world = Returning::start().await;
    let clickpost = |body: &mut Value| body["logisticAccountAlias"] = json!("clickpost");
    assert_eq!(world.create(clickpost).await.status(), 200);
    let cancelled = world.cancel(CODE).await;
    assert_eq!(cancelled.status(), 200, "{}", text(&cancelled));
    assert_eq!(
        text(&cancelled),
        r#"{"returnOrderCode":"R-100078","status":"CANCELLED"}"#
    );
    let again = world.cancel(CODE).await;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(read(&world.get(CODE).await)["state"], "CANCELLED");
    let told = world.payloads().await;
    let words: Vec<_> = told
        .iter()
        .map(|body| body["notificationType"].clone())
        .collect();
    assert_eq!(words, ["RETURN_ORDER_PLACED", "CANCELLED"]);
    let first = told[0]["returnOrderInfo"]["returnAwb"].clone();
    // The code may be used again, even with the same content.
    let anew = world.create(clickpost).await;
    assert_eq!(anew.status(), 200, "{}", text(&anew));
    assert!(!anew.headers().contains_key("idempotent-replayed"));
    let shown = read(&world.get(CODE).await);
    assert_eq!(shown["state"], "AWB_ASSIGNED");
    assert_ne!(shown["awbNumber"], first);
}

#[tokio::test]
async fn a_registered_awb_is_not_cancelled_anywhere() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(Some("MADE-1"))).await.status(), 200);
    let cancelled = world.cancel(CODE).await;
    assert_eq!(cancelled.status(), 200, "{}", text(&cancelled));
    assert_eq!(world.put_awb(CODE, "X").await.status(), 422);
    assert_eq!(world.create(registered(Some("MADE-2"))).await.status(), 200);
    assert_eq!(read(&world.get(CODE).await)["awbNumber"], "MADE-2");
}

#[tokio::test]
async fn goods_that_arrived_are_not_called_back() {
    let world = Returning::start().await;
    assert_eq!(world.create(registered(Some("MADE-1"))).await.status(), 200);
    world.push(CODE, "MADE-1", "DELIVERED").await;
    let refused = world.cancel(CODE).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(slug(&refused), "already-processed");
    assert_eq!(world.cancel("nothing").await.status(), 404);
}

#[tokio::test]
async fn returns_are_listed_newest_first_by_order_and_state() {
    let world = Returning::start().await;
    for (code, awb) in [("R-1", None), ("R-2", Some("MADE-2")), ("R 3/#?%", None)] {
        let created = world
            .create(|body| {
                registered(awb)(body);
                body["returnOrderCode"] = json!(code);
            })
            .await;
        assert_eq!(created.status(), 200, "{}", text(&created));
    }
    let codes = async |query: &str| {
        let event = world.event.clone().asking("GET", "/return-orders", query);
        let found = read(&world.send(&event).await);
        let listed = found["returnOrders"].as_array().cloned();
        let listed = listed.unwrap_or_else(|| vec![found.clone()]);
        let codes = listed.iter().map(|one| one["returnOrderCode"].as_str());
        let codes: Option<Vec<String>> = codes.map(|code| code.map(ToOwned::to_owned)).collect();
        codes.unwrap_or_default().join(" | ")
    };
    assert_eq!(codes("").await, "R 3/#?% | R-2 | R-1");
    assert_eq!(
        codes("forwardOrderCode=asdf1234&state=AWB_ASSIGNED").await,
        "R-2"
    );
    assert_eq!(codes("forwardOrderCode=other").await, "");
    assert_eq!(codes("returnOrderCode=R%203%2F%23%3F%25").await, "R 3/#?%");
    let wrong = world
        .event
        .clone()
        .asking("GET", "/return-orders", "state=LATE");
    assert_eq!(world.send(&wrong).await.status(), 400);
    let query = "returnOrderCode=R%203%2F%23%3F%25";
    let cancel = world
        .event
        .clone()
        .asking("DELETE", "/return-orders", query);
    assert_eq!(world.send(&cancel).await.status(), 200);
    assert_eq!(codes("state=CANCELLED").await, "R 3/#?%");
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
