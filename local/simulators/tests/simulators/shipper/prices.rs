//! Domestic prices.

use serde_json::{Value, json};

use crate::shipper::{Running, parcel, with};

const JAKARTA: (&str, &str) = ("-6.19", "106.835");

/// A parcel within Jakarta, with coordinates.
fn within_the_city() -> Value {
    let (lat, lng) = JAKARTA;
    let end = |area_id: u32| json!({ "area_id": area_id, "lat": lat, "lng": lng });
    let request = with(parcel(), "/origin", end(30101));
    with(request, "/destination", end(30102))
}

async fn priced(route: &str, request: &Value) -> Value {
    let (status, answer) = Running::start().await.post(route, request).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

fn rate_ids(answer: &Value) -> Vec<u64> {
    let pricings = answer["data"]["pricings"].as_array().unwrap();
    let ids = pricings
        .iter()
        .map(|pricing| pricing["rate"]["id"].as_u64());
    ids.collect::<Option<_>>().unwrap()
}

fn rate(answer: &Value, id: u64) -> &Value {
    let pricings = answer["data"]["pricings"].as_array().unwrap();
    let mut pricings = pricings.iter();
    pricings
        .find(|pricing| pricing["rate"]["id"] == id)
        .unwrap()
}

#[tokio::test]
async fn prices_are_in_the_envelope_fastest_first() {
    let answer = priced("pricing/domestic", &parcel()).await;
    let metadata = &answer["metadata"];
    assert_eq!(metadata["path"], "/v3/pricing/domestic");
    assert_eq!(metadata["http_status_code"], 200);
    assert_eq!(metadata["http_status"], "OK");
    assert!(metadata["timestamp"].is_u64());
    assert_eq!(metadata.get("errors"), None);
    assert_eq!(rate_ids(&answer), [2, 1, 562, 573, 312]);
    assert_eq!(
        answer["pagination"],
        json!({
            "current_page": 1,
            "current_elements": 5,
            "total_pages": 1,
            "total_elements": 5,
            "sort_by": ["delivery_time", "final_price"],
        })
    );
    assert_eq!(
        answer["data"]["origin"],
        json!({
            "area_id": 30101,
            "area_name": "Cikini",
            "suburb_id": 3010,
            "suburb_name": "Menteng",
            "city_id": 301,
            "city_name": "Jakarta Pusat",
            "province_id": 30,
            "province_name": "DKI Jakarta",
            "country_id": 228,
            "country_name": "INDONESIA",
            "lat": -6.1926,
            "lng": 106.8386,
        })
    );
    assert_eq!(answer["data"].get("pricing_errors"), None);
}

#[tokio::test]
async fn the_volumetric_weight_is_paid_if_it_is_greater() {
    let mut request = parcel();
    for side in ["length", "width", "height"] {
        request[side] = json!(50);
    }
    let answer = priced("pricing/domestic", &request).await;
    assert_eq!(
        *rate(&answer, 1),
        json!({
            "logistic": {
                "id": 1,
                "name": "JNE",
                "logo_url": "",
                "code": "JNE",
                "company_name": "PT Tiki Jalur Nugraha Ekakurir",
            },
            "rate": {
                "id": 1,
                "name": "REG",
                "type": "Regular",
                "description": "REG",
                "full_description": "",
                "is_hubless": false,
            },
            "weight": 0.18,
            "volume": 125_000,
            "volume_weight": 20.833,
            "final_weight": 21,
            "min_day": 2,
            "max_day": 3,
            "unit_price": 19_000,
            "total_price": 399_000,
            "discount": 0,
            "discount_value": 0,
            "discounted_price": 399_000,
            "insurance_fee": 240,
            "must_use_insurance": false,
            "liability_value": 1_000_000,
            "final_price": 399_000,
            "currency": "IDR",
            "insurance_applied": false,
            "base_price": 399_000,
            "surcharge_fee": 0,
        })
    );
    let cargo = rate(&answer, 573);
    assert_eq!(cargo["volume_weight"], 31.25, "its divisor is 4000");
    assert_eq!(cargo["final_weight"], 32);
}

#[tokio::test]
async fn the_real_weight_is_paid_if_it_is_greater_rounded_up() {
    for (weight, paid) in [(json!(2), 2), (json!(2.001), 3), (json!(0.18), 1)] {
        let answer = priced("pricing/domestic", &with(parcel(), "/weight", weight)).await;
        assert_eq!(rate(&answer, 1)["final_weight"], paid);
        assert_eq!(rate(&answer, 1)["total_price"], 19_000 * paid);
    }
}

#[tokio::test]
async fn a_type_of_rate_has_only_its_rates() {
    for (word, name, ids) in [
        ("instant", "Instant", vec![329]),
        ("same-day", "Same Day", vec![563]),
        ("regular", "Regular", vec![562, 1]),
        ("express", "Express", vec![2]),
        ("trucking", "Trucking", vec![573, 312]),
    ] {
        let route = format!("pricing/domestic/{word}");
        let answer = priced(&route, &within_the_city()).await;
        assert_eq!(rate_ids(&answer), ids, "{word}");
        assert_eq!(answer["data"]["pricings"][0]["rate"]["type"], name);
    }
}

#[tokio::test]
async fn the_price_may_be_first_and_the_list_in_parts() {
    let mut request = with(parcel(), "/sort_by", json!(["final_price"]));
    let all = priced("pricing/domestic", &request).await;
    assert_eq!(rate_ids(&all), [573, 312, 562, 1, 2]);
    request["limit"] = json!(2);
    request["page"] = json!(3);
    let last = priced("pricing/domestic", &request).await;
    assert_eq!(rate_ids(&last), [2]);
    assert_eq!(
        last["pagination"],
        json!({
            "current_page": 3,
            "current_elements": 1,
            "total_pages": 3,
            "total_elements": 5,
            "sort_by": ["final_price"],
        })
    );
}

#[tokio::test]
async fn what_cannot_be_offered_is_not_listed() {
    let without_cod = priced("pricing/domestic", &parcel()).await;
    assert!(rate_ids(&without_cod).contains(&2));
    let cod = priced("pricing/domestic", &with(parcel(), "/cod", json!(true))).await;
    assert_eq!(rate_ids(&cod), [1, 562]);
    let heavy = priced("pricing/domestic", &with(parcel(), "/weight", json!(150))).await;
    assert_eq!(rate_ids(&heavy), [1, 312]);
    let mut nowhere = within_the_city();
    for end in ["origin", "destination"] {
        nowhere[end] = json!({ "area_id": 30101 });
    }
    let slow = priced("pricing/domestic", &nowhere).await;
    assert!(!rate_ids(&slow).contains(&329), "no coordinates");
    let fast = priced("pricing/domestic", &within_the_city()).await;
    assert!(rate_ids(&fast).contains(&329));
}

#[tokio::test]
async fn the_price_depends_on_the_distance() {
    for (area_id, price) in [(30102, 10_000), (33701, 19_000), (36101, 42_000)] {
        let request = with(parcel(), "/destination/area_id", json!(area_id));
        let answer = priced("pricing/domestic", &request).await;
        assert_eq!(rate(&answer, 1)["unit_price"], price);
    }
}

#[tokio::test]
async fn compulsory_insurance_is_in_the_price() {
    let cheap = with(parcel(), "/item_value", json!(500_000));
    let cheap = priced("pricing/domestic", &cheap).await;
    assert_eq!(rate(&cheap, 562)["must_use_insurance"], false);
    assert_eq!(rate(&cheap, 562)["final_price"], 17_500);
    let dear = with(parcel(), "/item_value", json!(500_001));
    let dear = priced("pricing/domestic", &dear).await;
    let insured = rate(&dear, 562);
    assert_eq!(insured["must_use_insurance"], true);
    assert_eq!(insured["insurance_applied"], true);
    assert_eq!(insured["insurance_fee"], 1_001);
    assert_eq!(insured["final_price"], 18_501);
    assert_eq!(rate(&dear, 1)["final_price"], 19_000);
}

#[tokio::test]
async fn couriers_that_do_not_serve_an_area_are_errors_of_the_prices() {
    let remote = with(parcel(), "/destination/area_id", json!(39401));
    let answer = priced("pricing/domestic", &remote).await;
    assert_eq!(rate_ids(&answer), [2, 1, 312]);
    let errors = answer["data"]["pricing_errors"].as_array().unwrap();
    assert_eq!(errors.len(), 3);
    assert_eq!(
        errors[0],
        json!({
            "code": 31006,
            "message": "Anteraja does not serve this route",
            "logistic_id": 39,
        })
    );
    let unserved = with(parcel(), "/destination/area_id", json!(30901));
    let answer = priced("pricing/domestic", &unserved).await;
    assert_eq!(answer["data"]["pricings"], json!([]));
    assert_eq!(
        answer["data"]["pricing_errors"].as_array().unwrap().len(),
        4
    );
}

#[tokio::test]
async fn the_area_may_be_left_to_the_coordinates() {
    let (lat, lng) = JAKARTA;
    let request = with(parcel(), "/origin", json!({ "lat": lat, "lng": lng }));
    let answer = priced("pricing/domestic", &request).await;
    assert_eq!(answer["data"]["origin"]["area_id"], 30101);
}

#[tokio::test]
async fn goods_are_priced_together() {
    let sku = |weight: f64, side: u32, quantity: u32| json!({ "weight": weight, "length": side, "width": side, "height": side, "quantity": quantity });
    let request = json!({
        "origin": { "area_id": 30101 },
        "destination": { "area_id": 31501 },
        "for_order": true,
        "with_insurance": true,
        "order_price": 1_000_000,
        "skus": [sku(0.7, 10, 3), sku(0.1, 1, 2)],
    });
    let route = "fulfillment/pricing/domestic";
    let answer = priced(route, &request).await;
    assert_eq!(answer["metadata"]["path"], format!("/v3/{route}"));
    let regular = rate(&answer, 1);
    assert_eq!(regular["weight"], 2.3);
    assert_eq!(regular["volume"], 3_002);
    assert_eq!(regular["final_weight"], 3);
    assert_eq!(regular["insurance_applied"], true);
    assert_eq!(regular["final_price"], 3 * 19_000 + 2_000);
    let express = with(request, "/rate_type_id", json!("express"));
    assert_eq!(rate_ids(&priced(route, &express).await), [2]);
}
