//! The handler with an event as AWS sends it, on real tables and the real queue.

use insta::{assert_json_snapshot, assert_snapshot};
use jiff::Timestamp;
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent, Logged};
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::message::MessageKind;
use logistics::domain::notification::NotificationType;
use logistics::domain::signing::SigningSecrets;
use logistics::domain::statistics::hour_of;
use logistics::flows::notifying::dependencies::PushDependencies;
use logistics::store::message_keys::notification_key;
use logistics::store::notifying::exceptions::ExceptionQuery;
use notification_push::handle;
use serde_json::Value;

use crate::answer::{json, text};

/// A handler that accepts the event's caller.
async fn admitted() -> (HandlerWorld, PushDependencies, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("notification-push").unwrap();
    world.admit(&event).await.unwrap();
    let start = world.start_of("notification-push").unwrap();
    let dependencies = start.push().unwrap();
    (world, dependencies, event)
}

async fn answer(dependencies: &PushDependencies, event: &HttpEvent) -> Response<Body> {
    handle(dependencies, request::from_str(&event.to_string()).unwrap()).await
}

/// The messages in the delivery queue.
async fn waiting(world: &HandlerWorld) -> Vec<Value> {
    let received = world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(world.queue_url("DeliveryQueue").unwrap())
        .max_number_of_messages(10)
        .send()
        .await
        .unwrap();
    let messages = received.messages.unwrap_or_default();
    let body = |message: &aws_sdk_sqs::types::Message| message.body().unwrap().to_owned();
    messages
        .iter()
        .map(|message| serde_json::from_str(&body(message)).unwrap())
        .collect()
}

async fn stored(world: &HandlerWorld) -> usize {
    let table = world.table("NotificationsTable").unwrap();
    let scan = world.backends.dynamodb_client().scan().table_name(table);
    scan.send().await.unwrap().items().len()
}

#[tokio::test]
async fn a_push_is_stored_and_queued_before_the_response() {
    let (world, dependencies, event) = admitted().await;
    let first = answer(&dependencies, &event).await;
    assert_eq!(first.status(), 200);
    assert_snapshot!(text(&first), @r#"{"notifications":[{"notificationId":"ntf_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03","status":"ACCEPTED"}]}"#);
    assert_eq!(stored(&world).await, 1);
    let mut waiting = waiting(&world).await;
    assert_eq!(waiting.len(), 1);
    let payload = waiting[0]["payload"].take();
    let payload: Value = serde_json::from_str(payload.as_str().unwrap()).unwrap();
    assert_json_snapshot!(waiting, { "[].acceptedAt" => "[now]" }, @r#"
    [
      {
        "acceptedAt": "[now]",
        "clientId": "demo",
        "deliveryId": "dlv_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03_demo-sink",
        "endpointId": "demo-sink",
        "generation": 0,
        "kind": "delivery.v1",
        "messageKind": "NOTIFICATION",
        "payload": null,
        "record": {
          "pk": "demo#eda4649e9909cd818d1a",
          "sk": "Faf5570f543aa62c30ef3dc98c8e0ab03#demo-sink"
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "resend": false
      }
    ]
    "#);
    assert_json_snapshot!(payload, { ".notificationUpdateTime" => "[now]" }, @r#"
    {
      "courierName": "Delhivery",
      "eventTime": "2026-11-20T09:15:00Z",
      "forwardAwb": "12541231",
      "forwardOrderCode": "asdf1234",
      "forwardShipmentCode": null,
      "items": [
        {
          "itemId": null,
          "quantity": 1,
          "sku": "sku-1"
        }
      ],
      "logisticAggregatorInfo": {
        "logisticAggregatorMetaData": {},
        "logisticAggregatorName": "NARVAR"
      },
      "notificationType": "TRANSIT",
      "notificationUpdateTime": "[now]",
      "returnOrderInfo": null,
      "warehouseCode": "wh-1"
    }
    "#);
}

#[tokio::test]
async fn what_is_accepted_is_counted_once_and_an_exception_is_in_its_index() {
    let (world, dependencies, event) = admitted().await;
    let mut body = event.body().unwrap();
    for word in ["UNDELIVERED", "UNDELIVERED", "TRANSIT"] {
        body["notificationType"] = Value::from(word);
        body["eventId"] = Value::from(word);
        let answer = answer(&dependencies, &event.clone().with_body(&body)).await;
        assert_eq!(answer.status(), 200);
    }
    let demo = world.demo.client_id.parse().unwrap();
    let exceptions = world.start_of("list-notifications").unwrap().exceptions();
    let query = ExceptionQuery::default();
    let (found, _) = exceptions.unwrap().of(&demo, &query).await.unwrap();
    let words: Vec<_> = found.iter().map(|found| found.notification_type).collect();
    assert_eq!(words, [NotificationType::Undelivered]);
    let (today, _) = hour_of(Timestamp::now());
    let statistics = world.start_of("console").unwrap().statistics().unwrap();
    let counted = statistics.of_aggregators(&demo, (today.minus(1), today));
    let counted = counted.await.unwrap();
    let accepted = counted
        .iter()
        .map(|day| (day.name.as_str(), day.counts.totals().0));
    let sums: Vec<_> = accepted.collect();
    assert_eq!(sums, [("RMS_MAGIC", 2)]);
}

#[tokio::test]
async fn a_repeat_records_the_further_endpoints_that_it_is_sent_to() {
    let (world, dependencies, event) = admitted().await;
    let first = json(&answer(&dependencies, &event).await);
    let id = first["notifications"][0]["notificationId"].as_str();
    let demo = world.demo.client_id.parse().unwrap();
    let key = notification_key(&demo, id.unwrap()).unwrap();
    let named = async || {
        let stored = dependencies.notifications.get(&key).await.unwrap();
        let ids = stored.unwrap().sent_to;
        ids.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(named().await, ["demo-sink"]);
    let secrets = SigningSecrets::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
    let url = world.sink_url().parse().unwrap();
    let second = WebhookEndpoint::new(demo, "second".parse().unwrap(), url, secrets);
    let configured = world
        .start_of("configuration")
        .unwrap()
        .endpoints()
        .unwrap();
    configured.endpoints.add(&second).await.unwrap();
    // A new instance has no endpoints cached.
    let later = world.start_of("notification-push").unwrap().push().unwrap();
    for _ in 0..2 {
        let repeat = json(&answer(&later, &event).await);
        assert_eq!(repeat["notifications"][0]["status"], "DUPLICATE");
        assert_eq!(named().await, ["demo-sink", "second"]);
    }
}

#[tokio::test]
async fn a_push_without_a_valid_credential_is_not_parsed() {
    let (world, dependencies, event) = admitted().await;
    let wrong = event.with_header("authpassword", Some("wrong"));
    let answer = answer(&dependencies, &wrong.with_body(&Value::Null)).await;
    assert_eq!(answer.status(), 401);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "the push credential is unknown",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 401,
      "title": "Missing or invalid API key or push credential",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#unauthenticated"
    }
    "#);
    assert_eq!(stored(&world).await, 0);
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn an_invalid_push_gets_the_reason() {
    let (world, dependencies, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["shipmentType"] = "RETURN".into();
    let answer = answer(&dependencies, &event.with_body(&body)).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "/returnOrderInfo is missing, but shipmentType is RETURN",
      "errors": [
        {
          "detail": "is missing, but shipmentType is RETURN",
          "pointer": "/returnOrderInfo"
        }
      ],
      "instance": "JKJaXmPLvHcESHA=",
      "status": 422,
      "title": "Invalid request",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#invalid-request"
    }
    "#);
    assert_eq!(stored(&world).await, 0);
}

#[tokio::test]
async fn a_push_writes_one_log_line_with_all_ids() {
    let (_world, dependencies, event) = admitted().await;
    let logged = Logged::from_now();
    let answer = answer(&dependencies, &event).await;
    let lines = logged.with("request_id", "JKJaXmPLvHcESHA=").unwrap();
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    let id = &json(&answer)["notifications"][0]["notificationId"];
    assert_eq!(line["message_id"], *id);
    assert_json_snapshot!(line, {
        ".timestamp" => "[now]",
        ".message_id" => "[id]",
        "._aws.Timestamp" => "[now]",
    }, @r#"
    {
      "Accepted": 1,
      "Sent": 1,
      "_aws": {
        "CloudWatchMetrics": [
          {
            "Dimensions": [
              []
            ],
            "Metrics": [
              {
                "Name": "Sent"
              },
              {
                "Name": "Accepted"
              }
            ],
            "Namespace": "rms-logistics"
          }
        ],
        "Timestamp": "[now]"
      },
      "alias": "magic",
      "client_id": "demo",
      "deliveries": 1,
      "level": "INFO",
      "message": "notification received",
      "message_id": "[id]",
      "order_number": "asdf1234",
      "request_id": "JKJaXmPLvHcESHA=",
      "timestamp": "[now]"
    }
    "#);
}

/// The operator events in the delivery queue. They are of one subject, so the queue hands them out one by one.
async fn told(world: &HandlerWorld) -> Vec<Value> {
    let sqs = world.backends.sqs_client();
    let queue = world.queue_url("DeliveryQueue").unwrap();
    let mut told = Vec::new();
    loop {
        let receive = sqs.receive_message().queue_url(&queue);
        let Some(messages) = receive.send().await.unwrap().messages else {
            return told;
        };
        for message in messages {
            told.push(serde_json::from_str(message.body().unwrap()).unwrap());
            let handle = message.receipt_handle.unwrap();
            let delete = sqs.delete_message().queue_url(&queue);
            delete.receipt_handle(handle).send().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_unknown_code_is_told_once_to_the_endpoint_that_wants_operator_events() {
    let (world, dependencies, event) = admitted().await;
    let with = |body: &Value| HttpEvent::of("notification-push").unwrap().with_body(body);
    world
        .add_endpoint("ops", &[MessageKind::OperatorEvent])
        .await
        .unwrap();
    let mut body = event.body().unwrap();
    for (order, code) in [("1", "BRAND_NEW"), ("2", "BRAND_NEW"), ("3", "OTHER")] {
        body["forwardOrderCode"] = order.into();
        body["notificationType"] = code.into();
        let answer = answer(&dependencies, &with(&body)).await;
        assert_eq!(json(&answer)["notifications"][0]["status"], "UNMAPPED");
    }
    // Another instance, which does not remember what was told.
    let other = world.start_of("notification-push").unwrap().push().unwrap();
    body["forwardOrderCode"] = "4".into();
    answer(&other, &with(&body)).await;
    let told = told(&world).await;
    let bodies = told.iter().map(|task| {
        assert_eq!(task["endpointId"], "ops");
        let body: Value = serde_json::from_str(task["payload"].as_str().unwrap()).unwrap();
        ["event", "logisticAccountAlias", "reason"].map(|name| body[name].clone())
    });
    let mut bodies: Vec<_> = bodies.collect();
    bodies.sort_by_key(|[_, _, code]| code.to_string());
    let expected = ["BRAND_NEW", "OTHER"].map(|code| ["NEW_UNMAPPED_CODE", "magic", code]);
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn an_unknown_code_is_counted_for_its_aggregator() {
    let (_world, dependencies, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["notificationType"] = "BRAND_NEW".into();
    let logged = Logged::from_now();
    answer(&dependencies, &event.with_body(&body)).await;
    let lines = logged.with("message", "notification received").unwrap();
    assert_eq!(lines[0]["Unmapped"], 1);
    let directive = &lines[0]["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(
        directive["Dimensions"],
        serde_json::json!([[], ["partner"]])
    );
    assert_eq!(lines[0]["partner"], "RMS_MAGIC");
}

#[tokio::test]
async fn a_valid_traceparent_is_carried_to_the_delivery_and_an_invalid_one_ignored() {
    let (world, dependencies, event) = admitted().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let logged = Logged::from_now();
    let event = event.with_header("traceparent", Some(trace));
    answer(&dependencies, &event).await;
    let mut body = event.body().unwrap();
    body["forwardOrderCode"] = "2".into();
    let event = event.with_header("traceparent", Some("00-none"));
    assert_eq!(
        answer(&dependencies, &event.with_body(&body))
            .await
            .status(),
        200
    );
    let tasks = waiting(&world).await;
    let mut traces: Vec<_> = tasks
        .iter()
        .map(|task| task["traceparent"].clone())
        .collect();
    traces.sort_by_key(Value::is_null);
    assert_eq!(traces, [Value::from(trace), Value::Null]);
    let lines = logged.with("message", "notification received").unwrap();
    let ids: Vec<_> = lines.iter().map(|line| line["trace_id"].clone()).collect();
    assert_eq!(
        ids,
        [Value::from("0af7651916cd43dd8448eb211c80319c"), Value::Null]
    );
}
