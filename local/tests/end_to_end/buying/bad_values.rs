//! Invalid values of the right type: too large, too many, too long, or not in the document.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::buying::bad_input::nothing_happened;
use crate::buying::samples::{self, with};
use crate::buying::world::{LABELS, World, with_query};

#[tokio::test]
async fn numbers_must_be_in_range() {
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
            "1e400",
            "-1e400",
            "1e-400",
            "-1e-400",
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
    }
    // All invalid fields are named, whatever their number is.
    let two = with(
        samples::label("A-1"),
        "/shipmentDimension/length",
        json!(-1),
    );
    let two = with(two, "/orderDetails/orderAmount", json!("@")).to_string();
    let answer = world.post_raw(LABELS, two.replace("\"@\"", "1e400")).await;
    assert_eq!(
        answer.invalid_pointers(),
        ["/orderDetails/orderAmount", "/shipmentDimension/length"]
    );
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
    let mut ignored = samples::label("A-1");
    ignored["pickupAddress"]["unknown"] = json!("@");
    let ignored = ignored.to_string().replace("\"@\"", "[1e400, 1e-400]");
    world.post_raw(LABELS, ignored).await.ok();
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
async fn ids_have_no_invisible_characters() {
    let world = World::start().await;
    for pointer in [
        "/orderDetails/orderNumber",
        "/orderDetails/orderLineItems/0/sku",
        "/logisticAccountAlias",
        "/warehouseCode",
    ] {
        for odd in ["A-1\u{200b}", "A\u{202e}-1", "\u{feff}A-1", "A-\u{ad}1"] {
            let body = with(samples::label("A-1"), pointer, json!(odd));
            let answer = world.post(LABELS, &body).await;
            assert_eq!(answer.invalid_pointers(), [pointer], "{odd:?}");
        }
    }
    nothing_happened(&world).await;
    world.label("A-1").await.ok();
    for name in ["orderNumber", "orderId"] {
        let path = with_query(LABELS, &[(name, "A-1\u{200b}")]);
        let problem = Answer::to(world.as_demo(Method::GET, &path)).await;
        let problem = problem.problem(400, "invalid-parameter");
        assert!(problem["detail"].as_str().unwrap().contains(name));
    }
    let path = "/shipments/A-1%E2%80%8B";
    Answer::to(world.as_demo(Method::GET, path))
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn enumerations_and_dates_follow_the_document() {
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
