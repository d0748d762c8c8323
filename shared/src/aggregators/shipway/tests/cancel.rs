//! Cancellations of AWBs and of orders without one.

use crate::aggregators::Cancels;
use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::aggregators::workbench::Names;
use crate::domain::booking::Cancellation;

const LOOK_UP: &str = "GET /getorders?orderid=SO-2042";

fn with_awb(text: &str) -> Names {
    Names {
        awb: Some("7700112233".parse().unwrap()),
        ..Names::of(&fixture(text))
    }
}

async fn cancel(bench: &Workbench, names: &Names) -> Result<Cancellation, PartnerFailure> {
    Shipway.cancel(bench.call(), names.reference()).await
}

fn about_awb(success: bool, list: &str) -> String {
    let mut body = json!({
        "error": !success, "success": success, "message": "said",
        "invalid_tracking_numbers": "", "shipment_success_tracking_numbers": "", "shipment_failed_tracking_numbers": ""
    });
    body[list] = json!("1, 7700112233");
    body.to_string()
}

#[tokio::test]
async fn a_shipment_is_cancelled_by_its_awb() {
    for body in [
        about_awb(true, "shipment_success_tracking_numbers"),
        r#"{"success": "1", "message": "done"}"#.to_owned(),
        r#"{"shipment_success_tracking_numbers": ["7700112233"]}"#.to_owned(),
        r#"{"success": 0, "message": "Shipment already cancelled"}"#.to_owned(),
    ] {
        for text in [LABEL_MINIMAL, RETURN_RICH] {
            let bench = shipway().await;
            on(&bench, "POST", "/Cancel/", ok(&body)).await;
            let cancelled = cancel(&bench, &with_awb(text)).await.unwrap();
            assert_eq!(cancelled, Cancellation::Done, "{body}");
            assert_eq!(calls(&bench).await, ["POST /Cancel/"]);
            assert_eq!(bench.body(0).await, json!({"awb_number": ["7700112233"]}));
            assert_eq!(bench.received().await[0].headers["authorization"], BASIC);
        }
    }
}

#[tokio::test]
async fn a_refused_cancellation_of_a_shipment_is_reported_while_the_order_has_its_awb() {
    for template in [
        answer(201, &about_awb(false, "invalid_tracking_numbers")),
        ok(&about_awb(true, "shipment_failed_tracking_numbers")),
        ok(r#"{"success": 0, "message": "said"}"#),
        answer(400, r#"{"message": "said"}"#),
    ] {
        for kept in [ok(ORDERS), ok(&no_orders()), ok("{}"), answer(500, "")] {
            let bench = shipway().await;
            on(&bench, "POST", "/Cancel/", template.clone()).await;
            on(&bench, "GET", "/getorders", kept).await;
            let failure = cancel(&bench, &with_awb(LABEL_MINIMAL)).await.unwrap_err();
            assert_eq!(refused(failure).message.as_deref(), Some("said"));
            assert_eq!(calls(&bench).await, ["POST /Cancel/", LOOK_UP]);
        }
    }
}

#[tokio::test]
async fn a_repeat_finds_that_the_shipment_is_already_cancelled() {
    for row in [
        json!({"order_id": "SO-2042", "tracking_number": ""}),
        json!({"order_id": "SO-2042", "tracking_number": "7700112233", "shipment_status": "CAN"}),
    ] {
        let bench = shipway().await;
        let invalid = about_awb(false, "invalid_tracking_numbers");
        on(&bench, "POST", "/Cancel/", answer(201, &invalid)).await;
        on(&bench, "GET", "/getorders", ok(&rows(json!([row])))).await;
        let cancelled = cancel(&bench, &with_awb(LABEL_MINIMAL)).await.unwrap();
        assert_eq!(cancelled, Cancellation::Done);
    }
}

#[tokio::test]
async fn an_order_without_an_awb_is_cancelled_by_its_name() {
    for body in [
        r#"[{"order_id": "SO-2042", "error": false, "success": true, "message": "done"}]"#,
        r#"[{"order_id": "x", "success": 0}, {"order_id": "SO-2042", "success": "1"}]"#,
        r#"[{"order_id": "SO-2042", "error": true, "success": false, "message": "Order has already been cancelled"}]"#,
        r#"{"success": 1}"#,
    ] {
        let bench = shipway().await;
        on(&bench, "POST", "/Cancelorders/", ok(body)).await;
        let names = Names::of(&fixture(LABEL_MINIMAL));
        let cancelled = cancel(&bench, &names).await.unwrap();
        assert_eq!(cancelled, Cancellation::Done, "{body}");
        assert_eq!(bench.body(0).await, json!({"order_ids": ["SO-2042"]}));
    }
}

#[tokio::test]
async fn a_refused_cancellation_of_an_order_is_reported_while_it_exists() {
    let said = r#"[{"order_id": "SO-2042", "error": true, "success": false, "message": "already dispatched, cannot cancel"}]"#;
    let names = Names::of(&fixture(LABEL_MINIMAL));
    for (template, kept, is_cancelled) in [
        (ok(said), ok(ORDERS), false),
        (ok(said), ok(&rows(json!([{"order_id": "SO-2042"}]))), false),
        (
            ok(said),
            ok(&rows(json!([
                {"order_id": "SO-2042", "tracking_number": "", "shipment_status": "CAN"},
            ]))),
            true,
        ),
        (
            ok(said),
            ok(&rows(json!([
                {"order_id": "SO-2042", "shipment_status": "CAN"},
                {"order_id": "SO-2042"},
            ]))),
            false,
        ),
        (ok(said), ok(&no_orders()), true),
        (answer(400, ""), answer(500, ""), false),
    ] {
        let bench = shipway().await;
        on(&bench, "POST", "/Cancelorders/", template).await;
        on(&bench, "GET", "/getorders", kept).await;
        match cancel(&bench, &names).await {
            Ok(_) => assert!(is_cancelled),
            Err(failure) => {
                refused(failure);
                assert!(!is_cancelled);
            }
        }
        assert_eq!(calls(&bench).await, ["POST /Cancelorders/", LOOK_UP]);
    }
}

#[tokio::test]
async fn a_cancellation_with_an_unclear_or_no_response_may_have_happened() {
    let bodies = [
        "",
        "7",
        "{}",
        "[]",
        r#"[{"order_id": "x", "success": true}]"#,
    ];
    for (target, names) in [
        ("/Cancel/", with_awb(LABEL_MINIMAL)),
        ("/Cancelorders/", Names::of(&fixture(LABEL_MINIMAL))),
    ] {
        for template in bodies
            .map(ok)
            .into_iter()
            .chain([answer(500, ""), late("{}")])
        {
            let mut bench = shipway().await;
            bench.deadline = Duration::from_millis(500);
            on(&bench, "POST", target, template).await;
            let failure = cancel(&bench, &names).await.unwrap_err();
            assert!(
                matches!(failure, PartnerFailure::OutcomeUnknown),
                "{failure:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_return_without_an_awb_cannot_be_cancelled() {
    let bench = shipway().await;
    let names = Names::of(&fixture(RETURN_RICH));
    let failure = cancel(&bench, &names).await.unwrap_err();
    assert_eq!(pointers(failure), ["/orderNumber"]);
    assert!(calls(&bench).await.is_empty());
}
