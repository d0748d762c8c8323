//! Orders without an AWB.

use crate::aggregators::shiprocket::tests::*;

#[tokio::test]
async fn an_order_is_created_without_an_awb_and_a_label_continues_it() {
    let bench = bench().await;
    willing(&bench).await;
    let asked_for = request(&json_of(MINIMAL_REQUEST));
    let names = Names::of(&asked_for);
    let kept = MemoryProgress::default();
    let mut progress = Progress::new(kept.reached(), &kept);
    let creates = Shiprocket.creates_orders(&bench.account).unwrap();
    let order = creates.create_order(bench.call(), names.reference(), &asked_for, &mut progress);
    assert_eq!(order.await.unwrap().as_str(), "430011");
    assert_eq!(
        book(&bench, MINIMAL_REQUEST, &kept).await.unwrap(),
        with_label()
    );
    assert_eq!(
        asked(&bench).await,
        [
            "POST /orders/create/adhoc",
            "POST /courier/assign/awb",
            "POST /courier/generate/label"
        ]
    );
}
