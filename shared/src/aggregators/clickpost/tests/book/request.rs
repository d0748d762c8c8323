//! What is sent for a label and a return AWB, and what is refused before anything is sent.

use crate::aggregators::clickpost::tests::*;

/// The only body that was sent.
async fn sent(bench: Workbench, request: &str) -> Value {
    let bench = bench.answers(answer(200, &meta(202, "queued"))).await;
    assert_eq!(bench.order(&body(request)).await.unwrap(), Booked::Later);
    assert_eq!(bench.received().await.len(), 1);
    bench.body(0).await
}

/// The violations; nothing is sent to Clickpost.
async fn wrong(bench: Workbench, request: &Value) -> Vec<String> {
    let failure = bench.order(request).await.unwrap_err();
    assert!(bench.received().await.is_empty());
    pointers(&failure).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_order_is_posted_with_the_account_s_credentials() {
    let bench = workbench().await;
    let bench = bench.answers(answer(200, &body(ORDER_ANSWER))).await;
    bench.order(&body(LABEL_REQUEST)).await.unwrap();
    assert_eq!(
        bench.asked().await,
        ["POST /v3/create-order/?username=brand&key=k+1%262"]
    );
    let headers = &bench.received().await[0].headers;
    assert_eq!(headers.get("content-type").unwrap(), "application/json");
    assert_eq!(headers.get("accept").unwrap(), "application/json");
}

#[tokio::test]
async fn a_base_url_with_a_path_is_kept() {
    let mut bench = workbench().await;
    let base = format!("{}/clickpost/api/", bench.server.uri());
    let urls = &mut bench.account.urls;
    urls.insert("baseUrl".to_owned(), base.parse().unwrap());
    let bench = bench.answers(answer(200, &body(ORDER_ANSWER))).await;
    bench.order(&body(LABEL_REQUEST)).await.unwrap();
    let request = bench.received().await.remove(0);
    assert_eq!(request.url.path(), "/clickpost/api/v3/create-order/");
}

#[tokio::test]
async fn a_rich_order_is_sent() {
    let bench = workbench()
        .await
        .set("accountCode", "Any")
        .set("accountCode.4", "Delhivery Kochi")
        .set("sellerGstin", "32AAAAA0000A1Z5")
        .set("vendorCode", "V-9")
        .set("async", "TRUE");
    insta::assert_json_snapshot!(sent(bench, LABEL_REQUEST).await);
}

#[tokio::test]
async fn a_minimal_order_is_sent() {
    insta::assert_json_snapshot!(sent(workbench().await, MINIMAL_REQUEST).await);
}

#[tokio::test]
async fn a_return_with_a_quality_check_is_sent() {
    let bench = workbench()
        .await
        .set("accountCode", "Delhivery Reverse")
        .set("contactEmail", "care@brand.example")
        .set("sellerGstin", "32AAAAA0000A1Z5")
        .set("qcParams", "BRAND, COLOR,");
    insta::assert_json_snapshot!(sent(bench, RETURN_REQUEST).await);
}

#[tokio::test]
async fn an_international_order_is_sent() {
    let bench = workbench_abroad().await.set("accountCode", "test.naqel");
    insta::assert_json_snapshot!(sent(bench, ABROAD_REQUEST).await);
}

#[tokio::test]
async fn international_orders_use_another_call() {
    let bench = workbench_abroad().await;
    let bench = bench.answers(answer(200, &body(ABROAD_ANSWER))).await;
    bench.order(&body(ABROAD_REQUEST)).await.unwrap();
    let request = bench.received().await.remove(0);
    assert_eq!(request.url.path(), "/v4/create-order/");
}

#[tokio::test]
async fn an_unsupported_declaration_is_null() {
    let customs = ("/customs", json!({"incoterm": "CIF"}));
    let request = changed(ABROAD_REQUEST, &[customs]);
    let sent = sent(workbench_abroad().await, &request.to_string()).await;
    assert_eq!(sent.get("tax_info"), Some(&Value::Null));
}

#[tokio::test]
async fn an_international_return_has_its_reason_in_both_places() {
    let request = changed(
        ABROAD_REQUEST,
        &[
            ("/orderDetails/shipmentType", json!("RETURN")),
            ("/returnReason", json!("Too bright")),
        ],
    );
    let sent = sent(workbench_abroad().await, &request.to_string()).await;
    assert_eq!(sent["shipment_details"]["rvp_reason"], "Too bright");
    assert_eq!(sent["additional"]["rvp_reason"], "Too bright");
    assert_eq!(sent["shipment_details"]["order_type"], "PREPAID");
    assert_eq!(sent["shipment_details"]["cod_value"], 0);
}

#[tokio::test]
async fn a_later_round_has_its_own_name() {
    let bench = workbench().await;
    let bench = bench.answers(answer(200, &meta(202, ""))).await;
    let request = workbench::request(&body(MINIMAL_REQUEST));
    let names = Names {
        round: 2,
        ..Names::of(&request)
    };
    let progress = MemoryProgress::default();
    let mut reached = Progress::new(progress.reached(), &progress);
    let booked = Clickpost.book(bench.call(), names.reference(), &request, &mut reached);
    assert_eq!(booked.await.unwrap(), Booked::Later);
    let sent = bench.body(0).await;
    assert_eq!(sent["shipment_details"]["reference_number"], "CP-1002-.2");
    assert_eq!(sent["shipment_details"]["order_id"], "CP-1002");
    assert!(progress.reached().is_empty());
}

#[tokio::test]
async fn settings_of_the_warehouse_take_precedence() {
    let mut bench = workbench().await.set("accountCode", "Any");
    let own = [("accountCode".to_owned(), "Kochi".to_owned())];
    let warehouses = &mut bench.account.warehouses;
    warehouses.insert("kochi".parse().unwrap(), own.into());
    let sent = sent(bench, LABEL_REQUEST).await;
    assert_eq!(sent["shipment_details"]["account_code"], "Kochi");
}

#[tokio::test]
async fn all_domestic_violations_are_reported_at_once() {
    let request = changed(
        MINIMAL_REQUEST,
        &[
            ("/courierId", Value::Null),
            ("/currencyCode", json!("USD")),
            ("/pickupAddress/state", json!("x".repeat(201))),
            ("/pickupAddress/country", json!("Utopia")),
            ("/pickupAddress/zip", json!("Al Quoz")),
            ("/pickupAddress/phone", Value::Null),
            ("/pickupAddress/firstName", json!("x".repeat(101))),
            ("/dropAddress/country", json!("Nepal")),
            ("/dropAddress/city", json!("x".repeat(201))),
            ("/dropAddress/zip", json!("4110011")),
            ("/dropAddress/phone", json!("+971501234567")),
            ("/dropAddress/addressLine2", json!("x".repeat(500))),
            ("/orderDetails/orderNumber", json!("Bestellung-ü")),
            ("/orderDetails/paymentType", json!("COD")),
            ("/orderDetails/orderAmount", json!(0)),
            ("/shipmentCode", json!("№2")),
            ("/invoice", json!({"number": "x".repeat(51)})),
        ],
    );
    let mut found = wrong(workbench().await, &request).await;
    found.sort();
    assert_eq!(
        found,
        [
            "/courierId",
            "/currencyCode",
            "/dropAddress/addressLine1",
            "/dropAddress/city",
            "/dropAddress/country",
            "/dropAddress/phone",
            "/dropAddress/zip",
            "/invoice/number",
            "/orderDetails/orderAmount",
            "/orderDetails/orderNumber",
            "/pickupAddress/country",
            "/pickupAddress/firstName",
            "/pickupAddress/phone",
            "/pickupAddress/state",
            "/pickupAddress/zip",
            "/shipmentCode",
        ]
    );
}

#[tokio::test]
async fn the_country_code_takes_precedence_over_the_country() {
    let code = |code| ("/dropAddress/countryCode", json!(code));
    let abroad = changed(MINIMAL_REQUEST, &[code("NP")]);
    let found = wrong(workbench().await, &abroad).await;
    assert_eq!(found, ["/dropAddress/countryCode"]);
    let country = ("/dropAddress/country", json!("Bharat"));
    let home = changed(MINIMAL_REQUEST, &[code("IN"), country]);
    let sent = sent(workbench().await, &home.to_string()).await;
    assert_eq!(sent["drop_info"]["drop_country"], "IN");
}

#[tokio::test]
async fn an_order_number_that_is_too_long_for_an_invoice_number_requires_an_invoice() {
    let number = ("/orderDetails/orderNumber", json!("n".repeat(51)));
    let request = changed(MINIMAL_REQUEST, &[number]);
    assert_eq!(wrong(workbench().await, &request).await, ["/invoice"]);
}

#[tokio::test]
async fn all_international_violations_are_reported_at_once() {
    let mut request = changed(
        ABROAD_REQUEST,
        &[
            ("/pickupAddress/countryCode", Value::Null),
            ("/pickupAddress/country", json!("Utopia")),
            ("/pickupAddress/phone", Value::Null),
            ("/dropAddress/phone", json!("+971 50 1234567")),
            ("/orderDetails/shipmentType", json!("RETURN")),
            ("/returnReason", json!("Too bright")),
        ],
    );
    let line = &mut request["orderDetails"]["orderLineItems"][0];
    line["qualityCheck"] = json!({"brand": "Lumo"});
    let found = wrong(workbench_abroad().await, &request).await;
    assert_eq!(
        found,
        [
            "/pickupAddress/countryCode",
            "/pickupAddress/phone",
            "/dropAddress/phoneCode",
            "/orderDetails/orderLineItems/0/qualityCheck",
        ]
    );
}

#[tokio::test]
async fn an_international_phone_number_is_split_once() {
    for (code, phone, sent_code, sent_phone) in [
        (json!("966"), "00966 520000009", json!("+966"), "520000009"),
        (json!("966"), "520000009", json!("+966"), "520000009"),
        (json!("+966"), "966520000009", json!("+966"), "520000009"),
        (Value::Null, "+966 0520000009", json!("+966"), "520000009"),
        (Value::Null, "520 000 009", json!("+966"), "520000009"),
        (Value::Null, "+91 98470 00001", json!("+91"), "9847000001"),
    ] {
        let phones = [
            ("/dropAddress/phoneCode", code),
            ("/dropAddress/phone", json!(phone)),
        ];
        let request = changed(ABROAD_REQUEST, &phones);
        let sent = sent(workbench_abroad().await, &request.to_string()).await;
        assert_eq!(sent["drop_info"]["phone_code"], sent_code, "{phone}");
        assert_eq!(sent["drop_info"]["phone"], sent_phone, "{phone}");
    }
    for no_phone in ["12", "call me", "+"] {
        let request = changed(ABROAD_REQUEST, &[("/dropAddress/phone", json!(no_phone))]);
        let found = wrong(workbench_abroad().await, &request).await;
        assert_eq!(found, ["/dropAddress/phone"]);
    }
}

#[tokio::test]
async fn a_foreign_number_is_never_sent_as_an_indian_one() {
    for (phone, code, pointer) in [
        ("+65 8123 4567", Value::Null, "/dropAddress/phone"),
        ("(212) 555-0123", json!("1"), "/dropAddress/phoneCode"),
        (
            "98470 00001 / 98470 00002",
            Value::Null,
            "/dropAddress/phone",
        ),
    ] {
        let phones = [
            ("/dropAddress/phone", json!(phone)),
            ("/dropAddress/phoneCode", code),
        ];
        let request = changed(MINIMAL_REQUEST, &phones);
        assert_eq!(
            wrong(workbench().await, &request).await,
            [pointer],
            "{phone}"
        );
    }
}

#[tokio::test]
async fn an_area_stands_for_a_postal_code_that_does_not_exist() {
    for (district, sent_area) in [(json!("Deira"), "Deira"), (Value::Null, "Riyadh")] {
        let changes = [
            ("/dropAddress/zip", Value::Null),
            ("/dropAddress/district", district),
        ];
        let request = changed(ABROAD_REQUEST, &changes);
        let sent = sent(workbench_abroad().await, &request.to_string()).await;
        assert_eq!(sent["drop_info"]["postal_code"], sent_area);
    }
}

#[tokio::test]
async fn a_listed_name_of_a_country_abroad_has_a_code() {
    let changes = [
        ("/dropAddress/countryCode", Value::Null),
        ("/dropAddress/country", json!("KSA")),
    ];
    let request = changed(ABROAD_REQUEST, &changes);
    let sent = sent(workbench_abroad().await, &request.to_string()).await;
    assert_eq!(sent["drop_info"]["country_code"], "SA");
}
