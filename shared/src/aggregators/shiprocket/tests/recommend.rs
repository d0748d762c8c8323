//! Courier recommendations for a route.

use crate::aggregators::shiprocket::tests::*;
use crate::contract::courier;
use crate::contract::fields::read_value;

const SERVES: &str = "/courier/serviceability/";

fn route(changes: &[(&str, Value)]) -> Route {
    let body = json!({"pickupPincode": "560058", "dropPincode": "682001", "paymentType": "COD", "shipmentType": "FORWARD",
        "orderAmount": 499.50, "shipmentDimension": {"length": 10, "breadth": 11.5, "height": 12, "weight": 750}});
    let body = with(&body.to_string(), changes);
    read_value(&body, courier::read).unwrap().route
}

async fn recommend(
    bench: &Workbench,
    route: &Route,
) -> Result<Vec<(String, String, String)>, PartnerFailure> {
    let recommends = Shiprocket.recommends_couriers(&bench.account).unwrap();
    let couriers = recommends.recommend(bench.call(), route).await?;
    let told = couriers.into_iter().map(|courier| {
        (
            courier.priority.to_string(),
            courier.courier.to_string(),
            courier.name,
        )
    });
    Ok(told.collect())
}

#[tokio::test]
async fn the_recommended_courier_comes_first_and_the_blocked_one_is_left_out() {
    let bench = bench().await;
    on(&bench, "GET", SERVES, 200, SERVING).await;
    let couriers = recommend(&bench, &route(&[])).await.unwrap();
    let expected = [
        ("1", "142", "Amazon Surface"),
        ("2", "10", "Delhivery Surface"),
        ("3", "58", "58"),
    ];
    let expected =
        expected.map(|(rank, id, name)| (rank.to_owned(), id.to_owned(), name.to_owned()));
    assert_eq!(couriers, expected);
    assert_eq!(
        asked(&bench).await,
        [
            "GET /courier/serviceability/?pickup_postcode=560058&delivery_postcode=682001&cod=1&weight=0.75&length=10&breadth=11.5\
          &height=12&declared_value=499.5"
        ]
    );
}

#[tokio::test]
async fn a_return_is_prepaid_and_says_whether_it_is_checked() {
    let bench = bench().await;
    on(&bench, "GET", SERVES, 200, SERVING).await;
    let line = json!({"name": "x", "sku": "x", "sellingPricePerUnit": 1, "quantity": 1, "qualityCheck": {}});
    let route = route(&[
        ("/shipmentType", json!("RETURN")),
        ("/items", json!([line])),
    ]);
    recommend(&bench, &route).await.unwrap();
    let asked = &asked(&bench).await[0];
    assert!(
        asked.contains("&cod=0&") && asked.ends_with("&is_return=1&qc_check=1"),
        "{asked}"
    );
}

#[tokio::test]
async fn without_a_parcel_the_account_s_default_is_used() {
    let route = route(&[("/shipmentDimension", Value::Null)]);
    let bench = bench().await;
    assert_invalid(recommend(&bench, &route).await, &["/shipmentDimension"]);
    let bench = bench.set("defaultWeight", "500").set("defaultHeight", "4");
    on(&bench, "GET", SERVES, 200, SERVING).await;
    recommend(&bench, &route).await.unwrap();
    let asked = &asked(&bench).await[0];
    assert!(asked.contains("&weight=0.5&height=4&"), "{asked}");
    let bench = bench.set("defaultWeight", "half a kilo");
    let failure = recommend(&bench, &route).await;
    assert!(
        matches!(failure, Err(PartnerFailure::NotConfigured("defaultWeight"))),
        "{failure:?}"
    );
}

#[tokio::test]
async fn an_international_route_has_its_own_call_and_a_country_code() {
    let mut bench = bench().await;
    bench.account.region = Region::International;
    on(
        &bench,
        "GET",
        "/international/courier/serviceability",
        200,
        SERVING,
    )
    .await;
    let prepaid = [
        ("/paymentType", json!("PREPAID")),
        ("/dropCountryCode", json!("AE")),
    ];
    recommend(&bench, &route(&prepaid)).await.unwrap();
    let asked = &asked(&bench).await[0];
    assert!(
        asked.contains("&cod=0&") && asked.ends_with("&delivery_country=AE"),
        "{asked}"
    );
    let failure = recommend(&bench, &route(&[("/shipmentType", json!("RETURN"))])).await;
    assert_invalid(
        failure,
        &["/paymentType", "/shipmentType", "/dropCountryCode"],
    );
}

#[tokio::test]
async fn a_404_in_the_body_means_that_no_courier_serves_the_route() {
    for status in [200, 404] {
        let bench = bench().await;
        let none = json!({"status": 404, "message": "No courier services are available"});
        on(&bench, "GET", SERVES, status, none.to_string()).await;
        assert_eq!(recommend(&bench, &route(&[])).await.unwrap(), []);
    }
    let bench = bench().await;
    let none = with(SERVING, &[("/data/available_courier_companies", json!([]))]);
    on(&bench, "GET", SERVES, 200, none.to_string()).await;
    assert_eq!(recommend(&bench, &route(&[])).await.unwrap(), []);
}

#[tokio::test]
async fn refusals_and_unreadable_responses() {
    let bench = bench().await;
    let wrong = json!({"message": "The given data was invalid.", "errors": {"weight": ["required"]}, "status_code": 422});
    on(&bench, "GET", SERVES, 422, wrong.to_string()).await;
    assert_refused(
        recommend(&bench, &route(&[])).await,
        "422",
        "weight: required",
    );
    for body in [
        "",
        "{}",
        r#"{"status": 200, "data": {"available_courier_companies": [{"rate": 1}]}}"#,
    ] {
        let bench = crate::aggregators::shiprocket::tests::bench().await;
        on(&bench, "GET", SERVES, 200, body).await;
        let failure = recommend(&bench, &route(&[])).await;
        assert!(
            matches!(failure, Err(PartnerFailure::Unreadable)),
            "{body}: {failure:?}"
        );
    }
    let bench = crate::aggregators::shiprocket::tests::bench().await;
    on(&bench, "GET", SERVES, 500, "").await;
    let failure = recommend(&bench, &route(&[])).await;
    assert!(
        matches!(failure, Err(PartnerFailure::Unreachable)),
        "{failure:?}"
    );
}
