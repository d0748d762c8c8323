//! The couriers for a parcel.

use serde_json::{Value, json};

use crate::shiprocket::{Running, forward};

const ROUTE: &str = "courier/serviceability/?pickup_postcode=560048&delivery_postcode=380015";

fn ids(answer: &Value) -> Vec<u64> {
    let couriers = answer["data"]["available_courier_companies"].as_array();
    let ids = couriers.unwrap().iter();
    ids.map(|courier| courier["courier_company_id"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn couriers_are_offered_and_one_is_recommended() {
    let running = Running::start().await;
    let (status, body) = running.get(&format!("{ROUTE}&cod=0&weight=0.5")).await;
    assert_eq!((status, &body["status"]), (200, &json!(200)));
    assert_eq!(ids(&body), [11, 24, 43, 58]);
    assert_eq!(body["data"]["recommended_courier_company_id"], 43);
    let bare = ROUTE.replace("/?", "?");
    let (status, _) = running.get(&format!("{bare}&cod=0&weight=0.5")).await;
    assert_eq!(status, 200, "without the slash too");
}

#[tokio::test]
async fn a_row_has_an_id_that_is_not_the_couriers() {
    let running = Running::start().await;
    let (_, body) = running.get(&format!("{ROUTE}&cod=0&weight=0.5")).await;
    let rows = body["data"]["available_courier_companies"].as_array();
    for row in rows.unwrap() {
        let courier = &row["courier_company_id"];
        assert!(row["id"].is_u64() && row["id"] != *courier, "{row}");
    }
}

#[tokio::test]
async fn charges_are_numbers_or_texts_or_nothing() {
    let running = Running::start().await;
    let (_, body) = running.get(&format!("{ROUTE}&cod=0&weight=0.5")).await;
    let couriers = body["data"]["available_courier_companies"]
        .as_array()
        .unwrap();
    let freight: Vec<_> = couriers.iter().map(|c| &c["freight_charge"]).collect();
    assert!(freight[0].is_number());
    assert_eq!(freight[1..], [&json!("0"), &json!("83.50"), &json!("")]);
    assert_eq!(couriers[0]["estimated_delivery_days"], "2");
    let rates: Vec<_> = couriers.iter().map(|c| &c["rate"]).collect();
    assert_eq!(rates[..2], [&json!(51.5), &json!(64.5)]);
    assert_eq!(rates[2], "83.50");
    assert!(couriers.iter().all(|c| c["cod_charges"] == 0));
    let (_, cash) = running.get(&format!("{ROUTE}&cod=1&weight=0.5")).await;
    let cash = cash["data"]["available_courier_companies"].as_array();
    let charges: Vec<_> = cash.unwrap().iter().map(|c| &c["cod_charges"]).collect();
    assert_eq!(charges, [&json!("0"), &json!("27.50"), &json!("")]);
    let (_, body) = running
        .get(&format!("{ROUTE}&cod=0&weight=0.5&is_return=1"))
        .await;
    assert_eq!(ids(&body), [82, 81]);
    let first = &body["data"]["available_courier_companies"][0];
    assert_eq!(first.get("freight_charge"), None);
}

#[tokio::test]
async fn the_parameters_narrow_the_choice() {
    let running = Running::start().await;
    let narrowed = [
        ("cod=1&weight=1", vec![24, 43, 58]),
        ("cod=0&weight=1&mode=Air", vec![11]),
        ("cod=0&weight=1&is_return=1&qc_check=1", vec![82]),
    ];
    for (question, couriers) in narrowed {
        let (_, body) = running.get(&format!("{ROUTE}&{question}")).await;
        assert_eq!(ids(&body), couriers, "{question}");
        let recommended = body["data"]["recommended_courier_company_id"].as_u64();
        assert!(couriers.contains(&recommended.unwrap()), "{question}");
    }
}

#[tokio::test]
async fn an_unserved_route_is_answered_with_200() {
    let running = Running::start().await;
    let nowhere = ROUTE.replace("380015", "000000");
    let (status, body) = running.get(&format!("{nowhere}&cod=0&weight=1")).await;
    assert_eq!((status, &body["status"]), (200, &json!(404)));
    assert!(body["message"].is_string());
    let (status, body) = running
        .get(&format!("{ROUTE}&cod=1&weight=1&mode=Air"))
        .await;
    assert_eq!((status, &body["status"]), (200, &json!(404)));
}

#[tokio::test]
async fn an_order_may_be_asked_about() {
    let running = Running::start().await;
    let mut order = forward("A-1");
    order["payment_method"] = json!("COD");
    let order = running.make("orders/create/adhoc", &order).await;
    let (_, body) = running.get(&format!("{ROUTE}&order_id={}", order.id)).await;
    assert_eq!(ids(&body), [24, 43, 58]);
    let unknown = running.get(&format!("{ROUTE}&order_id=A-1")).await;
    let none = json!({ "status": 404, "message": "Order does not exist!" });
    assert_eq!(unknown, (200, none));
}

#[tokio::test]
async fn a_missing_parameter_is_named() {
    let running = Running::start().await;
    let missing = [
        (
            "courier/serviceability/?delivery_postcode=380015&cod=0&weight=1".to_owned(),
            "pickup_postcode",
        ),
        (format!("{ROUTE}&weight=1"), "cod"),
        (format!("{ROUTE}&cod=0"), "weight"),
        (format!("{ROUTE}&cod=0&weight=heavy"), "weight"),
    ];
    for (question, field) in missing {
        let (status, body) = running.get(&question).await;
        assert_eq!(status, 422);
        assert!(body["errors"][field].is_array(), "{question}: {body}");
    }
}
