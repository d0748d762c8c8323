//! Answers whose optional values are of the wrong type, too long, or dangerous. The AWB has been bought, so it is kept.

use serde_json::{Value, json};

use crate::aggregators::world::{LABELS, World};
use crate::demo;
use crate::vendors::{Vendor, those};

/// The call that answers with a courier's name, and where.
fn courier(alias: &str) -> (&'static str, &'static str) {
    match alias {
        "clickpost" => ("createOrder", "/result/courier_name"),
        "shiprocket" => ("assignAwb", "/response/data/courier_name"),
        "shipway" => ("createOrder", "/awb_response/carrier_name"),
        _ => ("generateShippingLabel", "/carrierName"),
    }
}

/// The same for a return.
fn return_courier(alias: &str) -> (&'static str, &'static str) {
    match alias {
        "clickpost" => ("createReturn", "/result/courier_name"),
        "shiprocket" => courier(alias),
        "shipway" => ("createReturn", "/awb_response/courier_name"),
        _ => ("generateReturnAwb", "/carrierName"),
    }
}

/// The call that answers with the URL of a label, and where.
fn label_url(alias: &str) -> (&'static str, &'static str) {
    match alias {
        "clickpost" => ("createOrder", "/result/label"),
        "shiprocket" => ("generateLabel", "/label_url"),
        "shipway" => ("createOrder", "/awb_response/shipping_url"),
        _ => ("generateShippingLabel", "/shippingLabelUrl"),
    }
}

fn changed((call, pointer): (&str, &str), value: &Value) -> Value {
    json!({ "call": call, "kind": "changed", "changes": { pointer: value } })
}

#[tokio::test]
async fn an_awb_is_kept_whatever_the_courier_s_name_is() {
    let odd = [
        json!(7),
        json!(["Delhivery"]),
        json!({ "name": "Delhivery" }),
        json!(true),
        json!("Blue\r\nDart\u{0}"),
        json!("x".repeat(10_000)),
        json!("x".repeat(600_000)),
    ];
    for &Vendor { alias, .. } in those(|vendor| !vendor.awb_is_pushed) {
        let world = World::start().await;
        for (number, odd) in odd.iter().enumerate() {
            let order = format!("A-{number}");
            world
                .faults(alias, json!([changed(courier(alias), odd)]))
                .await;
            let label = world.label(alias, &order).await.ok();
            assert!(label["awb"].is_string(), "{alias}");
            let name = label["carrierName"].as_str().unwrap_or_default();
            assert!(name.chars().count() <= 500 && !name.contains(char::is_control));
            let read = world.get(LABELS, &order).await.ok();
            assert_eq!(read["awb"], label["awb"], "{alias}");

            let order = format!("R-{number}");
            let fault = changed(return_courier(alias), odd);
            world.faults(alias, json!([fault])).await;
            let returned = world.return_awb(alias, &order).await.ok();
            assert!(returned["returnAwb"].is_string(), "{alias}");
        }
    }
}

#[tokio::test]
async fn a_label_is_kept_without_an_order_id() {
    let world = World::start().await;
    for (number, odd) in [json!(null), json!(["1"]), json!("1".repeat(101))]
        .iter()
        .enumerate()
    {
        let place = ("generateShippingLabel", "/orderId");
        world.faults("magic", json!([changed(place, odd)])).await;
        let order = format!("A-{number}");
        let label = world.label("magic", &order).await.ok();
        assert!(label["awb"].is_string());
        assert_eq!(label["orderId"], Value::Null);
        // Reading completes it.
        let read = world.get(LABELS, &order).await.ok();
        assert_eq!(read["awb"], label["awb"]);
        assert!(read["orderId"].is_string(), "{read}");
    }
}

#[tokio::test]
async fn a_signed_url_is_kept_and_a_password_is_not() {
    let signed = format!("https://labels.example/1?signature={}", "s".repeat(2_000));
    for &Vendor { alias, .. } in those(|vendor| !vendor.awb_is_pushed) {
        let world = World::start().await;
        for (order, told, expected) in [
            ("A-1", json!(signed), json!(signed)),
            (
                "A-2",
                json!("https://rms:s3cret@labels.example/2"),
                json!("https://***@labels.example/2"),
            ),
            (
                "A-3",
                json!("https://s3cret@labels.example/3"),
                json!("https://***@labels.example/3"),
            ),
            ("A-4", json!("javascript:s3cret"), json!(null)),
            ("A-5", json!([7]), json!(null)),
        ] {
            world
                .faults(alias, json!([changed(label_url(alias), &told)]))
                .await;
            let label = world.label(alias, order).await.ok();
            assert_eq!(label["shippingLabelUrl"], expected, "{alias} {order}");
            let repeat = world.label(alias, order).await.ok();
            assert_eq!(repeat, label, "{alias} {order}");
        }
        let client = world.stack.backends().dynamodb_client();
        let table = demo::table(&world.stack, "ShipmentsTable");
        let items = client.scan().table_name(table).send().await.unwrap();
        assert!(!format!("{items:?}").contains("s3cret"), "{alias}");
    }
}

#[tokio::test]
async fn a_document_that_may_never_be_fetched_is_named_so() {
    let world = World::start().await;
    for (number, url) in [
        "https://rms:s3cret@labels.example/1.pdf",
        "https://10.0.0.1/1.pdf",
        "https://169.254.169.254/latest/meta-data",
        "http://labels.example/1.pdf",
    ]
    .into_iter()
    .enumerate()
    {
        let order = format!("A-{number}");
        let looked_up = ("getShippingLabel", "/shippingLabelUrl");
        let faults = [label_url("magic"), looked_up].map(|place| changed(place, &json!(url)));
        world.faults("magic", json!(faults)).await;
        world.label("magic", &order).await.ok();
        let answer = world.document(&order).await;
        let problem = answer.problem(502, "label-document-unreachable");
        assert!(!problem.to_string().contains("s3cret"), "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("the label exists"), "{detail}");
    }
}

#[tokio::test]
async fn a_document_is_fetched_from_where_the_aggregator_has_it_now() {
    let world = World::start().await;
    let url = json!("https://10.0.0.1/1.pdf");
    world
        .faults("magic", json!([changed(label_url("magic"), &url)]))
        .await;
    world.label("magic", "A-1").await.ok();
    let document = world.document("A-1").await;
    assert_eq!(document.status, 200, "{document:?}");
    assert!(document.body.starts_with(b"%PDF-"));
}
