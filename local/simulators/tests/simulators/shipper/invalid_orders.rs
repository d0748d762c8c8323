//! Orders that are refused; none of them is created.

use serde_json::{Value, json};

use crate::shipper::{Running, invalid, order, with};

async fn refused(running: &Running, request: &Value) -> (u16, Value) {
    let answer = running.post("order", request).await;
    let (status, _) = running.get("order/external-id/SO-1").await;
    assert_eq!(status, 404, "created: {answer:?}");
    answer
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let running = Running::start().await;
    for (pointer, wrong, named) in [
        ("/consignee", json!(null), "consignee.name is required"),
        ("/consignee/name", json!(" "), "consignee.name must not be"),
        (
            "/consigner/phone_number",
            json!("+62812000000"),
            "consigner.phone_number",
        ),
        (
            "/consigner/phone_number",
            json!("0812345"),
            "consigner.phone_number",
        ),
        (
            "/consigner/phone_number",
            json!("81200000000"),
            "consigner.phone_number",
        ),
        (
            "/consignee/phone_number",
            json!(6_281_200_000_u64),
            "consignee.phone_number",
        ),
        ("/coverage", json!("international"), "coverage"),
        ("/coverage", json!(null), "coverage is required"),
        ("/payment_type", json!("prepaid"), "payment_type"),
        ("/origin/address", json!("RT 01/RW 02"), "origin.address"),
        ("/destination/address", json!(""), "destination.address"),
        (
            "/destination/direction",
            json!("x".repeat(101)),
            "at most 100",
        ),
        (
            "/destination/direction",
            json!("by the gate!"),
            "destination.direction",
        ),
        ("/destination/area_id", json!(null), "destination.area_id"),
        (
            "/destination/area_id",
            json!("31501"),
            "destination.area_id",
        ),
        (
            "/courier/rate_id",
            json!(null),
            "courier.rate_id is required",
        ),
        ("/courier/rate_id", json!("1"), "courier.rate_id"),
        ("/courier/cod", json!("true"), "courier.cod"),
        ("/courier/cod", json!(true), "courier.cod_amount"),
        ("/external_id", json!(17), "external_id must be a text"),
        ("/package/weight", json!(0), "package.weight"),
        ("/package/weight", json!("1"), "package.weight"),
        ("/package/height", json!(-1), "package.height"),
        (
            "/package/price",
            json!(99.5),
            "package.price must be a whole",
        ),
        ("/package/package_type", json!(null), "package.package_type"),
        ("/package/items", json!([]), "package.items"),
    ] {
        let told = invalid(&refused(&running, &with(order("SO-1"), pointer, wrong)).await);
        assert!(told.contains(named), "{pointer}: {told}");
    }
}

#[tokio::test]
async fn a_wrong_item_is_named_by_its_index() {
    let running = Running::start().await;
    for (field, wrong) in [
        ("qty", json!(0)),
        ("price", json!(-1)),
        ("name", json!(null)),
    ] {
        let mut request = order("SO-1");
        request["package"]["items"][1][field] = wrong;
        let told = invalid(&refused(&running, &request).await);
        assert!(
            told.contains(&format!("package.items[1].{field}")),
            "{told}"
        );
    }
}

#[tokio::test]
async fn area_and_coordinates_must_agree() {
    let running = Running::start().await;
    let end = json!({
        "address": "Jl. Contoh", "area_id": 31501, "lat": "-6.1926", "lng": "106.8386",
    });
    let told = invalid(&refused(&running, &with(order("SO-1"), "/destination", end)).await);
    assert!(
        told.contains("destination.area_id and destination.lat"),
        "{told}"
    );
}

#[tokio::test]
async fn a_rate_that_the_parcel_cannot_have_is_invalid() {
    let running = Running::start().await;
    let cod = json!({ "rate_id": 2, "cod": true, "cod_amount": 1_000 });
    for request in [
        with(order("SO-1"), "/courier/rate_id", json!(4711)),
        with(order("SO-1"), "/package/weight", json!(307)),
        with(order("SO-1"), "/destination/area_id", json!(30901)),
        with(order("SO-1"), "/courier", cod),
    ] {
        let (status, answer) = refused(&running, &request).await;
        assert_eq!(status, 400, "{answer}");
        let errors = json!([{ "code": 810, "message": "Invalid rate_id" }]);
        assert_eq!(answer["metadata"]["errors"], errors);
    }
}

#[tokio::test]
async fn an_instant_order_needs_coordinates() {
    let running = Running::start().await;
    let request = with(order("SO-1"), "/courier/rate_id", json!(329));
    let told = invalid(&refused(&running, &request).await);
    assert!(
        told.contains("lat and lng of origin and destination"),
        "{told}"
    );
}

#[tokio::test]
async fn compulsory_insurance_must_be_used() {
    let running = Running::start().await;
    let dear = with(order("SO-1"), "/courier/rate_id", json!(562));
    let dear = with(dear, "/package/price", json!(500_001));
    let told = invalid(&refused(&running, &dear).await);
    assert!(
        told.contains("courier.use_insurance must be true"),
        "{told}"
    );
    let insured = with(dear, "/courier/use_insurance", json!(true));
    running.created(&insured).await;
}
