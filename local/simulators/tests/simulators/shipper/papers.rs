//! Labels, pickups and the list of rates.

use serde_json::json;

use crate::shipper::{Running, invalid, order, text};

#[tokio::test]
async fn a_label_is_a_pdf_as_soon_as_there_is_an_awb() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    let ask_label = json!({ "id": [id], "type": "LBL" });
    let told = invalid(&running.post("order/label", &ask_label).await);
    assert!(told.contains("orders that have an AWB"), "{told}");
    let (_, advanced) = running
        .advance(json!({ "externalId": "SO-1", "to": "AWB_GENERATED" }))
        .await;
    let (status, answer) = running.post("order/label", &ask_label).await;
    assert_eq!(status, 201, "{answer}");
    let awb = text(&advanced["awb"]);
    let url = format!("{}/shipper/labels/{awb}.pdf", running.url);
    let data = json!({ "total_pages": 1, "url": url, "type": "LBL" });
    assert_eq!(answer["data"], data);
    let label = running.client.get(&url).send().await.unwrap();
    assert_eq!(label.headers()["content-type"], "application/pdf");
    assert!(label.bytes().await.unwrap().starts_with(b"%PDF-"));
    let unknown = format!("{}/shipper/labels/1.pdf", running.url);
    let unknown = running.client.get(unknown).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_label_needs_known_orders_and_a_type() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    running
        .advance(json!({ "externalId": "SO-1", "to": "AWB_GENERATED" }))
        .await;
    for (body, named) in [
        (json!({ "id": [id], "type": "PDF" }), "type must be"),
        (json!({ "id": [id] }), "type is required"),
        (json!({ "id": [], "type": "LBL" }), "id must be"),
        (json!({ "id": id, "type": "LBL" }), "id must be"),
        (json!({ "id": [id, "26X"], "type": "RCP" }), "id must be"),
    ] {
        let told = invalid(&running.post("order/label", &body).await);
        assert!(told.contains(named), "{told}");
    }
}

#[tokio::test]
async fn a_pickup_activates_its_orders_once() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    let start = "2026-03-02T15:00:00+07:00";
    let request = json!({ "data": { "order_activation": {
        "order_id": [id],
        "timezone": "Asia/Jakarta",
        "start_time": start,
        "end_time": "2026-03-02T17:59:00+07:00",
    } } });
    let (status, answer) = running.post("pickup/timeslot", &request).await;
    assert_eq!(status, 200, "{answer}");
    let activation = &answer["data"]["order_activations"][0];
    assert_eq!(activation["order_id"], id.as_str());
    assert_eq!(activation["is_activate"], true);
    assert_eq!(activation["pickup_time"], start);
    let detail = running.detail(&id).await;
    assert_eq!(detail["is_active"], true);
    assert_eq!(detail["pickup_code"], activation["pickup_code"]);
    let (_, again) = running.post("pickup/timeslot", &request).await;
    assert_eq!(again["data"], answer["data"]);
}

#[tokio::test]
async fn a_pickup_needs_orders_that_can_be_fetched() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    let request = |ids: serde_json::Value, zone: &str| json!({ "data": { "order_activation": { "order_id": ids, "timezone": zone } } });
    for (body, named) in [
        (json!({}), "order_id must be a list"),
        (
            request(json!([]), "Asia/Jakarta"),
            "order_id must be a list",
        ),
        (request(json!(vec![&id; 31]), "Asia/Jakarta"), "1 to 30"),
        (request(json!([&id]), "Europe/Berlin"), "timezone"),
    ] {
        let told = invalid(&running.post("pickup/timeslot", &body).await);
        assert!(told.contains(named), "{told}");
    }
    let unknown = request(json!([&id, "26X"]), "Asia/Jakarta");
    assert_eq!(running.post("pickup/timeslot", &unknown).await.0, 404);
    assert_eq!(running.detail(&id).await["is_active"], false);
    running.cancel(&id, &json!({ "reason": "no" })).await;
    let cancelled = request(json!([&id]), "Asia/Jakarta");
    assert_eq!(running.post("pickup/timeslot", &cancelled).await.0, 404);
}

#[tokio::test]
async fn the_rates_are_listed_with_their_divisors() {
    let running = Running::start().await;
    let (status, answer) = running.get("logistic").await;
    assert_eq!(status, 200);
    let rates = answer["data"].as_array().unwrap();
    assert_eq!(rates.len(), 7);
    assert_eq!(
        rates[6],
        json!({
            "logistic": { "id": 41, "name": "Dakota Cargo", "logo_url": "", "code": "DAKOTA" },
            "id": 573,
            "name": "Reguler",
            "type_name": "Trucking",
            "volumetric": 4000,
            "min_kg": 0,
            "max_kg": 149,
        })
    );
}
