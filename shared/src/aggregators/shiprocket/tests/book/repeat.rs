//! Buying once: the effect of a repeated request after each interruption.

use crate::aggregators::shiprocket::tests::*;

const ONCE: [&str; 3] = [
    "POST /orders/create/adhoc",
    "POST /courier/assign/awb",
    "POST /courier/generate/label",
];

/// Books again from `progress`; returns the result and the calls.
async fn again(
    bench: &Workbench,
    progress: &MemoryProgress,
) -> (Result<Booked, PartnerFailure>, Vec<String>) {
    let before = asked(bench).await.len();
    let booked = book(bench, MINIMAL_REQUEST, progress).await;
    let calls = asked(bench).await.split_off(before);
    (booked, calls)
}

#[tokio::test]
async fn an_order_that_may_have_been_created_is_requested_again() {
    for lost in [
        late(CREATED),
        answer(500, ""),
        answer(502, "<html>"),
        answer(200, "?"),
    ] {
        let mut bench = bench().await;
        next(&bench, "POST", CREATE, lost).await;
        willing(&bench).await;
        bench.deadline = IMPATIENCE;
        let (booked, progress) = label(&bench).await;
        assert_unknown(&booked);
        assert_eq!(steps(&progress), []);
        bench.deadline = NEVER;
        let (booked, calls) = again(&bench, &progress).await;
        assert_eq!(booked.unwrap(), with_label());
        assert_eq!(calls, ONCE);
    }
}

#[tokio::test]
async fn a_repeat_makes_a_missing_assignment_without_a_second_order() {
    for lost in [late(ASSIGNED), answer(500, ""), answer(200, "?")] {
        let mut bench = bench().await;
        next(&bench, "POST", ASSIGN, lost).await;
        willing(&bench).await;
        bench.deadline = IMPATIENCE;
        let (booked, progress) = label(&bench).await;
        assert_unknown(&booked);
        bench.deadline = NEVER;
        let (booked, calls) = again(&bench, &progress).await;
        assert_eq!(booked.unwrap(), with_label());
        assert_eq!(
            calls,
            ["POST /courier/assign/awb", "POST /courier/generate/label"]
        );
    }
}

#[tokio::test]
async fn a_repeat_reads_an_existing_assignment() {
    let said_with_200 = with(
        NOT_ASSIGNED,
        &[(
            "/response/data/awb_assign_error",
            json!("AWB is already assigned"),
        )],
    );
    for (status, told) in [
        (400, CANNOT_REASSIGN.to_owned()),
        (200, said_with_200.to_string()),
    ] {
        let bench = bench().await;
        on(&bench, "POST", ASSIGN, status, told).await;
        on(&bench, "GET", SHOW, 200, SHOWN).await;
        on(&bench, "POST", PRINT, 200, LABEL).await;
        let progress = MemoryProgress::at(&[("order", "430011/429990")]);
        let (booked, calls) = again(&bench, &progress).await;
        assert_eq!(booked.unwrap(), with_label());
        assert_eq!(
            calls,
            [
                "POST /courier/assign/awb",
                "GET /orders/show/430011",
                "POST /courier/generate/label"
            ]
        );
    }
}

#[tokio::test]
async fn an_existing_awb_that_cannot_be_read_stays_unknown() {
    let without = with(
        SHOWN,
        &[
            ("/data/shipments/awb", json!("")),
            ("/data/awb_data", Value::Null),
        ],
    );
    let denied = json!({"message": "Order ID not found", "status_code": 400}).to_string();
    for (status, body) in [
        (200, without.to_string()),
        (400, denied),
        (429, String::new()),
        (500, String::new()),
        (403, String::new()),
    ] {
        let bench = bench().await;
        on(&bench, "POST", ASSIGN, 400, CANNOT_REASSIGN).await;
        on(&bench, "GET", SHOW, status, body).await;
        let progress = MemoryProgress::at(&[("order", "430011/429990")]);
        assert_unknown(&again(&bench, &progress).await.0);
    }
}

#[tokio::test]
async fn after_the_awb_only_the_label_is_requested() {
    let bench = bench().await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let steps = [
        ("order", "430011/429990"),
        ("awb", "77300145020\tAmazon Surface"),
    ];
    let (booked, calls) = again(&bench, &MemoryProgress::at(&steps)).await;
    assert_eq!(booked.unwrap(), with_label());
    assert_eq!(calls, ["POST /courier/generate/label"]);
}

#[tokio::test]
async fn a_missing_label_does_not_affect_the_booking() {
    let mut bench = bench().await;
    next(&bench, "POST", PRINT, late(LABEL)).await;
    willing(&bench).await;
    bench.deadline = IMPATIENCE;
    let (booked, progress) = label(&bench).await;
    assert_eq!(booked.unwrap(), Booked::Now(sold(None)));
    assert_eq!(steps(&progress).len(), 2);
}

#[tokio::test]
async fn an_existing_order_with_an_awb_is_used() {
    let bench = bench().await;
    let old = with(
        CREATED,
        &[
            ("/status", json!("PICKUP SCHEDULED")),
            ("/status_code", json!(4)),
            ("/awb_code", json!("77300145020")),
            ("/courier_name", json!("Amazon Surface")),
        ],
    );
    on(&bench, "POST", CREATE, 200, old.to_string()).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let (booked, _) = label(&bench).await;
    assert_eq!(booked.unwrap(), with_label());
    assert_eq!(
        asked(&bench).await,
        ["POST /orders/create/adhoc", "POST /courier/generate/label"]
    );
}

#[tokio::test]
async fn a_cancelled_order_with_the_name_is_refused_and_kept_for_cancellation() {
    for changes in [
        [("/status_code", json!(5)), ("/status", json!("CANCELED"))],
        [("/status_code", json!("5")), ("/status", json!(""))],
        [
            ("/status_code", Value::Null),
            ("/status", json!("Canceled")),
        ],
    ] {
        let bench = bench().await;
        on(
            &bench,
            "POST",
            CREATE,
            200,
            with(CREATED, &changes).to_string(),
        )
        .await;
        let (booked, progress) = label(&bench).await;
        assert_refused(booked, "cancelled-order", "cancelled at Shiprocket");
        assert_eq!(
            steps(&progress),
            [("order".to_owned(), "430011/429990".to_owned())]
        );
        assert_eq!(asked(&bench).await, ["POST /orders/create/adhoc"]);
    }
}

#[tokio::test]
async fn a_refused_assignment_is_tried_again_without_a_second_order() {
    let bench = bench().await;
    next(&bench, "POST", ASSIGN, answer(200, NOT_ASSIGNED)).await;
    willing(&bench).await;
    let (booked, progress) = label(&bench).await;
    assert_refused(booked, "awb_assign_error", "wallet");
    let (booked, calls) = again(&bench, &progress).await;
    assert_eq!(booked.unwrap(), with_label());
    assert_eq!(
        calls,
        ["POST /courier/assign/awb", "POST /courier/generate/label"]
    );
}

#[tokio::test]
async fn a_repeat_reads_a_queued_assignment() {
    let bench = bench().await;
    let queued = json!({"success": true, "message": "We are processing your request"}).to_string();
    next(&bench, "POST", ASSIGN, answer(200, queued)).await;
    on(&bench, "POST", CREATE, 200, CREATED).await;
    on(&bench, "POST", ASSIGN, 400, CANNOT_REASSIGN).await;
    on(&bench, "GET", SHOW, 200, SHOWN).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let (booked, progress) = label(&bench).await;
    assert_eq!(booked.unwrap(), Booked::Later);
    assert_eq!(again(&bench, &progress).await.0.unwrap(), with_label());
}

#[tokio::test]
async fn an_order_cancelled_at_shiprocket_after_its_creation_is_refused() {
    let bench = bench().await;
    on(&bench, "POST", ASSIGN, 400, CANNOT_REASSIGN).await;
    let cancelled = with(SHOWN, &[("/data/status_code", json!(5))]).to_string();
    on(&bench, "GET", SHOW, 200, cancelled).await;
    let progress = MemoryProgress::at(&[("order", "430011/429990")]);
    assert_refused(
        again(&bench, &progress).await.0,
        "cancelled-order",
        "cancelled",
    );
}

#[tokio::test]
async fn a_taken_name_is_found_by_its_exact_text() {
    let bench = bench().await;
    on(&bench, "POST", CREATE, 422, TAKEN).await;
    on(&bench, "GET", FIND, 200, ORDERS).await;
    on(&bench, "POST", ASSIGN, 200, ASSIGNED).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let (booked, _) = label(&bench).await;
    assert_eq!(booked.unwrap(), with_label());
    assert_eq!(
        asked(&bench).await,
        [
            "POST /orders/create/adhoc",
            "GET /orders?page=1&per_page=50&search=W-2042",
            "POST /courier/assign/awb",
            "POST /courier/generate/label"
        ]
    );
    assert_eq!(bench.body(2).await, json!({"shipment_id": 429_990}));
}

#[tokio::test]
async fn a_taken_name_of_another_channel_or_of_no_order_is_a_refusal() {
    let bench = bench().await.set("channelId", "99");
    on(&bench, "POST", CREATE, 422, TAKEN).await;
    on(&bench, "GET", FIND, 200, ORDERS).await;
    assert_refused(label(&bench).await.0, "422", "already been taken");
    let bench = crate::aggregators::shiprocket::tests::bench().await;
    on(&bench, "POST", CREATE, 422, TAKEN).await;
    on(&bench, "GET", FIND, 200, json!({"data": []}).to_string()).await;
    assert_refused(label(&bench).await.0, "422", "already been taken");
    let bench = crate::aggregators::shiprocket::tests::bench().await;
    on(&bench, "POST", CREATE, 422, TAKEN).await;
    on(&bench, "GET", FIND, 500, "").await;
    assert_unknown(&label(&bench).await.0);
}

#[tokio::test]
async fn a_taken_return_is_found_in_the_list_of_returns_page_by_page() {
    let bench = bench().await;
    on(&bench, "POST", CREATE_RETURN, 422, TAKEN).await;
    on(&bench, "GET", FIND, 200, json!({"data": []}).to_string()).await;
    let pages =
        |entries: Value| json!({"data": entries, "meta": {"pagination": {"total_pages": 2}}});
    let other = json!([{"id": 1, "channel_order_id": "RT-8-.R", "shipment_id": 2}]);
    let list = "/orders/processing/return";
    next(&bench, "GET", list, answer(200, pages(other).to_string())).await;
    let ours = json!([{"id": 430_011, "channel_order_id": "RT-9-.R", "status_code": 21}]);
    next(&bench, "GET", list, answer(200, pages(ours).to_string())).await;
    let shown = with(
        SHOWN,
        &[
            ("/data/shipments/awb", json!("")),
            ("/data/awb_data", Value::Null),
        ],
    );
    on(&bench, "GET", SHOW, 200, shown.to_string()).await;
    on(&bench, "POST", ASSIGN, 200, ASSIGNED).await;
    let booked = book(&bench, RETURN_REQUEST, &MemoryProgress::default()).await;
    assert_eq!(booked.unwrap(), Booked::Now(sold(None)));
    assert_eq!(
        asked(&bench).await,
        [
            "POST /orders/create/return",
            "GET /orders?page=1&per_page=50&search=RT-9-.R",
            "GET /orders/processing/return?page=1&per_page=50",
            "GET /orders/processing/return?page=2&per_page=50",
            "GET /orders/show/430011",
            "POST /courier/assign/awb"
        ]
    );
}
