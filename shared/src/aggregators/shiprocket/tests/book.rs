//! Labels, return AWBs and orders without interruptions.

mod repeat;
mod request;

use crate::aggregators::shiprocket::tests::*;
use crate::partners::workbench::warned_of;
use crate::telemetry::captured::Captured;

#[tokio::test]
async fn with_a_warm_token_a_label_costs_three_calls() {
    let bench = bench().await;
    willing(&bench).await;
    let (booked, progress) = label(&bench).await;
    assert_eq!(booked.unwrap(), with_label());
    assert_eq!(
        asked(&bench).await,
        [
            "POST /orders/create/adhoc",
            "POST /courier/assign/awb",
            "POST /courier/generate/label"
        ]
    );
    assert_eq!(bench.body(1).await, json!({"shipment_id": 429_990}));
    assert_eq!(bench.body(2).await, json!({"shipment_id": [429_990]}));
    let kept = [
        ("awb", "77300145020\tAmazon Surface"),
        ("order", "430011/429990"),
    ];
    assert_eq!(
        steps(&progress),
        kept.map(|(step, id)| (step.to_owned(), id.to_owned()))
    );
}

#[tokio::test]
async fn an_awb_with_invisible_characters_is_kept_without_them() {
    let bench = bench().await;
    let assigned = ASSIGNED.replace("77300145020", "77300\u{200b}145020\u{feff}");
    assert_ne!(assigned, ASSIGNED);
    on(&bench, "POST", CREATE, 200, CREATED).await;
    on(&bench, "POST", ASSIGN, 200, assigned.as_str()).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    assert_eq!(label(&bench).await.0.unwrap(), with_label());
}

#[tokio::test]
async fn a_requested_courier_is_assigned() {
    let bench = bench().await;
    willing(&bench).await;
    book(&bench, LABEL_REQUEST, &MemoryProgress::default())
        .await
        .unwrap();
    assert_eq!(
        bench.body(1).await,
        json!({"shipment_id": 429_990, "courier_id": 142})
    );
}

#[tokio::test]
async fn a_return_awb_costs_two_calls() {
    let bench = bench().await;
    on(&bench, "POST", CREATE_RETURN, 200, CREATED_RETURN).await;
    on(&bench, "POST", ASSIGN, 200, ASSIGNED).await;
    let booked = book(&bench, RETURN_REQUEST, &MemoryProgress::default())
        .await
        .unwrap();
    let Booked::Now(booking) = booked else {
        panic!("{booked:?}");
    };
    assert_eq!(booking.order_id.unwrap().as_str(), "430500");
    assert_eq!(booking.label_url, None);
    assert_eq!(
        asked(&bench).await,
        ["POST /orders/create/return", "POST /courier/assign/awb"]
    );
    assert_eq!(
        bench.body(1).await,
        json!({"shipment_id": 430_477, "is_return": 1})
    );
}

#[tokio::test]
async fn a_label_that_is_not_ready_is_missing() {
    for template in [
        answer(200, NO_LABEL),
        answer(422, "{}"),
        answer(500, ""),
        answer(200, "?"),
    ] {
        let bench = bench().await;
        on(&bench, "POST", CREATE, 200, CREATED).await;
        on(&bench, "POST", ASSIGN, 200, ASSIGNED).await;
        next(&bench, "POST", PRINT, template).await;
        let (booked, _) = label(&bench).await;
        assert_eq!(booked.unwrap(), Booked::Now(sold(None)));
    }
}

#[tokio::test]
async fn a_queued_assignment_is_pending() {
    let bench = bench().await;
    on(&bench, "POST", CREATE, 200, CREATED).await;
    let queued = json!({"success": true, "message": "We are processing your request"}).to_string();
    on(&bench, "POST", ASSIGN, 200, queued).await;
    let (booked, progress) = label(&bench).await;
    assert_eq!(booked.unwrap(), Booked::Later);
    assert_eq!(steps(&progress).len(), 1);
}

#[tokio::test]
async fn a_refused_order_has_their_message() {
    let channel = json!({"message": "Given channel_id does not exist", "status_code": 400});
    let invalid = json!({"message": "The given data was invalid.", "status_code": 422,
        "errors": {"billing_city": ["The billing city may not be greater than 30 characters."]}});
    let fields_only =
        json!({"message": {"phone": ["Phone number is invalid"]}, "status_code": 422});
    let one_call =
        json!({"status": 0, "payload": {"action": "create", "error_message": "Wrong pickup"}});
    for (status, body, code, words) in [
        (400, channel, "400", "channel_id does not exist"),
        (
            422,
            invalid,
            "422",
            "billing_city: The billing city may not",
        ),
        (422, fields_only, "422", "phone: Phone number is invalid"),
        (
            404,
            json!({"message": "404 Not Found", "status_code": 404}),
            "404",
            "Not Found",
        ),
        (405, json!("<html>"), "405", ""),
        (
            200,
            json!({"message": "Wrong Pickup location entered", "data": []}),
            "200",
            "Wrong Pickup",
        ),
        (
            200,
            json!({"message": "Insufficient", "status_code": 400}),
            "400",
            "Insufficient",
        ),
        (200, one_call, "0", "Wrong pickup"),
    ] {
        let bench = bench().await;
        on(&bench, "POST", CREATE, status, body.to_string()).await;
        let (booked, progress) = label(&bench).await;
        assert_refused(booked, code, words);
        assert_eq!(steps(&progress), []);
    }
}

#[tokio::test]
async fn a_refused_assignment_has_their_message_and_keeps_the_order() {
    let unserved = json!({"message": "Selected courier is not serviceable", "status_code": 400});
    let missing = json!({"message": "The given data was invalid.", "status_code": 422,
        "errors": {"shipment_id": ["The shipment id field is required."]}});
    let recharge = json!({"message": "Please recharge your wallet", "status_code": 350});
    for (status, body, code, words) in [
        (
            200,
            json_of(NOT_ASSIGNED),
            "awb_assign_error",
            "wallet balance is too low",
        ),
        (
            200,
            json!({"awb_assign_status": "0", "message": "no courier"}),
            "awb_assign_error",
            "no courier",
        ),
        (200, recharge, "350", "recharge"),
        (400, unserved, "400", "not serviceable"),
        (422, missing, "422", "shipment_id: The shipment id field"),
    ] {
        let bench = bench().await;
        on(&bench, "POST", CREATE, 200, CREATED).await;
        on(&bench, "POST", ASSIGN, status, body.to_string()).await;
        let (booked, progress) = label(&bench).await;
        assert_refused(booked, code, words);
        assert_eq!(
            steps(&progress),
            [("order".to_owned(), "430011/429990".to_owned())]
        );
    }
}

#[tokio::test]
async fn an_unreadable_response_leaves_the_outcome_unknown() {
    for garbage in [
        "",
        "[]",
        "null",
        "{}",
        "<html></html>",
        "\u{fffd}",
        r#"{"order_id": 7}"#,
    ] {
        let bench = bench().await;
        on(&bench, "POST", CREATE, 200, garbage).await;
        assert_unknown(&label(&bench).await.0);
        let bench = crate::aggregators::shiprocket::tests::bench().await;
        on(&bench, "POST", CREATE, 200, CREATED).await;
        on(&bench, "POST", ASSIGN, 200, garbage).await;
        assert_unknown(&label(&bench).await.0);
    }
}

#[tokio::test]
async fn throttling_is_reported() {
    let bench = bench().await;
    let busy = answer(429, "").insert_header("Retry-After", "3");
    next(&bench, "POST", CREATE, busy).await;
    let (booked, _) = label(&bench).await;
    assert!(
        matches!(booked, Err(PartnerFailure::Throttled(Some(_)))),
        "{booked:?}"
    );
}

#[tokio::test]
async fn each_step_with_a_garbage_response_logs_one_warning() {
    let bench = bench().await;
    on(&bench, "POST", CREATE, 200, "<html>").await;
    let captured = Captured::start();
    assert_unknown(&label(&bench).await.0);
    assert_eq!(warned_of(&captured), ["create_order outcome-unknown 200 6"]);

    let bench = crate::aggregators::shiprocket::tests::bench().await;
    on(&bench, "POST", CREATE, 200, CREATED).await;
    on(&bench, "POST", ASSIGN, 200, ASSIGNED).await;
    on(&bench, "POST", PRINT, 502, "<html>").await;
    let captured = Captured::start();
    label(&bench).await.0.unwrap();
    assert_eq!(warned_of(&captured), ["print_label unreachable 502 6"]);
}
