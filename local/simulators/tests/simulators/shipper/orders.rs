//! Orders: creation and look-up.

use serde_json::{Value, json};

use crate::shipper::{Running, order, text, with};

#[tokio::test]
async fn an_order_is_created_without_an_awb() {
    let running = Running::start().await;
    let (status, answer) = running.post("order", &order("SO-1")).await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["metadata"]["path"], "/v3/order");
    assert_eq!(answer["metadata"]["http_status"], "Created");
    let data = &answer["data"];
    assert_eq!(text(&data["order_id"]).len(), 13);
    let first = data["package"]["items"][0]["id"].as_u64().unwrap();
    assert_eq!(
        *data,
        json!({
            "coverage": "domestic",
            "order_id": data["order_id"],
            "payment_type": "postpay",
            "courier": {
                "rate_id": 1,
                "amount": 38_000,
                "use_insurance": false,
                "insurance_amount": 0,
                "cod": false,
            },
            "consignee": { "name": "Sari", "phone_number": "6281200000001" },
            "consigner": { "name": "Toko Contoh", "phone_number": "081200000002" },
            "destination": {
                "address": "Jl. Contoh No. 2",
                "area_id": 31501,
                "area_name": "Citarum",
                "postcode": "40115",
            },
            "origin": {
                "address": "Jl. Gudang (Blok A), No. 1",
                "area_id": 30101,
                "area_name": "Cikini",
                "postcode": "10330",
            },
            "package": {
                "package_type": 2,
                "weight": 1.1231,
                "length": 30,
                "width": 20,
                "height": 10,
                "price": 120_000,
                "items": [
                    { "id": first, "name": "Kemeja", "price": 40_000, "qty": 2 },
                    { "id": first + 1, "name": "Celana", "price": 40_000, "qty": 1 },
                ],
            },
        })
    );
}

#[tokio::test]
async fn an_order_is_found_by_its_id_and_by_the_merchants() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    let detail = running.detail(&id).await;
    assert_eq!(detail["order_id"], id.as_str());
    assert_eq!(detail["external_id"], "SO-1");
    assert_eq!(detail["awb_number"], "");
    assert_eq!(detail["is_active"], false);
    assert_eq!(detail["shipment_status"]["code"], 1000);
    assert_eq!(detail["courier"]["name"], "JNE");
    assert_eq!(detail["courier"]["rate_id"], 1);
    assert_eq!(detail["courier"]["max_day"], 3);
    assert_eq!(detail["price_breakdown"]["final_price"], 38_000);
    assert_eq!(detail["package"]["volume_weight"], 1);
    assert_eq!(detail["origin"]["suburb_name"], "Menteng");
    assert_eq!(detail["origin"]["lat"], "-6.1926", "a text here");
    let trackings = detail["trackings"].as_array().unwrap();
    assert_eq!(trackings.len(), 1);
    assert_eq!(trackings[0]["shipper_status"]["code"], 1000);
    assert_eq!(trackings[0]["logistic_status"]["code"], 99);
    assert_eq!(trackings[0]["created_date"], detail["creation_date"]);
    let (status, by_external_id) = running.get("order/external-id/SO-1").await;
    assert_eq!((status, &by_external_id["data"]), (200, &detail));
}

#[tokio::test]
async fn an_external_id_in_the_path_is_decoded() {
    let running = Running::start().await;
    let id = running.created(&order("SO 1/ä")).await;
    let (status, found) = running.get("order/external-id/SO%201%2F%C3%A4").await;
    assert_eq!((status, &found["data"]["order_id"]), (200, &json!(id)));
}

#[tokio::test]
async fn the_same_external_id_is_another_order_and_the_newest_is_found() {
    let running = Running::start().await;
    let first = running.created(&order("SO-1")).await;
    let second = running.created(&order("SO-1")).await;
    assert_ne!(first, second);
    let (_, found) = running.get("order/external-id/SO-1").await;
    assert_eq!(found["data"]["order_id"], second.as_str());
    assert_eq!(running.detail(&first).await["order_id"], first.as_str());
}

#[tokio::test]
async fn an_unknown_order_is_404_in_the_envelope() {
    let running = Running::start().await;
    for route in ["order/26UNKNOWN0001", "order/external-id/SO-1"] {
        let (status, answer) = running.get(route).await;
        assert_eq!(status, 404);
        assert_eq!(answer["metadata"]["path"], format!("/v3/{route}"));
        assert_eq!(answer["metadata"]["errors"][0]["code"], 404);
        assert_eq!(answer.get("data"), None);
    }
}

#[tokio::test]
async fn cash_on_delivery_and_insurance_are_kept() {
    let running = Running::start().await;
    let cod = json!({ "rate_id": 562, "cod": true, "cod_amount": 137_500, "use_insurance": true });
    let id = running.created(&with(order("SO-1"), "/courier", cod)).await;
    let courier = running.detail(&id).await["courier"].clone();
    assert_eq!(courier["cod"], true);
    assert_eq!(courier["use_insurance"], true);
    assert_eq!(courier["insurance_amount"], 240);
}

#[tokio::test]
async fn an_instant_order_has_its_coordinates() {
    let running = Running::start().await;
    let end = |area_id: u32| json!({ "address": "Jl. Contoh", "area_id": area_id, "lat": "-6.19", "lng": "106.835" });
    let request = with(order("SO-1"), "/courier/rate_id", json!(329));
    let request = with(request, "/origin", end(30101));
    let request = with(request, "/destination", end(30102));
    let id = running.created(&request).await;
    let detail = running.detail(&id).await;
    assert_eq!(detail["destination"]["lat"], "-6.19");
    assert_eq!(detail["destination"]["lng"], "106.835");
}

#[tokio::test]
async fn calls_are_logged_in_order() {
    let running = Running::start().await;
    running.created(&order("SO-1")).await;
    running.get("order/external-id/SO-1").await;
    let url = format!("{}/shipper/calls", running.url);
    let log: Value = running
        .client
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let paths: Vec<_> = log["calls"].as_array().unwrap().iter().collect();
    assert_eq!(paths[0]["path"], "/shipper/v3/order");
    assert_eq!(paths[0]["body"]["external_id"], "SO-1");
    assert_eq!(paths[1]["path"], "/shipper/v3/order/external-id/SO-1");
    assert_eq!(paths.len(), 2);
}
