//! Reports that are unusual are recorded and forwarded like any other, and flagged.

use serde_json::json;

use super::world::{DELIVERY, DOCUMENT, ORDER, Reporting, status, ways};

#[tokio::test]
async fn a_goods_issue_of_an_unknown_order_is_kept_forwarded_and_flagged() {
    let world = Reporting::start().await;
    let answer = world.send(&world.event).await;
    let (order, _, flags) = answer.recorded();
    assert_eq!(
        (order.as_str(), flags.as_slice()),
        (ORDER, &["UNKNOWN_ORDER".to_owned()][..])
    );
    assert_eq!(ways(&world.tasks().await), ["demo-sink PGI", "wms PGI"]);
    let found = world.found(ORDER).await.unwrap();
    assert_eq!((found.order.is_none(), found.events.len()), (true, 1));
    // The order arrives later: what was reported is in its time line, and a repeat is still one.
    world.add_order(ORDER, DELIVERY).await;
    let found = world.found(ORDER).await.unwrap();
    assert!(found.order.is_some());
    assert_eq!(found.events.len(), 1);
    let again = world.send(&world.event).await;
    assert!(again.is_replayed);
    assert_eq!(again.recorded().2, ["UNKNOWN_ORDER"]);
}

/// The order that arrives later has another number than the one that the report was kept under.
#[tokio::test]
async fn a_repeat_belongs_to_the_order_of_the_first_copy() {
    let world = Reporting::start().await;
    let body = world.goods_issue(&[("so_reference_a", json!(""))]);
    let first = world.issue(&body).await;
    assert_eq!(first.recorded().0, DOCUMENT);
    world.add_order("SO_D", DELIVERY).await;
    let again = world.issue(&body).await;
    assert!(again.is_replayed);
    assert_eq!(again.recorded(), first.recorded());
    assert_eq!(world.tasks().await.len(), 2);
}

#[tokio::test]
async fn a_report_is_kept_under_the_first_name_that_an_order_may_have() {
    let world = Reporting::start().await;
    let order = async |reference: &str, document: &str, delivery: &str| {
        let body = world.goods_issue(&[
            ("so_reference_a", json!(reference)),
            ("doc_no", json!(document)),
            ("delivery_no", json!(delivery)),
        ]);
        world.issue(&body).await
    };
    assert_eq!(order("a/b", "D 1", "D-1").await.recorded().0, "D-1");
    let none = order("a/b", "D 1", "D/1").await;
    assert_eq!(none.pointers(), ["/so_reference_a"]);
    assert!(world.found("D-1").await.is_some());
}

#[tokio::test]
async fn an_unreadable_time_is_kept_and_the_arrival_counts() {
    let world = Reporting::start().await;
    world.add_order(ORDER, DELIVERY).await;
    for written in ["2026-02-30 12:00:00", "tomorrow", "20/11/2026 16:15:00"] {
        let body = world.goods_issue(&[("pgi_date", json!(written))]);
        assert_eq!(
            world.issue(&body).await.recorded().2,
            ["UNREADABLE_TIME"],
            "{written}"
        );
    }
    let absent = world.goods_issue(&[("pgi_date", json!(""))]);
    assert!(world.issue(&absent).await.recorded().2.is_empty());
    let found = world.found(ORDER).await.unwrap();
    let mut kept: Vec<_> = found
        .events
        .into_iter()
        .filter_map(|event| event.written_time)
        .collect();
    kept.sort_unstable();
    assert_eq!(
        kept,
        ["20/11/2026 16:15:00", "2026-02-30 12:00:00", "tomorrow"]
    );
}

#[tokio::test]
async fn an_unknown_status_code_changes_no_state() {
    let world = Reporting::start().await;
    world.add_order(ORDER, DELIVERY).await;
    world
        .status(&status(ORDER, "60", "2026-11-20 16:00:00"))
        .await
        .recorded();
    let unmapped = world
        .status(&status(ORDER, "61", "2026-11-20 17:00:00"))
        .await;
    assert_eq!(unmapped.recorded().2, ["UNMAPPED_STATUS"]);
    assert_eq!(world.warehouse_state(ORDER).await, "PICKED");
    let kinds = ways(&world.tasks().await);
    assert_eq!(
        kinds
            .iter()
            .filter(|way| way.ends_with("ORDER_STATUS"))
            .count(),
        4
    );
}

#[tokio::test]
async fn the_state_follows_the_times_and_not_the_arrival() {
    let world = Reporting::start().await;
    world.add_order(ORDER, DELIVERY).await;
    for (code, time, state) in [
        ("80", "2026-11-20 18:00:00", "SHIPPED"),
        ("60", "2026-11-20 16:00:00", "SHIPPED"),
        ("99", "2026-11-20 20:00:00", "CLOSED"),
        ("40", "2026-11-20 21:00:00", "CLOSED"),
    ] {
        world.status(&status(ORDER, code, time)).await.recorded();
        assert_eq!(world.warehouse_state(ORDER).await, state, "after {code}");
    }
    let names: Vec<_> = world
        .timeline(ORDER)
        .await
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    let reported: Vec<_> = names.iter().filter(|name| *name != "ACCEPTED").collect();
    assert_eq!(reported, ["PICKED", "SHIPPED", "CLOSED", "ALLOCATED"]);
}
