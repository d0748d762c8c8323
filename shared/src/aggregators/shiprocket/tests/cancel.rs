//! Cancellations.

use crate::aggregators::shiprocket::tests::*;

async fn cancel(bench: &Workbench, names: &Names) -> Result<Cancellation, PartnerFailure> {
    let cancels = Shiprocket.cancels(&bench.account).unwrap();
    cancels.cancel(bench.call(), names.reference()).await
}

fn by_id() -> Names {
    Names {
        order_id: Some("430011".parse().unwrap()),
        awb: Some("77300145020".parse().unwrap()),
        ..minimal_names()
    }
}

#[tokio::test]
async fn an_order_is_cancelled_by_shiprocket_s_id() {
    for (status, body) in [
        (204, ""),
        (200, r#"{"message": "Order cancelled successfully."}"#),
    ] {
        let bench = bench().await;
        on(&bench, "POST", CANCEL, status, body).await;
        let reached = [("order".to_owned(), "430011/429990".to_owned())].into();
        for names in [
            by_id(),
            Names {
                reached,
                ..minimal_names()
            },
        ] {
            assert_eq!(cancel(&bench, &names).await.unwrap(), Cancellation::Done);
        }
        assert_eq!(asked(&bench).await, ["POST /orders/cancel"; 2]);
        assert_eq!(bench.body(0).await, json!({"ids": [430_011]}));
    }
}

#[tokio::test]
async fn an_already_cancelled_order_is_a_success() {
    let told = json!({"message": "Order is already cancelled", "status_code": 400}).to_string();
    for status in [200, 400, 422, 500] {
        let bench = bench().await;
        on(&bench, "POST", CANCEL, status, told.clone()).await;
        assert_eq!(cancel(&bench, &by_id()).await.unwrap(), Cancellation::Done);
    }
}

#[tokio::test]
async fn any_refusal_for_a_cancelled_order_is_a_success() {
    let told = json!({"message": "Cannot cancel this order", "status_code": 400}).to_string();
    for (code, expected) in [(5, Some(Cancellation::Done)), (6, None)] {
        let bench = bench().await;
        on(&bench, "POST", CANCEL, 400, told.clone()).await;
        let shown = with(SHOWN, &[("/data/status_code", json!(code))]);
        on(&bench, "GET", SHOW, 200, shown.to_string()).await;
        assert_eq!(cancel(&bench, &by_id()).await.ok(), expected);
    }
}

#[tokio::test]
async fn a_shipment_is_cancelled_later() {
    let bench = bench().await;
    let path = "/orders/cancel/shipment/awbs";
    let told =
        r#"{"message": "Bulk Shipment cancellation is in progress. Please wait for some time."}"#;
    on(&bench, "POST", path, 200, told).await;
    let names = Names {
        awb: Some("77300145020".parse().unwrap()),
        ..minimal_names()
    };
    assert_eq!(
        cancel(&bench, &names).await.unwrap(),
        Cancellation::Requested
    );
    assert_eq!(bench.body(0).await, json!({"awbs": ["77300145020"]}));
}

#[tokio::test]
async fn an_order_with_only_a_name_is_looked_up_first() {
    let bench = bench().await;
    on(&bench, "GET", FIND, 200, ORDERS).await;
    on(&bench, "POST", CANCEL, 204, "").await;
    assert_eq!(
        cancel(&bench, &minimal_names()).await.unwrap(),
        Cancellation::Done
    );
    assert_eq!(bench.body(1).await, json!({"ids": [430_011]}));
    let names = Names {
        round: 3,
        ..minimal_names()
    };
    assert_refused(cancel(&bench, &names).await, "unknown-order", "W-2042-.3");
}

#[tokio::test]
async fn a_refusal_is_reported_and_a_500_without_a_message_is_not_a_refusal() {
    let bad_id = json!({"message": "Trying to get property of non-object", "status_code": 500});
    let shipped =
        json!({"message": "Order already shipped, it cannot be cancelled", "status_code": 400});
    for (status, body, code, words) in [
        (500, bad_id, "500", "non-object"),
        (400, shipped.clone(), "400", "already shipped"),
        (200, shipped, "400", "already shipped"),
        (
            422,
            json!({"message": "The ids field is required.", "status_code": 422}),
            "422",
            "ids",
        ),
    ] {
        let bench = bench().await;
        on(&bench, "POST", CANCEL, status, body.to_string()).await;
        assert_refused(cancel(&bench, &by_id()).await, code, words);
    }
    for (status, body) in [(500, ""), (502, "<html>"), (200, "<html>"), (200, "[]")] {
        let bench = bench().await;
        on(&bench, "POST", CANCEL, status, body).await;
        assert_unknown(&cancel(&bench, &by_id()).await);
    }
}

#[tokio::test]
async fn without_a_response_the_outcome_is_unknown() {
    let mut bench = bench().await;
    bench.deadline = IMPATIENCE;
    next(&bench, "POST", CANCEL, late("")).await;
    assert_unknown(&cancel(&bench, &by_id()).await);
}
