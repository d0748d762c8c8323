//! Prices and dates of delivery in recommendations, and which aggregator says what.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, World};

/// The couriers of a route with cash on delivery.
async fn couriers(world: &World, alias: &str) -> Vec<Value> {
    let mut route = requests::route(alias);
    route["paymentType"] = json!("COD");
    let answer = world.post("/courier-recommendations", &route).await.ok();
    let couriers = answer["couriers"].as_array().unwrap().clone();
    assert!(!couriers.is_empty(), "{alias}");
    couriers
}

/// The members of a courier beside those that every courier has.
fn said(courier: &Value) -> Vec<&str> {
    let members = courier.as_object().unwrap().keys().map(String::as_str);
    members
        .filter(|name| !["courierId", "courierName", "priority"].contains(name))
        .collect()
}

fn with_id(couriers: &[Value], id: u64) -> &Value {
    let found = couriers.iter().find(|courier| courier["courierId"] == id);
    found.unwrap()
}

/// The number of days from the earliest to the latest date, both of which are in the future.
fn days_of(courier: &Value) -> i32 {
    let day = |name: &str| -> jiff::civil::Date {
        courier["deliveryBy"][name]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    let today = jiff::Zoned::now().date();
    assert!(day("earliest") > today, "{courier}");
    (day("latest") - day("earliest")).get_days()
}

#[tokio::test]
async fn shiprocket_says_price_cod_charge_zone_and_date() {
    let world = World::start().await;
    let couriers = couriers(&world, "shiprocket").await;
    let best = with_id(&couriers, 43);
    assert_eq!(best["price"], json!({ "amount": 82.5, "currency": "INR" }));
    assert_eq!(
        best["codCharge"],
        json!({ "amount": 27.5, "currency": "INR" })
    );
    assert_eq!(best["zone"], "z_d");
    assert_eq!(days_of(best), 0);
    let free = with_id(&couriers, 24);
    assert_eq!(free["price"], json!({ "amount": 63.5, "currency": "INR" }));
    assert_eq!(free["codCharge"], json!({ "amount": 0, "currency": "INR" }));
    assert_eq!(
        said(with_id(&couriers, 58)),
        ["deliveryBy", "price", "zone"]
    );
    assert_eq!(
        world.calls("shiprocket").len(),
        2,
        "a login and one question"
    );
}

#[tokio::test]
async fn clickpost_says_dates_and_a_label_does_not_ask_for_them() {
    let world = World::start().await;
    let couriers = couriers(&world, "clickpost").await;
    for id in [4, 5, 6] {
        let courier = with_id(&couriers, id);
        assert_eq!(said(courier), ["deliveryBy"]);
        assert_eq!(days_of(courier), 1);
    }
    assert_eq!(said(with_id(&couriers, 55)), Vec::<&str>::new());
    let predicted = "POST /api/v2/predicted_sla_api/";
    let count = |world: &World| {
        world
            .paths("clickpost")
            .iter()
            .filter(|path| *path == predicted)
            .count()
    };
    assert_eq!(count(&world), 1);
    let mut label = requests::label("clickpost", "A-1");
    label.as_object_mut().unwrap().remove("courierId");
    world.post(LABELS, &label).await.ok();
    assert_eq!(count(&world), 1);
}

#[tokio::test]
async fn shipway_says_prices_and_zones() {
    let world = World::start().await;
    let couriers = couriers(&world, "shipway").await;
    for courier in &couriers {
        assert_eq!(said(courier), ["price", "zone"]);
        assert_eq!(courier["price"]["currency"], "INR");
        assert!(courier["price"]["amount"].as_f64().unwrap() > 0.0);
    }
}

#[tokio::test]
async fn shipper_says_prices_in_rupiahs_and_dates() {
    let world = World::start().await;
    let mut route = requests::route("shipper");
    let answer = world.post("/courier-recommendations", &route).await.ok();
    let couriers = answer["couriers"].as_array().unwrap();
    assert!(!couriers.is_empty());
    let mut cheapest = 0.0;
    for courier in couriers {
        assert_eq!(said(courier), ["deliveryBy", "price"]);
        assert_eq!(courier["price"]["currency"], "IDR");
        let amount = courier["price"]["amount"].as_f64().unwrap();
        assert!(amount >= cheapest, "{couriers:?}");
        cheapest = amount;
        assert!(days_of(courier) >= 0);
    }
    assert_eq!(world.paths("shipper"), ["POST /v3/pricing/domestic"]);
    for name in ["dropAreaId", "dropLatitude", "dropLongitude"] {
        route.as_object_mut().unwrap().remove(name);
    }
    let refused = world.post("/courier-recommendations", &route).await;
    assert_eq!(refused.invalid_pointers(), ["/dropAreaId"]);
    route["dropAreaId"] = json!(31501);
    route["dropLatitude"] = json!(-7.259);
    route["dropLongitude"] = json!(112.747);
    let refused = world.post("/courier-recommendations", &route).await;
    refused.problem(422, "refused-by-aggregator");
}

#[tokio::test]
async fn prices_are_told_in_the_terms_and_the_envelope_of_the_provider() {
    let world = World::start().await;
    let parcel = json!({
        "origin": { "area_id": 30101 }, "destination": { "area_id": 31501 }, "for_order": true, "item_value": 210_000,
        "height": 10, "length": 30, "width": 20, "weight": 0.45, "limit": 1, "sort_by": ["final_price"],
    });
    for path in ["/v3/pricing/domestic", "/v3/pricing/domestic/express"] {
        let answer = world.post(path, &parcel).await.ok();
        assert_eq!(answer["metadata"]["path"], path);
        assert_eq!(answer["metadata"]["http_status_code"], 200);
        let pricings = answer["data"]["pricings"].as_array().unwrap();
        assert_eq!(
            (pricings.len(), &pricings[0]["currency"]),
            (1, &json!("IDR"))
        );
        assert_eq!(answer["pagination"]["current_elements"], 1);
    }
    let mut wrong = parcel;
    wrong["weight"] = json!(0);
    let answer = world.post("/v3/pricing/domestic", &wrong).await;
    assert_eq!(answer.status, 422);
    let errors = json!([{
        "code": "invalid-request", "message": "must be more than 0 and at most 10000: kilograms", "pointer": "/weight",
    }]);
    assert_eq!(answer.json()["metadata"]["errors"], errors);
    let paths = world.paths("shipper");
    assert_eq!(
        paths,
        [
            "POST /v3/pricing/domestic",
            "POST /v3/pricing/domestic/express"
        ]
    );
}

#[tokio::test]
async fn an_aggregator_that_says_nothing_has_couriers_without_prices() {
    let world = World::start().await;
    for courier in couriers(&world, "magic").await {
        assert_eq!(said(&courier), Vec::<&str>::new());
    }
}
