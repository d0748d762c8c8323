//! The sent requests, and refusals before anything is sent.

use crate::aggregators::shiprocket::tests::*;

/// The body of the call that creates the order.
async fn sent(bench: &Workbench, body: &str, create: &str) -> Value {
    on(bench, "POST", create, 200, CREATED).await;
    on(bench, "POST", ASSIGN, 200, ASSIGNED).await;
    on(
        bench,
        "POST",
        "/international/courier/assign/awb",
        200,
        ASSIGNED,
    )
    .await;
    on(bench, "POST", PRINT, 200, LABEL).await;
    let booked = book(bench, body, &MemoryProgress::default()).await;
    assert!(matches!(booked, Ok(Booked::Now(_))), "{booked:?}");
    let call = &bench.received().await[0];
    assert_eq!(call.method.as_str(), "POST");
    assert_eq!(call.url.path(), create);
    let header = |name: &str| call.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("authorization"), "Bearer warm");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("accept"), "application/json");
    bench.body(0).await
}

#[tokio::test]
async fn a_rich_forward_order_is_sent() {
    let mut bench = bench().await.set("channelId", "76001");
    let of_warehouse = [("pickupLocation".to_owned(), "Peenya".to_owned())].into();
    bench
        .account
        .warehouses
        .insert("BLR".parse().unwrap(), of_warehouse);
    insta::assert_json_snapshot!(sent(&bench, LABEL_REQUEST, CREATE).await);
}

#[tokio::test]
async fn a_minimal_forward_order_is_sent() {
    insta::assert_json_snapshot!(sent(&bench().await, MINIMAL_REQUEST, CREATE).await);
}

#[tokio::test]
async fn an_export_is_sent() {
    let mut bench = bench().await;
    bench.account.region = Region::International;
    let create = "/international/orders/create/adhoc";
    insta::assert_json_snapshot!(sent(&bench, EXPORT_REQUEST, create).await);
    let paths: Vec<_> = asked(&bench).await;
    assert_eq!(
        paths[1..],
        [
            "POST /international/courier/assign/awb",
            "POST /courier/generate/label"
        ]
    );
}

#[tokio::test]
async fn a_return_with_a_quality_check_is_sent() {
    insta::assert_json_snapshot!(sent(&bench().await, RETURN_REQUEST, CREATE_RETURN).await);
}

#[tokio::test]
async fn an_unsupported_reason_is_replaced_by_the_account_s_or_left_out() {
    let body = with(
        RETURN_REQUEST,
        &[("/returnReason", json!("the dog ate it"))],
    )
    .to_string();
    let pointer = "/order_items/0/return_reason";
    let bare = sent(&bench().await, &body, CREATE_RETURN).await;
    assert_eq!(bare.pointer(pointer), None);
    let bench = bench().await.set("returnReason", "N/A");
    let set = sent(&bench, &body, CREATE_RETURN).await;
    assert_eq!(set.pointer(pointer), Some(&json!("N/A")));
}

#[tokio::test]
async fn a_missing_e_mail_address_is_replaced_by_the_account_s() {
    let body = with(MINIMAL_REQUEST, &[("/dropAddress/email", Value::Null)]).to_string();
    let bench = bench().await.set("defaultEmail", "orders@example.org");
    let sent = sent(&bench, &body, CREATE).await;
    assert_eq!(sent["billing_email"], "orders@example.org");
}

#[tokio::test]
async fn a_missing_pickup_location_or_a_wrong_channel_is_not_configured() {
    let mut bench = bench().await;
    bench.account.settings.clear();
    let (booked, _) = label(&bench).await;
    assert!(
        matches!(booked, Err(PartnerFailure::NotConfigured("pickupLocation"))),
        "{booked:?}"
    );
    let bench = crate::aggregators::shiprocket::tests::bench()
        .await
        .set("channelId", "web");
    let (booked, _) = label(&bench).await;
    assert!(
        matches!(booked, Err(PartnerFailure::NotConfigured("channelId"))),
        "{booked:?}"
    );
    assert_eq!(asked(&bench).await, [""; 0]);
}

#[tokio::test]
async fn all_violations_are_reported_at_once_and_nothing_is_sent() {
    let bench = bench().await;
    let body = with(
        MINIMAL_REQUEST,
        &[
            ("/orderDetails/orderNumber", json!("x".repeat(51))),
            ("/currencyCode", json!("USD")),
            (
                "/dropAddress/city",
                json!("Thiruvananthapuram Metropolitan"),
            ),
            ("/dropAddress/country", json!("Singapore")),
            ("/dropAddress/zip", json!("068200")),
            ("/dropAddress/phone", json!("+971501234567")),
            ("/dropAddress/email", Value::Null),
            ("/shipmentDimension/height", json!(0.5)),
        ],
    );
    let booked = book(&bench, &body.to_string(), &MemoryProgress::default()).await;
    assert_invalid(
        booked,
        &[
            "/orderDetails/orderNumber",
            "/currencyCode",
            "/dropAddress/city",
            "/dropAddress/country",
            "/dropAddress/phone",
            "/dropAddress/zip",
            "/dropAddress/email",
            "/shipmentDimension/height",
        ],
    );
    assert_eq!(asked(&bench).await, [""; 0]);
}

#[tokio::test]
async fn suffixes_count_towards_the_length_of_a_name() {
    let bench = bench().await;
    let body = with(
        MINIMAL_REQUEST,
        &[
            ("/orderDetails/orderNumber", json!("x".repeat(48))),
            ("/shipmentCode", json!("2")),
        ],
    );
    let booked = book(&bench, &body.to_string(), &MemoryProgress::default()).await;
    assert_invalid(booked, &["/orderDetails/orderNumber"]);
}

#[tokio::test]
async fn a_missing_phone_number_is_reported() {
    let bench = bench().await;
    let body = with(MINIMAL_REQUEST, &[("/dropAddress/phone", Value::Null)]);
    let booked = book(&bench, &body.to_string(), &MemoryProgress::default()).await;
    assert_invalid(booked, &["/dropAddress/phone"]);
    let body = with(
        RETURN_REQUEST,
        &[
            ("/dropAddress/phone", Value::Null),
            ("/pickupAddress/email", Value::Null),
        ],
    );
    let booked = book(&bench, &body.to_string(), &MemoryProgress::default()).await;
    assert_invalid(booked, &["/dropAddress/phone", "/pickupAddress/email"]);
}

#[tokio::test]
async fn unsupported_international_requests_are_refused() {
    let mut bench = bench().await;
    bench.account.region = Region::International;
    let body = with(
        EXPORT_REQUEST,
        &[
            ("/orderDetails/paymentType", json!("COD")),
            ("/orderDetails/orderLineItems/0/hsCode", json!("620342")),
            ("/dropAddress/phone", json!("call me")),
        ],
    );
    let booked = book(&bench, &body.to_string(), &MemoryProgress::default()).await;
    assert_invalid(
        booked,
        &[
            "/orderDetails/paymentType",
            "/orderDetails/orderLineItems/0/hsCode",
            "/dropAddress/phone",
        ],
    );
    let booked = book(&bench, RETURN_REQUEST, &MemoryProgress::default()).await;
    assert_invalid(booked, &["/orderDetails/shipmentType"]);
}

#[tokio::test]
async fn a_quality_check_needs_one_product_with_a_picture() {
    let bench = bench().await;
    let mut body = with(
        RETURN_REQUEST,
        &[(
            "/orderDetails/orderLineItems/0/qualityCheck/imageUrls",
            json!([]),
        )],
    );
    let line = json!({"name": "Belt", "sku": "B-1", "sellingPricePerUnit": 1, "quantity": 1});
    let lines = body.pointer_mut("/orderDetails/orderLineItems").unwrap();
    lines.as_array_mut().unwrap().push(line);
    let booked = book(&bench, &body.to_string(), &MemoryProgress::default()).await;
    let checked = "/orderDetails/orderLineItems/0/qualityCheck";
    assert_invalid(booked, &[checked, &format!("{checked}/imageUrls")]);
}

#[tokio::test]
async fn an_export_has_the_english_name_of_its_country_and_its_calling_code() {
    let create = "/international/orders/create/adhoc";
    for (country, code, sent_country) in [
        ("UAE", json!("AE"), "United Arab Emirates"),
        ("UAE", Value::Null, "United Arab Emirates"),
        ("Emirats", json!("ae"), "United Arab Emirates"),
    ] {
        let mut bench = bench().await;
        bench.account.region = Region::International;
        let body = with(
            EXPORT_REQUEST,
            &[
                ("/dropAddress/country", json!(country)),
                ("/dropAddress/countryCode", code),
                ("/dropAddress/zip", Value::Null),
                ("/dropAddress/phoneCode", Value::Null),
                ("/dropAddress/phone", json!("+971 050 123 4567")),
            ],
        );
        let sent = sent(&bench, &body.to_string(), create).await;
        assert_eq!(sent["billing_country"], sent_country);
        assert_eq!(sent["shipping_country"], sent_country);
        assert_eq!(sent["billing_pincode"], "00000");
        assert_eq!(sent["isd_code"], "+971");
        assert_eq!(sent["billing_phone"], "501234567");
    }
}
