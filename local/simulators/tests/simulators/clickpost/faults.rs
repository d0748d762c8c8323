//! Faults of calls, with the vendor's own refusals.

use std::time::Duration;

use serde_json::{Value, json};

use crate::clickpost::{Running, abroad, ask, forward, returned};

/// Client timeout when no answer is expected: long enough for the effect on a busy machine.
const IMPATIENCE: Duration = Duration::from_secs(1);

async fn with_fault(fault: Value) -> Running {
    let running = Running::start().await;
    let set = running.set_faults(&json!([fault])).await;
    assert_eq!(set, (200, json!({ "waiting": 1 })));
    running
}

#[tokio::test]
async fn a_refused_order_is_319_and_has_no_effect() {
    let running =
        with_fault(json!({ "call": "createOrder", "kind": "refuse", "message": "no such road" }))
            .await;
    let refusal = json!({
        "meta": { "status": 319, "message": "no such road", "success": false },
        "reference_number": "SHIP-1",
    });
    assert_eq!(running.create(&forward("SHIP-1")).await, (200, refusal));
    running.awb(&forward("SHIP-1")).await;
}

#[tokio::test]
async fn a_refusal_can_have_another_code() {
    let running = with_fault(
        json!({ "call": "createOrder", "kind": "refuse", "message": "329: courier timeout" }),
    )
    .await;
    let refusal = json!({
        "meta": { "status": 329, "message": "courier timeout", "success": false },
    });
    assert_eq!(running.create(&forward("SHIP-1")).await, (200, refusal));
}

#[tokio::test]
async fn reads_and_cancellations_are_refused_in_their_own_way() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    let calls = [
        (
            "getLabel",
            format!("/v3/create-order/?awb={awb}&cp_id=4"),
            200,
            400,
        ),
        (
            "getLabel",
            format!("/v1/fetch/shippinglabel/?waybill={awb}&cp_id=4"),
            200,
            400,
        ),
        (
            "track",
            format!("/v2/track-order/?waybill={awb}&cp_id=4"),
            200,
            400,
        ),
        ("fetchAccounts", "/v1/fetch-accounts".to_owned(), 200, 400),
        (
            "cancel",
            format!("/v1/cancel-order/?waybill={awb}&cp_id=4&account_code=delhivery-surface"),
            400,
            350,
        ),
    ];
    for (call, path, http, status) in calls {
        running
            .set_faults(&json!([{ "call": call, "kind": "refuse", "message": "no" }]))
            .await;
        let refusal = json!({ "meta": { "status": status, "message": "no", "success": false } });
        assert_eq!(running.get(&path).await, (http, refusal), "{path}");
        let (http, answer) = running.get(&path).await;
        assert_eq!(
            (http, &answer["meta"]["status"]),
            (200, &json!(200)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn both_recommendations_are_one_call() {
    let running = Running::start().await;
    let refuse = json!({ "call": "recommend", "kind": "refuse" });
    running.set_faults(&json!([refuse, refuse])).await;
    for path in ["/v1/recommendation_api/", "/v2/recommendation/"] {
        let (http, answer) = running.post(path, &abroad("INT-1")).await;
        assert_eq!((http, &answer["meta"]["status"]), (200, &json!(400)));
    }
}

#[tokio::test]
async fn a_return_is_another_call_than_an_order() {
    let running = with_fault(json!({ "call": "createReturn", "kind": "status" })).await;
    running.awb(&forward("SHIP-1")).await;
    let refused = running.creation(&returned("RET-1")).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    running.awb(&returned("RET-1")).await;
}

#[tokio::test]
async fn an_order_that_timed_out_is_found_by_asking_again() {
    for (kind, status) in [("timeoutBeforeEffect", 200), ("timeoutAfterEffect", 323)] {
        let running = with_fault(json!({ "call": "createOrder", "kind": kind })).await;
        let order = running.creation(&forward("SHIP-1")).timeout(IMPATIENCE);
        assert!(order.send().await.unwrap_err().is_timeout());
        let (_, again) = running.create(&forward("SHIP-1")).await;
        assert_eq!(again["meta"]["status"], status, "{kind}");
        assert!(again["result"]["waybill"].is_string());
    }
}

#[tokio::test]
async fn garbage_and_a_reset_hide_an_order_that_was_made() {
    for kind in ["garbage", "reset"] {
        let running = with_fault(json!({ "call": "createOrder", "kind": kind })).await;
        let answer = running.creation(&forward("SHIP-1")).send().await.unwrap();
        assert!(answer.json::<Value>().await.is_err(), "{kind}");
        let (_, again) = running.create(&forward("SHIP-1")).await;
        assert_eq!(again["meta"]["status"], 323, "{kind}");
    }
}

#[tokio::test]
async fn a_call_with_a_fault_is_in_the_log_and_wrong_credentials_create_no_order() {
    let running = with_fault(json!({ "call": "createOrder", "kind": "garbage" })).await;
    let url = format!("{}/clickpost/api/v3/create-order/?key=other", running.url);
    let post = running.client.post(url).json(&forward("SHIP-1"));
    post.send().await.unwrap();
    assert_eq!(running.simulators.calls("clickpost").unwrap().len(), 1);
    running.awb(&forward("SHIP-1")).await;
}

#[tokio::test]
async fn there_are_only_the_vendors_calls() {
    let running = Running::start().await;
    let unknown = json!([{ "call": "assignAwb", "kind": "status" }]);
    let (status, body) = running.set_faults(&unknown).await;
    assert_eq!(status, 422);
    assert!(body["message"].as_str().unwrap().contains("createReturn"));
    let url = format!("{}/clickpost/faults", running.url);
    assert_eq!(ask(running.client.put(url).body("{}")).await.0, 422);
}
