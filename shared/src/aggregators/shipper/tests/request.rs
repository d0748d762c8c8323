//! The order that is sent, and what is refused before.

use crate::aggregators::shipper::tests::*;

/// The order as it is sent.
async fn sent(bench: &Workbench, wanted: &ShipmentRequest) -> Value {
    on(bench, "GET /v3/order/external-id/SO%2F71%25", 404, UNKNOWN).await;
    on(bench, CREATE, 201, CREATED).await;
    on(bench, FETCH, 200, &with_data(json!({}))).await;
    let progress = MemoryProgress::default();
    bench.book(&Shipper, wanted, &progress).await.unwrap();
    bench.body(1).await
}

/// The pointers of what is wrong, after changes of the label's request.
async fn wrong(changes: &[(&str, Value)]) -> Vec<String> {
    let bench = shipper().await;
    let progress = MemoryProgress::default();
    let wanted = label_with(changes);
    let failure = bench.book(&Shipper, &wanted, &progress).await.unwrap_err();
    assert!(calls(&bench).await.is_empty());
    pointers(failure)
}

#[tokio::test]
async fn an_order_is_sent_in_kilograms_centimetres_and_rupiahs() {
    let bench = shipper().await;
    let order = sent(&bench, &label()).await;
    insta::assert_json_snapshot!(order);
}

#[tokio::test]
async fn settings_of_the_warehouse_decide_about_type_and_insurance() {
    let bench = shipper().await.set("packageType", "3");
    let wanted = label_with(&[("/orderDetails/paymentType", json!("PREPAID"))]);
    let order = sent(&bench, &wanted).await;
    assert_eq!(order["package"]["package_type"], 3);
    assert_eq!(
        order["courier"],
        json!({"rate_id": 562, "cod": false, "use_insurance": false})
    );
    let mut bench = shipper().await.set("packageType", "3");
    let own = [("packageType", "1"), ("useInsurance", "true")];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let warehouse = "wh-1".parse().unwrap();
    bench.account.warehouses.insert(warehouse, own.into());
    let order = sent(&bench, &wanted).await;
    assert_eq!(order["package"]["package_type"], 1);
    assert_eq!(order["courier"]["use_insurance"], true);
}

#[tokio::test]
async fn grams_become_kilograms_exactly() {
    for (grams, kilograms) in [
        (json!(1), json!(0.001)),
        (json!("0.5"), json!(0.0005)),
        (json!(200), json!(0.2)),
        (json!(1000), json!(1)),
        (json!(10_000_000), json!(10_000)),
    ] {
        let bench = shipper().await;
        let wanted = label_with(&[("/shipmentDimension/weight", grams.clone())]);
        let order = sent(&bench, &wanted).await;
        assert_eq!(order["package"]["weight"], kilograms, "{grams}");
    }
}

#[tokio::test]
async fn everything_that_is_not_supported_is_refused_at_once() {
    let found = wrong(&[
        ("/currencyCode", json!("INR")),
        ("/courierId", json!(null)),
        ("/orderDetails/orderAmount", json!("150000.5")),
        (
            "/orderDetails/orderLineItems/1/sellingPricePerUnit",
            json!(0.5),
        ),
        ("/pickupAddress/areaId", json!(null)),
        ("/pickupAddress/longitude", json!(null)),
        ("/pickupAddress/phone", json!("+91 98450 12345")),
        ("/dropAddress/latitude", json!(null)),
        ("/dropAddress/longitude", json!(107.6)),
        ("/dropAddress/countryCode", json!("SG")),
        ("/dropAddress/phone", json!(null)),
        ("/dropAddress/addressLine1", json!("***")),
    ])
    .await;
    let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "/courierId",
            "/currencyCode",
            "/dropAddress/addressLine1",
            "/dropAddress/countryCode",
            "/dropAddress/latitude",
            "/dropAddress/phone",
            "/orderDetails/orderAmount",
            "/orderDetails/orderLineItems/1/sellingPricePerUnit",
            "/pickupAddress/areaId",
            "/pickupAddress/longitude",
            "/pickupAddress/phone",
        ]
    );
}

#[tokio::test]
async fn single_values_are_refused_with_their_pointers() {
    for (changes, pointer) in [
        (
            [("/orderDetails/orderAmount", json!(0))],
            "/orderDetails/orderAmount",
        ),
        (
            [("/dropAddress/countryCode", json!(null))],
            "/dropAddress/country",
        ),
        (
            [("/orderDetails/orderNumber", json!(".."))],
            "/orderDetails/orderNumber",
        ),
    ] {
        assert_eq!(wrong(&changes).await, [pointer]);
    }
}
