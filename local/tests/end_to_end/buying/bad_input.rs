//! Bodies that cannot be meant: each gets a clear answer and leaves nothing behind.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::buying::samples::{self, pointers, with};
use crate::buying::world::{COURIERS, LABELS, RETURNS, SETTLE, World};

const MEBIBYTE: usize = 1024 * 1024;

/// Every route that takes a body, with a good one.
fn routes() -> [(&'static str, Value); 4] {
    [
        (LABELS, samples::label("A-1")),
        (RETURNS, samples::return_awb("A-1")),
        (COURIERS, samples::route()),
        (SETTLE, samples::settlement("A-1")),
    ]
}

async fn nothing_happened(world: &World) {
    assert!(world.calls().is_empty());
    assert_eq!(world.stored().await, 0);
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[tokio::test]
async fn what_is_not_json_is_a_400_that_says_where() {
    let world = World::start().await;
    for (path, good) in routes() {
        let good = good.to_string();
        let curly = good.replace('"', "\u{201d}");
        let cut = &good[..good.len() / 2];
        let twice = format!("{good}{good}");
        let comma = good.replace('}', ",}");
        let latin1 = [b"{\"extra\": \"\xe4\",", &good.as_bytes()[1..]].concat();
        let bom = format!("\u{feff}{good}");
        let bodies: [&[u8]; 14] = [
            b"",
            b"no JSON",
            b"{'a': 1}",
            b"{\"a\": .5}",
            b"{\"a\": NaN}",
            b"{\"a\": 01}",
            b"{\"a\": \"\\ud800\"}",
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
async fn json_that_is_no_object_is_named_by_the_empty_pointer() {
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
async fn only_json_is_taken() {
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
async fn all_that_is_wrong_is_named_at_once() {
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
async fn all_that_is_missing_is_named_at_once() {
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
async fn null_and_empty_are_as_good_as_absent() {
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
async fn numbers_have_usual_sizes() {
    let world = World::start().await;
    let body = |pointer: &str, number: &str| {
        with(samples::label("A-1"), pointer, json!("@"))
            .to_string()
            .replace("\"@\"", number)
    };
    for pointer in [
        "/orderDetails/orderAmount",
        "/orderDetails/orderLineItems/0/sellingPricePerUnit",
        "/orderDetails/orderLineItems/0/quantity",
        "/shipmentDimension/length",
        "/shipmentDimension/weight",
        "/courierId",
    ] {
        for number in [
            "-1",
            "-0.5",
            "1e300",
            "-1e300",
            "1e-300",
            "99999999999999999999999999",
            "18446744073709551616",
            "\"-1\"",
            "\"1e999\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"0x10\"",
            "\"ten\"",
            "\" 1\"",
            "\"1,5\"",
            "\"\u{661}\"",
        ] {
            let answer = world.post_raw(LABELS, body(pointer, number)).await;
            assert_eq!(answer.invalid_pointers(), [pointer], "{number}");
        }
        let answer = world.post_raw(LABELS, body(pointer, "1e400")).await;
        answer.invalid_pointers();
    }
    for number in [
        "0.00001",
        "100000000001",
        "\"0.1234567890123456789012345678901234\"",
    ] {
        let pointer = "/orderDetails/orderAmount";
        let answer = world.post_raw(LABELS, body(pointer, number)).await;
        assert_eq!(answer.invalid_pointers(), [pointer], "{number}");
    }
    for number in ["0", "1.5", "1000001", "\"1.5\""] {
        let pointer = "/orderDetails/orderLineItems/0/quantity";
        let answer = world.post_raw(LABELS, body(pointer, number)).await;
        assert_eq!(answer.invalid_pointers(), [pointer], "{number}");
    }
    for number in ["1.5", "\"+5\"", "\"007\"", "\"1.0\"", "9223372036854775808"] {
        let answer = world.post_raw(LABELS, body("/courierId", number)).await;
        assert_eq!(answer.invalid_pointers(), ["/courierId"], "{number}");
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn numbers_reach_the_aggregator_exactly() {
    let world = World::start().await;
    let mut request = samples::label("A-1");
    request["orderDetails"]["orderAmount"] = json!("99999999999.99");
    request["orderDetails"]["orderLineItems"][0]["sellingPricePerUnit"] = json!(0);
    request["orderDetails"]["orderLineItems"][1]["sellingPricePerUnit"] = json!(0.1);
    request["orderDetails"]["orderLineItems"][1]["quantity"] = json!("3");
    request["shipmentDimension"]["weight"] = json!(0.5);
    world.post(LABELS, &request).await.ok();
    let sent = &world.calls()[0].body;
    let order = &sent["orderDetails"];
    assert_eq!(order["orderAmount"], json!(99_999_999_999.99));
    assert_eq!(order["orderLineItems"][0]["sellingPricePerUnit"], json!(0));
    assert_eq!(
        order["orderLineItems"][1]["sellingPricePerUnit"],
        json!(0.1)
    );
    assert_eq!(order["orderLineItems"][1]["quantity"], json!(3));
    assert_eq!(sent["shipmentDimension"]["weight"], json!(0.5));
    assert_eq!(order["orderDate"], "2022-03-16T12:31:02+05:30");
}

#[tokio::test]
async fn there_are_limits_to_lines_and_texts() {
    let world = World::start().await;
    let lines = |count: usize| {
        let line = json!({ "name": "n", "sku": "s", "sellingPricePerUnit": 1, "quantity": 1 });
        let lines = Value::Array(vec![line; count]);
        with(samples::label("A-1"), "/orderDetails/orderLineItems", lines)
    };
    for count in [0, 501, 10_000] {
        let answer = world.post(LABELS, &lines(count)).await;
        assert_eq!(answer.invalid_pointers(), ["/orderDetails/orderLineItems"]);
    }
    for (pointer, longest) in [
        ("/orderDetails/orderNumber", 100),
        ("/pickupAddress/firstName", 500),
        ("/pickupAddress/city", 500),
        ("/dropAddress/addressLine3", 500),
        ("/orderDetails/orderLineItems/0/sku", 500),
        ("/warehouseCode", 100),
        ("/logisticAccountAlias", 64),
    ] {
        let long = json!("ä".repeat(longest + 1));
        let body = with(samples::label("A-1"), pointer, long);
        let answer = world.post(LABELS, &body).await;
        assert_eq!(answer.invalid_pointers(), [pointer]);
    }
    nothing_happened(&world).await;
    world.post(LABELS, &lines(500)).await.ok();
    let longest = "ä".repeat(100);
    let label = world.label(&longest).await.ok();
    assert_eq!(label["orderNumber"], longest);
    assert_eq!(world.read_label(&longest).await.ok(), label);
}

#[tokio::test]
async fn words_and_dates_are_those_of_the_document() {
    let world = World::start().await;
    for (pointer, wrong) in [
        (
            "/orderDetails/paymentType",
            &["prepaid", "CASH", "PREPAID "][..],
        ),
        ("/orderDetails/shipmentType", &["forward", "EXCHANGE"]),
        (
            "/orderDetails/orderDate",
            &[
                "2022-03-16",
                "2022-03-16T12:31:02",
                "16/03/2022",
                "now",
                "2022-13-16T12:31:02Z",
                "99999-01-01T00:00:00Z",
            ],
        ),
        (
            "/orderDetails/orderNumber",
            &[" A-1", "A-1 ", "A\u{0}1", "A\n1"],
        ),
        ("/logisticAccountAlias", &["a b", "../magic", "mägic"]),
    ] {
        for wrong in wrong {
            let body = with(samples::label("A-1"), pointer, json!(wrong));
            let answer = world.post(LABELS, &body).await;
            assert_eq!(answer.invalid_pointers(), [pointer], "{wrong}");
        }
    }
    nothing_happened(&world).await;
}

#[tokio::test]
async fn strange_json_is_never_our_fault() {
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
