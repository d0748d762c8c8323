//! Look-ups by name.

use crate::aggregators::LookUp;
use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::aggregators::workbench::Names;

/// Looks up the fixture's booking with this `getorders` response.
async fn found(fixture_text: &str, template: ResponseTemplate) -> Result<LookUp, PartnerFailure> {
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", template).await;
    let names = Names::of(&fixture(fixture_text));
    bench.look_up(&Shipway, &names).await
}

async fn label_found(rows_found: Value) -> LookUp {
    let body = rows(rows_found);
    found(LABEL_MINIMAL, ok(&body)).await.unwrap()
}

#[tokio::test]
async fn an_order_with_an_awb_is_a_booking() {
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", ok(ORDERS)).await;
    let names = Names::of(&fixture(LABEL_MINIMAL));
    let looked_up = bench.look_up(&Shipway, &names).await.unwrap();
    let label = booking("SO-2042", "7700112233", Some("Delhivery Surface"), None);
    assert_eq!(looked_up, LookUp::Booking(label));
    assert_eq!(calls(&bench).await, ["GET /getorders?orderid=SO-2042"]);
    assert_eq!(bench.received().await[0].headers["authorization"], BASIC);
}

#[tokio::test]
async fn it_is_looked_up_by_the_known_id() {
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", ok(&no_orders())).await;
    let names = Names {
        order_id: Some("WEB 7".parse().unwrap()),
        ..Names::of(&fixture(LABEL_MINIMAL))
    };
    bench.look_up(&Shipway, &names).await.unwrap();
    assert_eq!(calls(&bench).await, ["GET /getorders?orderid=WEB+7"]);
}

#[tokio::test]
async fn the_awb_has_several_spellings_and_a_label_is_optional() {
    for name in ["tracking_number", "awb_number", "AWB", "awb"] {
        let mut row = json!({"order_id": "SO-2042", "courier_name": "Delhivery", "shipping_url": "https://l.example.com/1"});
        row[name] = json!(7_700_112_233_u64);
        let label = Some("https://l.example.com/1");
        let expected = booking("SO-2042", "7700112233", Some("Delhivery"), label);
        assert_eq!(label_found(json!([row])).await, LookUp::Booking(expected));
    }
}

#[tokio::test]
async fn a_list_may_be_an_object_or_one_order() {
    let row = json!({"order_id": "SO-2042", "tracking_number": "1"});
    let expected = LookUp::Booking(booking("SO-2042", "1", None, None));
    assert_eq!(label_found(json!({"0": row})).await, expected);
    assert_eq!(label_found(row).await, expected);
}

#[tokio::test]
async fn no_order_and_an_order_without_an_awb_are_not_bookings() {
    for body in [
        no_orders(),
        r#"{"success": 0, "error": "No orders found", "message": "No orders found."}"#.to_owned(),
        r#"{"success": 1, "message": "No order found"}"#.to_owned(),
        rows(json!([])),
        rows(json!([{"order_id": "SO-2042"}])),
        rows(json!([{"order_id": "SO-2042", "status": "O"}])),
        rows(json!([{"order_id": "SO-2042", "status": "A", "tracking_number": ""}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": null}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": "0"}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": "NA"}])),
    ] {
        let looked_up = found(LABEL_MINIMAL, ok(&body)).await.unwrap();
        assert_eq!(looked_up, LookUp::Nothing, "{body}");
    }
}

#[tokio::test]
async fn inconclusive_responses_decide_nothing() {
    for body in [
        "{}".to_owned(),
        r#"{"success": 1, "message": "Please try later"}"#.to_owned(),
        r#"{"success": 0, "message": []}"#.to_owned(),
        r#"{"message": []}"#.to_owned(),
        rows(json!([{"order_id": "SO-2042", "status": "A"}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": 1e22}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": false}])),
        rows(json!([{"order_id": "SO-20420", "tracking_number": "1"}])),
        rows(json!([{"order_id": "so-2042", "tracking_number": "1"}])),
        rows(json!(["SO-2042"])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": {"awb": "1"}}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": "1".repeat(101)}])),
        rows(json!([{"order_id": "SO-2042", "tracking_number": "1", "shipment_status": "CAN"}])),
        rows(json!([
            {"order_id": "SO-2042", "tracking_number": "1"},
            {"order_id": "SO-2042", "tracking_number": "2"}
        ])),
    ] {
        let looked_up = found(LABEL_MINIMAL, ok(&body)).await.unwrap();
        assert_eq!(looked_up, LookUp::CannotTell, "{body}");
    }
    let looked_up = found(LABEL_MINIMAL, answer(404, "{}")).await.unwrap();
    assert_eq!(looked_up, LookUp::CannotTell);
}

#[tokio::test]
async fn an_awb_in_one_of_several_rows_is_enough() {
    let mixed = json!([
        {"order_id": "SO-2041", "tracking_number": "9"},
        {"order_id": "SO-2042", "tracking_number": ""},
        {"order_id": "SO-2042", "tracking_number": "1"},
        {"order_id": "SO-2042", "tracking_number": "1"}
    ]);
    let expected = LookUp::Booking(booking("SO-2042", "1", None, None));
    assert_eq!(label_found(mixed).await, expected);
}

#[tokio::test]
async fn a_return_counts_if_it_is_listed_and_a_missing_one_is_inconclusive() {
    let there = json!([{"order_id": "RT-77-.R", "tracking_number": "5500990011", "shipping_url": "https://l.example.com/1"}]);
    let looked_up = found(RETURN_RICH, ok(&rows(there))).await.unwrap();
    let expected = booking("RT-77-.R", "5500990011", None, None);
    assert_eq!(looked_up, LookUp::Booking(expected));
    for body in [no_orders(), rows(json!([{"order_id": "RT-77-.R"}]))] {
        let looked_up = found(RETURN_RICH, ok(&body)).await.unwrap();
        assert_eq!(looked_up, LookUp::CannotTell, "{body}");
    }
}

#[tokio::test]
async fn a_response_that_is_not_json_is_unreadable_and_a_fault_unreachable() {
    for body in ["", "[]", "\"No orders found\"", "<html>"] {
        let failure = found(LABEL_MINIMAL, ok(body)).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::Unreadable),
            "{body}: {failure:?}"
        );
    }
    let failure = found(LABEL_MINIMAL, answer(502, "")).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
    let failure = found(LABEL_MINIMAL, answer(401, "")).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::BadCredentials));
}
