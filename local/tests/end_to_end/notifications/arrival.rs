//! What the client receives: payload, headers, signature.

use std::io::Write as _;
use std::process::{Command, Stdio};

use local::sink::ReceivedRequest;
use serde_json::json;

use crate::notifications::tenants::{Account, SIGNING_SECRET};
use crate::notifications::world::{World, body, event, is_signed_with, large_event, webhook_id};

fn header<'a>(request: &'a ReceivedRequest, name: &str) -> &'a str {
    request.headers.get(name).map_or("", String::as_str)
}

#[tokio::test]
async fn a_push_is_accepted_and_arrives_as_in_document_003() {
    let world = World::start().await;
    let before = jiff::Timestamp::now().as_second();
    // The sample of document 002, with its quotes and its list corrected.
    let sample = json!({
        "forwardOrderCode": "asdf1234",
        "forwardAwb": "12541231",
        "notificationType": "IN_TRANSIT",
        "shipmentType": "FORWARD",
        "logisticAggregatorName": "NARVAR",
        "warehouseCode": "wh-1",
        "returnOrderInfo": null,
        "items": [{ "sku": "sku-1", "quantity": 1 }],
    });
    let answer = world.push(&sample).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(!answer.header("x-request-id").is_empty());
    let id = answer.notification_id();
    assert_eq!(
        answer.body,
        json!({ "notifications": [{ "notificationId": id, "status": "ACCEPTED" }] })
    );

    let arrived = world.arrived(1).await;
    let request = &arrived[0];
    let mut payload = body(request);
    let received_at = payload["notificationUpdateTime"].take().as_i64().unwrap();
    assert!((before..=jiff::Timestamp::now().as_second()).contains(&received_at));
    insta::assert_json_snapshot!(payload, @r#"
    {
      "courierName": null,
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
      "notificationUpdateTime": null,
      "returnOrderInfo": null,
      "warehouseCode": "wh-1"
    }
    "#);
    // The fields are in the document's order.
    assert!(
        request
            .body
            .starts_with(r#"{"forwardOrderCode":"asdf1234","forwardShipmentCode":null,"#),
        "{}",
        request.body
    );
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/webhooks/rms")
    );
    assert_eq!(header(request, "content-type"), "application/json");
    assert!(header(request, "authorization").starts_with("Bearer "));
    assert_eq!(
        header(request, "webhook-id"),
        webhook_id(&id, &world.demo().endpoint_id)
    );
    let sent_at: i64 = header(request, "webhook-timestamp").parse().unwrap();
    assert!((received_at..=jiff::Timestamp::now().as_second()).contains(&sent_at));
    assert!(
        request
            .headers
            .keys()
            .all(|name| !name.starts_with("x-amz"))
    );
}

#[tokio::test]
async fn the_return_sample_arrives_with_its_return_order() {
    let world = World::start().await;
    let sample = json!({
        "forwardOrderId": "asdf1234",
        "forwardAwb": "12541231",
        "notificationType": "RETURN_PICKUP",
        "shipmentType": "RETURN",
        "logisticAggregatorName": "NARVAR",
        "warehouseCode": "wh-1",
        "returnOrderInfo": {
            "returnOrderId": "return-asdf1234",
            "returnAwb": "return1235123",
            "carrierName": "Delhivery Reverse",
        },
        "lineItems": [{ "sku": "sku-1", "quantity": 1 }],
    });
    world.pushed(&sample, "ACCEPTED").await;
    let mut payload = body(&world.arrived(1).await[0]);
    assert!(payload["notificationUpdateTime"].take().is_i64());
    insta::assert_json_snapshot!(payload, @r#"
    {
      "courierName": null,
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
      "notificationType": "RETURN_PICKED_UP",
      "notificationUpdateTime": null,
      "returnOrderInfo": {
        "returnAwb": "return1235123",
        "returnOrderId": "return-asdf1234",
        "returnOrderTime": null,
        "transporter": "Delhivery Reverse"
      },
      "warehouseCode": "wh-1"
    }
    "#);
}

#[tokio::test]
async fn the_signature_is_verified_by_third_party_code() {
    let world = World::start().await;
    let mut event = event("signed", "DELIVERED");
    event["items"] = json!([{ "sku": "smørrebrød – 寿司 \"1\"", "quantity": 2 }]);
    world.pushed(&event, "ACCEPTED").await;
    let request = world.arrived(1).await.remove(0);
    let secret = &world.demo().signing_secret;
    assert!(secret.starts_with("whsec_"));

    assert!(is_signed_with(secret, &request, &request.body));
    let changed = request.body.replace("DELIVERED", "LOST");
    assert!(!is_signed_with(secret, &request, &changed));
    assert!(!is_signed_with(SIGNING_SECRET, &request, &request.body));

    assert_ne!(verified_by_python(&request, secret), Some(false));
    let other = verified_by_python(&request, SIGNING_SECRET);
    assert_ne!(other, Some(true));
}

/// Verifies by the specification with Python's standard library; `None` if Python is not installed.
fn verified_by_python(request: &ReceivedRequest, secret: &str) -> Option<bool> {
    const SCRIPT: &str = "
import base64, hashlib, hmac, json, sys
given = json.load(sys.stdin)
key = base64.b64decode(given['secret'].removeprefix('whsec_'))
signed = f\"{given['id']}.{given['timestamp']}.{given['body']}\".encode()
expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
matches = [hmac.compare_digest(f'v1,{expected}', one) for one in given['signature'].split(' ')]
print('yes' if any(matches) else 'no')
";
    let given = json!({
        "secret": secret,
        "id": header(request, "webhook-id"),
        "timestamp": header(request, "webhook-timestamp"),
        "signature": header(request, "webhook-signature"),
        "body": request.body,
    });
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = python.stdin.take().unwrap();
    stdin.write_all(given.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = python.wait_with_output().unwrap();
    match output.stdout.trim_ascii() {
        b"yes" => Some(true),
        b"no" => Some(false),
        other => panic!("{}", String::from_utf8_lossy(other)),
    }
}

#[tokio::test]
async fn every_endpoint_of_the_client_receives_it_and_no_other_client_does() {
    let world = World::start().await;
    world
        .add_endpoint("brand", "one", &world.sink_path("/one"))
        .await;
    world
        .add_endpoint("brand", "two", &world.sink_path("/two"))
        .await;
    let account = Account {
        client: "brand",
        alias: "brand-magic",
        domain: None,
        notifications: true,
    };
    world.add_account(&account).await;
    let answer = world
        .push_with(
            &[("authUsername", "brand-magic"), ("authPassword", "secret")],
            event("shared-number", "SHIPPED").to_string(),
        )
        .await;
    let brands = answer.notification_id();
    world
        .pushed(&event("shared-number", "SHIPPED"), "ACCEPTED")
        .await;
    let mut arrived: Vec<_> = world
        .arrived(3)
        .await
        .into_iter()
        .map(|request| {
            let token = header(&request, "x-token").to_owned();
            let id = header(&request, "webhook-id").to_owned();
            (request.path, token, id)
        })
        .collect();
    arrived.sort();
    assert_eq!(
        arrived[..2],
        ["one", "two"].map(|id| (
            format!("/{id}"),
            format!("token-of-{id}"),
            webhook_id(&brands, id)
        ))
    );
    assert_eq!(arrived[2].0, "/webhooks/rms");
    world.settled().await;
    assert_eq!(world.sink().received().len(), 3);
}

#[tokio::test]
async fn the_largest_push_arrives() {
    let world = World::start().await;
    let event = large_event(256 * 1024, 400);
    world.pushed(&event, "ACCEPTED").await;
    let arrived = body(&world.arrived(1).await[0]);
    assert_eq!(arrived["items"].as_array().unwrap().len(), 500);
    assert_eq!(arrived["items"][499]["sku"], event["items"][499]["sku"]);
}

#[tokio::test]
async fn no_secret_and_no_body_is_in_the_log() {
    let world = World::start().await;
    let mut event = event("order-in-log", "DELIVERED");
    event["remark"] = serde_json::json!("Given to Meera next door");
    let id = world.pushed(&event, "ACCEPTED").await;
    world.pushed(&event, "DUPLICATE").await;
    let wrong = [("authUsername", "someone"), ("authPassword", "wrong-guess")];
    world
        .push_with(&wrong, "{}")
        .await
        .is_problem(401, "unauthenticated");
    world.record(&id, "demo-sink", 1).await;
    let token = header(&world.arrived(1).await[0], "authorization").to_owned();
    let log = world.stack.log();
    log.wait_for(|line| line.text.contains("delivery attempted"))
        .await;
    let lines = log.lines();
    let secrets = [
        token.trim_start_matches("Bearer "),
        &world.demo().signing_secret,
        &world.magic().headers["authPassword"],
        "wrong-guess",
        "AWB-order-in-log",
        "sku-1",
        "Meera",
    ];
    for secret in secrets {
        assert!(
            lines.iter().all(|line| !line.text.contains(secret)),
            "{secret} is in the log"
        );
    }
}
