//! What is sent for a label and a return AWB, and what is refused before anything is sent.

use crate::aggregators::shipway::tests::book::book;
use crate::aggregators::shipway::tests::*;
use crate::domain::account::Region;
use crate::domain::booking::Booked;

#[tokio::test]
async fn a_label_is_requested_with_all_data_and_read() {
    let mut bench = shipway().await;
    let pune = [("warehouseId", "77"), ("returnWarehouseId", "78")];
    let pune = pune.map(|(name, value)| (name.to_owned(), value.to_owned()));
    bench
        .account
        .warehouses
        .insert("pune".parse().unwrap(), pune.into());
    on(&bench, "POST", "/v2orders", ok(BOOKED)).await;
    let booked = book(&bench, &fixture(LABEL_RICH)).await.unwrap();
    let label = Some("https://labels.example.com/so-2041.pdf");
    let expected = booking(
        "SO-2041-.Pbox-1",
        "7700112233",
        Some("Delhivery Surface"),
        label,
    );
    assert_eq!(booked, Booked::Now(expected));
    let received = bench.received().await;
    assert_eq!(calls(&bench).await, ["POST /v2orders"]);
    assert_eq!(bench.sessions.kept(), None);
    assert_eq!(received[0].headers["authorization"], BASIC);
    assert_eq!(received[0].headers["content-type"], "application/json");
    assert_eq!(received[0].headers["accept"], "application/json");
    insta::assert_json_snapshot!(bench.body(0).await);
}

#[tokio::test]
async fn a_label_is_requested_with_minimal_data_and_shipway_chooses_the_courier() {
    let bench = shipway().await;
    let answer = json!({"success": "1", "awb_response": {"success": 1, "AWB": 7_700_112_233_u64, "courier_name": "NA"}});
    on(&bench, "POST", "/v2orders", ok(&answer.to_string())).await;
    let booked = book(&bench, &fixture(LABEL_MINIMAL)).await.unwrap();
    assert_eq!(
        booked,
        Booked::Now(booking("SO-2042", "7700112233", None, None))
    );
    insta::assert_json_snapshot!(bench.body(0).await);
}

#[tokio::test]
async fn a_return_awb_is_requested_with_its_checks_and_read() {
    let bench = shipway()
        .await
        .set("returnReasonId.Wrong size", "902")
        .set("refundPaymentId", "6");
    on(&bench, "POST", "/Createreturns", ok(RETURN_BOOKED)).await;
    let booked = book(&bench, &fixture(RETURN_RICH)).await.unwrap();
    let mut expected = booking("RT-77-.R", "5500990011", Some("Xpressbees Reverse"), None);
    let rma = ("rmaNo".to_owned(), "702.RT-77-R".to_owned());
    expected.own_ids.extend([rma]);
    assert_eq!(booked, Booked::Now(expected));
    assert_eq!(calls(&bench).await, ["POST /Createreturns"]);
    insta::assert_json_snapshot!(bench.body(0).await);
}

#[tokio::test]
async fn a_return_without_checks_and_without_a_known_reason_has_the_default_ones() {
    let bench = shipway()
        .await
        .set("returnWarehouseId", "78")
        .set("returnOrderStatus", "E");
    on(&bench, "POST", "/Createreturns", ok(RETURN_BOOKED)).await;
    let mut body = json_of(RETURN_RICH);
    let line = body["orderDetails"]["orderLineItems"][0]
        .as_object_mut()
        .unwrap();
    line.remove("qualityCheck");
    book(&bench, &request(&body)).await.unwrap();
    let sent = bench.body(0).await;
    assert_eq!(sent["return_reason_id"], "901");
    assert_eq!(sent["products"][0]["return_reason_id"], "901");
    assert_eq!(sent["refund_payment_id"], "0");
    assert_eq!(sent["return_order_status"], "E");
    assert_eq!(sent["return_warehouse_id"], "78");
    assert_eq!(sent.get("quality_check"), None);
    assert_eq!(sent.get("warehouse_id"), None);
}

#[tokio::test]
async fn one_line_with_checks_needs_no_sku_before_them() {
    let bench = shipway().await;
    on(&bench, "POST", "/Createreturns", ok(RETURN_BOOKED)).await;
    let mut body = json_of(RETURN_RICH);
    let lines = body["orderDetails"]["orderLineItems"]
        .as_array_mut()
        .unwrap();
    lines.truncate(1);
    book(&bench, &request(&body)).await.unwrap();
    let sent = bench.body(0).await;
    assert_eq!(sent["qc_text_capture"][0]["qc_text_capture_label"], "Brand");
}

#[tokio::test]
async fn missing_settings_are_named_and_nothing_is_sent() {
    for (missing, body) in [
        ("warehouseId", LABEL_MINIMAL),
        ("returnWarehouseId", RETURN_RICH),
        ("returnReasonId", RETURN_RICH),
        ("email", LABEL_MINIMAL),
        ("licenseKey", LABEL_MINIMAL),
    ] {
        let mut bench = shipway().await;
        bench.account.credentials.remove(missing);
        bench.account.settings.remove(missing);
        if missing == "returnWarehouseId" {
            bench.account.settings.remove("warehouseId");
        }
        let failure = book(&bench, &fixture(body)).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::NotConfigured(name) if name == missing),
            "{missing}: {failure:?}"
        );
        assert!(calls(&bench).await.is_empty());
    }
}

#[tokio::test]
async fn all_violations_are_reported_at_once_and_nothing_is_sent() {
    let bench = shipway().await;
    let mut body = json_of(LABEL_MINIMAL);
    body["currencyCode"] = json!("USD");
    body["dropAddress"]["country"] = json!("Nepal");
    body["dropAddress"]["zip"] = json!("44600");
    body["dropAddress"]["phone"] = json!("+977 1 4000000");
    let failure = book(&bench, &request(&body)).await.unwrap_err();
    let drop = [
        "/currencyCode",
        "/dropAddress/country",
        "/dropAddress/phone",
        "/dropAddress/zip",
    ];
    assert_eq!(pointers(failure), drop);
    for (request, pointer) in [
        (
            with(LABEL_MINIMAL, "/dropAddress/countryCode", json!("NP")),
            "/dropAddress/countryCode",
        ),
        (
            with(LABEL_MINIMAL, "/dropAddress/phone", json!(null)),
            "/dropAddress/phone",
        ),
        (
            with(LABEL_MINIMAL, "/dropAddress/phoneCode", json!("65")),
            "/dropAddress/phoneCode",
        ),
        (
            with(RETURN_RICH, "/pickupAddress/phone", json!("12345")),
            "/pickupAddress/phone",
        ),
        (
            with(
                LABEL_MINIMAL,
                "/orderDetails/orderNumber",
                json!("+".repeat(51)),
            ),
            "/orderDetails/orderNumber",
        ),
    ] {
        let failure = book(&bench, &request).await.unwrap_err();
        assert_eq!(pointers(failure), [pointer]);
    }
    assert!(calls(&bench).await.is_empty());
}

#[tokio::test]
async fn an_international_account_is_not_supported() {
    let mut bench = shipway().await;
    bench.account.region = Region::International;
    let failure = book(&bench, &fixture(LABEL_MINIMAL)).await.unwrap_err();
    assert_eq!(pointers(failure), ["/logisticAccountAlias"]);
    assert!(calls(&bench).await.is_empty());
}
