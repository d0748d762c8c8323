//! Invoices from `POST /invoices` to the client's URL: what is sent, exactly once, in order with other messages of the order.

use local::sink::{Behaviour, ReceivedRequest};
use logistics::domain::delivery::DeliveryState;
use logistics::domain::endpoint::{EndpointMethod, WebhookEndpoint};
use logistics::domain::message::MessageKind;
use logistics::domain::signing::SigningSecrets;
use serde_json::{Value, json};

use crate::notifications::world::{Answer, World, body, event, is_signed_with};

/// An invoice of an order, with this invoice id.
pub(crate) fn invoice(order: &str, id: &Value) -> Value {
    json!({
        "forwardOrderCode": order, "forwardShipmentCode": "1", "invoiceId": id, "invoiceStatus": "CREATED",
        "documentType": "INVOICE", "documentUrl": "https://invoice.com/dummy/pdf",
    })
}

impl World {
    /// Sends an invoice, asserts that it was accepted, and returns the message's id.
    pub(crate) async fn invoiced(&self, invoice: &Value, is_repeat: bool) -> String {
        let answer = self.call("/invoices", invoice).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let replayed = if is_repeat { "true" } else { "" };
        assert_eq!(answer.header("idempotent-replayed"), replayed, "{answer:?}");
        answer.body["messageId"].as_str().unwrap().to_owned()
    }

    /// Adds an endpoint of the demo client for messages of these kinds.
    pub(crate) async fn add_endpoint_for(
        &self,
        id: &str,
        messages: &[MessageKind],
        method: EndpointMethod,
    ) {
        let endpoint = WebhookEndpoint {
            messages: messages.to_vec(),
            method,
            ..WebhookEndpoint::new(
                self.demo().client_id.parse().unwrap(),
                id.parse().unwrap(),
                self.sink_path(&format!("/{id}")).parse().unwrap(),
                SigningSecrets::new(crate::notifications::tenants::SIGNING_SECRET.into()),
            )
        };
        self.endpoints().add(&endpoint).await.unwrap();
    }
}

/// The delivery id of a message to an endpoint.
pub(crate) fn delivery_id(message_id: &str, endpoint: &str) -> String {
    let (_, rest) = message_id.split_once('_').unwrap();
    format!("dlv_{rest}_{endpoint}")
}

/// The kinds of the received messages, in the order of arrival.
fn kinds(received: &[ReceivedRequest]) -> Vec<&str> {
    received
        .iter()
        .map(|request| request.headers["rms-message-kind"].as_str())
        .collect()
}

#[tokio::test]
async fn an_invoice_reaches_the_client_as_documented() {
    let world = World::start().await;
    let answer = world.call("/invoices", &invoice("ABCD", &json!(123))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let message_id = answer.body["messageId"].as_str().unwrap();
    let received = world.arrived(1).await;
    let request = &received[0];
    let time = body(request)["notificationUpdateTime"].as_i64().unwrap();
    assert_eq!(
        request.body,
        format!(
            r#"{{"forwardOrderCode":"ABCD","forwardShipmentCode":"1","notificationType":"INVOICE_GENERATED","notificationUpdateTime":{time},"invoiceData":{{"invoiceId":123,"invoiceStatus":"CREATED","documentType":"INVOICE","documentUrl":"https://invoice.com/dummy/pdf"}}}}"#
        )
    );
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/webhooks/rms")
    );
    let header = |name: &str| request.headers[name].as_str();
    assert_eq!(header("webhook-id"), delivery_id(message_id, "demo-sink"));
    assert_eq!(header("rms-message-kind"), "INVOICE");
    assert_eq!(header("x-request-id"), answer.header("x-request-id"));
    assert!(is_signed_with(
        &world.demo().signing_secret,
        request,
        &request.body
    ));
    world.settled().await;
}

#[tokio::test]
async fn a_notification_has_its_kind_and_the_request_id_of_its_push() {
    let world = World::start().await;
    let answer = world.push(&event("A", "SHIPPED")).await;
    let received = world.arrived(1).await;
    assert_eq!(received[0].headers["rms-message-kind"], "NOTIFICATION");
    assert_eq!(
        received[0].headers["x-request-id"],
        answer.header("x-request-id")
    );
}

#[tokio::test]
async fn an_invoice_is_sent_once_and_its_id_and_missing_code_are_sent_unchanged() {
    let world = World::start().await;
    let number = invoice("A", &json!(123));
    let id = world.invoiced(&number, false).await;
    assert_eq!(world.invoiced(&number, true).await, id);
    let mut other = number.clone();
    other["documentUrl"] = json!("https://invoice.com/other/pdf");
    world
        .call("/invoices", &other)
        .await
        .is_problem(422, "order-number-reused");
    let mut text = invoice("A", &json!("INV/123"));
    text["forwardShipmentCode"] = Value::Null;
    text["documentUrl"] = json!("HTTPS://Invoice.com:443");
    let mut credit = number.clone();
    credit["documentType"] = json!("CREDIT_NOTE");
    let mut cancelled = number.clone();
    cancelled["invoiceStatus"] = json!("CANCELLED");
    for different in [&text, &credit, &cancelled] {
        assert_ne!(world.invoiced(different, false).await, id);
    }
    let received = world.arrived(4).await;
    world.settled().await;
    assert_eq!(world.sink().received().len(), 4);
    let body = body(&received[1]);
    assert_eq!(body["forwardShipmentCode"], Value::Null);
    assert_eq!(body["invoiceData"]["invoiceId"], "INV/123");
    assert_eq!(
        body["invoiceData"]["documentUrl"],
        "HTTPS://Invoice.com:443"
    );
}

#[tokio::test]
async fn an_invalid_invoice_is_refused_and_nothing_is_sent() {
    let world = World::start().await;
    let answer = world.call("/invoices", &json!({ "invoiceId": 1.5 })).await;
    answer.is_problem(422, "invalid-request");
    let wrong = [
        "/forwardOrderCode",
        "/invoiceId",
        "/invoiceStatus",
        "/documentType",
        "/documentUrl",
    ];
    assert_eq!(answer.pointers(), wrong);
    assert_eq!(world.items_in("NotificationsTable").await, 0);
}

/// The client refuses the first notification, so all messages of the order wait behind it, including those of the parcel.
#[tokio::test]
async fn order_is_kept_across_kinds_and_parcels_of_an_order() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    world.pushed(&event("A", "SHIPPED"), "ACCEPTED").await;
    world.arrived(1).await;
    world.invoiced(&invoice("A", &json!(1)), false).await;
    let mut parcel = event("A", "DELIVERED");
    parcel["forwardShipmentCode"] = json!("parcel-2");
    parcel["forwardAwb"] = json!("AWB-parcel");
    world.pushed(&parcel, "ACCEPTED").await;
    let received = world.arrived(4).await;
    assert_eq!(
        kinds(&received),
        ["NOTIFICATION", "NOTIFICATION", "INVOICE", "NOTIFICATION"]
    );
    assert_eq!(
        received[0].headers["webhook-id"],
        received[1].headers["webhook-id"]
    );
    assert_eq!(body(&received[3])["forwardShipmentCode"], "parcel-2");
}

#[tokio::test]
async fn an_endpoint_receives_its_message_kinds_with_its_method() {
    let world = World::start().await;
    let (invoices, acks) = ([MessageKind::Invoice], [MessageKind::ReturnOrderAck]);
    world
        .add_endpoint_for("invoices", &invoices, EndpointMethod::Put)
        .await;
    world
        .add_endpoint_for("others", &acks, EndpointMethod::Post)
        .await;
    world.invoiced(&invoice("A", &json!(1)), false).await;
    world.pushed(&event("B", "SHIPPED"), "ACCEPTED").await;
    world.arrived(3).await;
    world.settled().await;
    let mut came: Vec<String> = world
        .sink()
        .received()
        .iter()
        .map(|request| {
            let kind = &request.headers["rms-message-kind"];
            format!("{} {} {kind}", request.method, request.path)
        })
        .collect();
    came.sort();
    assert_eq!(
        came,
        [
            "POST /webhooks/rms INVOICE",
            "POST /webhooks/rms NOTIFICATION",
            "PUT /invoices INVOICE"
        ]
    );
}

fn ids(answer: &Answer, list: &str, id: &str) -> Vec<String> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let entries = answer.body[list].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry[id].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn messages_are_found_by_subject_kind_and_id_and_notifications_as_before() {
    let world = World::start().await;
    let push = world.push(&event("A", "SHIPPED")).await;
    let notification = push.notification_id();
    world.pushed(&event("A", "TELEPORTED"), "UNMAPPED").await;
    let invoiced = world.invoiced(&invoice("A", &json!(1)), false).await;
    let other = world.invoiced(&invoice("B", &json!(1)), false).await;
    world.arrived(3).await;
    world.settled().await;

    let of_subject = world.get("/messages?subject=A").await;
    assert_eq!(
        ids(&of_subject, "messages", "messageId"),
        [notification.as_str(), &invoiced]
    );
    assert_eq!(of_subject.body["cursor"], Value::Null);
    let listed = &of_subject.body["messages"][0];
    assert_eq!(
        (&listed["kind"], &listed["subject"]),
        (&json!("NOTIFICATION"), &json!("A"))
    );
    assert_eq!(listed["requestId"], push.header("x-request-id"));
    assert_eq!(
        listed["deliveries"],
        json!([{ "deliveryId": delivery_id(&notification, "demo-sink"), "endpointId": "demo-sink", "state": "DELIVERED" }])
    );
    let of_kind = world
        .get("/messages?kind=INVOICE&since=2026-01-01T00:00:00Z")
        .await;
    assert_eq!(
        ids(&of_kind, "messages", "messageId"),
        [other, invoiced.clone()]
    );

    let one = world.get(&format!("/messages/{invoiced}")).await;
    assert_eq!(one.status, 200, "{one:?}");
    assert_eq!(one.body["body"]["invoiceData"]["invoiceId"], 1);
    assert_eq!(one.body["deliveries"][0]["attempts"][0]["status"], 200);
    let one = world.get(&format!("/messages/{notification}")).await;
    assert_eq!(one.body["body"]["notificationType"], "SHIPPED");

    let of_order = world.get("/notifications?orderNumber=A").await;
    assert_eq!(
        ids(&of_order, "notifications", "notificationId")[0],
        notification
    );
    assert_eq!(of_order.body["notifications"].as_array().unwrap().len(), 2);
    let as_notification = invoiced.replace("msg_", "ntf_");
    for id in [&invoiced, &as_notification] {
        world
            .get(&format!("/notifications/{id}"))
            .await
            .is_problem(404, "not-found");
    }
    let shipment = world.get("/shipments/A").await;
    assert_eq!(shipment.body["events"].as_array().unwrap().len(), 2);
}

/// Makes a message fail at an endpoint: it was accepted four days ago, and the endpoint refuses it.
async fn fail(world: &World, message_id: &str, kind: &str, endpoint: &str) {
    let key = world.delivery_key(message_id, endpoint);
    let at = jiff::Timestamp::now().as_millisecond() - 4 * 24 * 3_600_000;
    let task = json!({
        "kind": "delivery.v1", "clientId": world.demo().client_id, "endpointId": endpoint,
        "deliveryId": delivery_id(message_id, endpoint), "messageKind": kind,
        "record": { "pk": key.pk, "sk": key.sk }, "acceptedAt": at,
    });
    let group = format!("{}:{endpoint}:0", world.demo().client_id);
    world.send("DeliveryQueue", &group, &task.to_string()).await;
    let record = world.record(message_id, endpoint, 1).await;
    assert_eq!(record.state, DeliveryState::Failed);
}

#[tokio::test]
async fn a_failed_invoice_is_listed_and_recovered_by_kind_or_subject() {
    let world = World::start().await;
    let invoiced = world.invoiced(&invoice("A", &json!(1)), false).await;
    let notified = world.pushed(&event("A", "SHIPPED"), "ACCEPTED").await;
    let first = world.arrived(2).await;
    world.settled().await;
    let client = world.demo().client_id.clone();
    world
        .add_endpoint(&client, "late", &world.sink_path("/late"))
        .await;
    world.behave(Behaviour {
        status: 422,
        ..Behaviour::default()
    });
    fail(&world, &invoiced, "INVOICE", "late").await;
    fail(&world, &notified, "NOTIFICATION", "late").await;
    world.behave(Behaviour::default());

    let failed = "endpointId=late&status=failed";
    let messages = world.get(&format!("/messages?{failed}")).await;
    let found = ids(&messages, "messages", "messageId");
    assert_eq!(found, [notified.clone(), invoiced.clone()]);
    assert_eq!(
        messages.body["messages"][1]["deliveries"][0]["state"],
        "FAILED"
    );
    let notifications = world.get(&format!("/notifications?{failed}")).await;
    assert_eq!(
        ids(&notifications, "notifications", "notificationId"),
        [notified]
    );

    let recover = async |request: Value| {
        let answer = world
            .call("/webhook-endpoints/late/recover", &request)
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["matched"].as_u64().unwrap()
    };
    let count = async |mut request: Value| {
        request["dryRun"] = json!(true);
        recover(request).await
    };
    assert_eq!(count(json!({})).await, 2);
    assert_eq!(count(json!({ "subject": "A" })).await, 2);
    assert_eq!(count(json!({ "subject": "B" })).await, 0);
    assert_eq!(count(json!({ "orderNumber": "A" })).await, 1);
    assert_eq!(count(json!({ "notificationType": "SHIPPED" })).await, 1);
    assert_eq!(
        count(json!({ "kind": "NOTIFICATION", "subject": "A" })).await,
        1
    );
    assert_eq!(recover(json!({ "kind": "INVOICE" })).await, 1);
    let received = world.arrived(5).await;
    let again = received.last().unwrap();
    assert_eq!(again.headers["webhook-id"], delivery_id(&invoiced, "late"));
    assert_eq!(again.headers["webhook-replayed"], "true");
    assert_eq!(again.headers["rms-message-kind"], "INVOICE");
    assert_eq!(again.body, first[0].body);
    assert_eq!(
        again.headers["x-request-id"],
        first[0].headers["x-request-id"]
    );
}
