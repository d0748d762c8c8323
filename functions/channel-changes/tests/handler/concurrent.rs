//! Several requests for one order at the same time.

use futures::future::join_all;

use super::*;

#[tokio::test]
async fn equal_requests_at_the_same_time_create_one_shipment() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing.fault(&json!([{ "call": "createShipment", "kind": "slow", "delayMs": 300 }]));
    let body = pieces(1, 1);
    let answers = join_all((0..5).map(|_| changing.post(1, "shipments", &body))).await;
    let created = answers.iter().filter(|answer| answer.status() == 201);
    assert_eq!(created.count(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status() != 201) {
        assert_eq!(kind(answer), problem(409, "in-progress"));
        let after: u64 = answer.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=2).contains(&after));
    }
    let repeat = changing.post(1, "shipments", &body).await;
    assert!(is_replayed(&repeat), "{repeat:?}");
    assert_eq!(changing.count(1, "shipments").await, 1);
}

#[tokio::test]
async fn one_request_changes_an_order_at_a_time() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing.fault(&json!([{ "call": "createShipment", "kind": "slow", "delayMs": 500 }]));
    let (body, invoice) = (pieces(1, 1), json!({}));
    let (first, other) = tokio::join!(
        changing.post(1, "shipments", &body),
        changing.post(1, "invoices", &invoice)
    );
    let held = if first.status() == 201 {
        &other
    } else {
        &first
    };
    assert_eq!(
        kind(held),
        problem(409, "in-progress"),
        "{first:?} {other:?}"
    );
    for (what, body) in [("shipments", &body), ("invoices", &invoice)] {
        let repeat = changing.post(1, what, body).await;
        assert!([200, 201].contains(&repeat.status().as_u16()), "{repeat:?}");
    }
    assert_eq!(changing.count(1, "shipments").await, 1);
    assert_eq!(changing.count(1, "invoices").await, 1);
}

#[tokio::test]
async fn requests_for_different_orders_do_not_wait_for_each_other() {
    let changing = Changing::start().await;
    let ids = [1, 2, 3];
    for id in ids {
        changing.sell(&order(id)).await;
    }
    let body = json!({});
    let answers = join_all(ids.map(|id| changing.post(id, "handover", &body))).await;
    assert!(
        answers.iter().all(|answer| answer.status() == 200),
        "{answers:?}"
    );
}
