//! Booking: its calls, its steps, and what a repeat does after each interruption.

use crate::aggregators::shipper::tests::*;

/// What a repeat finds.
async fn repeated(bench: &Workbench, progress: &MemoryProgress) -> Vec<String> {
    let before = calls(bench).await.len();
    assert_eq!(book(bench, progress).await.unwrap(), Booked::Later);
    calls(bench).await.split_off(before)
}

#[tokio::test]
async fn an_order_is_created_and_fetched_and_its_awb_comes_later() {
    let bench = shipper().await;
    on(&bench, FIND, 404, UNKNOWN).await;
    on(&bench, CREATE, 201, CREATED).await;
    on(&bench, FETCH, 200, &with_data(json!({}))).await;
    let progress = MemoryProgress::default();
    assert_eq!(book(&bench, &progress).await.unwrap(), Booked::Later);
    assert_eq!(calls(&bench).await, [FIND, CREATE, FETCH]);
    let steps = [("order", ORDER_ID), ("pickup", ORDER_ID)];
    let steps = steps.map(|(step, id)| (step.to_owned(), id.to_owned()));
    assert_eq!(progress.reached(), steps.into());
    assert_eq!(
        bench.body(2).await,
        json!({"data": {"order_activation": {"order_id": [ORDER_ID], "timezone": "Asia/Jakarta"}}})
    );
}

#[tokio::test]
async fn a_repeat_continues_after_the_last_step() {
    let bench = shipper().await;
    on(&bench, FETCH, 200, &with_data(json!({}))).await;
    let ordered = MemoryProgress::at(&[("order", ORDER_ID)]);
    assert_eq!(repeated(&bench, &ordered).await, [FETCH]);
    assert_eq!(repeated(&bench, &ordered).await, [""; 0]);
}

#[tokio::test]
async fn an_order_of_a_lost_answer_is_found_and_not_created_again() {
    let bench = shipper().await;
    let waiting = [("awb_number", json!(""))];
    let unfetched = [("awb_number", json!("")), ("is_active", json!(false))];
    once(&bench, FIND, 200, &detail_with(&waiting)).await;
    on(&bench, FIND, 200, &detail_with(&unfetched)).await;
    on(&bench, FETCH, 200, &with_data(json!({}))).await;
    let progress = MemoryProgress::default();
    assert_eq!(repeated(&bench, &progress).await, [FIND]);
    assert_eq!(progress.reached().len(), 2);
    let progress = MemoryProgress::default();
    assert_eq!(repeated(&bench, &progress).await, [FIND, FETCH]);
}

#[tokio::test]
async fn an_order_that_has_its_awb_already_is_booked() {
    let bench = shipper().await;
    on(&bench, FIND, 200, DETAIL).await;
    on(&bench, PRINT, 201, PRINTED).await;
    let booked = book(&bench, &MemoryProgress::default()).await.unwrap();
    assert_eq!(booked, Booked::Now(booking()));
    assert_eq!(calls(&bench).await, [FIND, PRINT]);
    assert_eq!(
        bench.body(1).await,
        json!({"id": [ORDER_ID], "type": "LBL"})
    );
}

#[tokio::test]
async fn a_cancelled_order_of_the_name_is_followed_by_a_new_one() {
    let bench = shipper().await;
    let cancelled = [("shipment_status", json!({"code": 999}))];
    on(&bench, FIND, 200, &detail_with(&cancelled)).await;
    on(&bench, CREATE, 201, CREATED).await;
    on(&bench, FETCH, 200, &with_data(json!({}))).await;
    assert_eq!(
        repeated(&bench, &MemoryProgress::default()).await,
        [FIND, CREATE, FETCH]
    );
}

#[tokio::test]
async fn nothing_is_created_if_the_look_up_is_inconclusive() {
    for (status, body) in [
        (404, "<html>"),
        (404, "{}"),
        (400, REFUSED),
        (200, "{}"),
        (
            200,
            r#"{"data": {"external_id": "other", "order_id": "1"}}"#,
        ),
    ] {
        let bench = shipper().await;
        on(&bench, FIND, status, body).await;
        let failure = book(&bench, &MemoryProgress::default()).await.unwrap_err();
        assert!(failure.is_unclear(), "{body}: {failure:?}");
        assert_eq!(calls(&bench).await, [FIND], "{body}");
    }
}

#[tokio::test]
async fn a_refused_order_keeps_its_code_and_messages() {
    let bench = shipper().await;
    on(&bench, FIND, 404, UNKNOWN).await;
    on(&bench, CREATE, 400, REFUSED).await;
    let progress = MemoryProgress::default();
    let refusal = refused(book(&bench, &progress).await.unwrap_err());
    assert_eq!(refusal.code.as_deref(), Some("10005"));
    assert_eq!(
        refusal.message.as_deref(),
        Some("destination.area_id and destination.lat do not match; package.weight is too large")
    );
    assert!(progress.reached().is_empty());
}

#[tokio::test]
async fn a_refused_pickup_keeps_the_order() {
    let bench = shipper().await;
    on(&bench, FIND, 404, UNKNOWN).await;
    on(&bench, CREATE, 201, CREATED).await;
    once(&bench, FETCH, 400, REFUSED).await;
    on(&bench, FETCH, 200, &with_data(json!({}))).await;
    let progress = MemoryProgress::default();
    refused(book(&bench, &progress).await.unwrap_err());
    assert_eq!(progress.reached().keys().collect::<Vec<_>>(), ["order"]);
    assert_eq!(repeated(&bench, &progress).await, [FETCH]);
}

#[tokio::test]
async fn an_unclear_answer_to_a_creating_call_is_an_unknown_outcome() {
    for (status, body) in [
        (500, ""),
        (201, "garbage"),
        (201, "{}"),
        (200, r#"{"data": {}}"#),
    ] {
        let bench = shipper().await;
        on(&bench, FIND, 404, UNKNOWN).await;
        on(&bench, CREATE, status, body).await;
        let failure = book(&bench, &MemoryProgress::default()).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::OutcomeUnknown),
            "{body}: {failure:?}"
        );
    }
    let mut bench = shipper().await;
    bench.deadline = IMPATIENCE;
    on(&bench, FIND, 404, UNKNOWN).await;
    late(&bench, CREATE, CREATED).await;
    let failure = book(&bench, &MemoryProgress::default()).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::OutcomeUnknown));
}

#[tokio::test]
async fn an_account_abroad_is_refused_before_anything_is_sent() {
    let mut bench = shipper().await;
    bench.account.region = crate::domain::account::Region::International;
    let failure = book(&bench, &MemoryProgress::default()).await.unwrap_err();
    assert_eq!(pointers(failure), ["/logisticAccountAlias"]);
    assert!(calls(&bench).await.is_empty());
}
