//! Faults of calls, by their names in RMS's contract.

use std::time::Duration;

use serde_json::{Value, json};

use crate::shipway::{Running, booking, order, returned, text};

/// Client timeout when no answer is expected: long enough for the effect on a busy machine.
const IMPATIENCE: Duration = Duration::from_secs(1);

async fn with_fault(call: &str, kind: &str) -> Running {
    let running = Running::start().await;
    let fault = json!({ "call": call, "kind": kind, "message": "closed today" });
    running.set_faults(&json!([fault])).await;
    running
}

#[tokio::test]
async fn an_order_may_be_booked_although_no_answer_arrives() {
    for (kind, happens) in [("timeoutAfterEffect", true), ("timeoutBeforeEffect", false)] {
        let running = with_fault("createOrder", kind).await;
        let request = running.posting("v2orders", &booking("A-1"));
        let error = request.timeout(IMPATIENCE).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        let awb = running
            .row("A-1")
            .await
            .map(|row| row["tracking_number"].clone());
        assert_eq!(awb.is_some_and(|awb| awb != ""), happens, "{kind}");
    }
}

#[tokio::test]
async fn a_refused_order_is_not_pushed() {
    for request in [order("A-1"), booking("A-1")] {
        let running = with_fault("createOrder", "refuse").await;
        let refusal = json!({ "success": false, "message": "closed today" });
        assert_eq!(running.post("v2orders", &request).await, refusal);
        assert_eq!(running.row("A-1").await, None);
        assert_eq!(running.post("v2orders", &request).await["success"], true);
    }
}

#[tokio::test]
async fn a_refused_return_is_not_created() {
    let running = with_fault("createReturn", "refuse").await;
    let answer = running.post("Createreturns", &returned("R-1")).await;
    assert_eq!(answer, json!({ "success": "0", "message": "closed today" }));
}

#[tokio::test]
async fn reading_is_refused_by_the_flag() {
    for (call, route) in [
        ("getLabel", "getorders?orderid=A-1"),
        ("recommend", "getcarrier"),
        ("recommend", "pincodeserviceable?pincode=380001"),
        (
            "recommend",
            "getshipwaycarrierrates?fromPincode=560066&toPincode=380001&paymentType=cod",
        ),
    ] {
        let running = with_fault(call, "refuse").await;
        let refusal = json!({ "success": 0, "error": "closed today", "message": "closed today" });
        assert_eq!(running.get(route).await, refusal, "{route}");
        assert_ne!(running.get(route).await["success"], 0, "only once");
    }
}

#[tokio::test]
async fn tracking_is_refused_for_each_awb() {
    let running = with_fault("track", "refuse").await;
    let awb = running.booked("A-1").await;
    let answer = running.get(&format!("tracking?awb_numbers={awb},1")).await;
    let refused = |awb: &str| json!({ "awb": awb, "error": "closed today" });
    assert_eq!(answer, json!([refused(&awb), refused("1")]));
}

#[tokio::test]
async fn a_refused_cancellation_cancels_nothing() {
    let running = with_fault("cancel", "refuse").await;
    let awb = running.booked("A-1").await;
    let answer = running
        .post("Cancel", &json!({ "awb_number": [awb] }))
        .await;
    assert_eq!(
        (&answer["error"], &answer["success"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(answer["shipment_failed_tracking_numbers"], awb);
    assert_eq!(running.row("A-1").await.unwrap()["tracking_number"], awb);

    let running = with_fault("cancel", "refuse").await;
    running.post("v2orders", &order("A-1")).await;
    let answer = running
        .post("Cancelorders", &json!({ "order_ids": ["A-1"] }))
        .await;
    assert_eq!(answer[0]["success"], false);
    assert_eq!(text(&answer[0]["message"]), "closed today");
    assert_eq!(running.row("A-1").await.unwrap()["shipment_status"], "");
}

#[tokio::test]
async fn a_refusal_without_a_message_has_a_default_one() {
    let running = Running::start().await;
    running
        .set_faults(&json!([{ "call": "createOrder", "kind": "refuse" }]))
        .await;
    let answer = running.post("v2orders", &order("A-1")).await;
    assert!(matches!(&answer["message"], Value::String(words) if !words.is_empty()));
}

#[tokio::test]
async fn calls_of_other_vendors_are_unknown() {
    let running = Running::start().await;
    let url = format!("{}/shipway/faults", running.url);
    for call in ["generateLabel", "assignAwb", ""] {
        let plan = json!({ "next": [{ "call": call, "kind": "reset" }] });
        let put = running.client.put(&url).json(&plan);
        assert_eq!(put.send().await.unwrap().status(), 422, "{call}");
    }
}
