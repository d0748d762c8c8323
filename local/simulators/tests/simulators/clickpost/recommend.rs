//! Recommendations: a list for India, a single international object.

use serde_json::{Value, json};

use crate::clickpost::{Running, abroad, ask};

const IN_INDIA: &str = "/v1/recommendation_api/";
const ABROAD: &str = "/v2/recommendation/";

fn question(drop_pincode: &str, delivery_type: &str) -> Value {
    json!({
        "pickup_pincode": "560102", "drop_pincode": drop_pincode, "order_type": "PREPAID",
        "reference_number": "SHIP-1", "item": "Jeans", "invoice_value": 230.5,
        "delivery_type": delivery_type,
    })
}

fn ids(result: &Value, field: &str) -> Vec<i64> {
    let preferences = result["preference_array"].as_array().unwrap();
    preferences
        .iter()
        .map(|preference| preference[field].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn each_entry_of_the_list_gets_a_result() {
    let running = Running::start().await;
    let list = json!([question("380001", "FORWARD"), question("380001", "RVP")]);
    let (http, answer) = running.post(IN_INDIA, &list).await;
    assert_eq!((http, &answer["meta"]["status"]), (200, &json!(200)));
    let results = answer["result"].as_array().unwrap();
    assert_eq!(ids(&results[0], "cp_id"), [4, 5, 6, 55]);
    assert_eq!(ids(&results[0], "priority"), [1, 2, 3, 4]);
    assert_eq!(ids(&results[1], "cp_id"), [25, 6, 55]);
    assert_eq!(
        results[0]["preference_array"][0],
        json!({
            "cp_id": 4,
            "cp_name": "Delhivery",
            "courier_name": "Delhivery",
            "account_code": "delhivery-surface",
            "account_id": 70401,
            "priority": 1,
            "async": false,
            "shipping_charge": null,
            "scores_computation": {},
        })
    );
    assert_eq!(results[0]["preference_array"][3]["async"], true);
    assert_eq!(results[0]["pincode_serviceable"], true);
    assert!(results[0]["filters_ran"].is_object());
}

#[tokio::test]
async fn an_unserved_route_has_no_result() {
    let running = Running::start().await;
    let none = json!({
        "meta": { "success": true, "message": "Pin code not serviceable", "status": 200 },
    });
    let unserved = question("000000", "FORWARD");
    let answer = running.post(IN_INDIA, &json!([unserved])).await;
    assert_eq!(answer, (200, none.clone()));

    let list = json!([unserved, question("380001", "FORWARD")]);
    let (_, mixed) = running.post(IN_INDIA, &list).await;
    assert_eq!(mixed["result"][0]["preference_array"], json!([]));
    assert_eq!(mixed["result"][0]["pincode_serviceable"], false);
    assert_eq!(mixed["result"][1]["pincode_serviceable"], true);

    let mut order = abroad("INT-1");
    order["drop_info"]["postal_code"] = json!("000000");
    assert_eq!(running.post(ABROAD, &order).await, (200, none));
}

#[tokio::test]
async fn the_international_answer_has_other_names() {
    let running = Running::start().await;
    let mut question = abroad("INT-1");
    let details = question["shipment_details"].as_object_mut().unwrap();
    details.remove("courier_partner");
    let (http, answer) = running.post(ABROAD, &question).await;
    assert_eq!((http, &answer["meta"]["message"]), (200, &json!("Success")));
    assert_eq!(
        answer["result"]["preference_array"],
        json!([
            { "account_code": "naqel-gulf", "courier_partner_code": 138, "courier_partner_name": "Naqel", "priority": 1 },
            { "account_code": "dhl-world", "courier_partner_code": 164, "courier_partner_name": "DHL MPS", "priority": 2 },
        ])
    );
    let (_, list) = running.post(ABROAD, &json!([question])).await;
    assert_eq!(list["meta"]["status"], 314);
}

#[tokio::test]
async fn only_the_key_is_required() {
    let running = Running::start().await;
    let list = json!([question("380001", "FORWARD")]);
    for (key, status) in [("correct-horse", 200), ("other", 301)] {
        let url = format!("{}/clickpost/api{IN_INDIA}?key={key}", running.url);
        let (http, answer) = ask(running.client.post(url).json(&list)).await;
        assert_eq!((http, &answer["meta"]["status"]), (200, &json!(status)));
    }
}

#[tokio::test]
async fn an_invalid_request_is_refused() {
    let running = Running::start().await;
    for (field, wrong, status) in [
        ("order_type", json!("CASH"), 307),
        ("delivery_type", Value::Null, 309),
        ("drop_pincode", json!("38000"), 314),
        ("pickup_pincode", Value::Null, 328),
        ("item", Value::Null, 328),
        ("invoice_value", json!("much"), 314),
    ] {
        let mut entry = question("380001", "FORWARD");
        entry[field] = wrong;
        let list = json!([question("380001", "FORWARD"), entry]);
        let (http, answer) = running.post(IN_INDIA, &list).await;
        assert_eq!((http, &answer["meta"]["status"]), (200, &json!(status)));
        let message = answer["meta"]["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("[1].{field} ")), "{message}");
    }
    for no_list in [question("380001", "FORWARD"), json!([])] {
        let (_, answer) = running.post(IN_INDIA, &no_list).await;
        assert_eq!(answer["meta"]["status"], 400);
    }
}
