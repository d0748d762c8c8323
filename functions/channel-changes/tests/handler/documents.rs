//! Invoices, shipments and handovers: each once, with what is open.

use super::*;

#[tokio::test]
async fn the_event_creates_a_shipment_once() {
    let changing = Changing::start().await;
    changing
        .sell(&json!({
            "entity_id": 4711, "created_at": "2026-11-01 08:00:00", "status": "processing", "state": "processing",
            "items": [{ "item_id": 1, "product_type": "simple", "sku": "A", "qty_ordered": 3 }],
        }))
        .await;
    let first = changing.send(changing.event.clone()).await;
    assert_eq!((first.status().as_u16(), is_replayed(&first)), (201, false));
    insta::assert_snapshot!(text(&first), @r#"{"shipmentId":"1","incrementId":"000000001","tracks":[{"trackNumber":"AWB-4711","carrierCode":"custom","title":"Blue Dart","quantity":2,"description":"Blue Dart"}],"items":[{"itemId":"1","quantity":2}]}"#);
    let repeat = changing.send(changing.event.clone()).await;
    assert_eq!(
        (repeat.status().as_u16(), is_replayed(&repeat)),
        (200, true)
    );
    assert_eq!(text(&repeat), text(&first));
    let shop = changing.shop(4711).await;
    assert_eq!(shop["shipments"].as_array().unwrap().len(), 1);
    let comment = &shop["shipments"][0]["comments"];
    assert!(comment.is_array(), "{comment}");
    // Trap 5: only the handover moves the order.
    assert_eq!(shop["order"]["status"], "processing");
    assert_eq!(changing.sent(), ["/shipment/"]);
}

#[tokio::test]
async fn a_request_key_tells_equal_requests_apart() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let shipment = |key: &str, quantity| {
        let mut body = pieces(1, quantity);
        body["requestKey"] = json!(key);
        body
    };
    for (key, status) in [("a", 201), ("b", 201), ("a", 200), ("b", 200)] {
        let answer = changing.post(1, "shipments", &shipment(key, 1)).await;
        assert_eq!(answer.status().as_u16(), status, "{key}: {answer:?}");
    }
    assert_eq!(changing.count(1, "shipments").await, 2);
    let other = changing.post(1, "shipments", &shipment("a", 2)).await;
    assert_eq!(kind(&other), problem(422, "order-number-reused"));
    // The key of an invoice is another one.
    let invoice = json!({ "requestKey": "a" });
    let invoiced = changing.post(1, "invoices", &invoice).await;
    assert_eq!(invoiced.status(), 201, "{invoiced:?}");
}

#[tokio::test]
async fn a_refused_request_may_be_corrected_under_its_key() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing.fault(&json!([{ "call": "createInvoice", "kind": "refuse", "message": "The card was declined." }]));
    let invoice = |capture: bool| json!({ "capture": capture, "requestKey": "a" });
    let refused = changing.post(1, "invoices", &invoice(true)).await;
    assert_eq!(refusal(&refused), "The card was declined.");
    let corrected = changing.post(1, "invoices", &invoice(false)).await;
    assert_eq!(corrected.status(), 201, "{corrected:?}");
}

#[tokio::test]
async fn invoices_are_listed_with_their_state() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let part = json!({ "capture": true, "items": [{ "itemId": 11, "quantity": 1 }] });
    let first = changing.post(1, "invoices", &part).await;
    insta::assert_snapshot!(text(&first), @r#"{"invoiceId":"1","incrementId":"000000001","state":2,"items":[{"itemId":"11","quantity":1}]}"#);
    // Without a body: all that is not invoiced, without taking the money.
    let rest = changing.of_order("POST", 1, "invoices").await;
    insta::assert_snapshot!(text(&rest), @r#"{"invoiceId":"2","incrementId":"000000002","state":1,"items":[{"itemId":"11","quantity":2},{"itemId":"12","quantity":1}]}"#);
    let listed = changing.of_order("GET", 1, "invoices").await;
    let invoices = json!({ "invoices": [json(&first), json(&rest)] });
    assert_eq!(json(&listed), invoices);
}

#[tokio::test]
async fn shipments_are_listed_read_and_without_a_label_not_found() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let empty = changing.of_order("GET", 1, "shipments").await;
    assert_eq!(json(&empty), json!({ "shipments": [] }));
    let shipped = changing.post(1, "shipments", &pieces(1, 2)).await;
    let listed = changing.of_order("GET", 1, "shipments").await;
    assert_eq!(json(&listed), json!({ "shipments": [json(&shipped)] }));
    let id = json(&shipped)["shipmentId"].as_str().unwrap().to_owned();
    let of_id =
        |id: &str| changing.asking("GET", &format!("shipments/{id}"), &[("shipmentId", id)]);
    let read = changing.send(of_id(&id)).await;
    assert_eq!(json(&read), json(&shipped));
    let pdf = of_id(&id).with_header("accept", Some("application/pdf"));
    assert_eq!(kind(&changing.send(pdf).await), problem(404, "not-found"));
    for unknown in ["99", "x", "a/b"] {
        let read = changing.send(of_id(unknown)).await;
        assert_eq!(kind(&read), problem(404, "not-found"), "{unknown}");
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let wrong = json!({
        "items": [{ "itemId": "11", "quantity": 4 }, { "itemId": "99", "quantity": 1 }], "tracks": tracks("A"),
    });
    let both = ["/items/0/quantity", "/items/1/itemId"];
    for what in ["shipments", "handover", "invoices"] {
        let answer = changing.post(1, what, &wrong).await;
        assert_eq!(pointers(&answer), both, "{what}");
    }
    let no_tracks = json!({ "tracks": [] });
    let answer = changing.post(1, "shipments", &no_tracks).await;
    assert_eq!(pointers(&answer), ["/tracks"]);
    assert_eq!(changing.sent(), [""; 0]);
    // What an earlier shipment has is not open, although the shop does not count it (trap 5).
    assert_eq!(
        changing.post(1, "shipments", &pieces(1, 2)).await.status(),
        201
    );
    let mut more = pieces(1, 2);
    more["tracks"] = tracks("AWB-2");
    let answer = changing.post(1, "shipments", &more).await;
    assert_eq!(pointers(&answer), ["/items/0/quantity"]);
    assert_eq!(changing.sent(), ["/shipment/"]);
}

#[tokio::test]
async fn an_unknown_order_or_account_is_not_found() {
    let changing = Changing::start().await;
    let shipment = json!({ "tracks": tracks("A") });
    for (what, body) in [
        ("acknowledge", json!({})),
        ("cancel", json!({})),
        ("invoices", json!({})),
        ("shipments", shipment),
        ("handover", json!({})),
    ] {
        let answer = changing.post(99, what, &body).await;
        assert_eq!(kind(&answer), problem(404, "not-found"), "{what}");
    }
    for what in ["invoices", "shipments"] {
        let answer = changing.of_order("GET", 99, what).await;
        assert_eq!(kind(&answer), problem(404, "not-found"), "{what}");
    }
    let event = changing.asking("POST", "orders/1/cancel", &[("channelOrderId", "1")]);
    let answer = changing.send(event.clone().with_path_parameter("alias", "none"));
    assert_eq!(kind(&answer.await), problem(404, "not-found"));
    let answer = changing.send(event.with_path_parameter("alias", "shopify"));
    assert_eq!(
        kind(&answer.await),
        problem(422, "capability-not-supported")
    );
    assert_eq!(changing.sent(), [""; 0]);
}

#[tokio::test]
async fn a_handover_completes_an_invoiced_order_and_is_done_without_an_invoice_too() {
    let changing = Changing::start().await;
    for id in [1, 2] {
        changing.sell(&order(id)).await;
    }
    changing.of_order("POST", 1, "invoices").await;
    let handed = changing
        .post(
            1,
            "handover",
            &json!({ "tracks": tracks("A"), "notify": true }),
        )
        .await;
    assert_eq!(handed.status(), 200);
    assert_eq!(
        json(&handed),
        json!({ "handoverId": "1", "status": "complete" })
    );
    let handed = changing.of_order("POST", 2, "handover").await;
    assert_eq!(
        json(&handed),
        json!({ "handoverId": "2", "status": "processing" })
    );
    let repeat = changing.of_order("POST", 2, "handover").await;
    assert_eq!((text(&repeat), is_replayed(&repeat)), (text(&handed), true));
    // Trap 6: the shop refuses a second one, so it is not sent.
    let other = changing
        .post(2, "handover", &json!({ "tracks": tracks("B") }))
        .await;
    assert_eq!(pointers(&other), ["/items"]);
    let sent = changing.sent();
    let ships = sent.iter().filter(|path| path.ends_with("/ship"));
    assert_eq!(ships.count(), 2);
}
