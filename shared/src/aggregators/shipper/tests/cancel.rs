//! Cancellations.

use crate::aggregators::Aggregator;
use crate::aggregators::shipper::tests::*;
use crate::domain::booking::Cancellation;

async fn cancel(bench: &Workbench, names: &Names) -> Result<Cancellation, PartnerFailure> {
    let cancels = Shipper.cancels(&bench.account).unwrap();
    cancels.cancel(bench.call(), names.reference()).await
}

#[tokio::test]
async fn an_order_is_cancelled_by_its_id() {
    for body in [with_data(json!(null)), r#"{"metadata": {}}"#.to_owned()] {
        let bench = shipper().await;
        on(&bench, CANCEL, 200, &body).await;
        assert_eq!(cancel(&bench, &known()).await.unwrap(), Cancellation::Done);
        assert_eq!(calls(&bench).await, [CANCEL]);
        assert_eq!(
            bench.body(0).await,
            json!({"reason": "Cancelled by the merchant"})
        );
    }
}

#[tokio::test]
async fn an_order_of_unknown_id_is_looked_up_first() {
    let bench = shipper().await;
    on(
        &bench,
        FIND,
        200,
        &detail_with(&[("awb_number", json!(""))]),
    )
    .await;
    on(&bench, CANCEL, 200, &with_data(json!(null))).await;
    let names = Names::of(&label());
    assert_eq!(cancel(&bench, &names).await.unwrap(), Cancellation::Done);
    assert_eq!(calls(&bench).await, [FIND, CANCEL]);
}

#[tokio::test]
async fn what_is_cancelled_already_is_a_success() {
    let cancelled = detail_with(&[("shipment_status", json!({"code": 999}))]);
    let bench = shipper().await;
    on(&bench, CANCEL, 400, REFUSED).await;
    on(&bench, READ, 200, &cancelled).await;
    assert_eq!(cancel(&bench, &known()).await.unwrap(), Cancellation::Done);
    let bench = shipper().await;
    on(&bench, FIND, 200, &cancelled).await;
    let names = Names::of(&label());
    assert_eq!(cancel(&bench, &names).await.unwrap(), Cancellation::Done);
    assert_eq!(calls(&bench).await, [FIND]);
}

#[tokio::test]
async fn a_refusal_of_a_live_order_keeps_its_code() {
    let bench = shipper().await;
    on(&bench, CANCEL, 400, REFUSED).await;
    on(&bench, READ, 200, DETAIL).await;
    let refusal = refused(cancel(&bench, &known()).await.unwrap_err());
    assert_eq!(refusal.code.as_deref(), Some("10005"));
}

#[tokio::test]
async fn an_unclear_answer_is_an_unknown_outcome() {
    for (status, body) in [(500, ""), (200, "garbage")] {
        let bench = shipper().await;
        on(&bench, CANCEL, status, body).await;
        let failure = cancel(&bench, &known()).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::OutcomeUnknown), "{body}");
    }
}
