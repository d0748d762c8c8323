//! The predicted dates of delivery on a route.

use jiff::civil::date;
use proptest::prelude::*;

use crate::aggregators::clickpost::predict::dates;
use crate::aggregators::clickpost::tests::wire::{any_json, mutated, reply};
use crate::aggregators::clickpost::tests::*;
use crate::aggregators::clickpost::wire::answer::ClickpostAnswer;
use crate::contract::courier;
use crate::contract::fields::read_value;

const PREDICTED: &str = include_str!("../fixtures/predicted-dates.json");

fn route() -> Value {
    json!({"pickupPincode": "682 024", "dropPincode": "411001", "paymentType": "COD", "shipmentType": "FORWARD",
           "orderAmount": 1499.5})
}

async fn predicted(bench: &Workbench, route: &Value) -> Result<DatesByCourier, PartnerFailure> {
    let route = read_value(route, courier::read).unwrap().route;
    let predicts = Clickpost.predicts_delivery(&bench.account).unwrap();
    predicts.predict(bench.call(), &route).await
}

/// Courier and dates of each prediction.
fn told(dates: &DatesByCourier) -> Vec<String> {
    let line = |(courier, dates): (&_, &DeliveryDates)| {
        format!("{courier} {} {}", dates.earliest(), dates.latest())
    };
    dates.iter().map(line).collect()
}

/// What is read if a value of the response is another one.
async fn told_with(pointer: &str, value: Value) -> Vec<String> {
    let answered = changed(PREDICTED, &[(pointer, value)]);
    let bench = workbench().await.answers(answer(200, &answered)).await;
    told(&predicted(&bench, &route()).await.unwrap())
}

#[tokio::test]
async fn the_dates_of_each_courier_follow_the_day_of_the_pickup() {
    let bench = workbench()
        .await
        .answers(answer(200, &body(PREDICTED)))
        .await;
    let dates = predicted(&bench, &route()).await.unwrap();
    let expected = [
        "3 2026-11-27 2026-11-28",
        "55 2026-11-26 2026-11-27",
        "6 2026-11-25 2026-11-26",
    ];
    assert_eq!(told(&dates), expected);
    assert_eq!(
        bench.asked().await,
        ["POST /v2/predicted_sla_api/?username=brand&key=k+1%262"]
    );
    assert_eq!(
        bench.body(0).await,
        json!([{"pickup_pincode": "682024", "drop_pincode": "411001"}])
    );
}

#[tokio::test]
async fn days_that_cannot_be_read_are_left_out() {
    let others = ["3 2026-11-27 2026-11-28", "55 2026-11-26 2026-11-27"];
    for days in [
        json!(null),
        json!(2),
        json!([]),
        json!([2]),
        json!([3, 2]),
        json!([2, 3, 4]),
        json!([-1, 3]),
        json!([2, 1e300]),
        json!(["two", "three"]),
    ] {
        assert_eq!(
            told_with("/result/0/all_map/6", days.clone()).await,
            others,
            "{days}"
        );
    }
    let texts = told_with("/result/0/all_map/6", json!(["2", 3.0])).await;
    assert_eq!(texts[2], "6 2026-11-25 2026-11-26");
}

#[tokio::test]
async fn without_a_day_of_the_pickup_that_can_be_there_are_no_dates() {
    for day in [
        json!(null),
        json!(""),
        json!("tomorrow"),
        json!(20_261_123),
        json!("03/05/2026"),
        json!("2026-11-31"),
        json!("2021-06-22"),
    ] {
        let none: [&str; 0] = [];
        assert_eq!(
            told_with("/result/0/pickup_date", day.clone()).await,
            none,
            "{day}"
        );
    }
    let written = told_with("/result/0/pickup_date", json!("23-11-2026")).await;
    assert_eq!(written[0], "3 2026-11-27 2026-11-28");
}

#[tokio::test]
async fn a_response_without_a_map_of_couriers_has_no_dates() {
    for result in [
        json!(null),
        json!([]),
        json!([{}]),
        json!([null]),
        json!("none"),
        json!([{"all_map": [], "pickup_date": "2026-11-23"}]),
        json!([{"predicted_sla_min": 2, "predicted_sla_max": 5, "pickup_date": "2026-11-23"}]),
    ] {
        let none: [&str; 0] = [];
        assert_eq!(told_with("/result", result.clone()).await, none, "{result}");
    }
}

#[tokio::test]
async fn an_account_without_the_service_has_no_dates() {
    let refused = answer(401, &meta(320, "This service is not subscribed by you"));
    let bench = workbench().await.answers(refused).await;
    assert!(predicted(&bench, &route()).await.unwrap().is_empty());
}

#[tokio::test]
async fn failures_are_distinguished() {
    let failed = async |template| {
        let bench = workbench().await.answers(template).await;
        predicted(&bench, &route()).await.unwrap_err()
    };
    let failure = failed(answer(401, &meta(301, "Invalid Token"))).await;
    assert!(matches!(failure, PartnerFailure::BadCredentials));
    let failure = failed(answer(200, &meta(500, "Ops!"))).await;
    assert!(matches!(failure, PartnerFailure::Unreachable));
    let failure = failed(ResponseTemplate::new(503)).await;
    assert!(matches!(failure, PartnerFailure::Unreachable));
    let garbage = ResponseTemplate::new(200).set_body_string("<html>");
    assert!(matches!(failed(garbage).await, PartnerFailure::Unreadable));
}

#[tokio::test]
async fn returns_and_routes_abroad_are_not_asked_about() {
    let mut returned = route();
    returned["shipmentType"] = json!("RETURN");
    let bench = workbench().await;
    assert!(predicted(&bench, &returned).await.unwrap().is_empty());
    let mut abroad = route();
    abroad["dropPincode"] = json!("Al Quoz");
    let failure = predicted(&bench, &abroad).await.unwrap_err();
    assert_eq!(pointers(&failure), ["/dropPincode"]);
    assert!(bench.received().await.is_empty());
    let bench = workbench_abroad().await;
    assert!(Clickpost.predicts_delivery(&bench.account).is_none());
}

proptest! {
    #[test]
    fn no_mutation_of_a_prediction_panics(index: usize, with in proptest::option::of(any_json())) {
        let today = date(2026, 11, 21);
        let reply = reply(mutated(body(PREDICTED), index, with).to_string().as_bytes());
        let found = ClickpostAnswer::of(&reply).map(|answer| dates(&answer, today));
        for (_, predicted) in found.unwrap_or_default() {
            prop_assert!(predicted.earliest() <= predicted.latest() && today <= predicted.latest());
        }
    }
}
