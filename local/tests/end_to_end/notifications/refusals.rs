//! Pushes that are refused: a clear answer, nothing stored, nothing sent.

use serde_json::json;

use crate::notifications::world::{Answer, World, event, large_event, told};

impl World {
    async fn took_nothing_in(&self) {
        assert_eq!(self.items_in("NotificationsTable").await, 0);
        assert_eq!(self.items_in("ShipmentsTable").await, 0);
        assert_eq!(self.depth("DeliveryQueue").await, 0);
        self.pushed(&event("good", "SHIPPED"), "ACCEPTED").await;
        assert_eq!(told(&self.arrived(1).await), ["good SHIPPED"]);
    }

    async fn push_of_type(&self, content_type: &str, body: String) -> Answer {
        let headers = &self.magic().headers;
        let proof = [
            ("authUsername", headers["authUsername"].as_str()),
            ("authPassword", headers["authPassword"].as_str()),
            ("content-type", content_type),
        ];
        self.push_with(&proof, body).await
    }
}

#[tokio::test]
async fn invalid_json_is_malformed() {
    let world = World::start().await;
    let bodies: [&[u8]; 8] = [
        b"",
        b"   ",
        b"not json",
        b"{\"forwardOrderCode\": \"1\"",
        b"{\"forwardOrderCode\": \"\xff\xfe\"}",
        "{\u{201c}forwardOrderCode\u{201d}: \u{201c}1\u{201d}}".as_bytes(),
        b"{} {}",
        b"<xml/>",
    ];
    for body in bodies {
        let answer = world.push_raw(body).await;
        answer.is_problem(400, "malformed-json");
    }
    let deep = "[".repeat(100_000);
    world.push_raw(deep).await.is_problem(400, "malformed-json");
    world.took_nothing_in().await;
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let world = World::start().await;
    let nothing = world.push(&json!({})).await;
    nothing.is_problem(422, "invalid-request");
    assert_eq!(
        nothing.pointers(),
        [
            "/forwardOrderCode",
            "/shipmentType",
            "/notificationType",
            "/logisticAggregatorName"
        ]
    );
    let all_wrong = json!({
        "eventId": 7.5,
        "eventTime": "yesterday",
        "forwardOrderCode": ["1"],
        "forwardAwb": {},
        "carrierName": true,
        "notificationType": null,
        "shipmentType": "SIDEWAYS",
        "logisticAggregatorName": "   ",
        "warehouseCode": 1e300,
        "returnOrderInfo": "none",
        "items": [{ "sku": "a", "quantity": 1.5 }, 3, { "quantity": -1 }],
    });
    let answer = world.push(&all_wrong).await;
    answer.is_problem(422, "invalid-request");
    let mut pointers = answer.pointers();
    pointers.sort_unstable();
    pointers.dedup();
    assert_eq!(
        pointers,
        [
            "/carrierName",
            "/eventId",
            "/eventTime",
            "/forwardAwb",
            "/forwardOrderCode",
            "/items/0/quantity",
            "/items/1",
            "/items/2/quantity",
            "/items/2/sku",
            "/logisticAggregatorName",
            "/notificationType",
            "/returnOrderInfo",
            "/shipmentType",
            "/warehouseCode",
        ]
    );
    for body in ["null", "[]", "\"text\"", "1", "true"] {
        let answer = world.push_raw(body).await;
        answer.is_problem(422, "invalid-request");
    }
    // A number that is out of range is still JSON.
    let huge = event("huge", "SHIPPED").to_string();
    let huge = huge.replace("\"quantity\":1", "\"quantity\":1e999");
    let answer = world.push_raw(huge).await;
    answer.is_problem(422, "invalid-request");
    assert_eq!(answer.pointers(), ["/items/0/quantity"]);
    world.took_nothing_in().await;
}

#[tokio::test]
async fn a_shipment_type_that_contradicts_the_return_order_is_invalid() {
    let world = World::start().await;
    let mut forward = event("forward", "SHIPPED");
    forward["returnOrderInfo"] = json!({ "returnOrderId": "r", "returnAwb": "a" });
    let mut returned = event("return", "SHIPPED");
    returned["shipmentType"] = json!("RETURN");
    let mut absent = returned.clone();
    absent.as_object_mut().unwrap().remove("returnOrderInfo");
    for contradiction in [forward, returned, absent] {
        let answer = world.push(&contradiction).await;
        answer.is_problem(422, "invalid-request");
        assert_eq!(answer.pointers(), ["/returnOrderInfo"]);
    }
    world.took_nothing_in().await;
}

#[tokio::test]
async fn a_push_of_more_than_256_kib_is_too_large() {
    let world = World::start().await;
    let large = large_event(256 * 1024 + 1, 100);
    world.push(&large).await.is_problem(413, "body-too-large");
    let larger = "x".repeat(2 * 1024 * 1024);
    world
        .push_raw(larger)
        .await
        .is_problem(413, "body-too-large");
    // Small enough to be read, but together with its translation it exceeds the size limit of a table item.
    let incompressible = large_event(256 * 1024, 496);
    let answer = world.push(&incompressible).await;
    answer.is_problem(413, "body-too-large");
    world.took_nothing_in().await;
}

#[tokio::test]
async fn only_json_is_accepted() {
    let world = World::start().await;
    let body = event("typed", "SHIPPED").to_string();
    for content_type in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "",
    ] {
        let answer = world.push_of_type(content_type, body.clone()).await;
        answer.is_problem(415, "unsupported-media-type");
    }
    world.took_nothing_in().await;
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        let answer = world.push_of_type(content_type, body.clone()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn other_methods_and_paths_are_refused_as_problems() {
    let world = World::start().await;
    let get = world.http.get(&world.magic().push_url);
    let answer = Answer::of(get).await;
    answer.is_problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "POST");
    let nowhere = world.http.post(format!("{}/push", world.stack.base_url()));
    let answer = Answer::of(nowhere).await;
    answer.is_problem(404, "not-found");
}
