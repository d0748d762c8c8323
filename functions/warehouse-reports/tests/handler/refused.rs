//! Reports that cannot be read: nothing is stored or queued.

use serde_json::json;

use super::world::{ORDER, Reporting};

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_happens() {
    let world = Reporting::start().await;
    let empty = world.issue(&json!({})).await;
    assert_eq!(
        empty.pointers(),
        [
            "/warehouse_id",
            "/order_type",
            "/doc_no",
            "/delivery_no",
            "/carrier_name",
            "/details"
        ]
    );
    let lines = json!([{ "sku": "1", "qty_shipped": -1 }, { "sku": "2", "qty_shipped": "-2" }, { "qty_shipped": 3e38 }]);
    let negative = world.issue(&world.goods_issue(&[("details", lines)])).await;
    assert_eq!(
        negative.pointers(),
        [
            "/details/0/qty_shipped",
            "/details/1/qty_shipped",
            "/details/2/sku",
            "/details/2/qty_shipped"
        ]
    );
    let none = world
        .issue(&world.goods_issue(&[("details", json!([]))]))
        .await;
    assert_eq!(none.pointers(), ["/details"]);
    let long = world
        .status(&json!({ "order_no": "x".repeat(51), "status_code": "" }))
        .await;
    assert_eq!(long.pointers(), ["/order_no", "/status_code"]);
    let list = world.status(&json!([])).await;
    assert_eq!(list.pointers(), [""]);
    assert!(world.tasks().await.is_empty());
    assert!(world.found(ORDER).await.is_none());
}

#[tokio::test]
async fn a_body_that_is_not_json_or_too_large_has_its_status_and_the_envelope() {
    let world = Reporting::start().await;
    let large = world.goods_issue(&[("remark", json!("x".repeat(256 * 1024)))]);
    let large = world.issue(&large).await;
    assert_eq!(
        (large.status, &large.body["metadata"]["errors"][0]["code"]),
        (413, &json!("body-too-large"))
    );
    let text = world
        .event
        .clone()
        .with_header("content-type", Some("text/plain"));
    let text = world.send(&text).await;
    assert_eq!(
        (text.status, &text.body["metadata"]["http_status_code"]),
        (415, &json!(415))
    );
    let stranger = world.event.clone().with_header("authorization", None);
    let stranger = world.send(&stranger).await;
    assert_eq!(
        (stranger.status, &stranger.body["data"]),
        (401, &json!(null))
    );
    assert!(world.found(ORDER).await.is_none());
}
