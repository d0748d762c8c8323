//! Calls to the shop whose answer is lost: whatever happened, the repeats have exactly one effect.

use futures::future::join_all;

use super::*;

/// The writes, each with the call of the shop that may break, and an order of its own.
fn writes() -> [(&'static str, &'static str, u64, Value); 5] {
    [
        ("acknowledge", "comment", 1, json!({})),
        ("cancel", "cancel", 2, json!({})),
        ("invoices", "createInvoice", 3, json!({ "capture": true })),
        ("shipments", "createShipment", 4, pieces(4, 2)),
        ("handover", "ship", 5, json!({ "tracks": tracks("AWB-5") })),
    ]
}

/// What the shop has of each write: comments, cancelled pieces, invoices, shipments and handovers.
async fn effects(changing: &Changing) -> Vec<u64> {
    let cancelled = &changing.shop(2).await["order"]["items"][0]["qty_canceled"];
    let counts = [
        changing.comments(1).await,
        changing.count(3, "invoices").await,
        changing.count(4, "shipments").await,
        changing.count(5, "shipments").await,
    ];
    let counts = counts.into_iter().map(|count| count as u64);
    std::iter::once(cancelled.as_u64().unwrap_or_default())
        .chain(counts)
        .collect()
}

/// Makes every write while its call of the shop breaks in this way, and repeats it.
async fn survives(fault: Value) {
    let changing = Changing::start().await;
    for (_, _, id, _) in writes() {
        changing.sell(&order(id)).await;
    }
    let faults = writes().map(|(_, call, ..)| {
        let mut fault = fault.clone();
        fault["call"] = json!(call);
        fault
    });
    changing.fault(&json!(faults));
    let writes = writes();
    let first = join_all(
        writes
            .iter()
            .map(|(what, _, id, body)| changing.post(*id, what, body)),
    );
    for (answer, (what, ..)) in first.await.iter().zip(&writes) {
        assert_eq!(
            kind(answer),
            problem(504, "outcome-unknown"),
            "{what} {fault}"
        );
    }
    for repeats in 0..2 {
        let again = writes
            .iter()
            .map(|(what, _, id, body)| changing.post(*id, what, body));
        for (answer, (what, ..)) in join_all(again).await.iter().zip(&writes) {
            let status = answer.status().as_u16();
            assert!([200, 201].contains(&status), "{what} {fault}: {answer:?}");
            assert!(
                repeats == 0 || is_replayed(answer),
                "{what} {fault}: {answer:?}"
            );
        }
    }
    assert_eq!(effects(&changing).await, [3, 1, 1, 1, 1], "{fault}");
}

#[tokio::test]
async fn an_effect_without_an_answer_is_found() {
    survives(json!({ "kind": "timeoutAfterEffect" })).await;
}

#[tokio::test]
async fn an_effect_with_an_unreadable_answer_is_found() {
    survives(json!({ "kind": "garbage" })).await;
}

#[tokio::test]
async fn an_effect_with_a_broken_answer_is_found() {
    survives(json!({ "kind": "reset" })).await;
}

#[tokio::test]
async fn what_never_arrived_is_sent_again() {
    survives(json!({ "kind": "timeoutBeforeEffect" })).await;
}

#[tokio::test]
async fn what_failed_in_the_shop_is_sent_again() {
    survives(json!({ "kind": "status", "status": 500 })).await;
}

#[tokio::test]
async fn nothing_is_sent_again_before_its_effect_would_be_visible() {
    let waits = Waits {
        settles_within: Duration::from_mins(1),
        ..SHORT
    };
    let changing = Changing::waiting(waits).await;
    for (_, _, id, _) in writes() {
        changing.sell(&order(id)).await;
    }
    let faults = writes().map(|(_, call, ..)| json!({ "call": call, "kind": "status" }));
    changing.fault(&json!(faults));
    for (what, _, id, body) in writes() {
        for _ in 0..2 {
            let answer = changing.post(id, what, &body).await;
            assert_eq!(kind(&answer), problem(504, "outcome-unknown"), "{what}");
        }
        let again = changing.post(id, what, &body).await;
        let after: u64 = again.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((50..=60).contains(&after), "{what}: {after}");
    }
    assert_eq!(changing.sent().len(), writes().len());
}

#[tokio::test]
async fn the_document_of_another_request_is_not_taken_for_ones_own() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing.fault(&json!([{ "call": "createShipment", "kind": "status" }]));
    let with_key = |key: &str| {
        let mut body = pieces(1, 1);
        body["requestKey"] = json!(key);
        body
    };
    let lost = changing.post(1, "shipments", &with_key("a")).await;
    assert_eq!(kind(&lost), problem(504, "outcome-unknown"));
    // The same pieces with the same tracking number, by another request.
    let other = changing.post(1, "shipments", &with_key("b")).await;
    assert_eq!(other.status(), 201);
    let repeat = changing.post(1, "shipments", &with_key("a")).await;
    assert_eq!(repeat.status(), 201, "{repeat:?}");
    assert_ne!(json(&repeat)["shipmentId"], json(&other)["shipmentId"]);
    assert_eq!(changing.count(1, "shipments").await, 2);
}

#[tokio::test]
async fn a_document_that_was_there_before_is_not_the_result() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let with_key = |key: &str| {
        let mut body = pieces(1, 1);
        body["requestKey"] = json!(key);
        body
    };
    assert_eq!(
        changing.post(1, "shipments", &with_key("a")).await.status(),
        201
    );
    changing.fault(&json!([{ "call": "createShipment", "kind": "status" }]));
    let lost = changing.post(1, "shipments", &with_key("b")).await;
    assert_eq!(kind(&lost), problem(504, "outcome-unknown"));
    assert_eq!(
        changing.post(1, "shipments", &with_key("b")).await.status(),
        201
    );
    assert_eq!(changing.count(1, "shipments").await, 2);
}

#[tokio::test]
async fn a_shop_that_is_down_did_nothing() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing.fault(&json!([
        { "call": "getOrder", "kind": "status", "status": 302 }, { "call": "getOrder", "kind": "garbage" },
        { "call": "createShipment", "kind": "status", "status": 429 },
    ]));
    let body = pieces(1, 1);
    for expected in [
        problem(503, "channel-unavailable"),
        problem(502, "channel-unreadable"),
        problem(503, "channel-unavailable"),
    ] {
        let answer = changing.post(1, "shipments", &body).await;
        assert_eq!(kind(&answer), expected);
    }
    assert_eq!(changing.post(1, "shipments", &body).await.status(), 201);
    assert_eq!(changing.count(1, "shipments").await, 1);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_back_is_found_by_the_repeat() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    // The list before the invoice, and the one after it.
    changing.fault(&json!([
        { "call": "listInvoices", "kind": "slow", "delayMs": 0 }, { "call": "listInvoices", "kind": "status" },
    ]));
    let lost = changing.of_order("POST", 1, "invoices").await;
    assert_eq!(kind(&lost), problem(504, "outcome-unknown"));
    let repeat = changing.of_order("POST", 1, "invoices").await;
    assert_eq!(
        (repeat.status().as_u16(), is_replayed(&repeat)),
        (200, true)
    );
    assert_eq!(changing.count(1, "invoices").await, 1);
}
