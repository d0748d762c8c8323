//! Faults of the read calls.

use serde_json::json;

use crate::return_prime::{ID, Running};

async fn with_faults(next: serde_json::Value) -> Running {
    let running = Running::start().await;
    running.store(&json!({ "id": ID })).await;
    let plan = json!({ "next": next });
    running.simulators.set_faults("return-prime", plan).unwrap();
    running
}

#[tokio::test]
async fn a_refusal_is_a_false_status_in_a_200() {
    let fault = json!({ "call": "readRequest", "kind": "refuse", "message": "not now" });
    let running = with_faults(json!([fault])).await;
    let (status, answer) = running.get(&format!("/{ID}")).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&answer["status"], &answer["message"]),
        (&json!(false), &json!("not now"))
    );
}

#[tokio::test]
async fn each_call_has_its_own_faults() {
    let changes = json!({ "/data/hasNextPage": true });
    let running = with_faults(json!([
        { "call": "readRequest", "kind": "status", "status": 500 },
        { "call": "listRequests", "kind": "changed", "changes": changes },
    ]))
    .await;
    let (status, page) = running.get("").await;
    assert_eq!((status, &page["data"]["hasNextPage"]), (200, &json!(true)));
    let failed = running.bare(&format!("/{ID}"));
    let failed = failed.header("x-rp-token", "store-token");
    assert_eq!(failed.send().await.unwrap().status(), 500);
    assert_eq!(running.get(&format!("/{ID}")).await.0, 200);
    assert_eq!(running.simulators.calls("return-prime").unwrap().len(), 3);
}

#[tokio::test]
async fn no_shipment_can_be_advanced() {
    let running = Running::start().await;
    let url = format!("{}/return-prime/advance", running.url);
    let body = json!({ "awb": "1", "to": "DELIVERED" });
    let answer = crate::serving::client().post(url).json(&body).send().await;
    assert_eq!(answer.unwrap().status(), 404);
}
