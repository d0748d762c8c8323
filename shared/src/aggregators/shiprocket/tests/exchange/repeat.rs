//! Repeats of an exchange after an interruption: both orders are looked up, and nothing is ordered twice.

use crate::aggregators::shiprocket::tests::exchange::*;

const RETURNS: &str = "/orders/processing/return";

/// A page of orders with these, and no further page.
fn listed(orders: &[Value]) -> String {
    json!({"data": orders, "meta": {"pagination": {"total_pages": 1}}}).to_string()
}

fn forward_in_list() -> Value {
    json!({"id": 430_011, "channel_order_id": "EX-7", "shipments": [{"id": 429_990, "awb": ""}]})
}

fn return_in_list() -> Value {
    json!({"id": 430_500, "channel_order_id": "RT-9-.R", "shipments": [{"id": 430_477, "awb": ""}]})
}

#[tokio::test]
async fn a_lost_response_is_unknown_and_the_repeat_finds_both_orders() {
    let mut bench = located().await;
    bench.deadline = IMPATIENCE;
    next(&bench, "POST", EXCHANGE, late(EXCHANGED)).await;
    let halves = Halves::new();
    assert_unknown(&halves.order(&bench, false).await);
    halves.assert_nothing_kept();

    bench.deadline = NEVER;
    on(&bench, "GET", FIND, 200, listed(&[forward_in_list()])).await;
    on(&bench, "GET", RETURNS, 200, listed(&[return_in_list()])).await;
    halves.order(&bench, true).await.unwrap();
    halves.assert_ordered();
    let created = asked(&bench).await;
    let created = created.iter().filter(|call| call.contains("exchange"));
    assert_eq!(created.count(), 1);
}

#[tokio::test]
async fn a_repeat_that_finds_nothing_creates_the_exchange() {
    let bench = located().await;
    on(&bench, "GET", FIND, 200, listed(&[])).await;
    on(&bench, "GET", RETURNS, 200, listed(&[])).await;
    on(&bench, "POST", EXCHANGE, 200, EXCHANGED).await;
    let halves = Halves::new();
    halves.order(&bench, true).await.unwrap();
    halves.assert_ordered();
}

#[tokio::test]
async fn one_half_alone_stays_unknown_and_nothing_is_created() {
    let bench = located().await;
    on(&bench, "GET", FIND, 200, listed(&[forward_in_list()])).await;
    on(&bench, "GET", RETURNS, 200, listed(&[])).await;
    let halves = Halves::new();
    assert_unknown(&halves.order(&bench, true).await);
    let progress = MemoryProgress::at(&[("order", FORWARD_IDS)]);
    let halves = Halves {
        of_forward: progress,
        ..halves
    };
    assert_unknown(&halves.order(&bench, true).await);
    assert!(
        asked(&bench)
            .await
            .iter()
            .all(|call| call.starts_with("GET"))
    );
}

#[tokio::test]
async fn a_look_up_that_fails_leaves_the_outcome_unknown() {
    let bench = located().await;
    on(&bench, "GET", FIND, 502, "").await;
    assert_unknown(&Halves::new().order(&bench, true).await);
}

#[tokio::test]
async fn the_half_that_was_not_stored_is_found_by_its_name() {
    let bench = bench().await;
    on(
        &bench,
        "GET",
        FIND,
        200,
        listed(&[forward_in_list(), return_in_list()]),
    )
    .await;
    let stored = || MemoryProgress::at(&[("order", FORWARD_IDS)]);
    let halves = Halves {
        of_forward: stored(),
        ..Halves::new()
    };
    halves.order(&bench, false).await.unwrap();
    halves.assert_ordered();
    let stored = MemoryProgress::at(&[("order", RETURN_IDS)]);
    let halves = Halves {
        of_returned: stored,
        ..Halves::new()
    };
    halves.order(&bench, false).await.unwrap();
    halves.assert_ordered();
}

#[tokio::test]
async fn both_orders_once_stored_cost_no_call() {
    let bench = bench().await;
    let halves = Halves {
        of_forward: MemoryProgress::at(&[("order", FORWARD_IDS)]),
        of_returned: MemoryProgress::at(&[("order", RETURN_IDS)]),
        ..Halves::new()
    };
    halves.order(&bench, true).await.unwrap();
    assert_eq!(asked(&bench).await, [""; 0]);
}

#[tokio::test]
async fn an_awb_that_a_found_order_has_is_not_bought_again() {
    let bench = bench().await;
    let mut forward = forward_in_list();
    forward["shipments"][0]["awb"] = json!("77300145020");
    on(
        &bench,
        "GET",
        FIND,
        200,
        listed(&[forward, return_in_list()]),
    )
    .await;
    let halves = Halves::new();
    halves.order(&bench, true).await.unwrap();
    let step = |step: &str, value: &str| (step.to_owned(), value.to_owned());
    assert_eq!(
        steps(&halves.of_forward),
        [step("awb", "77300145020\t"), step("order", FORWARD_IDS)]
    );
}

#[tokio::test]
async fn taken_names_are_looked_up_and_otherwise_refused() {
    let taken = json!({"message": "Oops! Invalid Data.", "status_code": 422,
        "errors": {"exchange_order_id": ["The exchange order id has already been taken."]}});
    let bench = located().await;
    on(&bench, "POST", EXCHANGE, 422, taken.to_string()).await;
    next(
        &bench,
        "GET",
        FIND,
        answer(200, listed(&[forward_in_list()])),
    )
    .await;
    next(
        &bench,
        "GET",
        FIND,
        answer(200, listed(&[return_in_list()])),
    )
    .await;
    let halves = Halves::new();
    halves.order(&bench, false).await.unwrap();
    halves.assert_ordered();

    on(&bench, "GET", FIND, 200, listed(&[forward_in_list()])).await;
    on(&bench, "GET", RETURNS, 200, listed(&[])).await;
    let halves = Halves::new();
    assert_refused(
        halves.order(&bench, false).await,
        "422",
        "already been taken",
    );
    halves.assert_nothing_kept();
}

#[tokio::test]
async fn a_cancelled_order_is_kept_and_refused() {
    let bench = bench().await;
    let mut returned = return_in_list();
    returned["status_code"] = json!(5);
    on(
        &bench,
        "GET",
        FIND,
        200,
        listed(&[forward_in_list(), returned]),
    )
    .await;
    let halves = Halves::new();
    assert_refused(
        halves.order(&bench, true).await,
        "cancelled-order",
        "never frees",
    );
    halves.assert_ordered();
}
