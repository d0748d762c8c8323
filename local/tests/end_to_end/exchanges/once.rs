//! One exchange gets one pair of AWBs.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::exchanges::world::{ALIAS, EXCHANGES, LABELS, RETURNS, World, exchange, of, otherwise};

#[tokio::test]
async fn an_exchange_is_ordered_once_and_read_as_a_label_and_a_return_awb() {
    let world = World::start().await;
    let first = world.exchange("A").await;
    assert!(!first.is_replayed());
    let pair = first.ok();
    world.assert_one_pair("A", &pair).await;
    let repeat = world.exchange("A").await;
    assert!(repeat.is_replayed());
    assert_eq!(repeat.ok(), pair);
    let label = world.get(LABELS, "A-E").await.ok();
    for name in ["orderId", "awb", "carrierName", "shippingLabelUrl"] {
        assert_eq!(label[name], pair["forward"][name], "{name}");
    }
    let returned = world.get(RETURNS, "A-R").await.ok();
    for name in ["orderId", "returnAwb", "carrierName"] {
        assert_eq!(returned[name], pair["return"][name], "{name}");
    }
    assert_eq!(world.asked("/orders/create/exchange"), 1);
    assert_eq!(world.asked("/assign/awb"), 2);
}

#[tokio::test]
async fn eight_at_once_get_one_pair() {
    let world = World::start().await;
    let answers = join_all((0..8).map(|_| world.exchange("A"))).await;
    let (booked, waiting): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == 200);
    for answer in waiting {
        answer.problem(409, "in-progress");
        assert!((1..=2).contains(&answer.retry_after()), "{answer:?}");
    }
    let pair = booked[0].ok();
    assert!(booked.iter().all(|answer| answer.ok() == pair));
    world.assert_one_pair("A", &pair).await;
    assert_eq!(world.asked("/orders/create/exchange"), 1);
    assert_eq!(world.asked("/assign/awb"), 2);
}

#[tokio::test]
async fn eight_repeats_at_once_of_an_unknown_outcome_get_one_pair() {
    let world = World::start().await;
    world
        .faults(json!([{ "call": "createExchange", "kind": "garbage" }]))
        .await;
    let doubtful = world.exchange("A").await;
    doubtful.problem(504, "outcome-unknown");
    let answers = join_all((0..8).map(|_| world.exchange("A"))).await;
    let pair = world.exchange("A").await.ok();
    for answer in &answers {
        match answer.status {
            200 => assert_eq!(answer.ok(), pair),
            _ => drop(answer.problem(409, "in-progress")),
        }
    }
    world.assert_one_pair("A", &pair).await;
    assert_eq!(world.asked("/orders/create/exchange"), 1);
}

#[tokio::test]
async fn of_different_contents_at_once_one_is_ordered() {
    let world = World::start().await;
    let mut bodies = vec![of("A"), otherwise(of("A"))];
    // Each of these shares one number with the others.
    bodies.push(exchange("A-E", "B-R"));
    bodies.push(exchange("B-E", "A-R"));
    let answers = join_all(bodies.iter().map(|body| world.post(EXCHANGES, body))).await;
    let booked = answers.iter().filter(|answer| answer.status == 200).count();
    // The last two have no number in common.
    assert!((1..=2).contains(&booked), "{answers:?}");
    assert_eq!(world.asked("/orders/create/exchange"), booked);
    assert_eq!(world.asked("/assign/awb"), 2 * booked);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        if answer.status == 409 {
            answer.problem(409, "in-progress");
        } else {
            answer.problem(422, "order-number-reused");
        }
    }
}

#[tokio::test]
async fn a_number_that_a_label_or_a_return_awb_has_is_refused_and_nothing_is_bought() {
    let world = World::start().await;
    world
        .post(LABELS, &requests::label(ALIAS, "A-E"))
        .await
        .ok();
    world
        .post(RETURNS, &requests::return_awb(ALIAS, "B-R"))
        .await
        .ok();
    let assigned = world.asked("/assign/awb");
    for (order, pointer) in [("A", "/exchangeOrderNumber"), ("B", "/returnOrderCode")] {
        let refused = world.exchange(order).await;
        let problem = refused.problem(422, "order-number-reused");
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{problem}");
        assert_eq!(errors[0]["pointer"], pointer);
    }
    assert_eq!(world.asked("/orders/create/exchange"), 0);
    assert_eq!(world.asked("/assign/awb"), assigned);
}

#[tokio::test]
async fn a_label_and_a_return_awb_with_a_number_of_an_exchange_are_refused() {
    let world = World::start().await;
    let pair = world.exchange("A").await.ok();
    for (path, body) in [
        (LABELS, requests::label(ALIAS, "A-E")),
        (RETURNS, requests::return_awb(ALIAS, "A-R")),
        (LABELS, of("A")["forward"].clone()),
        (RETURNS, of("A")["return"].clone()),
    ] {
        let refused = world.post(path, &body).await;
        refused.problem(422, "order-number-reused");
    }
    // The number of a return is no order number.
    world
        .post(LABELS, &requests::label(ALIAS, "A-R"))
        .await
        .ok();
    world.assert_one_pair("A", &pair).await;
}

#[tokio::test]
async fn a_queued_half_is_found_by_the_repeat() {
    let world = World::start().await;
    let mut body = of("A");
    // Its AWBs come later.
    body["forward"]["courierId"] = json!(902);
    let queued = world.post(EXCHANGES, &body).await;
    assert_eq!(queued.status, 202, "{queued:?}");
    assert_eq!(
        queued.json(),
        json!({ "exchangeOrderNumber": "A-E", "returnOrderCode": "A-R", "status": "PENDING" })
    );
    assert!(queued.retry_after() > 0);
    let returned = world.get(RETURNS, "A-R").await.ok();
    let pair = world.post(EXCHANGES, &body).await.ok();
    assert_eq!(pair["return"]["returnAwb"], returned["returnAwb"]);
    world.assert_one_pair("A", &pair).await;
    assert!(world.post(EXCHANGES, &body).await.is_replayed());
}

#[tokio::test]
async fn without_an_account_s_name_the_only_one_that_makes_exchanges_is_used() {
    let world = World::start().await;
    let unnamed = |order: &str| {
        let mut body = of(order);
        body["logisticAccountAlias"] = Value::Null;
        for half in ["forward", "return"] {
            body[half]["logisticAccountAlias"] = Value::Null;
        }
        body
    };
    let pair = world.post(EXCHANGES, &unnamed("A")).await.ok();
    assert_eq!(world.exchange("A").await.ok(), pair);
    world.add_account("second").await;
    let which = world.post(EXCHANGES, &unnamed("B")).await;
    let problem = which.problem(422, "unknown-account-alias");
    assert_eq!(problem["errors"][0]["pointer"], "/logisticAccountAlias");
    for alias in [ALIAS, "second"] {
        world.remove_account(alias).await;
    }
    let none = world.post(EXCHANGES, &unnamed("B")).await;
    none.problem(422, "capability-not-supported");
    assert_eq!(world.asked("/orders/create/exchange"), 1);
}
