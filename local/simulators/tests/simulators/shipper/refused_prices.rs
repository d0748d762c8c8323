//! Requests for prices that are refused, in the envelope.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::shipper::{API_KEY, Running, ask, invalid, parcel, with};

#[tokio::test]
async fn only_the_accounts_key_is_accepted() {
    let running = Running::start().await;
    for keys in [
        vec![],
        vec![("X-API-Key", "")],
        vec![("X-API-Key", "wrong")],
    ] {
        let mut headers = HeaderMap::new();
        for (name, key) in keys {
            headers.insert(name, key.parse().unwrap());
        }
        let request = running.client.post(running.at("pricing/domestic"));
        let (status, body) = ask(request.headers(headers).json(&parcel())).await;
        assert_eq!(status, 401);
        assert_eq!(body["metadata"]["http_status"], "Unauthorized");
        assert_eq!(body["metadata"]["errors"][0]["code"], 401);
        assert_eq!(body.get("data"), None);
    }
    let basic = running.client.get(running.at("logistic"));
    let (status, _) = ask(basic.bearer_auth(API_KEY)).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn without_a_configured_key_every_call_is_refused() {
    let (listener, url) = crate::serving::bind().await;
    let simulators = simulators::Simulators::new(simulators::SimulatorsConfig::default()).unwrap();
    crate::serving::serve(listener, simulators::router(simulators));
    let request = crate::serving::client().get(format!("{url}/shipper/v3/logistic"));
    assert_eq!(ask(request.header("X-API-Key", "")).await.0, 401);
}

#[tokio::test]
async fn every_wrong_field_of_a_parcel_is_named() {
    let running = Running::start().await;
    for (pointer, wrong, named) in [
        ("/origin/area_id", json!(null), "origin.area_id"),
        ("/origin/area_id", json!("30101"), "origin.area_id"),
        ("/destination/area_id", json!(4711), "destination.area_id"),
        ("/for_order", json!(null), "for_order is required"),
        ("/for_order", json!("yes"), "for_order must be"),
        ("/weight", json!(0), "weight"),
        ("/weight", json!(-1), "weight"),
        ("/weight", json!("1"), "weight"),
        ("/weight", json!(3e38), "weight"),
        ("/length", json!(null), "length is required"),
        ("/item_value", json!(12.5), "item_value must be a whole"),
        ("/item_value", json!(null), "item_value is required"),
        ("/cod", json!(1), "cod must be"),
        ("/limit", json!(0), "limit"),
        ("/page", json!(-1), "page"),
        ("/item_categories", json!(["Shoes"]), "item_categories"),
    ] {
        let request = with(parcel(), pointer, wrong);
        let answer = running.post("pricing/domestic", &request).await;
        let told = invalid(&answer);
        assert!(told.contains(named), "{told}");
        assert!(told.starts_with("Invalid Input. Please Validate Your Input."));
    }
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let running = Running::start().await;
    for body in [json!({}), json!([]), json!("no object"), json!(null)] {
        let told = invalid(&running.post("pricing/domestic", &body).await);
        for field in ["origin.area_id", "weight", "length", "width", "height"] {
            assert!(told.contains(field), "{told}");
        }
    }
}

#[tokio::test]
async fn area_and_coordinates_must_agree() {
    let running = Running::start().await;
    let at = |lat: Value, lng: Value| {
        with(
            parcel(),
            "/origin",
            json!({ "area_id": 30101, "lat": lat, "lng": lng }),
        )
    };
    let suburb = at(json!("-6.189"), json!("106.833"));
    assert_eq!(running.post("pricing/domestic", &suburb).await.0, 200);
    for (request, named) in [
        (at(json!("-6.906"), json!("107.619")), "do not match"),
        (at(json!("north"), json!("107.619")), "do not match"),
        (at(json!("NaN"), json!("NaN")), "do not match"),
        (
            at(json!(-6.189), json!(106.833)),
            "origin.lat must be a text",
        ),
        (at(json!("-6.189"), json!(null)), "belong together"),
    ] {
        let told = invalid(&running.post("pricing/domestic", &request).await);
        assert!(told.contains(named), "{told}");
    }
}

#[tokio::test]
async fn a_driver_at_once_needs_coordinates() {
    let running = Running::start().await;
    for kind in ["instant", "same-day"] {
        let route = format!("pricing/domestic/{kind}");
        let told = invalid(&running.post(&route, &parcel()).await);
        assert!(told.contains("origin.lat and origin.lng are required"));
        assert!(told.contains("destination.lat and destination.lng are required"));
    }
}

#[tokio::test]
async fn an_unknown_type_of_rate_is_refused() {
    let running = Running::start().await;
    let told = invalid(&running.post("pricing/domestic/overnight", &parcel()).await);
    assert!(
        told.contains("rate_type must be instant or regular"),
        "{told}"
    );
}

#[tokio::test]
async fn goods_need_sizes_and_quantities() {
    let running = Running::start().await;
    let sku = json!({ "weight": 1, "length": 1, "width": 1, "height": 1, "quantity": 1 });
    let request = json!({
        "origin": { "area_id": 30101 },
        "destination": { "area_id": 31501 },
        "for_order": true,
        "skus": [sku, sku],
    });
    for (pointer, wrong, named) in [
        ("/skus", json!([]), "skus must be a list that is not empty"),
        ("/skus", json!(null), "skus must be a list"),
        ("/rate_type_id", json!("overnight"), "rate_type_id"),
        ("/origin/area_id", json!(null), "origin.area_id is required"),
        ("/order_price", json!(0.5), "order_price"),
    ] {
        let request = with(request.clone(), pointer, wrong);
        let told = invalid(&running.post("fulfillment/pricing/domestic", &request).await);
        assert!(told.contains(named), "{told}");
    }
    for (field, wrong) in [
        ("quantity", json!(0)),
        ("quantity", json!(-1)),
        ("height", json!(0)),
    ] {
        let mut request = request.clone();
        request["skus"][1][field] = wrong;
        let told = invalid(&running.post("fulfillment/pricing/domestic", &request).await);
        assert!(told.contains(&format!("skus[1].{field}")), "{told}");
    }
}
