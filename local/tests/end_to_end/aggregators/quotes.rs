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
async fn an_aggregator_that_says_nothing_has_couriers_without_prices() {
    let world = World::start().await;
    for courier in couriers(&world, "magic").await {
        assert_eq!(said(&courier), Vec::<&str>::new());
    }
}
