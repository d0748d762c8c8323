//! Orders, in both versions and directions, their idempotence, and their documents.

use serde_json::{Value, json};

use crate::clickpost::{Running, abroad, forward, forward_with, returned, text};

#[tokio::test]
async fn an_order_is_made_with_awb_and_label() {
    let running = Running::start().await;
    let (http, mut answer) = running.create(&forward("SHIP-1")).await;
    assert_eq!(http, 200);
    let awb = text(&answer["result"]["waybill"]);
    assert!(
        awb.len() == 12 && awb.bytes().all(|b| b.is_ascii_digit()),
        "{awb}"
    );
    assert_eq!(text(&answer["result"]["security_key"].take()).len(), 36);
    assert!(answer["order_id"].take().is_u64() && answer["tracking_id"].take().is_u64());
    assert_eq!(
        answer,
        json!({
            "meta": {
                "status": 200,
                "message": "Order Placed Successfully",
                "success": true,
                "username": "brand",
                "reference_number": "SHIP-1",
            },
            "result": {
                "waybill": awb,
                "reference_number": "SHIP-1",
                "label": format!("{}/clickpost/labels/{awb}.pdf", running.url),
                "courier_partner_id": 4,
                "courier_name": "Delhivery",
                "account_code": "delhivery-surface",
                "sort_code": "BEN/AHM",
                "security_key": null,
                "order_id": "ORDER-1",
            },
            "order_id": null,
            "tracking_id": null,
        })
    );
}

#[tokio::test]
async fn the_same_reference_number_again_is_323_with_the_same_result() {
    let running = Running::start().await;
    let (_, first) = running.create(&forward("SHIP-1")).await;
    let mut other = returned("SHIP-1");
    other["shipment_details"]["order_id"] = json!("ORDER-2");
    for repeat in [forward("SHIP-1"), other] {
        let (http, again) = running.create(&repeat).await;
        assert_eq!((http, &again["meta"]["status"]), (200, &json!(323)));
        assert_eq!(again["meta"]["success"], true);
        for same in ["waybill", "label", "security_key", "reference_number"] {
            assert_eq!(again["result"][same], first["result"][same], "{same}");
        }
        assert_eq!(again["result"]["order_id"], first["order_id"]);
        assert_eq!(again["result"]["tracking_id"], first["tracking_id"]);
        assert!(again["order_id"].is_null() && again["result"]["account_code"].is_null());
    }
    let (_, another) = running.create(&forward("SHIP-2")).await;
    assert_ne!(another["result"]["waybill"], first["result"]["waybill"]);
}

#[tokio::test]
async fn a_return_has_no_label() {
    let running = Running::start().await;
    let (_, answer) = running.create(&returned("RET-1")).await;
    assert_eq!(answer["meta"]["status"], 200, "{answer}");
    assert_eq!(answer["result"]["label"], Value::Null);
    assert_eq!(answer["result"]["courier_partner_id"], 25);
    let awb = text(&answer["result"]["waybill"]);
    let path = format!("/v1/fetch/shippinglabel/?waybill={awb}&cp_id=25&regenerate=true");
    let (_, label) = running.get(&path).await;
    assert_eq!(label["result"], json!({ "shipping_label": null }));
}

#[tokio::test]
async fn an_international_order_has_an_invoice_and_the_older_shape() {
    let running = Running::start().await;
    let (http, answer) = running.create_abroad(&abroad("INT-1")).await;
    assert_eq!(
        (http, &answer["meta"]["status"]),
        (200, &json!(200)),
        "{answer}"
    );
    let result = &answer["result"];
    let awb = text(&result["waybill"]);
    let invoice = format!("{}/clickpost/commercial-invoices/{awb}.pdf", running.url);
    assert_eq!(result["commercial_invoice_url"], invoice);
    assert!(result["order_id"].is_u64() && result["tracking_id"].is_u64());
    assert_eq!(result["sort_code"], Value::Null);
    assert!(answer["order_id"].is_null() && answer["meta"]["username"].is_null());
    for document in [invoice, text(&result["label"])] {
        let file = running.client.get(&document).send().await.unwrap();
        assert_eq!(file.status(), 200, "{document}");
        assert_eq!(file.headers()["content-type"], "application/pdf");
    }

    let (_, again) = running.create_abroad(&abroad("INT-1")).await;
    assert_eq!(again["meta"]["status"], 323);
    assert!(again["result"]["commercial_invoice_url"].is_null());
    let (_, fetched) = running
        .get(&format!("/v4/create-order/?awb={awb}&cp_id=138"))
        .await;
    assert_eq!(fetched["result"], again["result"]);
}

#[tokio::test]
async fn an_order_of_several_pieces_has_children() {
    let running = Running::start().await;
    let mut order = abroad("INT-1");
    order["shipment_details"]["courier_partner"] = json!(164);
    let (_, answer) = running.create_abroad(&order).await;
    let awb = text(&answer["result"]["waybill"]);
    let children = answer["result"]["children"].as_array().unwrap();
    assert_eq!(children.len(), 2);
    assert_eq!(children[1]["waybill"], format!("{awb}-0002"));
    assert_eq!(children[1]["item"]["waybill"], format!("{awb}-0002"));
    assert_eq!(children[1]["item"]["sku"], "shirt-2");
}

#[tokio::test]
async fn an_order_is_fetched_by_awb_and_courier() {
    let running = Running::start().await;
    let (_, made) = running.create(&forward("SHIP-1")).await;
    let awb = text(&made["result"]["waybill"]);
    let (http, fetched) = running
        .get(&format!("/v3/create-order/?awb={awb}&cp_id=4"))
        .await;
    assert_eq!((http, &fetched["meta"]["status"]), (200, &json!(200)));
    assert_eq!(fetched["result"]["label"], made["result"]["label"]);
    assert_eq!(fetched["result"]["order_id"], made["order_id"]);
    for query in [
        format!("awb={awb}&cp_id=5"),
        "awb=123&cp_id=4".to_owned(),
        format!("awb={awb}"),
    ] {
        let nothing = running.get(&format!("/v3/create-order/?{query}")).await;
        assert_eq!(nothing, (400, json!({})), "{query}");
    }
}

#[tokio::test]
async fn a_label_that_was_not_wanted_is_made_by_regenerating() {
    let running = Running::start().await;
    let mut order = forward("SHIP-1");
    order["additional"]["label"] = json!(false);
    let (_, made) = running.create(&order).await;
    assert_eq!(made["result"]["label"], Value::Null);
    let awb = text(&made["result"]["waybill"]);
    let url = format!("{}/clickpost/labels/{awb}.pdf", running.url);
    assert_eq!(running.client.get(&url).send().await.unwrap().status(), 404);

    let path = format!("/v1/fetch/shippinglabel/?waybill={awb}&cp_id=4");
    let (_, kept) = running.get(&path).await;
    assert_eq!(kept["result"], json!({ "shipping_label": null }));
    let (_, label) = running.get(&format!("{path}&regenerate=true")).await;
    assert_eq!(label["result"], json!({ "shipping_label": url }));
    let file = running.client.get(&url).send().await.unwrap();
    let pdf = String::from_utf8(file.bytes().await.unwrap().into()).unwrap();
    assert!(pdf.contains(&format!("(AWB {awb})")) && pdf.contains("(Order: SHIP-1)"));
    assert_eq!(
        running.simulators.calls("clickpost").unwrap().len(),
        3,
        "fetching a document is not a call"
    );

    let (http, unknown) = running
        .get("/v1/fetch/shippinglabel/?waybill=123&cp_id=4")
        .await;
    assert_eq!((http, &unknown["meta"]["status"]), (200, &json!(330)));
    assert!(unknown.get("result").is_none());
}

#[tokio::test]
async fn an_awb_that_the_courier_issued_can_be_asked_for_once() {
    let running = Running::start().await;
    let mut order = forward_with(3, "SHIP-1");
    order["shipment_details"]["awb_number"] = json!("3300000007");
    assert_eq!(running.awb(&order).await, "3300000007");
    order["shipment_details"]["reference_number"] = json!("SHIP-2");
    let (_, used) = running.create(&order).await;
    assert_eq!(used["meta"]["status"], 321, "{used}");
    order["shipment_details"]["awb_number"] = json!("42");
    assert_eq!(running.create(&order).await.1["meta"]["status"], 321);
    order["shipment_details"]["awb_number"] = Value::Null;
    running.awb(&order).await;
}

#[tokio::test]
async fn a_courier_s_refusal_is_319_and_creates_no_order() {
    let running = Running::start().await;
    let mut order = forward("SHIP-1");
    order["drop_info"]["drop_pincode"] = json!("000000");
    let (http, refusal) = running.create(&order).await;
    assert_eq!((http, &refusal["meta"]["status"]), (200, &json!(319)));
    assert_eq!(refusal["reference_number"], "SHIP-1");
    assert!(refusal.get("result").is_none());
    running.awb(&forward("SHIP-1")).await;

    let (_, no_forward) = running.create(&forward_with(25, "SHIP-2")).await;
    assert_eq!(no_forward["meta"]["status"], 319, "{no_forward}");
}
