//! Returns: pushed with an RMA number, and booked if they name a carrier and a warehouse.

use serde_json::{Value, json};

use crate::shipway::{Running, returned, text};

#[tokio::test]
async fn a_return_is_created_and_booked() {
    let running = Running::start().await;
    let answer = running.post("Createreturns", &returned("R-1")).await;
    assert_eq!(answer["success"], "1");
    let rma_no = text(&answer["create_return_response"]["rma_no"]);
    assert!(rma_no.ends_with(".R-1-R"), "{rma_no}");
    let awb = text(&answer["awb_response"]["AWB"]);
    let label = format!("{}/shipway/labels/{awb}.pdf", running.url);
    assert_eq!(
        answer["awb_response"],
        json!({
            "success": true,
            "AWB": awb,
            "courier_name": "Delhivery",
            "carrier_id": "7101",
            "shipping_url": label,
        })
    );
    let pdf = running.client.get(label).send().await.unwrap();
    let pdf = pdf.text().await.unwrap();
    assert!(pdf.contains("(From: Ahmedabad)") && pdf.contains("(To: Thane)"));
}

#[tokio::test]
async fn a_return_without_carrier_or_warehouse_is_only_created() {
    let running = Running::start().await;
    for missing in ["carrier_id", "return_warehouse_id"] {
        let mut request = returned("R-1");
        request[missing] = Value::Null;
        let answer = running.post("Createreturns", &request).await;
        assert!(answer["create_return_response"]["rma_no"].is_string());
        assert!(answer["awb_response"].is_null());
    }
}

#[tokio::test]
async fn products_may_be_an_object_by_sku() {
    let running = Running::start().await;
    let mut request = returned("R-1");
    request["products"] = json!({
        "jeans-1": { "product": "Jeans", "price": "100", "return_reason_id": 41011, "amount": "1" },
    });
    let answer = running.post("Createreturns", &request).await;
    assert_eq!(answer["success"], "1", "{answer}");
}

#[tokio::test]
async fn a_return_stays_created_when_its_booking_fails() {
    let running = Running::start().await;
    for (carrier, words) in [("7109", "wallet"), ("7103", "reverse"), ("2", "Carrier 2")] {
        let mut request = returned("R-1");
        request["carrier_id"] = json!(carrier);
        let answer = running.post("Createreturns", &request).await;
        assert_eq!(answer["success"], "1");
        assert_eq!(answer["awb_response"]["success"], false);
        assert!(
            text(&answer["awb_response"]["error"][0]).contains(words),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn returning_again_makes_another_return() {
    let running = Running::start().await;
    let first = running.post("Createreturns", &returned("R-1")).await;
    let second = running.post("Createreturns", &returned("R-1")).await;
    assert_ne!(
        first["create_return_response"],
        second["create_return_response"]
    );
    assert_ne!(first["awb_response"]["AWB"], second["awb_response"]["AWB"]);
}

#[tokio::test]
async fn the_list_of_orders_has_no_returns() {
    let running = Running::start().await;
    running.post("Createreturns", &returned("R-1")).await;
    assert_eq!(running.row("R-1").await, None);
}

#[tokio::test]
async fn errors_of_a_return_are_named() {
    let running = Running::start().await;
    for (field, wrong) in [
        ("order_id", Value::Null),
        ("products", json!({})),
        ("payment_type", Value::Null),
        ("shipping_phone", json!("12345")),
        ("return_order_status", json!("refund")),
        ("return_reason_id", Value::Null),
        ("return_reason_id", json!("Too small")),
        ("refund_payment_id", json!("1")),
    ] {
        let mut request = returned("R-1");
        request[field] = wrong;
        let answer = running.post("Createreturns", &request).await;
        assert_eq!(answer["success"], "0", "{field}");
        assert!(text(&answer["message"]).contains(field), "{answer}");
    }
    let mut request = returned("R-1");
    request["products"][1]["return_reason_id"] = json!("1");
    let answer = running.post("Createreturns", &request).await;
    assert!(
        text(&answer["message"]).contains("products.return_reason_id"),
        "{answer}"
    );
}

#[tokio::test]
async fn the_refund_target_depends_on_the_payment_type() {
    let running = Running::start().await;
    for (payment_type, taken) in [("C", ["0", "1", "5"]), ("P", ["0", "4", "6"])] {
        for refund in ["0", "1", "4", "5", "6"] {
            let mut request = returned("R-1");
            request["payment_type"] = json!(payment_type);
            request["refund_payment_id"] = json!(refund);
            let answer = running.post("Createreturns", &request).await;
            let both = ["4", "5"].contains(&refund);
            let expected = if both || taken.contains(&refund) {
                "1"
            } else {
                "0"
            };
            assert_eq!(answer["success"], expected, "{payment_type} {refund}");
        }
    }
}
