//! The predicted days of delivery.

use serde_json::{Value, json};

use crate::clickpost::Running;

const PREDICT: &str = "/v2/predicted_sla_api/";

fn route(drop_pincode: &str) -> Value {
    json!({ "pickup_pincode": "560102", "drop_pincode": drop_pincode })
}

#[tokio::test]
async fn each_route_gets_the_days_of_its_couriers() {
    let running = Running::start().await;
    let (http, answer) = running.post(PREDICT, &json!([route("380001")])).await;
    assert_eq!((http, &answer["meta"]["status"]), (200, &json!(200)));
    let result = &answer["result"][0];
    let expected = json!({ "3": [2, 3], "4": [3, 4], "5": [4, 5], "6": [2, 3] });
    assert_eq!(result["all_map"], expected);
    assert_eq!(result["min_sla_cp_id"], 3);
    assert_eq!(result["predicted_sla_min"], 2);
    assert_eq!(result["predicted_sla_max"], 5);
    assert_eq!(result["pickup_date"].as_str().unwrap().len(), 10);
}

#[tokio::test]
async fn one_courier_or_an_unserved_route_may_be_asked_about() {
    let running = Running::start().await;
    let mut of_one = route("380001");
    of_one["optional"] = json!({ "cp_id": 5 });
    let (_, answer) = running
        .post(PREDICT, &json!([of_one, route("000000")]))
        .await;
    assert_eq!(answer["result"][0]["all_map"], json!({ "5": [4, 5] }));
    assert_eq!(answer["result"][1]["all_map"], json!({}));
    assert_eq!(answer["result"][1]["min_sla_cp_id"], Value::Null);
}

#[tokio::test]
async fn a_wrong_request_or_one_without_the_service_is_refused() {
    let running = Running::start().await;
    for (wrong, code) in [
        (json!([]), 400),
        (route("380001"), 400),
        (json!([route("3800")]), 314),
        (json!([{ "drop_pincode": "380001" }]), 328),
    ] {
        let (_, answer) = running.post(PREDICT, &wrong).await;
        assert_eq!(answer["meta"]["status"], code, "{wrong}");
    }
    let refuse = json!([{ "call": "predictSla", "kind": "refuse" }]);
    running.set_faults(&refuse).await;
    let (http, answer) = running.post(PREDICT, &json!([route("380001")])).await;
    assert_eq!((http, &answer["meta"]["status"]), (401, &json!(320)));
}
