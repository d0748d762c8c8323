//! Invalid bodies: each gets a clear answer and stores nothing.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::buying::samples::{self, pointers, with};
use crate::buying::world::{COURIERS, LABELS, RETURNS, SETTLE, World};

const MEBIBYTE: usize = 1024 * 1024;

/// Every route that accepts a body, with a valid body.
fn routes() -> [(&'static str, Value); 4] {
    [
        (LABELS, samples::label("A-1")),
        (RETURNS, samples::return_awb("A-1")),
        (COURIERS, samples::route()),
        (SETTLE, samples::settlement("A-1")),
    ]
}

/// Asserts that the aggregator was not called and nothing was stored.
pub(crate) async fn nothing_happened(world: &World) {
    assert!(world.calls().is_empty());
    assert_eq!(world.stored().await, 0);
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn invalid_json_is_a_400_with_the_position() {
    let world = World::start().await;
    for (path, good) in routes() {
        let good = good.to_string();
        let curly = good.replace('"', "\u{201d}");
        let cut = &good[..good.len() / 2];
        let twice = format!("{good}{good}");
        let comma = good.replace('}', ",}");
        let latin1 = [b"{\"extra\": \"\xe4\",", &good.as_bytes()[1..]].concat();
        let bom = format!("\u{feff}{good}");
        let bodies: [&[u8]; 13] = [
            b"",
            b"no JSON",
            b"{'a': 1}",
            b"{\"a\": .5}",
            b"{\"a\": NaN}",
            b"{\"a\": 01}",
            b"\xff\xfe\x00",
            curly.as_bytes(),
            cut.as_bytes(),
            twice.as_bytes(),
            comma.as_bytes(),
            &latin1,
            bom.as_bytes(),
        ];
        for body in bodies {
            let answer = world.post_raw(path, body.to_vec()).await;
            let problem = answer.problem(400, "malformed-json");
            let detail = problem["detail"].as_str().unwrap();
            assert!(
                detail.contains("line") && detail.contains("column"),
                "{detail}"
            );
        }
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn json_that_is_not_an_object_is_reported_with_the_empty_pointer() {
    let world = World::start().await;
    for (path, _) in routes() {
        for body in ["null", "[]", "7", "\"text\"", "true", "[{}]", "1e300"] {
            let answer = world.post_raw(path, body).await;
            let pointers = answer.invalid_pointers();
            assert_eq!(pointers[0], "", "{path} {body}: {pointers:?}");
        }
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn only_json_is_accepted() {
    let world = World::start().await;
    for (path, good) in routes() {
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/xml",
            "multipart/form-data; boundary=x",
            "application/octet-stream",
            "application/jsonp",
            "",
        ] {
            let request = world.as_demo(Method::POST, path).body(good.to_string());
            let answer = Answer::to(request.header("content-type", content_type)).await;
            answer.problem(415, "unsupported-media-type");
        }
    }
    nothing_happened(&world).await;
    for (order_number, content_type) in [
        ("A-1", Some("application/json;charset=UTF-8")),
        ("A-2", Some("Application/JSON")),
        ("A-3", Some("application/vnd.brand+json")),
        ("A-4", None),
    ] {
        let mut request = world.as_demo(Method::POST, LABELS);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let body = samples::label(order_number).to_string();
        Answer::to(request.body(body)).await.ok();
    }
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_too_large() {
    let world = World::start().await;
    for (path, good) in routes() {
        let mut body = good.to_string();
        body.push_str(&" ".repeat(MEBIBYTE + 1 - body.len()));
        let answer = world.post_raw(path, body).await;
        answer.problem(413, "body-too-large");
    }
    nothing_happened(&world).await;
    let mut body = samples::label("A-1").to_string();
    body.push_str(&" ".repeat(MEBIBYTE - body.len()));
    world.post_raw(LABELS, body).await.ok();
}

#[tokio::test]
async fn a_wrong_type_is_named_wherever_it_is() {
    let world = World::start().await;
    for (path, good) in routes() {
        for pointer in pointers(&good).iter().filter(|pointer| !pointer.is_empty()) {
            let wrong = if good.pointer(pointer).is_some_and(Value::is_object) {
                [json!([]), json!("text"), json!(7)]
            } else {
                [json!({ "a": 1 }), json!([[]]), json!(true)]
            };
            for wrong in wrong {
                let body = with(good.clone(), pointer, wrong);
                let found = world.post(path, &body).await.invalid_pointers();
                let expected = match &body.pointer(pointer) {
                    Some(Value::Array(_)) if pointer.ends_with("/orderLineItems") => {
                        format!("{pointer}/0")
                    }
                    _ => pointer.clone(),
                };
                assert_eq!(found, [expected], "{path} {body}");
            }
        }
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn all_invalid_fields_are_named_at_once() {
    let world = World::start().await;
    for (path, good) in routes() {
        let mut body = good.clone();
        let mut leaves = pointers(&good);
        leaves.retain(|pointer| {
            let value = good.pointer(pointer).unwrap();
            !value.is_object() && !value.is_array()
        });
        for pointer in &leaves {
            *body.pointer_mut(pointer).unwrap() = json!([7]);
        }
        leaves.sort();
        let found = world.post(path, &body).await.invalid_pointers();
        assert_eq!(found, leaves, "{path}");
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn all_missing_fields_are_named_at_once() {
    let world = World::start().await;
    let address = [
        "addressLine1",
        "city",
        "country",
        "firstName",
        "state",
        "zip",
    ];
    let order = [
        "orderAmount",
        "orderDate",
        "orderLineItems",
        "orderNumber",
        "paymentType",
        "shipmentType",
    ];
    let within = |object: &str, names: &[&str]| -> Vec<String> {
        names
            .iter()
            .map(|name| format!("/{object}/{name}"))
            .collect()
    };
    let empty = json!({
        "pickupAddress": {}, "dropAddress": {}, "orderDetails": {}, "shipmentDimension": {},
    });
    let found = world.post(LABELS, &empty).await.invalid_pointers();
    let dimensions = ["breadth", "height", "length", "weight"];
    let expected = [
        within("dropAddress", &address),
        within("orderDetails", &order),
        within("pickupAddress", &address),
        within("shipmentDimension", &dimensions),
    ];
    assert_eq!(found, expected.concat());

    let objects = [
        "/dropAddress",
        "/orderDetails",
        "/pickupAddress",
        "/shipmentDimension",
    ];
    let found = world.post(LABELS, &json!({})).await.invalid_pointers();
    assert_eq!(found, objects);
    let found = world.post(RETURNS, &json!({})).await.invalid_pointers();
    assert_eq!(
        found,
        [&objects[..3], &["/returnReason"], &objects[3..]].concat()
    );
    let found = world.post(COURIERS, &json!({})).await.invalid_pointers();
    assert_eq!(
        found,
        [
            "/dropPincode",
            "/orderAmount",
            "/paymentType",
            "/pickupPincode",
            "/shipmentType"
        ]
    );
    nothing_happened(&world).await;
}

#[tokio::test]
async fn null_and_empty_count_as_missing() {
    let world = World::start().await;
    world.keep_only_account("magic").await;
    let optional = [
        "/pickupAddress/lastName",
        "/pickupAddress/middleName",
        "/pickupAddress/addressLine2",
        "/pickupAddress/addressLine3",
        "/pickupAddress/email",
        "/pickupAddress/phone",
        "/courierId",
        "/warehouseCode",
        "/logisticAccountAlias",
    ];
    let good = samples::label("A-1");
    for pointer in pointers(&good).iter().filter(|pointer| !pointer.is_empty()) {
        if optional.contains(&pointer.replace("drop", "pickup").as_str()) {
            continue;
        }
        for nothing in [json!(null), json!(""), json!("   ")] {
            let body = with(good.clone(), pointer, nothing);
            let found = world.post(LABELS, &body).await.invalid_pointers();
            assert_eq!(found, [pointer.as_str()], "{body}");
        }
    }
    nothing_happened(&world).await;
    let mut nulls = good.clone();
    let mut empties = good;
    for pointer in optional {
        *nulls.pointer_mut(pointer).unwrap() = json!(null);
        *empties.pointer_mut(pointer).unwrap() = json!("");
    }
    world.post(LABELS, &nulls).await.ok();
    assert!(world.post(LABELS, &empties).await.is_replayed());
}

#[tokio::test]
async fn unusual_json_never_causes_a_5xx() {
    let world = World::start().await;
    let good = samples::label("A-1").to_string();
    let open = &good[..good.len() - 1];
    for strange in [
        nested(100_000),
        format!("{open},\"extra\":{}}}", nested(100_000)),
        format!("{open},\"dropAddress\":{}}}", nested(100)),
        format!("{open},\"orderDetails\":{{}}}}"),
        format!(
            "{open},\"shipmentDimension\":{{\"length\":{}}}}}",
            nested(50)
        ),
        "{\"a\":".repeat(50_000),
        format!("{{\"{}\":1}}", "k".repeat(100_000)),
    ] {
        for (path, _) in routes() {
            let answer = world.post_raw(path, strange.clone()).await;
            let slug = if answer.status == 400 {
                "malformed-json"
            } else {
                "invalid-request"
            };
            answer.problem(answer.status, slug);
            assert!(matches!(answer.status, 400 | 422), "{answer:?}");
        }
    }
    nothing_happened(&world).await;

    let ignored = format!(
        "{open},\"extra\":{},\"~/\":null,\"__proto__\":{{}},\"courierId\":1003}}",
        nested(50)
    );
    let label = world.post_raw(LABELS, ignored).await.ok();
    assert_eq!(
        label["carrierName"], "Bluedart",
        "of two keys the last one counts"
    );
}

#[tokio::test]
async fn both_names_of_the_lines_are_read() {
    let world = World::start().await;
    let mut request = samples::label("A-1");
    let order = request["orderDetails"].as_object_mut().unwrap();
    let lines = order.remove("orderLineItems").unwrap();
    order.insert("orderLineItemList".to_owned(), lines);
    world.post(LABELS, &request).await.ok();
    assert!(world.label("A-1").await.is_replayed());
}
