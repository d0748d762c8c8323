//! Invoices, shipments and the handover, and what they do to the order.

use serde_json::{Value, json};

use crate::magento::{Running, order};

fn item(id: u64, quantity: u64) -> Value {
    json!({ "items": [{ "order_item_id": id, "qty": quantity }] })
}

#[tokio::test]
async fn an_order_is_complete_when_all_is_invoiced_and_shipped() {
    let running = Running::selling(&order(7)).await;
    assert_eq!(
        running
            .post("/order/7/invoice", &json!({ "capture": true }))
            .await,
        (200, json!(1))
    );
    assert_eq!(running.get("/orders/7/statuses").await.1, "processing");
    assert_eq!(
        running.post("/order/7/ship", &json!({})).await,
        (200, json!(1))
    );
    assert_eq!(running.get("/orders/7/statuses").await.1, "complete");
}

#[tokio::test]
async fn a_shipped_order_without_an_invoice_stays_processing() {
    let running = Running::selling(&order(7)).await;
    running.post("/order/7/ship", &json!({})).await;
    assert_eq!(running.get("/orders/7/statuses").await.1, "processing");
}

#[tokio::test]
async fn an_invoice_takes_exact_parts() {
    let running = Running::selling(&order(7)).await;
    assert_eq!(running.post("/order/7/invoice", &item(11, 1)).await.0, 200);
    let (status, answer) = running.post("/order/7/invoice", &item(11, 2)).await;
    assert_eq!((status, &answer["parameters"]), (400, &json!(["A"])));
    assert_eq!(
        running
            .post("/order/7/invoice", &json!({ "capture": true }))
            .await,
        (200, json!(2))
    );
    let key = "searchCriteria[filterGroups][0][filters][0]";
    let (_, page) = running
        .get(&format!("/invoices?{key}[field]=order_id&{key}[value]=7"))
        .await;
    let invoices = page["items"].as_array().unwrap();
    assert_eq!(invoices.len(), 2);
    assert_eq!(
        (&invoices[0]["state"], &invoices[1]["state"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(invoices[1]["subtotal"].to_string(), "24.99");
    assert_eq!(invoices[1]["subtotal_incl_tax"].to_string(), "29.49");
    assert_eq!(running.post("/order/7/invoice", &json!({})).await.0, 400);
}

#[tokio::test]
async fn a_second_handover_and_a_foreign_row_are_refused() {
    let running = Running::selling(&order(7)).await;
    assert_eq!(running.post("/order/7/ship", &item(99, 1)).await.0, 400);
    assert_eq!(running.post("/order/7/ship", &item(11, 3)).await.0, 400);
    assert_eq!(
        running
            .post("/order/7/ship", &json!({ "entity": item(11, 1) }))
            .await
            .0,
        200
    );
    let (status, answer) = running.post("/order/7/ship", &json!({})).await;
    assert_eq!(status, 400);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("without products")
    );
    assert_eq!(
        running.order(7).await["shipments"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_saved_shipment_leaves_the_order_alone_and_takes_tracks() {
    let running = Running::selling(&order(7)).await;
    let entity = json!({ "order_id": 7, "items": [{ "order_item_id": 11, "qty": 2 }], "tracks": [], "shipping_label": "JVBERg==" });
    let (status, shipment) = running
        .post("/shipment/", &json!({ "entity": entity }))
        .await;
    assert_eq!(
        (status, &shipment["increment_id"]),
        (200, &json!("000000001"))
    );
    let track = json!({ "entity": { "order_id": 7, "parent_id": 1, "track_number": "X1", "carrier_code": "custom", "title": "X" } });
    assert_eq!(running.post("/shipment/track", &track).await.0, 200);
    let (_, shipment) = running.get("/shipment/1").await;
    assert_eq!(shipment["tracks"][0]["track_number"], "X1");
    assert_eq!(
        running.get("/shipment/1/label").await,
        (200, json!("JVBERg=="))
    );
    assert_eq!(running.get("/orders/7/statuses").await.1, "pending");
    assert_eq!(running.get("/shipment/2").await.0, 404);
}

#[tokio::test]
async fn the_shop_says_whose_the_tracks_of_a_handover_are() {
    let running = Running::selling(&order(7)).await;
    let track = json!({ "track_number": "X1", "carrier_code": "custom", "title": "X" });
    let body = json!({ "tracks": [track] });
    assert_eq!(running.post("/order/7/ship", &body).await.0, 200);
    let (_, shipment) = running.get("/shipment/1").await;
    assert_eq!(
        shipment["tracks"],
        json!([{
            "entity_id": 1, "order_id": 7, "parent_id": 1, "track_number": "X1", "carrier_code": "custom", "title": "X",
            "weight": null, "qty": null, "description": null,
        }])
    );
}

#[tokio::test]
async fn tracks_must_be_a_list() {
    let running = Running::selling(&order(7)).await;
    let (status, _) = running
        .post(
            "/order/7/ship",
            &json!({ "tracks": { "track_number": "X" } }),
        )
        .await;
    assert_eq!(status, 400);
    assert!(
        running.order(7).await["shipments"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

/// An order of a parent of this kind with one child.
fn composed(kind: &str, shipment_type: u8) -> Value {
    json!({ "entity_id": 7, "items": [
        { "item_id": 11, "sku": "P", "product_type": kind, "shipment_type": shipment_type, "qty_ordered": 2 },
        { "item_id": 12, "sku": "C", "product_type": "simple", "parent_item_id": 11, "qty_ordered": 4 },
    ] })
}

#[tokio::test]
async fn the_parent_ships_unless_a_bundle_ships_separately() {
    for (kind, separately, ships, refused) in [
        ("configurable", 0, 11, 12),
        ("bundle", 0, 11, 12),
        ("bundle", 1, 12, 11),
    ] {
        let running = Running::selling(&composed(kind, separately)).await;
        assert_eq!(
            running.post("/order/7/ship", &item(refused, 1)).await.0,
            400,
            "{kind}"
        );
        assert_eq!(
            running.post("/order/7/ship", &item(ships, 1)).await.0,
            200,
            "{kind}"
        );
    }
}

#[tokio::test]
async fn a_childs_quantities_follow_its_parents() {
    let running = Running::selling(&composed("configurable", 0)).await;
    running.post("/order/7/invoice", &item(11, 1)).await;
    let stored = running.order(7).await;
    assert_eq!(stored["order"]["items"][1]["qty_invoiced"], 2);
}

#[tokio::test]
async fn a_virtual_product_needs_no_shipment() {
    let row = json!({ "item_id": 11, "sku": "V", "product_type": "virtual", "qty_ordered": 1 });
    let running = Running::selling(&json!({ "entity_id": 7, "items": [row] })).await;
    assert_eq!(running.post("/order/7/ship", &json!({})).await.0, 400);
    running.post("/order/7/invoice", &json!({})).await;
    assert_eq!(running.get("/orders/7/statuses").await.1, "complete");
}
