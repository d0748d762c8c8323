//! The calls of docs/rms-magic.md, and their log.

use serde_json::{Value, json};

use crate::magic::{Running, ask, forward, returned};

#[tokio::test]
async fn a_label_is_generated_and_found_again() {
    let running = Running::start().await;
    let (status, label) = ask(running.generate("A-1")).await;
    assert_eq!(status, 200);
    assert_eq!(label["orderId"], "11012");
    assert_eq!(label["orderNumber"], "A-1");
    assert_eq!(label["carrierName"], "Fedex");
    let awb = label["awb"].as_str().unwrap();
    assert!(
        awb.len() == 12 && awb.bytes().all(|b| b.is_ascii_digit()),
        "{awb}"
    );
    let url = format!("{}/magic/labels/{awb}.pdf", running.url);
    assert_eq!(label["shippingLabelUrl"], url);
    assert_eq!(label.as_object().unwrap().len(), 5);

    for query in ["orderId=11012", "orderNumber=A-1"] {
        let found = ask(running.get(&format!("/magic/get-shipping-label?{query}"))).await;
        assert_eq!(found, (200, label.clone()), "{query}");
    }
}

#[tokio::test]
async fn generating_twice_makes_two_orders_and_the_newest_is_found() {
    let running = Running::start().await;
    let (_, first) = ask(running.generate("A-1")).await;
    let (_, second) = ask(running.generate("A-1")).await;
    assert_eq!(
        (&first["orderId"], &second["orderId"]),
        (&json!("11012"), &json!("11013"))
    );
    assert_ne!(first["awb"], second["awb"]);

    let by_number = running.get("/magic/get-shipping-label?orderNumber=A-1");
    assert_eq!(ask(by_number).await.1, second);
    let by_id = running.get("/magic/get-shipping-label?orderId=11012");
    assert_eq!(ask(by_id).await.1, first);
}

#[tokio::test]
async fn parcels_of_one_order_are_told_apart_by_shipment_code() {
    let running = Running::start().await;
    let path = "/magic/generate-shipping-label";
    let mut parcel = forward("A-1");
    parcel["shipmentCode"] = json!("P1");
    let (_, coded) = ask(running.post(path, &parcel)).await;
    let lookup = "/magic/get-shipping-label?orderNumber=A-1";
    assert_eq!(ask(running.get(lookup)).await.0, 404);
    let (_, plain) = ask(running.generate("A-1")).await;

    let found = ask(running.get(&format!("{lookup}&shipmentCode=P1"))).await;
    assert_eq!(found, (200, coded));
    assert_eq!(ask(running.get(lookup)).await, (200, plain));
}

#[tokio::test]
async fn a_return_awb_is_generated_and_found_among_returns_only() {
    let running = Running::start().await;
    let (status, awb) = ask(running.post("/magic/generate-return-awb", &returned("R-1"))).await;
    assert_eq!(status, 200);
    assert_eq!(awb["orderNumber"], "R-1");
    assert_eq!(awb["carrierName"], "Fedex");
    assert!(awb["returnAwb"].is_string() && awb["orderId"].is_string());
    assert_eq!(awb.as_object().unwrap().len(), 4);

    for query in ["orderId=11012", "orderNumber=R-1"] {
        let found = ask(running.get(&format!("/magic/get-return-awb?{query}"))).await;
        assert_eq!(found, (200, awb.clone()), "{query}");
        let forward = running.get(&format!("/magic/get-shipping-label?{query}"));
        assert_eq!(ask(forward).await.0, 404, "{query}");
    }
}

#[tokio::test]
async fn an_unknown_order_is_not_found() {
    let running = Running::start().await;
    let by_id = running.get("/magic/get-shipping-label?orderId=1");
    let (status, body) = ask(by_id).await;
    assert_eq!((status, &body["code"]), (404, &json!("NOT_FOUND")));
    let by_number = running.get("/magic/get-return-awb?orderNumber=A%2F1");
    let none = json!({ "orderNumber": "A/1", "found": false });
    assert_eq!(ask(by_number).await, (404, none));
    assert_eq!(ask(running.get("/magic/get-return-awb")).await.0, 400);
}

#[tokio::test]
async fn couriers_are_recommended_best_first() {
    let running = Running::start().await;
    let path = "/magic/get-couriers";
    let mut question = json!({
        "pickupPincode": "560102", "dropPincode": "110019", "paymentType": "PREPAID",
        "shipmentType": "FORWARD", "orderAmount": 1200,
    });
    let couriers = json!({ "couriers": [
        { "courierId": 1001, "courierName": "Delhivery", "priority": 1 },
        { "courierId": 1002, "courierName": "Fedex", "priority": 2 },
        { "courierId": 1003, "courierName": "Bluedart", "priority": 3 },
    ]});
    assert_eq!(ask(running.post(path, &question)).await, (200, couriers));
    question["dropPincode"] = json!("000000");
    let none = json!({ "couriers": [] });
    assert_eq!(ask(running.post(path, &question)).await, (200, none));
    assert_eq!(ask(running.post(path, &json!({}))).await.0, 400);
}

#[tokio::test]
async fn each_credential_is_required() {
    let running = Running::start().await;
    let right = [
        ("authDomainName", "brand.example"),
        ("authUsername", "rms"),
        ("authPassword", "correct horse"),
    ];
    let url = format!("{}/magic/generate-shipping-label", running.url);
    for wrong in 0..right.len() {
        let mut request = running.client.post(&url).json(&forward("A-1"));
        for (place, (name, value)) in right.into_iter().enumerate() {
            let value = if place == wrong { "other" } else { value };
            request = request.header(name, value);
        }
        let (status, body) = ask(request).await;
        assert_eq!(
            (status, &body["code"]),
            (401, &json!("UNAUTHORIZED")),
            "{}",
            right[wrong].0
        );
    }
    let bare = running.client.post(&url).json(&forward("A-1"));
    assert_eq!(ask(bare).await.0, 401);
    assert!(!running.has_order("A-1").await);
}

#[tokio::test]
async fn each_mandatory_field_is_required_and_named() {
    let running = Running::start().await;
    let wrong_values = [
        ("/pickupAddress/zip", json!(560_102)),
        ("/dropAddress/city", json!(" ")),
        ("/orderDetails/orderNumber", Value::Null),
        ("/orderDetails/paymentType", json!("CASH")),
        ("/orderDetails/orderAmount", json!("230")),
        ("/orderDetails/orderDate", json!("16/03/2025")),
        ("/orderDetails/shipmentType", json!("RETURN")),
        ("/orderDetails/orderLineItems", json!([])),
        ("/orderDetails/orderLineItems/1/quantity", json!(1.5)),
        ("/shipmentDimension/weight", Value::Null),
        ("/courierId", Value::Null),
    ];
    for (pointer, wrong) in wrong_values {
        let mut request = forward("A-1");
        *request.pointer_mut(pointer).unwrap() = wrong;
        let (status, body) = ask(running.post("/magic/generate-shipping-label", &request)).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("INVALID_REQUEST")),
            "{pointer}"
        );
        let message = body["message"].as_str().unwrap();
        assert!(
            message.starts_with(pointer) && !message.contains(';'),
            "{message}"
        );
    }
    let (status, body) = ask(running.post("/magic/generate-return-awb", &forward("A-1"))).await;
    assert_eq!(status, 400);
    assert_eq!(
        body["message"],
        "/orderDetails/shipmentType must be RETURN; /returnReason must be a text"
    );
    assert!(!running.has_order("A-1").await);
}

#[tokio::test]
async fn the_list_of_lines_may_have_the_tables_name() {
    let running = Running::start().await;
    let mut request = forward("A-1");
    let lines = request["orderDetails"]["orderLineItems"].take();
    request["orderDetails"]["orderLineItemList"] = lines;
    let answer = ask(running.post("/magic/generate-shipping-label", &request)).await;
    assert_eq!(answer.0, 200, "{}", answer.1);
}

#[tokio::test]
async fn the_log_holds_the_vendor_calls_in_order_and_nothing_else() {
    let running = Running::start().await;
    running.set_faults(&json!([])).await;
    ask(running.generate("A-1")).await;
    ask(running.get("/magic/get-shipping-label?orderNumber=A-1")).await;
    running
        .post("/magic/get-couriers", &json!(null))
        .body("no JSON")
        .send()
        .await
        .unwrap();

    let url = format!("{}/magic/calls", running.url);
    let (status, log) = ask(running.client.get(url)).await;
    assert_eq!(status, 200);
    let calls: Vec<_> = log["calls"].as_array().unwrap().iter().map(seen).collect();
    assert_eq!(
        calls,
        [
            ("POST", "/magic/generate-shipping-label", forward("A-1")),
            (
                "GET",
                "/magic/get-shipping-label?orderNumber=A-1",
                Value::Null
            ),
            ("POST", "/magic/get-couriers", json!("no JSON")),
        ]
    );
    assert_eq!(running.simulators.calls("magic").unwrap().len(), 3);
}

fn seen(call: &Value) -> (&str, &str, Value) {
    assert!(
        call["at"]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .is_ok()
    );
    let text = |field: &str| call[field].as_str().unwrap();
    (text("method"), text("path"), call["body"].clone())
}

#[tokio::test]
async fn there_are_only_the_known_simulators() {
    let running = Running::start().await;
    for path in ["/unknown/calls", "/unknown/faults", "/magic/nothing"] {
        let url = format!("{}{path}", running.url);
        let status = running.client.get(url).send().await.unwrap().status();
        assert!(status == 404 || status == 405, "{path}: {status}");
    }
}
