//! The quirks of real shops, by their number in docs/simulators.md.

use super::*;

#[tokio::test]
async fn trap_1_a_comment_does_not_lose_the_status() {
    let changing = Changing::start().await;
    changing.trap(&json!({ "1": true })).await;
    changing.sell(&order(1)).await;
    let answer = changing.of_order("POST", 1, "acknowledge").await;
    assert_eq!(json(&answer)["status"], "processing");
    assert_eq!(changing.shop(1).await["order"]["status"], "processing");
}

#[tokio::test]
async fn traps_2_and_3_a_status_that_the_shop_did_not_set_is_refused() {
    let changing = Changing::start().await;
    changing
        .trap(&json!({ "2": true, "3": { "all": true } }))
        .await;
    changing.sell(&order(1)).await;
    for _ in 0..2 {
        let answer = changing.of_order("POST", 1, "acknowledge").await;
        assert_eq!(
            refusal(&answer),
            "it was not done: the order's status is pending"
        );
    }
    changing.trap(&json!({})).await;
    let answer = changing.of_order("POST", 1, "acknowledge").await;
    assert_eq!(json(&answer)["status"], "processing");
}

#[tokio::test]
async fn trap_9_neither_true_nor_false_is_believed() {
    let changing = Changing::start().await;
    for (id, trap, is_cancelled, calls) in [
        (1, json!(true), false, 2),
        (2, json!({ "false": 1 }), true, 2),
        (3, json!({ "false": 9 }), false, 2),
        (4, json!({ "false": 0 }), true, 1),
    ] {
        changing.trap(&json!({ "9": trap })).await;
        changing.sell(&order(id)).await;
        let answer = changing.of_order("POST", id, "cancel").await;
        if is_cancelled {
            assert_eq!(json(&answer)["status"], "canceled", "{trap}");
        } else {
            assert_eq!(
                refusal(&answer),
                "it was not done: the order's status is pending"
            );
        }
        let path = format!("/orders/{id}/cancel");
        let sent = changing.sent().into_iter().filter(|sent| *sent == path);
        assert_eq!(sent.count(), calls, "{trap}");
    }
}

/// An order with one product of two rows: two of it, each with one of the child.
fn composed(id: u64, product_type: &str, shipment_type: u8) -> Value {
    let mut order = order(id);
    order["items"] = json!([
        {
            "item_id": 1, "product_type": product_type, "shipment_type": shipment_type, "sku": "SET", "qty_ordered": 2,
            "price": 10,
        },
        { "item_id": 2, "parent_item_id": 1, "product_type": "simple", "sku": "PART", "qty_ordered": 2 },
    ]);
    order
}

#[tokio::test]
async fn trap_10_each_product_is_shipped_by_the_row_that_the_shop_takes() {
    let changing = Changing::start().await;
    for (id, product_type, shipment_type, shipped) in [
        (1, "configurable", 0, 1),
        (2, "bundle", 0, 1),
        (3, "bundle", 1, 2),
    ] {
        changing
            .sell(&composed(id, product_type, shipment_type))
            .await;
        let named = json!({ "items": [{ "itemId": "2", "quantity": 1 }] });
        let handed = changing.post(id, "handover", &named).await;
        assert_eq!(handed.status(), 200, "{product_type}: {handed:?}");
        let invoiced = changing.post(id, "invoices", &named).await;
        assert_eq!(
            json(&invoiced)["items"],
            json!([{ "itemId": "1", "quantity": 1 }])
        );
        // By the row itself, the rest.
        let rest =
            json!({ "items": [{ "itemId": shipped, "quantity": 1 }], "tracks": tracks("A") });
        let handed = changing.post(id, "handover", &rest).await;
        assert_eq!(handed.status(), 200, "{product_type}: {handed:?}");
        let shop = changing.shop(id).await;
        for shipment in shop["shipments"].as_array().unwrap() {
            assert_eq!(
                shipment["items"][0]["order_item_id"], shipped,
                "{product_type}"
            );
        }
    }
}

#[tokio::test]
async fn trap_13_an_invoice_is_told_with_the_state_that_it_has() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing
        .trap(&json!({ "13": { "uncaptured": true } }))
        .await;
    let part = json!({ "capture": true, "items": [{ "itemId": "11", "quantity": 1 }] });
    let invoiced = changing.post(1, "invoices", &part).await;
    assert_eq!(
        (invoiced.status().as_u16(), json(&invoiced)["state"].clone()),
        (201, json!(1))
    );
    changing.trap(&json!({ "13": true })).await;
    let mut more = part.clone();
    more["requestKey"] = json!("second");
    let refused = changing.post(1, "invoices", &more).await;
    assert_eq!(
        refusal(&refused),
        "The partial invoice cannot be captured online."
    );
    assert_eq!(changing.count(1, "invoices").await, 1);
}
